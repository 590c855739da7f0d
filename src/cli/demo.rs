//! `demo`: a news article in the log, and ten questions and records about it, run as a user would.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clap::{Args, Parser};

use super::call::Call;
use super::failure::{Exit, Failure};
use super::out::Out;
use super::plain::quoted;
use super::{Cli, Serve, carry_out};

/// A tour: a coded news article, loaded into a log of its own, and ten commands on it
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  stancelog demo\n  stancelog demo --keep demo.db && stancelog --db demo.db sides Ukraine")]
pub(super) struct Demo {
    /// Keep the log at this path, where nothing may be yet
    #[arg(long, value_name = "PATH")]
    keep: Option<PathBuf>,
}

const REGISTRY: &str = include_str!("../../fixtures/article/registry.jsonl");
const EVENTS: &str = include_str!("../../fixtures/article/events.jsonl");

/// What is said before each command, and the command.
const TOUR: [(&str, &[&str]); 10] = [
    ("Who is who, and what an article of 31 January 2023 tells: 29 definitions, 35 acts.", &["append", "registry.jsonl", "events.jsonl"]),
    ("Where does Boris Johnson stand on Ukraine? Names, aliases and slugs all do.", &["stance", "Johnson", "Ukraine"]),
    (
        "And as of the end of February 2022? It rests on his whole term: so it says that it is not certain.",
        &["stance", "Johnson", "Ukraine", "--as-of", "2022-02-28"],
    ),
    ("The threat is only alleged, so it is no act of Putin's.", &["stance", "Putin", "Johnson"]),
    ("Everybody on one target.", &["sides", "Ukraine joins NATO"]),
    ("Down to the events, their evidence and their hashes.", &["why", "Putin", "Ukraine joins NATO"]),
    ("What one did and said, in the order in which it happened, and what it changed.", &["history", "Johnson", "Ukraine"]),
    (
        "Record something new, as a sentence. The speaker is made up; a new name is registered along the way.",
        &["record", "Ann Example", "opposes", "Ukraine joins NATO", "--on", "2023-02-01"],
    ),
    ("A mistake? It is taken back, not deleted.", &["retract", "67", "--reason", "she was made up for a demo"]),
    (
        "Both times, apart: what the log knew before it was taken back.",
        &["stance", "Ann Example", "Ukraine joins NATO", "--known-at", "@67"],
    ),
];

impl Demo {
    pub(super) fn run(&self, call: &Call, out: &mut Out, serve: Serve) -> Result<Exit, Failure> {
        let folder = tempfile::tempdir().map_err(|e| Failure::Usage(format!("no temporary folder can be made: {e}")))?;
        let db = match &self.keep {
            Some(path) if path.exists() => return Err(Failure::Usage(format!("there is something at {} already", path.display()))),
            Some(path) => path.clone(),
            None => folder.path().join("stances.db"),
        };
        std::fs::write(folder.path().join("registry.jsonl"), REGISTRY)?;
        std::fs::write(folder.path().join("events.jsonl"), EVENTS)?;
        for (said, words) in TOUR {
            out.paragraph("# ", said)?;
            let typed: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            out.line(&format!("$ stancelog {}", typed.join(" ")))?;
            let exit = step(words, folder.path(), &db, out, serve)?;
            out.line("")?;
            if exit != Exit::Done {
                return Ok(exit);
            }
        }
        let next = Call { db, implied: self.keep.is_none(), ..call.clone() };
        match &self.keep {
            Some(path) => out.line(&format!("The log is kept at {}. Try next:", path.display()))?,
            None => out.line("This log is gone now; --keep PATH keeps one. With a log of your own, try next:")?,
        }
        for rest in ["entities", "actions", "events --type claim", "export stances --format csv", "record --help"] {
            out.line(&format!("  {}", next.command(rest)))?;
        }
        Ok(Exit::Done)
    }
}

/// Runs one command as if it had been typed, its answer and its notes into this answer.
fn step(words: &[&str], folder: &Path, db: &Path, out: &mut Out, serve: Serve) -> Result<Exit, Failure> {
    let typed = |word: &&str| if word.ends_with(".jsonl") { folder.join(word).into_os_string() } else { OsString::from(word) };
    let words = [OsString::from("stancelog")].into_iter().chain(words.iter().map(typed));
    let cli = Cli::try_parse_from(words).map_err(|e| Failure::Usage(e.to_string()))?;
    let call = Call { db: db.to_owned(), implied: true, format: None, quiet: false };
    let heard = Heard::default();
    let mut inner = Out::to(Box::new(heard.clone()), Box::new(heard.clone()), out.width);
    let exit = carry_out(&cli.command, &call, &mut inner, serve);
    out.bytes(&heard.0.lock().unwrap_or_else(PoisonError::into_inner))?;
    Ok(exit)
}

/// What a command said, on either stream, in order.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
