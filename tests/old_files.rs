//! Old files: every log that a former program wrote opens, answers, proves what it holds, and can be written on.
//!
//! A new layout gets a new `fixtures/golden/log-N.db` beside the old ones; `fixtures/golden/README.md` says how they were
//! made.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use stancelog::Ledger;
use stancelog::event::{built_in, vocabulary_id};
use stancelog::ledger::{Asked, Question, Seq};
use stancelog::log::Log;

use support::desk::{article, article_lines};
use support::oracle;

/// The golden logs.
fn golden() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden");
    let mut logs: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    logs.retain(|path| path.extension().is_some_and(|extension| extension == "db"));
    logs.sort();
    logs
}

/// Copies of them, each to be worked on.
fn copies() -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = support::folder();
    let copy = |path: &PathBuf| {
        let copy = folder.path().join(path.file_name().unwrap());
        std::fs::write(&copy, std::fs::read(path).unwrap()).unwrap();
        copy
    };
    let copies = golden().iter().map(copy).collect();
    (folder, copies)
}

/// Each event of a log as its place, header and leaf.
fn hashed(path: &Path) -> Vec<(i64, Vec<u8>, Vec<u8>)> {
    let conn = Connection::open(path).unwrap();
    let mut statement = conn.prepare("SELECT seq, header, leaf FROM event ORDER BY seq").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn the_first_layout_is_there_and_its_leaves_recompute() {
    let (_folder, logs) = copies();
    assert!(logs.iter().any(|path| path.ends_with("log-1.db")), "{logs:?}");
    for path in logs {
        assert_eq!(oracle::verify_log(&path), 50);
        let first = Log::open_read_only(&path).unwrap().reader().at(Seq(1)).unwrap().unwrap();
        assert_eq!(first.id, vocabulary_id(&built_in().unwrap()).unwrap(), "event 1 is the built-in vocabulary, with its fixed id");
        oracle::verify(&path);
    }
}

#[test]
fn an_old_log_answers_what_it_always_answered() {
    let (_folder, logs) = copies();
    for path in logs {
        let ledger = Ledger::open_read_only(&path).unwrap();
        let answer = |actor, target| ledger.stance(&Question { actor, target, asked: Asked::default() }).unwrap();
        let zelenskyy = answer("Boris Johnson", "Zelensky");
        assert_eq!((zelenskyy.stance.word(), zelenskyy.since.as_deref()), ("favor", Some("2022-02-24")));
        assert_eq!(answer("russia", "ukraine").stance.word(), "against");
        assert_eq!(answer("vladimir-putin", "boris-johnson").stance.word(), "none");
        assert_eq!(ledger.claim("missile-threat", &Asked::default()).unwrap().status.word(), "disputed");
        oracle::verify(&path);
    }
}

#[test]
fn an_old_log_knows_its_events_again_and_takes_new_ones_without_touching_the_old() {
    let (_folder, logs) = copies();
    for path in logs {
        let before = hashed(&path);
        let ledger = Ledger::open(&path).unwrap();
        let summary = ledger.append(article()).unwrap();
        let told = article_lines().len() as u64;
        assert_eq!((summary.duplicates, summary.appended), (49, told - 49));
        assert_eq!(hashed(&path)[..50], before);
        oracle::verify(&path);
    }
}
