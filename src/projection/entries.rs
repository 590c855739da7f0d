//! The entries of one pair, read from the tables in valid order, as they count at (T, K).

use rusqlite::Connection;

use super::error::{Error, doing};
use super::world::{Class, World};
use crate::event::{Day, Meaning, Micros, MotionSide, Side};
use crate::stance::Entry;

/// One row of `act`.
#[derive(Clone, Copy, Debug)]
pub(super) struct ActRow {
    pub(super) earliest: i64,
    pub(super) latest: i64,
    pub(super) seq: i64,
    pub(super) action: i64,
    pub(super) speaker: i64,
    pub(super) touched: bool,
}

/// Which entries of a pair are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Those that may have happened at this point or later …
    pub from: Micros,
    /// … and at this point or earlier (by `earliest`).
    pub to: Micros,
}

impl Span {
    /// All.
    pub const ALL: Span = Span { from: Micros::MIN, to: Micros::MAX };

    /// Those of some days.
    pub fn days(from: Day, to: Day) -> Self {
        Span { from: from.first(), to: to.last() }
    }

    /// The same, but none that begins after `as_of`.
    #[must_use]
    pub fn until(self, as_of: Option<Micros>) -> Self {
        Span { to: as_of.map_or(self.to, |end| end.min(self.to)), ..self }
    }
}

/// How an act counts toward the pair: as it is, or as a vote on a motion that stands for the target.
pub(super) type Via = Option<MotionSide>;

impl World<'_> {
    /// The counting entries of a pair in valid order, one after another.
    ///
    /// # Errors
    /// [`Error::Sqlite`], and the visitor's own.
    pub fn entries(&self, actor: &Class, target: &Class, span: Span, mut visit: impl FnMut(Entry)) -> Result<(), Error> {
        let sources = self.sources(actor, target)?;
        if let [(actor, target, via)] = sources[..] {
            return self.acts(actor, target, span, |row| {
                self.entry(row, via)?.into_iter().for_each(&mut visit);
                Ok(())
            });
        }
        // Several slugs or motions: what counts once may stand in several of them; the first source has it.
        let mut found: Vec<(Entry, usize)> = Vec::new();
        for (rank, (actor, target, via)) in sources.into_iter().enumerate() {
            self.acts(actor, target, span, |row| {
                found.extend(self.entry(row, via)?.map(|entry| (entry, rank)));
                Ok(())
            })?;
        }
        found.sort_by_key(|(entry, rank)| (entry.order(), *rank));
        found.dedup_by_key(|(entry, _)| entry.seq);
        found.into_iter().for_each(|(entry, _)| visit(entry));
        Ok(())
    }

    /// The entries of a pair that were taken back or superseded, in valid order.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn set_aside(&self, actor: &Class, target: &Class, span: Span) -> Result<Vec<Entry>, Error> {
        let mut found: Vec<(Entry, usize)> = Vec::new();
        for (rank, (actor, target, via)) in self.sources(actor, target)?.into_iter().enumerate() {
            self.acts(actor, target, span, |row| {
                if row.touched && self.out(row.seq)? {
                    found.extend(self.entry_even_out(row, via)?.map(|entry| (entry, rank)));
                }
                Ok(())
            })?;
        }
        found.sort_by_key(|(entry, rank)| (entry.order(), *rank));
        found.dedup_by_key(|(entry, _)| entry.seq);
        Ok(found.into_iter().map(|(entry, _)| entry).collect())
    }

    /// Whether anything was ever recorded of the pair, counting or not.
    pub(super) fn has_acts(&self, actor: &Class, target: &Class) -> Result<bool, Error> {
        for (actor, target, _) in self.sources(actor, target)? {
            let reads = doing("looking for events");
            let mut statement = self.conn.prepare_cached("SELECT 1 FROM act WHERE actor = ?1 AND target = ?2 LIMIT 1").map_err(reads)?;
            if statement.exists((actor, target)).map_err(reads)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The pairs of slugs whose acts count toward a pair of entities: directly first, then through motions by name.
    pub(super) fn sources(&self, actor: &Class, target: &Class) -> Result<Vec<(i64, i64, Via)>, Error> {
        let mut through: Vec<(i64, Via)> = target.members.iter().map(|slug| (*slug, None)).collect();
        through.extend(self.carried_from(target)?.iter().map(|(motion, side)| (*motion, Some(*side))));
        let of_actor = |(target, via): &(i64, Via)| {
            let (target, via) = (*target, *via);
            actor.members.iter().map(move |actor| (*actor, target, via)).collect::<Vec<_>>()
        };
        Ok(through.iter().flat_map(of_actor).collect())
    }

    pub(super) fn acts(
        &self,
        actor: i64,
        target: i64,
        span: Span,
        mut visit: impl FnMut(ActRow) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let reads = doing("reading the events of a pair");
        let sql = "SELECT earliest, latest, seq, action, speaker, touched FROM act WHERE actor = ?1 AND target = ?2 AND earliest BETWEEN ?3 AND ?4";
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        let mut rows = statement.query((actor, target, span.from.0, span.to.0)).map_err(reads)?;
        while let Some(row) = rows.next().map_err(reads)? {
            visit(act_row(row).map_err(reads)?)?;
        }
        Ok(())
    }

    /// The act as it counts; nothing where it does not.
    pub(super) fn entry(&self, row: ActRow, via: Via) -> Result<Option<Entry>, Error> {
        if row.touched && self.out(row.seq)? {
            return Ok(None);
        }
        self.entry_even_out(row, via)
    }

    /// The act as it counts or would count if it were not taken back.
    fn entry_even_out(&self, row: ActRow, via: Via) -> Result<Option<Entry>, Error> {
        if row.seq > self.known.0 {
            return Ok(None);
        }
        let Some(Meaning::Entity { tier, side, formal }) = self.meaning(row.action)? else { return Ok(None) };
        let side = match via {
            None => side,
            Some(stands) => match side.filter(|_| formal).and_then(|side| carried(side, stands)) {
                Some(side) => Some(side),
                None => return Ok(None),
            },
        };
        let (earliest, latest) = (Micros(row.earliest), Micros(row.latest));
        let speaker = self.canonical(row.speaker)?;
        Ok(Some(Entry { seq: row.seq, earliest, latest, tier, side, formal, speaker }))
    }
}

/// The side that a vote takes toward what its motion stands for; nothing where the act is no vote.
fn carried(vote: Side, stands: MotionSide) -> Option<Side> {
    match (vote, stands) {
        (Side::Favor, MotionSide::Favor) | (Side::Against, MotionSide::Against) => Some(Side::Favor),
        (Side::Favor, MotionSide::Against) | (Side::Against, MotionSide::Favor) => Some(Side::Against),
        (Side::Abstain, _) => Some(Side::Abstain),
        (Side::Neutral, _) => None,
    }
}

pub(super) fn act_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<ActRow> {
    Ok(ActRow {
        earliest: row.get(0)?,
        latest: row.get(1)?,
        seq: row.get(2)?,
        action: row.get(3)?,
        speaker: row.get(4)?,
        touched: row.get(5)?,
    })
}

/// The number of a slug, if any event names it.
pub(crate) fn slug_number(conn: &Connection, slug: &str) -> Result<Option<i64>, Error> {
    use rusqlite::OptionalExtension;
    let reads = doing("looking up a slug");
    conn.prepare_cached("SELECT id FROM slug WHERE slug = ?1")
        .and_then(|mut s| s.query_row([slug], |row| row.get(0)).optional())
        .map_err(reads)
}
