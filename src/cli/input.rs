//! Reading the files that are appended, one after another, as one stream of lines; what was rejected before and mended
//! since is taken out of its wrapping.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::failure::Failure;
use crate::ledger::LINE_MAX;

/// A line is held whole up to this length, to look for a wrapping; a longer one passes in pieces.
const HELD_MAX: usize = LINE_MAX + (1 << 16);

/// A file to read, open.
pub(super) struct Source {
    /// Its name as given; `-` for stdin.
    pub(super) name: PathBuf,
    /// How many bytes it has, where that is known.
    pub(super) bytes: Option<u64>,
    input: Box<dyn BufRead + Send>,
}

impl Source {
    /// Opens a file, or stdin for `-`.
    pub(super) fn open(name: &Path) -> Result<Self, Failure> {
        if name == Path::new("-") {
            return Ok(Self { name: name.to_owned(), bytes: None, input: Box::new(BufReader::new(io::stdin())) });
        }
        let cannot = |e: io::Error| Failure::Usage(format!("cannot read {}: {e}", name.display()));
        let file = File::open(name).map_err(cannot)?;
        let about = file.metadata().map_err(cannot)?;
        if about.is_dir() {
            return Err(Failure::Usage(format!("cannot read {}: it is a folder", name.display())));
        }
        let bytes = about.is_file().then_some(about.len());
        Ok(Self { name: name.to_owned(), bytes, input: Box::new(BufReader::with_capacity(1 << 16, file)) })
    }

    /// Its name for people.
    pub(super) fn title(&self) -> String {
        title(&self.name)
    }

    /// The file as a plain reader.
    pub(super) fn into_reader(self) -> Box<dyn BufRead + Send> {
        self.input
    }
}

/// The name of an input for people.
pub(super) fn title(name: &Path) -> String {
    if name == Path::new("-") { "stdin".to_owned() } else { name.display().to_string() }
}

/// Which line of which file was read last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Place {
    /// The file, counted from 0.
    pub(super) file: usize,
    /// The line, counted from 1.
    pub(super) line: u64,
}

/// The lines of several files as one input.
pub(super) struct Lines {
    files: std::vec::IntoIter<Source>,
    current: Option<Box<dyn BufRead + Send>>,
    place: Rc<Cell<Place>>,
    line: Vec<u8>,
    given: usize,
    starts_line: bool,
}

impl Lines {
    /// The lines of files, with the place that was reached last.
    pub(super) fn of(files: Vec<Source>) -> (Self, Rc<Cell<Place>>) {
        let place = Rc::new(Cell::new(Place::default()));
        let mut files = files.into_iter();
        let current = files.next().map(Source::into_reader);
        (Self { files, current, place: Rc::clone(&place), line: Vec::new(), given: 0, starts_line: true }, place)
    }

    /// Reads the next line, or the next piece of a long one; leaves nothing where all files are read.
    fn read_on(&mut self) -> io::Result<()> {
        self.line.clear();
        self.given = 0;
        while let Some(input) = &mut self.current {
            input.by_ref().take(HELD_MAX as u64).read_until(b'\n', &mut self.line)?;
            if self.line.is_empty() {
                self.next_file();
                continue;
            }
            if self.starts_line {
                let Place { file, line } = self.place.get();
                self.place.set(Place { file, line: line + 1 });
                unwrap_mended(&mut self.line);
            }
            self.starts_line = self.line.last() == Some(&b'\n');
            return Ok(());
        }
        Ok(())
    }

    fn next_file(&mut self) {
        self.current = self.files.next().map(Source::into_reader);
        if self.current.is_some() {
            self.place.set(Place { file: self.place.get().file + 1, line: 0 });
            if !self.starts_line {
                // The file before ended without a line's end.
                self.starts_line = true;
                self.line.push(b'\n');
            }
        }
    }
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.fill_buf()?.read(buffer)?;
        self.consume(taken);
        Ok(taken)
    }
}

impl BufRead for Lines {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.given >= self.line.len() {
            self.read_on()?;
        }
        Ok(&self.line[self.given..])
    }

    fn consume(&mut self, amount: usize) {
        self.given += amount;
    }
}

/// A line of a file of rejects: the event as it was given, and why it was refused.
#[derive(Deserialize)]
struct Mended<'a> {
    #[serde(borrow, rename = "reject")]
    _reject: &'a RawValue,
    #[serde(borrow)]
    event: &'a RawValue,
}

/// Leaves of a line of a file of rejects the event alone, where it stands: the rest is blanked, so that columns hold.
fn unwrap_mended(line: &mut [u8]) {
    if !may_be_wrapped(line) {
        return;
    }
    let Ok(text) = std::str::from_utf8(line) else { return };
    let Ok(mended) = serde_json::from_str::<Mended<'_>>(text) else { return };
    let event = mended.event.get();
    let Some(start) = (event.as_ptr() as usize).checked_sub(text.as_ptr() as usize) else { return };
    let kept = start..start + event.len();
    for (at, byte) in line.iter_mut().enumerate() {
        if !kept.contains(&at) && *byte != b'\n' {
            *byte = b' ';
        }
    }
}

/// Whether the line's first key is one of a line of rejects: cheap, for every line goes through here.
fn may_be_wrapped(line: &[u8]) -> bool {
    let Some(rest) = line.trim_ascii_start().strip_prefix(b"{") else { return false };
    let rest = rest.trim_ascii_start();
    rest.starts_with(b"\"reject\"") || rest.starts_with(b"\"event\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&'static str]) -> (String, Place) {
        let source = |text: &&'static str| Source { name: "f".into(), bytes: None, input: Box::new(text.as_bytes()) };
        let (mut lines, place) = Lines::of(texts.iter().map(source).collect());
        let mut all = String::new();
        lines.read_to_string(&mut all).unwrap();
        (all, place.get())
    }

    #[test]
    fn files_follow_each_other_line_by_line() {
        assert_eq!(read(&["a\nb", "", "c\n"]), ("a\nb\nc\n".to_owned(), Place { file: 2, line: 1 }));
        assert_eq!(read(&["a\nb\n"]), ("a\nb\n".to_owned(), Place { file: 0, line: 2 }));
        assert_eq!(read(&["a"]).0, "a");
    }

    #[test]
    fn mended_rejects_leave_their_wrapping() {
        let wrapped = "{\"reject\": {\"line\": 3}, \"event\": {\"actor\":\"a\"}}\n";
        let (text, _) = read(&[wrapped]);
        assert_eq!((text.trim(), text.len()), ("{\"actor\":\"a\"}", wrapped.len()));
        let sorted = "{\"event\":{\"actor\":\"a\"},\"reject\":{}}";
        assert_eq!(read(&[sorted]).0.trim(), "{\"actor\":\"a\"}");
        let retract = "{\"event\":\"0190\",\"type\":\"retract\",\"reason\":\"r\"}";
        assert_eq!(read(&[retract]).0, retract);
    }
}
