//! `sides`: where everybody stands on a target.

use std::cmp::Ordering;

use clap::Args;

use super::answer;
use super::call::{Call, Format, When, no_claim};
use super::date;
use super::failure::{Exit, Failure};
use super::list;
use super::out::{Out, shown};
use super::plain::quoted;
use super::table::Table;
use super::title::Titles;
use crate::event::Day;
use crate::ledger::Answer;
use crate::stance::Value;

/// Where everybody stands on a target, grouped by stance
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog sides Ukraine
  stancelog sides Ukraine --changed-since -30d
  stancelog sides \"Ukraine joins NATO\" --as-of 2022-02-23 --format csv")]
pub(super) struct Sides {
    /// Toward whom or what: slug, name or alias
    target: String,
    /// Only stances that began on this day or later: EDTF, `today` or `-30d`
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    changed_since: Option<String>,
    #[command(flatten)]
    when: When,
}

impl Sides {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        no_claim(&self.target, call)?;
        let ledger = call.read()?;
        let first = self.changed_since.as_deref().map(|text| date::first_day("--changed-since", text, &ledger)).transpose()?;
        let mut answers = ledger.sides(&self.target, &self.when.asked())?;
        if let Some(first) = first {
            answers.retain(|answer| answer.since.as_deref().and_then(Day::parse).is_some_and(|since| since >= first));
        }
        match call.format() {
            Format::Table => self.print(answers, &mut Titles::of(&ledger, self.when.asked()), call, out)?,
            format @ (Format::Json | Format::Jsonl | Format::Csv) => list::print(&answers, format, out)?,
        }
        Ok(Exit::Done)
    }

    fn print(&self, mut answers: Vec<Answer>, titles: &mut Titles<'_>, call: &Call, out: &mut Out) -> Result<(), Failure> {
        let Some(first) = answers.first() else {
            let since = self.changed_since.as_deref().map(|since| format!(" since {}", shown(since))).unwrap_or_default();
            return out.line(&format!("Nobody is on record toward {}{since}.", shown(&self.target)));
        };
        let (target, slug) = (shown(&first.target_name).into_owned(), quoted(&first.target));
        let counted = |value: Value| answers.iter().filter(|answer| answer.stance == value).count();
        let groups: Vec<String> = Value::ALL
            .iter()
            .map(|value| (value, counted(*value)))
            .filter(|(_, n)| *n > 0)
            .map(|(value, n)| format!("{n} {value}"))
            .collect();
        out.paragraph("", &format!("Toward {target}: {}.", groups.join(", ")))?;
        out.line("")?;
        answers.sort_by(in_groups);
        let mut table = Table::new(&["stance", "actor", "basis", "since", "last", "events", ""], &[0, 2, 3, 4, 5]);
        for answer in &answers {
            table.row(&[
                answer.stance.word(),
                &titles.named(&answer.actor, &answer.actor_name)?,
                answer.basis.map_or("-", |basis| basis.word()),
                answer::day(answer.since.as_deref()),
                answer::day(answer.last.as_deref()),
                &answer.events.to_string(),
                &answer::marks(answer),
            ]);
        }
        table.numbers(5);
        table.at_most(6, 9);
        table.print(out)?;
        out.next("", &call.command(&format!("why ACTOR {slug}{}", self.when.flags())));
        Ok(())
    }
}

/// By stance, the strongest basis first, then by name.
fn in_groups(a: &Answer, b: &Answer) -> Ordering {
    (a.stance, a.basis, &a.actor_name).cmp(&(b.stance, b.basis, &b.actor_name))
}
