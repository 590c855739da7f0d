//! Flips and gaps: who changed sides, and where words and deeds part.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::visit::Visit;
use super::{Sheet, answer, frame, text};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::FlipsWanted;

/// Items on one page.
const SHOWN: usize = 100;

/// `/flips`.
pub(super) async fn flips(State(desk): State<Desk>, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Long, visit, |ledger, visit| {
        let (view, asked) = (&visit.view, visit.view.asked()?);
        let (actor, target, from, to) = (visit.get("actor"), visit.get("target"), visit.get("from"), visit.get("to"));
        let confirmed = visit.get("confirmed").is_some_and(|word| word == "yes" || word == "true");
        let wanted = FlipsWanted { actor, target, from, to, confirmed };
        let begun = visit.begun(SHOWN);
        let (page, count) = ledger.flips_part(&wanted, begun, SHOWN, &asked)?;
        let next = visit.next(count > begun + SHOWN);
        let names = ledger.called(page.iter().flat_map(|flip| [flip.actor.as_str(), flip.target.as_str()]), &asked)?;
        let body = html! {
            h1 { "Flips" }
            form class="asks" action="/flips" {
                label { "Actor " input name="actor" value=[actor]; }
                label { "Target " input name="target" value=[target]; }
                label { "On this day or later " input name="from" value=[from]; }
                label { "On this day or earlier " input name="to" value=[to]; }
                label { input type="checkbox" name="confirmed" value="yes" checked[confirmed]; " confirmed only" }
                (frame::kept(visit))
                button { "Find" }
            }
            p class="lead" { (text::number(count, "flip", "flips")) ": a declared or an enacted stance changed." }
            p class="faint" { "Full: from favor to against or back, past what lay between. Half: to or from mixed, abstain or neutral. Confirmed: taken on two days, or by a formal act." }
            @if !page.is_empty() { div class="scroll" tabindex="0" role="region" aria-label="Flips" { table {
                thead { tr { th scope="col" { "Actor" } th scope="col" { "Target" } th scope="col" { "On" } th scope="col" { "Before" } th scope="col" { "After" } th scope="col" { "Basis" } th scope="col" { "Grade" } } }
                tbody { @for flip in &page { tr {
                    th scope="row" { (text::actor(view, &flip.actor, text::name(&names, &flip.actor))) }
                    td data-label="on" { (text::target(view, &flip.target, text::name(&names, &flip.target))) }
                    td { (text::date(Some(&flip.at))) }
                    td data-label="before" { (text::stance(flip.from)) }
                    td data-label="after" { (text::why(view, &flip.actor, &flip.target, &text::stance(flip.to))) }
                    td { (text::basis(Some(flip.basis))) }
                    td { (flip.grade.word()) @if !flip.confirmed { ", not confirmed" } }
                } } }
            } } }
            (text::more(next))
        };
        Ok(Sheet::of("Flips", body))
    })
    .await
}

/// `/gaps`.
pub(super) async fn gaps(State(desk): State<Desk>, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Long, visit, |ledger, visit| {
        let (view, asked) = (&visit.view, visit.view.asked()?);
        let (actor, target) = (visit.get("actor"), visit.get("target"));
        let found = ledger.gaps(actor, target, &asked)?;
        let (page, next) = visit.part(&found, SHOWN);
        let names = ledger.called(page.iter().flat_map(|gap| [gap.actor.as_str(), gap.target.as_str()]), &asked)?;
        let body = html! {
            h1 { "Gaps" }
            form class="asks" action="/gaps" {
                label { "Actor " input name="actor" value=[actor]; }
                label { "Target " input name="target" value=[target]; }
                (frame::kept(visit))
                button { "Find" }
            }
            p class="lead" { (text::number(found.len(), "pair", "pairs")) " where words are on one side and deeds on the other." }
            @if !page.is_empty() { div class="scroll" tabindex="0" role="region" aria-label="Gaps" { table {
                thead { tr { th scope="col" { "Actor" } th scope="col" { "Target" } th scope="col" { "Words" } th scope="col" { "Last words" } th scope="col" { "Deeds" } th scope="col" { "Last deeds" } } }
                tbody { @for gap in page { tr {
                    th scope="row" { (text::actor(view, &gap.actor, text::name(&names, &gap.actor))) }
                    td data-label="on" { (text::why(view, &gap.actor, &gap.target, &text::said(text::name(&names, &gap.target)))) }
                    td data-label="words" { (text::stance(gap.declared)) } td data-label="last" { (text::date(Some(&gap.declared_last))) }
                    td data-label="deeds" { (text::stance(gap.enacted)) } td data-label="last" { (text::date(Some(&gap.enacted_last))) }
                } } }
            } } }
            (text::more(next))
        };
        Ok(Sheet::of("Gaps", body))
    })
    .await
}
