//! The entries of everybody toward one target, read in one sweep.

use super::entries::Span;
use super::error::{Error, doing};
use super::world::{Class, World};
use crate::stance::Entry;

/// Whether a sweep could tell what was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Swept {
    /// It did.
    Whole,
    /// It cannot: some entity has several slugs, or votes on motions count too. The pairs have to be read one by one.
    Apart,
}

impl World<'_> {
    /// The counting entries of everybody toward a target: one actor after another, each in valid order. Many times faster
    /// than pair by pair, where everybody has one slug and no motion stands for anything.
    ///
    /// # Errors
    /// [`Error::Sqlite`], and the visitor's own.
    pub fn entries_toward(&self, target: &Class, span: Span, mut visit: impl FnMut(i64, Entry)) -> Result<Swept, Error> {
        if !self.is_plain() {
            return Ok(Swept::Apart);
        }
        let reads = doing("reading the events toward a target");
        let sql = "SELECT e.earliest, e.latest, e.seq, e.action, e.speaker, e.touched, e.actor FROM standing p CROSS JOIN act e \
                   ON e.actor = p.actor AND e.target = p.target AND e.earliest BETWEEN ?2 AND ?3 WHERE p.target = ?1 \
                   ORDER BY e.actor, e.earliest, e.latest, e.seq";
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        let mut rows = statement.query((target.canonical, span.from.0, span.to.0)).map_err(reads)?;
        while let Some(row) = rows.next().map_err(reads)? {
            let actor = row.get(6).map_err(reads)?;
            if let Some(entry) = self.entry(super::entries::act_row(row).map_err(reads)?, None)? {
                visit(actor, entry);
            }
        }
        Ok(Swept::Whole)
    }
}
