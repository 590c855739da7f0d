//! Claims in the tables: their entries as known at a place, and the present standing of each.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::error::{Error, doing};
use super::intake::Stale;
use super::world::World;
use crate::event::{Meaning, Micros};
use crate::stance::{ClaimStanding, SpeechEntry};

impl World<'_> {
    /// The counting utterances about a claim in valid order, once for each entity that they count for.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn speeches(&self, claim: i64, as_of: Option<Micros>) -> Result<Vec<SpeechEntry>, Error> {
        let reads = doing("reading what was said of a claim");
        let sql =
            "SELECT earliest, latest, seq, actor, action, speaker, touched FROM speech WHERE claim = ?1 AND earliest <= ?2 AND seq <= ?3";
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        let until = as_of.unwrap_or(Micros::MAX).0;
        let mut rows = statement.query((claim, until, self.known.0)).map_err(reads)?;
        let mut entries: Vec<SpeechEntry> = Vec::new();
        while let Some(row) = rows.next().map_err(reads)? {
            let read = |column: usize| row.get::<_, i64>(column).map_err(reads);
            let seq = read(2)?;
            if read(6)? != 0 && self.out(seq)? {
                continue;
            }
            let Some(Meaning::Claim { speech }) = self.meaning(read(4)?)? else { continue };
            let (actor, speaker) = (self.canonical(read(3)?)?, self.canonical(read(5)?)?);
            let repeated = entries.iter().rev().take_while(|one| one.seq == seq).any(|one| one.actor == actor);
            if !repeated {
                entries.push(SpeechEntry { seq, earliest: Micros(read(0)?), latest: Micros(read(1)?), actor, speaker, speech });
            }
        }
        Ok(entries)
    }

    /// The canonical actor whom a claim is about, by its latest definition in force.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn about(&self, claim: i64) -> Result<Option<i64>, Error> {
        let Some(defined) = self.definitions(claim)?.first().copied() else { return Ok(None) };
        let reads = doing("reading whom a claim is about");
        let sql = "SELECT actor FROM about WHERE claim = ?1 AND seq = ?2";
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        let mut rows = statement.query((claim, defined.0)).map_err(reads)?;
        match rows.next().map_err(reads)? {
            Some(row) => self.canonical(row.get(0).map_err(reads)?).map(Some),
            None => Ok(None),
        }
    }

    /// Where a claim stands.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn claim(&self, claim: i64, as_of: Option<Micros>) -> Result<ClaimStanding, Error> {
        Ok(ClaimStanding::of(&self.speeches(claim, as_of)?, self.about(claim)?))
    }
}

/// Brings the claims of the present up to date with what a chunk made stale.
pub(super) fn refresh(conn: &Connection, world: &World<'_>, stale: &Stale, redefined: &BTreeSet<i64>) -> Result<(), Error> {
    let stores = doing("storing where a claim stands");
    let mut claims = stale.claims.clone();
    for action in redefined {
        claims.extend(numbers(conn, "SELECT DISTINCT claim FROM speech WHERE action = ?1", *action)?);
    }
    for slug in &stale.merged {
        for (_, from, into) in world.merges_around(*slug)? {
            for slug in [from, into] {
                claims.extend(numbers(conn, "SELECT claim FROM speech WHERE actor = ?1", slug)?);
                claims.extend(numbers(conn, "SELECT claim FROM about WHERE actor = ?1", slug)?);
            }
        }
    }
    for claim in claims {
        conn.prepare_cached("DELETE FROM claim WHERE claim = ?1").and_then(|mut s| s.execute([claim])).map_err(stores)?;
        if world.definitions(claim)?.is_empty() {
            continue;
        }
        let standing = world.claim(claim, None)?;
        let voices = standing.voices.iter().filter(|voice| voice.stands || voice.denies).count();
        let sql = "INSERT INTO claim VALUES (?1, ?2, ?3)";
        conn.prepare_cached(sql).and_then(|mut s| s.execute((claim, standing.status.number(), voices as i64))).map_err(stores)?;
    }
    Ok(())
}

fn numbers(conn: &Connection, sql: &str, key: i64) -> Result<BTreeSet<i64>, Error> {
    let reads = doing("looking for the claims that a change concerns");
    let mut statement = conn.prepare_cached(sql).map_err(reads)?;
    statement.query_map([key], |row| row.get(0)).and_then(Iterator::collect).map_err(reads)
}
