//! The key that a log's checkpoints are signed with: in a file of its own beside the log, for its owner alone.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::Ledger;
use super::error::Error;
use crate::merkle::{self, SignerKey, VerifierKey};

/// A signing key, and where it is kept.
#[derive(Clone, Debug)]
pub struct Key {
    /// The file.
    pub path: PathBuf,
    /// Whether it was there or has just been made.
    pub origin: Origin,
    pub(super) signer: SignerKey,
}

/// Where a key comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// It was there.
    Kept,
    /// It was made just now.
    Made,
}

impl Key {
    /// The public key, as verifiers are given it.
    pub fn public(&self) -> VerifierKey {
        self.signer.verifier()
    }

    /// Reads a public key as it was given: `name+id+key`.
    ///
    /// # Errors
    /// [`Error::Proof`].
    pub fn read_public(text: &str) -> Result<VerifierKey, Error> {
        text.parse().map_err(wrap("reading a public key"))
    }

    /// Reads a key from its file, or makes one there.
    ///
    /// # Errors
    /// [`Error::File`]; [`Error::Proof`] where the file holds no key.
    pub fn open_or_make(path: &Path) -> Result<Self, Error> {
        let failed = |doing| move |source| Error::File { doing, path: path.to_owned(), source };
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let signer = text.trim().parse().map_err(wrap("reading the signing key"))?;
                Ok(Self { path: path.to_owned(), origin: Origin::Kept, signer })
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let signer = SignerKey::generate(fresh_name()?).map_err(wrap("making a signing key"))?;
                let mut file = create(path).map_err(failed("create the signing key"))?;
                let written = writeln!(file, "{}", signer.to_secret_text()).and_then(|()| file.sync_all());
                written.map_err(failed("write the signing key"))?;
                Ok(Self { path: path.to_owned(), origin: Origin::Made, signer })
            }
            Err(source) => Err(failed("read the signing key")(source)),
        }
    }
}

impl Ledger {
    /// Where the key of this log is kept unless another place is named: its path with `-key` behind.
    pub fn key_path(&self) -> PathBuf {
        let mut path = self.path.as_os_str().to_owned();
        path.push("-key");
        PathBuf::from(path)
    }

    /// The key that this log's checkpoints are signed with; made now where there is none.
    ///
    /// # Errors
    /// As for [`Key::open_or_make`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = stancelog::Ledger::open(&path)?;
    /// let public = ledger.key()?.public();
    /// assert_eq!(ledger.key()?.public(), public);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn key(&self) -> Result<Key, Error> {
        Key::open_or_make(&self.key_path())
    }
}

/// Wraps an error of proofs and keys with what was being done.
pub(super) fn wrap(doing: &'static str) -> impl Fn(merkle::Error) -> Error {
    move |source| Error::Proof { doing, source }
}

/// A name that no other log has.
fn fresh_name() -> Result<merkle::KeyName, Error> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|source| wrap("naming a signing key")(merkle::Error::Random { source }))?;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("stancelog/{digits}").parse().map_err(wrap("naming a signing key"))
}

/// Creates a file that nobody but its owner reads; one that is there already is left alone.
fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
