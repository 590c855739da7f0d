//! `review`: weak spots of what is recorded, for an editor to look at.

use clap::Args;

use super::call::{Call, Format, When};
use super::failure::{Exit, Failure};
use super::list;
use super::out::{Out, shown};
use super::plain::quoted;
use super::table::Table;
use crate::ledger::{ReviewPart, WeakSpot};

/// So many of each kind are shown unless another number is asked for.
const SHOWN_MAX: usize = 20;

/// Weak spots: one voice, ambiguous names, unknown order, unregistered entities
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog review
  stancelog review --limit 1000 --format csv")]
pub(super) struct Review {
    /// At most so many of each kind
    #[arg(long, value_name = "N", default_value_t = SHOWN_MAX)]
    limit: usize,
    #[command(flatten)]
    when: When,
}

impl Review {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let parts = call.read()?.review(self.limit, &self.when.asked())?;
        match call.format() {
            Format::Table => self.print(&parts, call, out)?,
            format @ (Format::Json | Format::Jsonl | Format::Csv) => list::print(&parts, format, out)?,
        }
        Ok(Exit::Done)
    }

    fn print(&self, parts: &[ReviewPart], call: &Call, out: &mut Out) -> Result<(), Failure> {
        let mut table = Table::new(&["weak spot", "count", "what it is"], &[0, 1]);
        for part in parts {
            table.row(&[part.kind.word(), &part.count.to_string(), meaning(part.kind)]);
        }
        table.numbers(1);
        table.print(out)?;
        for part in parts.iter().filter(|part| !part.items.is_empty()) {
            out.line("")?;
            let more = if part.count > part.items.len() as u64 {
                format!(" (the first {} of {})", part.items.len(), part.count)
            } else {
                String::new()
            };
            out.line(&format!("{}{more}", part.kind))?;
            for item in &part.items {
                out.paragraph("  ", &subject(part.kind, &item.subject))?;
            }
        }
        if let Some(next) = parts.iter().find_map(next) {
            out.next("", &call.command(&next));
        }
        Ok(())
    }
}

/// A kind of weak spot in words.
fn meaning(kind: WeakSpot) -> &'static str {
    match kind {
        WeakSpot::OneVoice => "a declared or enacted stance that rests on one event",
        WeakSpot::OneVoiceClaim => "a claim on which only one voice takes a side",
        WeakSpot::AmbiguousName => "a name that fits several entities",
        WeakSpot::UnknownOrder => "a stance with a change whose order the dates do not tell",
        WeakSpot::Unregistered => "an entity of which nobody said what it is",
        WeakSpot::UndefinedAction => "a word that no definition in force explains",
    }
}

/// What one of them concerns.
fn subject(kind: WeakSpot, subject: &[String]) -> String {
    let said = match (kind, subject) {
        (WeakSpot::OneVoice | WeakSpot::UnknownOrder, [actor, target]) => format!("{actor} toward {target}"),
        (WeakSpot::AmbiguousName, [name, fits @ ..]) => format!("{name}: {}", fits.join(", ")),
        (WeakSpot::OneVoiceClaim, [claim]) => format!("claim:{claim}"),
        (_, subject) => subject.join(", "),
    };
    shown(&said).into_owned()
}

/// How to look at the first of a kind.
fn next(part: &ReviewPart) -> Option<String> {
    let first = part.items.first()?;
    match (part.kind, &first.subject[..]) {
        (WeakSpot::OneVoice, [actor, target]) => Some(format!("why {} {}", quoted(actor), quoted(target))),
        (WeakSpot::UnknownOrder, [actor, target]) => Some(format!("history {} {}", quoted(actor), quoted(target))),
        (WeakSpot::OneVoiceClaim, [claim]) => Some(format!("claim {}", quoted(claim))),
        (WeakSpot::AmbiguousName, [name, ..]) => Some(format!("entities {}", quoted(name))),
        (WeakSpot::Unregistered, [entity]) => Some(format!("entities {}", quoted(entity))),
        (WeakSpot::UndefinedAction, [action]) => Some(format!("actions {}", quoted(action))),
        (_, _) => None,
    }
}
