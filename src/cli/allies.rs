//! `allies`: who is most often on an actor's side, and who on the other.

use clap::Args;

use super::call::{Call, Format, When};
use super::failure::{Exit, Failure};
use super::list;
use super::out::{Out, shown};
use super::plain::{number, quoted};
use super::table::Table;
use super::title::Names;
use crate::Ledger;
use crate::ledger::{Ally, Asked};

/// So many of each end are shown to people unless another number is asked for.
const SHOWN_MAX: usize = 10;

/// Who is most often on an actor's side, and who on the other
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog allies Ghana
  stancelog allies Ghana --as-of 2016 --format csv

Listed is everybody who takes a side on at least 3 of the targets where the
actor does; the share is that of targets where both take the same.")]
pub(super) struct Allies {
    /// Who: slug, name or alias
    actor: String,
    /// In a table: at most so many of each end
    #[arg(long, value_name = "N", default_value_t = SHOWN_MAX)]
    limit: usize,
    #[command(flatten)]
    when: When,
}

impl Allies {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let ledger = call.read()?;
        let items = ledger.allies(&self.actor, &self.when.asked())?;
        match call.format() {
            Format::Table => self.print(&items, &ledger, call, out)?,
            format @ (Format::Json | Format::Jsonl | Format::Csv) => list::print(&items, format, out)?,
        }
        Ok(Exit::Done)
    }

    fn print(&self, items: &[Ally], ledger: &Ledger, call: &Call, out: &mut Out) -> Result<(), Failure> {
        let actor = shown(&self.actor);
        let Some(first) = items.first() else {
            return out.paragraph("", &format!("Nobody takes a side on at least 3 of the targets where {actor} does."));
        };
        let others = number(items.len() as u64, "other takes", "others take");
        out.paragraph("", &format!("{others} a side on at least 3 of the targets where {actor} does."))?;
        let (mut same, mut other): (Vec<&Ally>, Vec<&Ally>) = items.iter().partition(|ally| ally.agree >= ally.differ);
        other.reverse();
        let cut = same.len() > self.limit || other.len() > self.limit;
        for (title, list) in [("Most often on the same side:", &mut same), ("Most often on the other side:", &mut other)] {
            list.truncate(self.limit);
            if !list.is_empty() {
                out.line("")?;
                out.line(title)?;
                table(list, ledger, &self.when.asked(), out)?;
            }
        }
        if cut {
            out.note(&format!("at most {} of each are shown; --limit shows more", self.limit));
        }
        let far = other.first().map_or(first, |ally| *ally);
        out.next("", &call.command(&format!("compare {} {}{}", quoted(&self.actor), quoted(&far.actor), self.when.flags())));
        Ok(())
    }
}

fn table(items: &[&Ally], ledger: &Ledger, asked: &Asked, out: &mut Out) -> Result<(), Failure> {
    let names = Names::of(ledger, items.iter().map(|ally| &*ally.actor), asked)?;
    let mut table = Table::new(&["actor", "both", "agree", "differ", "share"], &[1, 2, 3, 4]);
    for item in items {
        let [both, agree, differ] = [item.both, item.agree, item.differ].map(|count| count.to_string());
        table.row(&[names.name(&item.actor), &both, &agree, &differ, &format!("{:.2}", item.share)]);
    }
    for column in 1..=4 {
        table.numbers(column);
    }
    table.print(out)
}
