//! JSON Lines into the log: whole or not at all, or the good lines of it, or batch by batch.

use std::io::BufRead;

use super::Ledger;
use super::batch::{Batch, BatchOptions, Outcome, Stored, Strictness, Summary};
use super::error::Error;
use crate::event::{Draft, EventId, Gone, Refusal, explain, is_recorded, parse};
use crate::exchange::{DERIVED, Enveloped, is_derived};
use crate::log::Seq;

/// Longest line, in bytes.
pub const LINE_MAX: usize = 1 << 20;

/// What happens to an input with bad lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum BadLines {
    /// Nothing of it is stored.
    #[default]
    RefuseAll,
    /// The good lines are stored.
    KeepGoing,
}

/// How lines are appended.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinesOptions {
    /// What happens to names that nobody registered.
    pub strictness: Strictness,
    /// The head that the caller saw.
    pub expect_head: Option<Seq>,
    /// What happens to an input with bad lines.
    pub bad_lines: BadLines,
    /// Commits after so many lines; nothing: once, at the end.
    pub commit_every: Option<u64>,
    /// Stores nothing, and keeps what would have been stored.
    pub dry_run: bool,
}

/// A line that was refused.
#[derive(Clone, PartialEq, Debug)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: u64,
    /// The line, cut off where it is longer than [`LINE_MAX`].
    pub text: String,
    /// Why.
    pub reason: BadLineReason,
}

/// Why a line was refused.
#[derive(Clone, PartialEq, Debug)]
pub enum BadLineReason {
    /// It is not right.
    Refused(Refusal),
    /// Its id is in the log with other content, at this place.
    IdReused(EventId, Seq),
}

/// What appending lines came to.
#[derive(Debug)]
pub struct LinesOutcome {
    /// The counts.
    pub summary: Summary,
    /// In a dry run: the events that would have been stored.
    pub stored: Vec<Stored>,
    /// Whether bad lines kept the whole input, or with `commit_every` the batch that they stand in, from being stored.
    pub refused: bool,
}

impl Ledger {
    /// Appends events given as JSON Lines. Each bad line goes to `reject`; `progress` hears how many bytes were read.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`], [`Error::File`] where the input cannot be read; a bad line is none.
    ///
    /// ```
    /// use stancelog::{ledger::LinesOptions, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let mut ledger = Ledger::open(&path)?;
    /// let lines = "{\"actor\":\"Ann\",\"action\":\"backs\",\"target\":\"Tax\",\"occurred\":\"2024\"}\n{\"actor\":\"Ann\"}\n";
    /// let mut bad = Vec::new();
    /// let outcome = ledger.append_lines(lines.as_bytes(), LinesOptions::default(), |line| { bad.push(line.line); Ok(()) }, |_| {})?;
    /// assert!(outcome.refused && bad == [2]);
    /// assert_eq!(ledger.status()?.head, 0);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn append_lines(
        &mut self,
        input: impl BufRead,
        options: LinesOptions,
        mut reject: impl FnMut(BadLine) -> Result<(), Error>,
        mut progress: impl FnMut(u64),
    ) -> Result<LinesOutcome, Error> {
        let mut lines = Lines { input, number: 0, bytes: 0 };
        let mut outcome = LinesOutcome { summary: Summary::default(), stored: Vec::new(), refused: false };
        let mut expect_head = options.expect_head;
        loop {
            // Nobody else can write while a batch is open: it is opened when there is something to read, not before.
            lines.is_at_end()?;
            let mut batch = self.begin(BatchOptions { strictness: options.strictness, expect_head, ..BatchOptions::default() })?;
            if options.dry_run {
                batch.keep_stored();
            }
            let mut bad = 0;
            let limit = options.commit_every.unwrap_or(u64::MAX);
            let mut taken = 0;
            // A batch in which events are told as erased goes on until their `erase` event has come.
            while taken < limit || !batch.is_whole() {
                let Some(line) = lines.next()? else { break };
                taken += 1;
                bad += u64::from(!take(&mut batch, line, &mut reject)?);
                progress(lines.bytes);
            }
            let at_end = lines.is_at_end()?;
            outcome.refused = bad > 0 && options.bad_lines == BadLines::RefuseAll;
            let keeps = !options.dry_run && !outcome.refused;
            if options.dry_run {
                outcome.stored.append(&mut batch.stored);
            }
            let summary = if keeps { batch.commit()? } else { batch.abandon() };
            let summary = if outcome.refused { summary.refused() } else { summary };
            outcome.summary = outcome.summary.plus(summary);
            expect_head = expect_head.map(|_| Seq(summary.head));
            if at_end || outcome.refused {
                return Ok(outcome);
            }
        }
    }
}

/// Adds one line to the batch, or has it rejected; whether it was taken.
fn take(batch: &mut Batch<'_>, line: Line, reject: &mut impl FnMut(BadLine) -> Result<(), Error>) -> Result<bool, Error> {
    let Line { number, text } = line;
    let (text, refusal) = match text {
        Ok(text) if text.trim().is_empty() => return Ok(true),
        Ok(text) => match add(batch, &text) {
            Ok(_) => {
                batch.count(1, 0);
                return Ok(true);
            }
            Err(Error::Refused(refusal)) => {
                let refusal = refusal.located_in(&text);
                (text, BadLineReason::Refused(refusal))
            }
            Err(Error::IdReused { id, seq }) => (text, BadLineReason::IdReused(id, seq)),
            Err(other) => return Err(other),
        },
        Err((text, refusal)) => (text, BadLineReason::Refused(refusal)),
    };
    batch.count(1, 1);
    reject(BadLine { line: number, text, reason: refusal })?;
    Ok(false)
}

fn add(batch: &mut Batch<'_>, text: &str) -> Result<Outcome, Error> {
    let error = match parse(text) {
        Ok(draft) => return add_event(batch, draft, text),
        Err(error) => error,
    };
    if let Some(gone) = Gone::parse(text) {
        return batch.add_gone(&gone);
    }
    if is_derived(text.as_bytes()) {
        return Err(Refusal::line(DERIVED, 0).into());
    }
    match Enveloped::parse(text) {
        Some(enveloped) => add_enveloped(batch, &enveloped, text),
        None => Err(explain(text, &error).into()),
    }
}

fn add_event(batch: &mut Batch<'_>, draft: Draft, text: &str) -> Result<Outcome, Error> {
    if batch.has_erased()? && is_recorded(text) { batch.add_told(draft) } else { batch.add(draft) }
}

/// Adds what a CloudEvent holds; what is wrong with it is told with its place in the line.
fn add_enveloped(batch: &mut Batch<'_>, enveloped: &Enveloped<'_>, text: &str) -> Result<Outcome, Error> {
    let data = enveloped.data()?;
    if let Some(gone) = Gone::parse(data) {
        return batch.add_gone(&gone);
    }
    let mut has_own_id = true;
    let added = match parse(data) {
        Ok(draft) => {
            has_own_id = draft.id.is_some();
            add_event(batch, Draft { id: Some(draft.id.unwrap_or_else(|| enveloped.event_id())), ..draft }, data)
        }
        Err(error) => Err(explain(data, &error).into()),
    };
    let start = (data.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    added.map_err(|error| match error {
        // Its id is the envelope's.
        Error::Refused(refusal) if !has_own_id && refusal.field == "id" => refusal.into(),
        Error::Refused(refusal) => {
            let refusal = refusal.located_in(data);
            let span = refusal.span.clone().map(|span| span.start + start..span.end + start);
            Error::Refused(Refusal { span, ..refusal.within("data") })
        }
        other => other,
    })
}

/// One line, as text or with what is wrong with its bytes.
struct Line {
    number: u64,
    text: Result<String, (String, Refusal)>,
}

/// The lines of an input, each with a bound on its length.
struct Lines<R> {
    input: R,
    number: u64,
    bytes: u64,
}

impl<R: BufRead> Lines<R> {
    fn is_at_end(&mut self) -> Result<bool, Error> {
        self.input.fill_buf().map(<[u8]>::is_empty).map_err(cannot_read)
    }

    fn next(&mut self) -> Result<Option<Line>, Error> {
        let mut bytes = Vec::new();
        let mut length = 0;
        loop {
            let buffer = self.input.fill_buf().map_err(cannot_read)?;
            if buffer.is_empty() {
                break;
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(buffer.len(), |end| end + 1);
            let room = LINE_MAX.saturating_sub(bytes.len());
            bytes.extend_from_slice(&buffer[..taken.min(room)]);
            length += taken;
            self.input.consume(taken);
            if end.is_some() {
                break;
            }
        }
        if length == 0 {
            return Ok(None);
        }
        self.number += 1;
        self.bytes += length as u64;
        if self.number == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        Ok(Some(Line { number: self.number, text: text_of(bytes, length) }))
    }
}

fn cannot_read(source: std::io::Error) -> Error {
    Error::File { doing: "read the input", path: "-".into(), source }
}

fn text_of(mut bytes: Vec<u8>, length: usize) -> Result<String, (String, Refusal)> {
    while bytes.last().is_some_and(|byte| *byte == b'\n' || *byte == b'\r') {
        bytes.pop();
    }
    if length > LINE_MAX {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(1000)]).into_owned();
        let said = format!("the line has {length} bytes; a line has at most {LINE_MAX}");
        return Err((text, Refusal { span: Some(0..1), ..Refusal::field("", said) }));
    }
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(e.as_bytes()).into_owned();
        let said = format!("not UTF-8: byte {} of the line is 0x{:02x}", at + 1, e.as_bytes()[at]);
        (text, Refusal::line(said, at))
    })
}

impl Summary {
    /// The sum of two runs, with the later one's head.
    pub fn plus(self, later: Summary) -> Summary {
        Summary {
            rows: self.rows + later.rows,
            appended: self.appended + later.appended,
            registered: self.registered + later.registered,
            duplicates: self.duplicates + later.duplicates,
            rejected: self.rejected + later.rejected,
            head: later.head,
        }
    }

    /// The same, for a batch of which nothing was stored.
    fn refused(self) -> Summary {
        Summary { appended: 0, registered: 0, ..self }
    }
}
