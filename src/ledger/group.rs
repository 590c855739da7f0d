//! Appends of many callers in one commit: one fsync for all that wait, and to each what became of his own.

use super::Ledger;
use super::batch::{Batch, BatchOptions, Outcome, Repeats, Strictness, Summary};
use super::condition::Settled;
use super::error::Error;
use crate::event::Draft;
use crate::log::Seq;

/// What one caller wants to have appended.
#[derive(Debug)]
pub struct Request {
    /// The events.
    pub drafts: Vec<Draft>,
    /// Whether they are in the log together or each by itself.
    pub unity: Unity,
    /// What happens to names that nobody registered.
    pub strictness: Strictness,
    /// The head that the caller saw.
    pub expect_head: Option<Seq>,
    /// What must not have been appended since.
    pub condition: Option<Settled>,
}

/// Whether the events of a request stand and fall together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Unity {
    /// All are stored, or none.
    #[default]
    Whole,
    /// Each is stored unless it is refused itself.
    Each,
}

/// What became of a request.
#[derive(Debug)]
pub struct Receipt {
    /// The counts; `head` is that right behind this request's events.
    pub summary: Summary,
    /// What became of each event, in order.
    pub outcomes: Vec<Result<Outcome, Error>>,
}

/// What one commit came to.
#[derive(Debug)]
pub struct Group {
    /// What became of the requests that were taken, from the first on.
    pub done: Vec<Result<Receipt, Error>>,
    /// The log's head behind them.
    pub head: Seq,
    /// Why the files could not be rid of what the group erased. It stands all the same; [`Ledger::finish_erasing`] goes on.
    pub unswept: Option<Error>,
}

impl Ledger {
    /// Appends the events of many requests in one commit. What is wrong with one does no harm to another; each that is
    /// in [`Group::done`] is on disk, or refused.
    ///
    /// Requests are taken one by one, so that they may still come while others are made ready. The caller keeps those behind
    /// one that changed who is whom: they are for the next commit.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`]: the commit failed, and nothing of any request is stored (or, where the log says
    /// so, that is not known: telling it again with the same ids does no harm).
    ///
    /// ```
    /// use stancelog::{event::parse, ledger::{Request, Strictness, Unity}, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = Ledger::open(&path)?;
    /// let request = |json: &str| Request {
    ///     drafts: vec![parse(json).unwrap()],
    ///     unity: Unity::Whole,
    ///     strictness: Strictness::Registers,
    ///     expect_head: None,
    ///     condition: None,
    /// };
    /// let good = request(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#);
    /// let typo = request(r#"{"actor":"Ann","action":"bakcs","target":"Tax","occurred":"2024"}"#);
    /// let group = ledger.append_group(vec![typo, good])?;
    /// assert!(group.done[0].is_err());
    /// assert_eq!(group.done[1].as_ref().unwrap().summary.head, 4);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn append_group(&self, requests: impl IntoIterator<Item = Request>) -> Result<Group, Error> {
        let (mut log, views, mut memory) = (self.log.borrow_mut(), self.views.borrow(), self.memory.borrow_mut());
        let mut batch = Batch::begin(log.begin()?, &views, &mut memory, &*self.clock, BatchOptions::default())?;
        let (mut done, mut requests) = (Vec::new(), requests.into_iter());
        while let Some(request) = (!batch.needs_views).then(|| requests.next()).flatten() {
            match batch.take(request) {
                Ok(receipt) => done.push(Ok(receipt)),
                Err(error) if error.is_of_the_request() => done.push(Err(error)),
                Err(error) => return Err(error),
            }
        }
        // Where all are refused, nothing is stored: not even the vocabulary that a first commit brings.
        if !done.iter().any(Result::is_ok) {
            return Ok(Group { done, head: Seq(batch.abandon().head), unswept: None });
        }
        let (summary, swept) = batch.commit_then_sweep()?;
        Ok(Group { done, head: Seq(summary.head), unswept: swept.err() })
    }
}

impl Batch<'_> {
    /// Takes one request into the group. After an error that is the request's own, the group is as it was before.
    fn take(&mut self, request: Request) -> Result<Receipt, Error> {
        let Request { drafts, unity, strictness, expect_head, condition } = request;
        self.begin_input(strictness);
        // What stands by itself is told again without harm; where in a list it stands must not matter.
        self.options.repeats = match unity {
            Unity::Each => Repeats::Counted,
            Unity::Whole => Repeats::Refused,
        };
        // What was acknowledged before is acknowledged again, whatever happened to the log since.
        if !self.holds_all(&drafts)? {
            self.append.expect_head(expect_head)?;
            condition.map_or(Ok(()), |condition| condition.check(self.append.reader()))?;
        }
        let outcomes = match unity {
            Unity::Each => self.take_each(drafts)?,
            Unity::Whole => self.take_whole(drafts)?,
        };
        Ok(Receipt { summary: Summary { head: self.append.head().0, ..self.summary }, outcomes })
    }

    fn holds_all(&self, drafts: &[Draft]) -> Result<bool, Error> {
        for draft in drafts {
            let Some(id) = draft.id else { return Ok(false) };
            if self.append.reader().by_id(id)?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn take_each(&mut self, drafts: Vec<Draft>) -> Result<Vec<Result<Outcome, Error>>, Error> {
        let mut outcomes = Vec::new();
        for draft in drafts {
            let outcome = self.add(draft);
            if let Err(error) = &outcome
                && !error.is_of_the_request()
            {
                return Err(outcome.err().unwrap_or(Error::Log(crate::log::Error::Poisoned)));
            }
            self.count(1, u64::from(outcome.is_err()));
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }

    fn take_whole(&mut self, drafts: Vec<Draft>) -> Result<Vec<Result<Outcome, Error>>, Error> {
        // After a refusal of a single event the batch is as it was before: no mark is needed.
        let mark = if drafts.len() > 1 { Some(self.append.mark()?) } else { None };
        let mut outcomes = Vec::new();
        for (index, draft) in drafts.into_iter().enumerate() {
            self.count(1, 0);
            match (self.add(draft), mark.is_some()) {
                (Ok(outcome), _) => outcomes.push(Ok(outcome)),
                (Err(error), false) => return Err(error),
                (Err(error), true) => {
                    mark.map_or(Ok(()), |mark| self.append.back_to(mark))?;
                    // What is remembered may rest on events that were undone: the next request starts from the views.
                    self.needs_views = true;
                    return Err(error.of_event(index));
                }
            }
        }
        mark.map_or(Ok(()), |mark| self.append.keep(mark))?;
        Ok(outcomes)
    }
}
