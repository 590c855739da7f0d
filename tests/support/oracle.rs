//! The oracle: what must be true of every log at the end of every test, whatever was done to it.
//!
//! It reads the file with SQLite alone, so that a mistake of the program's own reader cannot hide itself; then
//! `audit verify` is asked as well.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use stancelog::Ledger;
use stancelog::event::{EventId, Micros, parse_stored, stored_json};
use stancelog::ledger::VerifyWanted;
use stancelog::log::{self, Log, Seq};
use stancelog::projection::{self, Views, views_path};

/// Checks a log and the views beside it:
/// seq 1, 2, 3 … without a hole; recorded_at never decreases; headers and leaves recompute from what is stored; stored
/// bytes are canonical; the views, caught up, are those that a rebuild makes.
pub fn verify(path: &Path) {
    if !path.exists() {
        return;
    }
    verify_log(path);
    verify_views(path);
    verify_by_audit(path);
}

/// What the program itself finds in a whole verification: nothing.
fn verify_by_audit(path: &Path) {
    let ledger = Ledger::open_read_only(path).unwrap();
    let mut found = Vec::new();
    let keep = |finding| {
        found.push(finding);
        Ok(())
    };
    ledger.verify(&VerifyWanted::default(), |_| {}, keep).unwrap();
    assert!(found.is_empty(), "audit verify: {found:#?}");
}

/// The log's part of [`verify`]; how many events there are.
pub fn verify_log(path: &Path) -> i64 {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let whole: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(whole, "ok", "SQLite finds the file whole");
    let mut statement = conn.prepare("SELECT seq, id, recorded_at, header, leaf, salt, body FROM event ORDER BY seq").unwrap();
    let mut rows = statement.query([]).unwrap();
    let (mut last, mut recorded_before) = (0, i64::MIN);
    while let Some(row) = rows.next().unwrap() {
        let (seq, recorded_at): (i64, i64) = (row.get(0).unwrap(), row.get(2).unwrap());
        assert_eq!(seq, last + 1, "seq has no holes");
        assert!(recorded_at >= recorded_before, "recorded_at never decreases: event {seq}");
        verify_row(row, seq, recorded_at);
        (last, recorded_before) = (seq, recorded_at);
    }
    last
}

fn verify_row(row: &rusqlite::Row<'_>, seq: i64, recorded_at: i64) {
    let id = EventId::from_bytes(row.get(1).unwrap());
    let (header, leaf): (Vec<u8>, Vec<u8>) = (row.get(3).unwrap(), row.get(4).unwrap());
    assert_eq!(log::leaf_hash(&header)[..], leaf[..], "the leaf of event {seq} recomputes from its header");
    let (salt, body): (Option<Vec<u8>>, Option<String>) = (row.get(5).unwrap(), row.get(6).unwrap());
    let (Some(salt), Some(body)) = (salt, body) else { return };
    let expected = log::header(Seq(seq), id, Micros(recorded_at), &log::body_hash(&salt, body.as_bytes()));
    assert_eq!(expected[..], header[..], "the header of event {seq} recomputes from what is stored");
    let event = parse_stored(id, &body).unwrap_or_else(|e| panic!("event {seq} is no event: {e}"));
    assert_eq!(stored_json(&event.body, &event.common).unwrap(), body, "event {seq} is stored in canonical form");
}

/// The views' part of [`verify`].
pub fn verify_views(path: &Path) {
    let ledger = Ledger::open_read_only(path).unwrap();
    ledger.catch_up(|_| {}).unwrap();
    let live = dump(&views_path(path));
    let rebuilt = rebuilt(path);
    assert_eq!(live.len(), rebuilt.len(), "live and rebuilt views have the same tables");
    for (one, other) in live.iter().zip(&rebuilt) {
        assert_eq!(one.0, other.0, "live and rebuilt views have the same tables");
        if one.1 != other.1 {
            let only =
                |a: &[String], b: &[String]| a.iter().filter(|row| b.binary_search(row).is_err()).take(5).cloned().collect::<Vec<_>>();
            panic!("table {}: only live {:#?}, only rebuilt {:#?}", one.0, only(&one.1, &other.1), only(&other.1, &one.1));
        }
    }
}

/// The tables of views that are made anew from the log, in a folder of their own.
pub fn rebuilt(path: &Path) -> Vec<(String, Vec<String>)> {
    let folder = super::folder();
    let views = Views::open(&folder.path().join("views")).unwrap();
    projection::catch_up(&views, Log::open_read_only(path).unwrap().reader(), |_| {}).unwrap();
    drop(views);
    dump(&folder.path().join("views"))
}

/// Every table of views with its rows in order; how full text is stored, and when the views were begun, is left out.
pub fn dump(views: &Path) -> Vec<(String, Vec<String>)> {
    let conn = Connection::open_with_flags(views, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search\\_%' ESCAPE '\\' ORDER BY name";
    let tables: Vec<String> = conn.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(tables.len() > 10, "these are no views: {tables:?}");
    tables.into_iter().map(|table| (table.clone(), rows_of(&conn, &table))).collect()
}

fn rows_of(conn: &Connection, table: &str) -> Vec<String> {
    let columns = if table == "cursor" { "seq, leaf" } else { "*" };
    let mut statement = conn.prepare(&format!("SELECT {columns} FROM {table}")).unwrap();
    let width = statement.column_count();
    let text = |row: &rusqlite::Row<'_>| {
        Ok((0..width).map(|column| format!("{:?}", row.get_ref(column).unwrap())).collect::<Vec<_>>().join(" | "))
    };
    let mut rows: Vec<String> = statement.query_map([], text).unwrap().map(Result::unwrap).collect();
    rows.sort();
    rows
}
