//! `audit bundle` and `audit report`: an answer with everything that it follows from, for machines and for people.

use std::path::PathBuf;

use clap::Args;

use super::key::{self, KeyFile};
use crate::cli::call::{Call, When};
use crate::cli::failure::{Exit, Failure};
use crate::cli::out::Out;
use crate::ledger::{Error, Question};

/// Answer a question in one file that can be checked without the log
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  stancelog audit bundle \"Boris Johnson\" Ukraine --as-of 2023-01-31 -o answer.json

The file holds the answer, the events that it follows from, proofs that they are in the
log, and the signed checkpoint. `stancelog audit check` checks it anywhere.")]
pub(super) struct Bundle {
    #[command(flatten)]
    asking: Asking,
}

/// Write the same as a report to be read and printed
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  stancelog audit report \"Boris Johnson\" Ukraine -o report.html

One HTML file that needs nothing else: answer, evidence, events, proofs, checkpoint.")]
pub(super) struct Report {
    #[command(flatten)]
    asking: Asking,
}

#[derive(Args, Debug)]
struct Asking {
    /// Who: slug, name or alias
    actor: String,
    /// Toward whom or what
    target: String,
    /// Where to write it [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    key: KeyFile,
    #[command(flatten)]
    when: When,
}

impl Bundle {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let (ledger, asking) = (call.read()?, &self.asking);
        let question = asking.question();
        ledger.stance(&question)?;
        let key = asking.key.open(&ledger, out)?;
        let text = ledger.bundle(&question, &key)?.to_text().map_err(Error::from)?;
        key::hand_on(&text, asking.output.as_deref(), out)?;
        if let Some(path) = &asking.output {
            let path = crate::cli::plain::quoted(&path.display().to_string());
            out.next("", &call.command(&format!("audit check {path} --key {}", key.public())));
        }
        Ok(Exit::Done)
    }
}

impl Report {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let (ledger, asking) = (call.read()?, &self.asking);
        let question = asking.question();
        ledger.stance(&question)?;
        let key = asking.key.open(&ledger, out)?;
        key::hand_on(&ledger.report(&question, &key)?, asking.output.as_deref(), out)?;
        Ok(Exit::Done)
    }
}

impl Asking {
    fn question(&self) -> Question<'_> {
        Question { actor: &self.actor, target: &self.target, asked: self.when.asked() }
    }
}
