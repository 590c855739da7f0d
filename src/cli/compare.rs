//! `compare`: where two agree and differ.

use clap::Args;

use super::answer::day;
use super::call::{Call, Format, When};
use super::failure::{Exit, Failure};
use super::list;
use super::out::{Out, shown};
use super::plain::{number, quoted};
use super::table::Table;
use super::title::Names;
use crate::event::Tier;
use crate::ledger::{Comparison, Shared};
use crate::stance::Value;

/// Where two agree and differ: every target where both have a stance
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog compare \"Boris Johnson\" Russia
  stancelog compare ghana togo --as-of 2018 --format csv

They agree or differ where both are for or against; where one of them is
mixed, abstains or takes no side, it is neither. A count, never a score.")]
pub(super) struct Compare {
    /// One: slug, name or alias
    a: String,
    /// The other
    b: String,
    #[command(flatten)]
    when: When,
}

impl Compare {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let ledger = call.read()?;
        let comparison = ledger.compare(&self.a, &self.b, &self.when.asked())?;
        match call.format() {
            Format::Table => {
                let slugs = [&*comparison.a, &*comparison.b].into_iter().chain(comparison.targets.iter().map(|shared| &*shared.target));
                print(&comparison, &Names::of(&ledger, slugs, &self.when.asked())?, out)?;
                let next = match comparison.targets.iter().find(|shared| shared.agree == Some(false)).or(comparison.targets.first()) {
                    Some(shared) => format!("why {} {}{}", quoted(&comparison.a), quoted(&shared.target), self.when.flags()),
                    None => format!("allies {}{}", quoted(&comparison.a), self.when.flags()),
                };
                out.next("", &call.command(&next));
            }
            Format::Json | Format::Jsonl => out.json(&comparison)?,
            Format::Csv => list::csv(&comparison, out)?,
        }
        Ok(Exit::Done)
    }
}

fn print(comparison: &Comparison, names: &Names<'_>, out: &mut Out) -> Result<(), Failure> {
    let Comparison { a, b, both, agree, differ, share, targets } = comparison;
    let pair = format!("{} and {}", shown(names.name(a)), shown(names.name(b)));
    let Some(share) = share else {
        return match targets.len() as u64 {
            0 => out.paragraph("", &format!("{pair} have no target in common where both have a stance.")),
            some => {
                let targets = number(some, "target", "targets");
                out.paragraph("", &format!("{pair} both have a stance on {targets}, but nowhere does each take a side."))?;
                table(comparison, names, out)
            }
        };
    };
    let on = number(*both, "target", "targets");
    out.paragraph("", &format!("{pair} both take a side on {on}: they agree on {agree} and differ on {differ} (a share of {share:.2})."))?;
    table(comparison, names, out)
}

fn table(comparison: &Comparison, names: &Names<'_>, out: &mut Out) -> Result<(), Failure> {
    out.line("")?;
    let mut table = Table::new(&["target", "", names.name(&comparison.a), names.name(&comparison.b), "since"], &[1, 4]);
    let mut targets: Vec<&Shared> = comparison.targets.iter().collect();
    targets.sort_by_key(|shared| (shared.agree.is_none(), shared.agree));
    for shared in targets {
        let verdict = match shared.agree {
            Some(true) => "agree",
            Some(false) => "differ",
            None => "-",
        };
        let (a, b) = (side(shared.a.stance, shared.a.basis), side(shared.b.stance, shared.b.basis));
        table.row(&[names.name(&shared.target), verdict, &a, &b, day(shared.since.as_deref())]);
    }
    table.print(out)
}

/// A stance with its basis, as in `favor (declared)`.
pub(super) fn side(stance: Value, basis: Option<Tier>) -> String {
    match basis {
        Some(basis) => format!("{stance} ({basis})"),
        None => stance.to_string(),
    }
}
