//! POLECAT event data: 40 columns with tabs between them and a header; PLOVER's event types, modes and contexts.

use std::io::Read;

use csv::ByteRecord;

use super::fact::{Flaw, Told, cell, is_missing};
use super::input::Encoding;
use super::row::{Rows, Shape};
use crate::event::{Body, Code, Common, Draft, EventId, Evidence, Occurred, Stance};

const COLUMNS: usize = 40;

/// Reads the facts of a POLECAT file.
pub fn facts<'a>(input: impl Read + Send + 'a, encoding: Encoding) -> impl Iterator<Item = Told> + Send + 'a {
    Rows::of(input, encoding, Shape::Bare(b'\t')).telling("event id", draft)
}

/// The event that a row tells.
fn draft(record: &ByteRecord) -> Result<Draft, Flaw> {
    if record.len() != COLUMNS {
        return Err(Flaw::new("column count", "", format!("{} columns, expected {COLUMNS}", record.len())));
    }
    let id = needed(record, 0, "no id", "Event ID")?;
    let date = needed(record, 1, "no date", "Event Date")?;
    let event_type = needed(record, 2, "no event type", "Event Type")?;
    let actor = needed(record, 7, "no actor", "Actor Name")?;
    let target = needed(record, 15, "no target", "Recipient Name")?;
    let mode = cell(record, 3, "Event Mode")?;
    let occurred = Occurred::parse(date).map_err(|e| Flaw::new("bad date", "Event Date", e.to_string()).at(1))?;
    let parts: Vec<&[u8]> =
        [b"polecat".as_slice()].into_iter().chain([id, date, actor, event_type, mode, target].map(str::as_bytes)).collect();
    let id_of_event = EventId::of_content(occurred.earliest(), &parts);
    let mode = if is_missing(mode) { String::new() } else { format!("-{}", mode.to_lowercase().replace(['_', ' '], "-")) };
    let action = format!("plover-{}{mode}", event_type.to_lowercase());
    let mut codes = std::collections::BTreeMap::from([("polecat".to_owned(), Code::One(id.to_owned()))]);
    let published = [("plover-intensity", 4), ("plover-context", 6), ("polecat-actor", 11), ("polecat-target", 19), ("geonames", 30)];
    for (scheme, column) in published {
        let values: Vec<String> =
            cell(record, column, scheme)?.split([';', ',']).map(str::trim).filter(|value| !is_missing(value)).map(str::to_owned).collect();
        match <[String; 1]>::try_from(values) {
            Ok([one]) => drop(codes.insert(scheme.to_owned(), Code::One(one))),
            Err(many) if !many.is_empty() => drop(codes.insert(scheme.to_owned(), Code::Many(many))),
            Err(_) => {}
        }
    }
    let (on_behalf_of, place, times, confidence, actor_as, target_as) = Default::default();
    let (actor, target) = (actor.to_owned(), target.to_owned());
    let stance = Stance { actor, action, target, occurred, on_behalf_of, place, times, confidence, actor_as, target_as, codes };
    let mut places = Vec::new();
    for (column, field) in [(23, "Placename"), (26, "Province"), (27, "Country")] {
        let place = cell(record, column, field)?;
        if !is_missing(place) && !places.contains(&place) {
            places.push(place);
        }
    }
    let told: Vec<&str> =
        [cell(record, 33, "Source")?, cell(record, 34, "Publication Date")?].into_iter().filter(|part| !is_missing(part)).collect();
    let note = (!told.is_empty()).then(|| told.join(", "));
    let evidence = vec![Evidence { source: Some("polecat".to_owned()), note, ..Evidence::default() }];
    let note = (!places.is_empty()).then(|| places.join(", "));
    Ok(Draft { id: Some(id_of_event), body: Body::Stance(stance), common: Common { note, evidence, ..Common::default() } })
}

fn needed<'a>(record: &'a ByteRecord, column: usize, kind: &'static str, field: &str) -> Result<&'a str, Flaw> {
    let value = cell(record, column, field)?;
    if is_missing(value) { Err(Flaw::new(kind, field, format!("the row has no {field}")).at(column)) } else { Ok(value) }
}

#[cfg(test)]
mod tests {
    use super::super::fact::{Fact, Trouble};
    use super::*;

    #[test]
    fn a_row_tells_type_mode_and_context() {
        let mut row = vec![""; COLUMNS];
        for (at, value) in
            [(0, "E1"), (1, "2023-01-22"), (2, "CONSULT"), (3, "visit"), (6, "diplomatic;military"), (7, "Ann"), (15, "Bob"), (23, "Kyiv")]
        {
            row[at] = value;
        }
        let text = format!(
            "Event ID{}\n{}\n{}\nx\n",
            "\t".repeat(39),
            row.join("\t"),
            row.join("\t").replace("Bob", "None ").replace("None", "NA")
        );
        let told: Vec<Told> = facts(text.as_bytes(), Encoding::Utf8).collect();
        let Ok(Fact { draft: Draft { body: Body::Stance(stance), common, .. }, line: 2, .. }) = &told[0] else { panic!("{told:?}") };
        assert_eq!((stance.action.as_str(), common.note.as_deref()), ("plover-consult-visit", Some("Kyiv")));
        assert_eq!(stance.codes["plover-context"], Code::Many(vec!["diplomatic".to_owned(), "military".to_owned()]));
        let kinds: Vec<&str> = told[1..].iter().map(|told| if let Err(Trouble::Row(bad)) = told { &*bad.kind } else { "" }).collect();
        assert_eq!(kinds, ["no target", "column count"]);
    }
}
