//! An event of the log as an answer: its JSON as it is stored, behind seq, id and time of recording.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::event::{Event, EventId, Micros, recorded_schema};
use crate::ledger::{Error, Recorded, Row, Tabular, recorded_json};

/// A recorded event.
pub(in crate::http) struct EventItem {
    row: Row,
    event: Option<Event>,
}

impl EventItem {
    /// Reads what is stored.
    pub(in crate::http) fn read(row: Row) -> Result<Self, Error> {
        let event = row.event()?;
        Ok(Self { row, event })
    }
}

impl Serialize for EventItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(recorded_json(&self.row)).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl PartialSchema for EventItem {
    fn schema() -> RefOr<Schema> {
        recorded_schema()
    }
}

impl ToSchema for EventItem {
    fn name() -> std::borrow::Cow<'static, str> {
        "RecordedEvent".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        for (name, schema) in [(EventId::name(), EventId::schema()), (Micros::name(), Micros::schema())] {
            schemas.push((name.into_owned(), schema));
        }
    }
}

impl Tabular for EventItem {
    const COLUMNS: &'static [&'static str] = <Recorded<'_> as Tabular>::COLUMNS;

    fn rows(&self) -> Vec<Vec<String>> {
        Recorded { row: &self.row, event: self.event.clone() }.rows()
    }
}
