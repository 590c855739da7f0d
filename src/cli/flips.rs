//! `flips`: who changed sides, with proof.

use clap::Args;

use super::answer::day;
use super::call::{Call, Format, When};
use super::failure::{Exit, Failure};
use super::gaps::ids;
use super::limit::Limit;
use super::list::List;
use super::out::{Out, shown};
use super::plain::{number, quoted};
use super::table::Table;
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

/// The columns of a flip in CSV; the events stand in a cell with `; ` between.
const COLUMNS: [&str; 10] = ["actor", "target", "grade", "confirmed", "from", "to", "at", "basis", "order", "events"];

impl Flips {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let wanted = FlipsWanted {
            actor: self.actor.as_deref(),
            target: self.target.as_deref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
            confirmed: self.confirmed,
        };
        let all = call.read()?.flips(&wanted, &self.when.asked())?;
        let items = self.limit.cut(&all, call);
        match call.format() {
            Format::Table if all.is_empty() => {
                let confirmed = if self.confirmed { "confirmed " } else { "" };
                out.line(&format!("No {confirmed}flip is on record{}.", of_pair(self.actor.as_deref(), self.target.as_deref())))?;
            }
            Format::Table => {
                out.paragraph("", &format!("{}.", totals(&all)))?;
                out.line("")?;
                print(items, out)?;
                self.limit.note(all.len(), call, out);
                if let Some(FlipItem { actor, target, .. }) = items.iter().find(|flip| flip.grade == Grade::Full).or(items.first()) {
                    out.next("", &call.command(&format!("history {} {}{}", quoted(actor), quoted(target), self.when.flags())));
                }
            }
            format @ (Format::Json | Format::Jsonl | Format::Csv) => {
                let mut list = List::begin(out, format, &COLUMNS)?;
                for item in items {
                    list.item(item, || cells(item))?;
                }
                list.end()?;
            }
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
fn totals(items: &[FlipItem]) -> String {
    let mut said = vec![number(items.len() as u64, "flip", "flips")];
    for grade in Grade::ALL {
        let of_grade = || items.iter().filter(|flip| flip.grade == *grade);
        let confirmed = of_grade().filter(|flip| flip.confirmed).count();
        said.push(format!("{} {grade} ({confirmed} confirmed)", of_grade().count()));
    }
    format!("{}: {}", said[0], said[1..].join(", "))
}

fn print(items: &[FlipItem], out: &mut Out) -> Result<(), Failure> {
    let mut table = Table::new(&["at", "actor", "target", "before", "after", "basis", "flip"], &[0, 3, 4, 5]);
    for item in items {
        let grade = if item.confirmed { item.grade.to_string() } else { format!("{} candidate", item.grade) };
        table.row(&[day(Some(&item.at)), &item.actor, &item.target, item.from.word(), item.to.word(), item.basis.word(), &grade]);
    }
    table.at_most(6, 9);
    table.print(out)
}

fn cells(item: &FlipItem) -> Vec<String> {
    let FlipItem { actor, target, grade, confirmed, from, to, at, basis, order, events } = item;
    vec![
        actor.clone(),
        target.clone(),
        grade.to_string(),
        confirmed.to_string(),
        from.to_string(),
        to.to_string(),
        at.clone(),
        basis.to_string(),
        order.to_string(),
        ids(events),
    ]
}
