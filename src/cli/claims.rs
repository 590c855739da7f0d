//! `claims`: the claim ledger.

use clap::Args;

use super::call::{Call, Format, When};
use super::failure::{Exit, Failure};
use super::limit::Limit;
use super::list;
use super::out::{Out, shown};
use super::plain::{number, quoted};
use super::table::Table;
use super::word::word;
use crate::ledger::{ClaimItem, VoiceItem};
use crate::stance::Status;

/// The claims: what each says, where it stands, who stands by it and who denies it
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog claims --status disputed
  stancelog claims --actor Johnson --format jsonl

Actors who speak for one another on a claim count as one voice. Verdicts of
fact-checkers stand beside a claim and never change its status.")]
pub(super) struct Claims {
    /// Only those of this status
    #[arg(long, value_name = "STATUS", value_parser = word(Status::ALL, Status::word, Status::from_word))]
    status: Option<Status>,
    /// Only those that this actor spoke of or is spoken of in: slug, name or alias
    #[arg(long, value_name = "ACTOR")]
    actor: Option<String>,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    when: When,
}

impl Claims {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let all = call.read()?.claims(self.status, self.actor.as_deref(), &self.when.asked())?;
        let items = self.limit.cut(&all, call);
        match call.format() {
            Format::Table if all.is_empty() => {
                let status = self.status.map(|status| format!("{status} ")).unwrap_or_default();
                let actor = self.actor.as_deref().map(|actor| format!(" with {}", shown(actor))).unwrap_or_default();
                out.line(&format!("No {status}claim{actor} is on record."))?;
            }
            Format::Table => {
                out.paragraph("", &format!("{}: {}.", number(all.len() as u64, "claim", "claims"), totals(&all)))?;
                out.line("")?;
                print(items, out)?;
                self.limit.note(all.len(), call, out);
                if let Some(claim) = items.iter().find(|claim| claim.status == Status::Disputed).or(items.first()) {
                    out.next("", &call.command(&format!("claim {}{}", quoted(&claim.claim), self.when.flags())));
                }
            }
            format @ (Format::Json | Format::Jsonl | Format::Csv) => list::print(items, format, out)?,
        }
        Ok(Exit::Done)
    }
}

/// How many there are of each status.
fn totals(items: &[ClaimItem]) -> String {
    let counted = |status: Status| items.iter().filter(|claim| claim.status == status).count();
    let with = Status::ALL.iter().map(|status| (status, counted(*status))).filter(|(_, count)| *count > 0);
    with.map(|(status, count)| format!("{count} {status}")).collect::<Vec<_>>().join(", ")
}

fn print(items: &[ClaimItem], out: &mut Out) -> Result<(), Failure> {
    let mut headings = vec!["claim", "status", "stands by it", "denies it"];
    headings.extend(items.iter().any(|item| !item.verdicts.is_empty()).then_some("verdicts"));
    // Slugs stay whole where that leaves room for the others.
    let fits = items.iter().all(|item| item.claim.len() <= out.width / 3 + 2);
    let mut table = Table::new(&headings, if fits { &[0, 1] } else { &[1] });
    for item in items {
        let verdicts: Vec<&str> = item.verdicts.iter().map(|verdict| &*verdict.label).collect();
        let (stand, deny) = (voices(item, |voice| voice.stands_by), voices(item, |voice| voice.denies));
        table.row(&[&item.claim, item.status.word(), &stand, &deny, &verdicts.join("; ")][..headings.len()]);
    }
    table.print(out)
}

/// The voices on one side, the actors of each joined.
pub(super) fn voices(claim: &ClaimItem, wanted: fn(&VoiceItem) -> bool) -> String {
    claim.voices.iter().filter(|voice| wanted(voice)).map(|voice| voice.actors.join(" + ")).collect::<Vec<_>>().join("; ")
}
