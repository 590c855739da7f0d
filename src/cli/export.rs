//! `export`: the log out, or a whole derived table at (T, K), as a stream.

use clap::{Args, ValueEnum};

use super::call::{Call, Format, When};
use super::failure::{Exit, Failure};
use super::list::{self, List};
use super::out::Out;
use super::plain::number;
use crate::Ledger;
use crate::ledger::{Answer, ChangeItem, Detail, EventsWanted, Recorded, Seq};

/// Write the log out, or the whole table of stances, their changes, or claims
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog export > log.jsonl
  stancelog export stances --format csv --as-of 2022 > stances.csv
  stancelog export changes --rule majority > changes.jsonl

The log as JSON Lines, appended to an empty log, gives the same log: ids,
order and content. Of events whose content was erased, place and id are told
(type `erased`), so that the copy has them at the same places; what they said
comes back nowhere.")]
pub(super) struct Export {
    /// What to write: the log itself; the stance of every pair that has a counting event, or its changes; the claims
    #[arg(default_value = "events")]
    what: What,
    /// Only events after this seq
    #[arg(long, value_name = "SEQ", value_parser = clap::value_parser!(i64).range(0..))]
    after: Option<i64>,
    #[command(flatten)]
    when: When,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum What {
    Events,
    Stances,
    Changes,
    Claims,
}

impl Export {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let format = match call.format {
            None => Format::Jsonl,
            Some(Format::Table) => return Err(Failure::Usage("export writes json, jsonl or csv, not tables".to_owned())),
            Some(format @ (Format::Json | Format::Jsonl | Format::Csv)) => format,
        };
        match self.what {
            What::Events if self.when.is_of_answers() => {
                return Err(Failure::Usage(
                    "--as-of and --rule are for what is derived; the log is cut by --known-at and --after".to_owned(),
                ));
            }
            What::Events => self.events(&call.read()?, format, out)?,
            What::Stances | What::Changes | What::Claims if self.after.is_some() => {
                return Err(Failure::Usage("--after is for events; what is derived takes --known-at".to_owned()));
            }
            What::Stances => self.stances(&call.read()?, format, out)?,
            What::Changes => self.changes(&call.read()?, format, out)?,
            What::Claims => self.claims(&call.read()?, format, out)?,
        }
        Ok(Exit::Done)
    }

    fn events(&self, ledger: &Ledger, format: Format, out: &mut Out) -> Result<(), Failure> {
        let wanted = EventsWanted { after: self.after.map(Seq), ..EventsWanted::default() };
        let mut erased = 0;
        let mut list = List::of::<Recorded<'_>>(out, format)?;
        ledger.events(&wanted, &self.when.asked(), |row| {
            if row.body.is_some() {
                return Ok(list.row(&row)?);
            }
            erased += 1;
            let gone = ledger.gone(&row)?;
            let told = Recorded::read(&row).map_err(crate::ledger::Error::from)?;
            Ok(list.write(&told, || serde_json::to_string(&gone))?)
        })?;
        list.end()?;
        if erased > 0_u64 {
            out.note(&format!("told as erased, without what they said: {}", number(erased, "event", "events")));
        }
        Ok(())
    }

    fn stances(&self, ledger: &Ledger, format: Format, out: &mut Out) -> Result<(), Failure> {
        let detail = if format == Format::Csv { Detail::Brief } else { Detail::Full };
        let mut list = List::of::<Answer>(out, format)?;
        ledger.every_stance(&self.when.asked(), detail, |answer| Ok(list.item(&answer)?))?;
        list.end()
    }

    fn changes(&self, ledger: &Ledger, format: Format, out: &mut Out) -> Result<(), Failure> {
        let mut list = List::of::<ChangeItem>(out, format)?;
        ledger.every_change(&self.when.asked(), |change| Ok(list.item(&change)?))?;
        list.end()
    }

    fn claims(&self, ledger: &Ledger, format: Format, out: &mut Out) -> Result<(), Failure> {
        list::print(&ledger.claims(None, None, &self.when.asked())?, format, out)
    }
}
