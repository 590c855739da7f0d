//! Reading the log: events by their parts, and one by its id or seq.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::EventItem;
use crate::event::EventType;
use crate::http::asking::{Named, Params, Wanted, Wants, question};
use crate::http::cursor::{After, Cursor};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::respond::{Many, One, Part, many, one};
use crate::http::shared::Desk;
use crate::ledger::{Asked, Direction, EventsWanted, Seq};

/// In which order events are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::http) enum Order {
    /// In the order of the log.
    #[default]
    Oldest,
    /// The last one first.
    Newest,
}

/// Bytes of events after which a page ends.
const PAGE_BYTES: usize = 4 << 20;

question! {
    /// Which events are asked for.
    Events {
        /// Only those that this actor did or had done on its behalf: slug, name or alias.
        actor: Option<String>,
        /// Only those toward this target, likewise; a claim is written `claim:SLUG`.
        target: Option<String>,
        /// Only those of this type.
        #[serde(rename = "type")]
        #[param(inline, rename = "type")]
        event_type: Option<EventType>,
        /// Only those with this word.
        action: Option<String>,
        /// Only those behind this seq.
        #[param(minimum = 0)]
        after: Option<i64>,
        /// Only those before this seq.
        #[param(minimum = 0)]
        before: Option<i64>,
        /// `oldest` first (the default) or `newest`.
        #[param(inline)]
        order: Option<Order>,
    }
}

/// The events of the log, in its order.
#[utoipa::path(
    get, path = "/v1/events", tag = "events", params(Events),
    responses((status = 200, body = Many<EventItem>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn list(State(desk): State<Desk>, Params(asks): Params<Events>, wants: Wants) -> Result<Response, Problem> {
    let Events { actor, target, event_type, action, after, before, order, .. } = asks.clone();
    for (field, seq) in [("after", after), ("before", before)] {
        if seq.is_some_and(|seq| seq < 0) {
            return Err(Problem::bad_field(field, "a seq is 0 or more"));
        }
    }
    many(&desk, Lane::Short, wants, &asks, move |ledger, wanted: &Wanted| {
        let reached = match &wanted.cursor {
            Some(Cursor { after: After::Seq(seq), .. }) => Some(*seq),
            Some(Cursor { after: After::Items(_) | After::Pair(..), .. }) | None => None,
        };
        let (direction, after, before) = match order.unwrap_or_default() {
            Order::Oldest => (Direction::OldestFirst, reached.or(after), before),
            Order::Newest => (Direction::NewestFirst, after, reached.or(before)),
        };
        let filter = EventsWanted {
            actor: actor.as_deref(),
            target: target.as_deref(),
            event_type,
            action: action.as_deref(),
            after: after.map(Seq),
            before: before.map(Seq),
            direction,
            limit: Some(wanted.limit + 1),
        };
        let (mut items, mut seqs) = (Vec::new(), Vec::new());
        let (mut bytes, mut is_more) = (0, false);
        ledger.events(&filter, &wanted.asked, |row| {
            // A page that would be too large ends before it is, and the next goes on there.
            is_more = is_more || items.len() == wanted.limit || bytes > PAGE_BYTES;
            if !is_more {
                bytes += row.body.as_ref().map_or(0, String::len);
                seqs.push(row.seq.0);
                items.push(EventItem::read(row)?);
            }
            Ok(())
        })?;
        let last = seqs.last().copied();
        Ok(Part { items, next: last.filter(|_| is_more).map(After::Seq) })
    })
    .await
}

/// One event, by its id, a unique beginning of it, or its seq.
#[utoipa::path(
    get, path = "/v1/events/{id}", tag = "events", params(("id" = String, Path, description = "Id, unique beginning of an id, or seq")),
    responses((status = 200, body = One<EventItem>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn show(State(desk): State<Desk>, Named(id): Named, wants: Wants) -> Result<Response, Problem> {
    one(&desk, Lane::Short, wants, Asked::default(), move |ledger, _| EventItem::read(ledger.event(&id)?)).await
}
