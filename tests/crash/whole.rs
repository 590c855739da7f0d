//! Killed in the middle of what is one transaction: a file that goes in whole or not at all, views that are made anew.

use std::fmt::Write;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use stancelog::projection::views_path;

use crate::support::{self, oracle};
use crate::{answers, finished, killed_when, program};

const LINES: usize = 20_000;

fn made_up(folder: &Path) -> String {
    let mut lines = String::new();
    for number in 0..LINES {
        let (actor, target, day) = (number % 300, number % 17, number % 28 + 1);
        let action = ["backs", "opposes", "visits", "sanctions"][number % 4];
        let event = format!(
            r#"{{"id":"01860000-0000-7000-8000-{number:012}","actor":"Actor {actor}","action":"{action}","target":"Target {target}","occurred":"2022-01-{day:02}"}}"#
        );
        writeln!(lines, "{event}").unwrap();
    }
    let path = folder.join("events.jsonl");
    std::fs::write(&path, lines).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Whether the file that SQLite writes ahead has grown so far.
fn wal_reaches(db: &Path, bytes: u64) -> impl FnMut() -> bool {
    let mut wal = db.as_os_str().to_owned();
    wal.push("-wal");
    move || std::fs::metadata(&wal).is_ok_and(|file| file.len() >= bytes)
}

/// Whether the log's tables are in the file.
fn is_laid_out(db: &Path) -> bool {
    let conn = Connection::open(db).unwrap();
    conn.query_row("SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'event'", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_file_that_is_appended_is_there_whole_or_not_at_all() {
    let folder = support::folder();
    let events = made_up(folder.path());
    let mut killed = 0;
    for moment in [1, 100_000, 1_000_000, 3_000_000, 6_000_000] {
        let db = folder.path().join(format!("killed-{moment}.db"));
        let child = program(&db, &["append", &events]).spawn().unwrap();
        let was_killed = !killed_when(child, wal_reaches(&db, moment)).success();
        killed += usize::from(was_killed);
        // Killed early enough, not even the tables are there: that is nothing, too, and the next run makes them.
        let head = if is_laid_out(&db) { oracle::verify_log(&db) } else { 0 };
        assert!(head == 0 || head > LINES as i64, "{head} events are there");
        assert!(was_killed || head > 0, "what was acknowledged is there");
        let told = finished(program(&db, &["append", &events]));
        assert_eq!(told["appended"].as_u64().unwrap() + told["duplicates"].as_u64().unwrap(), LINES as u64);
        oracle::verify(&db);
    }
    assert!(killed >= 3, "only {killed} of 5 were still running");
}

#[test]
fn views_that_were_being_made_anew_are_made_anew() {
    let folder = support::folder();
    let events = made_up(folder.path());
    let db = folder.path().join("stances.db");
    finished(program(&db, &["append", &events]));
    let expected = answers(&db);
    let views = views_path(&db);
    let are_empty = || {
        let conn = Connection::open_with_flags(&views, OpenFlags::SQLITE_OPEN_READ_ONLY).ok();
        conn.and_then(|conn| conn.query_row("SELECT seq FROM cursor", [], |row| row.get::<_, i64>(0)).ok()) == Some(0)
    };
    for _ in 0..4 {
        let child = program(&db, &["rebuild"]).spawn().unwrap();
        let was_killed = !killed_when(child, are_empty).success();
        assert!(!was_killed || are_empty(), "killed while nothing of the new views was committed");
        assert!(answers(&db) == expected);
        oracle::verify(&db);
    }
}
