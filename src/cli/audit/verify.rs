//! `audit verify`: every byte of the log against the others, and against checkpoints that were kept elsewhere.

use std::path::PathBuf;

use clap::Args;

use super::key;
use crate::Ledger;
use crate::cli::call::{Call, Format};
use crate::cli::failure::{Exit, Failure};
use crate::cli::list::List;
use crate::cli::out::{Out, shown};
use crate::cli::plain::number;
use crate::cli::progress::Progress;
use crate::ledger::{Finding, Replay, Seq, TreeHead, Verified, VerifyWanted};

/// Verify the whole log: hashes, tree, order, layout, and the views against a fresh replay
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog audit verify
  stancelog audit verify --trusted-checkpoint kept-elsewhere.txt --format json

Tells everything that it finds and ends with 1 where it finds something. A log that
was shortened or written anew as a whole is found only against a checkpoint that was
kept elsewhere; the file given is believed as it is, unless --key is given too.")]
pub(super) struct Verify {
    /// A checkpoint that was kept elsewhere: the log must have grown from it; may be given more than once
    #[arg(long, value_name = "FILE")]
    trusted_checkpoint: Vec<PathBuf>,
    /// Believe the checkpoint only if this public key has signed it
    #[arg(long, value_name = "KEY", requires = "trusted_checkpoint")]
    key: Option<String>,
    /// Leave the views alone, which takes most of the time
    #[arg(long)]
    log_only: bool,
}

impl Verify {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let wanted = VerifyWanted { trusted: self.trusted()?, replay: if self.log_only { Replay::Left } else { Replay::Compared } };
        let ledger = call.read()?;
        let mut progress = Progress::of_events(ledger.status().map_or(0, |status| status.head.unsigned_abs()), !out.is_quiet());
        out.beside(Some(progress.bar()));
        let reached = |seq: Seq| progress.reached(seq.0.unsigned_abs());
        let verified = match call.format() {
            Format::Table => ledger.verify(&wanted, reached, |finding| Ok(line(&finding, out)?)),
            format @ (Format::Json | Format::Jsonl | Format::Csv) => {
                let mut list = List::of::<Finding>(out, format)?;
                let verified = ledger.verify(&wanted, reached, |finding| Ok(list.item(&finding)?));
                list.end()?;
                verified
            }
        };
        progress.finish();
        out.beside(None);
        let verified = verified?;
        let (said, root) = summary(&verified, wanted.trusted.len());
        match call.format() {
            Format::Table => {
                out.paragraph("", &said)?;
                root.map_or(Ok(()), |root| out.line(&root))?;
            }
            Format::Json | Format::Jsonl | Format::Csv => out.note(&said),
        }
        Ok(if verified.findings == 0 { Exit::Done } else { Exit::No })
    }

    fn trusted(&self) -> Result<Vec<TreeHead>, Failure> {
        let key = self.key.as_deref().map(key::public).transpose()?;
        let head = |path: &PathBuf| Ok(Ledger::read_checkpoint(&key::read(path)?, key.as_ref())?.head());
        self.trusted_checkpoint.iter().map(head).collect()
    }
}

/// Prints a finding.
pub(in crate::cli) fn line(finding: &Finding, out: &mut Out) -> Result<(), Failure> {
    let place = finding.seq.map_or_else(|| finding.table.clone(), |seq| format!("event {seq}"));
    let said = format!("expected {}; found {}", shown(&finding.expected), shown(&finding.found));
    out.paragraph(&format!("{} ({}): ", shown(&place), finding.kind), &said)
}

/// What it came to in a sentence, and the line of the root.
fn summary(verified: &Verified, trusted: usize) -> (String, Option<String>) {
    let events = number(verified.events.unsigned_abs(), "event", "events");
    if verified.findings > 0 {
        return (format!("Found {} in a log of {events}.", number(verified.findings, "thing", "things")), None);
    }
    let mut said = format!("Verified {events}: nothing found.");
    if verified.erased > 0 {
        said.push_str(&format!(" The content of {} was erased, with a record of why.", number(verified.erased, "event", "events")));
    }
    if trusted > 0 {
        said.push_str(&format!(" The log has grown from {}.", number(trusted as u64, "trusted checkpoint", "trusted checkpoints")));
    }
    (said, verified.tree.as_ref().map(|tree| format!("tree root    {}", tree.root)))
}
