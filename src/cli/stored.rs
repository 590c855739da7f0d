//! Events as they are stored, written out for other programs: JSON Lines that can be appended again, and CSV.

use super::failure::Failure;
use super::out::Out;
use crate::event::{Body, Event, EventId};
use crate::ledger::{Row, Seq};

/// The columns of an event in CSV.
pub(super) const COLUMNS: [&str; 9] = ["seq", "id", "recorded_at", "type", "actor", "action", "target", "occurred", "note"];

/// Prints an event that is not recorded yet, on a line.
pub(super) fn line(out: &mut Out, seq: Seq, id: EventId, body: &str) -> Result<(), Failure> {
    let fields = body.strip_prefix('{').unwrap_or(body);
    out.json_text(&format!("{{\"seq\":{seq},\"id\":\"{id}\",{fields}\n"))
}

/// A recorded event as one JSON object: seq, id, time of recording, then its own fields.
pub(super) fn json(row: &Row) -> String {
    let body = row.body.as_deref().unwrap_or("{\"type\":\"erased\"}");
    let fields = body.strip_prefix('{').unwrap_or(body);
    format!("{{\"seq\":{},\"id\":\"{}\",\"recorded_at\":\"{}\",{fields}", row.seq, row.id, row.recorded_at)
}

/// A recorded event as a row of CSV.
pub(super) fn cells(row: &Row) -> Result<[String; 9], Failure> {
    let event = row.event().map_err(crate::ledger::Error::from)?;
    let mut cells: [String; 9] = Default::default();
    (cells[0], cells[1], cells[2]) = (row.seq.to_string(), row.id.to_string(), row.recorded_at.to_string());
    let Some(Event { body, common, .. }) = event else {
        cells[3] = "erased".to_owned();
        return Ok(cells);
    };
    cells[3] = body.event_type().to_string();
    if let Body::Stance(stance) = body {
        (cells[4], cells[5], cells[6], cells[7]) = (stance.actor, stance.action, stance.target, stance.occurred.to_string());
    }
    cells[8] = common.note.unwrap_or_default();
    Ok(cells)
}
