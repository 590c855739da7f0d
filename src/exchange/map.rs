//! The map of a table: which column tells what, as TOML.

use std::collections::BTreeMap;

use chrono::format::{Parsed, StrftimeItems, parse};
use serde::Deserialize;

use crate::event::{Occurred, Refusal, nearest};

/// Which column of a table tells what.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// What the table is called: part of the ids of its events, so that two tables never share one.
    pub name: String,
    /// What stands between columns; a comma where it is not given.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// Whether the first row names the columns; it does where this is not given.
    #[serde(default = "yes")]
    pub header: bool,
    /// How dates are written (`%d/%m/%Y`), the first that fits holds; EDTF where none is given.
    #[serde(default)]
    pub dates: Vec<String>,
    /// Field of the event to column: by name, or by number from 1.
    pub columns: BTreeMap<Field, Column>,
    /// Field of the event to what it is in every row, or in rows whose column is empty.
    #[serde(default)]
    pub constants: BTreeMap<Field, String>,
    /// Value of the column `action` to a word of the vocabulary. Without any, values are words.
    #[serde(default)]
    pub actions: BTreeMap<String, String>,
    /// The word for values that `actions` does not name; without it such rows are refused.
    pub other_action: Option<String>,
}

fn comma() -> char {
    ','
}

fn yes() -> bool {
    true
}

/// What a column can tell.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Who.
    Actor,
    /// Did what.
    Action,
    /// Toward whom or what.
    Target,
    /// When.
    Occurred,
    /// For whom; several with `;` between them.
    OnBehalfOf,
    /// Where.
    Place,
    /// How sure, 0 to 1.
    Confidence,
    /// The title of the document that tells it.
    Source,
    /// The address of that document.
    Url,
    /// The words there.
    Quote,
    /// A remark.
    Note,
    /// What tells this row from all others.
    Id,
}

/// A column, by name or by number.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(untagged, expecting = "a column's name, or its number from 1")]
pub enum Column {
    /// By its number, from 1.
    Number(usize),
    /// By its name in the header.
    Name(String),
}

impl Map {
    /// Reads a map.
    ///
    /// # Errors
    /// What is wrong, with the bytes that are meant, and the nearest right key.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let map: Self = toml::from_str(text).map_err(|e| refusal(&e))?;
        let at = |key: &str| text.find(key).map(|start| start..start + key.len());
        for (field, key) in [(Field::Actor, "actor"), (Field::Action, "action"), (Field::Target, "target"), (Field::Occurred, "occurred")] {
            if !map.columns.contains_key(&field) && !map.constants.contains_key(&field) {
                let said = format!("nothing tells `{key}`: name its column under [columns], or its value under [constants]");
                return Err(Refusal { span: at("[columns]"), ..Refusal::field(key, said) });
            }
        }
        if map.columns.values().any(|column| *column == Column::Number(0)) {
            return Err(Refusal { span: at("[columns]"), ..Refusal::field("columns", "columns are numbered from 1") });
        }
        if !map.delimiter.is_ascii() || matches!(map.delimiter, '"' | '\n' | '\r') {
            return Err(Refusal {
                span: at("delimiter"),
                ..Refusal::field("delimiter", "expected one ASCII character, such as `,` or a tab (\"\\t\")")
            });
        }
        for format in &map.dates {
            if StrftimeItems::new(format).any(|item| item == chrono::format::Item::Error) {
                let said = format!("`{format}` is no date format; expected something like %d/%m/%Y");
                return Err(Refusal { span: at(format), ..Refusal::field("dates", said) });
            }
        }
        Ok(map)
    }

    /// A date of the table as EDTF.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn date(&self, text: &str) -> Result<Occurred, String> {
        if self.dates.is_empty() {
            return Occurred::parse(text).map_err(|e| format!("{e}; other ways to write dates go under `dates` in the map"));
        }
        let edtf = self.dates.iter().find_map(|format| edtf(text, format));
        let edtf = edtf.ok_or_else(|| format!("`{text}` is no date like {}", self.dates.join(" or ")))?;
        Occurred::parse(&edtf).map_err(|e| e.to_string())
    }
}

/// A date in a format as EDTF, as exact as the format is: a day, a month or a year.
fn edtf(text: &str, format: &str) -> Option<String> {
    let mut parsed = Parsed::new();
    parse(&mut parsed, text, StrftimeItems::new(format)).ok()?;
    if let Ok(day) = parsed.to_naive_date() {
        return Some(day.format("%Y-%m-%d").to_string());
    }
    match (parsed.year(), parsed.month(), parsed.day()) {
        (Some(year), Some(month), None) => Some(format!("{year:04}-{month:02}")),
        (Some(year), None, None) => Some(format!("{year:04}")),
        _ => None,
    }
}

pub(super) fn refusal(error: &toml::de::Error) -> Refusal {
    let message = error.message().to_owned();
    let mut words = message.split('`').skip(1).step_by(2);
    let near = if message.starts_with("unknown") { words.next().map(|given| nearest(given, words)) } else { None };
    Refusal { span: error.span(), ..Refusal::field("", message.clone()) }.with_nearest(near.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "name = \"t\"\ndates = [\"%d/%m/%Y\", \"%m/%Y\", \"%Y\"]\n[columns]\nactor = 1\ntarget = \"Whom\"\noccurred = 3\n[constants]\naction = \"backs\"\n";

    #[test]
    fn dates_are_as_exact_as_they_are_written() {
        let map = Map::parse(GOOD).unwrap();
        let day = |text: &str| map.date(text).map(|date| date.as_str().to_owned());
        assert_eq!([day("22/01/2023"), day("01/2023"), day("2023")].map(Result::unwrap), ["2023-01-22", "2023-01", "2023"]);
        assert!(day("31/02/2023").unwrap_err().contains("%d/%m/%Y or %m/%Y"));
    }

    #[test]
    fn a_wrong_key_is_shown_with_its_place_and_the_right_one() {
        let text = GOOD.replace("target", "tagret");
        let refusal = Map::parse(&text).unwrap_err();
        assert_eq!((&text[refusal.span.unwrap()], refusal.nearest[0].as_str()), ("tagret", "target"));
        let without = Map::parse(&GOOD.replace("action = \"backs\"", "")).unwrap_err();
        assert_eq!(without.field, "action");
    }
}
