//! What was refused, kept in a file beside the input, so that it can be mended and appended again.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::value::RawValue;

use super::bad_line::refusal_of;
use super::failure::Failure;
use crate::event::Refusal;
use crate::ledger::{BadLine, BadRow, Error};

/// A file of rejects, made when the first one comes.
pub(super) struct Rejects {
    input: PathBuf,
    path: PathBuf,
    file: Option<BufWriter<File>>,
}

/// Why a line or row was refused.
#[derive(Serialize)]
struct Reason<'a> {
    file: &'a str,
    line: u64,
    /// The same for all that are refused for one reason; rows only.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "str::is_empty")]
    field: &'a str,
    reason: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    nearest: &'a [String],
}

/// A refused line: its event is what is appended once it is mended.
#[derive(Serialize)]
struct RejectedLine<'a> {
    reject: Reason<'a>,
    /// The line, where it is JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a RawValue>,
    /// The line, where it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

/// A refused row of a foreign format.
#[derive(Serialize)]
struct RejectedRow<'a> {
    reject: Reason<'a>,
    row: &'a str,
}

impl Rejects {
    /// The rejects of an input; those of stdin are kept in the folder where the command runs.
    pub(super) fn beside(input: &Path) -> Self {
        let name = if input == Path::new("-") { Path::new("stdin") } else { input };
        let mut path = name.as_os_str().to_owned();
        path.push(".rejects.jsonl");
        Self { input: input.to_owned(), path: path.into(), file: None }
    }

    /// Where they are.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps a refused line.
    pub(super) fn line(&mut self, bad: &BadLine) -> Result<(), Error> {
        let (file, refusal) = (self.input.display().to_string(), refusal_of(bad));
        let column = refusal.column(&bad.text);
        let Refusal { field, message, nearest, .. } = &refusal;
        let reject = Reason { file: &file, line: bad.line, kind: None, column, field, reason: message, nearest };
        let event = serde_json::from_str::<&RawValue>(&bad.text).ok();
        let text = event.is_none().then_some(bad.text.as_str());
        self.keep(&RejectedLine { reject, event, text })
    }

    /// Keeps a refused row.
    pub(super) fn row(&mut self, bad: &BadRow) -> Result<(), Error> {
        let file = self.input.display().to_string();
        let Refusal { field, message, nearest, .. } = &bad.reason;
        let reject = Reason { file: &file, line: bad.line, kind: Some(&bad.kind), column: bad.column, field, reason: message, nearest };
        self.keep(&RejectedRow { reject, row: &bad.row })
    }

    fn keep(&mut self, value: &impl Serialize) -> Result<(), Error> {
        let cannot = |source: std::io::Error| Error::File { doing: "write the rejects to", path: self.path.clone(), source };
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufWriter::new(File::create(&self.path).map_err(cannot)?)),
        };
        serde_json::to_writer(&mut *file, value).map_err(|e| cannot(e.into()))?;
        file.write_all(b"\n").map_err(cannot)
    }

    /// Hands everything to the system; whether there were any.
    pub(super) fn finish(mut self) -> Result<bool, Failure> {
        let cannot = |source| Error::File { doing: "write the rejects to", path: self.path.clone(), source };
        match &mut self.file {
            Some(file) => file.flush().map(|()| true).map_err(cannot).map_err(Failure::from),
            None => Ok(false),
        }
    }
}
