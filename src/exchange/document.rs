//! The objects of a JSON file, each with its line: JSON Lines, lists, and what stands in graphs and feeds.
//!
//! Where the first line is a whole object, each line is read by itself, and a broken one costs itself alone. Otherwise the
//! file is one document that streams: lists and the containers of JSON-LD are walked through, and one object is held at a time.

use std::collections::{HashMap, VecDeque};
use std::io::{self, Cursor, Read};

use csv::ByteRecord;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use struson::reader::{JsonReader, JsonStreamReader, ReaderError, ReaderSettings, ValueType};
use struson::serde::DeserializerError;

use super::fact::{Flaw, Trouble};
use super::input::{Encoding, Text, text};
use super::reference::{named, resolve};
use super::row::{Rows, Shape};

/// An object has at most so many bytes; a document of at most so many is known whole before it is read.
const OBJECT_MAX: usize = 1 << 20;
/// Under these names JSON-LD keeps things of their own, not parts of one thing.
const CONTAINERS: [&str; 4] = ["@graph", "dataFeedElement", "item", "itemListElement"];

/// What a file holds, as its first bytes tell.
pub(super) enum Content<'a> {
    /// JSON.
    Objects(Objects<'a>),
    /// Anything else: a table.
    Table(Text<'a>),
}

/// An object of a JSON file.
pub(super) struct Object {
    /// The line where it begins, from 1.
    pub(super) line: u64,
    pub(super) fields: Map<String, Value>,
    /// Whether it stands in a list or a container, among others.
    pub(super) is_part: bool,
}

impl Object {
    /// The object as a row of one column, for whoever wants to see it.
    pub(super) fn record(&self) -> ByteRecord {
        let mut record = ByteRecord::new();
        record.push_field(serde_json::to_string(&self.fields).unwrap_or_default().as_bytes());
        record
    }
}

/// What a file holds, unpacked and decoded.
///
/// # Errors
/// As for [`text`].
pub(super) fn content<'a>(input: impl Read + Send + 'a, encoding: Encoding) -> io::Result<Content<'a>> {
    let (mut input, mut head) = (text(input, encoding)?, Vec::new());
    let read = (&mut input).take(OBJECT_MAX as u64).read_to_end(&mut head);
    let is_whole = matches!(read, Ok(length) if length < OBJECT_MAX);
    let first = head.trim_ascii_start().first().copied();
    let is_lines = first == Some(b'{') && begins_with_lines(&head, is_whole);
    let references = if is_whole && !is_lines { serde_json::from_slice(&head).map(|value| named(&value)) } else { Ok(HashMap::new()) };
    // What was read before a failure comes before the failure.
    let rest: Text<'a> = match read {
        Ok(_) => input,
        Err(error) => Box::new(io::BufReader::new(Broken(Some(error)))),
    };
    let all: Text<'a> = Box::new(io::BufReader::new(Cursor::new(head).chain(rest)));
    let form = match first {
        Some(_) if is_lines => Form::Lines(Rows::of(all, Encoding::Utf8, Shape::Bare(b'\n'))),
        Some(b'{' | b'[') => Form::Document(Box::new(Document::of(all))),
        _ => return Ok(Content::Table(all)),
    };
    Ok(Content::Objects(Objects { form, references: references.unwrap_or_default(), ready: VecDeque::new() }))
}

/// Whether a file that begins with an object has one on each line: on the first line, or on the second, if the first is a
/// broken one. A document that goes on in its second line has a first line that ends with what is still open.
fn begins_with_lines(head: &[u8], is_whole: bool) -> bool {
    let mut lines: Vec<&[u8]> = head.split(|byte| *byte == b'\n').collect();
    if !is_whole {
        lines.pop();
    }
    let mut lines = lines.into_iter().map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let is_object = |line: &[u8]| line.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(line).is_ok();
    let Some(first) = lines.next() else { return false };
    let goes_on = matches!(first.last(), Some(b'{' | b'[' | b',' | b':'));
    is_object(first) || (!goes_on && lines.next().is_some_and(is_object))
}

/// A reader that fails.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// The objects of a JSON file.
pub(super) struct Objects<'a> {
    form: Form<'a>,
    /// What is known by its `@id` in the whole document.
    references: HashMap<String, Map<String, Value>>,
    ready: VecDeque<Object>,
}

enum Form<'a> {
    Lines(Rows<'a>),
    Document(Box<Document<'a>>),
}

impl Objects<'_> {
    /// The next object; nothing at the end of the file.
    ///
    /// # Errors
    /// [`Trouble::Row`] for a line that is no JSON, after which reading goes on; [`Trouble::File`], after which there is nothing more.
    pub(super) fn read(&mut self) -> Result<Option<Object>, Trouble> {
        loop {
            if let Some(object) = self.ready.pop_front() {
                return Ok(Some(object));
            }
            match &mut self.form {
                Form::Document(document) => {
                    let object = document.next().map_err(Trouble::File)?;
                    return Ok(object.map(|mut object| {
                        object.fields.values_mut().for_each(|value| resolve(value, &self.references));
                        object
                    }));
                }
                Form::Lines(rows) => {
                    let mut record = ByteRecord::new();
                    let Some(line) = rows.read(&mut record)? else { return Ok(None) };
                    let mut value = read_line(&record).map_err(|flaw| Trouble::Row(flaw.of_row(line, &record)))?;
                    let references = named(&value);
                    resolve(&mut value, &references);
                    explode(value, line, false, &mut self.ready);
                    if self.ready.is_empty() {
                        let flaw = Flaw::new("no object", "", "the line holds no JSON object");
                        return Err(Trouble::Row(flaw.of_row(line, &record)));
                    }
                }
            }
        }
    }
}

fn read_line(record: &ByteRecord) -> Result<Value, Flaw> {
    let line = super::fact::cell(record, 0, "")?;
    serde_json::from_str(line).map_err(|e| {
        let said = e.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        Flaw::new("no JSON", "", format!("no JSON from column {} on: {said}", e.column()))
    })
}

/// The objects of a value, those in containers one by one; a container with nothing in it stands for itself.
fn explode(value: Value, line: u64, is_part: bool, out: &mut VecDeque<Object>) {
    match value {
        Value::Array(values) => values.into_iter().for_each(|value| explode(value, line, true, out)),
        Value::Object(mut fields) => {
            let before = out.len();
            for name in CONTAINERS {
                if fields.get(name).is_some_and(is_collection)
                    && let Some(inner) = fields.remove(name)
                {
                    explode(inner, line, true, out);
                }
            }
            if out.len() == before {
                out.push_back(Object { line, fields, is_part });
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_collection(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

/// A document that is walked through.
struct Document<'a> {
    reader: JsonStreamReader<Bounded<'a>>,
    open: Vec<Open>,
    has_begun: bool,
    is_done: bool,
}

/// What the walk is inside of; of an object, whether it had others in it, which stand for it.
enum Open {
    List,
    Object { line: u64, fields: Map<String, Value>, has_parts: bool },
}

/// A reader that gives so many bytes for one object, and no more.
struct Bounded<'a> {
    input: Text<'a>,
    left: usize,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("an object is longer than {OBJECT_MAX} bytes")));
        }
        let most = buffer.len().min(self.left);
        let count = self.input.read(&mut buffer[..most])?;
        self.left -= count;
        Ok(count)
    }
}

impl<'a> Document<'a> {
    fn of(input: Text<'a>) -> Self {
        let settings =
            ReaderSettings { allow_multiple_top_level: true, restrict_number_values: false, track_path: false, ..Default::default() };
        let reader = JsonStreamReader::new_custom(Bounded { input, left: OBJECT_MAX }, settings);
        Self { reader, open: Vec::new(), has_begun: false, is_done: false }
    }

    fn next(&mut self) -> io::Result<Option<Object>> {
        while !self.is_done {
            match self.step() {
                Ok(Some(object)) => return Ok(Some(object)),
                Ok(None) => {}
                Err(error) => {
                    self.is_done = true;
                    return Err(self.told(error));
                }
            }
        }
        Ok(None)
    }

    /// Goes one thing further; an object that is at its end.
    fn step(&mut self) -> Result<Option<Object>, DeserializerError> {
        // Before the first value there is nothing to ask for; the file begins with one.
        let has_next = !std::mem::replace(&mut self.has_begun, true) || self.reader.has_next()?;
        match self.open.last_mut() {
            None if has_next => self.enter()?,
            None => self.is_done = true,
            Some(Open::List) if has_next => self.enter()?,
            Some(Open::List) => {
                self.reader.end_array()?;
                self.open.pop();
            }
            Some(Open::Object { fields, .. }) if has_next => {
                let name = self.reader.next_name_owned()?;
                if CONTAINERS.contains(&name.as_str()) && matches!(self.reader.peek()?, ValueType::Array | ValueType::Object) {
                    self.enter()?;
                } else {
                    fields.insert(name, self.reader.deserialize_next()?);
                }
            }
            Some(Open::Object { .. }) => {
                self.reader.end_object()?;
                self.reader.reader_mut().left = OBJECT_MAX;
                if let Some(Open::Object { line, fields, has_parts: false }) = self.open.pop() {
                    for open in &mut self.open {
                        if let Open::Object { has_parts, .. } = open {
                            *has_parts = true;
                        }
                    }
                    return Ok(Some(Object { line, fields, is_part: !self.open.is_empty() }));
                }
            }
        }
        Ok(None)
    }

    /// Goes into a list or an object, and past anything else.
    fn enter(&mut self) -> Result<(), DeserializerError> {
        match self.reader.peek()? {
            ValueType::Array => {
                self.reader.begin_array()?;
                self.open.push(Open::List);
            }
            ValueType::Object => {
                let line = self.reader.current_position(false).line_pos.map_or(0, |at| at.line) + 1;
                self.reader.begin_object()?;
                self.open.push(Open::Object { line, fields: Map::new(), has_parts: false });
            }
            ValueType::String | ValueType::Number | ValueType::Boolean | ValueType::Null => self.reader.skip_value()?,
        }
        Ok(())
    }

    /// Why the document cannot be read on, and where.
    fn told(&self, error: DeserializerError) -> io::Error {
        let said = match error {
            DeserializerError::ReaderError(ReaderError::IoError { error, .. }) if error.kind() != io::ErrorKind::InvalidData => {
                return error;
            }
            DeserializerError::ReaderError(ReaderError::IoError { error, .. }) => error.to_string(),
            DeserializerError::ReaderError(ReaderError::SyntaxError(error)) => {
                // The kind is one word in camel case.
                let kind = error.kind.to_string();
                let words = kind.chars().flat_map(|c| [c.is_uppercase().then_some(' '), c.to_lowercase().next()]);
                format!("no JSON:{}", words.flatten().collect::<String>())
            }
            DeserializerError::ReaderError(ReaderError::MaxNestingDepthExceeded { max_nesting_depth, .. }) => {
                format!("nested deeper than {max_nesting_depth}")
            }
            other => other.to_string(),
        };
        let at = self.reader.current_position(false).line_pos.map_or((1, 1), |at| (at.line + 1, at.column + 1));
        io::Error::new(io::ErrorKind::InvalidData, format!("line {}, column {}: {said}", at.0, at.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let Content::Objects(mut objects) = content(text.as_bytes(), Encoding::Utf8).unwrap() else { return vec!["table".to_owned()] };
        let mut all = Vec::new();
        loop {
            match objects.read() {
                Ok(Some(Object { line, fields, is_part })) => {
                    all.push(format!("{line}{} {}", if is_part { "+" } else { "" }, Value::Object(fields)));
                }
                Ok(None) => return all,
                Err(Trouble::Row(bad)) => all.push(format!("{} {}", bad.line, bad.reason)),
                Err(Trouble::File(error)) => {
                    all.push(error.to_string());
                    return all;
                }
            }
        }
    }

    #[test]
    fn lines_lists_graphs_and_feeds_are_the_objects_in_them() {
        assert_eq!(
            read("{\"a\":1}\n\n{\"b\":2} x\n[{\"c\":3}]\n4\n"),
            ["1 {\"a\":1}", "3 no JSON from column 9 on: trailing characters", "4+ {\"c\":3}", "5 the line holds no JSON object"]
        );
        assert_eq!(read("[\n {\"a\":[{\"x\":1}]},\n 7,\n [{\"b\":\n2}]]"), ["2+ {\"a\":[{\"x\":1}]}", "4+ {\"b\":2}"]);
        let feed =
            "{\"@type\":\"DataFeed\",\n\"dataFeedElement\":[{\"@type\":\"DataFeedItem\",\n\"item\":[{\"a\":1}]},\n{\"item\":{\"b\":2}}]}";
        assert_eq!(read(feed), ["3+ {\"a\":1}", "4+ {\"b\":2}"]);
        assert_eq!(read(&feed.replace('\n', "")), ["1+ {\"a\":1}", "1+ {\"b\":2}"]);
        assert_eq!(read("{\n\"a\":1}\n{\"b\":\n2}\n"), ["1 {\"a\":1}", "3 {\"b\":2}"], "several documents");
        assert_eq!(read("{\"a\" 1}\n{\"b\":2}\n").len(), 2, "lines of which the first is broken");
        assert_eq!(read("claim,verdict\n"), ["table"]);
    }

    #[test]
    fn a_document_with_one_object_on_a_line_of_its_own_is_no_lines() {
        let named = "\"author\":{\"@id\":\"#us\",\"@type\":\"Organization\",\"name\":\"Us\"}";
        let (review, us) = ("{\"author\":{\"@id\":\"#us\"}}", "{\"@id\":\"#us\",\"@type\":\"Organization\",\"name\":\"Us\"}");
        assert_eq!(read("{\"@context\":\"x\",\"@graph\":[\n{\"a\":1}\n]}\n"), ["2+ {\"a\":1}"]);
        assert_eq!(read(&format!("[\n{review}\n,{us}]"))[0], format!("2+ {{{named}}}"));
    }

    #[test]
    fn nothing_is_lost_with_a_container_that_is_empty() {
        for text in [
            "[{\"a\":1,\"item\":[]},{\"item\":[[],[{\"b\":2,\"@graph\":[]}]]}]",
            "{\"a\":1,\"item\":[]}\n{\"item\":{\"item\":[{\"b\":2}],\"@graph\":[]}}",
        ] {
            let told = read(text);
            assert!(told.len() == 2 && told[0].ends_with(" {\"a\":1}"), "{told:?}");
        }
        assert_eq!(read("{\"@graph\":[]}"), ["1 {}"]);
    }

    #[test]
    fn what_is_pointed_at_by_its_id_is_known_by_its_name() {
        let graph =
            "{\"@graph\":[{\"author\":{\"@id\":\"#us\"}},\n{\"@id\":\"#us\",\"@type\":\"Organization\",\"name\":\"Us\",\"logo\":{}}]}";
        let author = "{\"author\":{\"@id\":\"#us\",\"@type\":\"Organization\",\"name\":\"Us\"}}";
        assert_eq!(read(graph)[0], format!("1+ {author}"));
        assert_eq!(read(&graph.replace('\n', ""))[0], format!("1+ {author}"));
    }

    #[test]
    fn a_broken_document_is_refused_with_its_place_after_what_was_whole() {
        assert_eq!(read("[{\"a\":1},\n {\"b\" 2}]"), ["1+ {\"a\":1}", "line 2, column 7: no JSON: missing colon"]);
        assert_eq!(read("[{\"a\":1},\n {\"b\":"), ["1+ {\"a\":1}", "line 2, column 7: no JSON: incomplete document"]);
        let deep = read(&"[".repeat(100_000));
        assert!(deep.len() == 1 && deep[0].contains("nested deeper than 128"), "{deep:?}");
        let long = read(&format!("[{{\"a\":\"{}\"}}]", "x".repeat(3 << 20)));
        assert!(long.len() == 1 && long[0].contains("longer than 1048576 bytes"), "{long:?}");
    }
}
