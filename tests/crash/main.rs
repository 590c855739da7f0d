//! Crashes: the program is killed at a moment that is told by how far its files have come, and everything that was
//! acknowledged is there, whole.
//!
//! What may be true after a kill, as log and views promise it:
//! - no file yet, or one without a layout: nothing was acknowledged, and nothing is there;
//! - before a batch's COMMIT returned: the batch is there whole, or not at all;
//! - while the views followed or were made anew: they are whole and behind, and catch up;
//! - after the last COMMIT: everything is there, and only the summary was not printed.
//!
//! In each case the log opens, running the same command again completes it, and the answers are those of a run that was
//! never interrupted.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/mod.rs"]
mod support;

mod import;
mod whole;

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use stancelog::Ledger;
use stancelog::ledger::{Asked, Detail};

/// The program on a log, with JSON for an answer.
fn program(db: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stancelog"));
    command.args(["--format", "json", "--db"]).arg(db).args(arguments);
    command.env_remove("STANCELOG_DB").stdin(Stdio::null()).stderr(Stdio::null()).stdout(Stdio::null());
    command
}

/// Runs a command to its end; what it printed.
fn finished(mut command: Command) -> serde_json::Value {
    let output = command.stdout(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Lets a command run until the moment has come, then kills it.
fn killed_when(mut child: Child, mut has_come: impl FnMut() -> bool) -> ExitStatus {
    while !has_come() {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap()
}

/// Every pair's answer, as text.
fn answers(db: &Path) -> Vec<String> {
    let mut answers = Vec::new();
    let keep = |answer| {
        answers.push(format!("{answer:?}"));
        Ok(())
    };
    Ledger::open_read_only(db).unwrap().every_stance(&Asked::default(), Detail::Brief, keep).unwrap();
    answers
}
