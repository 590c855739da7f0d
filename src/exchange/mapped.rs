//! Any table whose columns a map explains.

use std::collections::BTreeMap;
use std::io::{self, Read};

use csv::ByteRecord;

use super::fact::{Fact, Flaw, Told, Trouble, cell};
use super::input::Encoding;
use super::map::{Column, Field, Map};
use super::row::{Rows, Shape};
use crate::event::{Body, Common, Draft, EventId, Evidence, Micros, Selector, Source, Stance, nearest, slug_of};

/// The facts of a table.
struct Facts<'a> {
    rows: Rows<'a>,
    map: &'a Map,
    /// Where each field stands; nothing before the first row.
    places: Option<BTreeMap<Field, usize>>,
    width: usize,
    record: ByteRecord,
}

/// Reads the facts of a table.
pub fn facts<'a>(input: impl Read + Send + 'a, encoding: Encoding, map: &'a Map) -> impl Iterator<Item = Told> + Send + 'a {
    let rows = Rows::of(input, encoding, Shape::Quoted(u8::try_from(map.delimiter).unwrap_or(b',')));
    Facts { rows, map, places: None, width: 0, record: ByteRecord::new() }
}

impl Iterator for Facts<'_> {
    type Item = Told;

    fn next(&mut self) -> Option<Told> {
        loop {
            let line = match self.rows.read(&mut self.record) {
                Ok(line) => line?,
                Err(trouble) => return Some(Err(trouble)),
            };
            if self.places.is_none() {
                match self.find_columns() {
                    Ok(places) => self.places = Some(places),
                    Err(said) => return Some(Err(Trouble::File(io::Error::new(io::ErrorKind::InvalidData, said)))),
                }
                if self.map.header {
                    continue;
                }
            }
            return Some(match self.drafts() {
                Ok((draft, beside)) => Ok(Fact { draft, beside, line, rows: 1, record: self.record.clone() }),
                Err(flaw) => Err(Trouble::Row(flaw.of_row(line, &self.record))),
            });
        }
    }
}

impl Facts<'_> {
    fn find_columns(&mut self) -> Result<BTreeMap<Field, usize>, String> {
        self.width = self.record.len();
        let names: Vec<String> = self.record.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let find = |column: &Column| match column {
            Column::Number(number) if (1..=names.len()).contains(number) => Ok(number - 1),
            Column::Number(number) => Err(format!("the map names column {number}; the first row has {}", names.len())),
            Column::Name(name) if !self.map.header => {
                Err(format!("the map names a column `{name}`, but says that there is no header; give its number"))
            }
            Column::Name(name) => names.iter().position(|one| one == name).ok_or_else(|| {
                let near = nearest(name, names.iter().map(String::as_str));
                let hint = near.first().map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                format!("no column is called `{name}`{hint}")
            }),
        };
        self.map.columns.iter().map(|(field, column)| Ok((*field, find(column)?))).collect()
    }

    /// What a row says of a field, and in which column.
    fn value(&self, field: Field) -> Result<Option<(&str, usize)>, Flaw> {
        let column = self.places.as_ref().and_then(|places| places.get(&field).copied());
        let said = column.map(|column| cell(&self.record, column, name_of(field))).transpose()?.map(str::trim).unwrap_or_default();
        if !said.is_empty() {
            return Ok(Some((said, column.unwrap_or_default())));
        }
        Ok(self.map.constants.get(&field).map(|said| (said.as_str(), column.unwrap_or_default())))
    }

    fn needed(&self, field: Field, kind: &'static str) -> Result<(&str, usize), Flaw> {
        self.value(field)?.ok_or_else(|| {
            let flaw = Flaw::new(kind, name_of(field), format!("the row has no {}", name_of(field)));
            match self.places.as_ref().and_then(|places| places.get(&field)) {
                Some(column) => flaw.at(*column),
                None => flaw,
            }
        })
    }

    fn text(&self, field: Field) -> Result<Option<String>, Flaw> {
        Ok(self.value(field)?.map(|(text, _)| text.to_owned()))
    }

    /// The event of a row, and the source that it rests on.
    fn drafts(&self) -> Result<(Draft, Vec<Draft>), Flaw> {
        if self.record.len() != self.width {
            return Err(Flaw::new("column count", "", format!("{} columns, expected {}", self.record.len(), self.width)));
        }
        let (actor, target) = (self.needed(Field::Actor, "no actor")?.0, self.needed(Field::Target, "no target")?.0);
        let (date, column) = self.needed(Field::Occurred, "no date")?;
        let occurred = self.map.date(date).map_err(|said| Flaw::new("bad date", "occurred", said).at(column))?;
        let action = self.action()?;
        let confidence = match self.value(Field::Confidence)? {
            None => None,
            Some((text, column)) => Some(
                text.parse()
                    .map_err(|_| Flaw::new("bad confidence", "confidence", format!("`{text}` is no number from 0 to 1")).at(column))?,
            ),
        };
        let on_behalf_of: Vec<String> = self
            .value(Field::OnBehalfOf)?
            .map_or(Vec::new(), |(all, _)| all.split(';').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect());
        let (source, url, quote) = (self.text(Field::Source)?, self.text(Field::Url)?, self.text(Field::Quote)?);
        let id = match self.value(Field::Id)? {
            Some((id, _)) => EventId::of_content(occurred.earliest(), &[b"csv", self.map.name.as_bytes(), b"id", id.as_bytes()]),
            None => {
                let mut parts = vec![self.map.name.as_str(), actor, &action, target, occurred.as_str()];
                parts.extend([&source, &url, &quote].map(|part| part.as_deref().unwrap_or_default()));
                parts.extend(on_behalf_of.iter().map(String::as_str));
                let parts: Vec<&[u8]> = [b"csv".as_slice()].into_iter().chain(parts.into_iter().map(str::as_bytes)).collect();
                EventId::of_content(occurred.earliest(), &parts)
            }
        };
        let (evidence, beside) = self.evidence(source, url, quote);
        let (times, actor_as, target_as, codes) = Default::default();
        let (actor, target, place) = (actor.to_owned(), target.to_owned(), self.text(Field::Place)?);
        let stance = Stance { actor, action, target, occurred, on_behalf_of, place, times, confidence, actor_as, target_as, codes };
        let common = Common { note: self.text(Field::Note)?, evidence, ..Common::default() };
        Ok((Draft { id: Some(id), body: Body::Stance(stance), common }, beside))
    }

    fn action(&self) -> Result<String, Flaw> {
        let (said, column) = self.needed(Field::Action, "no action")?;
        let is_constant = !self.map.columns.contains_key(&Field::Action);
        if is_constant || self.map.actions.is_empty() {
            return Ok(said.to_owned());
        }
        match self.map.actions.get(said).or(self.map.other_action.as_ref()) {
            Some(action) => Ok(action.clone()),
            None => {
                let near = nearest(said, self.map.actions.keys().map(String::as_str));
                let said = format!("`{said}` is not among the [actions] of the map");
                Err(Flaw::new("action not in the map", "action", said).at(column).with_nearest(near))
            }
        }
    }

    fn evidence(&self, source: Option<String>, url: Option<String>, quote: Option<String>) -> (Vec<Evidence>, Vec<Draft>) {
        let selector = quote.map(|exact| Selector::TextQuoteSelector { exact, prefix: None, suffix: None });
        let Some(title) = source else {
            // What tells nothing of its source rests on the table itself.
            let source = url.is_none().then(|| slug_of(&self.map.name));
            return (vec![Evidence { source, url, selector, ..Evidence::default() }], Vec::new());
        };
        let slug = slug_of(&title);
        let id = EventId::of_content(Micros(0), &[b"csv source", slug.as_bytes(), title.as_bytes()]);
        let (publisher, published, sha256) = Default::default();
        let body = Body::Source(Source { source: slug.clone(), title, url: None, publisher, published, sha256 });
        let beside = Draft { id: Some(id), body, common: Common::default() };
        (vec![Evidence { source: Some(slug), url, selector, ..Evidence::default() }], vec![beside])
    }
}

fn name_of(field: Field) -> &'static str {
    match field {
        Field::Actor => "actor",
        Field::Action => "action",
        Field::Target => "target",
        Field::Occurred => "occurred",
        Field::OnBehalfOf => "on_behalf_of",
        Field::Place => "place",
        Field::Confidence => "confidence",
        Field::Source => "source",
        Field::Url => "url",
        Field::Quote => "quote",
        Field::Note => "note",
        Field::Id => "id",
    }
}
