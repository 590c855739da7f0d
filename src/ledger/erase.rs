//! Erasing: the content of events destroyed for good, under a legal duty that stays on record.

use serde::Serialize;
use utoipa::ToSchema;

use super::Ledger;
use super::batch::{Batch, BatchOptions, Stored};
use super::error::Error;
use crate::event::{Body, Common, Draft, Erase, EventId, EventType, Refusal};
use crate::log::{Row, Seq};

/// What is to be erased, and why.
#[derive(Clone, PartialEq, Debug)]
pub struct Erasing<'a> {
    /// The events: ids, beginnings of ids, or seqs.
    pub events: &'a [String],
    /// Why.
    pub reason: &'a str,
    /// Under which law or order.
    pub authority: &'a str,
    /// Who does it.
    pub recorded_by: Option<&'a str>,
}

/// What an erasure came to.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Erased {
    /// The place of the `erase` event; nothing where all was erased already.
    #[schema(required = true, value_type = Option<i64>)]
    pub seq: Option<Seq>,
    /// Events whose content was destroyed now.
    pub erased: Vec<EventId>,
    /// Events whose content was gone already.
    pub already: u64,
}

impl Ledger {
    /// Destroys the content of events for good, in the log's file, its journal and the views; the `erase` event stays.
    /// What is erased already is not erased twice: only the rest is named, and without a rest nothing is recorded. Of an
    /// event that took back or superseded another one, the `erase` event keeps just that: the correction goes on holding.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Refused`] for an event that records an erasure; [`Error::Log`], also when another
    /// process keeps the old text in the file: the erasure stands, and is to be repeated then.
    ///
    /// ```
    /// use stancelog::{event::parse, ledger::Erasing, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = Ledger::open(&path)?;
    /// let said = r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024","note":"at her home"}"#;
    /// ledger.append([parse(said).unwrap()])?;
    /// let erasing = Erasing { events: &["4".to_owned()], reason: "her request", authority: "GDPR art. 17", recorded_by: None };
    /// assert_eq!(ledger.erase(&erasing)?.erased.len(), 1);
    /// assert_eq!(ledger.erase(&erasing)?.already, 1);
    /// assert!(ledger.event("4")?.body.is_none());
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn erase(&self, erasing: &Erasing<'_>) -> Result<Erased, Error> {
        let (left, already) = self.to_erase(erasing)?;
        if left.is_empty() {
            // A first try may have left text in the files, as somebody was reading then.
            self.finish_erasing()?;
            return Ok(Erased { seq: None, erased: left, already });
        }
        let summary = self.append([draft(erasing, &left)])?;
        Ok(Erased { seq: Some(Seq(summary.head)), erased: left, already })
    }

    /// Rids the files of what was erased, where an erasure could not, as somebody was reading then. Nothing is done where
    /// nothing is left.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`] where somebody still reads.
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// stancelog::Ledger::open(&path)?.finish_erasing()?;
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn finish_erasing(&self) -> Result<(), Error> {
        let mut log = self.log.borrow_mut();
        if log.reader().is_scrub_due()? {
            log.scrub()?;
        }
        Ok(self.views.borrow().sweep()?)
    }

    /// The event that [`Ledger::erase`] would record, and nothing done.
    ///
    /// # Errors
    /// As for [`Ledger::erase`].
    pub fn would_erase(&self, erasing: &Erasing<'_>) -> Result<Vec<Stored>, Error> {
        let (left, _) = self.to_erase(erasing)?;
        if left.is_empty() {
            return Ok(Vec::new());
        }
        let (mut log, views, mut memory) = (self.log.borrow_mut(), self.views.borrow(), self.memory.borrow_mut());
        let mut batch = Batch::begin(log.begin()?, &views, &mut memory, &*self.clock, BatchOptions::default())?;
        batch.keep_stored();
        batch.add(draft(erasing, &left))?;
        Ok(std::mem::take(&mut batch.stored))
    }

    /// The events that are meant, less those that are erased already, and how many those are.
    fn to_erase(&self, erasing: &Erasing<'_>) -> Result<(Vec<EventId>, u64), Error> {
        let mut rows: Vec<Row> = erasing.events.iter().map(|event| self.event(event)).collect::<Result<_, _>>()?;
        rows.sort_by_key(|row| row.seq);
        rows.dedup_by_key(|row| row.seq);
        let (mut left, mut already) = (Vec::new(), 0);
        for row in rows {
            match row.event()?.map(|event| event.body.event_type()) {
                Some(EventType::Erase) => {
                    let said = format!("the event at seq {} records an erasure itself, and stays", row.seq);
                    return Err(Refusal::field("events", said).into());
                }
                Some(_) => left.push(row.id),
                None => already += 1,
            }
        }
        Ok((left, already))
    }
}

fn draft(erasing: &Erasing<'_>, events: &[EventId]) -> Draft {
    let (reason, authority) = (erasing.reason.to_owned(), erasing.authority.to_owned());
    let common = Common { recorded_by: erasing.recorded_by.map(str::to_owned), ..Common::default() };
    Draft { id: None, body: Body::Erase(Erase { events: events.to_vec(), reason, authority, keeps: Vec::new() }), common }
}
