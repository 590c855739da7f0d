//! The claim ledger: who stands by a claim, who denies it, as how many voices, and what status that gives.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::classes::Classes;
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
    /// Whether it concedes it.
    pub concedes: bool,
    /// Whether it ever denied it.
    pub denied_once: bool,
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

/// Whether the speech stands by the claim.
fn stands(speech: Speech) -> bool {
    match speech {
        Speech::Assert | Speech::Confirm | Speech::Concede => true,
        Speech::Suggest | Speech::Deny | Speech::Question | Speech::Comment | Speech::Withdraw => false,
    }
}

impl ClaimStanding {
    /// Weighs the utterances, given in valid order; `about` is the actor whom the claim is about.
    pub fn of(entries: &[SpeechEntry], about: Option<i64>) -> Self {
        let mut holdings = BTreeMap::new();
        let (mut once, mut withdrawn_by, mut questioned_by) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for entry in entries {
            match entry.speech {
                Speech::Comment => {}
                Speech::Question => {
                    questioned_by.insert(entry.actor);
                }
                Speech::Withdraw => {
                    holdings.remove(&entry.actor);
                    if once.contains(&entry.actor) {
                        withdrawn_by.insert(entry.actor);
                    }
                }
                Speech::Assert | Speech::Confirm | Speech::Concede | Speech::Suggest | Speech::Deny => {
                    holdings.insert(entry.actor, Holding { entry: *entry });
                    if stands(entry.speech) {
                        once.insert(entry.actor);
                        withdrawn_by.remove(&entry.actor);
                    }
                }
            }
        }
        let voices = voices(entries, &holdings);
        let status = status(&voices, &holdings, about, !withdrawn_by.is_empty());
        Self { status, voices, holdings, questioned_by, withdrawn_by }
    }
}

/// Actors joined by speaking for one another on this claim, with what each voice does.
fn voices(entries: &[SpeechEntry], holdings: &BTreeMap<i64, Holding>) -> Vec<Voice> {
    let joined = Classes::of(entries.iter().map(|entry| (entry.actor, entry.speaker)));
    let mut voices: BTreeMap<i64, Voice> = BTreeMap::new();
    for entry in entries {
        let voice = voices.entry(joined.canonical(entry.actor)).or_default();
        voice.actors.extend([entry.actor, entry.speaker]);
        voice.denied_once |= entry.speech == Speech::Deny;
    }
    for voice in voices.values_mut() {
        let holds = || voice.actors.iter().filter_map(|actor| holdings.get(actor)).map(|holding| holding.entry);
        let stands_by = holds().any(|entry| stands(entry.speech));
        let denies = holds().any(|entry| entry.speech == Speech::Deny);
        let concedes = holds().any(|entry| entry.speech == Speech::Concede);
        (voice.stands, voice.denies, voice.concedes) = (stands_by, denies, concedes);
    }
    let mut voices: Vec<Voice> = voices.into_values().collect();
    settle_alone(&mut voices, holdings);
    voices
}

/// A voice cannot dispute with itself: where the only voice that takes a side takes both, it is held to its last word.
fn settle_alone(voices: &mut [Voice], holdings: &BTreeMap<i64, Holding>) {
    let mut sided: Vec<&mut Voice> = voices.iter_mut().filter(|voice| voice.stands || voice.denies).collect();
    let [voice] = &mut sided[..] else { return };
    if voice.stands && voice.denies {
        let words = voice.actors.iter().filter_map(|actor| holdings.get(actor)).map(|holding| holding.entry);
        let decisive = words.filter(|entry| stands(entry.speech) || entry.speech == Speech::Deny);
        let last = decisive.max_by_key(|entry| (entry.earliest, entry.latest, entry.seq));
        voice.denies = last.is_some_and(|entry| entry.speech == Speech::Deny);
        voice.stands = !voice.denies;
    }
}

fn status(voices: &[Voice], holdings: &BTreeMap<i64, Holding>, about: Option<i64>, withdrawn: bool) -> Status {
    let concedes = |voice: &Voice| voice.concedes && (voice.denied_once || about.is_some_and(|actor| voice.actors.contains(&actor)));
    let stand = voices.iter().filter(|voice| voice.stands).count();
    let deny = voices.iter().filter(|voice| voice.denies).count();
    // Some voice stands by it and another denies it: only a single voice that does both is no dispute.
    let sided = voices.iter().filter(|voice| voice.stands || voice.denies).count();
    let disputed = stand > 0 && deny > 0 && sided > 1;
    if voices.iter().any(concedes) {
        Status::Conceded
    } else if disputed {
        Status::Disputed
    } else if deny > 0 {
        Status::Denied
    } else if stand > 1 {
        Status::Corroborated
    } else if stand == 1 {
        Status::Asserted
    } else if holdings.values().any(|holding| holding.entry.speech == Speech::Suggest) {
        Status::Suggested
    } else if withdrawn {
        Status::Withdrawn
    } else {
        Status::Open
    }
}
