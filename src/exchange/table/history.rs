//! Histories as rows, of one set of columns for all that may stand in them, and the events that an answer rests on.

use super::{Tabular, or_empty};
use crate::event::TargetRef;
use crate::query::{Act, AllegedItem, ChangeItem, HistoryItem, SpeechItem, Why};

impl Tabular for HistoryItem {
    const COLUMNS: &'static [&'static str] =
        &["kind", "at", "actor", "action", "target", "tier", "side", "from", "to", "order", "flip", "seq", "id", "recorded_at"];

    fn rows(&self) -> Vec<Vec<String>> {
        let blank = String::new;
        let cells = match self {
            HistoryItem::Event(act) => {
                let Act { occurred, actor, action, target, tier, side, seq, id, recorded_at, .. } = &**act;
                let mut cells = vec!["event".to_owned(), occurred.clone(), actor.clone(), action.clone(), target.clone()];
                cells.extend([tier.to_string(), or_empty(*side), blank(), blank(), blank(), blank()]);
                cells.extend([seq.to_string(), id.to_string(), recorded_at.clone()]);
                cells
            }
            HistoryItem::Change(change) => {
                let ChangeItem { actor, target, at, from, to, basis, order, flip, .. } = change;
                let mut cells = vec!["change".to_owned(), at.clone(), actor.clone(), blank(), target.clone(), or_empty(*basis), blank()];
                cells.extend([from.to_string(), to.to_string(), order.to_string(), or_empty(*flip), blank(), blank(), blank()]);
                cells
            }
            HistoryItem::Speech(speech) => {
                let SpeechItem { seq, id, occurred, actor, speech, claim, .. } = speech;
                let target = TargetRef::Claim(claim).to_string();
                let mut cells = vec!["speech".to_owned(), occurred.clone(), actor.clone(), speech.to_string(), target];
                cells.extend(std::iter::repeat_n(blank(), 6));
                cells.extend([seq.to_string(), id.to_string(), blank()]);
                cells
            }
            HistoryItem::Alleged(alleged) => {
                let AllegedItem { actor, action, target, occurred, .. } = alleged;
                let mut cells = vec!["alleged".to_owned(), or_empty(occurred.as_deref()), actor.clone(), action.clone(), target.clone()];
                cells.extend(std::iter::repeat_n(blank(), 9));
                cells
            }
        };
        vec![cells]
    }
}

impl Tabular for Act {
    const COLUMNS: &'static [&'static str] =
        &["seq", "id", "recorded_at", "occurred", "actor", "action", "target", "tier", "side", "note", "leaf"];

    fn rows(&self) -> Vec<Vec<String>> {
        let Act { seq, id, recorded_at, occurred, actor, action, target, tier, side, note, leaf, .. } = self;
        vec![vec![
            seq.to_string(),
            id.to_string(),
            recorded_at.clone(),
            occurred.clone(),
            actor.clone(),
            action.clone(),
            target.clone(),
            tier.to_string(),
            or_empty(*side),
            or_empty(note.as_deref()),
            leaf.clone(),
        ]]
    }
}

/// The events that decide.
impl Tabular for Why {
    const COLUMNS: &'static [&'static str] = Act::COLUMNS;

    fn rows(&self) -> Vec<Vec<String>> {
        self.events.iter().flat_map(Tabular::rows).collect()
    }
}
