//! Ending a batch: made durable, then the files rid of what it erased.

use super::batch::{Batch, Summary};
use super::error::Error;
use crate::log::Error::NotScrubbed;

impl Batch<'_> {
    /// Makes the batch durable.
    ///
    /// # Errors
    /// [`Error::Log`]. Where it says that the log or the views are not rid of what was erased, the batch stands all the same.
    pub fn commit(self) -> Result<Summary, Error> {
        let (summary, swept) = self.commit_then_sweep()?;
        swept.map(|()| summary)
    }

    /// Makes the batch durable. From then on it stands; that the files could not be rid of what it erased is told apart.
    pub(super) fn commit_then_sweep(self) -> Result<(Summary, Result<(), Error>), Error> {
        self.check_gone()?;
        let Batch { append, views, reading, memory, mut summary, needs_views, erases, .. } = self;
        drop(reading);
        let (head, scrubbed) = match append.commit() {
            Ok(head) => (head, Ok(())),
            // It is in the log: only the file is not rid of what it erased.
            Err(error @ NotScrubbed { head, .. }) => (head, Err(error)),
            Err(error) => return Err(error.into()),
        };
        memory.release(head, needs_views);
        summary.head = head.0;
        // What was erased may stand in the views; should we die here, the next catch-up meets the event and does this.
        let swept = if erases { views.reset().and_then(|()| views.sweep()) } else { Ok(()) };
        let swept = scrubbed.map_err(Error::from).and(swept.map_err(Error::from));
        Ok((summary, swept))
    }
}
