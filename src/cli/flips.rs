//! `flips`: who changed sides, with proof.

use clap::Args;

use super::answer::day;
use super::call::{Call, Format, When};
use super::failure::{Exit, Failure};
use super::limit::Limit;
use super::list;
use super::out::{Out, shown};
use super::plain::{number, quoted};
use super::table::Table;
use super::title::Names;
use crate::ledger::{FlipItem, FlipsWanted};
use crate::stance::Grade;

/// Who changed sides, with the events that prove it
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog flips --confirmed
  stancelog flips --target Ukraine --from 2022 --format csv

A flip is a change on one basis, declared or enacted: full from one side to
the other, half to or from anything else. It is confirmed when the new side
was taken on two days or by a formal act (a vote, a signature, a law), and a
candidate until then. Where dates do not tell what came first, there is none.")]
pub(super) struct Flips {
    /// Only this actor's: slug, name or alias
    #[arg(long, value_name = "ACTOR")]
    actor: Option<String>,
    /// Only those toward this target
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,
    /// Only those on this date or later: EDTF, `today` or `-30d`
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    from: Option<String>,
    /// Only those on this date or earlier, likewise
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    to: Option<String>,
    /// Only confirmed ones
    #[arg(long)]
    confirmed: bool,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    when: When,
}

/// How wide `full candidate` is on two lines, with the gap behind it.
const CANDIDATE: u16 = 11;

impl Flips {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let wanted = FlipsWanted {
            actor: self.actor.as_deref(),
            target: self.target.as_deref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
            confirmed: self.confirmed,
        };
        let ledger = call.read()?;
        let all = ledger.flips(&wanted, &self.when.asked())?;
        match call.format() {
            Format::Table if all.is_empty() => {
                let confirmed = if self.confirmed { "confirmed " } else { "" };
                let whose = of_pair(self.actor.as_deref(), self.target.as_deref());
                out.paragraph("", &format!("No {confirmed}flip{whose} is on record."))?;
            }
            Format::Table => {
                let (actor, target) = (self.actor.as_deref(), self.target.as_deref());
                let mut ordered: Vec<&FlipItem> = all.iter().collect();
                ordered.sort_by_key(|flip| flip.grade);
                out.paragraph("", &format!("{}.", totals(&all, &of_pair(actor, target))))?;
                out.line("")?;
                let shown = self.limit.cut(&ordered, call);
                let names = Names::of(&ledger, shown.iter().flat_map(|flip| [&*flip.actor, &*flip.target]), &self.when.asked())?;
                print(shown, &names, (actor.is_none(), target.is_none()), out)?;
                self.limit.note(all.len(), call, out);
                if let Some(FlipItem { actor, target, .. }) = ordered.first() {
                    out.next("", &call.command(&format!("history {} {}{}", quoted(actor), quoted(target), self.when.flags())));
                }
            }
            format @ (Format::Json | Format::Jsonl | Format::Csv) => list::print(self.limit.cut(&all, call), format, out)?,
        }
        Ok(Exit::Done)
    }
}

/// Whose, and toward whom, a list was asked for.
pub(super) fn of_pair(actor: Option<&str>, target: Option<&str>) -> String {
    let of = actor.map(|actor| format!(" of {}", shown(actor))).unwrap_or_default();
    let toward = target.map(|target| format!(" toward {}", shown(target))).unwrap_or_default();
    format!("{of}{toward}")
}

/// How many there are of each grade.
fn totals(items: &[FlipItem], of_whom: &str) -> String {
    let mut said = Vec::new();
    for grade in Grade::ALL {
        let of_grade = || items.iter().filter(|flip| flip.grade == *grade);
        let confirmed = of_grade().filter(|flip| flip.confirmed).count();
        match of_grade().count() {
            0 => {}
            count => said.push(format!("{count} {grade} ({confirmed} confirmed)")),
        }
    }
    format!("{}{of_whom}: {}", number(items.len() as u64, "flip", "flips"), said.join(", "))
}

/// The full ones first, then by day. An actor or target that was asked for stands above the table.
fn print(items: &[&FlipItem], names: &Names<'_>, (has_actors, has_targets): (bool, bool), out: &mut Out) -> Result<(), Failure> {
    let whose: Vec<&str> = [has_actors.then_some("actor"), has_targets.then_some("target")].into_iter().flatten().collect();
    let headings = [&["flip", "at"], &whose[..], &["before", "after", "basis"]].concat();
    let (first, end) = (2 + whose.len(), headings.len());
    let mut table = Table::new(&headings, &[&[1], &(first..end).collect::<Vec<_>>()[..]].concat());
    for item in items {
        let grade = if item.confirmed { item.grade.to_string() } else { format!("{} candidate", item.grade) };
        let mut row = vec![&*grade, day(Some(&item.at))];
        row.extend(has_actors.then(|| names.name(&item.actor)));
        row.extend(has_targets.then(|| names.name(&item.target)));
        row.extend([item.from.word(), item.to.word(), item.basis.word()]);
        table.row(&row);
    }
    table.at_most(0, CANDIDATE);
    table.print(out)
}
