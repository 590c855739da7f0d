//! `export`: the log out, or a whole derived table at (T, K), as a stream.

mod cloud;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::call::{Call, Form, Format, When};
use super::destination;
use super::failure::{Exit, Failure};
use super::list::{self, List};
use super::out::{Out, shown};
use super::plain::number;
use crate::Ledger;
use crate::ledger::{Answer, ChangeItem, Detail, EventsWanted, Recorded, Row, Seq, derived_message, event_message, recorded_json};
use cloud::Batches;

/// Write the log out, or the whole table of stances, their changes, or claims
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog export > log.jsonl
  stancelog export stances --format csv --as-of 2022 -o stances.csv
  stancelog export changes --rule majority > changes.jsonl
  stancelog export events --format parquet -o events.parquet
  stancelog export graph -o stances.graphml

The log as JSON Lines, appended to an empty log, gives the same log: ids,
order and content. Of events whose content was erased, place and id are told
(type `erased`), so that the copy has them at the same places; what they said
comes back nowhere.

Besides json, jsonl and csv, --format takes
  cloudevents  CloudEvents 1.0, one batch, or with --batch N batches of N events,
               one a line, for `POST /v1/events` (`append` takes one event a line)
  parquet      columns with types, and in the file's metadata what it is of: head,
               root, as_of, known_at, rule (where the program was built with it)
The graph is GraphML: who and what as nodes, stances as edges with a sign.")]
pub(super) struct Export {
    /// What to write: the log itself; the stance of every pair that has a counting event, or its changes; the claims;
    /// the stances as a graph
    #[arg(default_value = "events")]
    what: What,
    /// Write to this file, which has its name only once it is complete [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only events after this seq
    #[arg(long, value_name = "SEQ", value_parser = clap::value_parser!(i64).range(0..))]
    after: Option<i64>,
    /// For CloudEvents: batches of so many, one a line, instead of one batch
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    batch: Option<u64>,
    #[command(flatten)]
    when: When,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum What {
    Events,
    Stances,
    Changes,
    Claims,
    Graph,
}

/// How it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Written {
    List(Format),
    CloudEvents,
    Parquet,
    GraphMl,
}

impl Export {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let written = self.written(call)?;
        match self.what {
            What::Events if self.when.is_of_answers() => {
                return Err(Failure::Usage(
                    "--as-of and --rule are for what is derived; the log is cut by --known-at and --after".to_owned(),
                ));
            }
            What::Stances | What::Changes | What::Claims | What::Graph if self.after.is_some() => {
                return Err(Failure::Usage("--after is for events; what is derived takes --known-at".to_owned()));
            }
            What::Events | What::Stances | What::Changes | What::Claims | What::Graph => {}
        }
        if self.batch.is_some() && written != Written::CloudEvents {
            return Err(Failure::Usage("--batch is for --format cloudevents".to_owned()));
        }
        if written == Written::Parquet {
            destination::must_not_be_a_terminal(self.output.as_deref())?;
        }
        let ledger = call.read()?;
        destination::write(self.output.as_deref(), out, |out| match written {
            Written::List(format) => self.list(&ledger, format, out),
            Written::CloudEvents => self.cloud_events(&ledger, out),
            Written::Parquet => self.parquet(&ledger, out),
            Written::GraphMl => Ok(ledger.graph(&self.when.asked(), out.answer())?),
        })?;
        if let Some(path) = &self.output {
            out.note(&format!("Wrote {}.", shown(&path.display().to_string())));
        }
        Ok(Exit::Done)
    }

    /// How it is to be written: by the format, and by what it is.
    fn written(&self, call: &Call) -> Result<Written, Failure> {
        let refuse = |said: &str| Err(Failure::Usage(said.to_owned()));
        match (self.what, call.form()) {
            (What::Graph, None | Some(Form::GraphMl)) => Ok(Written::GraphMl),
            (What::Graph, Some(_)) => refuse("a graph is written as graphml; `export stances` has the same in other formats"),
            (_, Some(Form::GraphMl)) => refuse("graphml is for `export graph`"),
            (_, Some(Form::Table)) => refuse("export writes json, jsonl, csv, cloudevents or parquet, not tables"),
            (_, None | Some(Form::Jsonl)) => Ok(Written::List(Format::Jsonl)),
            (_, Some(Form::Json)) => Ok(Written::List(Format::Json)),
            (_, Some(Form::Csv)) => Ok(Written::List(Format::Csv)),
            (_, Some(Form::CloudEvents)) => Ok(Written::CloudEvents),
            (_, Some(Form::Parquet)) => Ok(Written::Parquet),
        }
    }

    fn wanted(&self) -> EventsWanted<'static> {
        EventsWanted { after: self.after.map(Seq), ..EventsWanted::default() }
    }

    fn list(&self, ledger: &Ledger, format: Format, out: &mut Out) -> Result<(), Failure> {
        let asked = self.when.asked();
        match self.what {
            What::Events => self.events(ledger, format, out),
            What::Stances | What::Graph => {
                let detail = if format == Format::Csv { Detail::Brief } else { Detail::Full };
                let mut list = List::of::<Answer>(out, format)?;
                ledger.every_stance(&asked, detail, |answer| Ok(list.item(&answer)?))?;
                list.end()
            }
            What::Changes => {
                let mut list = List::of::<ChangeItem>(out, format)?;
                ledger.every_change(&asked, |change| Ok(list.item(&change)?))?;
                list.end()
            }
            What::Claims => list::print(&ledger.claims(None, None, &asked)?, format, out),
        }
    }

    fn events(&self, ledger: &Ledger, format: Format, out: &mut Out) -> Result<(), Failure> {
        let mut erased = 0;
        let mut list = List::of::<Recorded<'_>>(out, format)?;
        ledger.events(&self.wanted(), &self.when.asked(), |row| {
            if row.body.is_some() {
                return Ok(list.row(&row)?);
            }
            erased += 1;
            let gone = ledger.gone(&row)?;
            let told = Recorded::read(&row).map_err(crate::ledger::Error::from)?;
            Ok(list.write(&told, || serde_json::to_string(&gone))?)
        })?;
        list.end()?;
        note_erased(erased, out);
        Ok(())
    }

    /// Each row as a message of its own: events with their ids, what is derived with ids made of its content.
    fn cloud_events(&self, ledger: &Ledger, out: &mut Out) -> Result<(), Failure> {
        let stamp = ledger.stamp(&self.when.asked())?;
        let asked = stamp.asked(&self.when.asked());
        let as_of = stamp.as_of.as_ref().map(|as_of| format!("&as_of={as_of}")).unwrap_or_default();
        let source = |list: &str| format!("/v1/{list}?known_at=@{}{as_of}&rule={}", stamp.known_at, stamp.rule);
        let mut erased = 0;
        let mut batches = Batches::of(out, self.batch);
        match self.what {
            What::Events => ledger.events(&self.wanted(), &asked, |row| {
                erased += u64::from(row.body.is_none());
                Ok(batches.event(&json(event_cloud(ledger, &row)?)?)?)
            })?,
            What::Stances | What::Graph => {
                let source = source("stances");
                ledger.every_stance(&asked, Detail::Full, |answer| {
                    let subject = format!("{}/{}", answer.actor, answer.target);
                    Ok(batches.event(&json(message("stance", &subject, &source, &answer))?)?)
                })?;
            }
            What::Changes => {
                let source = source("changes");
                ledger.every_change(&asked, |change| {
                    let subject = format!("{}/{}", change.actor, change.target);
                    Ok(batches.event(&json(message("change", &subject, &source, &change))?)?)
                })?;
            }
            What::Claims => {
                let source = source("claims");
                for claim in ledger.claims(None, None, &asked)? {
                    batches.event(&json(message("claim", &claim.claim, &source, &claim))?)?;
                }
            }
        }
        batches.end()?;
        note_erased(erased, out);
        Ok(())
    }

    #[cfg(feature = "parquet")]
    fn parquet(&self, ledger: &Ledger, out: &mut Out) -> Result<(), Failure> {
        use crate::ledger::Table;
        let table = match self.what {
            What::Events => Table::Events,
            What::Stances | What::Graph => Table::Stances,
            What::Changes => Table::Changes,
            What::Claims => Table::Claims,
        };
        Ok(ledger.parquet(table, &self.wanted(), &self.when.asked(), out.answer())?)
    }

    #[cfg(not(feature = "parquet"))]
    fn parquet(&self, _: &Ledger, _: &mut Out) -> Result<(), Failure> {
        let said = "this program was built without Parquet: build it with `--features parquet`, or take jsonl or csv";
        Err(Failure::Usage(said.to_owned()))
    }
}

/// One event as a message, or that it was erased.
fn event_cloud(ledger: &Ledger, row: &Row) -> Result<serde_json::Result<String>, crate::ledger::Error> {
    let Some(event) = Recorded::read(row)?.event else {
        let gone = ledger.gone(row)?;
        return Ok(serde_json::to_string(&gone).and_then(|json| event_message(row, "erased", &json)));
    };
    Ok(event_message(row, &event.body.event_type().to_string(), &recorded_json(row)))
}

fn message(kind: &str, subject: &str, source: &str, item: &impl serde::Serialize) -> serde_json::Result<String> {
    derived_message(kind, subject, source, &serde_json::to_string(item)?)
}

fn json(made: serde_json::Result<String>) -> Result<String, Failure> {
    made.map_err(|error| Failure::Output(error.into()))
}

fn note_erased(erased: u64, out: &mut Out) {
    if erased > 0 {
        out.note(&format!("told as erased, without what they said: {}", number(erased, "event", "events")));
    }
}
