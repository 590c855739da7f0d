//! Intake: one event after another into the tables, noting what it makes stale.

use std::collections::{BTreeSet, HashMap};

use rusqlite::Connection;

use super::arrival::{Arrived, Packed};
use super::entries::{ActRow, slug_number};
use super::error::{Error, doing};
use super::kept::KeptCorrections;
use super::world::World;
use crate::event::{Action, Alias, Body, CLAIM_PREFIX, Claim, Entity, Event, Meaning, Micros, Occurred, TargetRef, fold_name};
use crate::event::{StanceGlance, glance};
use crate::log::{self, Reader, Seq};

/// Slugs and actions whose numbers are kept in memory; more than that, and the memory is emptied.
const NUMBERS_MAX: usize = 100_000;

/// A stance event toward an entity that this chunk brings, once for each actor whom it counts for; small, for a chunk has
/// many.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Fresh {
    actor: u32,
    target: u32,
    earliest: i64,
    latest: i64,
    seq: i64,
    action: u32,
    speaker: u32,
}

impl Fresh {
    fn new(actor: i64, target: i64, act: ActRow) -> Result<Self, Error> {
        let small = |number: i64| u32::try_from(number).map_err(|_| Error::Unreadable { what: "a number beyond 4 billion" });
        let (actor, target, action, speaker) = (small(actor)?, small(target)?, small(act.action)?, small(act.speaker)?);
        Ok(Self { actor, target, earliest: act.earliest, latest: act.latest, seq: act.seq, action, speaker })
    }

    /// The slugs of actor and target.
    pub(super) fn pair(&self) -> (i64, i64) {
        (self.actor.into(), self.target.into())
    }

    pub(super) fn act(&self, stale: &Stale) -> ActRow {
        let (action, speaker) = (self.action.into(), self.speaker.into());
        let touched = stale.touched.contains(&self.seq);
        ActRow { earliest: self.earliest, latest: self.latest, seq: self.seq, action, speaker, touched }
    }
}

/// What a chunk of events makes stale.
#[derive(Default)]
pub(super) struct Stale {
    /// New acts, whose pairs need only go on.
    pub(super) fresh: Vec<Fresh>,
    /// Pairs of slugs whose fold must be made anew.
    pub(super) pairs: BTreeSet<(i64, i64)>,
    /// Slugs whose entity may be another one now.
    pub(super) merged: BTreeSet<i64>,
    /// Actions whose meaning may be another one now.
    pub(super) actions: BTreeSet<i64>,
    /// Motions that may stand for something else now.
    pub(super) motions: BTreeSet<i64>,
    /// Slugs whose name or kind may be another one now.
    pub(super) named: BTreeSet<i64>,
    /// Claims whose standing may be another one now.
    pub(super) claims: BTreeSet<i64>,
    /// Those of them whose definitions were taken back or restored.
    pub(super) touched_actions: BTreeSet<i64>,
    /// Events that have been marked as stale.
    pub(super) seen: BTreeSet<Seq>,
    /// Stance events whose being out may be another now.
    pub(super) touched: BTreeSet<i64>,
    /// The last erasure that came by: what it destroyed may stand in the views.
    pub(super) erased_at: Option<Seq>,
}

/// The numbers of slugs and actions that were looked up or given.
#[derive(Default)]
pub(super) struct Numbers {
    slugs: HashMap<String, i64>,
    actions: HashMap<String, i64>,
}

/// Takes events in.
pub(super) struct Intake<'a> {
    conn: &'a Connection,
    pub(super) reader: Reader<'a>,
    pub(super) kept: KeptCorrections,
    numbers: &'a mut Numbers,
    /// The last date that was read: events mostly come by the day.
    last_date: Option<Occurred>,
    pub(super) stale: Stale,
}

impl<'a> Intake<'a> {
    pub(super) fn new(conn: &'a Connection, reader: Reader<'a>, numbers: &'a mut Numbers) -> Self {
        let (kept, last_date, stale) = Default::default();
        Self { conn, reader, kept, numbers, last_date, stale }
    }

    /// Takes in one row of the log; of one whose content was erased, nothing is left but what it corrects.
    pub(super) fn take(&mut self, row: &log::Row) -> Result<(), Error> {
        let Some(body) = &row.body else { return self.correct(row) };
        let damaged = |e: serde_json::Error| log::Error::Damaged { seq: row.seq, reason: format!("its body is no event: {e}") };
        match glance(body).map_err(damaged)? {
            Some(stance) => {
                let (earliest, latest) = self.bounds(row.seq, &stance.occurred)?;
                self.take_stance(row.seq, &stance, earliest, latest)
            }
            None => row.event()?.map_or(Ok(()), |event| self.take_event(row.seq, &event)),
        }
    }

    /// Takes in events behind a place that need not be read, some of those of a commit.
    pub(super) fn receive(&mut self, commit: &Packed, events: &[Arrived], after: Seq) -> Result<(), Error> {
        let (slugs, actions): (Vec<&str>, Vec<&str>) = (commit.slugs.lines().collect(), commit.actions.lines().collect());
        // Those of them that were looked up: slugs with their numbers and whether they are claims, and words with theirs.
        let mut known_slugs: Vec<Option<(i64, bool)>> = vec![None; slugs.len()];
        let mut known_actions: Vec<Option<i64>> = vec![None; actions.len()];
        let mut seq = after;
        for arrived in events {
            seq = seq.next();
            let stance = match arrived {
                Arrived::Stance(stance) => stance,
                Arrived::Stored(row) => {
                    self.take(row)?;
                    continue;
                }
            };
            let (actor, _) = self.arrived_slug(&slugs, &mut known_slugs, stance.actor)?;
            let (target, toward_claim) = self.arrived_slug(&slugs, &mut known_slugs, stance.target)?;
            let place = stance.action as usize;
            let action = match known_actions[place] {
                Some(action) => action,
                None => *known_actions[place].insert(self.action_number(actions[place])?),
            };
            let act = ActRow { earliest: stance.earliest.0, latest: stance.latest.0, seq: seq.0, action, speaker: actor, touched: false };
            self.act(actor, target, toward_claim, act)?;
        }
        Ok(())
    }

    fn arrived_slug(&mut self, slugs: &[&str], known: &mut [Option<(i64, bool)>], place: u32) -> Result<(i64, bool), Error> {
        let place = place as usize;
        if let Some(known) = known[place] {
            return Ok(known);
        }
        Ok(*known[place].insert((self.slug(slugs[place])?, is_claim(slugs[place]))))
    }

    fn take_stance(&mut self, seq: Seq, stance: &StanceGlance<'_>, earliest: Micros, latest: Micros) -> Result<(), Error> {
        self.stance(seq, stance, earliest, latest)?;
        self.searchable(2, seq.0, seq, stance.note.as_deref().unwrap_or_default())?;
        stance.replaces.map_or(Ok(()), |earlier| self.supersede(earlier, seq, 1))
    }

    /// Takes in what an erased event goes on taking back or superseding, from its place on, as if it were still there.
    fn correct(&mut self, row: &log::Row) -> Result<(), Error> {
        let Some(kept) = self.kept.of(self.reader, row)? else { return Ok(()) };
        kept.retracts.map_or(Ok(()), |earlier| self.supersede(earlier, row.seq, 0))?;
        kept.replaces.map_or(Ok(()), |earlier| self.supersede(earlier, row.seq, 1))
    }

    fn take_event(&mut self, seq: Seq, event: &Event) -> Result<(), Error> {
        self.run("INSERT INTO other VALUES (?1, ?2)", (event.body.event_type().number(), seq.0))?;
        match &event.body {
            // A stance event was taken at a glance.
            Body::Stance(_) => {}
            Body::Entity(entity) => self.entity(seq, entity)?,
            Body::Claim(claim) => self.claim(seq, claim)?,
            Body::Verdict(verdict) => {
                let claim = self.slug(&format!("{CLAIM_PREFIX}{}", verdict.claim))?;
                let reviewer = self.slug(&verdict.reviewer)?;
                self.run("INSERT INTO verdict VALUES (?1, ?2, ?3)", (claim, seq.0, reviewer))?;
            }
            Body::Merge(merge) => {
                let (from, into) = (self.slug(&merge.from)?, self.slug(&merge.into)?);
                self.run("INSERT INTO merge VALUES (?1, ?2, ?3)", (seq.0, from, into))?;
                self.stale.merged.extend([from, into]);
            }
            Body::Action(action) => self.action(seq, action)?,
            Body::Vocabulary(vocabulary) => {
                for action in &vocabulary.actions {
                    self.action(seq, action)?;
                }
            }
            Body::Source(source) => {
                let slug = self.slug(&format!("source:{}", source.source))?;
                self.run("INSERT INTO definition VALUES (?1, ?2)", (slug, seq.0))?;
            }
            Body::Retract(retract) => self.supersede(retract.event, seq, 0)?,
            Body::Erase(_) => self.stale.erased_at = Some(seq),
        }
        self.searchable(2, seq.0, seq, event.common.note.as_deref().unwrap_or_default())?;
        match event.common.replaces {
            Some(earlier) => self.supersede(earlier, seq, 1),
            None => Ok(()),
        }
    }

    pub(super) fn run(&self, sql: &str, row: impl rusqlite::Params) -> Result<(), Error> {
        let takes = doing("taking an event into the views");
        self.conn.prepare_cached(sql).and_then(|mut s| s.execute(row)).map(|_| ()).map_err(takes)
    }

    /// The number of a slug, given to it now where it has none.
    pub(super) fn slug(&mut self, slug: &str) -> Result<i64, Error> {
        if let Some(number) = self.numbers.slugs.get(slug) {
            return Ok(*number);
        }
        let number = match slug_number(self.conn, slug)? {
            Some(number) => number,
            None => {
                self.run("INSERT INTO slug (slug, canon) VALUES (?1, (SELECT ifnull(max(id), 0) + 1 FROM slug))", [slug])?;
                self.conn.last_insert_rowid()
            }
        };
        if self.numbers.slugs.len() >= NUMBERS_MAX {
            self.numbers.slugs.clear();
        }
        self.numbers.slugs.insert(slug.to_owned(), number);
        Ok(number)
    }

    pub(super) fn action_number(&mut self, action: &str) -> Result<i64, Error> {
        if let Some(number) = self.numbers.actions.get(action) {
            return Ok(*number);
        }
        self.run("INSERT INTO action (action) VALUES (?1) ON CONFLICT DO NOTHING", [action])?;
        let reads = doing("looking up an action");
        let find = |row: &rusqlite::Row<'_>| row.get(0);
        let number = self
            .conn
            .prepare_cached("SELECT id FROM action WHERE action = ?1")
            .and_then(|mut s| s.query_row([action], find))
            .map_err(reads)?;
        if self.numbers.actions.len() >= NUMBERS_MAX {
            self.numbers.actions.clear();
        }
        self.numbers.actions.insert(action.to_owned(), number);
        Ok(number)
    }

    /// The bounds of a date.
    fn bounds(&mut self, seq: Seq, date: &str) -> Result<(Micros, Micros), Error> {
        let occurred = match self.last_date.take().filter(|last| last.as_str() == date) {
            Some(last) => last,
            None => Occurred::parse(date).map_err(|e| log::Error::Damaged { seq, reason: format!("its body is no event: {e}") })?,
        };
        let bounds = (occurred.earliest(), occurred.latest());
        self.last_date = Some(occurred);
        Ok(bounds)
    }

    fn stance(&mut self, seq: Seq, stance: &StanceGlance<'_>, earliest: Micros, latest: Micros) -> Result<(), Error> {
        let (actor, action) = (self.slug(&stance.actor)?, self.action_number(&stance.action)?);
        let target = self.slug(&stance.target)?;
        let mut actors = vec![actor];
        for principal in &stance.on_behalf_of {
            let principal = self.slug(principal)?;
            if !actors.contains(&principal) {
                actors.push(principal);
            }
        }
        let act = ActRow { earliest: earliest.0, latest: latest.0, seq: seq.0, action, speaker: actor, touched: false };
        let toward_claim = is_claim(&stance.target);
        actors.into_iter().try_for_each(|actor| self.act(actor, target, toward_claim, act))
    }

    /// Notes an act of one of those whom it counts for.
    fn act(&mut self, actor: i64, target: i64, toward_claim: bool, act: ActRow) -> Result<(), Error> {
        if !toward_claim {
            self.stale.fresh.push(Fresh::new(actor, target, act)?);
            return Ok(());
        }
        self.stale.claims.insert(target);
        let row = (target, act.earliest, act.latest, act.seq, actor, act.action, act.speaker);
        self.run("INSERT INTO speech VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)", row)
    }

    /// Stores the chunk's acts; sorted, so that the table is filled from left to right.
    pub(super) fn store_fresh(&mut self) -> Result<(), Error> {
        self.stale.fresh.sort_unstable();
        let takes = doing("taking acts into the views");
        let mut statement = self.conn.prepare_cached("INSERT INTO act VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)").map_err(takes)?;
        for one in &self.stale.fresh {
            let ((actor, target), act) = (one.pair(), one.act(&self.stale));
            let row = (actor, target, act.earliest, act.latest, act.seq, act.action, act.speaker, act.touched);
            statement.execute(row).map_err(takes)?;
        }
        Ok(())
    }

    fn entity(&mut self, seq: Seq, entity: &Entity) -> Result<(), Error> {
        let slug = self.slug(&entity.entity)?;
        self.run("INSERT INTO definition VALUES (?1, ?2)", (slug, seq.0))?;
        self.name(&entity.name, slug, seq, (None, None, None))?;
        for alias in &entity.aliases {
            match alias {
                Alias::Always(name) => self.name(name, slug, seq, (None, None, None))?,
                Alias::Within(limits) => {
                    let within = (limits.from.as_ref(), limits.to.as_ref(), limits.source.as_deref());
                    self.name(&limits.name, slug, seq, within)?;
                }
            }
        }
        let names: Vec<&str> = std::iter::once(entity.name.as_str()).chain(entity.aliases.iter().map(Alias::name)).collect();
        self.searchable(0, slug, seq, &names.join("\n"))?;
        for (place, stands_for) in entity.stands_for.iter().enumerate() {
            let target = self.slug(&stands_for.target)?;
            let row = (slug, seq.0, place as i64, target, stands_for.side.number());
            self.run("INSERT INTO stands_for VALUES (?1, ?2, ?3, ?4, ?5)", row)?;
            self.stale.motions.insert(slug);
        }
        // The latest definition holds; where an earlier one comes to hold again, the slug is stale (see `settle_words`).
        self.run("UPDATE slug SET kind = ?2, name = ?3 WHERE id = ?1", (slug, entity.kind.number(), entity.name.as_str()))
    }

    fn name(&self, name: &str, slug: i64, seq: Seq, within: (Option<&Occurred>, Option<&Occurred>, Option<&str>)) -> Result<(), Error> {
        let (from, to, source) = within;
        let from = from.map_or(Micros::MIN, Occurred::earliest);
        let to = to.map_or(Micros::MAX, Occurred::latest);
        let row = (fold_name(name), slug, seq.0, from.0, to.0, source.unwrap_or_default());
        self.run("INSERT INTO name VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING", row)
    }

    fn claim(&mut self, seq: Seq, claim: &Claim) -> Result<(), Error> {
        let slug = self.slug(&format!("{CLAIM_PREFIX}{}", claim.claim))?;
        self.run("INSERT INTO definition VALUES (?1, ?2)", (slug, seq.0))?;
        if let Some(about) = &claim.about {
            let (actor, target) = (self.slug(&about.actor)?, self.slug(&about.target)?);
            let action = self.action_number(&about.action)?;
            self.run("INSERT INTO about VALUES (?1, ?2, ?3, ?4, ?5)", (actor, slug, seq.0, target, action))?;
        }
        for relation in &claim.relations {
            let other = self.slug(&format!("{CLAIM_PREFIX}{}", relation.claim))?;
            self.run("INSERT INTO relation VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", (slug, seq.0, other))?;
        }
        self.searchable(1, slug, seq, &claim.text)?;
        self.stale.claims.insert(slug);
        Ok(())
    }

    /// Makes a text findable as what it is: a name (0), a claim (1), a note (2).
    fn searchable(&self, kind: i64, of: i64, seq: Seq, text: &str) -> Result<(), Error> {
        if text.is_empty() { Ok(()) } else { self.run("INSERT INTO search VALUES (?1, ?2, ?3, ?4)", (text, kind, of, seq.0)) }
    }

    fn action(&mut self, seq: Seq, action: &Action) -> Result<(), Error> {
        let number = self.action_number(&action.action)?;
        let Some(meaning) = action.meaning().map(Meaning::code) else { return Ok(()) };
        let row = (number, seq.0, action.label.as_str(), meaning);
        let sql = "INSERT INTO action_definition VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET label = ?3, meaning = ?4";
        self.run(sql, row)?;
        self.stale.actions.insert(number);
        Ok(())
    }

    /// Brings the names, kinds and words of the present up to date.
    pub(super) fn settle_words(&self, world: &World<'_>) -> Result<(), Error> {
        for slug in &self.stale.named {
            let latest = world.definitions(*slug)?.first().copied();
            let row = latest.map(|seq| self.reader.at(seq)).transpose()?.flatten();
            let (kind, name) = match row.map(|row| row.event()).transpose()?.flatten().map(|event| event.body) {
                Some(Body::Entity(entity)) => (Some(entity.kind.number()), Some(entity.name)),
                Some(_) | None => (None, None),
            };
            self.run("UPDATE slug SET kind = ?2, name = ?3 WHERE id = ?1", (slug, kind, name))?;
        }
        for action in &self.stale.actions {
            let definition = world.definition_of(*action)?;
            let (label, meaning) = definition.map_or((None, None), |(label, meaning)| (Some(label), Some(meaning)));
            self.run("UPDATE action SET label = ?2, meaning = ?3 WHERE id = ?1", (action, label, meaning))?;
        }
        Ok(())
    }
}

fn is_claim(target: &str) -> bool {
    matches!(TargetRef::of(target), TargetRef::Claim(_))
}
