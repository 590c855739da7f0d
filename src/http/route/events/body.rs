//! What is posted: one event, a list, a list with a condition, or CloudEvents.

use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::event::{Draft, EventType, explain, parse};
use crate::http::problem::Problem;
use crate::ledger::{Condition, Enveloped, Pattern, Seq};

/// Events of one request at most, when they are not streamed.
const EVENTS_MAX: usize = 10_000;

/// What a body asks for.
#[derive(Debug, Default)]
pub(super) struct Posted {
    pub(super) drafts: Vec<Draft>,
    pub(super) condition: Option<Condition>,
}

/// The kinds of bodies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// One event, a list of events, or `{"events": […], "condition": {…}}`.
    Json,
    /// One event a line.
    Lines,
    /// One CloudEvent, or a list of them.
    CloudEvents,
}

/// Whether a content type is that of events, one a line.
pub(in crate::http) fn is_lines(kind: &str) -> bool {
    matches!(kind.trim().to_ascii_lowercase().as_str(), "application/x-ndjson" | "application/jsonl" | "application/ndjson")
}

impl Kind {
    /// By the content type; JSON where none is given.
    pub(super) fn of(content_type: Option<&str>) -> Result<Self, Problem> {
        let kind = content_type.unwrap_or("application/json").split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/json" => Ok(Kind::Json),
            kind if is_lines(kind) => Ok(Kind::Lines),
            "application/cloudevents-batch+json" | "application/cloudevents+json" => Ok(Kind::CloudEvents),
            _ => {
                let said = "events come as application/json, application/x-ndjson or application/cloudevents-batch+json";
                Err(Problem::new(axum::http::StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "No such form", said))
            }
        }
    }
}

/// What is posted as JSON.
#[derive(ToSchema)]
#[serde(untagged)]
#[allow(dead_code, clippy::large_enum_variant, reason = "it describes what `json` reads")]
pub(super) enum Posting {
    /// One event.
    One(Draft),
    /// Several, stored whole or not at all.
    Several(Vec<Draft>),
    /// Several, on a condition.
    OnCondition {
        /// The events.
        events: Vec<Draft>,
        /// What must not have been appended since.
        condition: Option<ConditionGiven>,
    },
}

/// A CloudEvent (1.0) whose `data` is an event.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it describes what `cloud_events` reads")]
pub(super) struct CloudEvent {
    /// `1.0`.
    specversion: String,
    /// A UUID is the event's id; any other text makes one, the same for the same text of the same source.
    id: String,
    /// Whence it comes.
    source: Option<String>,
    /// What kind of message it is.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// The event.
    data: Draft,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a> {
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
    condition: Option<ConditionGiven>,
}

/// What must not have been appended behind a seq.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionGiven {
    /// The seq up to which the caller has seen the log.
    #[schema(minimum = 0)]
    after: i64,
    /// An event that matches any of these spoils the condition; without one, any event does.
    #[serde(default)]
    query: Vec<PatternGiven>,
}

/// Which events are meant; what is not given does not limit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PatternGiven {
    /// Of this actor: slug, name or alias.
    actor: Option<String>,
    /// Toward this target, likewise.
    target: Option<String>,
    /// Of this type.
    #[serde(rename = "type")]
    event_type: Option<EventType>,
    /// With this word.
    action: Option<String>,
}

/// The keys of an object, whatever they hold, as far as they tell a list with a condition from an event.
#[derive(Deserialize)]
struct Keys {
    #[serde(rename = "type")]
    event_type: Option<serde::de::IgnoredAny>,
    events: Option<serde::de::IgnoredAny>,
    condition: Option<serde::de::IgnoredAny>,
}

/// Reads a body that is there as a whole.
pub(super) fn read(kind: Kind, text: &str) -> Result<Posted, Problem> {
    let posted = match kind {
        Kind::CloudEvents => cloud_events(text)?,
        Kind::Json | Kind::Lines => json(text)?,
    };
    if posted.drafts.len() > EVENTS_MAX {
        let said = format!("{} events at once; send at most {EVENTS_MAX}, or stream them as application/x-ndjson", posted.drafts.len());
        return Err(Problem::bad(said));
    }
    Ok(posted)
}

fn json(text: &str) -> Result<Posted, Problem> {
    if text.trim_start().starts_with('[') {
        let events: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| no_json(text, &error))?;
        return Ok(Posted { drafts: drafts(&events)?, condition: None });
    }
    let keys: Option<Keys> = serde_json::from_str(text).ok();
    let is_envelope = keys.is_some_and(|keys| keys.condition.is_some() || (keys.events.is_some() && keys.event_type.is_none()));
    if is_envelope {
        let envelope: Envelope<'_> = serde_json::from_str(text).map_err(|error| no_json(text, &error))?;
        return Ok(Posted { drafts: drafts(&envelope.events)?, condition: envelope.condition.map(condition).transpose()? });
    }
    let draft = parse(text).map_err(|error| Problem::refused_in(&explain(text, &error), text))?;
    Ok(Posted { drafts: vec![draft], condition: None })
}

fn drafts(events: &[&RawValue]) -> Result<Vec<Draft>, Problem> {
    events.iter().enumerate().map(|(index, event)| draft(&format!("[{index}]"), event.get())).collect()
}

/// One event of a list; what is wrong with it is told with its place.
fn draft(place: &str, text: &str) -> Result<Draft, Problem> {
    parse(text).map_err(|error| Problem::refused(&explain(text, &error).within(place)))
}

fn condition(given: ConditionGiven) -> Result<Condition, Problem> {
    if given.after < 0 {
        return Err(Problem::bad_field("condition.after", "a seq is 0 or more"));
    }
    let pattern = |PatternGiven { actor, target, event_type, action }| Pattern { actor, target, event_type, action };
    Ok(Condition { after: Seq(given.after), any_of: given.query.into_iter().map(pattern).collect() })
}

fn cloud_events(text: &str) -> Result<Posted, Problem> {
    let is_list = text.trim_start().starts_with('[');
    let events: Vec<Enveloped<'_>> = if is_list {
        serde_json::from_str(text).map_err(|error| no_json(text, &error))?
    } else {
        vec![serde_json::from_str(text).map_err(|error| no_json(text, &error))?]
    };
    let mut drafts = Vec::new();
    for (index, event) in events.iter().enumerate() {
        let data = event.data().map_err(|refusal| Problem::refused(&refusal.within(&format!("[{index}]"))))?;
        let mut draft = draft(&format!("[{index}].data"), data)?;
        draft.id = Some(draft.id.unwrap_or_else(|| event.event_id()));
        drafts.push(draft);
    }
    Ok(Posted { drafts, condition: None })
}

fn no_json(text: &str, error: &serde_json::Error) -> Problem {
    let line = u64::try_from(error.line()).ok().filter(|line| *line > 0 && text.contains('\n'));
    let said: String = error.to_string().chars().take(300).collect();
    Problem { line, column: Some(error.column()).filter(|column| *column > 0), ..Problem::bad(said) }
}
