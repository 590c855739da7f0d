//! Catching up: first run, going on, and rebuild are one function, called with another cursor.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::error::{Error, doing};
use super::intake::{Intake, Stale};
use super::refresh::Refresh;
use super::views::{Cursor, Views};
use super::world::World;
use crate::log::{Reader, Seq};

/// Events that are taken in by one transaction of the views.
const CHUNK: usize = 50_000;

/// Whether the views have come as far as the log.
///
/// # Errors
/// [`Error::Sqlite`], [`Error::Log`].
pub fn is_caught_up(views: &Views, reader: Reader<'_>) -> Result<bool, Error> {
    let cursor = views.cursor()?;
    Ok(cursor.seq == reader.head()? && is_of_this_log(&cursor, reader)?)
}

/// Brings the views up to the log's head, chunk by chunk; `progress` hears how far they have come.
///
/// Each chunk is one transaction: rows and cursor move together, so whenever this dies, the views are whole, only
/// behind. Views of another log, or of one that has been erased from, are made anew.
///
/// # Errors
/// [`Error::Sqlite`], [`Error::Busy`], [`Error::Log`].
pub fn catch_up(views: &Views, reader: Reader<'_>, mut progress: impl FnMut(Seq)) -> Result<(), Error> {
    loop {
        let cursor = views.cursor()?;
        let head = reader.head()?;
        if cursor.seq > head || !is_of_this_log(&cursor, reader)? {
            views.reset()?;
            continue;
        }
        if cursor.seq == head {
            return Ok(());
        }
        let moves = doing("bringing the views up to date");
        views.conn.execute_batch("BEGIN IMMEDIATE").map_err(moves)?;
        let step = take_chunk(views, reader, CHUNK);
        match step {
            Ok(Step::Reached(seq)) => {
                views.conn.execute_batch("COMMIT").map_err(moves)?;
                progress(seq);
            }
            Ok(Step::Erased) => {
                views.conn.execute_batch("ROLLBACK").map_err(moves)?;
                views.reset()?;
            }
            Err(e) => {
                // Undoing can fail only where SQLite has undone it already; the first error is the one to tell.
                let _ = views.conn.execute_batch("ROLLBACK");
                return Err(e);
            }
        }
    }
}

/// Takes in just the next event; nothing at the end of the log.
///
/// # Errors
/// As for [`catch_up`].
pub(super) fn step(views: &Views, reader: Reader<'_>) -> Result<Option<Seq>, Error> {
    let moves = doing("bringing the views up to date");
    let before = views.cursor()?.seq;
    views.conn.execute_batch("BEGIN IMMEDIATE").map_err(moves)?;
    match take_chunk(views, reader, 1) {
        Ok(Step::Reached(seq)) => {
            views.conn.execute_batch("COMMIT").map_err(moves)?;
            Ok((seq > before).then_some(seq))
        }
        // Views of one's own were begun after every erasure that the log holds, unless one came in just now.
        Ok(Step::Erased) => Err(Error::Unreadable { what: "an event that was erased meanwhile" }),
        Err(e) => {
            let _ = views.conn.execute_batch("ROLLBACK");
            Err(e)
        }
    }
}

enum Step {
    Reached(Seq),
    Erased,
}

/// Whether the event at the cursor is the one that the views saw there, and as many events are erased.
fn is_of_this_log(cursor: &Cursor, reader: Reader<'_>) -> Result<bool, Error> {
    if cursor.seq == Seq::START {
        return Ok(true);
    }
    Ok(reader.at(cursor.seq)?.map(|row| row.leaf) == cursor.leaf)
}

/// Takes in the next chunk, inside an open transaction.
fn take_chunk(views: &Views, reader: Reader<'_>, limit: usize) -> Result<Step, Error> {
    let conn = &views.conn;
    // Another process may have moved the cursor before this one got its turn.
    let mut cursor = views.cursor()?;
    if cursor.seq == Seq::START {
        cursor.begun_at = reader.head()?;
    }
    let mut intake = Intake::new(conn, reader);
    let (mut leaf, mut taken) = (cursor.leaf, 0);
    let reached = reader.after(cursor.seq, |row| {
        intake.take(&row)?;
        leaf = Some(row.leaf);
        taken += 1;
        Ok::<_, Error>(if taken == limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    if taken == 0 && reached < reader.head()? {
        // The head is beyond, and yet nothing comes before it: going on would be going round for ever.
        return Err(crate::log::Error::Damaged { seq: reached.next(), reason: "it does not read".to_owned() }.into());
    }
    if intake.stale.erased_at.is_some_and(|seq| seq > cursor.begun_at) {
        return Ok(Step::Erased);
    }
    settle(views, &mut intake, reached)?;
    let moves = doing("moving the cursor of the views");
    conn.execute("UPDATE cursor SET seq = ?1, leaf = ?2, begun_at = ?3", (reached.0, leaf, cursor.begun_at.0)).map_err(moves)?;
    Ok(Step::Reached(reached))
}

/// Brings the present up to date with what the chunk brought.
fn settle(views: &Views, intake: &mut Intake<'_>, reached: Seq) -> Result<(), Error> {
    let conn = &views.conn;
    intake.store_fresh()?;
    let world = World::at(conn, reached)?;
    let redefined = redefined(views, &intake.stale)?;
    intake.settle_words(&world)?;
    let mut refresh = Refresh::new(conn, &world);
    refresh.settle_motions(&intake.stale.motions)?;
    refresh.settle_merges(&intake.stale.merged)?;
    super::claims::refresh(conn, &world, &intake.stale, &redefined)?;
    refresh.run(&intake.stale, &redefined)
}

/// Those of the defined actions that had a definition before, or lost one: only these can change what is folded already.
fn redefined(views: &Views, stale: &Stale) -> Result<BTreeSet<i64>, Error> {
    let reads = doing("looking for redefined actions");
    let mut statement = views.conn.prepare_cached("SELECT count(*) > 1 FROM action_definition WHERE action = ?1").map_err(reads)?;
    let mut redefined = stale.touched_actions.clone();
    for action in &stale.actions {
        if statement.query_row([action], |row| row.get(0)).map_err(reads)? {
            redefined.insert(*action);
        }
    }
    Ok(redefined)
}
