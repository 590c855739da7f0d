//! `/v1/events/stream`: every event once, in order, from any seq on, then as they are stored.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use futures_util::stream;
use serde::Deserialize;
use utoipa::IntoParams;

use super::place::{Next, Place, resumed};
use crate::event::EventType;
use crate::http::access::Caller;
use crate::http::asking::Params;
use crate::http::problem::Problem;
use crate::http::shared::Desk;
use crate::ledger::Pattern;

/// Which events are followed.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Following {
    /// Begin behind this seq: 0 for the whole log. Unless given, with what is stored from now on.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// Only those that this actor did or had done on its behalf: slug, name or alias.
    actor: Option<String>,
    /// Only those toward this target, likewise.
    target: Option<String>,
    /// Only those of this type.
    #[serde(rename = "type")]
    #[param(inline, rename = "type")]
    event_type: Option<EventType>,
    /// Only those with this word.
    action: Option<String>,
}

/// Follow the log.
///
/// Server-sent events: `event` is the event's type, `id` its seq, `data` its JSON. A reader that comes back with `Last-Event-ID` goes on where
/// it was, without a gap and without seeing anything twice. A comment is sent where nothing happens for a while.
#[utoipa::path(
    get, path = "/v1/events/stream", tag = "events", params(Following, ("Last-Event-ID" = Option<String>, Header, description = "The last seq that was seen")),
    responses((status = 200, content_type = "text/event-stream", body = String), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn events(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Params(following): Params<Following>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let after = resumed(&headers, following.after)?;
    let Following { actor, target, event_type, action, .. } = following;
    let place = Place::open(desk, caller, Pattern { actor, target, event_type, action }, after).await?;
    Ok(Sse::new(stream::unfold(place, async |mut place| {
        loop {
            match place.next().await {
                Ok(Next::Event(sent, true)) => {
                    let word = sent.event.as_ref().map_or("erased", |event| event.body.event_type().word());
                    let event = Event::default().event(word).id(sent.seq.to_string()).data(&sent.json);
                    return Some((Ok::<_, std::convert::Infallible>(event), place));
                }
                Ok(Next::Event(_, false)) => {}
                Ok(Next::Silence) => return Some((Ok(Event::default().comment("")), place)),
                // The reader comes back with the last id that it has seen.
                Ok(Next::End) | Err(_) => return None,
            }
        }
    })))
}
