//! The overview: the head, the latest events, what is disputed.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::visit::Visit;
use super::{Sheet, answer, event, text};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{Direction, EventsWanted};
use crate::stance::Status;

/// Events and claims that are shown.
const SHOWN: usize = 20;

/// `/`.
pub(super) async fn show(State(desk): State<Desk>, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Short, visit, |ledger, visit| {
        let (view, asked) = (&visit.view, visit.view.asked()?);
        let wanted = EventsWanted { direction: Direction::NewestFirst, limit: Some(SHOWN), ..EventsWanted::default() };
        let latest = event::rows(ledger, view, &wanted)?;
        let disputed = ledger.claims(Some(Status::Disputed), None, &asked)?;
        let (status, known) = (ledger.status()?, ledger.stamp(&asked)?.known_at);
        let body = html! {
            h1 { "Who stands where" }
            p class="lead" {
                @if known < status.head { (known) " of " } (status.events) " events recorded"
                @if let Some(at) = &status.recorded_at { ", the last at " span class="date" { (at.get(..19).unwrap_or(at)) } } "."
            }
            div class="columns" {
                section { h2 { "Latest events" } (event::by_recording(view)) (latest) p class="more" { a href=(view.link("/events", &[])) { "All events" } } }
                section {
                    h2 { "Disputed claims" }
                    @if disputed.is_empty() { p class="faint" { "None." } }
                    ul class="plain" {
                        @for claim in disputed.iter().take(SHOWN) {
                            li { (text::status(claim.status)) " " a href=(view.link(&text::path(&["claims", &claim.claim]), &[])) { (text::said(&claim.text)) } }
                        }
                    }
                    h2 { "Look up" }
                    p { a href=(view.link("/entities", &[])) { "Entities" } " · " a href=(view.link("/actions", &[])) { "Actions" } }
                }
            }
        };
        Ok(Sheet { follows: vec!["/v1/events/stream".to_owned()], ..Sheet::of("Overview", body) })
    })
    .await
}
