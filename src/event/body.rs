//! The event types: what each records, field by field, in the order in which it is stored.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::action::{Action, Code, Vocabulary};
use super::entity::Entity;
use super::evidence::Evidence;
use super::id::EventId;
use super::time::Occurred;
use super::word::words;

/// One event: what it records, with an id and what every type may carry.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// What it records.
    pub body: Body,
    /// Note, evidence and the like.
    pub common: Common,
}

/// What an event of any type may carry.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Common {
    /// A remark for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 65536))]
    pub note: Option<String>,
    /// What it rests on (W3C Web Annotation).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// An earlier event of the same type that this one supersedes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<EventId>,
    /// Who recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_by: Option<String>,
}

/// What an event records, by type.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Body {
    /// An actor did an action toward a target.
    Stance(Stance),
    /// A proposition.
    Claim(Claim),
    /// A fact-checker's rating of a claim.
    Verdict(Verdict),
    /// Defines or amends an entity.
    Entity(Entity),
    /// Two slugs name one entity.
    Merge(Merge),
    /// Defines or redefines a word of the vocabulary.
    Action(Action),
    /// Many words at once.
    Vocabulary(Vocabulary),
    /// A document that evidence points at.
    Source(Source),
    /// Takes back an earlier event.
    Retract(Retract),
    /// The content of events is destroyed for good.
    Erase(Erase),
}

words! {
    /// The event types.
    EventType {
        /// An actor did an action toward a target.
        Stance = "stance",
        /// A proposition.
        Claim = "claim",
        /// A fact-checker's rating of a claim.
        Verdict = "verdict",
        /// Defines or amends an entity.
        Entity = "entity",
        /// Two slugs name one entity.
        Merge = "merge",
        /// Defines or redefines a word of the vocabulary.
        Action = "action",
        /// Many words at once.
        Vocabulary = "vocabulary",
        /// A document that evidence points at.
        Source = "source",
        /// Takes back an earlier event.
        Retract = "retract",
        /// The content of events is destroyed for good.
        Erase = "erase",
    }
}

impl Body {
    /// Its type.
    pub fn event_type(&self) -> EventType {
        match self {
            Body::Stance(_) => EventType::Stance,
            Body::Claim(_) => EventType::Claim,
            Body::Verdict(_) => EventType::Verdict,
            Body::Entity(_) => EventType::Entity,
            Body::Merge(_) => EventType::Merge,
            Body::Action(_) => EventType::Action,
            Body::Vocabulary(_) => EventType::Vocabulary,
            Body::Source(_) => EventType::Source,
            Body::Retract(_) => EventType::Retract,
            Body::Erase(_) => EventType::Erase,
        }
    }
}

/// `actor` did `action` toward `target`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stance {
    /// Who; a slug, once stored. On input also a name or alias.
    pub actor: String,
    /// A word of the vocabulary.
    pub action: String,
    /// Toward whom or what: an entity like `actor`, or `claim:SLUG`.
    pub target: String,
    /// When, in the world.
    pub occurred: Occurred,
    /// For whom the actor spoke or acted; each is an entity like `actor`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_behalf_of: Vec<String>,
    /// Where; an entity like `actor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// At least so many times; 1 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub times: Option<u32>,
    /// How sure whoever recorded it was, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub confidence: Option<f64>,
    /// The words that named the actor, where they are another name than the entity's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_as: Option<String>,
    /// The words that named the target, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_as: Option<String>,
    /// Published codes of this event, by scheme (`cameo`, `plover` …); shown, never counted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<String, Code>,
}

/// A proposition that actors assert or deny.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Its slug.
    pub claim: String,
    /// What it says.
    pub text: String,
    /// What it alleges, structured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// How it stands to other claims.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
}

/// What a claim alleges.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Who is said to have done it.
    pub actor: String,
    /// A word of the vocabulary.
    pub action: String,
    /// Toward whom or what; `claim:SLUG` where the allegation is itself about a claim.
    pub target: String,
    /// When it is said to have happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred: Option<Occurred>,
}

/// How one claim stands to another.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// In which way.
    pub kind: RelationKind,
    /// The other claim's slug.
    pub claim: String,
}

words! {
    /// The ways in which claims stand to each other.
    RelationKind {
        /// This one is a part of the other.
        PartOf = "part-of",
        /// Both explain the same; either may be so.
        AlternativeTo = "alternative-to",
        /// They cannot both be so.
        Contradicts = "contradicts",
    }
}

/// A fact-checker's rating of a claim (schema.org ClaimReview).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// The claim's slug.
    pub claim: String,
    /// Who rated it; an entity.
    pub reviewer: String,
    /// The label as published.
    pub label: String,
    /// The label, normalised.
    pub rating: Rating,
    /// Where it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Occurred>,
}

words! {
    /// A verdict's label, normalised.
    Rating {
        /// The claim is so.
        True = "true",
        /// The claim is not so.
        False = "false",
        /// Partly.
        Mixture = "mixture",
        /// Anything else.
        Other = "other",
    }
}

/// Two slugs name one entity: `from` redirects to `into`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The slug that redirects from now on.
    pub from: String,
    /// The slug that stays.
    pub into: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A document that evidence points at.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its slug.
    pub source: String,
    /// Its title.
    pub title: String,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Occurred>,
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// Whoever records takes back an earlier event.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retract {
    /// The event taken back.
    pub event: EventId,
    /// Why.
    pub reason: String,
}

/// The content of events is destroyed for good, under a legal duty.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// The events.
    pub events: Vec<EventId>,
    /// Why.
    pub reason: String,
    /// Under which duty, by whom.
    pub authority: String,
    /// What those of the events that were corrections took back or superseded, which goes on holding without their content.
    /// Written by the log itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keeps: Vec<Kept>,
}

/// What is kept of a correction whose content was erased: what it takes back or supersedes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The correction.
    pub event: EventId,
    /// The event that it takes back, where it is a `retract`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retracts: Option<EventId>,
    /// The event that it supersedes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<EventId>,
}

impl Kept {
    /// What there is to keep of an event; nothing where it corrects none.
    pub fn of(event: &Event) -> Option<Self> {
        let retracts = match &event.body {
            Body::Retract(retract) => Some(retract.event),
            Body::Stance(_) | Body::Claim(_) | Body::Verdict(_) | Body::Entity(_) | Body::Merge(_) => None,
            Body::Action(_) | Body::Vocabulary(_) | Body::Source(_) | Body::Erase(_) => None,
        };
        let replaces = event.common.replaces;
        (retracts.is_some() || replaces.is_some()).then_some(Self { event: event.id, retracts, replaces })
    }

    /// The events that it takes back or supersedes.
    pub fn targets(&self) -> impl Iterator<Item = EventId> {
        [self.retracts, self.replaces].into_iter().flatten()
    }
}
