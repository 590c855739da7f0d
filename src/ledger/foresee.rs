//! What an event would change, found by trying it beside the log; nobody who appends waits for it.

use tempfile::TempDir;

use super::Ledger;
use super::batch::{Batch, BatchOptions, Outcome, Stored};
use super::error::Error;
use super::resolve::Memory;
use crate::event::{Body, Draft, Refusal};
use crate::log::{Log, Reader, Seq};
use crate::projection::{Foreseen, Views, views_path};
use crate::query::{DiffItem, Snapshot, When};
use crate::stance::Rule;

/// What recording an event would come to.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Foresight {
    /// What would be stored, entities that it registers along the way included; nothing for an event that the log has.
    pub stored: Vec<Stored>,
    /// The stances that it would change, by slugs.
    pub moved: Vec<DiffItem>,
}

impl Ledger {
    /// What would be stored, and the stances that it would change, by slugs, were an event recorded now; nothing of it stays.
    /// Neither is anything for an event that the log has.
    ///
    /// # Errors
    /// [`Error::Refused`] for what an append would refuse, and for an erasure; [`Error::Log`], [`Error::Projection`],
    /// [`Error::File`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, stance::Rule, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// let draft = parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap();
    /// let foresight = ledger.foresee(draft, Rule::Latest)?;
    /// // The log is empty: the vocabulary comes along, and both names are new.
    /// assert_eq!(foresight.stored.len(), 4);
    /// assert_eq!((foresight.moved[0].from.stance.word(), foresight.moved[0].to.stance.word()), ("none", "favor"));
    /// assert_eq!(ledger.head()?.0, 0);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn foresee(&self, draft: Draft, rule: Rule) -> Result<Foresight, Error> {
        if matches!(draft.body, Body::Erase(_)) {
            return Err(Refusal::field("type", "what an erasure destroys is not looked at beforehand").into());
        }
        self.reach(self.place()?)?;
        let (mut memory, mut log) = (Memory::new(), Log::open_aside(&self.path)?);
        let (views, _scratch) = self.views_to_try(&draft, log.reader())?;
        // From here on the views stand still, and the log, which is read next, has come at least as far.
        let foreseen = Foreseen::begin(&views)?;
        let append = log.begin()?;
        foreseen.take_in(append.reader())?;
        let mut batch = Batch::within(append, &views, None, &mut memory, &*self.clock, BatchOptions::default());
        batch.keep_stored();
        let Outcome::Appended { seq, .. } = batch.add(draft)? else { return Ok(Foresight::default()) };
        let Batch { append, stored, .. } = batch;
        foreseen.take_in(append.reader())?;
        let when = When { as_of: None, known_at: Some(seq), rule };
        let after = Snapshot::within(&views, append.reader(), when)?;
        let before = after.asked(When { known_at: Some(Seq(seq.0.saturating_sub(1))), ..when })?;
        Ok(Foresight { stored, moved: after.moved_since(&before)? })
    }

    /// The views that an event is tried on: the log's own where that takes a moment, in which they cannot go on; a copy where
    /// it may touch any number of stances.
    fn views_to_try(&self, draft: &Draft, reader: Reader<'_>) -> Result<(Views, Option<TempDir>), Error> {
        let path = views_path(&self.path);
        if is_light(&draft.body, reader)? {
            return Ok((Views::open(&path)?, None));
        }
        let failed = |source| Error::File { doing: "look what an event would change in", path: std::env::temp_dir(), source };
        let scratch = tempfile::tempdir().map_err(failed)?;
        let copy = scratch.path().join("views");
        Views::open(&path)?.copy_to(&copy)?;
        let views = Views::open(&copy)?;
        views.be_fleeting()?;
        Ok((views, Some(scratch)))
    }
}

/// Whether an event touches the stances of few pairs.
fn is_light(body: &Body, reader: Reader<'_>) -> Result<bool, Error> {
    match body {
        Body::Stance(_) | Body::Claim(_) | Body::Verdict(_) | Body::Source(_) => Ok(true),
        Body::Retract(retract) => {
            let event = reader.by_id(retract.event)?.map(|row| row.event()).transpose()?.flatten();
            // A retraction of a retraction may restore anything.
            Ok(event.is_none_or(|event| matches!(event.body, Body::Stance(_) | Body::Claim(_) | Body::Verdict(_) | Body::Source(_))))
        }
        Body::Entity(_) | Body::Merge(_) | Body::Action(_) | Body::Vocabulary(_) | Body::Erase(_) => Ok(false),
    }
}
