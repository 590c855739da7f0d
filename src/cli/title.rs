//! How people are called in tables: by name, with the title that they hold at the time asked.

use std::collections::HashMap;

use super::failure::Failure;
use crate::Ledger;
use crate::ledger::Asked;

/// So many titles are looked up for one table; a long list does without.
const TITLES_MAX: usize = 50;

/// The names behind slugs.
pub(super) struct Names<'a>(HashMap<&'a str, String>);

impl<'a> Names<'a> {
    /// The names behind these, as known at the time asked.
    pub(super) fn of(ledger: &Ledger, slugs: impl IntoIterator<Item = &'a str>, asked: &Asked) -> Result<Self, Failure> {
        Ok(Self(ledger.called(slugs, asked)?))
    }

    /// The name behind a slug.
    pub(super) fn name<'b>(&'b self, slug: &'b str) -> &'b str {
        self.0.get(slug).map_or(slug, |name| name)
    }
}

/// Titles for the names of one table.
pub(super) struct Titles<'a> {
    ledger: &'a Ledger,
    asked: Asked,
    left: usize,
}

impl<'a> Titles<'a> {
    /// Titles as they are held at the time asked, or today.
    pub(super) fn of(ledger: &'a Ledger, asked: Asked) -> Self {
        Self { ledger, asked, left: TITLES_MAX }
    }

    /// The name with its title, as in `Boris Johnson, former Prime Minister of the United Kingdom`.
    pub(super) fn named(&mut self, slug: &str, name: &str) -> Result<String, Failure> {
        Ok(self.title(slug)?.map_or_else(|| name.to_owned(), |title| format!("{name}, {title}")))
    }

    /// What stands behind a name within a sentence: the title between commas, or nothing.
    pub(super) fn apposition(&mut self, slug: &str) -> Result<String, Failure> {
        Ok(self.title(slug)?.map(|title| format!(", {title},")).unwrap_or_default())
    }

    fn title(&mut self, slug: &str) -> Result<Option<String>, Failure> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        Ok(self.ledger.title(slug, &self.asked)?)
    }
}
