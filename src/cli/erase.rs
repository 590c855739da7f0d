//! `erase`: the content of events destroyed for good, under a legal duty.

use clap::Args;

use super::call::{Call, Format};
use super::failure::{Exit, Failure};
use super::list;
use super::out::Out;
use super::plain::number;
use super::planned;
use super::sentence;
use crate::ledger::{Erased, Erasing, Error};

/// Destroy the content of events for good, under a legal duty
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  stancelog erase 0190a3c4 57 --reason \"request of 3 May\" --authority \"GDPR art. 17\"

The content is overwritten in the log's file, its journal and the views. The events'
places, ids and hashes stay, so that the log still verifies, and so does the record of
who erased them and why. Copies made before this keep what they have.")]
pub(super) struct Erase {
    /// The events: ids, beginnings of ids, or seqs
    #[arg(required = true, value_name = "EVENT")]
    events: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Under which law or order
    #[arg(long, value_name = "TEXT")]
    authority: String,
    /// Show the event that would be recorded, and erase nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

impl Erase {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        call.must_exist()?;
        let ledger = call.write()?;
        let erasing = Erasing { events: &self.events, reason: &self.reason, authority: &self.authority, recorded_by: None };
        if self.dry_run {
            for event in ledger.would_erase(&erasing)? {
                planned::print(&event, out)?;
            }
            for event in &self.events {
                let row = ledger.event(event)?;
                let said = row.event().map_err(Error::from)?.map_or("erased already".to_owned(), |event| sentence::of(&event));
                out.note(&format!("would destroy what event {} says: {said}", row.seq));
            }
            return Ok(Exit::Done);
        }
        let erased = ledger.erase(&erasing)?;
        match call.format() {
            Format::Table => out.next(&said(&erased), &call.command("audit verify")),
            Format::Json | Format::Jsonl => out.json(&erased)?,
            Format::Csv => list::csv(&erased, out)?,
        }
        Ok(Exit::Done)
    }
}

fn said(erased: &Erased) -> String {
    match erased.seq {
        Some(seq) => {
            let mut said =
                format!("Erased the content of {}; event {seq} records it.", number(erased.erased.len() as u64, "event", "events"));
            if erased.already > 0 {
                said.push_str(&format!(" {} erased already.", number(erased.already, "event was", "events were")));
            }
            said
        }
        None => "Nothing to erase: the content was erased already.".to_owned(),
    }
}
