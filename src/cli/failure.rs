//! How a command ends: the exit codes, and what is said about a failure.

use std::error::Error as _;
use std::io;
use std::path::PathBuf;

use super::call::Call;
use super::out::{Out, shown};
use crate::chart;
use crate::event::Refusal;
use crate::ledger::{ANSWER, Error, ErrorKind};

/// How a command ended, as the shell sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exit {
    /// It did what was asked.
    Done = 0,
    /// It did, and the answer is "no": a check found something.
    No = 1,
    /// Bad usage or bad input.
    BadInput = 2,
    /// The head moved, or an id is in the log with other content.
    Conflict = 3,
    /// Something is damaged, missing or cannot be used now.
    Unavailable = 4,
}

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// The ledger refuses or fails.
    Ledger(Error),
    /// The command line, or a file that it names, is not right.
    Usage(String),
    /// The server did not start, or did not end well.
    Serving {
        /// Which of the five kinds.
        kind: ErrorKind,
        /// In one sentence.
        said: String,
    },
    /// A picture cannot be drawn.
    Picture(chart::Error),
    /// There is no log to read.
    Missing(PathBuf),
    /// The answer cannot be written.
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::File { doing: ANSWER, source, .. } => Failure::Output(source),
            other => Failure::Ledger(other),
        }
    }
}

impl From<chart::Error> for Failure {
    fn from(error: chart::Error) -> Self {
        Failure::Picture(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

impl From<csv::Error> for Failure {
    fn from(error: csv::Error) -> Self {
        Failure::Output(error.into())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Failure::Ledger(refusal.into())
    }
}

/// The way through the ledger for a visitor's own failures, which speaks of the ledger's errors only.
impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Ledger(error) => error,
            Failure::Output(source) => Error::File { doing: ANSWER, path: "stdout".into(), source },
            Failure::Usage(said) | Failure::Serving { said, .. } => Refusal::field("", said).into(),
            Failure::Picture(error) => Refusal::field("", error.to_string()).into(),
            Failure::Missing(path) => Error::File { doing: "find the log", path, source: io::ErrorKind::NotFound.into() },
        }
    }
}

impl Failure {
    /// The code that it ends with.
    pub(super) fn exit(&self) -> Exit {
        match self {
            // Whoever read the answer has read enough.
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
            Failure::Output(_) | Failure::Missing(_) => Exit::Unavailable,
            Failure::Usage(_) => Exit::BadInput,
            Failure::Picture(chart::Error::Unreadable { .. } | chart::Error::NotAFont { .. }) => Exit::BadInput,
            Failure::Picture(chart::Error::NoFont | chart::Error::Undrawable { .. }) => Exit::Unavailable,
            Failure::Serving { kind, .. } => exit_of(*kind),
            Failure::Ledger(error) => exit_of(error.kind()),
        }
    }

    /// Says what went wrong, and what can be done about it.
    pub(super) fn say(&self, call: &Call, out: &mut Out) {
        match self {
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Failure::Output(error) => out.complain(&format!("error: cannot write the answer: {error}")),
            Failure::Usage(said) | Failure::Serving { said, .. } => out.complain(&format!("error: {}", shown(said))),
            Failure::Picture(error) => say_undrawn(error, out),
            Failure::Missing(path) => {
                out.complain(&format!("error: there is no log at {}", shown(&path.display().to_string())));
                let (record, append) = (call.command("record …"), call.command("append FILE"));
                out.complain(&format!("hint: `{record}` or `{append}` makes it; `--db` or STANCELOG_DB names another"));
            }
            Failure::Ledger(error) => say_error(error, call, out),
        }
    }
}

fn say_undrawn(error: &chart::Error, out: &mut Out) {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    out.complain(&format!("error: {}", shown(&format!("{error}{cause}"))));
    if matches!(error, chart::Error::NoFont) {
        out.complain("hint: install one (on Debian: apt install fonts-dejavu-core), name one by --font FILE, or draw SVG");
    }
}

fn exit_of(kind: ErrorKind) -> Exit {
    match kind {
        ErrorKind::Refused | ErrorKind::NotFound => Exit::BadInput,
        ErrorKind::Conflict => Exit::Conflict,
        ErrorKind::Damaged | ErrorKind::Unavailable => Exit::Unavailable,
    }
}

fn say_error(error: &Error, call: &Call, out: &mut Out) {
    match error {
        Error::Refused(refusal) if refusal.field.is_empty() => out.complain(&format!("error: {}", shown(&refusal.to_string()))),
        Error::Refused(refusal) => out.complain(&format!("error: {}: {}", shown(&refusal.field), shown(&refusal.to_string()))),
        Error::NotFound { what, nearest } => {
            let said = Refusal::field("", what.as_str()).with_nearest(nearest.clone());
            out.complain(&format!("error: {}", shown(&said.to_string())));
            if nearest.is_empty() && what.contains("registered") {
                out.complain(&format!("hint: `{}` lists who is registered", call.command("entities")));
            }
        }
        Error::IdReused { seq, .. } => {
            out.complain(&format!("error: {error}"));
            let event = call.command(&format!("event {seq}"));
            out.complain(&format!("hint: `{event}` shows it; to correct an event, record another that `replaces` it"));
        }
        Error::Overtaken { .. }
        | Error::Behind { .. }
        | Error::Log(_)
        | Error::Projection(_)
        | Error::File { .. }
        | Error::BadToken(_)
        | Error::Random { .. }
        | Error::Proof { .. }
        | Error::BuiltIn(_) => {
            out.complain(&format!("error: {}", shown(&with_causes(error))));
            if error.kind() == ErrorKind::Conflict {
                out.complain(&format!("hint: `{}` tells the head; look at what came in between, then try again", call.command("status")));
            }
        }
    }
}

/// The error with what caused it, each thing said once.
fn with_causes(error: &Error) -> String {
    let mut said = vec![error.to_string()];
    // Why a log cannot be opened is found out and said already; SQLite's own words add nothing.
    let mut cause = if said[0].starts_with("cannot open the log") { None } else { error.source() };
    while let Some(error) = cause {
        let text = error.to_string();
        if !said.contains(&text) {
            said.push(text);
        }
        cause = error.source();
    }
    said.join(": ")
}
