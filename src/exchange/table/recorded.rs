//! Events as they are stored, written out for other programs: JSON that can be appended again, and rows.

use std::borrow::Cow;

use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::{Tabular, or_empty};
use crate::event::{Body, Event, EventId, Micros, recorded_schema};
use crate::log::{self, Row, Seq};

/// A recorded event as one JSON object: seq, id, time of recording, then its own fields.
pub fn recorded_json(row: &Row) -> String {
    let fields = fields(row.body.as_deref().unwrap_or("{\"type\":\"erased\"}"));
    format!("{{\"seq\":{},\"id\":\"{}\",\"recorded_at\":\"{}\",{fields}", row.seq, row.id, row.recorded_at)
}

/// An event that is not recorded yet as one JSON object: the seq and id that it would have, then its own fields.
pub fn planned_json(seq: Seq, id: EventId, body: &str) -> String {
    format!("{{\"seq\":{seq},\"id\":\"{id}\",{}", fields(body))
}

/// What stands in an object behind its brace.
fn fields(body: &str) -> &str {
    body.strip_prefix('{').unwrap_or(body)
}

/// A recorded event, read.
#[derive(Clone, PartialEq, Debug)]
pub struct Recorded<'a> {
    /// As it is stored.
    pub row: &'a Row,
    /// What it says; nothing once its content was erased.
    pub event: Option<Event>,
}

impl<'a> Recorded<'a> {
    /// Reads what is stored.
    ///
    /// # Errors
    /// [`log::Error::Damaged`] when the body is no event.
    pub fn read(row: &'a Row) -> Result<Self, log::Error> {
        Ok(Self { row, event: row.event()? })
    }
}

impl PartialSchema for Recorded<'_> {
    fn schema() -> RefOr<Schema> {
        recorded_schema()
    }
}

/// As [`recorded_json`] writes it.
impl ToSchema for Recorded<'_> {
    fn name() -> Cow<'static, str> {
        "RecordedEvent".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.extend([(EventId::name().into(), EventId::schema()), (Micros::name().into(), Micros::schema())]);
    }
}

impl Tabular for Recorded<'_> {
    const COLUMNS: &'static [&'static str] = &["seq", "id", "recorded_at", "type", "actor", "action", "target", "occurred", "note"];

    fn rows(&self) -> Vec<Vec<String>> {
        let Row { seq, id, recorded_at, .. } = self.row;
        let mut cells = vec![seq.to_string(), id.to_string(), recorded_at.to_string()];
        let Some(Event { body, common, .. }) = &self.event else {
            cells.push("erased".to_owned());
            cells.resize(Self::COLUMNS.len(), String::new());
            return vec![cells];
        };
        cells.push(body.event_type().to_string());
        match body {
            Body::Stance(stance) => {
                cells.extend([stance.actor.clone(), stance.action.clone(), stance.target.clone(), stance.occurred.to_string()]);
            }
            Body::Claim(_) | Body::Verdict(_) | Body::Entity(_) | Body::Merge(_) | Body::Action(_) => cells.resize(8, String::new()),
            Body::Vocabulary(_) | Body::Source(_) | Body::Retract(_) | Body::Erase(_) => cells.resize(8, String::new()),
        }
        cells.push(or_empty(common.note.as_deref()));
        vec![cells]
    }
}
