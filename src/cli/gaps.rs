//! `gaps`: where words and deeds are on opposite sides.

use clap::Args;

use super::answer::day;
use super::call::{Call, Format, When};
use super::failure::{Exit, Failure};
use super::flips::of_pair;
use super::limit::Limit;
use super::list;
use super::out::Out;
use super::plain::{number, quoted};
use super::table::Table;
use super::title::Names;
use crate::ledger::GapItem;

/// Who says one thing and does another
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog gaps
  stancelog gaps --actor Johnson --as-of 2022-02 --format json

A gap: what is declared (own words, votes) alone gives one side, what is
enacted (aid, sanctions, force) alone gives the other.")]
pub(super) struct Gaps {
    /// Only this actor's: slug, name or alias
    #[arg(long, value_name = "ACTOR")]
    actor: Option<String>,
    /// Only those toward this target
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    when: When,
}

impl Gaps {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let (actor, target) = (self.actor.as_deref(), self.target.as_deref());
        let ledger = call.read()?;
        let all = ledger.gaps(actor, target, &self.when.asked())?;
        let items = self.limit.cut(&all, call);
        match call.format() {
            Format::Table if all.is_empty() => {
                out.paragraph("", &format!("No gap between words and deeds{} is on record.", of_pair(actor, target)))?;
            }
            Format::Table => {
                let gaps = number(all.len() as u64, "gap", "gaps");
                out.paragraph("", &format!("{gaps} between words and deeds{}.", of_pair(actor, target)))?;
                out.line("")?;
                let names = Names::of(&ledger, items.iter().flat_map(|gap| [&*gap.actor, &*gap.target]), &self.when.asked())?;
                print(items, &names, (actor.is_none(), target.is_none()), out)?;
                self.limit.note(all.len(), call, out);
                if let Some(GapItem { actor, target, .. }) = items.first() {
                    out.next("", &call.command(&format!("history {} {}{}", quoted(actor), quoted(target), self.when.flags())));
                }
            }
            format @ (Format::Json | Format::Jsonl | Format::Csv) => list::print(items, format, out)?,
        }
        Ok(Exit::Done)
    }
}

/// An actor or target that was asked for stands above the table.
fn print(items: &[GapItem], names: &Names<'_>, (has_actors, has_targets): (bool, bool), out: &mut Out) -> Result<(), Failure> {
    let whose: Vec<&str> = [has_actors.then_some("actor"), has_targets.then_some("target")].into_iter().flatten().collect();
    let headings = [&whose[..], &["declared", "last", "enacted", "last"]].concat();
    let mut table = Table::new(&headings, &(whose.len()..headings.len()).collect::<Vec<_>>());
    for item in items {
        let mut row: Vec<&str> = Vec::new();
        row.extend(has_actors.then(|| names.name(&item.actor)));
        row.extend(has_targets.then(|| names.name(&item.target)));
        row.extend([item.declared.word(), day(Some(&item.declared_last)), item.enacted.word(), day(Some(&item.enacted_last))]);
        table.row(&row);
    }
    table.print(out)
}
