//! `history`: what an actor did and said, and what that changed.

use clap::Args;

use super::call::{Call, Format, When};
use super::evidence;
use super::failure::{Exit, Failure};
use super::label::Labels;
use super::list::List;
use super::out::{Out, shown};
use super::table::Table;
use crate::event::Speech;
use crate::ledger::{Act, AllegedItem, ChangeItem, HistoryItem, Retracted, SpeechItem};
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

/// The columns of a history in CSV.
const COLUMNS: [&str; 14] =
    ["kind", "at", "actor", "action", "target", "tier", "side", "from", "to", "order", "flip", "seq", "id", "recorded_at"];

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
            Format::Table => print(&items, &Labels::of(&ledger, &self.when.asked())?, out)?,
            format @ (Format::Json | Format::Jsonl | Format::Csv) => {
                let mut list = List::begin(out, format, &COLUMNS)?;
                for item in &items {
                    list.item(item, || cells(item))?;
                }
                list.end()?;
            }
        }
        Ok(Exit::Done)
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
    let verb = match item.speech {
        Speech::Assert => "asserts",
        Speech::Confirm => "confirms",
        Speech::Concede => "concedes",
        Speech::Suggest => "suggests",
        Speech::Deny => "denies",
        Speech::Question => "questions",
        Speech::Comment => "comments on",
        Speech::Withdraw => "withdraws",
    };
    let speaker = item.spoken_by.as_deref().map(|speaker| format!(", spoken by {speaker}")).unwrap_or_default();
    format!("{verb} claim:{}{speaker}", item.claim)
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

fn cells(item: &HistoryItem) -> Vec<String> {
    let word = |value: Option<String>| value.unwrap_or_default();
    match item {
        HistoryItem::Event(act) => {
            let Act { occurred, actor, action, target, tier, side, seq, id, recorded_at, .. } = &**act;
            let mut cells = vec!["event".to_owned(), occurred.clone(), actor.clone(), action.clone(), target.clone(), tier.to_string()];
            cells.push(word(side.map(|side| side.to_string())));
            cells.extend(std::iter::repeat_n(String::new(), 4));
            cells.extend([seq.to_string(), id.to_string(), recorded_at.clone()]);
            cells
        }
        HistoryItem::Change(change) => {
            let ChangeItem { actor, target, at, from, to, basis, order, flip, .. } = change;
            let mut cells = vec!["change".to_owned(), at.clone(), actor.clone(), String::new(), target.clone()];
            cells.push(word(basis.map(|basis| basis.to_string())));
            cells.extend([String::new(), from.to_string(), to.to_string(), order.to_string()]);
            cells.push(word(flip.map(|flip| flip.to_string())));
            cells.extend(std::iter::repeat_n(String::new(), 3));
            cells
        }
        HistoryItem::Speech(speech) => {
            let SpeechItem { seq, id, occurred, actor, speech, claim, .. } = speech;
            let mut cells = vec!["speech".to_owned(), occurred.clone(), actor.clone(), speech.to_string(), format!("claim:{claim}")];
            cells.extend(std::iter::repeat_n(String::new(), 6));
            cells.extend([seq.to_string(), id.to_string(), String::new()]);
            cells
        }
        HistoryItem::Alleged(alleged) => {
            let AllegedItem { actor, action, target, occurred, .. } = alleged;
            let mut cells = vec!["alleged".to_owned(), word(occurred.clone()), actor.clone(), action.clone(), target.clone()];
            cells.extend(std::iter::repeat_n(String::new(), 9));
            cells
        }
    }
}
