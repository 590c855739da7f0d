//! The forms of the desk: which fields each type of event asks for, and what a correction leaves as it is.

use maud::{Markup, html};
use serde_json::{Map, Value};

use super::field::{Field, Shape, alert};
use super::filled::Filled;
use super::pair::rests_on;
use super::text;
use crate::Ledger;
use crate::event::{Body, Event, Kind, Rating, Side, Speech, Tier, stored_json};
use crate::http::problem::Problem;
use crate::ledger::{ActionItem, Asked, Clock, SystemClock};

const NOTE: Field = Field::free("note", "Note", Shape::Text);
const DATE: &str = "Date (EDTF: 2022-03-01, 2022-03~, 2022-03-01/2022-03-05)";
const STANCE: [Field; 9] = [
    Field::needed("actor", "Actor", Shape::Line),
    Field::needed("action", "Action", Shape::Action),
    Field::needed("target", "Target", Shape::Line),
    Field::needed("occurred", DATE, Shape::Line),
    Field::free("place", "Place", Shape::Line),
    Field::free("times", "How many times, at least", Shape::Number),
    Field::free("confidence", "Confidence, 0 to 1", Shape::Number),
    Field::free("on_behalf_of", "On behalf of, one name on each line", Shape::Names),
    NOTE,
];
const CLAIM: [Field; 6] = [
    Field::needed("text", "What is claimed", Shape::Text),
    Field::free("about.actor", "It alleges that", Shape::Line),
    Field::free("about.action", "did", Shape::Action),
    Field::free("about.target", "toward", Shape::Line),
    Field::free("about.occurred", DATE, Shape::Line),
    NOTE,
];
const VERDICT: [Field; 7] = [
    Field::needed("claim", "Claim", Shape::Line),
    Field::needed("reviewer", "Reviewer", Shape::Line),
    Field::needed("label", "Label, as published", Shape::Line),
    Field::needed("rating", "Rating", Shape::Choice(ratings)),
    Field::free("url", "Published at", Shape::Line).named("at"),
    Field::free("published", DATE, Shape::Line),
    NOTE,
];
const ENTITY: [Field; 3] = [Field::needed("name", "Name", Shape::Line), Field::needed("kind", "Kind", Shape::Choice(kinds)), NOTE];
const MERGE: [Field; 4] = [
    Field::needed("from", "This one", Shape::Line),
    Field::needed("into", "is this one", Shape::Line),
    Field::free("reason", "Because", Shape::Line),
    NOTE,
];
const ACTION: [Field; 5] = [
    Field::needed("label", "How it reads", Shape::Line),
    Field::free("tier", "Tier, toward an entity", Shape::Choice(tiers)),
    Field::free("side", "Side, toward an entity", Shape::Choice(sides)),
    Field::free("speech", "Speech, toward a claim", Shape::Choice(speeches)),
    NOTE,
];
const SOURCE: [Field; 6] = [
    Field::needed("title", "Title", Shape::Line),
    Field::free("url", "Address", Shape::Line).named("at"),
    Field::free("publisher", "Publisher", Shape::Line),
    Field::free("published", DATE, Shape::Line),
    Field::free("sha256", "SHA-256 of the document", Shape::Line),
    NOTE,
];
const RETRACT: [Field; 2] = [Field::needed("reason", "Because", Shape::Text), NOTE];
/// What is asked about one piece of evidence.
pub(super) const EVIDENCE: [Field; 7] = [
    Field::free("source", "Source", Shape::Line).at("evidence.source"),
    Field::free("url", "Address of the source", Shape::Line).at("evidence.url"),
    Field::free("start", "Where the quote begins, in characters from 0", Shape::Line).at("evidence.selector.start"),
    Field::free("end", "Where it ends, likewise", Shape::Line).at("evidence.selector.end"),
    Field::free("exact", "Quote", Shape::Text).at("evidence.selector.exact"),
    Field::free("prefix", "Before it", Shape::Line).at("evidence.selector.prefix"),
    Field::free("suffix", "After it", Shape::Line).at("evidence.selector.suffix"),
];

fn ratings() -> Vec<&'static str> {
    Rating::ALL.iter().map(|one| one.word()).collect()
}

fn kinds() -> Vec<&'static str> {
    Kind::ALL.iter().map(|one| one.word()).collect()
}

fn tiers() -> Vec<&'static str> {
    Tier::ALL.iter().map(|one| one.word()).collect()
}

fn sides() -> Vec<&'static str> {
    Side::ALL.iter().map(|one| one.word()).collect()
}

fn speeches() -> Vec<&'static str> {
    Speech::ALL.iter().map(|one| one.word()).collect()
}

/// The fields that are asked about an event; nothing for a type that no form corrects.
fn fields_of(body: &Body) -> Option<&'static [Field]> {
    match body {
        Body::Stance(_) => Some(&STANCE),
        Body::Claim(_) => Some(&CLAIM),
        Body::Verdict(_) => Some(&VERDICT),
        Body::Entity(_) => Some(&ENTITY),
        Body::Merge(_) => Some(&MERGE),
        Body::Action(_) => Some(&ACTION),
        Body::Source(_) => Some(&SOURCE),
        Body::Retract(_) => Some(&RETRACT),
        Body::Vocabulary(_) | Body::Erase(_) => None,
    }
}

/// A form of the desk.
pub(super) struct Form {
    /// Where it is sent.
    pub(super) place: String,
    /// What is asked besides evidence.
    pub(super) fields: &'static [Field],
    /// The event that is corrected; nothing where a new one is recorded.
    pub(super) old: Option<Event>,
}

impl Form {
    /// The form that records a stance.
    pub(super) fn recording() -> Self {
        Self { place: "/record".to_owned(), fields: &STANCE, old: None }
    }

    /// The form that corrects an event; nothing where only the command line does.
    pub(super) fn correcting(old: Event) -> Option<Self> {
        let fields = fields_of(&old.body)?;
        Some(Self { place: text::path(&["events", &old.id.to_string(), "correct"]), fields, old: Some(old) })
    }

    /// What stands over it.
    pub(super) fn title(&self) -> String {
        match &self.old {
            Some(old) => format!("Correct this {}", old.body.event_type().word()),
            None => "Record a stance".to_owned(),
        }
    }

    /// Whether it tells a stance.
    pub(super) fn is_of_stance(&self) -> bool {
        self.old.as_ref().is_none_or(|old| matches!(old.body, Body::Stance(_)))
    }

    /// The event that is corrected, as an object; nothing in it where a new one is recorded.
    pub(super) fn told(&self) -> Map<String, Value> {
        let json = self.old.as_ref().and_then(|old| stored_json(&old.body, &old.common).ok());
        json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
    }

    /// The form as it is first shown: with what the event says that is corrected, and all its evidence kept.
    pub(super) fn begun(&self) -> Filled {
        let told = self.told();
        let values = self.fields.iter().filter_map(|field| Some((field.name.to_owned(), written(at(&told, field.path)?))));
        let kept = self.old.iter().flat_map(|old| (0..old.common.evidence.len()).map(|n| (kept(n), "yes".to_owned())));
        Filled(values.chain(kept).collect())
    }

    /// What the event says that is corrected and the form does not ask about.
    fn left(&self) -> Vec<String> {
        let asked = |key: &String| self.fields.iter().any(|field| field.path.split('.').next() == Some(key));
        let ours = ["type", "evidence", "replaces", "recorded_by", "actor_as", "target_as"];
        self.told().into_iter().map(|(key, _)| key).filter(|key| !asked(key) && !ours.contains(&key.as_str())).collect()
    }

    /// The form, filled in, with what is wrong with it.
    pub(super) fn shown(&self, ledger: &Ledger, filled: &Filled, wrong: Option<&Problem>) -> Result<Markup, Problem> {
        let actions = ledger.actions(None, &Asked::default())?;
        let has_actions = self.fields.iter().any(|field| matches!(field.shape, Shape::Action));
        // An id that stands for something else will do so again.
        let id = filled.get("id").filter(|_| wrong.is_none_or(|wrong| wrong.status != 409));
        let id = id.map_or_else(|| SystemClock.fresh_id().to_string(), str::to_owned);
        let evidence = self.old.iter().flat_map(|old| &old.common.evidence);
        let left = self.left();
        // Whoever records begins with the source; whoever corrects, with what is wrong.
        let source = html! {
            label { "Text of the source, not stored: select the words in it, and they fill the fields below " textarea id="text" rows="6" {} }
        };
        Ok(html! {
            (alert(wrong, &[self.fields, &EVIDENCE].concat()))
            form method="post" action=(self.place) class="asks desk" {
                input type="hidden" name="id" value=(id);
                @if has_actions { datalist id="actions" { @for one in &actions { option value=(one.action) label=(meaning(one)) {} } } }
                @if self.old.is_none() { (source) }
                @for field in self.fields { (field.shown(filled, wrong)) }
                @for (n, one) in evidence.enumerate() {
                    label class="kept" { input type="checkbox" name=(kept(n)) value="yes" checked[filled.get(&kept(n)).is_some()]; " Keep this evidence" (rests_on(one)) }
                }
                @if self.old.is_some() { (source) }
                @for field in &EVIDENCE { (field.shown(filled, wrong)) }
                @if !left.is_empty() { p class="faint" { "What else it says stays as it is (" (left.join(", ")) "); the command line corrects that too." } }
                button { "Preview" }
            }
        })
    }
}

/// What a word will mean, in short.
pub(super) fn meaning(one: &ActionItem) -> String {
    let words = [one.tier.map(|tier| tier.word()), one.side.map(|side| side.word()), one.speech.map(|speech| speech.word())];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The field that says whether a piece of evidence is kept.
pub(super) fn kept(n: usize) -> String {
    format!("keep-{n}")
}

/// The value at a place of an object.
pub(super) fn at<'a>(told: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    match path.split_once('.') {
        Some((first, rest)) => told.get(first)?.get(rest),
        None => told.get(path),
    }
}

/// A value as a field has it.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(written).collect::<Vec<_>>().join("\n"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}
