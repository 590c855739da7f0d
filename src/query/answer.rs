//! Answers: where an actor stands on a target, read from the tables of the present or folded for another (T, K).

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::OptionalExtension;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::{Day, EventId, Tier};
use crate::projection::{Class, Span, doing};
use crate::stance::{Deciding, Entry, Fold, Rule, StanceValue, Value};

/// Where an actor stands on a target.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Answer {
    /// The actor's slug.
    pub actor: String,
    /// The target's slug.
    pub target: String,
    /// The stance.
    #[schema(value_type = StanceValue)]
    pub stance: Value,
    /// The tier that decides; nothing where none does.
    #[schema(required = true)]
    pub basis: Option<Tier>,
    /// The rule it was found by.
    pub rule: Rule,
    /// The day since which the stance is so (`..`: since before all days).
    #[schema(required = true, value_type = Option<Day>)]
    pub since: Option<String>,
    /// The last day of what decides.
    #[schema(required = true, value_type = Option<Day>)]
    pub last: Option<String>,
    /// Whether all that decides had certainly happened by the date asked.
    pub certain: bool,
    /// The events that decide, in valid order; empty in brief answers.
    pub decided_by: Vec<EventId>,
    /// Counting events by tier.
    pub counts: BTreeMap<Tier, u64>,
    /// Whether words and deeds are on opposite sides.
    pub gap: bool,
    /// Confirmed full flips.
    pub flips: u32,
    /// How many different speakers stand behind what decides; 0 in brief answers.
    pub voices: u64,
    /// Events of the log whose content was erased.
    pub erased: u64,
    /// The actor's name.
    #[serde(skip)]
    pub actor_name: String,
    /// The target's name.
    #[serde(skip)]
    pub target_name: String,
    /// How many events count.
    #[serde(skip)]
    pub events: u64,
}

/// The little of an answer that comparisons show.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Held {
    /// The stance.
    #[schema(value_type = StanceValue)]
    pub stance: Value,
    /// The tier that decides.
    #[schema(required = true)]
    pub basis: Option<Tier>,
    /// Since when.
    #[schema(required = true, value_type = Option<Day>)]
    pub since: Option<String>,
}

impl Answer {
    /// The stance, what decides it, and since when.
    pub(super) fn held(&self) -> Held {
        Held { stance: self.stance, basis: self.basis, since: self.since.clone() }
    }
}

/// How much of an answer is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Detail {
    /// Everything.
    Full,
    /// Without `decided_by` and `voices`, which take a look at the events.
    Brief,
}

fn written(day: Option<Day>) -> Option<String> {
    day.map(|day| day.to_string())
}

impl Snapshot<'_> {
    /// Where an actor stands on a target (numbers of slugs).
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn answer(&self, actor: i64, target: i64, detail: Detail) -> Result<Answer, Error> {
        let (actor, target) = (self.world.class(actor)?, self.world.class(target)?);
        let fold = self.fold(&actor, &target)?;
        self.answer_of(&fold, &actor, &target, detail)
    }

    /// The fold of a pair: as the tables keep it for the present, made anew for another (T, K).
    pub(super) fn fold(&self, actor: &Class, target: &Class) -> Result<Fold, Error> {
        if self.is_present
            && let Some(fold) = self.stored_fold(actor.canonical, target.canonical)?
        {
            return Ok(fold);
        }
        let mut fold = Fold::default();
        if !self.is_present {
            self.world.entries(actor, target, Span::ALL.until(self.when.as_of), |entry| fold.add(&entry))?;
        }
        Ok(fold)
    }

    fn stored_fold(&self, actor: i64, target: i64) -> Result<Option<Fold>, Error> {
        let reads = doing("reading a standing");
        let conn = self.views.connection();
        let sql = "SELECT fold FROM standing WHERE actor = ?1 AND target = ?2";
        let mut statement = conn.prepare_cached(sql).map_err(reads)?;
        let bytes: Option<Vec<u8>> = statement.query_row((actor, target), |row| row.get(0)).optional().map_err(reads)?;
        let unreadable = |_| crate::projection::Error::Unreadable { what: "a fold" };
        Ok(bytes.map(|bytes| postcard::from_bytes(&bytes)).transpose().map_err(unreadable)?)
    }

    pub(super) fn answer_of(&self, fold: &Fold, actor: &Class, target: &Class, detail: Detail) -> Result<Answer, Error> {
        let standing = fold.standing(self.when.rule);
        let deciding = match detail {
            Detail::Full => self.deciding_entries(actor, target, standing.deciding)?,
            Detail::Brief => Vec::new(),
        };
        let speakers: BTreeSet<i64> = deciding.iter().map(|entry| entry.speaker).collect();
        Ok(Answer {
            stance: standing.value,
            basis: standing.basis,
            rule: self.when.rule,
            since: written(standing.since),
            last: written(standing.last()),
            certain: standing.certain(self.when.as_of),
            decided_by: deciding.iter().map(|entry| self.id(entry.seq)).collect::<Result<_, _>>()?,
            counts: Tier::ALL.iter().copied().zip(fold.counts()).collect(),
            gap: standing.gap,
            flips: standing.flips,
            voices: speakers.len() as u64,
            erased: self.erased(),
            events: fold.events(),
            actor_name: self.called(actor.canonical)?,
            target_name: self.called(target.canonical)?,
            actor: self.slug(actor.canonical)?,
            target: self.slug(target.canonical)?,
        })
    }

    /// The entries that decide, in valid order.
    pub(super) fn deciding_entries(&self, actor: &Class, target: &Class, deciding: Option<Deciding>) -> Result<Vec<Entry>, Error> {
        let Some(deciding) = deciding else { return Ok(Vec::new()) };
        let span = Span::days(deciding.from, deciding.to).until(self.when.as_of);
        let mut entries = Vec::new();
        self.world.entries(actor, target, span, |entry| {
            if deciding.includes(entry.tier, entry.side, entry.day()) {
                entries.push(entry);
            }
        })?;
        Ok(entries)
    }

    /// Everything that an actor has a counting event toward, by the targets' slugs.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn answers_of(&self, actor: i64, detail: Detail) -> Result<Vec<Answer>, Error> {
        let actor = self.world.class(actor)?;
        let others = self.others(&actor, Part::Actor)?;
        self.answers(others.into_iter().map(|target| (actor.canonical, target)), detail)
    }

    /// Everybody who has a counting event toward a target, by the actors' slugs.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn sides(&self, target: i64, detail: Detail) -> Result<Vec<Answer>, Error> {
        let target = self.world.class(target)?;
        let others = self.others(&target, Part::Target)?;
        self.answers(others.into_iter().map(|actor| (actor, target.canonical)), detail)
    }

    fn answers(&self, pairs: impl Iterator<Item = (i64, i64)>, detail: Detail) -> Result<Vec<Answer>, Error> {
        let mut answers = Vec::new();
        for (actor, target) in pairs {
            let answer = self.answer(actor, target, detail)?;
            if answer.events > 0 {
                answers.push(answer);
            }
        }
        answers.sort_by(|a, b| (&a.actor, &a.target).cmp(&(&b.actor, &b.target)));
        Ok(answers)
    }

    /// Every pair that has a counting event, by the actors' slugs, then the targets'.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`], and the visitor's own.
    pub fn every_answer<E: From<Error>>(&self, detail: Detail, mut visit: impl FnMut(Answer) -> Result<(), E>) -> Result<(), E> {
        let mut after = String::new();
        while let Some((slug, number)) = self.next_slug(&after)? {
            if self.world.canonical(number).map_err(Error::from)? == number {
                for answer in self.answers_of(number, detail)? {
                    visit(answer)?;
                }
            }
            after = slug;
        }
        Ok(())
    }

    /// The slug that follows another.
    pub(super) fn next_slug(&self, after: &str) -> Result<Option<(String, i64)>, Error> {
        self.slug_by("SELECT slug, id FROM slug WHERE slug > ?1 ORDER BY slug LIMIT 1", after)
    }

    /// A slug, or the one that would follow it.
    pub(super) fn first_slug_from(&self, from: &str) -> Result<Option<(String, i64)>, Error> {
        self.slug_by("SELECT slug, id FROM slug WHERE slug >= ?1 ORDER BY slug LIMIT 1", from)
    }

    fn slug_by(&self, sql: &str, key: &str) -> Result<Option<(String, i64)>, Error> {
        let reads = doing("walking through the slugs");
        let mut statement = self.views.connection().prepare_cached(sql).map_err(reads)?;
        Ok(statement.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(reads)?)
    }

    pub(super) fn targets_of(&self, actor: &Class) -> Result<BTreeSet<i64>, Error> {
        self.others(actor, Part::Actor)
    }

    pub(super) fn actors_toward(&self, target: &Class) -> Result<BTreeSet<i64>, Error> {
        self.others(target, Part::Target)
    }

    /// The canonical others that an entity may have entries with, as known at K.
    pub(super) fn others(&self, class: &Class, part: Part) -> Result<BTreeSet<i64>, Error> {
        let mut others = BTreeSet::new();
        for member in &class.members {
            self.add_listed(&mut others, *member, part)?;
        }
        if !self.is_present {
            self.add_carried(&mut others, class, part)?;
        }
        others.into_iter().map(|slug| Ok(self.world.canonical(slug)?)).collect()
    }

    /// All slugs of those that the tables list beside a slug. The tables list pairs by the merges of the present; at
    /// another K, the slugs may be grouped otherwise.
    fn add_listed(&self, others: &mut BTreeSet<i64>, slug: i64, part: Part) -> Result<(), Error> {
        for now in self.numbers("SELECT canon FROM slug WHERE id = ?1", slug)? {
            for other in self.numbers(part.others(), now)? {
                // Who stands beside several slugs, as voters do beside motions, was added with the first of them.
                if others.contains(&other) {
                    continue;
                }
                others.extend(self.numbers("SELECT id FROM slug WHERE id = ?1 OR (canon = ?1 AND canon <> id)", other)?);
            }
        }
        Ok(())
    }

    /// What votes on motions counted toward at another time than the present.
    fn add_carried(&self, others: &mut BTreeSet<i64>, class: &Class, part: Part) -> Result<(), Error> {
        match part {
            Part::Actor => {
                for slug in others.clone() {
                    // A vote on one slug of a motion counts toward what another of its slugs stands for.
                    for motion in &self.world.class(slug)?.members {
                        others.extend(self.numbers("SELECT target FROM stands_for WHERE motion = ?1", *motion)?);
                    }
                }
            }
            Part::Target => {
                for member in &class.members {
                    for motion in self.numbers("SELECT DISTINCT motion FROM stands_for WHERE target = ?1", *member)? {
                        for one in &self.world.class(motion)?.members {
                            self.add_listed(others, *one, part)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn numbers(&self, sql: &str, key: i64) -> Result<Vec<i64>, Error> {
        let reads = doing("looking for pairs");
        let mut statement = self.views.connection().prepare_cached(sql).map_err(reads)?;
        Ok(statement.query_map([key], |row| row.get(0)).and_then(Iterator::collect).map_err(reads)?)
    }
}

/// Which part of a pair is given.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Actor,
    Target,
}

impl Part {
    fn others(self) -> &'static str {
        match self {
            Part::Actor => "SELECT target FROM standing WHERE actor = ?1",
            Part::Target => "SELECT actor FROM standing WHERE target = ?1",
        }
    }
}
