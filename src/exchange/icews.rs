//! ICEWS event data: the raw files of 20 columns, and the common form of five (date, actor, relation, target, cameo).
//!
//! Tabs separate, nothing is quoted, a header is optional. In raw files one fact (who, what, whom, on which day) may
//! stand in many rows, one for each sentence that tells it: it becomes one event with the stories as evidence. Facts
//! are gathered day by day, so memory holds one day.

use std::collections::{HashMap, VecDeque};
use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

use super::fact::{BadRow, Fact, row_of};
use crate::event::{Body, Common, Draft, EventId, Evidence, Occurred, Refusal, Stance};

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
pub struct IcewsFacts<R> {
    rows: csv::Reader<R>,
    columns: Option<Columns>,
    /// The row being read: one for all, so that its memory is asked for once.
    record: ByteRecord,
    /// The facts of the day being read, in the order of their first rows; raw files only.
    day: Vec<Result<Fact, BadRow>>,
    places: HashMap<EventId, usize>,
    date: Vec<u8>,
    ready: VecDeque<Result<Fact, BadRow>>,
    is_done: bool,
    last_date: Option<Occurred>,
}

/// Reads the facts of an ICEWS file of either form.
pub fn facts<R: Read>(input: R) -> IcewsFacts<R> {
    let rows = ReaderBuilder::new().delimiter(b'\t').quoting(false).has_headers(false).flexible(true).from_reader(input);
    let (columns, day, places, date, ready) = Default::default();
    IcewsFacts { rows, columns, record: ByteRecord::new(), day, places, date, ready, is_done: false, last_date: None }
}

impl<R: Read> Iterator for IcewsFacts<R> {
    type Item = Result<Fact, BadRow>;

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

impl<R: Read> IcewsFacts<R> {
    /// Reads one row: into the day's facts, or, with the day before it ready, into a new day's.
    fn read_row(&mut self) {
        match self.rows.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => {
                self.is_done = true;
                return self.close_day();
            }
            Err(e) => {
                let (line, said) = (self.rows.position().line(), format!("the file cannot be read on: {e}"));
                self.is_done = true;
                self.day.push(Err(BadRow { line, reason: Refusal::field("", said), row: String::new() }));
                return self.close_day();
            }
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        let columns = match self.columns {
            Some(columns) => columns,
            None => match self.first_row() {
                FirstRow::Header => return,
                FirstRow::Data(columns) => columns,
            },
        };
        let fact = match draft(&self.record, columns, &mut self.last_date) {
            Ok(draft) => Ok(Fact { draft, line, rows: 1, record: self.record.clone() }),
            Err(reason) => Err(BadRow { line, reason, row: row_of(&self.record) }),
        };
        match (columns.raw, fact) {
            // In the form of five columns each row is by itself: a second one like it has the same id, and is counted as a
            // duplicate.
            (None, fact) => self.ready.push_back(fact),
            (Some(_), Ok(fact)) => self.gather(fact, columns),
            (Some(_), bad) => self.day.push(bad),
        }
    }

    fn first_row(&mut self) -> FirstRow {
        let record = &self.record;
        let columns = if record.len() == RAW.count { RAW } else { FIVE };
        self.columns = Some(columns);
        let first = record.get(0).unwrap_or_default();
        let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
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
            Some(Ok(known)) => {
                known.rows += 1;
                for evidence in fact.draft.common.evidence {
                    if !known.draft.common.evidence.contains(&evidence) {
                        known.draft.common.evidence.push(evidence);
                    }
                }
            }
            Some(Err(_)) | None => self.day.push(Ok(fact)),
        }
    }

    /// Hands over the facts gathered so far.
    fn close_day(&mut self) {
        self.places.clear();
        self.ready.extend(self.day.drain(..));
    }
}

enum FirstRow {
    Header,
    Data(Columns),
}

/// The event that a row tells.
fn draft(record: &ByteRecord, columns: Columns, last_date: &mut Option<Occurred>) -> Result<Draft, Refusal> {
    if record.len() != columns.count {
        return Err(Refusal::field("", format!("{} columns, expected {}", record.len(), columns.count)));
    }
    let (date, code) = (cell(record, columns.date, "date")?, cell(record, columns.code, "cameo")?);
    let (actor, target) = (cell(record, columns.actor, "actor")?, cell(record, columns.target, "target")?);
    for (field, value) in [("actor", actor), ("target", target), ("cameo", code)] {
        if is_missing(value) {
            return Err(Refusal::field(field, format!("the row has no {field}")));
        }
    }
    // Rows come by the day: most have the date of the row before.
    let occurred = match last_date.take().filter(|last| last.as_str() == date) {
        Some(last) => last,
        None => Occurred::parse(date).map_err(|e| Refusal::field("date", e.to_string()))?,
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
fn told(record: &ByteRecord, raw: RawColumns) -> Result<Common, Refusal> {
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

fn cell<'a>(record: &'a ByteRecord, column: usize, field: &str) -> Result<&'a str, Refusal> {
    let bytes = record.get(column).unwrap_or_default();
    std::str::from_utf8(bytes).map_err(|e| {
        let said = format!("column {}: not UTF-8 from its byte {} on", column + 1, e.valid_up_to() + 1);
        Refusal::field(field, said)
    })
}

fn is_missing(value: &str) -> bool {
    matches!(value.trim(), "" | "NA" | "N/A" | "null" | "NULL" | "---")
}
