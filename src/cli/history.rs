//! `history`: what an actor did and said, and what that changed.

use clap::Args;

use super::call::{Call, Format, When};
use super::evidence;
use super::failure::{Exit, Failure};
use super::label::Labels;
use super::list;
use super::out::{Out, shown};
use super::table::Table;
use super::title::{Names, Titles};
use crate::Ledger;
use crate::ledger::{AllegedItem, ChangeItem, HistoryItem, Retracted, SpeechItem};
use crate::stance::Order;

/// What an actor did and said, in valid order, with the changes of stance that it made
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog history \"Boris Johnson\" Ukraine
  stancelog history Johnson --known-at 2023-02 --format jsonl

A line that begins with => is a change of stance, made by the events above it.")]
pub(super) struct History {
    /// Who: slug, name or alias
    actor: String,
    /// Toward whom or what; everything where it is not given
    target: Option<String>,
    /// Show events that were taken back or superseded as well, marked
    #[arg(long)]
    with_retracted: bool,
    #[command(flatten)]
    when: When,
}

impl History {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let ledger = call.read()?;
        let retracted = if self.with_retracted { Retracted::Shown } else { Retracted::Hidden };
        let items = ledger.history(&self.actor, self.target.as_deref(), retracted, &self.when.asked())?;
        match call.format() {
            Format::Table if items.is_empty() => {
                let toward = self.target.as_deref().map(|target| format!(" toward {}", shown(target))).unwrap_or_default();
                out.line(&format!("Nothing is recorded that {} did or said{toward}.", shown(&self.actor)))?;
            }
            Format::Table => {
                self.print_heading(&items, &ledger, out)?;
                print(&items, &Labels::of(&ledger, &self.when.asked())?, out)?;
            }
            format @ (Format::Json | Format::Jsonl | Format::Csv) => list::print(&items, format, out)?,
        }
        Ok(Exit::Done)
    }

    /// Whose history it is, with the title held at the time asked.
    fn print_heading(&self, items: &[HistoryItem], ledger: &Ledger, out: &mut Out) -> Result<(), Failure> {
        let Some(slug) = items.first().map(actor) else { return Ok(()) };
        let names = Names::of(ledger, [slug], &self.when.asked())?;
        let title = Titles::of(ledger, self.when.asked()).apposition(slug)?;
        let toward = self.target.as_deref().map(|target| format!(" toward {}", shown(target))).unwrap_or_default();
        out.paragraph("", &format!("What {}{} did and said{toward}:", shown(names.name(slug)), shown(&title)))?;
        out.line("")
    }
}

/// Whose item of a history it is.
fn actor(item: &HistoryItem) -> &str {
    match item {
        HistoryItem::Event(act) => &act.actor,
        HistoryItem::Change(change) => &change.actor,
        HistoryItem::Speech(speech) => &speech.actor,
        HistoryItem::Alleged(alleged) => &alleged.actor,
    }
}

fn print(items: &[HistoryItem], labels: &Labels, out: &mut Out) -> Result<(), Failure> {
    let mut table = Table::new(&["when", "what", "tells", "event"], &[3]);
    for item in items {
        match item {
            HistoryItem::Event(act) => {
                let side = act.side.map(|side| format!(" {side}")).unwrap_or_default();
                let taken_back = if act.retracted_by.is_empty() { "" } else { " (taken back)" };
                let deed = format!("{}{taken_back}", evidence::deed(act, labels));
                table.row(&[&act.occurred, &deed, &format!("{}{side}", act.tier), &act.seq.to_string()]);
            }
            HistoryItem::Speech(speech) => {
                table.row(&[&speech.occurred, &said(speech), "claim", &speech.seq.to_string()]);
            }
            HistoryItem::Alleged(alleged) => {
                table.row(&[alleged.occurred.as_deref().unwrap_or("-"), &allegation(alleged), "alleged", ""]);
            }
            HistoryItem::Change(change) => {
                let basis = change.basis.map_or_else(|| "-".to_owned(), |basis| basis.to_string());
                table.row(&[day(&change.at), &changed(change), &basis, ""]);
            }
        }
    }
    table.numbers(3);
    table.print(out)
}

/// What an actor did with a claim, on one line.
fn said(item: &SpeechItem) -> String {
    let speaker = item.spoken_by.as_deref().map(|speaker| format!(", spoken by {speaker}")).unwrap_or_default();
    format!("{} claim:{}{speaker}", item.speech.verb(), item.claim)
}

/// What others say that an actor did, on one line.
fn allegation(alleged: &AllegedItem) -> String {
    let AllegedItem { claim, action, target, status, alleged_by, denied_by, .. } = alleged;
    let by = if alleged_by.is_empty() { "nobody".to_owned() } else { alleged_by.join(", ") };
    let denied = if denied_by.is_empty() { String::new() } else { format!("; denied by {}", denied_by.join(", ")) };
    format!("{action} {target}, alleged by {by}{denied} (claim:{claim}, {status})")
}

/// A change of stance on one line.
pub(super) fn changed(change: &ChangeItem) -> String {
    let mut said = format!("=> {} toward {}, before: {}", change.to, change.target, change.from);
    if let Some(flip) = change.flip {
        let confirmed = if change.confirmed == Some(true) { "confirmed" } else { "not confirmed" };
        said.push_str(&format!(" ({flip} flip, {confirmed})"));
    }
    if change.order == Order::Unknown {
        said.push_str(" (order unknown)");
    }
    said
}

/// A day of a change; an open start has none.
pub(super) fn day(at: &str) -> &str {
    if at == ".." { "before all" } else { at }
}
