//! `entities`: who and what is registered.

use clap::Args;

use super::call::{Call, Format, When};
use super::failure::{Exit, Failure};
use super::list;
use super::out::{Out, shown};
use super::table::Table;
use super::title::Titles;
use crate::ledger::EntityItem;

/// So many entities are shown to people unless another number is asked for.
const SHOWN_MAX: usize = 100;

/// Who and what is registered: slugs, kinds, names
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog entities johnson
  stancelog entities --format csv

Names are cut by --known-at; --as-of and --rule change nothing here.")]
pub(super) struct Entities {
    /// Part of a slug, name or alias
    query: Option<String>,
    /// At most so many [default: 100 in a table, all otherwise]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    when: When,
}

impl Entities {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let limit = match (self.limit, call.format()) {
            (Some(limit), _) => limit,
            (None, Format::Table) => SHOWN_MAX,
            (None, Format::Json | Format::Jsonl | Format::Csv) => usize::MAX >> 1,
        };
        let ledger = call.read()?;
        let mut items = ledger.entities(self.query.as_deref(), limit.saturating_add(1), &self.when.asked())?;
        let has_more = items.len() > limit;
        items.truncate(limit);
        match call.format() {
            Format::Table if items.is_empty() => {
                out.line(&match &self.query {
                    Some(query) => format!("Nobody is registered with a name like {}.", shown(query)),
                    None => "Nobody is registered yet.".to_owned(),
                })?;
            }
            Format::Table => print(&items, &mut Titles::of(&ledger, self.when.asked()), out)?,
            format @ (Format::Json | Format::Jsonl | Format::Csv) => list::print(&items, format, out)?,
        }
        if has_more {
            out.note(&format!("the first {limit} are shown; --limit shows more"));
        }
        Ok(Exit::Done)
    }
}

fn print(items: &[EntityItem], titles: &mut Titles<'_>, out: &mut Out) -> Result<(), Failure> {
    let mut table = Table::new(&["entity", "kind", "name", "also"], &[1]);
    for item in items {
        let mut also = item.aliases.clone();
        also.extend(item.limited_aliases.iter().map(|alias| format!("{} (at times)", alias.name)));
        also.extend(item.merged.iter().cloned());
        table.row(&[&item.entity, item.kind.word(), &titles.named(&item.entity, &item.name)?, &also.join("; ")]);
    }
    table.print(out)
}
