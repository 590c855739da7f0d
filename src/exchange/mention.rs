//! GDELT mentions: where each event of an export is told, as evidence by the event's number.
//!
//! The evidence waits in a temporary file; memory holds some 20 bytes for each event that is mentioned.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use csv::ByteRecord;

use super::fact::{BadRow, Flaw, Trouble, cell};
use super::gdelt::source;
use super::input::Encoding;
use super::row::Rows;
use crate::event::{Evidence, Selector};

const COLUMNS: usize = 16;
/// So many mentions of one event become evidence; what is told ten thousand times is not told better by the last ones.
const KEPT_MAX: u8 = 100;

/// The mentions of many events.
#[derive(Debug)]
pub struct Mentions {
    spill: BufWriter<File>,
    end: u64,
    /// Event to where its last mention stands in the file, and how many are kept; each tells where the one before it stands.
    last: HashMap<u64, (u64, u8)>,
}

impl Mentions {
    /// No mentions yet.
    ///
    /// # Errors
    /// No temporary file can be made.
    pub fn new() -> io::Result<Self> {
        let mut spill = BufWriter::new(tempfile::tempfile()?);
        // Place 0 is nobody's, so that it can say "none before".
        spill.write_all(b"\n")?;
        Ok(Self { spill, end: 1, last: HashMap::new() })
    }

    /// Reads a file of mentions: tabs without a header as in the live feed, or commas. Bad rows go to `reject`.
    ///
    /// # Errors
    /// The file cannot be read on, or the temporary file not be written.
    pub fn read<'a>(&mut self, input: impl Read + Send + 'a, encoding: Encoding, mut reject: impl FnMut(BadRow)) -> io::Result<()> {
        let (mut rows, mut record) = (Rows::of(input, encoding, None), ByteRecord::new());
        loop {
            match rows.read(&mut record) {
                Ok(None) => return self.spill.flush(),
                Ok(Some(1)) if record.get(0).is_some_and(|first| first.eq_ignore_ascii_case(b"globaleventid")) => {}
                Ok(Some(line)) => match mention(&record) {
                    Ok((event, evidence)) => self.keep(event, &evidence)?,
                    Err(flaw) => reject(flaw.of_row(line, &record)),
                },
                Err(Trouble::Row(bad)) => reject(bad),
                Err(Trouble::File(error)) => return Err(error),
            }
        }
    }

    fn keep(&mut self, event: u64, evidence: &Evidence) -> io::Result<()> {
        let (last, kept) = self.last.entry(event).or_default();
        if *kept == KEPT_MAX {
            return Ok(());
        }
        let json = serde_json::to_vec(evidence)?;
        let before = std::mem::replace(last, self.end);
        *kept += 1;
        self.spill.write_all(&before.to_be_bytes())?;
        self.spill.write_all(&(json.len() as u64).to_be_bytes())?;
        self.spill.write_all(&json)?;
        self.end += 16 + json.len() as u64;
        Ok(())
    }

    /// The mentions of an event, in their order, the first hundred.
    ///
    /// # Errors
    /// The temporary file cannot be read.
    pub fn of(&self, event: u64) -> io::Result<Vec<Evidence>> {
        let (mut found, mut at) = (Vec::new(), self.last.get(&event).map_or(0, |(last, _)| *last));
        let mut spill = self.spill.get_ref();
        while at != 0 {
            spill.seek(SeekFrom::Start(at))?;
            let (mut before, mut length) = ([0; 8], [0; 8]);
            spill.read_exact(&mut before)?;
            spill.read_exact(&mut length)?;
            let mut json = Vec::new();
            spill.take(u64::from_be_bytes(length)).read_to_end(&mut json)?;
            found.push(serde_json::from_slice(&json)?);
            at = u64::from_be_bytes(before);
        }
        found.reverse();
        Ok(found)
    }
}

/// One mention: the event's number, and where it is told.
fn mention(record: &ByteRecord) -> Result<(u64, Evidence), Flaw> {
    if !(COLUMNS - 2..=COLUMNS).contains(&record.len()) {
        return Err(Flaw::new("column count", "", format!("{} columns, expected {COLUMNS}", record.len())));
    }
    let id = cell(record, 0, "GLOBALEVENTID")?;
    let event = id.parse().map_err(|_| Flaw::new("no id", "GLOBALEVENTID", "expected an event's number").at(0))?;
    let identifier = cell(record, 5, "MentionIdentifier")?;
    let (sentence, confidence) = (cell(record, 6, "SentenceID")?, cell(record, 11, "Confidence")?);
    let mut offsets = Vec::new();
    for (column, field) in [(7, "Actor1CharOffset"), (8, "Actor2CharOffset"), (9, "ActionCharOffset")] {
        // -1 says that there is none.
        offsets.extend(cell(record, column, field)?.parse::<u64>().ok());
    }
    let span = offsets.iter().min().zip(offsets.iter().max());
    let selector = span.map(|(start, last)| Selector::TextPositionSelector { start: *start, end: last + 1 });
    let evidence = source(identifier);
    let named = evidence.note.as_deref().map_or(String::new(), |name| format!("{name}, "));
    let note = Some(format!("{named}sentence {sentence}, confidence {confidence}"));
    Ok((event, Evidence { selector, note, ..evidence }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_found_by_their_event_in_order() {
        let live = "7\t0\t0\t1\tx.example\thttps://x.example/1\t4\t-1\t99\t40\t1\t80\t900\t0.1\t\t\n7\t0\t0\t2\tBBC\tBBC/5\t1\t-1\t-1\t-1\t0\t20\t9\t0\t\t\nseven\n";
        let (mut mentions, mut bad) = (Mentions::new().unwrap(), Vec::new());
        mentions.read(live.as_bytes(), Encoding::Utf8, |row| bad.push((row.line, row.kind))).unwrap();
        let header = "globaleventid,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o\n7,0,0,1,y,\"https://y.example/2\",2,1,2,3,0,10,5,0,,\n";
        mentions.read(header.as_bytes(), Encoding::Utf8, |row| bad.push((row.line, row.kind))).unwrap();
        let found = mentions.of(7).unwrap();
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].selector, Some(Selector::TextPositionSelector { start: 40, end: 100 }));
        assert_eq!((found[1].source.as_deref(), found[1].note.as_deref()), (Some("gdelt"), Some("BBC/5, sentence 1, confidence 20")));
        assert_eq!(found[2].url.as_deref(), Some("https://y.example/2"));
        assert!(mentions.of(8).unwrap().is_empty());
        let mut many = Mentions::new().unwrap();
        many.read(live.repeat(60).as_bytes(), Encoding::Utf8, |row| assert_eq!(row.kind, "column count")).unwrap();
        let many = many.of(7).unwrap();
        assert_eq!((many.len(), &many[..2]), (usize::from(KEPT_MAX), &found[..2]));
        assert_eq!(bad, [(3, "column count".into())]);
    }
}
