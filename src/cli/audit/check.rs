//! `audit check`: a bundle, on a machine that has no log.

use std::path::PathBuf;

use clap::Args;

use super::key;
use super::verify::line;
use crate::Ledger;
use crate::cli::call::{Call, Format};
use crate::cli::failure::{Exit, Failure};
use crate::cli::list;
use crate::cli::out::{Out, shown};
use crate::cli::plain::number;
use crate::ledger::Bundle;

/// Check a bundle: signatures, proofs, and that the answer follows from the events
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  stancelog audit check answer.json --key log-key.txt

Needs neither log nor network. The key has to come from a place that you trust, and not
with the bundle. Ends with 1 where anything in the file is not what was sealed.")]
pub(super) struct Check {
    /// The bundle
    file: PathBuf,
    /// The log's public key, or a file that holds it
    #[arg(long, value_name = "KEY")]
    key: String,
    /// A witness's public key, whose signature the checkpoint may bear; may be given more than once
    #[arg(long, value_name = "KEY")]
    witness: Vec<String>,
}

impl Check {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let key = key::public(&self.key)?;
        let witnesses = self.witness.iter().map(|given| key::public(given)).collect::<Result<Vec<_>, _>>()?;
        let checked = Ledger::check_bundle(&key::read(&self.file)?, &key, &witnesses);
        let found = checked.findings.len() as u64;
        match call.format() {
            Format::Table => {
                checked.findings.iter().try_for_each(|finding| line(finding, out))?;
                match checked.bundle.filter(|_| found == 0) {
                    Some(bundle) => out.paragraph("", &said(&bundle))?,
                    None => out.line(&format!("Found {}: this file proves nothing.", number(found, "thing", "things")))?,
                }
            }
            format @ (Format::Json | Format::Jsonl | Format::Csv) => list::print(&checked.findings, format, out)?,
        }
        Ok(if found == 0 { Exit::Done } else { Exit::No })
    }
}

fn said(bundle: &Bundle) -> String {
    let question = &bundle.question;
    let stance = bundle.answer.get("stance").and_then(serde_json::Value::as_str).unwrap_or_default();
    let as_of = question.as_of.as_ref().map(|end| format!(", as of {end}")).unwrap_or_default();
    format!(
        "Checked: {} toward {} is `{}`{as_of}, as known at event {}. {} of the log and its checkpoint prove it.",
        shown(&question.actor),
        shown(&question.target),
        shown(stance),
        question.known_at,
        number(bundle.events.len() as u64, "event", "events"),
    )
}
