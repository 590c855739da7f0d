//! How entities are called and actions read, for lists that name them by slug.

use std::collections::HashMap;

use super::Ledger;
use super::error::Error;
use super::when::Asked;

impl Ledger {
    /// The names of entities and the texts of claims as known then, by the slugs given; one that nobody had defined is called by
    /// its slug.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::Asked, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"type":"entity","entity":"kyiv","kind":"place","name":"Kyiv"}"#).unwrap()])?;
    /// ledger.append([parse(r#"{"type":"claim","claim":"rain","text":"It rains."}"#).unwrap()])?;
    /// let names = ledger.called(["kyiv", "claim:rain", "claim:snow"], &Asked::default())?;
    /// assert_eq!((&*names["kyiv"], &*names["claim:rain"], &*names["claim:snow"]), ("Kyiv", "It rains.", "claim:snow"));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn called<'a>(&self, slugs: impl IntoIterator<Item = &'a str>, asked: &Asked) -> Result<HashMap<&'a str, String>, Error> {
        self.ask(asked, |snapshot| {
            let mut names = HashMap::new();
            for slug in slugs {
                if !names.contains_key(slug) {
                    names.insert(slug, snapshot.display_name(slug)?);
                }
            }
            Ok(names)
        })
    }

    /// How actions read by their definitions known then, by the slugs given; one that has none reads as its slug.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::Asked, Ledger};
    /// let mut ledger = Ledger::open(&path)?;
    /// let event = parse(r#"{"type":"stance","actor":"Ann","action":"backs","target":"Tax","occurred":"2022-02-24"}"#).unwrap();
    /// ledger.append([event])?;
    /// let labels = ledger.labelled(["votes-for", "cameo-9"], &Asked::default())?;
    /// assert_eq!((&*labels["votes-for"], &*labels["cameo-9"]), ("votes for", "cameo-9"));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn labelled<'a>(&self, actions: impl IntoIterator<Item = &'a str>, asked: &Asked) -> Result<HashMap<&'a str, String>, Error> {
        self.ask(asked, |snapshot| {
            let mut labels = HashMap::new();
            for action in actions {
                if !labels.contains_key(action) {
                    labels.insert(action, snapshot.label(action)?.unwrap_or_else(|| action.to_owned()));
                }
            }
            Ok(labels)
        })
    }
}
