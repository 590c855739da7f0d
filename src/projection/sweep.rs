//! Sweeps: the entries of everybody, or of everybody toward one target, read in one go.
//!
//! Many times faster than pair by pair. A slug that some merge or motion names is tangled: what counts for it may stand
//! under other slugs. A sweep leaves its pairs out, and they are read one by one.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::entries::{Span, act_row};
use super::error::{Error, doing};
use super::world::World;
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
        let reads = doing("reading the events of all pairs");
        let tangled = self.tangled()?;
        let columns = "SELECT e.earliest, e.latest, e.seq, e.action, e.speaker, e.touched, e.actor, e.target FROM";
        let order = "ORDER BY e.actor, e.target, e.earliest, e.latest, e.seq";
        let sql = match target {
            None => format!("{columns} act e WHERE ?3 IS NULL AND e.earliest BETWEEN ?1 AND ?2 {order}"),
            Some(_) => format!(
                "{columns} standing p CROSS JOIN act e ON e.actor = p.actor AND e.target = p.target AND e.earliest BETWEEN ?1 AND ?2 \
                 WHERE p.target = ?3 {order}"
            ),
        };
        let mut statement = self.conn.prepare_cached(&sql).map_err(reads)?;
        let mut rows = statement.query((span.from.0, span.to.0, target)).map_err(reads)?;
        while let Some(row) = rows.next().map_err(reads)? {
            let (actor, target) = (row.get(6).map_err(reads)?, row.get(7).map_err(reads)?);
            if tangled.contains(&actor) || tangled.contains(&target) {
                continue;
            }
            if let Some(entry) = self.entry(act_row(row).map_err(reads)?, None)? {
                visit(actor, target, entry)?;
            }
        }
        Ok(())
    }
}
