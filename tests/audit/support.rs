//! What these tests share: a log to look at, a printed seed, the one oracle that trusts nothing of the program.

use std::cell::Cell;
use std::path::Path;

pub use crate::random::Random;
use rusqlite::Connection;
use stancelog::Ledger;
use stancelog::event::{Micros, parse};
use stancelog::ledger::{Clock, Erasing, Finding, VerifyWanted};

/// A folder in memory where the machine has one, so that thousands of copies need no disk.
pub fn folder() -> tempfile::TempDir {
    let shm = Path::new("/dev/shm");
    if shm.is_dir() { tempfile::tempdir_in(shm).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// A clock that moves on by a second with each look at it.
pub struct Steady(Cell<i64>);

impl Steady {
    pub fn new() -> Box<Self> {
        Box::new(Self(Cell::new(1_700_000_000_000_000)))
    }
}

impl Clock for Steady {
    fn now(&self) -> Micros {
        self.0.set(self.0.get() + 1_000_000);
        Micros(self.0.get())
    }

    fn random(&self) -> [u8; 10] {
        let mut bytes = [7; 10];
        bytes[..8].copy_from_slice(&self.0.get().to_be_bytes());
        bytes
    }
}

/// A log of some 300 events of several types, one of them erased: more than one tile of leaves.
pub fn some_log(path: &Path) -> Ledger {
    let ledger = Ledger::open_with(path, Steady::new()).unwrap();
    let actions = ["backs", "opposes", "visits", "praises"];
    let event = |n: usize| {
        let (actor, target, action, day) = (n % 7, n % 5, actions[n % 4], 1 + n % 28);
        let said = format!(
            r#"{{"actor":"Actor {actor}","action":"{action}","target":"Target {target}","occurred":"2023-05-{day:02}","note":"{}"}}"#,
            "n".repeat(1 + n % 90)
        );
        parse(&said).unwrap()
    };
    ledger.append((0..140).map(event)).unwrap();
    ledger.append([parse(r#"{"type":"merge","from":"actor-6","into":"actor-5"}"#).unwrap()]).unwrap();
    ledger.append((140..150).map(event)).unwrap();
    erase(&ledger, &["40"]);
    ledger.append((150..280).map(event)).unwrap();
    ledger
}

pub fn erase(ledger: &Ledger, events: &[&str]) -> stancelog::ledger::Erased {
    let events: Vec<String> = events.iter().map(|event| (*event).to_owned()).collect();
    ledger.erase(&Erasing { events: &events, reason: "asked for", authority: "GDPR art. 17", recorded_by: None }).unwrap()
}

/// What a whole verification finds.
pub fn findings(ledger: &Ledger, wanted: &VerifyWanted) -> Vec<Finding> {
    let mut found = Vec::new();
    let keep = |finding| {
        found.push(finding);
        Ok(())
    };
    let verified = ledger.verify(wanted, |_| {}, keep).unwrap();
    assert_eq!(verified.findings, found.len() as u64);
    found
}

/// Closes the log so that its file holds everything.
pub fn close(path: &Path) {
    let conn = Connection::open(path).unwrap();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

/// Every value of every table as SQLite itself writes it out, layout and version included; nothing if it does not read.
pub fn dump(path: &Path) -> Option<String> {
    let conn = Connection::open(path).ok()?;
    let mut text = String::new();
    for pragma in ["application_id", "user_version"] {
        text.push_str(&format!("{}\n", conn.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).ok()?));
    }
    let queries = [
        "SELECT type || name || tbl_name || ifnull(sql, '') FROM sqlite_schema ORDER BY 1",
        "SELECT concat_ws(',', seq, quote(id), quote(recorded_at), quote(header), quote(leaf), quote(salt), quote(body)) FROM event ORDER BY seq",
        "SELECT quote(id) || seq FROM event INDEXED BY sqlite_autoindex_event_1 ORDER BY id",
        "SELECT concat_ws(',', quote(level), quote(place), quote(hashes)) FROM tile ORDER BY level, place",
        "SELECT concat_ws(',', seq, quote(erased_by)) FROM erasure ORDER BY seq",
        "SELECT concat_ws(',', version, quote(sha256)) FROM migration ORDER BY version",
        "SELECT concat_ws(',', one, quote(erased_by)) FROM scrub ORDER BY one",
    ];
    for query in queries {
        let mut statement = conn.prepare(query).ok()?;
        let mut rows = statement.query([]).ok()?;
        while let Some(row) = rows.next().ok()? {
            text.push_str(&row.get::<_, String>(0).ok()?);
            text.push('\n');
        }
    }
    Some(text)
}

impl Random {
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    /// A byte that changes another one when it is xored with it.
    pub fn flip(&mut self) -> u8 {
        1 + self.below(255) as u8
    }
}
