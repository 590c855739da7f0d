//! The audit: what the log's record is now, what a check of it came to, and how to check it for oneself.

use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::visit::Visit;
use super::{Sheet, answer, text};
use crate::http::access::Caller;
use crate::http::check::{self, Checked, Report};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{Role, Seq};

/// How long whoever asks for a check waits for it; then the page says how far it has come.
const PATIENCE: Duration = Duration::from_secs(2);

/// `/audit`.
pub(super) async fn show(State(desk): State<Desk>, mut visit: Visit) -> Result<Response, Problem> {
    let (key, checked) = (desk.key.clone(), desk.checks.last());
    visit.beside = checked.mark();
    answer(&desk, Lane::Short, visit, move |ledger, visit| {
        let status = ledger.status()?;
        let note = key.as_ref().map(|key| ledger.checkpoint(key)).transpose()?.map(|note| note.to_string());
        let body = html! {
            h1 { "Audit" }
            dl class="facts" {
                dt { "Events" } dd { (status.events) }
                dt { "Root of the tree" } dd { code { (status.root.as_deref().unwrap_or("none: a log of the first layout")) } }
                dt { "Erased" } dd { (status.erased) }
            }
            section { h2 { "Last check of the whole log" }
                (told(&checked, ledger.head()?))
                @if visit.role >= Some(Role::Append) { form method="post" action="/audit/verify" { button { "Check it now" } } }
                p class="faint" { "A check here reads every stored byte again: leaf hashes, tree, order, ids, erasures. It does not compare the tables that answers come from with the log; " code { "stancelog audit verify" } " does that, too." }
            }
            section { h2 { "Checkpoint" }
                @match &note {
                    Some(note) => pre tabindex="0" { (note) },
                    None => p { "This log has no signing key; " code { "stancelog audit key" } " makes one, and the server has to be started again." },
                }
            }
            section { h2 { "Check it for yourself" }
                p { "Whoever owns this machine and its key could write the log anew and have this page say the same. What counts is a checkpoint that has left the machine: keep one, and later check that the log has grown from it." }
                pre tabindex="0" { "stancelog audit checkpoint > kept-elsewhere.txt\nstancelog audit verify --trusted-checkpoint kept-elsewhere.txt\nstancelog audit prove ID" }
                p { "Monitors and witnesses read the same over HTTP: " a href="/v1/audit/checkpoint" { "checkpoint" } ", " a href="/docs" { "inclusion, consistency and tiles" } "." }
            }
        };
        Ok(Sheet::of("Audit", body))
    })
    .await
}

/// Has the whole log checked.
pub(super) async fn verify(State(desk): State<Desk>, Extension(caller): Extension<Caller>) -> Result<Response, Problem> {
    caller.must_be(Role::Append)?;
    let under_way = tokio::spawn(check::run(desk));
    if let Ok(Ok(ended)) = tokio::time::timeout(PATIENCE, under_way).await {
        ended?;
    }
    Ok(Redirect::to("/audit").into_response())
}

/// What is known of the last check.
fn told(checked: &Checked, head: Seq) -> Markup {
    match checked {
        Checked::Never => html! { p { "Nobody has asked for one since this server began." } },
        Checked::UnderWay { begun_at, reached } => {
            html! { p role="status" { "Under way since " (moment(begun_at)) ", by now at event " (reached) " of " (head) ". " a href="/audit" { "Look again" } } }
        }
        Checked::Failed { begun_at, said } => {
            html! { p role="status" { "The one of " (moment(begun_at)) " could not be carried through: " (text::said(said)) } }
        }
        Checked::Done(report) => ended(report, head),
    }
}

fn ended(report: &Report, head: Seq) -> Markup {
    let verified = &report.verified;
    let later = head.0.saturating_sub(verified.events);
    html! {
        p role="status" {
            @if verified.findings == 0 { b { "Nothing was found. " } } @else { b { (text::number(verified.findings, "thing was found. ", "things were found. ")) } }
            @if verified.events == 0 { "A log without events was" } @else { "Events 1 to " (verified.events) " were" } " checked on " (moment(&report.begun_at)) ", in " (report.took_ms) " ms."
            @if verified.erased > 0 { " The content of " (verified.erased) " was erased, with a record of why." }
            @match report.grown {
                Some((size, true)) => { " The log has grown from the " (size) " events of the check before." },
                Some((size, false)) => { " " b { "The log has not grown from the " (size) " events of the check before: they were written anew." } },
                None => {},
            }
            @if later > 0 { " " (text::number(later, "later event is", "later events are")) " not checked yet." }
        }
        @if let Some(tree) = &verified.tree { p { "Root over these " (tree.size) ": " code { (tree.root) } } }
        @if !report.findings.is_empty() {
            ul class="plain rows" { @for finding in &report.findings {
                li { span class="mark" { (finding.kind) } " " @match finding.seq { Some(seq) => { "event " (seq) }, None => (text::said(&finding.table)) }
                    ": expected " (text::said(&finding.expected)) "; found " (text::said(&finding.found)) }
            } }
        }
    }
}

/// A point in time, to the second.
fn moment(at: &str) -> Markup {
    html! { span class="date" { (at.get(..19).unwrap_or(at)) "Z" } }
}
