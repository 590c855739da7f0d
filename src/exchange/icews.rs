//! ICEWS event data: the raw files of 20 columns, and the common form of five (date, actor, relation, target, cameo).
//!
//! Tabs separate, nothing is quoted, a header is optional. In raw files one fact (who, what, whom, on which day) may
//! stand in many rows, one for each sentence that tells it: it becomes one event with the stories as evidence. Facts
//! are gathered day by day, so memory holds one day.

use std::collections::{HashMap, VecDeque};
use std::io::Read;

use csv::ByteRecord;

use super::fact::{Fact, Flaw, Told, Trouble, cell, is_missing};
use super::input::Encoding;
use super::row::{Rows, Shape};
use crate::event::{Body, Common, Draft, EventId, Evidence, Occurred, Stance};

/// Where the columns that matter stand.
#[derive(Clone, Copy, Debug)]
struct Columns {
    count: usize,
    date: usize,
    actor: usize,
    target: usize,
    code: usize,
    /// Story and sentence, publisher, city, province, country; raw files only.
    raw: Option<RawColumns>,
}

#[derive(Clone, Copy, Debug)]
struct RawColumns {
    story: usize,
    sentence: usize,
    publisher: usize,
    places: [usize; 3],
}

const FIVE: Columns = Columns { count: 5, date: 0, actor: 1, target: 3, code: 4, raw: None };
const RAW: Columns = Columns {
    count: 20,
    date: 1,
    actor: 2,
    target: 8,
    code: 6,
    raw: Some(RawColumns { story: 11, sentence: 12, publisher: 13, places: [14, 16, 17] }),
};

/// The facts of an ICEWS file.
pub struct IcewsFacts<'a> {
    rows: Rows<'a>,
    columns: Option<Columns>,
    /// The row being read: one for all, so that its memory is asked for once.
    record: ByteRecord,
    /// The facts of the day being read, in the order of their first rows; raw files only.
    day: Vec<Fact>,
    places: HashMap<EventId, usize>,
    date: Vec<u8>,
    ready: VecDeque<Told>,
    is_done: bool,
    last_date: Option<Occurred>,
}

/// Reads the facts of an ICEWS file of either form.
pub fn facts<'a>(input: impl Read + Send + 'a, encoding: Encoding) -> IcewsFacts<'a> {
    let rows = Rows::of(input, encoding, Shape::Bare(b'\t'));
    let (columns, day, places, date, ready) = Default::default();
    IcewsFacts { rows, columns, record: ByteRecord::new(), day, places, date, ready, is_done: false, last_date: None }
}

impl Iterator for IcewsFacts<'_> {
    type Item = Told;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(one) = self.ready.pop_front() {
                return Some(one);
            }
            if self.is_done {
                return None;
            }
            self.read_row();
        }
    }
}

impl IcewsFacts<'_> {
    /// Reads one row: into the day's facts, or, with the day before it ready, into a new day's.
    fn read_row(&mut self) {
        let line = match self.rows.read(&mut self.record) {
            Ok(Some(line)) => line,
            Ok(None) => {
                self.is_done = true;
                return self.close_day();
            }
            Err(trouble) => {
                self.is_done = matches!(trouble, Trouble::File(_));
                if self.is_done {
                    self.close_day();
                }
                return self.ready.push_back(Err(trouble));
            }
        };
        let columns = match self.columns {
            Some(columns) => columns,
            None => match self.first_row() {
                FirstRow::Header => return,
                FirstRow::Data(columns) => columns,
            },
        };
        let fact = match draft(&self.record, columns, &mut self.last_date) {
            Ok(draft) => Ok(Fact { draft, beside: Vec::new(), line, rows: 1, record: self.record.clone() }),
            Err(flaw) => Err(Trouble::Row(flaw.of_row(line, &self.record))),
        };
        match (columns.raw, fact) {
            // In the form of five columns each row is by itself: a second one like it has the same id, and is counted as a
            // duplicate.
            (None, fact) => self.ready.push_back(fact),
            (Some(_), Ok(fact)) => self.gather(fact, columns),
            // A file without a single good row must not gather.
            (Some(_), bad) => self.ready.push_back(bad),
        }
    }

    fn first_row(&mut self) -> FirstRow {
        let record = &self.record;
        let columns = if record.len() == RAW.count { RAW } else { FIVE };
        self.columns = Some(columns);
        let first = record.get(0).unwrap_or_default();
        let is_header = first.eq_ignore_ascii_case(b"date") || first.eq_ignore_ascii_case(b"event id");
        if is_header { FirstRow::Header } else { FirstRow::Data(columns) }
    }

    fn gather(&mut self, fact: Fact, columns: Columns) {
        let date = fact.record.get(columns.date).unwrap_or_default();
        if date != self.date {
            self.date = date.to_owned();
            self.close_day();
        }
        let place = fact.draft.id.map(|id| *self.places.entry(id).or_insert(self.day.len()));
        match place.and_then(|place| self.day.get_mut(place)) {
            Some(known) => {
                known.rows += 1;
                for evidence in fact.draft.common.evidence {
                    if !known.draft.common.evidence.contains(&evidence) {
                        known.draft.common.evidence.push(evidence);
                    }
                }
            }
            None => self.day.push(fact),
        }
    }

    /// Hands over the facts gathered so far.
    fn close_day(&mut self) {
        self.places.clear();
        self.ready.extend(self.day.drain(..).map(Ok));
    }
}

enum FirstRow {
    Header,
    Data(Columns),
}

/// The event that a row tells.
fn draft(record: &ByteRecord, columns: Columns, last_date: &mut Option<Occurred>) -> Result<Draft, Flaw> {
    if record.len() != columns.count {
        return Err(Flaw::new("column count", "", format!("{} columns, expected {}", record.len(), columns.count)));
    }
    let (date, code) = (cell(record, columns.date, "date")?, cell(record, columns.code, "cameo")?);
    let (actor, target) = (cell(record, columns.actor, "actor")?, cell(record, columns.target, "target")?);
    let needed = [
        ("no actor", "actor", actor, columns.actor),
        ("no target", "target", target, columns.target),
        ("no code", "cameo", code, columns.code),
    ];
    for (kind, field, value, column) in needed {
        if is_missing(value) {
            return Err(Flaw::new(kind, field, format!("the row has no {field}")).at(column));
        }
    }
    // Rows come by the day: most have the date of the row before.
    let occurred = match last_date.take().filter(|last| last.as_str() == date) {
        Some(last) => last,
        None => Occurred::parse(date).map_err(|e| Flaw::new("bad date", "date", e.to_string()).at(columns.date))?,
    };
    *last_date = Some(occurred.clone());
    let id = EventId::of_content(occurred.earliest(), &[b"icews", date.as_bytes(), actor.as_bytes(), code.as_bytes(), target.as_bytes()]);
    let (on_behalf_of, place, times, confidence, actor_as, target_as, codes) = Default::default();
    let stance = Stance {
        actor: actor.to_owned(),
        action: format!("cameo-{code}"),
        target: target.to_owned(),
        occurred,
        on_behalf_of,
        place,
        times,
        confidence,
        actor_as,
        target_as,
        codes,
    };
    let common = match columns.raw {
        Some(raw) => told(record, raw)?,
        None => Common { evidence: vec![Evidence { source: Some("icews".to_owned()), ..Evidence::default() }], ..Common::default() },
    };
    Ok(Draft { id: Some(id), body: Body::Stance(stance), common })
}

/// What a raw row says of its story.
fn told(record: &ByteRecord, raw: RawColumns) -> Result<Common, Flaw> {
    let (story, sentence) = (cell(record, raw.story, "story")?, cell(record, raw.sentence, "sentence")?);
    let publisher = cell(record, raw.publisher, "publisher")?;
    let mut places = Vec::new();
    for (column, field) in raw.places.into_iter().zip(["city", "province", "country"]) {
        places.push(cell(record, column, field)?);
    }
    places.retain(|place| !is_missing(place));
    let note = format!("sentence {sentence} of story {story}, {publisher}");
    let evidence = Evidence { source: Some("icews".to_owned()), note: Some(note), ..Evidence::default() };
    let note = (!places.is_empty()).then(|| places.join(", "));
    Ok(Common { note, evidence: vec![evidence], ..Common::default() })
}
