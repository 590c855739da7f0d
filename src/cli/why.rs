//! `why`: from an answer down to the events that decide it and what they rest on.

use clap::Args;

use super::answer;
use super::call::{Call, Format, When, no_claim};
use super::evidence;
use super::failure::{Exit, Failure};
use super::history::{changed, day};
use super::label::Labels;
use super::list;
use super::out::{Out, shown};
use super::plain::number;
use super::title::Titles;
use crate::ledger::{self, Act, Question};

/// Why an answer is as it is: the events that decide it, with evidence, place in the log and hash
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog why \"Boris Johnson\" Ukraine
  stancelog why Johnson Ukraine --known-at @45 --format json")]
pub(super) struct Why {
    /// Who: slug, name or alias
    actor: String,
    /// Toward whom or what
    target: String,
    /// In a table: at most so many of the events that decide, the last ones
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    #[command(flatten)]
    when: When,
}

impl Why {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        no_claim(&self.target, call)?;
        let question = Question { actor: &self.actor, target: &self.target, asked: self.when.asked() };
        let ledger = call.read()?;
        let why = ledger.why(&question)?;
        match call.format() {
            Format::Table => {
                let labels = Labels::of(&ledger, &question.asked)?;
                let title = Titles::of(&ledger, self.when.asked()).apposition(&why.answer.actor)?;
                out.paragraph("", &answer::sentence(&why.answer, &title))?;
                print(&why, self.limit, &labels, call, out)?;
            }
            Format::Json | Format::Jsonl => out.json(&why)?,
            Format::Csv => list::csv(&why, out)?,
        }
        Ok(Exit::Done)
    }
}

fn print(why: &ledger::Why, limit: usize, labels: &Labels, call: &Call, out: &mut Out) -> Result<(), Failure> {
    let answer = &why.answer;
    if answer.events > 0 {
        out.paragraph("", &format!("On record: {}.", answer::counts(answer)))?;
    }
    for remark in answer::remarks(answer) {
        out.paragraph("", &remark)?;
    }
    if let Some(first) = why.events.first() {
        out.line("")?;
        let events = number(why.events.len() as u64, "event", "events");
        out.line(&format!("Decided by {events} of tier {}, by the rule `{}`:", first.tier, answer.rule))?;
        let left_out = why.events.len().saturating_sub(limit);
        if left_out > 0 {
            out.line(&format!("  (the last {limit} of them; --limit shows more)"))?;
        }
        for act in &why.events[left_out..] {
            print_act(act, labels, out)?;
        }
    }
    if !why.changes.is_empty() {
        out.line("")?;
        out.line("The changes that led to it:")?;
        for change in &why.changes {
            out.paragraph("  ", &format!("{} {}", day(&change.at), changed(change)))?;
        }
    }
    if let Some(last) = why.events.last() {
        out.next("", &call.command(&format!("event {}", last.seq)));
    }
    Ok(())
}

fn print_act(act: &Act, labels: &Labels, out: &mut Out) -> Result<(), Failure> {
    out.line("")?;
    let side = act.side.map(|side| format!(", {side}")).unwrap_or_default();
    out.paragraph("  ", &format!("{} {} ({}{side})", shown(&act.occurred), evidence::deed(act, labels), act.tier))?;
    evidence::grounds(act, out)?;
    out.line(&format!("      event {}, recorded {}", act.seq, act.recorded_at))?;
    out.line(&format!("      id    {}", act.id))?;
    out.line(&format!("      leaf  {}", act.leaf))
}
