//! The review: weak spots of what is recorded, for an editor to look at.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::visit::Visit;
use super::{Sheet, answer, text};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::WeakSpot;

/// Items of each kind, and those of one kind on a page of its own.
const SHOWN: usize = 30;
const PAGE: usize = 200;

/// What the weak spots of a kind are.
fn heading(kind: WeakSpot) -> &'static str {
    match kind {
        WeakSpot::OneVoice => "Stances by words or deeds that one event decides",
        WeakSpot::OneVoiceClaim => "Claims on which one voice alone takes a side",
        WeakSpot::AmbiguousName => "Names that fit several entities",
        WeakSpot::UnknownOrder => "Stances that changed in an order that the dates leave open",
        WeakSpot::Unregistered => "Entities of no known kind",
        WeakSpot::UndefinedAction => "Words in use that no definition explains",
    }
}

/// `/review`: some weak spots of each kind, or a page of one kind.
pub(super) async fn show(State(desk): State<Desk>, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Long, visit, |ledger, visit| {
        let (view, asked) = (&visit.view, visit.view.asked()?);
        let only = match visit.get("kind") {
            Some(word) => Some(WeakSpot::from_word(word).ok_or_else(|| Problem::bad_field("kind", format!("`{word}` is no kind of weak spot")))?),
            None => None,
        };
        let begun = only.map_or(0, |_| visit.begun(PAGE));
        let mut parts = ledger.review(only.map_or(SHOWN, |_| begun + PAGE), &asked)?;
        parts.retain(|part| only.is_none_or(|only| part.kind == only));
        parts.iter_mut().for_each(|part| drop(part.items.drain(..begun.min(part.items.len()))));
        let of_claims = parts.iter().filter(|part| part.kind == WeakSpot::OneVoiceClaim).flat_map(|part| &part.items);
        let claims: Vec<String> = of_claims.flat_map(|item| &item.subject).map(|claim| text::as_target(claim)).collect();
        let subjects = parts.iter().flat_map(|part| &part.items).flat_map(|item| &item.subject).chain(&claims);
        let names = ledger.called(subjects.map(String::as_str), &asked)?;
        let body = html! {
            h1 { "Review" }
            @if only.is_some() { p class="more" { a href=(view.link("/review", &[])) { "All kinds of weak spots" } } }
            @for part in &parts { section {
                h2 { (heading(part.kind)) ": " (part.count) }
                ul class="plain rows" { @for item in &part.items {
                    li { @match (part.kind, &item.subject[..]) {
                        (WeakSpot::OneVoice | WeakSpot::UnknownOrder, [actor, target]) => (text::why(view, actor, target, &html! { (text::said(text::name(&names, actor))) " on " (text::said(text::name(&names, target))) })),
                        (WeakSpot::OneVoiceClaim, [claim, ..]) => (text::claim(view, &names, claim)),
                        (WeakSpot::Unregistered, [entity, ..]) => (text::actor(view, entity, text::name(&names, entity))),
                        (WeakSpot::AmbiguousName | WeakSpot::UndefinedAction | WeakSpot::OneVoice | WeakSpot::UnknownOrder | WeakSpot::OneVoiceClaim | WeakSpot::Unregistered, words) => (text::said(&words.join(", "))),
                    } }
                } }
                @let is_more = part.count > (begun + part.items.len()) as u64;
                @if only.is_some() { (text::more(visit.next(is_more))) }
                @else if is_more { p class="more" { a href=(view.link("/review", &[("kind", part.kind.word())])) { "All " (part.count) } } }
            } }
        };
        Ok(Sheet::of("Review", body))
    })
    .await
}
