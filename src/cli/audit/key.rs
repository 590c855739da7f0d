//! `audit key`: the public key of the log; and the key file that other audit commands sign with.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::Ledger;
use crate::cli::call::{Call, Format};
use crate::cli::failure::{Exit, Failure};
use crate::cli::out::{Out, shown};
use crate::ledger::{self, Error, Origin, VerifierKey};

/// Show the public key that verifies this log's checkpoints; make the key where there is none
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  stancelog audit key

The secret key stands beside the log, as `stances.db-key`, readable by its owner
alone. Give the public one to those who will check what you prove.")]
pub(in crate::cli) struct Key {
    #[command(flatten)]
    file: KeyFile,
}

/// Which key signs.
#[derive(Args, Clone, Debug)]
pub(super) struct KeyFile {
    /// The file of the signing key; made where there is none [default: the log's path with `-key` behind]
    #[arg(long, value_name = "FILE", env = "STANCELOG_KEY")]
    key_file: Option<PathBuf>,
}

#[derive(Serialize)]
struct Public {
    key: String,
    file: String,
}

impl Key {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let key = self.file.open(&call.read()?, out)?;
        let public = Public { key: key.public().to_string(), file: key.path.display().to_string() };
        match call.format() {
            Format::Table => out.line(&public.key)?,
            Format::Json | Format::Jsonl => out.json(&public)?,
            Format::Csv => out.bytes(format!("key\n{}\n", public.key).as_bytes())?,
        }
        Ok(Exit::Done)
    }
}

impl KeyFile {
    /// The key; one that was made just now is told of, as its owner has to guard it.
    pub(super) fn open(&self, ledger: &Ledger, out: &mut Out) -> Result<ledger::Key, Failure> {
        let key = match &self.key_file {
            Some(path) => ledger::Key::open_or_make(path)?,
            None => ledger.key()?,
        };
        if key.origin == Origin::Made {
            let path = key.path.display().to_string();
            out.note(&format!("Made a signing key in {}; keep it secret. Its public key: {}", shown(&path), key.public()));
        }
        Ok(key)
    }
}

/// A public key as it is given on the command line: the key itself, or a file that holds it.
pub(super) fn public(given: &str) -> Result<VerifierKey, Failure> {
    let text = if Path::new(given).is_file() { read_text(Path::new(given))? } else { given.to_owned() };
    Ok(ledger::Key::read_public(text.trim())?)
}

/// A file that was given.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|source| Failure::Ledger(Error::File { doing: "read", path: path.to_owned(), source }))
}

fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read(path)?).map_err(|_| Failure::Usage(format!("{} is not UTF-8", path.display())))
}

/// Hands an answer on: to a file, where one was named, else to stdout.
pub(super) fn hand_on(text: &str, to: Option<&Path>, out: &mut Out) -> Result<(), Failure> {
    match to {
        Some(path) => {
            let written = std::fs::write(path, text);
            written.map_err(|source| Error::File { doing: "write", path: path.to_owned(), source })?;
            out.note(&format!("Wrote {}.", shown(&path.display().to_string())));
            Ok(())
        }
        None => out.bytes(text.as_bytes()),
    }
}
