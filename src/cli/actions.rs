//! `actions`: the words that say what an actor did, and what each tells.

use clap::Args;

use super::call::{Call, Format, When};
use super::failure::{Exit, Failure};
use super::list;
use super::out::{Out, shown};
use super::table::Table;
use crate::ledger::ActionItem;

/// The vocabulary: words for acts, what they point at, what they tell
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog actions
  stancelog actions vote --format json

Words are cut by --known-at; --as-of and --rule change nothing here.")]
pub(super) struct Actions {
    /// Part of a word or of its label
    query: Option<String>,
    #[command(flatten)]
    when: When,
}

impl Actions {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let items = call.read()?.actions(self.query.as_deref(), &self.when.asked())?;
        match call.format() {
            Format::Table if items.is_empty() => {
                let like = self.query.as_deref().map(|query| format!(" like {}", shown(query))).unwrap_or_default();
                out.line(&format!("The vocabulary has no word{like}."))?;
            }
            Format::Table => print(&items, out)?,
            format @ (Format::Json | Format::Jsonl | Format::Csv) => list::print(&items, format, out)?,
        }
        Ok(Exit::Done)
    }
}

fn print(items: &[ActionItem], out: &mut Out) -> Result<(), Failure> {
    let mut table = Table::new(&["action", "toward", "tells", "", "label"], &[1, 2, 3]);
    for item in items {
        let tells = match (item.tier, item.side, item.speech) {
            (Some(tier), Some(side), _) => format!("{tier} {side}"),
            (Some(tier), None, _) => tier.to_string(),
            (None, _, Some(speech)) => speech.to_string(),
            (None, _, None) => String::new(),
        };
        table.row(&[&item.action, item.toward.word(), &tells, if item.formal { "formal" } else { "" }, &item.label]);
    }
    table.print(out)
}
