//! Other clients: through any SQLite client, the file refuses to change or lose what was recorded.

use std::path::Path;
use std::process::Command;

use rusqlite::Connection;
use serde_json::json;

use crate::support::{Desk, id_of};

/// What nobody may do to the log, with the table that it is done to.
const FORBIDDEN: [&str; 21] = [
    "UPDATE event SET body = '{}' WHERE seq = 2",
    "UPDATE event SET recorded_at = recorded_at + 1",
    "UPDATE event SET seq = 99 WHERE seq = 2",
    "UPDATE OR REPLACE event SET seq = 1 WHERE seq = 2",
    "UPDATE OR IGNORE event SET salt = randomblob(16)",
    "UPDATE event SET leaf = randomblob(32), header = randomblob(65)",
    "UPDATE event SET body = NULL, salt = NULL WHERE seq = 2",
    "DELETE FROM event",
    "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
    "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 2",
    "REPLACE INTO event SELECT seq, randomblob(16), recorded_at, header, leaf, salt, body FROM event WHERE seq = 2",
    "INSERT OR REPLACE INTO event SELECT seq + 1, id, recorded_at, header, leaf, salt, body FROM event ORDER BY seq DESC LIMIT 1",
    "INSERT OR IGNORE INTO event SELECT 0, randomblob(16), recorded_at, header, leaf, salt, body FROM event LIMIT 1",
    "INSERT INTO event SELECT seq + 5, randomblob(16), recorded_at, header, leaf, salt, body FROM event ORDER BY seq DESC LIMIT 1",
    "INSERT INTO event SELECT * FROM event WHERE seq = 2 ON CONFLICT DO UPDATE SET body = '{}'",
    "UPDATE erasure SET erased_by = 1",
    "UPDATE erasure SET seq = 3",
    "DELETE FROM erasure",
    "INSERT OR REPLACE INTO erasure SELECT * FROM erasure",
    "INSERT INTO erasure VALUES (3, 2)",
    "INSERT INTO erasure SELECT 4, max(seq) - 1 FROM event",
];

/// A log with an `erase` event in it, and the row in `erasure` that goes with it.
fn erased() -> Desk {
    let desk = Desk::knowing(&["ann", "tax"]);
    desk.says("ann", "backs", "tax", "2022");
    desk.tell(json!({"type": "erase", "events": [id_of(3)], "reason": "asked for", "authority": "a court"}));
    let conn = Connection::open(&desk.path).unwrap();
    let known: i64 = conn.query_row("SELECT count(*) FROM erasure", [], |row| row.get(0)).unwrap();
    if known == 0 {
        conn.execute("INSERT INTO erasure SELECT max(seq) - 1, max(seq) FROM event", []).unwrap();
    }
    desk
}

fn content(path: &Path) -> Vec<String> {
    let conn = Connection::open(path).unwrap();
    let mut rows = Vec::new();
    for table in ["event", "erasure"] {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table} ORDER BY 1")).unwrap();
        let width = statement.column_count();
        let text = |row: &rusqlite::Row<'_>| Ok((0..width).map(|column| format!("{:?}", row.get_ref(column).unwrap())).collect::<String>());
        rows.extend(statement.query_map([], text).unwrap().map(Result::unwrap));
    }
    rows
}

#[test]
fn nothing_recorded_can_be_changed_deleted_or_replaced() {
    let desk = erased();
    let before = content(&desk.path);
    for recursive_triggers in [false, true] {
        let conn = Connection::open(&desk.path).unwrap();
        conn.pragma_update(None, "recursive_triggers", recursive_triggers).unwrap();
        conn.pragma_update(None, "foreign_keys", recursive_triggers).unwrap();
        for sql in FORBIDDEN {
            let done = conn.execute(sql, []);
            assert!(done.is_err(), "{sql}: {done:?}");
            assert_eq!(content(&desk.path), before, "{sql}");
        }
    }
}

#[test]
fn the_systems_own_sqlite_is_refused_as_well() {
    let desk = erased();
    let before = content(&desk.path);
    for sql in FORBIDDEN {
        let Ok(output) = Command::new("sqlite3").arg("-bail").arg(&desk.path).arg(sql).output() else {
            // The machine has none; the other test asks the same through the library.
            return;
        };
        assert!(!output.status.success(), "{sql}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            said.contains("append-only") || said.contains("grows at its end") || said.contains("an erasure stands behind"),
            "{sql}: {said}"
        );
        assert_eq!(content(&desk.path), before, "{sql}");
    }
}

#[test]
fn an_event_whose_erasure_is_recorded_can_be_emptied_and_nothing_else() {
    let desk = erased();
    let conn = Connection::open(&desk.path).unwrap();
    let seq: i64 = conn.query_row("SELECT seq FROM erasure", [], |row| row.get(0)).unwrap();
    for other in
        ["body = '{}', salt = randomblob(16)", "body = NULL, salt = NULL, leaf = zeroblob(32)", "body = NULL, salt = NULL, recorded_at = 0"]
    {
        assert!(conn.execute(&format!("UPDATE event SET {other} WHERE seq = ?1"), [seq]).is_err(), "{other}");
    }
    assert!(conn.execute("UPDATE event SET body = NULL, salt = NULL WHERE seq <> ?1", [seq]).is_err());
    conn.execute("UPDATE event SET body = NULL, salt = NULL WHERE seq = ?1", [seq]).unwrap();
    assert_eq!(desk.ledger.event(&format!("@{seq}")).unwrap().body, None, "it is there, empty");
}
