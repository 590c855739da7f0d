//! Looking things up: search, entities, the vocabulary.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::visit::Visit;
use super::{Sheet, answer, frame, text};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::Hit;

/// Items on one page.
const SHOWN: usize = 50;

/// `/search`.
pub(super) async fn show(State(desk): State<Desk>, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Short, visit, |ledger, visit| {
        let view = &visit.view;
        let asked = visit.get("q").unwrap_or_default();
        let found = ledger.search(asked, SHOWN + 1, &view.asked()?)?;
        let hits = &found[..found.len().min(SHOWN)];
        let body = html! {
            h1 { @if asked.is_empty() { "Search" } @else { "Search: " (text::said(asked)) } }
            @if asked.is_empty() { p { "Write some words into the field on top: of names, claims or notes." } }
            @else if hits.is_empty() { p { "Nothing has all these words. " a href=(view.link("/entities", &[("q", asked)])) { "Look among parts of names" } } }
            ul class="plain rows" { @for hit in hits { li { @match hit {
                Hit::Entity { entity, name } => { span class="tier" { "entity" } " " (text::actor(view, entity, name)) " · " a href=(view.link(&text::path(&["targets", entity]), &[])) { "as a target" } },
                Hit::Claim { claim, text: words } => { span class="tier" { "claim" } " " a href=(view.link(&text::path(&["claims", claim]), &[])) { (text::said(words)) } },
                Hit::Event { seq, note, .. } => { span class="tier" { "event" } " " a href=(view.link(&text::path(&["events", &seq.to_string()]), &[])) { "@" (seq) } " " (text::said(note)) },
            } } } }
            @if found.len() > SHOWN { p class="faint" { "There are more than these " (SHOWN) "; add words to find fewer." } }
        };
        Ok(Sheet::of("Search", body))
    })
    .await
}

/// `/entities`.
pub(super) async fn entities(State(desk): State<Desk>, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Short, visit, |ledger, visit| {
        let view = &visit.view;
        let mut page = ledger.entities_part(visit.get("q"), visit.begun(SHOWN), SHOWN + 1, &view.asked()?)?;
        let next = visit.next(page.len() > SHOWN);
        page.truncate(SHOWN);
        let body = html! {
            h1 { "Entities" }
            form class="asks" action="/entities" { label { "Part of a name " input name="q" value=[visit.get("q")]; } (frame::kept(visit)) button { "Find" } }
            ul class="plain rows" { @for one in &page {
                li { (text::actor(view, &one.entity, &one.name)) " " span class="tier" { (one.kind.word()) } " · " a href=(view.link(&text::path(&["targets", &one.entity]), &[])) { "as a target" } }
            } }
            (text::more(next))
        };
        Ok(Sheet::of("Entities", body))
    })
    .await
}

/// `/actions`.
pub(super) async fn actions(State(desk): State<Desk>, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Short, visit, |ledger, visit| {
        let found = ledger.actions(visit.get("q"), &visit.view.asked()?)?;
        let (page, next) = visit.part(&found, SHOWN);
        let body = html! {
            h1 { "Actions" }
            form class="asks" action="/actions" { label { "Part of a word " input name="q" value=[visit.get("q")]; } (frame::kept(visit)) button { "Find" } }
            div class="scroll" tabindex="0" role="region" aria-label="Actions" { table {
                thead { tr { th scope="col" { "Word" } th scope="col" { "Reads" } th scope="col" { "Tier" } th scope="col" { "Side" } th scope="col" { "Toward a claim" } } }
                tbody { @for one in page { tr {
                    th scope="row" { (text::said(&one.action)) } td data-label="reads" { (text::said(&one.label)) @if one.formal { " " span class="mark" { "formal" } } }
                    td { @if one.tier.is_some() { (text::basis(one.tier)) } } td { @if let Some(side) = one.side { (side.word()) } } td data-label=[one.speech.map(|_| "toward a claim")] { @if let Some(speech) = one.speech { (speech.word()) } }
                } } }
            } }
            (text::more(next))
        };
        Ok(Sheet::of("Actions", body))
    })
    .await
}
