//! The rows of Parquet files: events, stances, changes and claims, with the names and types of their columns.

use arrow_schema::{DataType, Field};
use serde::Serialize;

use super::column::{Columnar, TEXT, given, instant, list, maybe, records};
use crate::event::{Body, Event, EventId, Micros, Tier};
use crate::log::{self, Row};
use crate::query::{Answer, ChangeItem, ClaimItem};

/// An event: what stance events say column by column, and every event whole, as JSON, in the last.
#[derive(Serialize, Debug)]
pub struct EventRow {
    seq: i64,
    id: EventId,
    recorded_at: i64,
    #[serde(rename = "type")]
    event_type: String,
    actor: Option<String>,
    action: Option<String>,
    target: Option<String>,
    occurred: Option<String>,
    earliest: Option<i64>,
    latest: Option<i64>,
    on_behalf_of: Vec<String>,
    place: Option<String>,
    times: Option<u32>,
    confidence: Option<f64>,
    note: Option<String>,
    replaces: Option<EventId>,
    recorded_by: Option<String>,
    event: Option<String>,
}

impl EventRow {
    /// A recorded event.
    ///
    /// # Errors
    /// [`log::Error::Damaged`] when the body is no event.
    pub fn of(row: &Row) -> Result<Self, log::Error> {
        let event = row.event()?;
        let (seq, id, recorded_at) = (row.seq.0, row.id, row.recorded_at.0);
        let event_type = event.as_ref().map_or("erased".to_owned(), |event| event.body.event_type().to_string());
        let text = event.as_ref().and(row.body.clone());
        let (body, common) = event.map(|Event { body, common, .. }| (body, common)).unzip();
        let common = common.unwrap_or_default();
        let stance = match body {
            Some(Body::Stance(stance)) => Some(stance),
            Some(Body::Claim(_) | Body::Verdict(_) | Body::Entity(_) | Body::Merge(_) | Body::Action(_)) | None => None,
            Some(Body::Vocabulary(_) | Body::Source(_) | Body::Retract(_) | Body::Erase(_)) => None,
        };
        let bound = |at: Micros| Some(at.0).filter(|_| at != Micros::MIN && at != Micros::MAX);
        Ok(Self {
            seq,
            id,
            recorded_at,
            event_type,
            actor: stance.as_ref().map(|stance| stance.actor.clone()),
            action: stance.as_ref().map(|stance| stance.action.clone()),
            target: stance.as_ref().map(|stance| stance.target.clone()),
            occurred: stance.as_ref().map(|stance| stance.occurred.to_string()),
            earliest: stance.as_ref().and_then(|stance| bound(stance.occurred.earliest())),
            latest: stance.as_ref().and_then(|stance| bound(stance.occurred.latest())),
            on_behalf_of: stance.as_ref().map(|stance| stance.on_behalf_of.clone()).unwrap_or_default(),
            place: stance.as_ref().and_then(|stance| stance.place.clone()),
            times: stance.as_ref().and_then(|stance| stance.times),
            confidence: stance.as_ref().and_then(|stance| stance.confidence),
            note: common.note,
            replaces: common.replaces,
            recorded_by: common.recorded_by,
            event: text,
        })
    }
}

impl Columnar for EventRow {
    fn columns() -> Vec<Field> {
        vec![
            given("seq", DataType::Int64),
            given("id", TEXT),
            given("recorded_at", instant()),
            given("type", TEXT),
            maybe("actor", TEXT),
            maybe("action", TEXT),
            maybe("target", TEXT),
            maybe("occurred", TEXT),
            maybe("earliest", instant()),
            maybe("latest", instant()),
            given("on_behalf_of", list(TEXT)),
            maybe("place", TEXT),
            maybe("times", DataType::UInt32),
            maybe("confidence", DataType::Float64),
            maybe("note", TEXT),
            maybe("replaces", TEXT),
            maybe("recorded_by", TEXT),
            maybe("event", TEXT),
        ]
    }
}

/// A stance: the answer, with names, and the number of its counting events.
#[derive(Serialize, Debug)]
pub struct StanceRow<'a> {
    actor_name: &'a str,
    target_name: &'a str,
    events: u64,
    #[serde(flatten)]
    answer: &'a Answer,
}

impl<'a> StanceRow<'a> {
    /// An answer.
    pub fn of(answer: &'a Answer) -> Self {
        Self { actor_name: &answer.actor_name, target_name: &answer.target_name, events: answer.events, answer }
    }
}

impl Columnar for StanceRow<'_> {
    fn columns() -> Vec<Field> {
        let counts = Tier::ALL.iter().map(|tier| given(&tier.to_string(), DataType::UInt64)).collect::<Vec<_>>();
        vec![
            given("actor", TEXT),
            given("actor_name", TEXT),
            given("target", TEXT),
            given("target_name", TEXT),
            given("stance", TEXT),
            maybe("basis", TEXT),
            given("rule", TEXT),
            maybe("since", TEXT),
            maybe("last", TEXT),
            given("certain", DataType::Boolean),
            given("gap", DataType::Boolean),
            given("flips", DataType::UInt32),
            given("events", DataType::UInt64),
            given("decided_by", list(TEXT)),
            given("counts", DataType::Struct(counts.into())),
            given("voices", DataType::UInt64),
            given("erased", DataType::UInt64),
        ]
    }
}

impl Columnar for ChangeItem {
    fn columns() -> Vec<Field> {
        vec![
            given("actor", TEXT),
            given("target", TEXT),
            given("at", TEXT),
            given("from", TEXT),
            given("to", TEXT),
            maybe("basis", TEXT),
            given("order", TEXT),
            maybe("flip", TEXT),
            maybe("confirmed", DataType::Boolean),
            given("events", list(TEXT)),
        ]
    }
}

impl Columnar for ClaimItem {
    fn columns() -> Vec<Field> {
        let about = vec![given("actor", TEXT), given("action", TEXT), given("target", TEXT), maybe("occurred", TEXT)];
        let voice = vec![given("actors", list(TEXT)), given("stands_by", DataType::Boolean), given("denies", DataType::Boolean)];
        let holding =
            vec![given("actor", TEXT), given("speech", TEXT), given("occurred", TEXT), given("event", TEXT), maybe("spoken_by", TEXT)];
        let verdict = vec![
            given("reviewer", TEXT),
            given("label", TEXT),
            given("rating", TEXT),
            maybe("url", TEXT),
            maybe("published", TEXT),
            given("event", TEXT),
        ];
        let relation = vec![given("kind", TEXT), given("claim", TEXT), given("reverse", DataType::Boolean)];
        vec![
            given("claim", TEXT),
            given("text", TEXT),
            given("status", TEXT),
            given("voices", records(voice)),
            given("holdings", records(holding)),
            given("questioned_by", list(TEXT)),
            given("withdrawn_by", list(TEXT)),
            maybe("about", DataType::Struct(about.into())),
            given("verdicts", records(verdict)),
            given("relations", records(relation)),
            given("defined_by", list(TEXT)),
        ]
    }
}
