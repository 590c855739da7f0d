//! Catching up: first run, going on, and rebuild are one function, called with another cursor.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use super::arrival::Packed;
use super::error::{Error, doing};
use super::intake::{Intake, Numbers, Stale};
use super::refresh::Refresh;
use super::views::{Cursor, Views};
use super::world::World;
use crate::log::{Reader, Seq};

/// Events that one transaction of the views takes in at least, where there are so many, and at most.
const CHUNK_MIN: usize = 32_000;
const CHUNK_MAX: usize = 128_000;

/// Events that one transaction of the views takes in. A chunk touches most pages of the tables, so the longer those are, the
/// more it should bring.
fn chunk(reached: Seq) -> usize {
    usize::try_from(reached.0 / 4).unwrap_or(CHUNK_MAX).clamp(CHUNK_MIN, CHUNK_MAX)
}

/// How long a chunk waits for more events.
const PATIENCE: Duration = Duration::from_millis(20);

/// What need not be read from the log.
type AtHand<'a> = Option<&'a mut dyn Iterator<Item = Packed>>;

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
    let mut follower = Follower::new(views, reader);
    while let Some(seq) = follower.go_on(None)? {
        progress(seq);
    }
    Ok(())
}

/// Takes in just the next event; nothing at the end of the log.
///
/// # Errors
/// As for [`catch_up`].
pub(super) fn step(views: &Views, reader: Reader<'_>) -> Result<Option<Seq>, Error> {
    let moves = doing("bringing the views up to date");
    let before = views.cursor()?.seq;
    views.conn.execute_batch("BEGIN IMMEDIATE").map_err(moves)?;
    match Follower::new(views, reader).take_chunk(None, 1) {
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

/// Views that follow a log, and what they need not look up again from one chunk to the next.
pub struct Follower<'a> {
    views: &'a Views,
    reader: Reader<'a>,
    numbers: Numbers,
    /// Up to where the numbers are those of the views: views that stand elsewhere may have been made anew.
    numbered: Option<Seq>,
}

impl<'a> Follower<'a> {
    /// Lets views follow a log.
    pub fn new(views: &'a Views, reader: Reader<'a>) -> Self {
        Self { views, reader, numbers: Numbers::default(), numbered: None }
    }

    /// Takes in committed events as they arrive, one transaction of the views after another, until no more are sent. Where
    /// they do not follow what is in the views, the log's next chunk is taken in instead. In the end [`catch_up`] has to
    /// see to the rest.
    ///
    /// # Errors
    /// As for [`catch_up`].
    pub fn follow(&mut self, arrivals: &Receiver<Packed>) -> Result<(), Error> {
        while let Ok(first) = arrivals.recv() {
            // Others are not kept from the views while nothing arrives.
            let next = || arrivals.recv_timeout(PATIENCE).ok();
            let mut at_hand = std::iter::once(first).chain(std::iter::from_fn(next));
            self.go_on(Some(&mut at_hand))?;
        }
        Ok(())
    }

    /// Takes in the next chunk, of what is at hand or of the log, and says how far it came; nothing at the log's head.
    fn go_on(&mut self, mut at_hand: AtHand<'_>) -> Result<Option<Seq>, Error> {
        let (views, reader) = (self.views, self.reader);
        loop {
            let cursor = views.cursor()?;
            let head = reader.head()?;
            if cursor.seq > head || !is_of_this_log(&cursor, reader)? {
                views.reset()?;
                continue;
            }
            if cursor.seq == head {
                return Ok(None);
            }
            // Whoever emptied the views came perhaps to its end before their file was rid of what stood in them.
            match views.sweep() {
                Ok(()) | Err(Error::Reading) => {}
                Err(error) => return Err(error),
            }
            let moves = doing("bringing the views up to date");
            views.conn.execute_batch("BEGIN IMMEDIATE").map_err(moves)?;
            match self.take_chunk(at_hand.take(), chunk(cursor.seq)) {
                Ok(Step::Reached(seq)) => {
                    views.conn.execute_batch("COMMIT").map_err(moves)?;
                    self.numbered = Some(seq);
                    return Ok(Some(seq));
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
}

/// Views as an append that is not committed would make them. Dropped, nothing of it was.
pub struct Foreseen<'a>(&'a Views);

impl<'a> Foreseen<'a> {
    /// Begins a transaction of the views that is never committed.
    ///
    /// # Errors
    /// [`Error::Sqlite`], [`Error::Busy`].
    pub fn begin(views: &'a Views) -> Result<Self, Error> {
        views.conn.execute_batch("BEGIN IMMEDIATE").map_err(doing("looking what an event would change"))?;
        Ok(Self(views))
    }

    /// Takes in what the log, with what an open append has stored, has more.
    ///
    /// # Errors
    /// [`Error::Sqlite`], [`Error::Log`].
    pub fn take_in(&self, reader: Reader<'_>) -> Result<(), Error> {
        while self.0.cursor()?.seq < reader.head()? {
            if let Step::Erased = Follower::new(self.0, reader).take_chunk(None, CHUNK_MIN)? {
                return Err(Error::Unreadable { what: "an event that was erased meanwhile" });
            }
        }
        Ok(())
    }
}

impl Drop for Foreseen<'_> {
    fn drop(&mut self) {
        // A connection that is closed undoes it anyhow.
        let _ = self.0.conn.execute_batch("ROLLBACK");
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

impl Follower<'_> {
    /// Takes in the next chunk, inside an open transaction.
    fn take_chunk(&mut self, at_hand: AtHand<'_>, limit: usize) -> Result<Step, Error> {
        let (views, reader, conn) = (self.views, self.reader, &self.views.conn);
        // Another process may have moved the cursor before this one got its turn.
        let mut cursor = views.cursor()?;
        if cursor.seq == Seq::START {
            cursor.begun_at = reader.head()?;
        }
        // Until the commit, the numbers may be those of rows that never come to exist.
        if self.numbered.take() != Some(cursor.seq) {
            self.numbers = Numbers::default();
        }
        let mut intake = Intake::new(conn, reader, &mut self.numbers);
        let (mut leaf, mut reached, mut taken) = (cursor.leaf, cursor.seq, 0);
        for batch in at_hand.into_iter().flatten() {
            let Some(new) = batch.after(reached) else { break };
            let Some((last, its)) = batch.last.filter(|_| !new.is_empty()) else { continue };
            // They say what they said when they were stored: what was erased since may stand in them.
            cursor.begun_at = cursor.begun_at.min(reached);
            intake.receive(&batch, new, reached)?;
            (leaf, reached, taken) = (Some(its), last, taken + new.len());
            if taken >= limit {
                break;
            }
        }
        if taken == 0 {
            reached = reader.after(cursor.seq, |row| {
                intake.take(&row)?;
                leaf = Some(row.leaf);
                taken += 1;
                Ok::<_, Error>(if taken == limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
        }
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
}

/// Brings the present up to date with what the chunk brought.
fn settle(views: &Views, intake: &mut Intake<'_>, reached: Seq) -> Result<(), Error> {
    let conn = &views.conn;
    intake.store_fresh()?;
    let world = World::at(conn, reached)?;
    let redefined = redefined(views, &intake.stale)?;
    intake.settle_words(&world)?;
    let mut refresh = Refresh::new(conn, &world)?;
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

#[cfg(test)]
mod tests {
    use super::super::{Arrivals, views_path};
    use super::*;
    use crate::event::{EventId, Micros, parse, stored_json};
    use crate::log::{Append, Log};

    #[test]
    fn what_was_erased_while_it_was_on_its_way_does_not_stay() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("stances.db");
        let mut log = Log::open(&path).unwrap();
        let store = |append: &mut Append<'_>, id: u8, json: &str, arrivals: &mut Arrivals| {
            let draft = parse(json).unwrap();
            let json = stored_json(&draft.body, &draft.common).unwrap();
            let row = append.store(EventId::from_bytes([id; 16]), &json, Micros(0)).unwrap();
            arrivals.add(row, json, &draft.body, &draft.common);
        };
        let named = |slug: &str| format!(r#"{{"type":"entity","entity":"{slug}","kind":"person","name":"{slug}"}}"#);
        let (mut first, mut second) = (Arrivals::default(), Arrivals::default());
        let mut append = log.begin().unwrap();
        store(&mut append, 1, &named("ann"), &mut first);
        store(&mut append, 2, &named("bob"), &mut second);
        append.commit().unwrap();
        let mut append = log.begin().unwrap();
        let of = EventId::from_bytes([2; 16]);
        store(&mut append, 3, &format!(r#"{{"type":"erase","events":["{of}"],"reason":"a duty","authority":"a court"}}"#), &mut first);
        assert!(append.erase(Seq(2), Seq(3)).unwrap());
        append.commit().unwrap();

        let views = Views::open(&views_path(&path)).unwrap();
        assert_eq!(step(&views, log.reader()).unwrap(), Some(Seq(1)), "the views are begun when all of it is in the log");
        let mut follower = Follower::new(&views, log.reader());
        let names = || views.conn.query_row("SELECT count(*) FROM name WHERE name = 'bob'", [], |row| row.get::<_, i64>(0)).unwrap();
        follower.go_on(Some(&mut std::iter::once(second.pack()))).unwrap();
        assert_eq!(names(), 1, "it came as it was stored");
        catch_up(&views, log.reader(), |_| {}).unwrap();
        assert_eq!((names(), views.cursor().unwrap().seq), (0, Seq(3)));
    }
}
