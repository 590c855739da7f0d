//! Looking at one entity, and at how many stand where on it.

use std::collections::BTreeMap;

use super::Ledger;
use super::ask::find;
use super::error::Error;
use super::when::Asked;
use crate::log::Seq;
use crate::query::EntityItem;
use crate::stance::Value;

impl Ledger {
    /// One entity, by slug, name or alias; nothing where it was not defined then.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a name that nobody registered, [`Error::Refused`] for one that fits several.
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::Asked, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"type":"entity","entity":"kyiv","kind":"place","name":"Kyiv"}"#).unwrap()])?;
    /// assert_eq!(ledger.entity("Kyiv", &Asked::default())?.unwrap().entity, "kyiv");
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn entity(&self, name: &str, asked: &Asked) -> Result<Option<EntityItem>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.entity(find(snapshot, name)?)?))
    }

    /// The events that put an event out, as known then: those in force that take it back or replace it.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::{Asked, Seq}, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"type":"entity","entity":"kyiv","kind":"place","name":"Kyiv"}"#).unwrap()])?;
    /// let id = ledger.event("2")?.id;
    /// ledger.append([parse(&format!(r#"{{"type":"retract","event":"{id}","reason":"a typo"}}"#)).unwrap()])?;
    /// assert_eq!(ledger.put_out_by(Seq(2), &Asked::default())?, [Seq(3)]);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn put_out_by(&self, seq: Seq, asked: &Asked) -> Result<Vec<Seq>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.put_out_by(seq)?))
    }

    /// How many actors hold which stance toward a target; those without a stance are not counted.
    ///
    /// # Errors
    /// As for [`Ledger::entity`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::Asked, stance::Value, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// let backs = |actor: &str| parse(&format!(r#"{{"actor":"{actor}","action":"backs","target":"Tax","occurred":"2024"}}"#)).unwrap();
    /// ledger.append([backs("Ann"), backs("Bea")])?;
    /// assert_eq!(ledger.tally("tax", &Asked::default())?[&Value::Favor], 2);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn tally(&self, target: &str, asked: &Asked) -> Result<BTreeMap<Value, u64>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.tally(find(snapshot, target)?)?))
    }
}
