//! `audit prove`: that one event is in the log of a signed checkpoint.

use std::path::PathBuf;

use clap::Args;

use super::key::{self, KeyFile};
use crate::cli::call::{Call, Format};
use crate::cli::failure::{Exit, Failure};
use crate::cli::out::Out;

/// Prove that an event is in the log
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog audit prove 57 -o event-57.tlog-proof
  stancelog audit prove 0190a3c4 --format json

The text is a C2SP tlog-proof; its extra data are the bytes that the leaf is the hash
of: format, seq, id, time of recording, and the hash of the content.")]
pub(super) struct Prove {
    /// The event: id, beginning of an id, or seq
    #[arg(value_name = "ID|SEQ")]
    event: String,
    /// Where to write it [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    key: KeyFile,
}

impl Prove {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let ledger = call.read()?;
        ledger.event(&self.event)?;
        let key = self.key.open(&ledger, out)?;
        let proof = ledger.prove(&self.event, &ledger.checkpoint(&key)?)?;
        let text = match call.format() {
            Format::Table | Format::Csv => proof.tlog_proof,
            Format::Json | Format::Jsonl => serde_json::to_string(&proof).map_err(|e| Failure::Output(e.into()))? + "\n",
        };
        key::hand_on(&text, self.output.as_deref(), out)?;
        Ok(Exit::Done)
    }
}
