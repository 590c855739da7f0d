//! The check: has the whole log verified when somebody asks for it, one check at a time, and keeps what that came to.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::problem::Problem;
use super::reader::Lane;
use super::shared::Desk;
use crate::Ledger;
use crate::ledger::{Error, ErrorKind, Finding, Replay, Verified, VerifyWanted};

/// Findings that are kept; more are counted.
const KEPT_MAX: usize = 20;

/// What a check came to.
#[derive(Clone)]
pub(super) struct Report {
    /// When it began.
    pub(super) begun_at: String,
    /// How long it took, in milliseconds.
    pub(super) took_ms: u128,
    /// What was verified.
    pub(super) verified: Verified,
    /// The first of the findings.
    pub(super) findings: Vec<Finding>,
    /// How many events the check before this one had seen, and whether the log has grown from just these.
    pub(super) grown: Option<(u64, bool)>,
}

/// Where checking stands.
#[derive(Clone)]
pub(super) enum Checked {
    /// Nobody has asked for it since the server began.
    Never,
    /// It is under way, and has come to an event.
    UnderWay { begun_at: String, reached: i64 },
    /// It has ended.
    Done(Box<Report>),
    /// It could not be carried through.
    Failed { begun_at: String, said: String },
}

impl Checked {
    /// What a page that shows it is told apart by.
    pub(super) fn mark(&self) -> String {
        match self {
            Checked::Never => String::new(),
            Checked::UnderWay { begun_at, reached } => format!("{begun_at} {reached}"),
            Checked::Done(report) => format!("{} {}", report.begun_at, report.took_ms),
            Checked::Failed { begun_at, said } => format!("{begun_at} {said}"),
        }
    }
}

/// Size and root of a tree that a check saw.
type Seen = (u64, String);

/// The checks of one server.
pub(super) struct Checks {
    last: Mutex<(Checked, Option<Seen>)>,
    reached: AtomicI64,
}

impl Default for Checks {
    fn default() -> Self {
        Self { last: Mutex::new((Checked::Never, None)), reached: AtomicI64::new(0) }
    }
}

impl Checks {
    /// Where checking stands.
    pub(super) fn last(&self) -> Checked {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).0.clone();
        match last {
            Checked::UnderWay { begun_at, .. } => Checked::UnderWay { begun_at, reached: self.reached.load(Ordering::Relaxed) },
            Checked::Never | Checked::Done(_) | Checked::Failed { .. } => last,
        }
    }

    /// Takes the place of the one check that may be under way, unless one is; what the last one that ended saw.
    fn begin(&self, begun_at: &str) -> Option<Option<Seen>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(last.0, Checked::UnderWay { .. }) {
            return None;
        }
        self.reached.store(0, Ordering::Relaxed);
        last.0 = Checked::UnderWay { begun_at: begun_at.to_owned(), reached: 0 };
        Some(last.1.clone())
    }

    fn end(&self, checked: Checked) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Checked::Done(report) = &checked {
            last.1 = report.verified.tree.as_ref().map(|tree| (tree.size, tree.root.clone()));
        }
        last.0 = checked;
    }
}

/// Verifies the log, unless somebody else has begun that already. Whoever asked may leave: it goes on.
pub(super) async fn run(desk: Desk) -> Result<(), Problem> {
    let begun_at = desk.readers.ask(Lane::Short, |ledger| Ok(ledger.now().to_string())).await?;
    let Some(seen) = desk.checks.begin(&begun_at) else { return Ok(()) };
    let (checking, at) = (desk.clone(), begun_at.clone());
    let outcome = desk.readers.ask(Lane::Long, move |ledger| check(ledger, &checking.checks, at, seen)).await;
    desk.checks.end(match outcome {
        Ok(report) => Checked::Done(Box::new(report)),
        Err(problem) => Checked::Failed { begun_at, said: problem.detail },
    });
    Ok(())
}

fn check(ledger: &Ledger, checks: &Checks, begun_at: String, seen: Option<Seen>) -> Result<Report, Problem> {
    let (begun, mut findings) = (Instant::now(), Vec::new());
    let wanted = VerifyWanted { trusted: Vec::new(), replay: Replay::Left };
    let reached = |seq: crate::ledger::Seq| checks.reached.store(seq.0, Ordering::Relaxed);
    let verified = ledger.verify(&wanted, reached, |finding| {
        if findings.len() < KEPT_MAX {
            findings.push(finding);
        }
        Ok(())
    })?;
    let grown = seen.map(|(size, root)| Ok((size, has_grown(ledger, size, &root)?))).transpose();
    // What keeps the trees from being compared is no sign that they differ; where it is damage, it has been found.
    let grown = grown.or_else(|error: Error| if error.kind() == ErrorKind::Damaged { Ok(None) } else { Err(error) })?;
    Ok(Report { begun_at, took_ms: begun.elapsed().as_millis(), verified, findings, grown })
}

/// Whether the log has grown from a tree that was seen.
fn has_grown(ledger: &Ledger, size: u64, root: &str) -> Result<bool, Error> {
    match ledger.grown_from(i64::try_from(size).unwrap_or(i64::MAX)) {
        Ok(old) => Ok(old.consistent && old.old.root == root),
        // It is shorter than it was.
        Err(error) if error.kind() == ErrorKind::Refused => Ok(false),
        Err(error) => Err(error),
    }
}
