//! The front desk: one function for each thing that a person can ask for. Owns the clock and the handles.
//!
//! Promises:
//! - ledger-1: what was acknowledged is seen by every later question, of this ledger or another.
//! - ledger-2: a question never creates or changes a log.
//! - ledger-3: a batch that was refused leaves nothing behind.
//!
//! Not here: printing, argument parsing, routes.

mod error;
mod clock;
mod when;
mod overlay;
mod resolve;
mod names;
mod reference;
mod repeat;
mod again;
mod provided;
mod batch;
mod commit;
mod condition;
mod group;
mod moment;
mod ask;
mod lines;
mod import;
mod foreign;
mod foresee;
mod beside;
mod listed;
mod compare;
mod replay;
mod called;
mod look;
mod timeline;
mod export;
mod stamp;
mod graph;
#[cfg(feature = "parquet")]
mod parquet;
mod key;
mod audit;
mod monitor;
mod erase;
mod bundle;
mod table;
mod token;
mod course;

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};

use crate::event::Draft;
use crate::log::Log;
use crate::projection::{self, Views, views_path};

pub use crate::exchange::{
    BadRow, Encoding, Enveloped, Map, Mentions, Recorded, RollCalls, Tabular, csv_row, derived_message, event_message, recorded_json,
};
pub use ask::{EventsWanted, Question, StancesWanted, Status};
pub use audit::{Replay, Verified, VerifyWanted};
pub use batch::{Batch, BatchOptions, Outcome, Repeats, Stored, Strictness, Summary};
pub use clock::{Clock, SystemClock};
pub use compare::{Between, FlipsWanted};
pub use condition::{Condition, Pattern, Settled, Sieve, changes_who_is_whom};
pub use erase::{Erased, Erasing};
pub use error::{ANSWER, Error, ErrorKind};
pub use foreign::Foreign;
pub use foresee::Foresight;
pub use group::{Group, Receipt, Request, Unity};
pub use import::{ImportOptions, Imported, Words};
pub use key::{Key, Origin};
pub use lines::{BadLine, BadLineReason, BadLines, LINE_MAX, LinesOptions, LinesOutcome};
#[cfg(feature = "parquet")]
pub use parquet::Table;
pub use replay::{ReplayChange, ReplayStep, ReplayWanted};
pub use stamp::Stamp;
pub use token::{BadToken, Denied, Revoked, Role, Secret, TokenId, TokenItem, TokenList, TokenState, Tokens, expiry};
pub use when::Asked;

use moment::Moment;
use resolve::Memory;

// The plain values that answers are made of, for the doors.
pub use crate::audit::{Bundle, Checked, Consistency, Finding, HeadItem, Kind as FindingKind, Proof};
pub use crate::log::{Row, Seq};
pub use crate::merkle::{SignedNote, TreeHead, VerifierKey};
pub use crate::query::{
    Act, ActionItem, AllegedItem, Ally, Answer, ChangeItem, ClaimItem, Comparison, Course, Detail, DiffItem, Direction, EntityItem,
    FlipItem, GapItem, Held, HistoryItem, Hit, Holders, HoldingItem, Lane, Lanes, Mark, Numbers, Parting, RelationItem, Retracted,
    ReviewItem, ReviewPart, Shared, SpeechItem, StatusPoint, TallyPoint, Turn, Utterance, VerdictItem, VoiceCourse, VoiceItem, WeakSpot,
    Why,
};

/// An open log with its views: record events, ask questions.
///
/// ```
/// use stancelog::{ledger::{Asked, Question}, event::parse, Ledger};
/// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
/// let ledger = Ledger::open(&path)?;
/// ledger.append([parse(r#"{"actor":"Boris Johnson","action":"backs","target":"Ukraine","occurred":"2022-02-24"}"#).unwrap()])?;
/// let answer = ledger.stance(&Question { actor: "boris-johnson", target: "Ukraine", asked: Asked::default() })?;
/// assert_eq!(answer.stance.word(), "favor");
/// # Ok::<(), stancelog::ledger::Error>(())
/// ```
pub struct Ledger {
    path: PathBuf,
    log: RefCell<Log>,
    views: RefCell<Views>,
    memory: RefCell<Memory>,
    clock: Box<dyn Clock>,
    lead: Option<Lead>,
    answered_at: Cell<Seq>,
    /// The moment that questions are asked at, while there is one.
    moment: Cell<Option<Moment>>,
}

/// Brings the views of a log to a place, or waits until somebody has.
pub type Lead = Box<dyn Fn(Seq) -> Result<(), Error> + Send>;

impl Ledger {
    /// Opens a log for appending and asking; creates it where there is none. The first append begins it with the
    /// built-in vocabulary.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = stancelog::Ledger::open(&path)?;
    /// assert_eq!(ledger.status()?.head, 0);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with(path, Box::new(SystemClock))
    }

    /// The same, with another clock and source of ids than the machine's.
    ///
    /// # Errors
    /// As for [`Ledger::open`].
    pub fn open_with(path: impl AsRef<Path>, clock: Box<dyn Clock>) -> Result<Self, Error> {
        let path = path.as_ref();
        let log = Log::open(path)?;
        let views = Views::open(&views_path(path))?;
        // Whoever erased something and came to its end too early has perhaps not emptied the views. Where that fails, the
        // next catch-up meets the erasure and does it, and what is then left in the file is swept by the next opening.
        let _ = if log.was_unfinished() { views.reset() } else { views.sweep() };
        Ok(Self::assemble(path, log, views, clock))
    }

    /// Opens a log for questions only; the file must be there and is not changed. The views beside it are made where
    /// they are missing.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("missing.db");
    /// assert!(stancelog::Ledger::open_read_only(&path).is_err());
    /// assert!(!path.exists());
    /// ```
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let log = Log::open_read_only(path)?;
        let views = match Views::open_read_only(&views_path(path))? {
            Some(views) => views,
            None => Views::open(&views_path(path))?,
        };
        Ok(Self::assemble(path, log, views, Box::new(SystemClock)))
    }

    fn assemble(path: &Path, log: Log, views: Views, clock: Box<dyn Clock>) -> Self {
        let (log, views, memory) = (RefCell::new(log), RefCell::new(views), RefCell::new(Memory::new()));
        let (answered_at, moment) = (Cell::new(Seq::START), Cell::default());
        Self { path: path.to_owned(), log, views, memory, clock, lead: None, answered_at, moment }
    }

    /// Leaves it to another to bring the views up to date before a question: several ledgers of one process would stand in
    /// each other's way. `lead` returns once the views have come to the place that it is given.
    #[must_use]
    pub fn led_by(mut self, lead: Lead) -> Self {
        self.lead = Some(lead);
        self
    }

    /// The place in the log that the last answer was computed at.
    pub fn answered_at(&self) -> Seq {
        self.answered_at.get()
    }

    /// The place of the log's last event; 0 for an empty log.
    ///
    /// # Errors
    /// [`Error::Log`].
    pub fn head(&self) -> Result<Seq, Error> {
        let head = self.place()?;
        self.answered_at.set(head);
        Ok(head)
    }

    /// Sees to it that the views have come to a place that the log has.
    fn reach(&self, place: Seq) -> Result<(), Error> {
        let Some(lead) = &self.lead else { return self.catch_up(|_| {}) };
        let is_there = |views: &Views| views.cursor().is_ok_and(|cursor| cursor.seq >= place);
        if is_there(&self.views.borrow()) {
            return Ok(());
        }
        lead(place)?;
        if !is_there(&self.views.borrow()) {
            // The views were made anew in another file meanwhile: this one is nobody's any more.
            if let Some(views) = Views::open_read_only(&views_path(&self.path))? {
                *self.views.borrow_mut() = views;
            }
        }
        Ok(())
    }

    /// Where the log is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Now, by this ledger's clock.
    pub fn now(&self) -> crate::event::Micros {
        self.moment.get().map_or_else(|| self.clock.now(), |moment| moment.now)
    }

    /// Begins a batch: what is added to it is in the log whole after [`Batch::commit`], or not at all.
    ///
    /// # Errors
    /// [`Error::Log`] when another process keeps writing, or the head is not the expected one.
    ///
    /// ```
    /// use stancelog::{event::parse, ledger::BatchOptions, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let mut ledger = Ledger::open(&path)?;
    /// let mut batch = ledger.begin(BatchOptions::default())?;
    /// batch.add(parse(r#"{"actor":"Ann","action":"opposes","target":"Tax","occurred":"2024"}"#).unwrap())?;
    /// let summary = batch.commit()?;
    /// assert_eq!((summary.appended, summary.registered, summary.head), (1, 2, 4));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn begin(&mut self, options: BatchOptions) -> Result<Batch<'_>, Error> {
        let append = self.log.get_mut().begin()?;
        Batch::begin(append, self.views.get_mut(), self.memory.get_mut(), &*self.clock, options)
    }

    /// Appends events in one batch.
    ///
    /// # Errors
    /// The first refusal or conflict; nothing is stored then.
    ///
    /// ```
    /// use stancelog::{event::parse, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = Ledger::open(&path)?;
    /// let typo = parse(r#"{"actor":"Ann","action":"bakcs","target":"Tax","occurred":"2024"}"#).unwrap();
    /// assert!(ledger.append([typo]).unwrap_err().to_string().contains("did you mean `backs`"));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn append(&self, drafts: impl IntoIterator<Item = Draft>) -> Result<Summary, Error> {
        self.append_with(drafts, BatchOptions::default())
    }

    /// Appends events in one batch, with options.
    ///
    /// # Errors
    /// As for [`Ledger::append`].
    pub fn append_with(&self, drafts: impl IntoIterator<Item = Draft>, options: BatchOptions) -> Result<Summary, Error> {
        let (mut log, views, mut memory) = (self.log.borrow_mut(), self.views.borrow(), self.memory.borrow_mut());
        let mut batch = Batch::begin(log.begin()?, &views, &mut memory, &*self.clock, options)?;
        for draft in drafts {
            batch.count(1, 0);
            batch.add(draft)?;
        }
        batch.commit()
    }

    /// Brings the views up to the log's head; `progress` hears how far they have come.
    ///
    /// # Errors
    /// [`Error::Projection`], [`Error::Log`].
    pub fn catch_up(&self, progress: impl FnMut(Seq)) -> Result<(), Error> {
        let log = self.log.borrow();
        let is_caught_up = projection::is_caught_up(&self.views.borrow(), log.reader());
        match is_caught_up {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) => self.mend_views(error)?,
        }
        let mut views = self.views.borrow_mut();
        if views.is_read_only()? {
            *views = Views::open(&views_path(&self.path))?;
        }
        Ok(projection::catch_up(&views, log.reader(), progress)?)
    }

    /// Makes views anew that are damaged: nothing is lost with them.
    fn mend_views(&self, error: projection::Error) -> Result<(), Error> {
        if !error.is_damage() || matches!(error, projection::Error::Log(_)) {
            return Err(error.into());
        }
        *self.views.borrow_mut() = Views::make_anew(&views_path(&self.path))?;
        Ok(())
    }

    /// Throws the views away and makes them anew from the log.
    ///
    /// # Errors
    /// [`Error::Projection`], [`Error::Log`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = stancelog::Ledger::open(&path)?;
    /// ledger.rebuild(|_| {})?;
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn rebuild(&self, progress: impl FnMut(Seq)) -> Result<(), Error> {
        if self.views.borrow().is_read_only()? {
            *self.views.borrow_mut() = Views::open(&views_path(&self.path))?;
        }
        let emptied = self.views.borrow().reset();
        if let Err(error) = emptied {
            self.mend_views(error)?;
        }
        let views = self.views.borrow();
        Ok(projection::catch_up(&views, self.log.borrow().reader(), progress)?)
    }
}
