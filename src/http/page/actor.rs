//! An actor: where it stands on what, what it did, what others say it did.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::visit::{View, Visit};
use super::{Sheet, answer, text};
use crate::http::asking::Named;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{AllegedItem, Answer, EntityItem, FlipsWanted, HistoryItem, StancesWanted};

/// Stances and events on one page.
pub(super) const SHOWN: usize = 50;

/// `/actors/{name}`.
pub(super) async fn show(State(desk): State<Desk>, Named(name): Named, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Short, visit, move |ledger, visit| {
        let (view, asked) = (&visit.view, visit.view.asked()?);
        let entity = ledger.entity(&name, &asked)?;
        let slug = entity.as_ref().map_or(name.as_str(), |entity| entity.entity.as_str());
        let title = entity.as_ref().map_or(slug, |entity| entity.name.as_str());
        let after = visit.get("after").map(|target| (slug.to_owned(), target.to_owned()));
        let wanted = StancesWanted { actor: Some(&name), after, limit: SHOWN, ..StancesWanted::default() };
        let (stances, is_more) = ledger.stances_page(&wanted, &asked)?;
        let next = stances.last().filter(|_| is_more).map(|last| visit.with("after", &last.target));
        let (lines, has_older) = ledger.timeline(&name, visit.begun(SHOWN), SHOWN, &asked)?;
        let flips = ledger.flips(&FlipsWanted { actor: Some(&name), ..FlipsWanted::default() }, &asked)?;
        let alleged = ledger.alleged(&name, &asked)?;
        let role = ledger.title(&name, &asked)?;
        let named = flips.iter().take(SHOWN).map(|flip| flip.target.as_str()).chain(lines.iter().flat_map(slugs_in));
        let others = alleged.iter().take(SHOWN).flat_map(|one| [&one.target].into_iter().chain(&one.alleged_by).chain(&one.denied_by));
        let names = ledger.called(named.chain(others.map(String::as_str)), &asked)?;
        let body = html! {
            h1 { (text::said(title)) }
            p class="lead" { @if let Some(role) = &role { (text::said(role)) " · " } "as an actor · "
                a href=(view.link(&text::path(&["targets", slug]), &[])) { "as a target" } }
            @if let Some(entity) = &entity { (about(entity)) }
            section { h2 { "Stances" } (table(visit, &stances, Shown::Targets)) (text::more(next)) }
            @if !flips.is_empty() {
                section { h2 { "Flips" } ul class="plain" {
                    @for flip in flips.iter().take(SHOWN) {
                        li { (text::date(Some(&flip.at))) " " (text::stance(flip.from)) " → " (text::stance(flip.to)) " on "
                            (text::why(view, &flip.actor, &flip.target, &text::said(text::name(&names, &flip.target))))
                            " (" (flip.grade.word()) @if !flip.confirmed { ", a candidate" } ")" }
                    }
                } }
            }
            section { h2 { "Timeline" } p class="faint" { "By when it happened, the latest first." }
                @if lines.is_empty() { p class="faint" { "Nothing is recorded that had happened by then." } }
                ol class="plain rows events" { @for one in &lines { li { (line(view, one, &names)) } } }
                (text::more(visit.next(has_older)))
                p class="more" { a href=(view.link("/events", &[("actor", slug)])) { "All its events, by when they were recorded" } }
            }
            @if !alleged.is_empty() {
                section { h2 { "Said to have done" } p class="faint" { "What claims allege never counts toward a stance." }
                    ul class="plain rows" { @for one in alleged.iter().take(SHOWN) { li { (said_of(view, one, &names)) } } }
                    @if alleged.len() > SHOWN { p class="more" { a href=(view.link("/claims", &[("actor", slug)])) { "All claims that concern it" } } }
                }
            }
        };
        Ok(Sheet { follows: Some(view.link("/v1/stances/stream", &[("actor", slug)])), ..Sheet::of(title, body) })
    })
    .await
}

/// The slugs that a line of a timeline names.
fn slugs_in(item: &HistoryItem) -> Vec<&str> {
    match item {
        HistoryItem::Event(act) => {
            [Some(act.target.as_str()), act.spoken_by.as_deref(), act.through.as_deref()].into_iter().flatten().collect()
        }
        HistoryItem::Change(change) => vec![change.target.as_str()],
        HistoryItem::Speech(speech) => speech.spoken_by.as_deref().into_iter().collect(),
        HistoryItem::Alleged(alleged) => vec![alleged.target.as_str()],
    }
}

/// One line of a timeline.
fn line(view: &View, item: &HistoryItem, names: &text::Names<'_>) -> Markup {
    let spoken = |by: &Option<String>| html! { @if let Some(by) = by { " spoken by " (text::actor(view, by, text::name(names, by))) } };
    let number = |seq: i64| html! { " " a class="seq" href=(view.link(&text::path(&["events", &seq.to_string()]), &[])) { "@" (seq) } };
    match item {
        HistoryItem::Event(act) => html! {
            (text::date(Some(&act.occurred))) " " b { (text::said(&act.action)) } " " (text::target(view, &act.target, text::name(names, &act.target))) " " (text::basis(Some(act.tier)))
            (spoken(&act.spoken_by)) @if let Some(through) = &act.through { " through " (text::target(view, through, text::name(names, through))) } (number(act.seq))
        },
        HistoryItem::Change(change) => html! {
            (text::date(Some(&change.at))) " " (text::stance(change.from)) " → " (text::why(view, &change.actor, &change.target, &text::stance(change.to))) " on " (text::target(view, &change.target, text::name(names, &change.target)))
            @if let Some(grade) = change.flip { " " span class="mark" { (grade.word()) " flip" @if change.confirmed != Some(true) { ", a candidate" } } }
            @if change.order.word() == "unknown" { " " span class="mark" { "order unknown" } }
        },
        HistoryItem::Speech(speech) => html! {
            (text::date(Some(&speech.occurred))) " " b { (speech.speech.word()) } " the claim " a href=(view.link(&text::path(&["claims", &speech.claim]), &[])) { (text::said(&speech.claim)) } (spoken(&speech.spoken_by)) (number(speech.seq))
        },
        HistoryItem::Alleged(one) => said_of(view, one, names),
    }
}

/// What a claim says that the actor did.
fn said_of(view: &View, one: &AllegedItem, names: &text::Names<'_>) -> Markup {
    let who = |slugs: &[String]| html! { @for (n, slug) in slugs.iter().enumerate() { @if n > 0 { ", " } (text::actor(view, slug, text::name(names, slug))) } };
    html! {
        (text::status(one.status)) " alleged: " @if let Some(at) = &one.occurred { (text::date(Some(at))) " " }
        b { (text::said(&one.action)) } " " (text::target(view, &one.target, text::name(names, &one.target))) " – "
        a href=(view.link(&text::path(&["claims", &one.claim]), &[])) { "claim " (text::said(&one.claim)) }
        @if !one.alleged_by.is_empty() { ", said by " (who(&one.alleged_by)) }
        @if !one.denied_by.is_empty() { ", denied by " (who(&one.denied_by)) }
    }
}

/// What is registered of an entity.
pub(super) fn about(entity: &EntityItem) -> Markup {
    html! {
        p class="faint" { (entity.kind.word()) @if !entity.aliases.is_empty() { "; also " @for (n, alias) in entity.aliases.iter().enumerate() { @if n > 0 { ", " } (text::said(alias)) } } }
        @if !entity.roles.is_empty() {
            ul class="plain roles" { @for role in &entity.roles {
                li { (text::said(&role.title)) " " span class="date" { (role.from.as_ref().map(ToString::to_string).unwrap_or_default()) "–" (role.to.as_ref().map(ToString::to_string).unwrap_or_default()) } }
            } }
        }
    }
}

/// Which side of the pairs a table lists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Targets,
    Actors,
}

/// Stances as a table.
pub(super) fn table(visit: &Visit, stances: &[Answer], shown: Shown) -> Markup {
    let view = &visit.view;
    if stances.is_empty() {
        return html! { p class="faint" { "Nothing is recorded that tells." } };
    }
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Stances" { table {
            thead { tr { th scope="col" { @if shown == Shown::Targets { "Target" } @else { "Actor" } } th scope="col" { "Stance" } th scope="col" { "Basis" } th scope="col" { "Since" } th scope="col" { "Events" } th scope="col" { "Marks" } } }
            tbody { @for one in stances { tr {
                th scope="row" { @if shown == Shown::Targets { (text::target(view, &one.target, &one.target_name)) } @else { (text::actor(view, &one.actor, &one.actor_name)) } }
                td { (text::why(view, &one.actor, &one.target, &text::stance(one.stance))) }
                td { (text::basis(one.basis)) }
                td { (text::date(one.since.as_deref())) @if !one.certain { " " span class="mark" { "uncertain" } } }
                td class="number" { (one.events) }
                td { @if one.gap { span class="mark" { "gap" } " " } @if one.flips > 0 { span class="mark" { (one.flips) " flips" } } }
            } } }
        } }
    }
}
