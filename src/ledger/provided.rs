//! The vocabularies that come with the program: the one that every log begins with, and those that imports bring.

use super::batch::Batch;
use super::error::Error;
use crate::event::{self, Body, Common};
use crate::log::Seq;

impl Batch<'_> {
    /// Records a vocabulary that comes with the program, unless the log has it.
    ///
    /// # Errors
    /// [`Error::Log`].
    pub fn vocabulary(&mut self, vocabulary: event::Vocabulary) -> Result<(), Error> {
        self.begin_log(None)?;
        self.provide(vocabulary)
    }

    /// Begins an empty log with the built-in vocabulary, unless its first event is that vocabulary, as in an export of
    /// another log (perhaps of an older program).
    pub(super) fn begin_log(&mut self, first: Option<&Body>) -> Result<(), Error> {
        if self.append.head() != Seq::START {
            return Ok(());
        }
        let built_in = event::built_in().map_err(Error::BuiltIn)?;
        match first {
            Some(Body::Vocabulary(given)) if given.name == built_in.name => Ok(()),
            Some(_) | None => self.provide(built_in),
        }
    }

    /// Stores a vocabulary that comes with the program, unless the log has it.
    fn provide(&mut self, vocabulary: event::Vocabulary) -> Result<(), Error> {
        let id = event::vocabulary_id(&vocabulary).map_err(Error::BuiltIn)?;
        if self.append.reader().by_id(id)?.is_none() {
            self.store(id, &Body::Vocabulary(vocabulary), &Common::default())?;
            self.provided.push(id);
        }
        Ok(())
    }
}
