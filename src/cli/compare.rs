//! `compare`: where two agree and differ.

use clap::Args;

use super::answer::day;
use super::call::{Call, Format, When};
use super::failure::{Exit, Failure};
use super::list::List;
use super::out::{Out, shown};
use super::plain::{number, quoted};
use super::table::Table;
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

/// The columns of a shared target in CSV.
const COLUMNS: [&str; 9] = ["target", "agree", "since", "a_stance", "a_basis", "a_since", "b_stance", "b_basis", "b_since"];

impl Compare {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let comparison = call.read()?.compare(&self.a, &self.b, &self.when.asked())?;
        match call.format() {
            Format::Table => {
                print(&comparison, out)?;
                let next = match comparison.targets.iter().find(|shared| shared.agree == Some(false)).or(comparison.targets.first()) {
                    Some(shared) => format!("why {} {}{}", quoted(&comparison.a), quoted(&shared.target), self.when.flags()),
                    None => format!("allies {}{}", quoted(&comparison.a), self.when.flags()),
                };
                out.next("", &call.command(&next));
            }
            Format::Json | Format::Jsonl => out.json(&comparison)?,
            Format::Csv => {
                let mut list = List::begin(out, Format::Csv, &COLUMNS)?;
                for shared in &comparison.targets {
                    list.item(shared, || cells(shared))?;
                }
                list.end()?;
            }
        }
        Ok(Exit::Done)
    }
}

fn print(comparison: &Comparison, out: &mut Out) -> Result<(), Failure> {
    let Comparison { a, b, both, agree, differ, share, targets } = comparison;
    let pair = format!("{} and {}", shown(a), shown(b));
    let Some(share) = share else {
        return match targets.len() as u64 {
            0 => out.paragraph("", &format!("{pair} have no target in common where both have a stance.")),
            some => {
                let targets = number(some, "target", "targets");
                out.paragraph("", &format!("{pair} both have a stance on {targets}, but nowhere does each take a side."))?;
                table(comparison, out)
            }
        };
    };
    let on = number(*both, "target", "targets");
    out.paragraph("", &format!("{pair} both take a side on {on}: they agree on {agree} and differ on {differ} (a share of {share:.2})."))?;
    table(comparison, out)
}

fn table(comparison: &Comparison, out: &mut Out) -> Result<(), Failure> {
    out.line("")?;
    let mut table = Table::new(&["target", "", &comparison.a, &comparison.b, "since"], &[1, 4]);
    let mut targets: Vec<&Shared> = comparison.targets.iter().collect();
    targets.sort_by_key(|shared| (shared.agree.is_none(), shared.agree));
    for shared in targets {
        let verdict = match shared.agree {
            Some(true) => "agree",
            Some(false) => "differ",
            None => "-",
        };
        let (a, b) = (side(shared.a.stance, shared.a.basis), side(shared.b.stance, shared.b.basis));
        table.row(&[&shared.target, verdict, &a, &b, day(shared.since.as_deref())]);
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

fn cells(shared: &Shared) -> Vec<String> {
    let Shared { target, agree, since, a, b } = shared;
    let mut cells = vec![target.clone(), agree.map(|agree| agree.to_string()).unwrap_or_default(), since.clone().unwrap_or_default()];
    for side in [a, b] {
        cells.push(side.stance.to_string());
        cells.push(side.basis.map(|basis| basis.to_string()).unwrap_or_default());
        cells.push(side.since.clone().unwrap_or_default());
    }
    cells
}
