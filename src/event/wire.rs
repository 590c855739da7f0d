//! The JSON form of an event, version 1: read strictly, written canonically.
//!
//! Reading takes two passes over the line: one for the envelope (type, id and what every event may carry), one for the
//! fields of the type, where an unknown field is refused. Stored bytes are the type, its fields in the order of
//! [`super::body`], then the common ones; what is not given is not written.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

use super::body::{Body, Common, Event, EventType};
use super::id::EventId;

/// The version of the stored form; part of every leaf header.
pub const FORMAT: u8 = 1;

/// The keys that the envelope takes, so that a type's own fields never meet them.
const ENVELOPE: [&str; 8] = ["type", "id", "seq", "recorded_at", "note", "evidence", "replaces", "recorded_by"];

/// An event as given, before it has an id and before its names are slugs.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    /// The id, if one was given.
    pub id: Option<EventId>,
    /// What it records.
    pub body: Body,
    /// Note, evidence and the like.
    pub common: Common,
}

/// Envelope and common fields, with everything else passed over.
#[derive(Deserialize)]
#[serde(expecting = "an event, which is a JSON object")]
struct Envelope<'a> {
    #[serde(rename = "type", default, borrow)]
    event_type: Option<Cow<'a, str>>,
    #[serde(default)]
    id: Option<EventId>,
    #[serde(default, rename = "seq")]
    _seq: Option<u64>,
    #[serde(default, rename = "recorded_at", borrow)]
    _recorded_at: Option<Cow<'a, str>>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    evidence: Vec<super::evidence::Evidence>,
    #[serde(default)]
    replaces: Option<EventId>,
    #[serde(default)]
    recorded_by: Option<String>,
}

/// Reads one event from a line of JSON; names are taken as given, nothing is looked up.
///
/// # Errors
/// What `serde_json` says; [`super::refusal::explain`] turns it into a place in the line.
pub fn parse(json: &str) -> Result<Draft, serde_json::Error> {
    // A JSON array would be read as the fields in their order, which nobody means.
    if json.trim_start().starts_with('[') {
        return Err(serde::de::Error::custom("an event is a JSON object, not a list; write one event a line"));
    }
    let envelope: Envelope<'_> = serde_json::from_str(json)?;
    let event_type = match &envelope.event_type {
        None => EventType::Stance,
        Some(word) => EventType::from_word(word).ok_or_else(|| unknown_type(word))?,
    };
    let body = parse_body(event_type, json)?;
    let Envelope { id, note, evidence, replaces, recorded_by, .. } = envelope;
    Ok(Draft { id, body, common: Common { note, evidence, replaces, recorded_by } })
}

fn unknown_type(word: &str) -> serde_json::Error {
    let known: Vec<&str> = EventType::ALL.iter().map(|t| t.word()).collect();
    serde::de::Error::custom(format!("unknown type `{}`, expected one of {}", super::time::shorten(word), known.join(", ")))
}

/// Reads the fields of one type, past the envelope.
fn parse_body(event_type: EventType, json: &str) -> Result<Body, serde_json::Error> {
    let mut source = serde_json::Deserializer::from_str(json);
    let fields = PastEnvelope(&mut source);
    let body = match event_type {
        EventType::Stance => Body::Stance(Deserialize::deserialize(fields)?),
        EventType::Claim => Body::Claim(Deserialize::deserialize(fields)?),
        EventType::Verdict => Body::Verdict(Deserialize::deserialize(fields)?),
        EventType::Entity => Body::Entity(Deserialize::deserialize(fields)?),
        EventType::Merge => Body::Merge(Deserialize::deserialize(fields)?),
        EventType::Action => Body::Action(Deserialize::deserialize(fields)?),
        EventType::Vocabulary => Body::Vocabulary(Deserialize::deserialize(fields)?),
        EventType::Source => Body::Source(Deserialize::deserialize(fields)?),
        EventType::Retract => Body::Retract(Deserialize::deserialize(fields)?),
        EventType::Erase => Body::Erase(Deserialize::deserialize(fields)?),
    };
    source.end()?;
    Ok(body)
}

/// Where reading the line fails: the field's path and what is wrong with it. Slower than [`parse`], so only for a line
/// that failed.
pub(super) fn blame(json: &str) -> Option<(String, String)> {
    if json.trim_start().starts_with('[') {
        return None;
    }
    let mut source = serde_json::Deserializer::from_str(json);
    let envelope: Envelope<'_> = match serde_path_to_error::deserialize(&mut source) {
        Ok(envelope) => envelope,
        Err(e) => return Some((super::refusal::written(e.path()), e.inner().to_string())),
    };
    let event_type = EventType::from_word(envelope.event_type.as_deref().unwrap_or("stance"))?;
    match event_type {
        EventType::Stance => blame_as::<super::body::Stance>(json),
        EventType::Claim => blame_as::<super::body::Claim>(json),
        EventType::Verdict => blame_as::<super::body::Verdict>(json),
        EventType::Entity => blame_as::<super::entity::Entity>(json),
        EventType::Merge => blame_as::<super::body::Merge>(json),
        EventType::Action => blame_as::<super::action::Action>(json),
        EventType::Vocabulary => blame_as::<super::action::Vocabulary>(json),
        EventType::Source => blame_as::<super::body::Source>(json),
        EventType::Retract => blame_as::<super::body::Retract>(json),
        EventType::Erase => blame_as::<super::body::Erase>(json),
    }
}

fn blame_as<'a, T: Deserialize<'a>>(json: &'a str) -> Option<(String, String)> {
    let mut source = serde_json::Deserializer::from_str(json);
    let error = serde_path_to_error::deserialize::<_, T>(PastEnvelope(&mut source)).err()?;
    Some((super::refusal::written(error.path()), error.inner().to_string()))
}

/// The bytes that are stored and hashed for an event: canonical JSON without id, seq and recorded_at.
///
/// ```
/// use stancelog::event::{parse, stored_json};
/// let draft = parse(r#"{"target":"ukraine","occurred":"2022-02-24","actor":"boris-johnson","action":"backs"}"#).unwrap();
/// let stored = stored_json(&draft.body, &draft.common).unwrap();
/// assert_eq!(stored, r#"{"type":"stance","actor":"boris-johnson","action":"backs","target":"ukraine","occurred":"2022-02-24"}"#);
/// ```
///
/// # Errors
/// None for values that [`parse`] made; a number that JSON cannot write (NaN) otherwise.
pub fn stored_json(body: &Body, common: &Common) -> Result<String, serde_json::Error> {
    let mut json = Vec::with_capacity(192);
    serde_json::to_writer(&mut json, body)?;
    let end = json.len().saturating_sub(1);
    serde_json::to_writer(&mut json, common)?;
    // Both are objects, `{…}{…}`, made one: that of the body is never empty, as it has the type; that of the rest may be.
    if json.len() > end + 3 {
        json.splice(end..end + 2, *b",");
    } else {
        json.truncate(end + 1);
    }
    String::from_utf8(json).map_err(serde::ser::Error::custom)
}

/// Reads a stored body back.
///
/// # Errors
/// What `serde_json` says when the bytes are none that [`stored_json`] wrote.
pub fn parse_stored(id: EventId, json: &str) -> Result<Event, serde_json::Error> {
    let Draft { body, common, .. } = parse(json)?;
    Ok(Event { id, body, common })
}

/// What a projection needs of a stored stance event, borrowed from its bytes.
#[derive(Deserialize, Debug)]
pub struct StanceGlance<'a> {
    /// Who.
    #[serde(borrow)]
    pub actor: Cow<'a, str>,
    /// The word.
    #[serde(borrow)]
    pub action: Cow<'a, str>,
    /// Toward whom or what.
    #[serde(borrow)]
    pub target: Cow<'a, str>,
    /// When, in EDTF.
    #[serde(borrow)]
    pub occurred: Cow<'a, str>,
    /// For whom.
    #[serde(default)]
    pub on_behalf_of: Vec<String>,
    /// What it supersedes.
    #[serde(default)]
    pub replaces: Option<EventId>,
    /// A remark.
    #[serde(default, borrow)]
    pub note: Option<Cow<'a, str>>,
}

/// Glances at stored bytes: a stance event in one quick pass, nothing for the other types.
///
/// # Errors
/// What `serde_json` says when the bytes are none that [`stored_json`] wrote.
pub fn glance(json: &str) -> Result<Option<StanceGlance<'_>>, serde_json::Error> {
    if json.starts_with(r#"{"type":"stance","#) { serde_json::from_str(json).map(Some) } else { Ok(None) }
}

/// A deserializer that hides the envelope's keys from the struct behind it.
struct PastEnvelope<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for PastEnvelope<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(FieldVisitor(visitor))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct FieldVisitor<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for FieldVisitor<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Fields(map))
    }
}

struct Fields<A>(A);

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Fields<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(Key(key)) = self.0.next_key::<Key<'de>>()? {
            if !ENVELOPE.contains(&key.as_ref()) {
                return seed.deserialize(key.as_ref().into_deserializer()).map(Some);
            }
            self.0.next_value::<IgnoredAny>()?;
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(seed)
    }
}

/// A key, borrowed from the line where it has no escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelope_keys_may_stand_anywhere_and_unknown_ones_are_refused() {
        let line = r#"{"seq":4,"actor":"a","id":"01860000-0000-7000-8000-000000000001","action":"backs","note":"n","target":"b","occurred":"2022","recorded_at":"2023-01-01T00:00:00Z"}"#;
        let draft = parse(line).unwrap();
        assert_eq!(draft.common.note.as_deref(), Some("n"));
        assert!(draft.id.is_some());
        let wrong = parse(r#"{"actor":"a","action":"backs","target":"b","occurred":"2022","colour":"red"}"#);
        assert!(wrong.unwrap_err().to_string().contains("unknown field `colour`"));
        assert!(parse(r#"{"type":"stanse"}"#).unwrap_err().to_string().contains("unknown type `stanse`"));
    }

    #[test]
    fn stored_bytes_read_back_to_the_same_event() {
        let line = r#"{"type":"entity","entity":"x","kind":"person","name":"X","aliases":["Y",{"name":"Z","from":"2020"}],"roles":[{"title":"t","to":"2021"}],"identifiers":{"wikidata":"Q1"},"evidence":[{"source":"s","selector":{"type":"TextPositionSelector","start":1,"end":2}}]}"#;
        let draft = parse(line).unwrap();
        let stored = stored_json(&draft.body, &draft.common).unwrap();
        assert_eq!(stored, line);
        let id = EventId::from_bytes([7; 16]);
        assert_eq!(parse_stored(id, &stored).unwrap().body, draft.body);
    }
}
