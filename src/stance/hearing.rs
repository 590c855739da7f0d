//! A hearing: the utterances about a claim, taken in one after another, and where the claim stands after each.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::claim::{ClaimStanding, Holding, SpeechEntry, Status, Voice};
use crate::event::{Micros, Speech};

/// The utterances about a claim so far. Each is taken in, and the status told, in a time that grows with how many came before
/// as the depth of a balanced tree does.
#[derive(Clone, Debug, Default)]
pub struct Hearing {
    about: Option<i64>,
    holdings: BTreeMap<i64, Holding>,
    stood_once: BTreeSet<i64>,
    withdrawn_by: BTreeSet<i64>,
    questioned_by: BTreeSet<i64>,
    /// Who speaks for whom: from each actor toward the one that stands for their voice.
    joined: HashMap<i64, i64>,
    voices: HashMap<i64, Tally>,
    /// The words that stand by the claim or deny it, in valid order, with whether they deny.
    sided_words: BTreeMap<(Micros, Micros, i64, i64), bool>,
    suggesting: usize,
    counts: Counts,
}

/// What the actors of one voice hold.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    actors: usize,
    standing: usize,
    denying: usize,
    conceding: usize,
    denied_once: bool,
}

/// How many voices do what.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    stand: usize,
    deny: usize,
    sided: usize,
    concede: usize,
}

/// Whether the speech stands by the claim.
fn stands(speech: Speech) -> bool {
    match speech {
        Speech::Assert | Speech::Confirm | Speech::Concede => true,
        Speech::Suggest | Speech::Deny | Speech::Question | Speech::Comment | Speech::Withdraw => false,
    }
}

impl Tally {
    /// Takes in (or takes back) a word that some actor of the voice holds.
    fn count(&mut self, speech: Speech, by: impl Fn(&mut usize)) {
        if stands(speech) {
            by(&mut self.standing);
        }
        if speech == Speech::Deny {
            by(&mut self.denying);
        }
        if speech == Speech::Concede {
            by(&mut self.conceding);
        }
    }

    fn join(&mut self, other: Tally) {
        self.actors += other.actors;
        self.standing += other.standing;
        self.denying += other.denying;
        self.conceding += other.conceding;
        self.denied_once |= other.denied_once;
    }
}

impl Hearing {
    /// Nothing heard yet of a claim about an actor.
    pub fn about(about: Option<i64>) -> Self {
        Self { about, ..Self::default() }
    }

    /// Takes in an utterance; they come in valid order.
    pub fn add(&mut self, entry: &SpeechEntry) {
        let voice = self.join(entry.actor, entry.speaker);
        self.count_voice(voice, |count| *count -= 1);
        self.voices.entry(voice).or_default().denied_once |= entry.speech == Speech::Deny;
        match entry.speech {
            Speech::Comment => {}
            Speech::Question => {
                self.questioned_by.insert(entry.actor);
            }
            Speech::Withdraw => {
                self.hold(voice, entry.actor, None);
                if self.stood_once.contains(&entry.actor) {
                    self.withdrawn_by.insert(entry.actor);
                }
            }
            Speech::Assert | Speech::Confirm | Speech::Concede | Speech::Suggest | Speech::Deny => {
                self.hold(voice, entry.actor, Some(*entry));
                if stands(entry.speech) {
                    self.stood_once.insert(entry.actor);
                    self.withdrawn_by.remove(&entry.actor);
                }
            }
        }
        self.count_voice(voice, |count| *count += 1);
    }

    /// Where the claim stands by now.
    pub fn status(&self) -> Status {
        let Counts { mut stand, mut deny, sided, concede } = self.counts;
        // A voice cannot dispute with itself: where it alone takes a side, it is held to its last word.
        if sided == 1 && stand > 0 && deny > 0 {
            (stand, deny) = if self.last_word_denies() { (0, 1) } else { (1, 0) };
        }
        if concede > 0 {
            Status::Conceded
        } else if stand > 0 && deny > 0 {
            Status::Disputed
        } else if deny > 0 {
            Status::Denied
        } else if stand > 1 {
            Status::Corroborated
        } else if stand == 1 {
            Status::Asserted
        } else if self.suggesting > 0 {
            Status::Suggested
        } else if !self.withdrawn_by.is_empty() {
            Status::Withdrawn
        } else {
            Status::Open
        }
    }

    /// Everything that the utterances come to.
    pub fn standing(self) -> ClaimStanding {
        let (status, voices) = (self.status(), self.told_voices());
        let Self { holdings, questioned_by, withdrawn_by, .. } = self;
        ClaimStanding { status, voices, holdings, questioned_by, withdrawn_by }
    }

    fn told_voices(&self) -> Vec<Voice> {
        let mut voices: BTreeMap<i64, Voice> = BTreeMap::new();
        for actor in self.joined.keys() {
            voices.entry(self.voice_of(*actor)).or_default().actors.insert(*actor);
        }
        for (of, voice) in &mut voices {
            let tally = self.voices.get(of).copied().unwrap_or_default();
            voice.stands = tally.standing > 0;
            voice.denies = tally.denying > 0;
            if voice.stands && voice.denies && self.counts.sided == 1 {
                (voice.stands, voice.denies) = (!self.last_word_denies(), self.last_word_denies());
            }
        }
        let mut told: Vec<Voice> = voices.into_values().collect();
        told.sort_by_key(|voice| voice.actors.first().copied());
        told
    }

    /// Whether the last word that takes a side denies the claim.
    fn last_word_denies(&self) -> bool {
        self.sided_words.last_key_value().is_some_and(|(_, denies)| *denies)
    }

    /// Has an actor hold a word, or none any more.
    fn hold(&mut self, voice: i64, actor: i64, word: Option<SpeechEntry>) {
        let before = match word {
            Some(entry) => self.holdings.insert(actor, Holding { entry }),
            None => self.holdings.remove(&actor),
        };
        let tally = self.voices.entry(voice).or_default();
        if let Some(Holding { entry }) = before {
            tally.count(entry.speech, |count| *count -= 1);
            self.sided_words.remove(&(entry.earliest, entry.latest, entry.seq, actor));
            self.suggesting -= usize::from(entry.speech == Speech::Suggest);
        }
        if let Some(entry) = word {
            tally.count(entry.speech, |count| *count += 1);
            if stands(entry.speech) || entry.speech == Speech::Deny {
                self.sided_words.insert((entry.earliest, entry.latest, entry.seq, actor), entry.speech == Speech::Deny);
            }
            self.suggesting += usize::from(entry.speech == Speech::Suggest);
        }
    }

    /// Counts a voice among those that do what it does, or out of them.
    fn count_voice(&mut self, voice: i64, by: impl Fn(&mut usize)) {
        let Some(tally) = self.voices.get(&voice).copied() else { return };
        let is_concerned = tally.denied_once || self.about.is_some_and(|about| self.voice_of(about) == voice);
        let Counts { stand, deny, sided, concede } = &mut self.counts;
        let does = [
            (stand, tally.standing > 0),
            (deny, tally.denying > 0),
            (sided, tally.standing + tally.denying > 0),
            (concede, tally.conceding > 0 && is_concerned),
        ];
        does.into_iter().filter(|(_, does)| *does).for_each(|(count, _)| by(count));
    }

    /// Makes one voice of an actor and whoever spoke; the voice.
    fn join(&mut self, actor: i64, speaker: i64) -> i64 {
        let [one, other] = [actor, speaker].map(|one| {
            if let Entry::Vacant(new) = self.joined.entry(one) {
                new.insert(one);
                self.voices.insert(one, Tally { actors: 1, ..Tally::default() });
            }
            self.voice_of(one)
        });
        if one == other {
            return one;
        }
        // The voice of fewer goes into that of more: so no way through them is long, whoever speaks for whom.
        let size = |voice: &i64| self.voices.get(voice).map_or(0, |tally| tally.actors);
        let (from, into) = if size(&one) > size(&other) { (other, one) } else { (one, other) };
        for voice in [from, into] {
            self.count_voice(voice, |count| *count -= 1);
        }
        self.joined.insert(from, into);
        let moved = self.voices.remove(&from).unwrap_or_default();
        self.voices.entry(into).or_default().join(moved);
        self.count_voice(into, |count| *count += 1);
        into
    }

    /// The actor that stands for an actor's voice.
    fn voice_of(&self, actor: i64) -> i64 {
        let mut at = actor;
        while let Some(&up) = self.joined.get(&at)
            && up != at
        {
            at = up;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_voice_is_short_whoever_speaks_for_whom() {
        let said = |actor: i64, speaker: i64| SpeechEntry {
            seq: actor,
            actor,
            speaker,
            speech: Speech::Assert,
            earliest: Micros(actor),
            latest: Micros(actor),
        };
        let mut hearing = Hearing::about(Some(1));
        for actor in 1..4_096 {
            hearing.add(&said(actor, actor + 1));
        }
        let longest =
            (1..4_096).map(|actor| std::iter::successors(Some(actor), |at| hearing.joined.get(at).filter(|up| *up != at).copied()).count());
        assert!(longest.max().unwrap() <= 13, "a chain of speakers is no chain of steps");
        let standing = hearing.standing();
        assert_eq!((standing.status, standing.voices.len(), standing.voices[0].actors.len()), (Status::Asserted, 1, 4_096));
    }
}
