//! A log verifies, and what its own file refuses; findings against checkpoints that were kept elsewhere.

use std::path::Path;
use std::process::Command;

use rusqlite::Connection;
use stancelog::Ledger;
use stancelog::ledger::{FindingKind, Replay, VerifyWanted};

use super::support::{close, dump, findings, folder, some_log};

#[test]
fn a_log_verifies_with_its_views_and_after_everything_that_may_happen_to_it() {
    let folder = folder();
    let path = folder.path().join("stances.db");
    let ledger = some_log(&path);
    assert_eq!(findings(&ledger, &VerifyWanted::default()), []);
    ledger.rebuild(|_| {}).unwrap();
    assert_eq!(findings(&ledger, &VerifyWanted::default()), []);
    let read_only = Ledger::open_read_only(&path).unwrap();
    assert_eq!(findings(&read_only, &VerifyWanted::default()), []);
    assert_eq!(ledger.status().unwrap().root.unwrap().len(), 64);
}

#[test]
fn a_long_log_is_read_in_slices_between_which_its_journal_is_emptied() {
    let folder = folder();
    let path = folder.path().join("stances.db");
    let event = |n: usize| {
        let said = format!(r#"{{"actor":"Actor {}","action":"backs","target":"Target","occurred":"2023"}}"#, n % 7);
        stancelog::event::parse(&said).unwrap()
    };
    let ledger = Ledger::open(&path).unwrap();
    ledger.append((0..20_000).map(event)).unwrap();
    let (before, read_only) = (ledger.head().unwrap().0, Ledger::open_read_only(&path).unwrap());
    let journal = Connection::open(&path).unwrap();
    let mut left = Vec::new();
    let reached = |seq: stancelog::ledger::Seq| {
        // Each time, some events come in, and then as much of the journal as may be goes into the file.
        ledger.append([event(1)]).unwrap();
        let moved = |row: &rusqlite::Row<'_>| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?);
        left.push((seq.0, journal.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], moved).unwrap()));
    };
    let verified =
        read_only.verify(&VerifyWanted { replay: Replay::Left, ..VerifyWanted::default() }, reached, |finding| panic!("{finding:?}"));
    let verified = verified.unwrap();
    assert!(left.len() >= 4, "{left:?}");
    // What comes in while a slice of 8192 is read has to wait for its end, and no longer.
    let held: Vec<i64> = left.iter().map(|(_, left)| *left).collect();
    assert!(held[0] < held[1] && held[2] < held[1], "{left:?}");
    assert!(verified.events > before && verified.tree.unwrap().size == verified.events.unsigned_abs(), "later slices see what came in");
}

#[test]
fn the_root_is_that_of_the_leaves_however_they_were_batched() {
    let folder = folder();
    let ledger = some_log(&folder.path().join("stances.db"));
    let mut leaves = Vec::new();
    let all = stancelog::ledger::EventsWanted::default();
    ledger
        .events(&all, &stancelog::ledger::Asked::default(), |row| {
            leaves.push(stancelog::merkle::Hash(row.leaf));
            Ok(())
        })
        .unwrap();
    fn root(leaves: &[stancelog::merkle::Hash]) -> stancelog::merkle::Hash {
        match leaves {
            [one] => *one,
            more => {
                let (left, right) = more.split_at(1 << (more.len() - 1).ilog2());
                stancelog::merkle::node_hash(&root(left), &root(right))
            }
        }
    }
    assert_eq!(ledger.status().unwrap().root.unwrap(), root(&leaves).to_string());
}

#[test]
fn views_that_differ_from_a_fresh_replay_are_found() {
    let folder = folder();
    let path = folder.path().join("stances.db");
    let ledger = some_log(&path);
    ledger.catch_up(|_| {}).unwrap();
    let views = Connection::open(folder.path().join("stances.db-views")).unwrap();
    let changes = [
        (
            "UPDATE standing SET l_value = (l_value + 1) % 3 WHERE rowid IN (SELECT 1) OR actor = (SELECT min(actor) FROM standing)",
            "standing",
        ),
        ("DELETE FROM act WHERE seq = (SELECT max(seq) FROM act)", "act"),
        ("INSERT INTO merge VALUES (7, 1, 2)", "merge"),
        ("UPDATE search SET text = 'other' WHERE rowid = 3", "search"),
        ("UPDATE slug SET name = 'Somebody Else' WHERE id = 3", "slug"),
        // What words lead to is changed, and the words are left as they are.
        ("DELETE FROM search_data WHERE id > 10", "search"),
        ("UPDATE search_docsize SET sz = x'0101' WHERE id = 4", "search"),
    ];
    for (sql, table) in changes {
        let sql = sql.replace("rowid IN (SELECT 1) OR ", "");
        views.execute_batch(&sql).unwrap();
        let found = findings(&ledger, &VerifyWanted::default());
        assert!(!found.is_empty(), "{sql}");
        assert!(found.iter().all(|one| one.kind == FindingKind::Views && one.table == format!("views/{table}")), "{sql}: {found:?}");
        ledger.rebuild(|_| {}).unwrap();
        assert_eq!(findings(&ledger, &VerifyWanted::default()), []);
    }
}

#[test]
fn a_rollback_and_another_past_are_found_against_any_earlier_checkpoint() {
    let folder = folder();
    let (path, old) = (folder.path().join("stances.db"), folder.path().join("old.db"));
    let ledger = some_log(&path);
    ledger.backup(&old).unwrap();
    let mut kept = vec![ledger.checkpoint(&ledger.key().unwrap()).unwrap()];
    for n in 0..20 {
        let said = format!(r#"{{"actor":"Late {n}","action":"backs","target":"Target 1","occurred":"2024"}}"#);
        ledger.append([stancelog::event::parse(&said).unwrap()]).unwrap();
        kept.push(ledger.checkpoint(&ledger.key().unwrap()).unwrap());
    }
    let head = |note: &stancelog::ledger::SignedNote| Ledger::read_checkpoint(note.to_string().as_bytes(), None).unwrap().head();
    for (index, note) in kept.iter().enumerate() {
        let wanted = VerifyWanted { trusted: vec![head(note)], ..VerifyWanted::default() };
        assert_eq!(findings(&ledger, &wanted), []);
        assert!(ledger.consistency(head(note)).unwrap().consistent);
        let found = findings(&Ledger::open_read_only(&old).unwrap(), &wanted);
        if index > 0 {
            assert_eq!(found.iter().map(|one| one.kind).collect::<Vec<_>>(), [FindingKind::Rollback]);
        }
    }
    // The same shorter log, grown on with something else, is consistent in itself and another past.
    let forked = Ledger::open(&old).unwrap();
    for n in 0..60 {
        let said = format!(r#"{{"actor":"Other {n}","action":"backs","target":"Target 1","occurred":"2024"}}"#);
        forked.append([stancelog::event::parse(&said).unwrap()]).unwrap();
    }
    assert_eq!(findings(&forked, &VerifyWanted::default()), []);
    for note in &kept[1..] {
        let wanted = VerifyWanted { trusted: vec![head(note)], ..VerifyWanted::default() };
        assert_eq!(findings(&forked, &wanted).iter().map(|one| one.kind).collect::<Vec<_>>(), [FindingKind::Rewritten]);
        assert!(!forked.consistency(head(note)).unwrap().consistent);
    }
}

/// Changes that the file must refuse, table by table.
const REFUSED: [&str; 31] = [
    "UPDATE event SET body = '{}' WHERE seq = 7",
    "UPDATE event SET body = NULL, salt = NULL WHERE seq = 7",
    "UPDATE event SET recorded_at = recorded_at + 1",
    "UPDATE OR REPLACE event SET seq = 8 WHERE seq = 7",
    "UPDATE OR IGNORE event SET leaf = zeroblob(32) WHERE seq = 7",
    "DELETE FROM event WHERE seq = 7",
    "DELETE FROM event",
    "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
    "INSERT OR REPLACE INTO event SELECT seq, id, recorded_at, header, leaf, salt, 'x' FROM event WHERE seq = 7",
    "REPLACE INTO event SELECT max(seq) + 1, (SELECT id FROM event WHERE seq = 7), recorded_at, header, leaf, salt, body FROM event",
    "INSERT INTO event SELECT seq + 1000, randomblob(16), recorded_at, header, leaf, salt, body FROM event WHERE seq = 7",
    "INSERT INTO event SELECT seq, id, recorded_at, header, leaf, salt, body FROM event WHERE seq = 7 ON CONFLICT DO UPDATE SET body = 'x'",
    "INSERT INTO erasure VALUES (7, 8)",
    // The file has an erase event, at 165: it names the event at 40 and no other.
    "INSERT INTO erasure VALUES (7, 165)",
    "INSERT OR IGNORE INTO erasure VALUES (7, 165); UPDATE event SET body = NULL, salt = NULL WHERE seq = 7",
    "INSERT INTO erasure SELECT max(seq), 165 FROM event",
    "INSERT INTO scrub VALUES (1, 300)",
    "UPDATE scrub SET erased_by = 0",
    "DELETE FROM scrub",
    "INSERT OR REPLACE INTO scrub VALUES (1, 7)",
    "INSERT OR REPLACE INTO erasure VALUES (40, 41)",
    "UPDATE erasure SET erased_by = 1",
    "DELETE FROM erasure",
    "UPDATE tile SET hashes = zeroblob(length(hashes))",
    "UPDATE tile SET hashes = substr(hashes, 1, 32) WHERE level = 0",
    "DELETE FROM tile WHERE level = 1",
    "INSERT OR REPLACE INTO tile VALUES (0, 0, zeroblob(8192))",
    "INSERT INTO tile VALUES (0, 2, zeroblob(32))",
    "UPDATE migration SET sha256 = zeroblob(32)",
    "DELETE FROM migration",
    "INSERT OR REPLACE INTO migration VALUES (1, zeroblob(32))",
];

#[test]
fn the_file_itself_refuses_to_change_through_any_client() {
    let folder = folder();
    let path = folder.path().join("stances.db");
    drop(some_log(&path));
    close(&path);
    let before = dump(&path).unwrap();
    let by: i64 = Connection::open(&path).unwrap().query_row("SELECT erased_by FROM erasure", [], |row| row.get(0)).unwrap();
    assert_eq!(by, 165);
    let has_shell = Command::new("sqlite3").arg("-version").output().is_ok();
    if !has_shell {
        println!("the sqlite3 shell is not installed: only the library is tried");
    }
    for sql in REFUSED {
        assert!(Connection::open(&path).unwrap().execute_batch(sql).is_err(), "{sql}");
        assert!(!has_shell || !through_the_shell(&path, sql), "{sql}");
        assert_eq!(dump(&path).unwrap(), before, "{sql}");
    }
}

fn through_the_shell(path: &Path, sql: &str) -> bool {
    Command::new("sqlite3").arg("-bail").arg(path).arg(sql).output().unwrap().status.success()
}
