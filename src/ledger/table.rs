//! What only the front desk knows, as rows: a log's status, what an append, an import, an erasure or a step of a replay came to.

use super::ask::Status;
use super::batch::Summary;
use super::erase::Erased;
use super::import::Imported;
use super::replay::ReplayStep;
use crate::exchange::{Recorded, Tabular};

impl Tabular for Status {
    const COLUMNS: &'static [&'static str] = &["path", "head", "events", "recorded_at", "leaf", "root", "erased", "scrub_due", "views"];

    fn rows(&self) -> Vec<Vec<String>> {
        let Status { path, head, events, recorded_at, leaf, root, erased, scrub_due, views } = self;
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut cells = vec![path.clone(), head.to_string(), events.to_string()];
        cells.extend([or_empty(recorded_at), or_empty(leaf), or_empty(root)]);
        cells.extend([erased.to_string(), scrub_due.to_string(), views.to_string()]);
        vec![cells]
    }
}

impl Tabular for Summary {
    const COLUMNS: &'static [&'static str] = &["rows", "appended", "registered", "duplicates", "rejected", "head"];

    fn rows(&self) -> Vec<Vec<String>> {
        let Summary { rows, appended, registered, duplicates, rejected, head } = self;
        let mut cells: Vec<String> = [rows, appended, registered, duplicates, rejected].map(u64::to_string).into();
        cells.push(head.to_string());
        vec![cells]
    }
}

/// The counts, and the reasons with theirs in one cell.
impl Tabular for Imported {
    const COLUMNS: &'static [&'static str] = &["rows", "appended", "registered", "duplicates", "rejected", "head", "rejected_by"];

    fn rows(&self) -> Vec<Vec<String>> {
        let reasons: Vec<String> = self.rejected_by.iter().map(|(kind, rows)| format!("{kind}: {rows}")).collect();
        let mut rows = self.summary.rows();
        rows.iter_mut().for_each(|cells| cells.push(reasons.join("; ")));
        rows
    }
}

/// The events are counted.
impl Tabular for Erased {
    const COLUMNS: &'static [&'static str] = &["seq", "erased", "already"];

    fn rows(&self) -> Vec<Vec<String>> {
        let Erased { seq, erased, already } = self;
        vec![vec![seq.map(|seq| seq.to_string()).unwrap_or_default(), erased.len().to_string(), already.to_string()]]
    }
}

/// The event, and the changes in words.
impl Tabular for ReplayStep {
    const COLUMNS: &'static [&'static str] =
        &["seq", "id", "recorded_at", "type", "actor", "action", "target", "occurred", "note", "changes"];

    fn rows(&self) -> Vec<Vec<String>> {
        let changes = self.changes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let mut rows = Recorded { row: &self.row, event: self.event.clone() }.rows();
        rows.iter_mut().for_each(|cells| cells.push(changes.clone()));
        rows
    }
}
