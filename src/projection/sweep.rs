//! Sweeps: the entries of everybody, or of everybody toward one target, read in one go.
//!
//! Many times faster than pair by pair. A slug that some merge or motion names is tangled: what counts for it may stand
//! under other slugs. A sweep leaves its pairs out, and they are read one by one.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::entries::{ActRow, Span, act_row};
use super::error::{Error, doing};
use super::world::World;
use crate::log::Seq;
use crate::stance::Entry;

impl World<'_> {
    /// The slugs that merges and motions name, whether or not these are known or in force at this place in the log.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn tangled(&self) -> Result<Rc<BTreeSet<i64>>, Error> {
        if let Some(tangled) = &*self.tangled.borrow() {
            return Ok(Rc::clone(tangled));
        }
        let mut found = BTreeSet::new();
        if !self.is_plain() {
            let reads = doing("looking for merges and motions");
            let sql = "SELECT from_slug FROM merge UNION SELECT into_slug FROM merge UNION SELECT motion FROM stands_for \
                       UNION SELECT target FROM stands_for";
            let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
            found = statement.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(reads)?;
        }
        let found = Rc::new(found);
        *self.tangled.borrow_mut() = Some(Rc::clone(&found));
        Ok(found)
    }

    /// The counting entries of all pairs, or of those toward one target, without tangled slugs: actor, target and entry, one
    /// pair after another, each in valid order.
    ///
    /// # Errors
    /// [`Error::Sqlite`], and the visitor's own.
    pub fn sweep<E: From<Error>>(
        &self,
        target: Option<i64>,
        span: Span,
        mut visit: impl FnMut(i64, i64, Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        self.sweep_acts(target, span, self.known, |actor, target, act| match self.entry(act, None)? {
            Some(entry) => visit(actor, target, entry),
            None => Ok(()),
        })
    }

    /// The entries of all pairs, without tangled slugs, that count at an earlier time, at this one, or at both: actor, target,
    /// and what an act counts as then and now; one pair after another, each in valid order. The spans are those then and now.
    ///
    /// # Errors
    /// [`Error::Sqlite`], and the visitor's own.
    pub fn sweep_beside<E: From<Error>>(
        &self,
        earlier: &World<'_>,
        (then, now): (Span, Span),
        mut visit: impl FnMut(i64, i64, [Option<Entry>; 2]) -> Result<(), E>,
    ) -> Result<(), E> {
        let both = Span { from: then.from.min(now.from), to: then.to.max(now.to) };
        self.sweep_acts(None, both, self.known.max(earlier.known), |actor, target, act| {
            let counts = |world: &World<'_>, span: Span| {
                let is_within = span.from.0 <= act.earliest && act.earliest <= span.to.0;
                if is_within { world.entry(act, None) } else { Ok(None) }
            };
            visit(actor, target, [counts(earlier, then)?, counts(self, now)?])
        })
    }

    /// The acts of all pairs, or of those toward one target, known at a place, in the same order.
    fn sweep_acts<E: From<Error>>(
        &self,
        target: Option<i64>,
        span: Span,
        known: Seq,
        mut visit: impl FnMut(i64, i64, ActRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let reads = doing("reading the events of all pairs");
        let tangled = self.tangled()?;
        let columns = "SELECT e.earliest, e.latest, e.seq, e.action, e.speaker, e.touched, e.actor, e.target FROM";
        let order = "ORDER BY e.actor, e.target, e.earliest, e.latest, e.seq";
        let sql = match target {
            None => format!("{columns} act e WHERE ?3 IS NULL AND e.earliest BETWEEN ?1 AND ?2 AND e.seq <= ?4 {order}"),
            Some(_) => format!(
                "{columns} standing p CROSS JOIN act e ON e.actor = p.actor AND e.target = p.target AND e.earliest BETWEEN ?1 AND ?2 \
                 AND e.seq <= ?4 WHERE p.target = ?3 {order}"
            ),
        };
        let mut statement = self.conn.prepare_cached(&sql).map_err(reads)?;
        let mut rows = statement.query((span.from.0, span.to.0, target, known.0)).map_err(reads)?;
        while let Some(row) = rows.next().map_err(reads)? {
            let (actor, target) = (row.get(6).map_err(reads)?, row.get(7).map_err(reads)?);
            if !tangled.contains(&actor) && !tangled.contains(&target) {
                visit(actor, target, act_row(row).map_err(reads)?)?;
            }
        }
        Ok(())
    }
}
