//! Lanes: an actor's stances through time, one lane a target, with the events that they follow from.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::error::Error;
use super::history::{AllegedItem, SpeechItem};
use super::snapshot::Snapshot;
use crate::event::{Day, Micros, Role, Side, Tier};
use crate::projection::{Class, Span};
use crate::stance::{Change, Fold, Grade, Order, Value};

/// Events of one kind at one time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Mark {
    /// The first point that they may have happened at.
    pub earliest: Micros,
    /// The last one.
    pub latest: Micros,
    /// How strongly they tell.
    pub tier: Tier,
    /// The side that they take.
    pub side: Option<Side>,
    /// How many they are.
    pub count: u64,
}

/// One change of a stance.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Turn {
    /// The day after which the answer differs.
    pub at: Day,
    /// The stance before.
    pub from: Value,
    /// The stance after.
    pub to: Value,
    /// The tier that decides after it.
    pub basis: Option<Tier>,
    /// Whether what decided before certainly came before.
    pub order: Order,
    /// The grade, where it is a flip.
    pub flip: Option<Grade>,
    /// Whether the flip is confirmed.
    pub confirmed: bool,
    /// The last point that the events which made it may have happened at.
    pub settled: Micros,
}

/// Words on one side, deeds on the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parting {
    /// What is declared.
    pub declared: Value,
    /// The last day of the words that decide.
    pub declared_last: Day,
    /// What is enacted.
    pub enacted: Value,
    /// The last day of the deeds that decide.
    pub enacted_last: Day,
}

/// An actor's stance toward one target through time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lane {
    /// The target's slug.
    pub target: String,
    /// Its name.
    pub target_name: String,
    /// What is held in the end.
    pub value: Value,
    /// The tier that decides it.
    pub basis: Option<Tier>,
    /// How many events count.
    pub events: u64,
    /// The events, in valid order.
    pub marks: Vec<Mark>,
    /// The changes of stance, in valid order.
    pub turns: Vec<Turn>,
    /// Where words and deeds part in the end.
    pub gap: Option<Parting>,
}

/// An actor's stances through time.
#[derive(Clone, PartialEq, Debug)]
pub struct Lanes {
    /// The actor's slug.
    pub actor: String,
    /// Its name.
    pub actor_name: String,
    /// The one target that is asked for.
    pub target_name: Option<String>,
    /// The offices and the like that it held.
    pub roles: Vec<Role>,
    /// Its targets, those with the most events first.
    pub lanes: Vec<Lane>,
    /// How many further targets it has events toward.
    pub others: u64,
    /// What it did with claims, in valid order.
    pub speeches: Vec<SpeechItem>,
    /// What others say that it did, in valid order.
    pub alleged: Vec<AllegedItem>,
    /// The names behind the slugs that `alleged` names.
    pub names: BTreeMap<String, String>,
}

impl Lanes {
    /// Whether there is anything to tell: an event that counts, a word on a claim, an allegation.
    pub fn has_any(&self) -> bool {
        !(self.lanes.is_empty() && self.speeches.is_empty() && self.alleged.is_empty())
    }
}

impl Snapshot<'_> {
    /// An actor's stances through time, toward one target or those with the most events, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn lanes(&self, actor: i64, target: Option<i64>, limit: usize) -> Result<Lanes, Error> {
        let of = self.world.class(actor)?;
        let mut counted = Vec::new();
        for (_, target) in self.pairs(Some(actor), target)? {
            let events = self.events_toward(&of, target)?;
            if events > 0 {
                counted.push((Reverse(events), self.slug(target)?, target));
            }
        }
        counted.sort();
        let others = counted.len().saturating_sub(limit) as u64;
        let lanes = counted.into_iter().take(limit).map(|(_, _, target)| self.lane(&of, target)).collect::<Result<_, _>>()?;
        let toward = target.map(|target| self.world.class(target)).transpose()?;
        let (mut alleged, mut speeches) = (self.alleged(actor)?, self.speech_items(actor, target)?);
        alleged.sort_by_key(|one| one.order);
        speeches.sort_by_key(|one| (one.order, one.seq));
        if let Some(toward) = &toward {
            let slugs = self.slugs_of(toward.canonical)?;
            alleged.retain(|one| slugs.contains(&one.target));
        }
        let names = self.names_in(&alleged)?;
        Ok(Lanes {
            actor: self.slug(of.canonical)?,
            actor_name: self.called(of.canonical)?,
            target_name: toward.map(|toward| self.called(toward.canonical)).transpose()?,
            roles: self.entity(of.canonical)?.map(|item| item.roles).unwrap_or_default(),
            lanes,
            others,
            speeches,
            alleged,
            names,
        })
    }

    /// How many events of an actor toward a target count.
    fn events_toward(&self, actor: &Class, target: i64) -> Result<u64, Error> {
        Ok(self.fold(actor, &*self.world.class(target)?)?.events())
    }

    fn lane(&self, actor: &Class, target: i64) -> Result<Lane, Error> {
        let toward = self.world.class(target)?;
        let (mut fold, mut counts) = (Fold::default(), BTreeMap::new());
        self.world.entries(actor, &toward, Span::ALL.until(self.when.as_of), |entry| {
            fold.add(&entry);
            *counts.entry((entry.earliest, entry.latest, entry.tier, entry.side)).or_default() += 1;
        })?;
        let one = |((earliest, latest, tier, side), count)| Mark { earliest, latest, tier, side, count };
        let marks: Vec<Mark> = counts.into_iter().map(one).collect();
        let turns = fold.changes(self.when.rule).iter().map(|change| turn(change, &marks)).collect();
        let alone = |tier| fold.tier_alone(tier, self.when.rule);
        let gap = match (alone(Tier::Declared), alone(Tier::Enacted)) {
            (Some((declared, words)), Some((enacted, deeds))) if declared.opposes(enacted) => {
                Some(Parting { declared, declared_last: words.to, enacted, enacted_last: deeds.to })
            }
            (Some(_) | None, Some(_) | None) => None,
        };
        let (target, target_name) = (self.slug(toward.canonical)?, self.called(toward.canonical)?);
        let standing = fold.standing(self.when.rule);
        let (value, basis, events) = (standing.value, standing.basis, fold.events());
        Ok(Lane { target, target_name, value, basis, events, marks, turns, gap })
    }

    fn names_in(&self, alleged: &[AllegedItem]) -> Result<BTreeMap<String, String>, Error> {
        let mut names = BTreeMap::new();
        for one in alleged {
            for slug in one.alleged_by.iter().chain(&one.denied_by).chain([&one.target]) {
                if let Some(known) = self.registry().slug(slug)? {
                    names.insert(slug.clone(), self.called(known.number)?);
                }
            }
        }
        Ok(names)
    }
}

fn turn(change: &Change, marks: &[Mark]) -> Turn {
    let made_it = marks.iter().filter(|mark| mark.earliest.day() == change.at && Some(mark.tier) == change.basis.1);
    let settled = made_it.map(|mark| mark.latest).max().unwrap_or(change.at.last());
    let Change { at, from, to, order, flip, .. } = *change;
    Turn { at, from, to, basis: change.basis.1, order, flip, confirmed: change.confirmed(), settled }
}
