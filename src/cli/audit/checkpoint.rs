//! `audit checkpoint`: origin, size and root of today's log, signed; and checkpoints that witnesses have signed too.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::key::{self, KeyFile};
use crate::Ledger;
use crate::cli::call::{Call, Format};
use crate::cli::failure::{Exit, Failure};
use crate::cli::out::Out;
use crate::cli::plain::number;

/// Sign today's checkpoint, for others to keep
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog audit checkpoint -o today.txt
  stancelog audit checkpoint --witnessed back.txt --witness WITNESS-KEY

The text is a C2SP tlog-checkpoint in a signed note. With --witnessed, the signatures
of witnesses on an earlier one are verified and kept.")]
pub(super) struct Checkpoint {
    /// Where to write it [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// A checkpoint of this log that witnesses have signed, to be verified and kept
    #[arg(long, value_name = "FILE", requires = "witness")]
    witnessed: Option<PathBuf>,
    /// A witness's public key, for cosignatures; may be given more than once
    #[arg(long, value_name = "KEY", requires = "witnessed")]
    witness: Vec<String>,
    #[command(flatten)]
    key: KeyFile,
}

#[derive(Serialize)]
struct Told {
    origin: String,
    size: u64,
    root: String,
    note: String,
    key: String,
}

impl Checkpoint {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let ledger = call.read()?;
        let key = self.key.open(&ledger, out)?;
        if let Some(path) = &self.witnessed {
            let witnesses = self.witness.iter().map(|given| key::public(given)).collect::<Result<Vec<_>, _>>()?;
            let verified = ledger.keep_witnessed(&key::read(path)?, &key, &witnesses)?;
            let (signed, size) = (verified.cosignatures.len() as u64, verified.checkpoint.head().size.get());
            out.note(&format!("Kept the signatures of {} on the checkpoint of {size} events.", number(signed, "witness", "witnesses")));
        }
        let note = ledger.checkpoint(&key)?;
        let text = match call.format() {
            Format::Table => note.to_string(),
            Format::Json | Format::Jsonl | Format::Csv => {
                let checkpoint = Ledger::read_checkpoint(note.to_string().as_bytes(), None)?;
                let (origin, head) = (checkpoint.origin().to_owned(), checkpoint.head());
                let (size, root, key) = (head.size.get(), head.root.to_string(), key.public().to_string());
                let told = Told { origin, size, root, note: note.to_string(), key };
                serde_json::to_string(&told).map_err(|e| Failure::Output(e.into()))? + "\n"
            }
        };
        key::hand_on(&text, self.output.as_deref(), out)?;
        Ok(Exit::Done)
    }
}
