//! Killed while importing: the log holds whole batches, and the same import completes it.

use std::path::{Path, PathBuf};

use stancelog::Ledger;
use stancelog::event::EventType;
use stancelog::ledger::{Asked, EventsWanted};
use stancelog::log::Log;

use crate::support::{self, Dice, oracle};
use crate::{answers, finished, killed_when, program};

const ROWS: usize = 30_000;
/// Facts in one commit.
const BATCH: usize = 500;

/// A made-up file in the form of five columns: every row another fact.
fn made_up(folder: &Path) -> PathBuf {
    let codes = ["051", "111", "042", "190", "010", "036", "0841", "112"];
    let row = |number: usize| {
        let (month, day) = (number / 2_500 + 1, number % 28 + 1);
        let (actor, target) = (number / 28 % 90, number % 61);
        format!("2014-{month:02}-{day:02}\tActor {actor}\tdoes\tTarget {target} of {}\t{}\n", number % 7, codes[number % codes.len()])
    };
    let path = folder.join("rows.tsv");
    std::fs::write(&path, (0..ROWS).map(row).collect::<String>()).unwrap();
    path
}

fn import(db: &Path, rows: &Path) -> std::process::Command {
    program(db, &["import", "icews", "--batch", &BATCH.to_string(), rows.to_str().unwrap()])
}

/// Whether a log's head has come so far; a reader opens it as soon as there is one.
fn head_reaches(db: &Path, moment: i64) -> impl FnMut() -> bool {
    let mut log = None;
    move || {
        log = log.take().or_else(|| Log::open_read_only(db).ok());
        log.as_ref().is_some_and(|log| log.reader().head().is_ok_and(|head| head.0 >= moment))
    }
}

/// How many facts of the file a log holds.
fn facts(db: &Path) -> usize {
    let mut facts = 0;
    let wanted = EventsWanted { event_type: Some(EventType::Stance), ..EventsWanted::default() };
    let count = |_| {
        facts += 1;
        Ok(())
    };
    Ledger::open_read_only(db).unwrap().events(&wanted, &Asked::default(), count).unwrap();
    facts
}

/// What is left of a killed import is whole, and the same import completes it.
fn assert_recovers(db: &Path, rows: &Path, expected: &[String]) {
    let left = facts(db);
    assert_eq!(left % BATCH, 0, "whole batches only");
    oracle::verify(db);
    let summary = finished(import(db, rows));
    let number = |key: &str| usize::try_from(summary[key].as_u64().unwrap()).unwrap();
    assert_eq!((number("rows"), number("rejected")), (ROWS, 0));
    assert_eq!((number("appended"), number("duplicates")), (ROWS - left, left));
    assert!(answers(db) == expected, "the answers are not those of an import that was never interrupted");
    oracle::verify(db);
}

#[test]
fn an_import_that_is_killed_leaves_whole_batches_and_running_it_again_completes_it() {
    let folder = support::folder();
    let rows = made_up(folder.path());
    let whole = folder.path().join("whole.db");
    let told = finished(import(&whole, &rows));
    let (last, expected) = (told["head"].as_i64().unwrap(), answers(&whole));
    assert_eq!(told["appended"].as_u64(), Some(ROWS as u64), "every row is another fact");

    let mut dice = Dice::roll();
    let mut killed = 0;
    for tenth in 0..10 {
        let db = folder.path().join(format!("killed-{tenth}.db"));
        let moment = if tenth == 0 { 0 } else { last * tenth / 10 - dice.below(1_000) as i64 };
        let child = import(&db, &rows).spawn().unwrap();
        killed += usize::from(!killed_when(child, head_reaches(&db, moment)).success());
        assert_recovers(&db, &rows, &expected);
    }
    assert!(killed >= 8, "only {killed} of 10 imports were still running when they were to be killed");
}

#[test]
fn killed_again_and_again_it_gets_there_in_the_end() {
    let folder = support::folder();
    let rows = made_up(folder.path());
    let db = folder.path().join("stances.db");
    let mut before = 0;
    for tenth in 1..9 {
        killed_when(import(&db, &rows).spawn().unwrap(), head_reaches(&db, 3_000 * tenth));
        let head = oracle::verify_log(&db);
        assert!(head >= before, "nothing that was there is lost");
        before = head;
    }
    let told = finished(import(&db, &rows));
    assert_eq!(told["appended"].as_u64().unwrap() + told["duplicates"].as_u64().unwrap(), ROWS as u64);
    assert_eq!(facts(&db), ROWS);
    oracle::verify(&db);
}
