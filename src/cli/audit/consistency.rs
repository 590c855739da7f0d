//! `audit consistency`: that a checkpoint published long ago is a prefix of today's log.

use std::path::PathBuf;

use clap::Args;

use super::key;
use crate::Ledger;
use crate::cli::call::{Call, Format};
use crate::cli::failure::{Exit, Failure};
use crate::cli::out::Out;

/// Prove that an old checkpoint is a prefix of today's log
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  stancelog audit consistency last-year.txt

Says so in a sentence, and gives the proof (RFC 6962, section 2.1.2): the hashes that
lead from the old root to today's. Ends with 1 where it is not so.")]
pub(super) struct Consistency {
    /// The old checkpoint
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// Believe the old checkpoint only if this public key has signed it
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

impl Consistency {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let key = self.key.as_deref().map(key::public).transpose()?;
        let old = Ledger::read_checkpoint(&key::read(&self.old)?, key.as_ref())?;
        let told = call.read()?.consistency(old.head())?;
        match call.format() {
            Format::Table | Format::Csv => {
                out.paragraph("", &told.said)?;
                out.line(&format!("old root  {}", told.old.root))?;
                out.line(&format!("new root  {}", told.new.root))?;
                told.proof.iter().try_for_each(|hash| out.line(&format!("proof     {hash}")))?;
            }
            Format::Json | Format::Jsonl => out.json(&told)?,
        }
        Ok(if told.consistent { Exit::Done } else { Exit::No })
    }
}
