//! Audits: verify the log, sign and keep checkpoints, prove events, copy the file.

use std::path::{Path, PathBuf};

use serde::Serialize;
use utoipa::ToSchema;

use super::Ledger;
use super::error::Error;
use super::key::{Key, wrap};
use crate::audit::{self, Consistency, Finding, HeadItem, Proof};
use crate::event::Refusal;
use crate::log::Seq;
use crate::merkle::{Checkpoint, SignedNote, TreeHead, Trust, VerifiedCheckpoint, VerifierKey};

/// Whether the views are verified too.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Replay {
    /// They are compared with a fresh replay of the log.
    #[default]
    Compared,
    /// They are left alone.
    Left,
}

/// How a log is verified.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct VerifyWanted {
    /// Trees that the log must have grown from: those of checkpoints that were kept elsewhere.
    pub trusted: Vec<TreeHead>,
    /// What becomes of the views.
    pub replay: Replay,
}

/// What a verification came to.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Verified {
    /// How many events the log has.
    pub events: i64,
    /// The tree over them; nothing where it does not read.
    #[schema(required = true)]
    pub tree: Option<HeadItem>,
    /// How many events' content was erased.
    pub erased: u64,
    /// How many things were found.
    pub findings: u64,
}

impl Ledger {
    /// Verifies the log: every stored byte against the hashes, the tree, the layout and the checkpoints that are trusted;
    /// the views against a fresh replay. Visits every finding.
    ///
    /// # Errors
    /// What keeps the log from being read; damage is a finding. And the visitor's own.
    ///
    /// ```
    /// use stancelog::{event::parse, ledger::VerifyWanted, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// let verified = ledger.verify(&VerifyWanted::default(), |_| {}, |finding| panic!("{finding:?}"))?;
    /// assert_eq!((verified.events, verified.findings), (4, 0));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn verify(
        &self,
        wanted: &VerifyWanted,
        mut progress: impl FnMut(Seq),
        mut visit: impl FnMut(Finding) -> Result<(), Error>,
    ) -> Result<Verified, Error> {
        let mut verified = {
            let log = self.log.borrow();
            let verdict = audit::verify(&log, &wanted.trusted, &mut |seq| progress(Seq(seq)), &mut visit)?;
            let (events, tree) = (verdict.last, verdict.tree.map(HeadItem::from));
            Verified { events, tree, erased: verdict.erased, findings: verdict.findings }
        };
        match wanted.replay {
            Replay::Left => {}
            Replay::Compared => self.verify_views(&mut progress, &mut |finding| {
                verified.findings += 1;
                visit(finding)
            })?,
        }
        Ok(verified)
    }

    /// Makes all views again apart from the live ones, and visits every row in which they differ.
    ///
    /// # Errors
    /// As for [`Ledger::verify`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = stancelog::Ledger::open(&path)?;
    /// ledger.check_replay(|_| {}, |finding| panic!("{finding:?}"))?;
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn check_replay(&self, mut progress: impl FnMut(Seq), mut visit: impl FnMut(Finding) -> Result<(), Error>) -> Result<(), Error> {
        self.verify_views(&mut progress, &mut visit)
    }

    fn verify_views(&self, progress: &mut dyn FnMut(Seq), visit: &mut dyn FnMut(Finding) -> Result<(), Error>) -> Result<(), Error> {
        match self.catch_up(|_| {}) {
            Ok(()) => {}
            Err(Error::Log(error)) if error.is_damage() => return visit(audit::unreadable("views", &error)),
            Err(Error::Projection(error)) if error.is_damage() => return visit(audit::unreadable("views", &error)),
            Err(error) => return Err(error),
        }
        let folder = tempfile::tempdir().map_err(|source| Error::File { doing: "make a folder in", path: std::env::temp_dir(), source })?;
        let (log, views) = (self.log.borrow(), self.views.borrow());
        audit::compare_views(&views, log.reader(), folder.path(), &mut |seq| progress(Seq(seq)), visit)
    }

    /// Today's checkpoint: origin, size and root of the tree, signed. One that witnesses have signed too, where such a one
    /// was kept and nothing was appended since.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Proof`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = stancelog::Ledger::open(&path)?;
    /// let key = ledger.key()?;
    /// let note = ledger.checkpoint(&key)?;
    /// note.verify(&[key.public()]).unwrap();
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn checkpoint(&self, key: &Key) -> Result<SignedNote, Error> {
        let log = self.log.borrow();
        let note = audit::sign_checkpoint(log.reader(), self.place()?, &key.signer)?;
        match std::fs::read(self.witnessed_path()).map(|kept| SignedNote::parse(&kept)) {
            Ok(Ok(kept)) if kept.text() == note.text() && kept.verify(&[key.public()]).is_ok() => Ok(kept),
            Ok(_) | Err(_) => Ok(note),
        }
    }

    /// Where the last checkpoint that witnesses have signed is kept: the log's path with `-witnessed` behind.
    pub fn witnessed_path(&self) -> PathBuf {
        let mut path = self.path.as_os_str().to_owned();
        path.push("-witnessed");
        PathBuf::from(path)
    }

    /// Verifies a checkpoint of this log that witnesses have signed, and keeps it.
    ///
    /// # Errors
    /// [`Error::Proof`] where a signature does not fit; [`Error::Refused`] where no witness has signed, or the log is not the
    /// one that they saw.
    pub fn keep_witnessed(&self, note: &[u8], key: &Key, witnesses: &[VerifierKey]) -> Result<VerifiedCheckpoint, Error> {
        let verifies = wrap("verifying a checkpoint that witnesses have signed");
        let mut trust = Trust::new(key.public()).map_err(&verifies)?;
        for witness in witnesses {
            trust = trust.with_witness(witness.clone()).map_err(&verifies)?;
        }
        let verified = trust.open(note).map_err(verifies)?;
        if verified.cosignatures.is_empty() {
            return Err(Refusal::field("", "no witness whose key was given has signed this checkpoint").into());
        }
        let consistency = self.consistency(verified.checkpoint.head())?;
        if !consistency.consistent {
            return Err(Refusal::field("", consistency.said).into());
        }
        let path = self.witnessed_path();
        std::fs::write(&path, note).map_err(|source| Error::File { doing: "write", path, source })?;
        Ok(verified)
    }

    /// Proves that an event (id, beginning of an id, or seq) is in the log of a checkpoint.
    ///
    /// # Errors
    /// As for [`Ledger::event`], [`Error::Proof`].
    ///
    /// ```
    /// use stancelog::{event::parse, merkle::{Hash, TlogProof, Trust}, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// let key = ledger.key()?;
    /// let proof = ledger.prove("4", &ledger.checkpoint(&key)?)?;
    /// let trust = Trust::new(key.public()).unwrap();
    /// TlogProof::parse(proof.tlog_proof.as_bytes()).unwrap().verify(proof.leaf.parse().unwrap(), &trust).unwrap();
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn prove(&self, id_or_seq: &str, checkpoint: &SignedNote) -> Result<Proof, Error> {
        let row = self.event(id_or_seq)?;
        Ok(audit::prove(self.log.borrow().reader(), &row, checkpoint)?)
    }

    /// Proves that an old tree is a prefix of today's log, or tells that it is not.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Proof`].
    ///
    /// ```
    /// use stancelog::{event::parse, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = Ledger::open(&path)?;
    /// let old = Ledger::read_checkpoint(ledger.checkpoint(&ledger.key()?)?.to_string().as_bytes(), None)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// assert!(ledger.consistency(old.head())?.consistent);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn consistency(&self, old: TreeHead) -> Result<Consistency, Error> {
        Ok(audit::consistency(self.log.borrow().reader(), old)?)
    }

    /// Reads a signed checkpoint. With a key, its signature is verified; without one, the text is taken as it is, for one
    /// that comes from where the reader has kept it.
    ///
    /// # Errors
    /// [`Error::Proof`].
    pub fn read_checkpoint(note: &[u8], key: Option<&VerifierKey>) -> Result<Checkpoint, Error> {
        let reads = wrap("reading a signed checkpoint");
        match key {
            Some(key) => Ok(Trust::new(key.clone()).and_then(|trust| trust.open(note)).map_err(reads)?.checkpoint),
            None => SignedNote::parse(note).and_then(|note| note.text().parse()).map_err(reads),
        }
    }

    /// Writes a copy of the log, safe while others write. Views, key and tokens are not copied: the views follow from the
    /// log, and who may use the one may not use the other.
    ///
    /// # Errors
    /// [`Error::Refused`] where the file is there already; [`Error::Log`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = stancelog::Ledger::open(&path)?;
    /// ledger.backup(&dir.path().join("copy.db"))?;
    /// assert_eq!(stancelog::Ledger::open_read_only(dir.path().join("copy.db"))?.status()?.head, 0);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn backup(&self, to: &Path) -> Result<(), Error> {
        if to.exists() {
            return Err(Refusal::field("", format!("{} is there already; a copy replaces nothing", to.display())).into());
        }
        Ok(self.log.borrow().copy_to(to)?)
    }
}
