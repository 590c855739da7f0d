//! Bundles and reports: an answer with everything that it follows from, for those who have no log.

use super::Ledger;
use super::ask::{Question, find};
use super::error::Error;
use super::key::Key;
use crate::audit::{self, Bundle, Checked};
use crate::merkle::VerifierKey;
use crate::query::Why;

impl Ledger {
    /// One file that answers a question, with the events that the answer follows from, proofs that they are in the log,
    /// and its signed checkpoint. `schema/bundle.md` documents the form.
    ///
    /// # Errors
    /// As for [`Ledger::stance`], [`Error::Proof`].
    ///
    /// ```
    /// use stancelog::{event::parse, ledger::{Asked, Question}, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// let key = ledger.key()?;
    /// let bundle = ledger.bundle(&Question { actor: "Ann", target: "Tax", asked: Asked::default() }, &key)?;
    /// let text = bundle.to_text().unwrap();
    /// assert!(Ledger::check_bundle(text.as_bytes(), &key.public(), &[]).findings.is_empty());
    /// let forged = text.replace("favor", "faver");
    /// assert!(!Ledger::check_bundle(forged.as_bytes(), &key.public(), &[]).findings.is_empty());
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn bundle(&self, question: &Question<'_>, key: &Key) -> Result<Bundle, Error> {
        Ok(self.bundle_and_why(question, key)?.0)
    }

    /// The same for people: one HTML file that needs nothing else, to be read and printed.
    ///
    /// # Errors
    /// As for [`Ledger::bundle`].
    ///
    /// ```
    /// use stancelog::{event::parse, ledger::{Asked, Question}, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"<b>Tax","occurred":"2024"}"#).unwrap()])?;
    /// let report = ledger.report(&Question { actor: "Ann", target: "<b>Tax", asked: Asked::default() }, &ledger.key()?)?;
    /// assert!(report.contains("Ann is in favor of &lt;b&gt;Tax"));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn report(&self, question: &Question<'_>, key: &Key) -> Result<String, Error> {
        let (bundle, why) = self.bundle_and_why(question, key)?;
        Ok(audit::report(&bundle, &why, &key.public())?)
    }

    /// Checks a bundle with nothing but the public key of its log, and those of witnesses: signatures, proofs, and that
    /// the answer follows from the events. Never panics, whatever the bytes are.
    pub fn check_bundle(text: &[u8], key: &VerifierKey, witnesses: &[VerifierKey]) -> Checked {
        audit::check_bundle(text, key, witnesses)
    }

    fn bundle_and_why(&self, question: &Question<'_>, key: &Key) -> Result<(Bundle, Why), Error> {
        self.ask(&question.asked, |snapshot| {
            let (actor, target) = (find(snapshot, question.actor)?, find(snapshot, question.target)?);
            Ok((Bundle::make(snapshot, actor, target, &key.signer)?, snapshot.why(actor, target)?))
        })
    }
}
