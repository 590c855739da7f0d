//! `status`: what the log and its views are.

use clap::Args;

use super::call::{Call, Format};
use super::failure::{Exit, Failure};
use super::list;
use super::out::{Out, shown};
use super::plain::quoted;
use crate::ledger;

/// What the log is: its path, head, size, last event
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  stancelog status\n  stancelog status --format json")]
pub(super) struct Status {}

impl Status {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let status = call.read()?.status()?;
        match call.format() {
            Format::Table => print(&status, call, out)?,
            Format::Json | Format::Jsonl => out.json(&status)?,
            Format::Csv => list::csv(&status, out)?,
        }
        Ok(Exit::Done)
    }
}

fn print(status: &ledger::Status, call: &Call, out: &mut Out) -> Result<(), Failure> {
    let mut line = |name: &str, value: &str| out.line(&format!("{name:<12} {}", shown(value)));
    line("log", &status.path)?;
    line("events", &status.events.to_string())?;
    line("head", &status.head.to_string())?;
    line("last event", status.recorded_at.as_deref().map_or("none yet", |at| at))?;
    if let Some(leaf) = &status.leaf {
        line("leaf hash", leaf)?;
    }
    if let Some(root) = &status.root {
        line("tree root", root)?;
    }
    if status.erased > 0 {
        line("erased", &status.erased.to_string())?;
    }
    if status.scrub_due {
        line("unfinished", "text that was erased may still stand in the files; the next command that writes removes it")?;
    }
    let behind = status.head - status.views;
    line(
        "views",
        &if behind == 0 { "up to the head".to_owned() } else { format!("{behind} events behind; the next question catches up") },
    )?;
    if status.head == 0 {
        out.next("", &call.command(&format!("record {} backs {} --on today", quoted("Ann"), quoted("Tax"))));
    }
    Ok(())
}
