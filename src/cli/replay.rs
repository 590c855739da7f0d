//! `replay`: the log walked from its beginning, with what each event changed.

use std::io::{self, IsTerminal};

use clap::Args;

use super::audit::verify;
use super::call::{Call, Format};
use super::diff::knowing;
use super::failure::{Exit, Failure};
use super::label::Labels;
use super::list::List;
use super::out::{Out, shown};
use super::plain::{number, quoted};
use super::progress::Progress;
use super::sentence;
use super::word::word;
use crate::Ledger;
use crate::ledger::{Asked, Finding, ReplayStep, ReplayWanted, Seq};
use crate::stance::Rule;

/// Walk the log: each event, and the stances and claims that it changed
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog replay --actor Johnson --target Ukraine
  stancelog replay --until @45 --format jsonl

A line that begins with => is what the event above it changed. The tables are
made again event by event, apart from the ones that answer questions.")]
pub(super) struct Replay {
    /// Stop after what was known then: a seq, written @45, or a date
    #[arg(long, value_name = "K", allow_hyphen_values = true)]
    until: Option<String>,
    /// Only events and changes of this actor: slug, name or alias
    #[arg(long, value_name = "ACTOR")]
    actor: Option<String>,
    /// Only events and changes toward this target
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,
    /// Rebuild everything apart and compare it with the live views; exit code 1 where they differ
    #[arg(long, conflicts_with_all = ["until", "actor", "target", "step"])]
    check: bool,
    /// Wait for Enter after each event, on a terminal
    #[arg(long)]
    step: bool,
    /// How events decide: `latest` or `majority`
    #[arg(long, value_name = "RULE", default_value = "latest", value_parser = word(Rule::ALL, Rule::word, Rule::from_word))]
    rule: Rule,
}

/// Makes the views again and tells every row in which the live ones differ.
fn check(ledger: &Ledger, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
    let mut progress = Progress::of_events(ledger.status()?.head.unsigned_abs(), !out.is_quiet());
    out.beside(Some(progress.bar()));
    let mut found: u64 = 0;
    let reached = |seq: Seq| progress.reached(seq.0.unsigned_abs());
    let checked = match call.format() {
        Format::Table => ledger.check_replay(reached, |finding| {
            found += 1;
            Ok(verify::line(&finding, out)?)
        }),
        format @ (Format::Json | Format::Jsonl | Format::Csv) => {
            let mut list = List::of::<Finding>(out, format)?;
            let checked = ledger.check_replay(reached, |finding| {
                found += 1;
                Ok(list.item(&finding)?)
            });
            list.end()?;
            checked
        }
    };
    progress.finish();
    out.beside(None);
    checked?;
    let said = match found {
        0 => "A fresh replay comes to the same: nothing found.".to_owned(),
        _ => format!("The live views differ from a fresh replay in {}; `stancelog rebuild` makes them anew.", number(found, "row", "rows")),
    };
    match call.format() {
        Format::Table => out.paragraph("", &said)?,
        Format::Json | Format::Jsonl | Format::Csv => out.note(&said),
    }
    Ok(if found == 0 { Exit::Done } else { Exit::No })
}

impl Replay {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let ledger = call.read()?;
        if self.check {
            return check(&ledger, call, out);
        }
        if let Some(until) = &self.until {
            knowing("--until", until, &ledger)?;
        }
        match call.format() {
            Format::Table => self.print(&ledger, call, out)?,
            format @ (Format::Json | Format::Jsonl | Format::Csv) => {
                let mut list = List::of::<ReplayStep>(out, format)?;
                ledger.replay(&self.wanted(), |step| Ok(list.write(&step, || step.json())?))?;
                list.end()?;
            }
        }
        Ok(Exit::Done)
    }

    fn wanted(&self) -> ReplayWanted<'_> {
        let [until, actor, target] = [&self.until, &self.actor, &self.target].map(Option::as_deref);
        ReplayWanted { until, actor, target, rule: self.rule }
    }

    fn print(&self, ledger: &Ledger, call: &Call, out: &mut Out) -> Result<(), Failure> {
        let labels = Labels::of(ledger, &Asked::default())?;
        let width = ledger.status()?.head.to_string().len();
        let waits = self.step && io::stdin().is_terminal();
        let (mut events, mut changes, mut stopped) = (0_u64, 0_u64, false);
        let walked = ledger.replay(&self.wanted(), |step| {
            events += 1;
            changes += step.changes.len() as u64;
            print_step(&step, width, &labels, out)?;
            if waits && !goes_on(out)? {
                stopped = true;
                return Err(Failure::Output(io::ErrorKind::BrokenPipe.into()).into());
            }
            Ok(())
        });
        match walked {
            Err(_) if stopped => {}
            walked => walked?,
        }
        let (events, changes) = (number(events, "event", "events"), number(changes, "change", "changes"));
        out.next(
            &format!("{events}, {changes}."),
            &call.command(&format!("history {}", self.actor.as_deref().map_or("ACTOR".to_owned(), quoted))),
        );
        Ok(())
    }
}

/// Waits for Enter; tells whether to go on.
fn goes_on(out: &mut Out) -> Result<bool, Failure> {
    out.flush()?;
    let mut line = String::new();
    let bytes = io::stdin().read_line(&mut line)?;
    Ok(bytes > 0 && !line.trim().eq_ignore_ascii_case("q"))
}

fn print_step(step: &ReplayStep, width: usize, labels: &Labels, out: &mut Out) -> Result<(), Failure> {
    let said = match &step.event {
        Some(event) => {
            let when = sentence::occurred(event).map(|at| format!(", {}", shown(&at))).unwrap_or_default();
            format!("{}{when}", sentence::explained(event, |word| labels.explain(word)))
        }
        None => "(its content was erased)".to_owned(),
    };
    out.paragraph(&format!("{:>width$}  ", step.row.seq.0), &said)?;
    for change in &step.changes {
        out.paragraph(&" ".repeat(width + 2), &shown(&format!("=> {change}")))?;
    }
    Ok(())
}
