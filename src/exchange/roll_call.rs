//! Roll calls: what votes are cast on, what a motion stands for, and who could have voted.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read};

use csv::ByteRecord;
use serde::Deserialize;

use super::fact::{BadRow, Flaw, Trouble, cell};
use super::input::Encoding;
use super::map::refusal;
use super::row::Rows;
use crate::event::{Occurred, Refusal, StandsFor};

/// A title that a motion is called by has at most so many characters; the whole stands in its note.
const TITLE_MAX: usize = 120;

/// What is known of the roll calls of an assembly. All of it is held in memory.
#[derive(Debug, Default)]
pub struct RollCalls {
    /// The assembly, as a slug: a part of the motions' slugs.
    pub assembly: String,
    called: HashMap<String, RollCall>,
    stands_for: BTreeMap<String, Vec<StandsFor>>,
    members: Vec<Member>,
}

/// One roll call.
#[derive(Clone, Debug, Default)]
pub(super) struct RollCall {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) date: Option<Occurred>,
}

/// Who may vote, and when.
#[derive(Clone, Debug)]
struct Member {
    name: String,
    from: Option<Occurred>,
    to: Option<Occurred>,
}

/// A file that says what motions stand for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Motions {
    motions: BTreeMap<String, Vec<StandsFor>>,
}

impl RollCalls {
    /// Those of an assembly of which nothing is known yet.
    pub fn of(assembly: impl Into<String>) -> Self {
        Self { assembly: assembly.into(), ..Self::default() }
    }

    /// Reads a table of roll calls: `rcid`, and of `date`, `short` or `title`, `descr` what there is.
    ///
    /// # Errors
    /// What reading fails with; a header without `rcid`.
    pub fn read_titles(&mut self, input: impl Read + Send, encoding: Encoding, reject: impl FnMut(BadRow)) -> io::Result<()> {
        read(input, encoding, &["rcid"], reject, |record, header| {
            let value = |name: &str| value(record, header, name);
            let date = match value("date")? {
                "" => None,
                date => Some(Occurred::parse(date).map_err(|e| Flaw::new("bad date", "date", e.to_string()))?),
            };
            let short = if value("short")?.is_empty() { value("title")? } else { value("short")? };
            let text = value("descr")?;
            // A title may be damaged without the votes being so; a name holds no control character.
            let title = if short.is_empty() { text } else { short }.replace(char::is_control, " ");
            let cut = title.char_indices().nth(TITLE_MAX).map(|(at, _)| format!("{}…", title[..at].trim_end()));
            let title = cut.unwrap_or(title);
            self.called.insert(value("rcid")?.to_owned(), RollCall { title, text: text.to_owned(), date });
            Ok(())
        })
    }

    /// Reads the roll of members: `member` (or `country`, `voter`, `name`), and where they were not always members `from`, `to`.
    /// From then on absence is told of.
    ///
    /// # Errors
    /// What reading fails with; a header without names.
    pub fn read_members(&mut self, input: impl Read + Send, encoding: Encoding, reject: impl FnMut(BadRow)) -> io::Result<()> {
        read(input, encoding, &["member", "country", "voter", "name"], reject, |record, header| {
            let value = |name: &str| value(record, header, name);
            let date = |name: &str| match value(name)? {
                "" => Ok(None),
                date => Occurred::parse(date).map(Some).map_err(|e| Flaw::new("bad date", name, e.to_string())),
            };
            let name = ["member", "country", "voter", "name"].into_iter().find_map(|name| value(name).ok().filter(|name| !name.is_empty()));
            let name = name.ok_or_else(|| Flaw::new("no member", "member", "the row names no member"))?.to_owned();
            self.members.push(Member { name, from: date("from")?, to: date("to")? });
            Ok(())
        })
    }

    /// Reads what motions stand for, as TOML: under `[motions]` for each roll call a list of `{ target, side }`.
    ///
    /// # Errors
    /// What is wrong, with the bytes that are meant.
    pub fn read_motions(&mut self, text: &str) -> Result<(), Refusal> {
        let Motions { motions } = toml::from_str(text).map_err(|e| refusal(&e))?;
        self.stands_for.extend(motions);
        Ok(())
    }

    pub(super) fn called(&self, number: &str) -> RollCall {
        self.called.get(number).cloned().unwrap_or_default()
    }

    pub(super) fn stands_for(&self, number: &str) -> Vec<StandsFor> {
        self.stands_for.get(number).cloned().unwrap_or_default()
    }

    /// Whether it is known who could have voted.
    pub(super) fn knows_members(&self) -> bool {
        !self.members.is_empty()
    }

    /// Those who were members on a day.
    pub(super) fn members_on<'a>(&'a self, day: &'a Occurred) -> impl Iterator<Item = &'a str> {
        let is_member = |member: &&Member| {
            let came = member.from.as_ref().is_none_or(|from| from.earliest() <= day.latest());
            came && member.to.as_ref().is_none_or(|to| day.earliest() <= to.latest())
        };
        self.members.iter().filter(is_member).map(|member| member.name.as_str())
    }
}

/// Where the columns of a table stand, by their names in lower case.
pub(super) type Header = HashMap<String, usize>;

/// The header of a table, if it has one of the columns that are needed.
pub(super) fn header_of(record: &ByteRecord, needed: &[&str]) -> io::Result<Header> {
    let name = |(at, bytes): (usize, &[u8])| (String::from_utf8_lossy(bytes).trim().to_lowercase(), at);
    let header: Header = record.iter().enumerate().map(name).collect();
    if needed.iter().any(|name| header.contains_key(*name)) {
        return Ok(header);
    }
    let said = format!("line 1: expected a header with a column `{}`; it begins with `{}`", needed.join("` or `"), excerpt(record));
    Err(io::Error::new(io::ErrorKind::InvalidData, said))
}

/// What a row has in a column, without spaces around it; empty where the table has no such column.
pub(super) fn value<'a>(record: &'a ByteRecord, header: &Header, name: &str) -> Result<&'a str, Flaw> {
    header.get(name).map_or(Ok(""), |column| cell(record, *column, name)).map(str::trim)
}

fn excerpt(record: &ByteRecord) -> String {
    record.get(0).map(|first| String::from_utf8_lossy(first).chars().take(40).collect()).unwrap_or_default()
}

/// Reads a table with a header, row by row.
fn read(
    input: impl Read + Send,
    encoding: Encoding,
    needed: &[&str],
    mut reject: impl FnMut(BadRow),
    mut take: impl FnMut(&ByteRecord, &Header) -> Result<(), Flaw>,
) -> io::Result<()> {
    let mut rows = Rows::of(input, encoding, None);
    let (mut record, mut header) = (ByteRecord::new(), None);
    loop {
        match (rows.read(&mut record), &header) {
            (Ok(None), _) => return Ok(()),
            (Ok(Some(_)), None) => header = Some(header_of(&record, needed)?),
            (Ok(Some(line)), Some(header)) => {
                if let Err(flaw) = take(&record, header) {
                    reject(flaw.of_row(line, &record));
                }
            }
            (Err(Trouble::Row(bad)), _) => reject(bad),
            (Err(Trouble::File(error)), _) => return Err(error),
        }
    }
}
