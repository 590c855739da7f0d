//! `events` and `event`: what stands in the log.

use clap::Args;

use super::call::{Call, Format};
use super::failure::{Exit, Failure};
use super::label::Labels;
use super::list::List;
use super::out::Out;
use super::sentence;
use super::table::Table;
use super::word::word;
use crate::event::EventType;
use crate::ledger::{Asked, Error, EventsWanted, Recorded, Row, Seq};

/// So many events are shown to people unless another number is asked for.
const SHOWN_MAX: usize = 100;

/// The events of the log, in its order
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog events --actor Johnson --target Ukraine
  stancelog events --action votes-against --format csv
  stancelog events --type entity --after 65 --format jsonl")]
pub(super) struct Events {
    /// Only those that this actor did, or that were done on its behalf
    #[arg(long, value_name = "ACTOR")]
    actor: Option<String>,
    /// Only those toward this target
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,
    /// Only those of this type
    #[arg(long = "type", value_name = "TYPE", value_parser = word(EventType::ALL, EventType::word, EventType::from_word))]
    event_type: Option<EventType>,
    /// Only those that do this, allege it, or say what it means: a word of the vocabulary
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,
    /// Only those after this seq
    #[arg(long, value_name = "SEQ", value_parser = clap::value_parser!(i64).range(0..))]
    after: Option<i64>,
    /// At most so many [default: 100 in a table, all otherwise]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

impl Events {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let ledger = call.read()?;
        let is_table = call.format() == Format::Table;
        let limit = self.limit.or(is_table.then_some(SHOWN_MAX));
        let wanted = EventsWanted {
            actor: self.actor.as_deref(),
            target: self.target.as_deref(),
            event_type: self.event_type,
            action: self.action.as_deref(),
            after: self.after.map(Seq),
            // One more than is shown tells whether there are more.
            limit: if is_table { limit.map(|limit| limit.saturating_add(1)) } else { limit },
            ..EventsWanted::default()
        };
        let asked = Asked::default();
        if !is_table {
            let mut list = List::of::<Recorded<'_>>(out, call.format())?;
            ledger.events(&wanted, &asked, |row| Ok(list.row(&row)?))?;
            list.end()?;
            return Ok(Exit::Done);
        }
        let mut rows = Vec::new();
        ledger.events(&wanted, &asked, |row| {
            rows.push(row);
            Ok(())
        })?;
        let limit = limit.unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        print(&rows, &Labels::of(&ledger, &asked)?, out)?;
        if let (true, Some(last)) = (has_more, rows.last()) {
            out.note(&format!("there are more: --after {} shows the next, --limit another number", last.seq));
        }
        Ok(Exit::Done)
    }
}

fn print(rows: &[Row], labels: &Labels, out: &mut Out) -> Result<(), Failure> {
    if rows.is_empty() {
        return out.line("No event is like that.");
    }
    let mut table = Table::new(&["seq", "type", "what", "when"], &[0, 1]);
    for row in rows {
        let seq = row.seq.to_string();
        match row.event().map_err(Error::from)? {
            Some(event) => {
                let when = sentence::occurred(&event).unwrap_or_default();
                table.row(&[&seq, event.body.event_type().word(), &sentence::explained(&event, |word| labels.explain(word)), &when]);
            }
            None => table.row(&[&seq, "erased", "its content was erased", ""]),
        }
    }
    table.numbers(0);
    table.print(out)
}
