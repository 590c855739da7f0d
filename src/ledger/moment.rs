//! One moment: several questions, as a page needs them, that are answered from one state of the log.

use std::cell::Cell;

use super::Ledger;
use super::error::Error;
use crate::event::Micros;
use crate::log::Seq;

/// The head and the time that all questions are asked at meanwhile.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) head: Seq,
    pub(super) now: Micros,
}

/// Lets go of the moment, also where a question panics.
struct Held<'a>(&'a Cell<Option<Moment>>);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

impl Ledger {
    /// Asks several questions of one moment: what is appended meanwhile is in none of the answers, and the clock stands still.
    /// Nothing can be appended inside.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`], and the questions' own.
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::{Asked, Error}, Ledger};
    /// let (ledger, other) = (Ledger::open(&path)?, Ledger::open(&path)?);
    /// let draft = parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap();
    /// ledger.append([draft.clone()])?;
    /// let (before, after) = ledger.at_one_moment(|ledger| {
    ///     let before = ledger.stances("Ann", &Asked::default())?;
    ///     other.append([draft])?;
    ///     Ok::<_, Error>((before, ledger.stances("Ann", &Asked::default())?))
    /// })?;
    /// assert_eq!((before[0].events, after[0].events), (1, 1));
    /// assert_eq!(ledger.stances("Ann", &Asked::default())?[0].events, 2);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn at_one_moment<T, E: From<Error>>(&self, ask: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        if self.moment.get().is_some() {
            return ask(self);
        }
        loop {
            let acknowledged = self.head()?;
            self.reach(acknowledged)?;
            let views = self.views.borrow();
            // While this read transaction is open, the views look as they do now.
            let _reading = views.read().map_err(Error::from)?;
            let head = views.cursor().map_err(Error::from)?.seq;
            // Another process may have emptied the views in between: then they are behind, and have to catch up again.
            if head >= acknowledged {
                self.moment.set(Some(Moment { head, now: self.clock.now() }));
                let _held = Held(&self.moment);
                return ask(self);
            }
        }
    }

    /// The head that questions are asked at: the moment's, else the log's.
    pub(super) fn place(&self) -> Result<Seq, Error> {
        match self.moment.get() {
            Some(moment) => Ok(moment.head),
            None => Ok(self.log.borrow().reader().head()?),
        }
    }
}
