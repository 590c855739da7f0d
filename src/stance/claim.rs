//! The claim ledger: who stands by a claim, who denies it, as how many voices, and what status that gives.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::hearing::Hearing;
use crate::event::{Micros, Speech, words};

words! {
    /// Where a claim stands.
    #[schemars(rename = "ClaimStatus")]
    Status {
        /// Nobody has taken it up.
        Open = "open",
        /// One voice stands by it.
        Asserted = "asserted",
        /// It is only suggested.
        Suggested = "suggested",
        /// Denied, and nobody stands by it.
        Denied = "denied",
        /// A voice stands by it, another denies it.
        Disputed = "disputed",
        /// Two voices stand by it, none denies it.
        Corroborated = "corroborated",
        /// A voice that denied it, or that it is about, concedes it.
        Conceded = "conceded",
        /// Once stood by, now by nobody, and not denied.
        Withdrawn = "withdrawn",
    }
}

/// One utterance about a claim as it counts for one actor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SpeechEntry {
    /// Its place in the log.
    pub seq: i64,
    /// The first microsecond that it may have happened at.
    pub earliest: Micros,
    /// The last one.
    pub latest: Micros,
    /// The entity that it counts for.
    pub actor: i64,
    /// The entity that spoke.
    pub speaker: i64,
    /// What was done with the claim.
    pub speech: Speech,
}

/// Where one actor stands on a claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holding {
    /// The utterance that decides it.
    pub entry: SpeechEntry,
}

/// Actors who speak for one another on a claim, and count as one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Voice {
    /// Its actors.
    pub actors: BTreeSet<i64>,
    /// Whether it stands by the claim.
    pub stands: bool,
    /// Whether it denies it.
    pub denies: bool,
}

/// What the utterances about a claim come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimStanding {
    /// The status.
    pub status: Status,
    /// All voices.
    pub voices: Vec<Voice>,
    /// Where each actor stands; one who withdrew or only asked or commented is not in it.
    pub holdings: BTreeMap<i64, Holding>,
    /// Who questions it.
    pub questioned_by: BTreeSet<i64>,
    /// Who stood by it once and took it back.
    pub withdrawn_by: BTreeSet<i64>,
}

impl ClaimStanding {
    /// Weighs the utterances, given in valid order; `about` is the actor whom the claim is about.
    pub fn of(entries: &[SpeechEntry], about: Option<i64>) -> Self {
        let mut hearing = Hearing::about(about);
        entries.iter().for_each(|entry| hearing.add(entry));
        hearing.standing()
    }
}
