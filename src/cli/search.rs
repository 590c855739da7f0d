//! `search`: names, claims and notes by their words.

use clap::Args;

use super::call::{Call, Format, When};
use super::failure::{Exit, Failure};
use super::limit::Limit;
use super::list;
use super::out::{Out, shown};
use super::plain::quoted;
use super::table::Table;
use crate::ledger::Hit;

/// Search the words of names, claims and notes
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog search missile
  stancelog search \"prime minister\" --format jsonl

Found is what has all the words, each as the beginning of a word, best first.
Whatever --as-of and --rule say, words are cut by --known-at alone.")]
pub(super) struct Search {
    /// One word or several
    #[arg(required = true)]
    text: Vec<String>,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    when: When,
}

impl Search {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let text = self.text.join(" ");
        if text.trim().is_empty() {
            return Err(Failure::Usage("give a word to search for".to_owned()));
        }
        let limit = self.limit.items(call);
        // One more than is shown tells whether there are more.
        let mut hits = call.read()?.search(&text, limit.saturating_add(1), &self.when.asked())?;
        let has_more = hits.len() > limit;
        hits.truncate(limit);
        match call.format() {
            Format::Table if hits.is_empty() => out.line(&format!("Nothing has the words {}.", shown(&text)))?,
            Format::Table => {
                print(&hits, out)?;
                if has_more {
                    out.note(&format!("the first {limit} are shown; --limit shows more"));
                }
                if let Some(first) = hits.first() {
                    out.next("", &call.command(&next(first)));
                }
            }
            format @ (Format::Json | Format::Jsonl | Format::Csv) => list::print(&hits, format, out)?,
        }
        Ok(Exit::Done)
    }
}

fn print(hits: &[Hit], out: &mut Out) -> Result<(), Failure> {
    let mut table = Table::new(&["found", "text"], &[]);
    for hit in hits {
        match hit {
            Hit::Entity { entity, name } => table.row(&[entity, name]),
            Hit::Claim { claim, text } => table.row(&[&format!("claim:{claim}"), text]),
            Hit::Event { seq, note, .. } => table.row(&[&format!("event {seq}"), note]),
        }
    }
    table.at_most(0, 38);
    table.print(out)
}

/// How to look at a hit.
fn next(hit: &Hit) -> String {
    match hit {
        Hit::Entity { entity, .. } => format!("stance {}", quoted(entity)),
        Hit::Claim { claim, .. } => format!("claim {}", quoted(claim)),
        Hit::Event { seq, .. } => format!("event {seq}"),
    }
}
