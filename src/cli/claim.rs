//! `claim`: one claim with everything that is known of it.

use clap::Args;

use super::call::{Call, Format, When};
use super::claims::voices;
use super::failure::{Exit, Failure};
use super::label::Labels;
use super::list;
use super::out::{Out, shown};
use super::plain::quoted;
use super::table::Table;
use crate::Ledger;
use crate::event::RelationKind;
use crate::ledger::{ClaimItem, RelationItem, VerdictItem};

/// One claim: where it stands, who says what about it, verdicts, related claims
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog claim missile-threat
  stancelog claim missile-threat --as-of 2023-01-29 --format json")]
pub(super) struct Claim {
    /// Its slug, with or without `claim:` in front
    claim: String,
    #[command(flatten)]
    when: When,
}

impl Claim {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let ledger = call.read()?;
        let claim = ledger.claim(&self.claim, &self.when.asked())?;
        match call.format() {
            Format::Table => {
                let labels = Labels::of(&ledger, &self.when.asked())?;
                print(&claim, &ledger, &labels, out)?;
                let next = match claim.holdings.is_empty() {
                    false => format!("events --target {}", quoted(&format!("claim:{}", claim.claim))),
                    true => format!("record ACTOR asserts {} --on today", quoted(&format!("claim:{}", claim.claim))),
                };
                out.next("", &call.command(&next));
            }
            Format::Json | Format::Jsonl => out.json(&claim)?,
            Format::Csv => list::csv(&claim, out)?,
        }
        Ok(Exit::Done)
    }
}

fn print(claim: &ClaimItem, ledger: &Ledger, labels: &Labels, out: &mut Out) -> Result<(), Failure> {
    out.paragraph("", &format!("claim:{} is {}.", shown(&claim.claim), claim.status))?;
    out.paragraph("  ", &shown(&claim.text))?;
    if let Some(about) = &claim.about {
        let when = about.occurred.as_ref().map(|at| format!(", {at}")).unwrap_or_default();
        let (actor, action, target) = (shown(&about.actor), labels.explain(&about.action), shown(&about.target));
        out.paragraph("  ", &format!("It alleges: {actor} {action} {target}{}", shown(&when)))?;
    }
    out.line("")?;
    let sides = [("Stands by it: ", voices(claim, |voice| voice.stands_by)), ("Denies it:    ", voices(claim, |voice| voice.denies))];
    for (title, voices) in sides {
        out.paragraph(title, if voices.is_empty() { "nobody" } else { &voices })?;
    }
    for (title, actors) in [("Questions it: ", &claim.questioned_by), ("Withdrew it:  ", &claim.withdrawn_by)] {
        if !actors.is_empty() {
            out.paragraph(title, &shown(&actors.join(", ")))?;
        }
    }
    if claim.voices.iter().any(|voice| voice.actors.len() > 1) {
        out.line("Joined by + are those who count as one voice.")?;
    }
    print_holdings(claim, ledger, out)?;
    for verdict in &claim.verdicts {
        out.paragraph("Verdict: ", &rated(verdict))?;
    }
    for other in &claim.relations {
        out.paragraph("Related: ", &related(other))?;
    }
    Ok(())
}

/// Who said what last.
fn print_holdings(claim: &ClaimItem, ledger: &Ledger, out: &mut Out) -> Result<(), Failure> {
    if claim.holdings.is_empty() {
        return Ok(());
    }
    out.line("")?;
    let mut table = Table::new(&["actor", "last word", "when", "spoken by", "event"], &[1, 4]);
    for holding in &claim.holdings {
        let seq = ledger.event(&holding.event.to_string())?.seq.to_string();
        table.row(&[&holding.actor, holding.speech.word(), &holding.occurred, holding.spoken_by.as_deref().unwrap_or("-"), &seq]);
    }
    table.numbers(4);
    table.print(out)?;
    if !claim.verdicts.is_empty() || !claim.relations.is_empty() {
        out.line("")?;
    }
    Ok(())
}

/// A verdict in a sentence.
fn rated(verdict: &VerdictItem) -> String {
    let published = verdict.published.as_ref().map(|at| format!(", {at}")).unwrap_or_default();
    let url = verdict.url.as_ref().map(|url| format!(", {url}")).unwrap_or_default();
    shown(&format!("{} rates it {} ({}){published}{url}", verdict.reviewer, verdict.label, verdict.rating)).into_owned()
}

/// How another claim stands to this one.
fn related(other: &RelationItem) -> String {
    let claim = shown(&other.claim);
    match (other.kind, other.reverse) {
        (RelationKind::PartOf, false) => format!("it is part of claim:{claim}"),
        (RelationKind::PartOf, true) => format!("claim:{claim} is part of it"),
        (RelationKind::AlternativeTo, false) => format!("it is an alternative to claim:{claim}"),
        (RelationKind::AlternativeTo, true) => format!("claim:{claim} is an alternative to it"),
        (RelationKind::Contradicts, false) => format!("it contradicts claim:{claim}"),
        (RelationKind::Contradicts, true) => format!("claim:{claim} contradicts it"),
    }
}
