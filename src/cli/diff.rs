//! `diff`: the stances that differ between two times, in the world or in what was known of it.

use clap::Args;

use super::call::{Call, Format, When};
use super::compare::side;
use super::date;
use super::failure::{Exit, Failure};
use super::gaps::ids;
use super::limit::Limit;
use super::list::List;
use super::out::Out;
use super::plain::{number, quoted};
use super::table::Table;
use crate::Ledger;
use crate::event::EventId;
use crate::ledger::{Between, DiffItem};

/// What changed between two dates, or in what was known, and the events that caused it
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog diff --from 2022-02-23 --to 2022-03
  stancelog diff --known-from @45 --known-to today --format json

--from and --to compare two dates in the world, each at its end; --known-from
and --known-to compare what the log knew at two times.")]
#[command(group(clap::ArgGroup::new("earlier").args(["from", "known_from"]).required(true)))]
pub(super) struct Diff {
    /// The earlier date: EDTF, `today` or `-30d`
    #[arg(long, value_name = "T", allow_hyphen_values = true, requires = "to", conflicts_with = "as_of")]
    from: Option<String>,
    /// The later date
    #[arg(long, value_name = "T", allow_hyphen_values = true, requires = "from")]
    to: Option<String>,
    /// The earlier time of knowing: a date likewise, or a seq, written @45
    #[arg(long, value_name = "K", allow_hyphen_values = true, requires = "known_to", conflicts_with = "known_at")]
    known_from: Option<String>,
    /// The later one
    #[arg(long, value_name = "K", allow_hyphen_values = true, requires = "known_from")]
    known_to: Option<String>,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    when: When,
}

/// The columns of a difference in CSV; the events stand in a cell with `; ` between.
const COLUMNS: [&str; 9] = ["actor", "target", "from_stance", "from_basis", "from_since", "to_stance", "to_basis", "to_since", "events"];

/// So many of the events behind a difference are named in a table.
const EVENTS_MAX: usize = 3;

impl Diff {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let ledger = call.read()?;
        let all = ledger.diff(self.between(&ledger)?, &self.when.asked())?;
        let items = self.limit.cut(&all, call);
        match call.format() {
            Format::Table if all.is_empty() => out.line("No stance differs.")?,
            Format::Table => {
                out.line(&format!("{}.", number(all.len() as u64, "stance differs", "stances differ")))?;
                out.line("")?;
                print(items, &ledger, out)?;
                self.limit.note(all.len(), call, out);
                if let Some(DiffItem { actor, target, .. }) = items.first() {
                    out.next("", &call.command(&format!("history {} {} --with-retracted", quoted(actor), quoted(target))));
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

    fn between(&self, ledger: &Ledger) -> Result<Between<'_>, Failure> {
        match (&self.from, &self.to, &self.known_from, &self.known_to) {
            (Some(from), Some(to), None, None) => {
                let (first, last) = (date::occurred("--from", from, ledger)?, date::occurred("--to", to, ledger)?);
                if first.latest() > last.latest() {
                    return Err(Failure::Usage(format!("--from {from} is later than --to {to}")));
                }
                Ok(Between::Valid { from, to })
            }
            (None, None, Some(from), Some(to)) => {
                is_time_of_knowing("--known-from", from, ledger)?;
                is_time_of_knowing("--known-to", to, ledger)?;
                Ok(Between::Known { from, to })
            }
            (_, _, _, _) => Err(Failure::Usage("give --from and --to, or --known-from and --known-to".to_owned())),
        }
    }
}

/// Refuses what is no time of knowing, by the name of its own flag.
pub(super) fn is_time_of_knowing(flag: &str, text: &str, ledger: &Ledger) -> Result<(), Failure> {
    match text.strip_prefix('@') {
        Some(seq) if seq.parse::<u32>().is_err() => {
            Err(Failure::Usage(format!("{flag}: `{text}`: expected a seq behind the @, as in @45")))
        }
        Some(_) => Ok(()),
        None => date::occurred(flag, text, ledger).map(|_| ()),
    }
}

fn print(items: &[DiffItem], ledger: &Ledger, out: &mut Out) -> Result<(), Failure> {
    let mut table = Table::new(&["actor", "target", "from", "to", "events"], &[]);
    for item in items {
        let (from, to) = (side(item.from.stance, item.from.basis), side(item.to.stance, item.to.basis));
        table.row(&[&item.actor, &item.target, &from, &to, &places(&item.events, ledger)?]);
    }
    table.print(out)
}

/// Where in the log some events stand.
fn places(events: &[EventId], ledger: &Ledger) -> Result<String, Failure> {
    let mut said = Vec::new();
    for id in events.iter().take(EVENTS_MAX) {
        said.push(ledger.event(&id.to_string())?.seq.to_string());
    }
    if events.len() > EVENTS_MAX {
        said.push(format!("and {} more", events.len() - EVENTS_MAX));
    }
    Ok(said.join(", "))
}

fn cells(item: &DiffItem) -> Vec<String> {
    let DiffItem { actor, target, from, to, events } = item;
    let mut cells = vec![actor.clone(), target.clone()];
    for then in [from, to] {
        cells.push(then.stance.to_string());
        cells.push(then.basis.map(|basis| basis.to_string()).unwrap_or_default());
        cells.push(then.since.clone().unwrap_or_default());
    }
    cells.push(ids(events));
    cells
}
