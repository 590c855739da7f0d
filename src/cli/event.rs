//! `event`: one event of the log with everything that it holds.

use std::fmt;

use clap::Args;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value as Json;

use super::call::{Call, Format};
use super::evidence;
use super::failure::{Exit, Failure};
use super::label::Labels;
use super::list::List;
use super::out::{Out, shown};
use super::sentence;
use crate::ledger::{Asked, Error, Recorded, Row, recorded_json};

/// One event, by seq, id or the beginning of an id
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog event 57
  stancelog event 0190a3c4 --format json")]
pub(super) struct Event {
    /// A seq (57 or @57), an id, or the beginning of one id
    #[arg(value_name = "ID|SEQ")]
    event: String,
}

impl Event {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let ledger = call.read()?;
        let row = ledger.event(&self.event)?;
        match call.format() {
            Format::Table => print(&row, &Labels::of(&ledger, &Asked::default())?, out)?,
            Format::Json | Format::Jsonl => {
                out.json_text(&recorded_json(&row))?;
                out.line("")?;
            }
            Format::Csv => {
                let mut list = List::of::<Recorded<'_>>(out, Format::Csv)?;
                list.row(&row)?;
                list.end()?;
            }
        }
        Ok(Exit::Done)
    }
}

/// The longest value that is shown; JSON has the whole.
const VALUE_MAX: usize = 2000;

fn print(row: &Row, labels: &Labels, out: &mut Out) -> Result<(), Failure> {
    let event = row.event().map_err(Error::from)?;
    match &event {
        Some(event) => out.paragraph("", &sentence::explained(event, |word| labels.explain(word)))?,
        None => out.line("The content of this event was erased.")?,
    }
    out.line("")?;
    field("seq", &row.seq.to_string(), out)?;
    field("id", &row.id.to_string(), out)?;
    field("recorded at", &row.recorded_at.to_string(), out)?;
    field("leaf hash", &row.leaf.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), out)?;
    let fields = row.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or(Fields(Vec::new()));
    let evidence = event.as_ref().map_or(&[][..], |event| &event.common.evidence);
    for (name, value) in fields.0.iter().filter(|(name, _)| name != "evidence") {
        for (index, said) in values(value).iter().enumerate() {
            field(if index == 0 { name } else { "" }, said, out)?;
        }
    }
    for (index, item) in evidence.iter().enumerate() {
        field(if index == 0 { "evidence" } else { "" }, &evidence::source(item), out)?;
    }
    Ok(())
}

fn field(name: &str, value: &str, out: &mut Out) -> Result<(), Failure> {
    out.paragraph(&format!("{:<13} ", name.replace('_', " ")), &shown(value))
}

/// The fields of an event in the order in which they are stored.
struct Fields(Vec<(String, Json)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// A value in one or more pieces to be read.
fn values(value: &Json) -> Vec<String> {
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Array(items) => {
            let said: Vec<String> = items.iter().flat_map(values).collect();
            return if said.iter().map(String::len).sum::<usize>() <= VALUE_MAX {
                said
            } else {
                vec![format!("{} items; --format json shows them", items.len())]
            };
        }
        Json::Object(fields) => {
            let said = fields.iter().map(|(name, value)| format!("{name}: {}", values(value).join("; ")));
            said.collect::<Vec<_>>().join(", ")
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => value.to_string(),
    };
    vec![text]
}
