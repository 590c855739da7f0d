//! What an export is of: log, times and rule, settled before it begins, so that the file can say them and nothing that is
//! appended meanwhile gets in.

use serde::Serialize;

use super::Ledger;
use super::error::Error;
use super::when::Asked;

/// What an export is of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Stamp {
    /// The place of the log's last event.
    pub head: i64,
    /// The root of the tree over all events up to there, hexadecimal; nothing for a log of the first layout.
    pub root: Option<String>,
    /// In valid time, EDTF; nothing: everything counts.
    pub as_of: Option<String>,
    /// The place in the log that answers are computed at.
    pub known_at: i64,
    /// How events decide.
    pub rule: String,
    /// The program's version.
    pub version: &'static str,
}

impl Stamp {
    /// What is to be asked for it: the same, however the log and the clock go on.
    pub fn asked(&self, asked: &Asked) -> Asked {
        Asked { as_of: self.as_of.clone(), known_at: Some(format!("@{}", self.known_at)), rule: asked.rule }
    }

    /// Its parts by name.
    pub fn parts(&self) -> [(&'static str, Option<String>); 6] {
        [
            ("head", Some(self.head.to_string())),
            ("root", self.root.clone()),
            ("as_of", self.as_of.clone()),
            ("known_at", Some(self.known_at.to_string())),
            ("rule", Some(self.rule.clone())),
            ("version", Some(self.version.to_owned())),
        ]
    }
}

impl Ledger {
    /// Settles what an export is of.
    ///
    /// # Errors
    /// [`Error::Refused`] for a time that is none, [`Error::Log`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::Asked, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// let stamp = ledger.stamp(&Asked::default())?;
    /// assert_eq!((stamp.head, stamp.known_at, stamp.rule.as_str()), (4, 4, "latest"));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn stamp(&self, asked: &Asked) -> Result<Stamp, Error> {
        let log = self.log.borrow();
        let reader = log.reader();
        let head = self.place()?;
        let known_at = asked.resolve(reader, self.now())?.known_at.map_or(head, |known| known.min(head));
        Ok(Stamp {
            head: head.0,
            root: if reader.has_tree()? { Some(reader.tree_head(head)?.root.to_string()) } else { None },
            as_of: asked.pinned(self.now()).as_of,
            known_at: known_at.0,
            rule: asked.rule.to_string(),
            version: env!("CARGO_PKG_VERSION"),
        })
    }
}
