//! The overview: the head, the latest events and what they changed, what is disputed.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::visit::{View, Visit};
use super::{Sheet, answer, event, text};
use crate::Ledger;
use crate::event::{Body, Event};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{Direction, EventsWanted, Row};
use crate::stance::Status;

/// Events and claims that are shown.
const SHOWN: usize = 20;
/// Changes that are shown.
const CHANGES: usize = 10;

/// `/`.
pub(super) async fn show(State(desk): State<Desk>, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Short, visit, |ledger, visit| {
        let (view, asked) = (&visit.view, visit.view.asked()?);
        let wanted = EventsWanted { direction: Direction::NewestFirst, limit: Some(SHOWN), ..EventsWanted::default() };
        let latest = event::found(ledger, view, &wanted)?;
        let changes = changes(ledger, view, &latest)?;
        let latest = event::listed(ledger, view, &latest)?;
        let (disputed, has_more) = ledger.claims_part(Some(Status::Disputed), None, 0, SHOWN, &asked)?;
        let (status, known) = (ledger.status()?, ledger.stamp(&asked)?.known_at);
        let body = html! {
            h1 { "Who stands where" }
            p class="lead" {
                // What was the last then, the list of events says.
                @let last = status.recorded_at.as_deref().filter(|_| known >= status.head);
                @if known < status.head { (known) " of " } (text::number(status.events, "event", "events")) " recorded"
                @if let Some(at) = last { ", the last at " (text::instant(at)) } "."
            }
            div class="columns" {
                section { h2 { "Latest events" } (event::by_recording(view)) (latest) p class="more" { a href=(view.link("/events", &[])) { "All events" } } }
                section {
                    h2 { "Latest changes" } (changes)
                    h2 { "Disputed claims" }
                    @if disputed.is_empty() { p class="faint" { "None." } }
                    ul class="plain" {
                        @for claim in &disputed {
                            li { (text::status(claim.status)) " " a href=(view.link(&text::path(&["claims", &claim.claim]), &[])) { (text::said(&claim.text)) } }
                        }
                    }
                    @if has_more { p class="more" { a href=(view.link("/claims", &[("status", Status::Disputed.word())])) { "All disputed claims" } } }
                    h2 { "Look up" }
                    p { a href=(view.link("/entities", &[])) { "Entities" } " · " a href=(view.link("/actions", &[])) { "Actions" } }
                }
            }
        };
        Ok(Sheet { follows: vec!["/v1/events/stream".to_owned()], ..Sheet::of("Overview", body) })
    })
    .await
}

/// What the latest events changed when they were recorded, the last one first.
fn changes(ledger: &Ledger, view: &View, latest: &[(Row, Option<Event>)]) -> Result<Markup, Problem> {
    let rule = view.asked()?.rule;
    let mut moved = Vec::new();
    for (row, event) in latest {
        if moved.len() < CHANGES && event.as_ref().is_some_and(|event| concerns_few(ledger, event)) {
            moved.extend(ledger.moved_by(row.seq, rule)?.into_iter().map(|one| (row.seq, one)));
        }
    }
    moved.truncate(CHANGES);
    let slugs = moved.iter().flat_map(|(_, one)| [one.actor.as_str(), one.target.as_str()]);
    let names = ledger.called(slugs, &view.asked()?)?;
    Ok(html! {
        @if moved.is_empty() { p class="faint" { "The latest events changed no stance." } }
        ul class="plain rows changes" { @for (seq, one) in &moved {
            li { (text::actor(view, &one.actor, text::name(&names, &one.actor))) " on " (text::target(view, &one.target, text::name(&names, &one.target))) ": "
                (text::stance(one.from.stance)) " → " (text::why(view, &one.actor, &one.target, &text::stance(one.to.stance)))
                " " a class="seq" href=(view.link(&text::path(&["events", &seq.to_string()]), &[])) { "@" (seq) } }
        } }
    })
}

/// Whether an event concerns a few pairs at most: what a merge or a new meaning of a word changed, its own page tells.
fn concerns_few(ledger: &Ledger, event: &Event) -> bool {
    match &event.body {
        Body::Stance(_) => true,
        Body::Retract(it) => {
            let taken_back = ledger.event(&it.event.to_string()).ok().and_then(|row| row.event().ok().flatten());
            taken_back.is_some_and(|event| matches!(event.body, Body::Stance(_)))
        }
        Body::Claim(_) | Body::Verdict(_) | Body::Entity(_) | Body::Merge(_) | Body::Action(_) => false,
        Body::Vocabulary(_) | Body::Source(_) | Body::Erase(_) => false,
    }
}
