//! Lines streamed in, and their results streamed out: in constant memory, each line by itself.

use std::io;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, IF_MATCH};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, TryStreamExt, stream};
use serde::Serialize;
use tokio::io::AsyncBufReadExt;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_util::io::StreamReader;

use super::append::{Appending, Results, Told, sign};
use crate::event::{self, Draft, explain, parse};
use crate::http::access::Caller;
use crate::http::problem::Problem;
use crate::http::shared::Desk;
use crate::ledger::{self, Error, LINE_MAX, Strictness, Summary, Unity};

/// Lines that are handed to the writer at once.
const LINES_MAX: usize = 500;
/// Bytes of lines that are handed to the writer at once, unless one line has more.
const BYTES_MAX: usize = 4 << 20;
/// How long lines that have come wait for more.
const LINGER: Duration = Duration::from_millis(5);
/// Answers that may wait for the caller to read them; then no more lines are read.
const ANSWERS_MAX: usize = 16;

/// What is told of one line.
#[derive(Serialize)]
struct Line {
    line: u64,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    told: Option<Told>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

/// What stands at the end: the counts, or why the rest was not read.
#[derive(Serialize)]
#[serde(untagged)]
enum End {
    Whole {
        summary: Summary,
    },
    /// Why the rest was not read; what was done until then; the last line that was dealt with.
    CutOff {
        problem: Box<Problem>,
        summary: Summary,
        line: u64,
    },
}

/// One line of the input.
struct Given {
    number: u64,
    text: String,
    draft: Result<Draft, Problem>,
}

/// Takes a stream of lines; the answer begins at once, and goes on as lines are stored.
pub(super) fn upload(desk: Desk, caller: Caller, appending: &Appending, headers: &HeaderMap, body: Body) -> Result<Response, Problem> {
    if headers.contains_key(IF_MATCH) {
        return Err(Problem::bad_field("If-Match", "lines are stored each by itself; send a list to have it stored at an expected head"));
    }
    if headers.contains_key("idempotency-key") {
        return Err(Problem::bad_field("Idempotency-Key", "lines are known again by their ids; give each line an `id`"));
    }
    let Ok(place) = std::sync::Arc::clone(&desk.streams).try_acquire_owned() else {
        return Err(Problem::busy("too many streams are open"));
    };
    let (answers, told) = mpsc::channel(ANSWERS_MAX);
    let (strictness, results) = (appending.strictness(), appending.results.unwrap_or_default());
    let input = StreamReader::new(body.into_data_stream().map_err(io::Error::other as fn(axum::Error) -> io::Error));
    let (begun, begun_bytes, number, done, total) = Default::default();
    let upload = Upload { desk, caller, strictness, results, input, begun, begun_bytes, answers, number, done, total, _place: place };
    tokio::spawn(upload.run());
    let body = Body::from_stream(lines_of(told));
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

fn lines_of(told: mpsc::Receiver<Bytes>) -> impl Stream<Item = Result<Bytes, io::Error>> {
    stream::unfold(told, async |mut told| told.recv().await.map(|bytes| (Ok(bytes), told)))
}

type Input = StreamReader<futures_util::stream::MapErr<BodyDataStream, fn(axum::Error) -> io::Error>, Bytes>;

struct Upload {
    desk: Desk,
    caller: Caller,
    strictness: Strictness,
    results: Results,
    input: Input,
    /// As much of the next line as has come, and how much of it that is with what was too much.
    begun: Vec<u8>,
    begun_bytes: usize,
    answers: mpsc::Sender<Bytes>,
    number: u64,
    /// The last line that was dealt with.
    done: u64,
    total: Summary,
    _place: OwnedSemaphorePermit,
}

impl Upload {
    async fn run(mut self) {
        let end = match self.store_all().await {
            Ok(()) => End::Whole { summary: self.total },
            Err(problem) => End::CutOff { problem: Box::new(problem), summary: self.total, line: self.done },
        };
        let mut text = serde_json::to_vec(&end).unwrap_or_default();
        text.push(b'\n');
        // Whoever has gone is told nothing.
        let _ = self.answers.send(text.into()).await;
    }

    async fn store_all(&mut self) -> Result<(), Problem> {
        let mut closing = self.desk.closing.clone();
        loop {
            let given = tokio::select! {
                given = self.gather() => given?,
                _ = closing.wait_for(|closing| *closing) => return Err(Problem::busy("the server is stopping; send the rest again")),
            };
            if given.is_empty() {
                return Ok(());
            }
            self.desk.access.still(&self.caller)?;
            self.store(given).await?;
        }
    }

    /// The lines that have come, up to a limit; none at the end of the input. What has come of a line that is not whole yet
    /// waits for the rest, and keeps no other line waiting.
    async fn gather(&mut self) -> Result<Vec<Given>, Problem> {
        let (mut given, mut bytes) = (Vec::new(), 0);
        while given.len() < LINES_MAX && bytes < BYTES_MAX {
            let patience = if given.is_empty() { self.desk.options.limits.stall_time } else { LINGER };
            let line = match tokio::time::timeout(patience, self.next_line()).await {
                Ok(line) => line?,
                Err(_) if given.is_empty() => return Err(Problem::bad("no line has come for too long")),
                Err(_) => break,
            };
            let Some(line) = line else { break };
            self.number += 1;
            if let Some((text, draft)) = self.read(line) {
                bytes += text.len();
                let is_last = draft.as_ref().is_ok_and(comes_before_what_follows);
                given.push(Given { number: self.number, text, draft });
                if is_last {
                    break;
                }
            }
        }
        Ok(given)
    }

    /// The next line, or what is wrong with its length; nothing at the end of the input. Where this is given up, nothing is lost.
    async fn next_line(&mut self) -> Result<Option<Result<Vec<u8>, Problem>>, Problem> {
        loop {
            let come = self.input.fill_buf().await;
            let buffer = come.map_err(|error| Problem::bad(format!("the body ends before its end: {error}")))?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(buffer.len(), |end| end + 1);
            let room = LINE_MAX.saturating_sub(self.begun.len());
            self.begun.extend_from_slice(&buffer[..end.unwrap_or(taken).min(room)]);
            self.begun_bytes += taken;
            let is_whole = end.is_some() || buffer.is_empty();
            self.input.consume(taken);
            if is_whole {
                break;
            }
        }
        let (line, length) = (std::mem::take(&mut self.begun), std::mem::take(&mut self.begun_bytes));
        // The end of a line is none of it.
        if length > LINE_MAX + 1 {
            let said = format!("the line has {length} bytes; a line has at most {LINE_MAX}");
            return Ok(Some(Err(Problem::bad(said))));
        }
        Ok((length > 0).then_some(Ok(line)))
    }

    /// A line's text and its event; nothing from an empty one.
    fn read(&self, line: Result<Vec<u8>, Problem>) -> Option<(String, Result<Draft, Problem>)> {
        let bytes = match line {
            Ok(bytes) => bytes,
            Err(problem) => return Some((String::new(), Err(problem))),
        };
        let bytes = if self.number == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes) } else { &bytes };
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let said = format!("the line is no UTF-8 from its byte {} on", error.valid_up_to() + 1);
                return Some((String::new(), Err(Problem::bad(said))));
            }
        };
        if text.trim().is_empty() {
            return None;
        }
        let draft = parse(text).map_err(|error| Problem::refused_in(&explain(text, &error), text));
        Some((text.to_owned(), draft.and_then(|mut draft| sign(&mut draft, &self.caller).map(|()| draft))))
    }

    async fn store(&mut self, given: Vec<Given>) -> Result<(), Problem> {
        let last = given.last().map_or(self.done, |given| given.number);
        let (mut drafts, mut lines, mut stored) = (Vec::new(), Vec::new(), Vec::new());
        for Given { number, text, draft } in given {
            match draft {
                Ok(draft) => {
                    drafts.push(draft);
                    stored.push((number, text));
                }
                Err(problem) => {
                    self.total.rows += 1;
                    self.total.rejected += 1;
                    lines.push(Line::rejected(number, problem));
                }
            }
        }
        let request = ledger::Request { drafts, unity: Unity::Each, strictness: self.strictness, expect_head: None, condition: None };
        let receipt = self.desk.writer.append(request).await?;
        self.total = self.total.plus(receipt.summary);
        self.done = last;
        for ((number, text), outcome) in stored.into_iter().zip(&receipt.outcomes) {
            match outcome {
                Ok(_) if self.results == Results::Rejected => {}
                Ok(outcome) => lines.push(Line { line: number, told: Some(Told::from(outcome)), problem: None }),
                Err(Error::Refused(refusal)) => lines.push(Line::rejected(number, Problem::refused_in(refusal, &text))),
                Err(error) => lines.push(Line::rejected(number, Problem::of(error))),
            }
        }
        lines.sort_by_key(|line| line.line);
        Self::tell(&self.answers, &lines).await
    }

    async fn tell(answers: &mpsc::Sender<Bytes>, lines: &[Line]) -> Result<(), Problem> {
        let mut text = Vec::new();
        for line in lines {
            if serde_json::to_writer(&mut text, line).is_ok() {
                text.push(b'\n');
            }
        }
        if text.is_empty() {
            return Ok(());
        }
        // A caller who does not read its results is not read from: the memory that it takes is bounded.
        answers.send(text.into()).await.map_err(|_| Problem::bad("nobody reads the results any more"))
    }
}

impl Line {
    fn rejected(line: u64, problem: Problem) -> Self {
        Self { line, told: None, problem: Some(problem) }
    }
}

/// Whether what follows must be read in the light of this event, and so wait until it is stored.
fn comes_before_what_follows(draft: &Draft) -> bool {
    match draft.body {
        event::Body::Retract(_) | event::Body::Erase(_) | event::Body::Merge(_) => true,
        event::Body::Stance(_) | event::Body::Claim(_) | event::Body::Verdict(_) | event::Body::Entity(_) => {
            draft.common.replaces.is_some()
        }
        event::Body::Action(_) | event::Body::Vocabulary(_) | event::Body::Source(_) => draft.common.replaces.is_some(),
    }
}
