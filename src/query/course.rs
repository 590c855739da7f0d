//! Courses: what was said of a claim, by which voice, and where the claim stood after each day.

use std::collections::{BTreeMap, HashMap};

use super::claim::ClaimItem;
use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::{Day, Micros, Speech};
use crate::stance::{ClaimStanding, Hearing, SpeechEntry, Status};

/// One utterance about a claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Utterance {
    /// The first point that it may have happened at.
    pub earliest: Micros,
    /// The last one.
    pub latest: Micros,
    /// What was done with the claim.
    pub speech: Speech,
}

/// What a voice said of a claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VoiceCourse {
    /// The names of its actors; whoever spoke first stands first.
    pub names: Vec<String>,
    /// What they said, in valid order; each utterance once, for however many it was said.
    pub utterances: Vec<Utterance>,
}

/// Where a claim stood from a day on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StatusPoint {
    /// The day.
    pub at: Day,
    /// Where it stands after that day.
    pub status: Status,
}

/// A claim through time.
#[derive(Clone, PartialEq, Debug)]
pub struct Course {
    /// The claim as it stands in the end, with verdicts and relations.
    pub claim: ClaimItem,
    /// Who said what, the first to speak first.
    pub voices: Vec<VoiceCourse>,
    /// Where it stood, from each day on which that changed.
    pub statuses: Vec<StatusPoint>,
    /// The names behind the slugs of those who gave a verdict.
    pub reviewers: BTreeMap<String, String>,
    /// What the claims say that it is related to, by slug.
    pub related: BTreeMap<String, String>,
}

impl Snapshot<'_> {
    /// A claim through time, by the number of its slug; nothing where no definition of it is in force.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn course(&self, number: i64) -> Result<Option<Course>, Error> {
        let Some(claim) = self.claim(number)? else { return Ok(None) };
        let entries = self.world.speeches(number, self.when.as_of)?;
        let about = self.world.about(number)?;
        let standing = ClaimStanding::of(&entries, about);
        let (mut reviewers, mut related) = (BTreeMap::new(), BTreeMap::new());
        for verdict in &claim.verdicts {
            if let Some(known) = self.registry().slug(&verdict.reviewer)? {
                reviewers.insert(verdict.reviewer.clone(), self.called(known.number)?);
            }
        }
        for relation in &claim.relations {
            let slug = format!("{}{}", crate::event::CLAIM_PREFIX, relation.claim);
            let known = self.registry().slug(&slug)?;
            if let Some(other) = known.map(|known| self.claim(known.number)).transpose()?.flatten() {
                related.insert(relation.claim.clone(), other.text);
            }
        }
        Ok(Some(Course { voices: self.voices(&entries, &standing)?, statuses: statuses(&entries, about), claim, reviewers, related }))
    }

    fn voices(&self, entries: &[SpeechEntry], standing: &ClaimStanding) -> Result<Vec<VoiceCourse>, Error> {
        let voice_of: HashMap<i64, usize> =
            standing.voices.iter().enumerate().flat_map(|(index, voice)| voice.actors.iter().map(move |actor| (*actor, index))).collect();
        let mut said: Vec<Vec<&SpeechEntry>> = vec![Vec::new(); standing.voices.len()];
        for entry in entries {
            if let Some(index) = voice_of.get(&entry.actor) {
                let own = &mut said[*index];
                // What is said for several actors of one voice is said once.
                if own.last().is_none_or(|last| last.seq != entry.seq) {
                    own.push(entry);
                }
            }
        }
        let mut voices = Vec::new();
        for (voice, own) in standing.voices.iter().zip(said) {
            let Some(first) = own.first() else { continue };
            let others = voice.actors.iter().copied().filter(|actor| *actor != first.speaker);
            let names = [first.speaker].into_iter().chain(others).map(|actor| self.called(actor)).collect::<Result<_, _>>()?;
            let utterances = own.iter().map(|one| Utterance { earliest: one.earliest, latest: one.latest, speech: one.speech }).collect();
            voices.push(((first.earliest, first.latest, first.seq), VoiceCourse { names, utterances }));
        }
        voices.sort_by_key(|(order, _)| *order);
        Ok(voices.into_iter().map(|(_, voice)| voice).collect())
    }
}

/// Where the claim stands after each day on which somebody spoke, as far as that differs from before.
fn statuses(entries: &[SpeechEntry], about: Option<i64>) -> Vec<StatusPoint> {
    let (mut points, mut hearing): (Vec<StatusPoint>, _) = (Vec::new(), Hearing::about(about));
    for (index, entry) in entries.iter().enumerate() {
        hearing.add(entry);
        let at = entry.earliest.day();
        if entries.get(index + 1).is_some_and(|next| next.earliest.day() == at) {
            continue;
        }
        let status = hearing.status();
        if points.last().map_or(Status::Open, |last| last.status) != status {
            points.push(StatusPoint { at, status });
        }
    }
    points
}
