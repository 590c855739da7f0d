//! CloudEvents 1.0: what the log holds and what follows from it, in envelopes; and events out of envelopes again.
//!
//! An event has its own id there, and `dev.stancelog.event.TYPE` as its type. A row of what is derived has an id made of its
//! content, so that the same answer is the same message for ever, and says with its `source` where it is asked for.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::event::{EventId, Micros, Refusal};
use crate::log::Row;

/// How the types of our own messages begin.
const OWN: &str = "dev.stancelog.";
/// How those of events go on.
const EVENT: &str = "event.";

#[derive(Serialize)]
struct Message<'a> {
    specversion: &'static str,
    id: EventId,
    source: &'a str,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    datacontenttype: &'static str,
    data: &'a RawValue,
}

/// A recorded event, given with its JSON, as a CloudEvent.
///
/// # Errors
/// When the text is no JSON.
pub fn event_message(row: &Row, event_type: &str, json: &str) -> serde_json::Result<String> {
    let time = Some(row.recorded_at.to_string());
    message(row.id, "/v1/events", format!("{OWN}{EVENT}{event_type}"), None, time, json)
}

/// A row of what is derived, given as JSON: its kind (`stance`, `change`, `claim`), what it is about, where it is asked for.
///
/// # Errors
/// When the text is no JSON.
pub fn derived_message(kind: &str, subject: &str, source: &str, json: &str) -> serde_json::Result<String> {
    let id = EventId::of_content(Micros(0), &[kind.as_bytes(), source.as_bytes(), json.as_bytes()]);
    message(id, source, format!("{OWN}{kind}"), Some(subject), None, json)
}

fn message(id: EventId, source: &str, kind: String, subject: Option<&str>, time: Option<String>, json: &str) -> serde_json::Result<String> {
    let data = serde_json::from_str(json)?;
    serde_json::to_string(&Message { specversion: "1.0", id, source, kind, subject, time, datacontenttype: "application/json", data })
}

/// A CloudEvent as it comes in.
#[derive(Deserialize, Debug)]
pub struct Enveloped<'a> {
    specversion: String,
    id: String,
    #[serde(default)]
    source: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(borrow)]
    data: &'a RawValue,
}

impl<'a> Enveloped<'a> {
    /// Reads one, if the text is one.
    pub fn parse(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// The event in it, as JSON.
    ///
    /// # Errors
    /// A [`Refusal`] for another version than 1.0, and for what is derived from a log.
    pub fn data(&self) -> Result<&'a str, Refusal> {
        if self.specversion != "1.0" {
            let version: String = self.specversion.chars().take(20).collect();
            return Err(Refusal::field("specversion", format!("CloudEvents {version} is not read, only 1.0")));
        }
        if let Some(kind) = self.kind.strip_prefix(OWN).filter(|kind| !kind.starts_with(EVENT)) {
            let kind: String = kind.chars().take(20).collect();
            return Err(Refusal::field("type", format!("a {kind} is derived from a log, and is no event; export `events` instead")));
        }
        Ok(self.data.get())
    }

    /// The event's id, where the event itself gives none: the envelope's, where that is a UUID; else one made of it, the same
    /// for the same id of the same source.
    pub fn event_id(&self) -> EventId {
        let parts: [&[u8]; 3] = [b"cloudevent", self.source.as_bytes(), self.id.as_bytes()];
        self.id.parse().unwrap_or_else(|_| EventId::of_content(Micros(0), &parts))
    }
}
