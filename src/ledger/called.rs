//! How entities are called, for lists that name them by slug.

use std::collections::HashMap;

use super::Ledger;
use super::error::Error;
use super::when::Asked;

impl Ledger {
    /// The names of entities, by the slugs given; one that nobody defined is called by its slug.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"type":"entity","entity":"kyiv","kind":"place","name":"Kyiv"}"#).unwrap()])?;
    /// let names = ledger.called(["kyiv", "claim:rain"])?;
    /// assert_eq!((&*names["kyiv"], &*names["claim:rain"]), ("Kyiv", "claim:rain"));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn called<'a>(&self, slugs: impl IntoIterator<Item = &'a str>) -> Result<HashMap<&'a str, String>, Error> {
        self.ask(&Asked::default(), |snapshot| {
            let registry = snapshot.registry();
            let mut names = HashMap::new();
            for slug in slugs {
                if !names.contains_key(slug) {
                    let name = registry.slug(slug)?.and_then(|known| known.name);
                    names.insert(slug, name.unwrap_or_else(|| slug.to_owned()));
                }
            }
            Ok(names)
        })
    }
}
