//! What is known at a place in the log: which events are out, who is who, what words mean, what motions stand for.
//!
//! Everything is asked of the tables when it is needed and kept for the rest of the question; nothing is loaded whole.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension};

use super::error::{Error, doing};
use crate::event::{Meaning, MotionSide};
use crate::log::Seq;
use crate::stance::{Classes, Fate, How, fate};

/// All slugs of one entity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Class {
    /// The slug that stands for it.
    pub canonical: i64,
    /// All of them, the canonical one included.
    pub members: BTreeSet<i64>,
}

/// Targets, by slug, with the side that a vote for a motion takes toward each.
type StandsFor = Vec<(i64, MotionSide)>;

/// The log as it was known at a place.
pub struct World<'a> {
    pub(crate) conn: &'a Connection,
    /// The place.
    pub known: Seq,
    classes: RefCell<HashMap<i64, Rc<Class>>>,
    meanings: RefCell<HashMap<i64, Option<Meaning>>>,
    motions: RefCell<HashMap<i64, Rc<StandsFor>>>,
    carried: RefCell<HashMap<i64, Rc<StandsFor>>>,
    merged: bool,
    has_motions: bool,
    pub(super) tangled: RefCell<Option<Rc<BTreeSet<i64>>>>,
}

impl<'a> World<'a> {
    /// The world as known at a place, by views that have come that far.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn at(conn: &'a Connection, known: Seq) -> Result<Self, Error> {
        let reads = doing("looking for merges");
        let any =
            |sql: &str| conn.prepare_cached(sql).and_then(|mut s| s.query_row([], |_| Ok(())).optional()).map(|found| found.is_some());
        let merged = any("SELECT 1 FROM merge LIMIT 1").map_err(reads)?;
        let has_motions = any("SELECT 1 FROM stands_for LIMIT 1").map_err(reads)?;
        let (classes, meanings, motions, carried, tangled) = Default::default();
        Ok(Self { conn, known, classes, meanings, motions, carried, merged, has_motions, tangled })
    }

    /// Whether every entity has one slug, and no motion stands for anything.
    pub(super) fn is_plain(&self) -> bool {
        !self.merged && !self.has_motions
    }

    /// Whether the event is retracted or superseded.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn out(&self, seq: i64) -> Result<bool, Error> {
        Ok(self.fate(seq)?.out)
    }

    fn fate(&self, seq: i64) -> Result<Fate, Error> {
        fate(seq, |target| self.targeting(target))
    }

    /// The events known that retract or supersede an event, in force or not.
    fn targeting(&self, seq: i64) -> Result<Vec<(i64, How)>, Error> {
        let reads = doing("looking for retractions");
        let sql = "SELECT by, how FROM supersession WHERE target = ?1 AND by <= ?2 ORDER BY by";
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        let how = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, if row.get::<_, i64>(1)? == 0 { How::Retracts } else { How::Replaces }));
        statement.query_map((seq, self.known.0), how).and_then(Iterator::collect).map_err(reads)
    }

    /// The events that put an event out: those in force that retract or supersede it.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn put_out_by(&self, seq: i64) -> Result<Vec<Seq>, Error> {
        let mut in_force = Vec::new();
        for (by, how) in self.targeting(seq)? {
            if self.fate(by)?.is_in_force(how) {
                in_force.push(Seq(by));
            }
        }
        Ok(in_force)
    }

    /// The entity that a slug belongs to.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn class(&self, slug: i64) -> Result<Rc<Class>, Error> {
        if let Some(class) = self.classes.borrow().get(&slug) {
            return Ok(Rc::clone(class));
        }
        let class = Rc::new(self.find_class(slug)?);
        let mut classes = self.classes.borrow_mut();
        for member in &class.members {
            classes.insert(*member, Rc::clone(&class));
        }
        Ok(class)
    }

    fn find_class(&self, slug: i64) -> Result<Class, Error> {
        if !self.merged {
            return Ok(Class { canonical: slug, members: BTreeSet::from([slug]) });
        }
        let mut merges = BTreeSet::new();
        for (seq, from, into) in self.merges_around(slug)? {
            if seq <= self.known.0 && !self.out(seq)? {
                merges.insert((seq, from, into));
            }
        }
        let classes = Classes::of(merges.iter().map(|(_, from, into)| (*from, *into)));
        Ok(Class { canonical: classes.canonical(slug), members: classes.members(slug) })
    }

    /// All merges, in force or not, of slugs that hang together with this one.
    pub(super) fn merges_around(&self, slug: i64) -> Result<BTreeSet<(i64, i64, i64)>, Error> {
        let reads = doing("reading merges");
        let sql = "SELECT seq, from_slug, into_slug FROM merge WHERE from_slug = ?1 UNION SELECT seq, from_slug, into_slug FROM merge WHERE into_slug = ?1";
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        let (mut found, mut seen, mut open) = (BTreeSet::new(), BTreeSet::from([slug]), vec![slug]);
        while let Some(at) = open.pop() {
            let rows = statement.query_map([at], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(reads)?;
            for merge in rows {
                let merge: (i64, i64, i64) = merge.map_err(reads)?;
                found.insert(merge);
                open.extend([merge.1, merge.2].into_iter().filter(|one| seen.insert(*one)));
            }
        }
        Ok(found)
    }

    /// The slug that stands for the entity of a slug.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn canonical(&self, slug: i64) -> Result<i64, Error> {
        if self.merged { Ok(self.class(slug)?.canonical) } else { Ok(slug) }
    }

    /// What an action means; nothing where no definition of it is in force.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn meaning(&self, action: i64) -> Result<Option<Meaning>, Error> {
        if let Some(meaning) = self.meanings.borrow().get(&action) {
            return Ok(*meaning);
        }
        let meaning = self.definition_of(action)?.and_then(|(_, code)| Meaning::from_code(code));
        self.meanings.borrow_mut().insert(action, meaning);
        Ok(meaning)
    }

    /// Label and packed meaning of an action's latest definition in force.
    pub(crate) fn definition_of(&self, action: i64) -> Result<Option<(String, i64)>, Error> {
        let reads = doing("reading the vocabulary");
        let sql = "SELECT seq, label, meaning FROM action_definition WHERE action = ?1 AND seq <= ?2 ORDER BY seq DESC";
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        let mut rows = statement.query((action, self.known.0)).map_err(reads)?;
        while let Some(row) = rows.next().map_err(reads)? {
            if !self.out(row.get(0).map_err(reads)?)? {
                return Ok(Some((row.get(1).map_err(reads)?, row.get(2).map_err(reads)?)));
            }
        }
        Ok(None)
    }

    /// The latest event in force that defines a slug, and all of them, latest first.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn definitions(&self, slug: i64) -> Result<Vec<Seq>, Error> {
        let reads = doing("reading definitions");
        let sql = "SELECT seq FROM definition WHERE slug = ?1 AND seq <= ?2 ORDER BY seq DESC";
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        let seqs: Vec<i64> = statement.query_map((slug, self.known.0), |row| row.get(0)).and_then(Iterator::collect).map_err(reads)?;
        let mut live = Vec::new();
        for seq in seqs {
            if !self.out(seq)? {
                live.push(Seq(seq));
            }
        }
        Ok(live)
    }

    /// What a motion's slug stands for: the latest list in force.
    fn stands_for(&self, motion: i64) -> Result<Rc<StandsFor>, Error> {
        if let Some(found) = self.motions.borrow().get(&motion) {
            return Ok(Rc::clone(found));
        }
        let reads = doing("reading what motions stand for");
        let sql = "SELECT seq, target, side FROM stands_for WHERE motion = ?1 AND seq <= ?2 ORDER BY seq DESC, place";
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        let rows: Vec<(i64, i64, i64)> = statement
            .query_map((motion, self.known.0), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .and_then(Iterator::collect)
            .map_err(reads)?;
        let (mut list, mut given_by) = (Vec::new(), None);
        for (seq, target, side) in rows {
            let given = match given_by {
                Some(by) => by == seq,
                None => !self.out(seq)?,
            };
            if given {
                given_by = Some(seq);
                list.extend(MotionSide::from_number(side).map(|side| (target, side)));
            }
        }
        let list = Rc::new(list);
        self.motions.borrow_mut().insert(motion, Rc::clone(&list));
        Ok(list)
    }

    /// The canonical targets that a vote on a slug also counts toward, each once, with the side of a vote for it.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn carries_to(&self, motion: i64) -> Result<Vec<(i64, MotionSide)>, Error> {
        if !self.has_motions {
            return Ok(Vec::new());
        }
        let mut carried: Vec<(String, i64, MotionSide)> = Vec::new();
        for member in &self.class(motion)?.members {
            let stands = self.stands_for(*member)?;
            if !stands.is_empty() {
                let slug = self.slug_text(*member)?;
                for (target, side) in stands.iter() {
                    carried.push((slug.clone(), self.canonical(*target)?, *side));
                }
            }
        }
        // Where several of its slugs stand for one target, the first by name has it.
        carried.sort_by(|a, b| a.0.cmp(&b.0));
        let mut targets = BTreeSet::new();
        carried.retain(|(_, target, _)| targets.insert(*target));
        Ok(carried.into_iter().map(|(_, target, side)| (target, side)).collect())
    }

    fn slug_text(&self, slug: i64) -> Result<String, Error> {
        let reads = doing("looking up a slug by its number");
        self.conn
            .prepare_cached("SELECT slug FROM slug WHERE id = ?1")
            .and_then(|mut s| s.query_row([slug], |row| row.get(0)))
            .map_err(reads)
    }

    /// The slugs that votes are cast on which also count toward an entity, in the order of their motions' names, each with
    /// the side of a vote for it.
    pub(super) fn carried_from(&self, target: &Class) -> Result<Rc<StandsFor>, Error> {
        if !self.has_motions {
            return Ok(Rc::default());
        }
        if let Some(found) = self.carried.borrow().get(&target.canonical) {
            return Ok(Rc::clone(found));
        }
        let reads = doing("reading what motions stand for");
        let sql = "SELECT DISTINCT motion, slug.slug FROM stands_for JOIN slug ON slug.id = motion WHERE target = ?1";
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        let mut motions: BTreeSet<(String, i64)> = BTreeSet::new();
        for member in &target.members {
            let rows = statement.query_map([member], |row| Ok((row.get(1)?, row.get(0)?))).map_err(reads)?;
            for row in rows {
                motions.insert(row.map_err(reads)?);
            }
        }
        let mut carried = Vec::new();
        for (_, motion) in motions {
            let stands = self.stands_for(motion)?;
            let Some((_, side)) = stands.iter().find(|(stands_for, _)| target.members.contains(stands_for)) else { continue };
            carried.extend(self.class(motion)?.members.iter().map(|member| (*member, *side)));
        }
        let carried = Rc::new(carried);
        self.carried.borrow_mut().insert(target.canonical, Rc::clone(&carried));
        Ok(carried)
    }
}
