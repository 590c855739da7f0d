//! `rebuild`: the views made anew from the log.

use clap::Args;
use serde::Serialize;

use super::call::{Call, Format};
use super::failure::{Exit, Failure};
use super::out::Out;
use super::plain::number;
use super::progress::Progress;

/// Throw the views away and make them anew from the log
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  stancelog rebuild\n\nThe log is only read; the views follow from it alone, so nothing can be lost.")]
pub(super) struct Rebuild {}

/// What was rebuilt, for programs.
#[derive(Serialize)]
struct Rebuilt {
    events: i64,
}

impl Rebuild {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let ledger = call.read()?;
        let head = ledger.status()?.head;
        let mut progress = Progress::of_events(head.unsigned_abs(), !out.is_quiet());
        let rebuilt = ledger.rebuild(|seq| progress.reached(seq.0.unsigned_abs()));
        progress.finish();
        rebuilt?;
        match call.format() {
            Format::Table => out.line(&format!("The views are made anew from {}.", number(head.unsigned_abs(), "event", "events")))?,
            Format::Json | Format::Jsonl => out.json(&Rebuilt { events: head })?,
            Format::Csv => out.bytes(format!("events\n{head}\n").as_bytes())?,
        }
        out.next("", &call.command("status"));
        Ok(Exit::Done)
    }
}
