//! `backup`: a copy of the log, safe while others write.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::call::{Call, Format};
use super::failure::{Exit, Failure};
use super::out::{Out, shown};

/// Copy the log to a file, safely while others write
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  stancelog backup copies/stances-2023-02-01.db

The copy is the log as it stands at one moment. Its views are made when it is
first asked. The signing key and the tokens are not copied: a copy that is
served needs tokens of its own.")]
pub(super) struct Backup {
    /// The file to make; it must not be there yet
    file: PathBuf,
}

#[derive(Serialize)]
struct Copied {
    file: String,
    events: i64,
}

impl Backup {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        call.read()?.backup(&self.file)?;
        let events = crate::Ledger::open_read_only(&self.file)?.status()?.head;
        let copied = Copied { file: self.file.display().to_string(), events };
        match call.format() {
            Format::Table => out.note(&format!("Copied {events} events to {}.", shown(&copied.file))),
            Format::Json | Format::Jsonl => out.json(&copied)?,
            Format::Csv => out.bytes(format!("events\n{events}\n").as_bytes())?,
        }
        Ok(Exit::Done)
    }
}
