//! What an answer rests on: every event that a pair needs to be answered again elsewhere.

use std::collections::BTreeSet;

use super::entries::Span;
use super::error::{Error, doing};
use super::world::{Class, World};

impl World<'_> {
    /// The places of all events, as far as known, that the answer of a pair follows from: its acts in the span, counting or
    /// not, and whatever tells how they count (definitions of actor, target and actions, merges, motions), with
    /// everything that takes back or supersedes one of them.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn grounds(&self, actor: &Class, target: &Class, span: Span) -> Result<BTreeSet<i64>, Error> {
        let mut grounds = BTreeSet::new();
        let mut slugs: BTreeSet<i64> = actor.members.union(&target.members).copied().collect();
        let mut actions = BTreeSet::new();
        for motion in self.motions_toward(target)? {
            slugs.insert(motion);
            self.collect("SELECT seq FROM stands_for WHERE motion = ?1", motion, &mut grounds)?;
        }
        for (actor, target, _) in self.sources(actor, target)? {
            self.acts(actor, target, span, |act| {
                grounds.insert(act.seq);
                slugs.insert(act.speaker);
                actions.insert(act.action);
                Ok(())
            })?;
        }
        for action in actions {
            self.collect("SELECT seq FROM action_definition WHERE action = ?1", action, &mut grounds)?;
        }
        for slug in slugs {
            grounds.extend(self.merges_around(slug)?.into_iter().map(|(seq, _, _)| seq));
        }
        for slug in actor.members.union(&target.members) {
            self.collect("SELECT seq FROM definition WHERE slug = ?1", *slug, &mut grounds)?;
        }
        grounds.retain(|seq| *seq <= self.known.0);
        self.with_later(grounds)
    }

    /// The places of the events that define a source, as far as known.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn source_definitions(&self, source: &str) -> Result<BTreeSet<i64>, Error> {
        let mut found = BTreeSet::new();
        if let Some(slug) = super::entries::slug_number(self.conn, &format!("source:{source}"))? {
            self.collect("SELECT seq FROM definition WHERE slug = ?1", slug, &mut found)?;
        }
        found.retain(|seq| *seq <= self.known.0);
        self.with_later(found)
    }

    /// The same events and all that take back or supersede one of them, as far as known.
    fn with_later(&self, mut grounds: BTreeSet<i64>) -> Result<BTreeSet<i64>, Error> {
        let mut open: Vec<i64> = grounds.iter().copied().collect();
        while let Some(seq) = open.pop() {
            let mut later = BTreeSet::new();
            self.collect("SELECT by FROM supersession WHERE target = ?1", seq, &mut later)?;
            open.extend(later.into_iter().filter(|by| *by <= self.known.0 && grounds.insert(*by)));
        }
        Ok(grounds)
    }

    /// The motions that ever stood for a target, in force or not, with the slugs that hang together with them.
    fn motions_toward(&self, target: &Class) -> Result<BTreeSet<i64>, Error> {
        let mut motions = BTreeSet::new();
        for member in &target.members {
            self.collect("SELECT motion FROM stands_for WHERE target = ?1", *member, &mut motions)?;
        }
        for motion in motions.clone() {
            motions.extend(&self.class(motion)?.members);
        }
        Ok(motions)
    }

    fn collect(&self, sql: &str, key: i64, into: &mut BTreeSet<i64>) -> Result<(), Error> {
        let reads = doing("gathering what an answer rests on");
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        let found: Vec<i64> = statement.query_map([key], |row| row.get(0)).and_then(Iterator::collect).map_err(reads)?;
        into.extend(found);
        Ok(())
    }
}
