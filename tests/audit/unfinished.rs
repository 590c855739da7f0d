//! An erasure that was cut off between its commit and the writing anew of the files: it is known, told, and ended.

use std::process::{Command, Stdio};

use rusqlite::{Connection, OpenFlags};
use stancelog::Ledger;
use stancelog::event::parse;
use stancelog::ledger::{Erasing, FindingKind, VerifyWanted};

use super::erase::holding;
use super::support::{erase, findings, folder, some_log};

const WORDS: &str = "qzunfinishedvx";

fn say(ledger: &Ledger, words: &str) -> String {
    let said = format!(r#"{{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024-01-02","note":"{words}"}}"#);
    ledger.append([parse(&said).unwrap()]).unwrap();
    ledger.catch_up(|_| {}).unwrap();
    ledger.status().unwrap().head.to_string()
}

#[test]
fn what_a_reader_kept_from_being_done_is_done_by_the_next_opening() {
    let folder = folder();
    let path = folder.path().join("stances.db");
    let mut ledger = some_log(&path);
    let seq = [say(&ledger, WORDS)];
    // Somebody reads the log as it is, and goes on reading.
    let reader = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM event").unwrap();
    let erasing = Erasing { events: &seq, reason: "asked for", authority: "GDPR art. 17", recorded_by: None };
    let said = ledger.erase(&erasing).unwrap_err();
    assert!(said.to_string().contains("the erasure is on record"), "{said}");
    // The erasure stands, for this handle as well: it goes on, and nobody sees the words any more.
    assert!(ledger.event(&seq[0]).unwrap().body.is_none());
    assert!(holding(folder.path(), WORDS).iter().all(|file| !file.contains("views")), "the views are rid of it");
    let head = ledger.status().unwrap().head;
    assert_eq!(ledger.begin(stancelog::ledger::BatchOptions::default()).unwrap().head().0, head);
    assert!(ledger.status().unwrap().scrub_due);
    let found = findings(&Ledger::open_read_only(&path).unwrap(), &VerifyWanted::default());
    assert!(found.len() == 1 && found[0].kind == FindingKind::Erasure && found[0].table == "scrub", "{found:?}");
    assert!(!holding(folder.path(), WORDS).is_empty(), "it is in the files still");

    // While somebody reads, the log opens, takes new events, and goes on saying so.
    drop(ledger);
    let ledger = Ledger::open(&path).unwrap();
    say(&ledger, "something else");
    assert!(ledger.status().unwrap().scrub_due);
    drop((ledger, reader));
    let ledger = Ledger::open(&path).unwrap();
    assert!(!ledger.status().unwrap().scrub_due);
    assert!(holding(folder.path(), WORDS).is_empty());
    assert_eq!(findings(&ledger, &VerifyWanted::default()), []);
}

#[test]
fn a_reader_of_the_views_keeps_their_words_no_longer_than_it_reads() {
    let folder = folder();
    let path = folder.path().join("stances.db");
    let ledger = some_log(&path);
    let seq = [say(&ledger, WORDS)];
    let reader = Connection::open_with_flags(folder.path().join("stances.db-views"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM slug").unwrap();
    let erasing = Erasing { events: &seq, reason: "asked for", authority: "GDPR art. 17", recorded_by: None };
    assert!(ledger.erase(&erasing).unwrap_err().to_string().contains("keeps reading the views"));
    assert!(ledger.status().unwrap().scrub_due);
    drop(reader);
    assert_eq!(ledger.erase(&erasing).unwrap().already, 1);
    assert!(!ledger.status().unwrap().scrub_due && holding(folder.path(), WORDS).is_empty());
    assert_eq!(findings(&ledger, &VerifyWanted::default()), []);
}

#[test]
fn killed_right_after_its_commit_it_is_ended_by_the_next_opening() {
    let folder = folder();
    let path = folder.path().join("stances.db");
    let mut ledger = some_log(&path);
    let mut seqs = vec![say(&ledger, WORDS)];
    // So much that writing the file anew takes its time.
    for _ in 0..8 {
        let mut batch = ledger.begin(stancelog::ledger::BatchOptions::default()).unwrap();
        for number in 0..4_000 {
            let note = "It was said at length. ".repeat(40);
            let said = format!(r#"{{"actor":"Ann","action":"visits","target":"Kyiv","occurred":"2024-01-02","note":"{number} {note}"}}"#);
            batch.add(parse(&said).unwrap()).unwrap();
        }
        batch.commit().unwrap();
    }
    let mut caught = 0;
    for round in 0..6 {
        drop(ledger);
        let seq = seqs.pop().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_stancelog"));
        command.args(["--db", path.to_str().unwrap(), "erase", &seq, "--reason", "asked for", "--authority", "law"]);
        let mut child = command.env_remove("STANCELOG_DB").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let reader = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let erased = || reader.query_row("SELECT count(*) FROM erasure", [], |row| row.get::<_, i64>(0)).unwrap() > 1 + round;
        while !erased() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        drop(reader);
        let read_only = Ledger::open_read_only(&path).unwrap();
        if read_only.status().unwrap().scrub_due {
            caught += 1;
            let found = findings(&read_only, &VerifyWanted { replay: stancelog::ledger::Replay::Left, ..VerifyWanted::default() });
            assert!(found.len() == 1 && found[0].table == "scrub", "{found:?}");
        }
        drop(read_only);
        ledger = Ledger::open(&path).unwrap();
        assert!(!ledger.status().unwrap().scrub_due);
        assert!(ledger.event(&seq).unwrap().body.is_none());
        assert_eq!(holding(folder.path(), WORDS), [""; 0], "round {round}");
        seqs.push(say(&ledger, WORDS));
    }
    println!("{caught} of 6 were killed between the commit and the writing anew");
    assert!(caught > 0);
    erase(&ledger, &["5"]);
    assert_eq!(findings(&ledger, &VerifyWanted::default()), []);
}
