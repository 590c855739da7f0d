//! `diff`: the stances that differ between two times, in the world or in what was known of it.

use clap::Args;

use super::call::{Call, Format, When};
use super::compare::side;
use super::date;
use super::failure::{Exit, Failure};
use super::limit::Limit;
use super::list;
use super::out::Out;
use super::plain::{number, quoted};
use super::table::Table;
use super::title::Names;
use crate::Ledger;
use crate::event::{EventId, Micros};
use crate::ledger::{Asked, Between, DiffItem};

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
                // Of two times of knowing, the later tells the names.
                let asked = self.when.asked();
                let asked = Asked { known_at: self.known_to.clone().or(asked.known_at), ..asked };
                print(items, &asked, &ledger, out)?;
                self.limit.note(all.len(), call, out);
                // What was known changes also by what is taken back.
                let with_retracted = if self.known_from.is_some() { " --with-retracted" } else { "" };
                if let Some(DiffItem { actor, target, .. }) = items.first() {
                    out.next("", &call.command(&format!("history {} {}{with_retracted}", quoted(actor), quoted(target))));
                }
            }
            format @ (Format::Json | Format::Jsonl | Format::Csv) => list::print(items, format, out)?,
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
                let (first, last) = (knowing("--known-from", from, ledger)?, knowing("--known-to", to, ledger)?);
                // Which of a seq and a date is earlier, only the log can tell.
                if std::mem::discriminant(&first) == std::mem::discriminant(&last) && first > last {
                    return Err(Failure::Usage(format!("--known-from {from} is later than --known-to {to}")));
                }
                Ok(Between::Known { from, to })
            }
            (_, _, _, _) => Err(Failure::Usage("give --from and --to, or --known-from and --known-to".to_owned())),
        }
    }
}

/// A time of knowing as it is written.
#[derive(PartialEq, PartialOrd, Debug)]
pub(super) enum Knowing {
    Seq(i64),
    Until(Micros),
}

/// Reads a time of knowing, and refuses what is none by the name of its own flag.
pub(super) fn knowing(flag: &str, text: &str, ledger: &Ledger) -> Result<Knowing, Failure> {
    let Some(seq) = text.strip_prefix('@') else {
        // A year has four digits; any other bare number was meant for a seq.
        if text.len() != 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Failure::Usage(format!("{flag}: `{text}` is no date; a seq is written @{text}")));
        }
        return Ok(Knowing::Until(date::occurred(flag, text, ledger)?.latest()));
    };
    let refuse = || Failure::Usage(format!("{flag}: `{text}`: expected a seq behind the @, as in @45"));
    seq.parse().ok().filter(|seq| *seq >= 0).map(Knowing::Seq).ok_or_else(refuse)
}

fn print(items: &[DiffItem], asked: &Asked, ledger: &Ledger, out: &mut Out) -> Result<(), Failure> {
    let names = Names::of(ledger, items.iter().flat_map(|item| [&*item.actor, &*item.target]), asked)?;
    let mut table = Table::new(&["actor", "target", "from", "to", "events"], &[]);
    for item in items {
        let (from, to) = (side(item.from.stance, item.from.basis), side(item.to.stance, item.to.basis));
        table.row(&[names.name(&item.actor), names.name(&item.target), &from, &to, &places(&item.events, ledger)?]);
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
