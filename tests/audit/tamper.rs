//! Whoever has the file can change it, triggers or not; a verification finds every change.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;
use stancelog::Ledger;
use stancelog::audit::{Finding, Kind, verify};
use stancelog::ledger::TreeHead;
use stancelog::log::Log;

use super::support::{Random, close, dump, folder, some_log};

const CASES: usize = 2_000;

/// What verifying a file comes to: refused, or so many findings.
fn verified(path: &Path) -> Option<Vec<Finding>> {
    verified_against(path, &[])
}

fn verified_against(path: &Path, trusted: &[TreeHead]) -> Option<Vec<Finding>> {
    let log = Log::open_read_only(path).ok()?;
    let mut found = Vec::new();
    let keep = |finding: Finding| {
        found.push(finding);
        Ok::<_, stancelog::audit::Error>(())
    };
    verify(&log, trusted, &mut |_| {}, keep).ok().map(|_| found)
}

/// One change through SQL, as text.
fn change(random: &mut Random) -> String {
    let seq = 1 + random.below(290);
    let other = 1 + random.below(290);
    let flip = |random: &mut Random, column: &str, length: usize| {
        let at = random.below(length);
        let byte = format!("{:02x}", random.flip());
        // SQLite has no xor: another byte is put there, which may by chance be the same; the caller looks.
        format!(
            "UPDATE event SET {column} = CAST(substr({column}, 1, {at}) || x'{byte}' || substr({column}, {at} + 2) AS BLOB) WHERE seq = {seq}"
        )
    };
    match random.below(30) {
        0 => flip(random, "header", 65),
        1 => flip(random, "leaf", 32),
        2 => flip(random, "salt", 16),
        3 => flip(random, "id", 16),
        4 => format!("UPDATE event SET body = substr(body, 1, 20) || 'x' || substr(body, 22) WHERE seq = {seq}"),
        5 => format!("UPDATE event SET body = body || ' ' WHERE seq = {seq}"),
        6 => format!("UPDATE event SET recorded_at = recorded_at + {} WHERE seq = {seq}", random.flip()),
        7 => format!("DELETE FROM event WHERE seq = {seq}"),
        8 => format!("DELETE FROM event WHERE seq > {}", 250 + random.below(40)),
        9 => format!("UPDATE event SET seq = {} WHERE seq = {seq}", 1_000 + random.below(100_000)),
        10 => format!("UPDATE event SET seq = -{other} WHERE seq = {seq}"),
        11 => format!(
            "UPDATE event SET seq = 100000 WHERE seq = {seq}; UPDATE event SET seq = {seq} WHERE seq = {other}; UPDATE event SET seq = {other} WHERE seq = 100000"
        ),
        12 => format!(
            "UPDATE event SET (header, leaf, salt, body) = (SELECT header, leaf, salt, body FROM event WHERE seq = {other}) WHERE seq = {seq}"
        ),
        13 => format!("UPDATE event SET salt = NULL, body = NULL WHERE seq = {seq}"),
        14 => format!("UPDATE event SET salt = NULL, body = NULL WHERE seq = {seq}; INSERT OR IGNORE INTO erasure VALUES ({seq}, {other})"),
        15 => "UPDATE event SET salt = zeroblob(16), body = '{\"type\":\"retract\"}' WHERE seq = 40".to_owned(),
        16 => "DELETE FROM erasure".to_owned(),
        17 => format!("UPDATE erasure SET erased_by = {other}"),
        18 => "INSERT INTO event SELECT max(seq) + 1, randomblob(16), recorded_at, header, leaf, salt, body FROM event".to_owned(),
        19 => {
            let at = 32 * random.below(200) + random.below(32);
            format!(
                "UPDATE tile SET hashes = CAST(substr(hashes, 1, {at}) || x'5a' || substr(hashes, {at} + 2) AS BLOB) WHERE level = 0 AND place = 0"
            )
        }
        20 => format!("UPDATE tile SET hashes = substr(hashes, 1, 32 * {}) WHERE place = {}", 1 + random.below(40), random.below(2)),
        21 => format!("DELETE FROM tile WHERE level = {}", random.below(2)),
        22 => format!("INSERT INTO tile VALUES ({}, {}, randomblob(64))", random.below(8), 2 + random.below(1000)),
        23 => format!("UPDATE migration SET sha256 = randomblob(32) WHERE version = {}", 1 + random.below(3)),
        24 => format!("DELETE FROM migration WHERE version = {}", 1 + random.below(3)),
        25 => format!("INSERT INTO migration VALUES ({}, randomblob(32))", 4 + random.below(9)),
        26 => format!("INSERT OR REPLACE INTO erasure VALUES ({seq}, {other})"),
        27 => format!("UPDATE erasure SET seq = {seq}"),
        28 => format!("UPDATE scrub SET {} = {}", ["one", "erased_by"][random.below(2)], random.below(300)),
        _ => ["DELETE FROM scrub", "INSERT INTO scrub VALUES (2, 165)", "DROP TABLE scrub", "DROP TABLE tile", "DROP TABLE erasure"]
            [random.below(5)]
        .to_owned(),
    }
}

/// Drops the triggers, makes a change, and puts the triggers back as they were, where their tables are still there.
fn behind_the_triggers(path: &Path, sql: &str) -> bool {
    let conn = Connection::open(path).unwrap();
    let mut statement = conn.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").unwrap();
    let triggers: Vec<(String, String)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    conn.execute_batch("PRAGMA ignore_check_constraints=ON").unwrap();
    triggers.iter().for_each(|(name, _)| conn.execute_batch(&format!("DROP TRIGGER {name}")).unwrap());
    let changed = conn.execute_batch(sql).is_ok();
    let put_back = triggers.iter().filter(|(_, sql)| conn.execute_batch(sql).is_ok()).count();
    assert!(put_back == triggers.len() || sql.starts_with("DROP TABLE"));
    changed
}

/// The kind of a change, for a count: what it does to which table.
fn kind(sql: &str) -> String {
    sql.split(' ').filter(|word| word.chars().all(|c| c.is_ascii_alphabetic())).take(3).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_change_of_rows_is_found_in_every_table() {
    let folder = folder();
    let (good, bad) = (folder.path().join("good.db"), folder.path().join("bad.db"));
    drop(some_log(&good));
    close(&good);
    let before = dump(&good).unwrap();
    assert_eq!(verified(&good).unwrap(), []);
    let mut random = Random::seeded("rows");
    let (mut tried, mut kinds) = (0, BTreeMap::new());
    while tried < CASES {
        let sql = change(&mut random);
        std::fs::copy(&good, &bad).unwrap();
        if !behind_the_triggers(&bad, &sql) || dump(&bad).as_ref() == Some(&before) {
            continue;
        }
        tried += 1;
        *kinds.entry(kind(&sql)).or_insert(0) += 1;
        let found = verified(&bad).unwrap_or_else(|| panic!("the file opens: {sql}"));
        assert!(!found.is_empty(), "{sql}");
        assert!(found.iter().all(|one| one.seq.is_some() || !one.table.is_empty()), "{sql}: {found:?}");
    }
    println!("{kinds:#?}");
    let tables = ["event", "erasure", "tile", "migration", "scrub"];
    assert!(tables.iter().all(|table| kinds.keys().any(|kind| kind.contains(table))), "each of the tables was changed: {kinds:?}");
}

#[test]
fn a_change_that_still_stands_in_the_journal_is_found() {
    let folder = folder();
    let (good, bad) = (folder.path().join("good.db"), folder.path().join("bad.db"));
    let ledger = some_log(&good);
    let wal = |path: &Path| path.with_extension("db-wal");
    assert!(std::fs::metadata(wal(&good)).unwrap().len() > 0, "the last events stand in the journal alone");
    let mut random = Random::seeded("journal");
    let (mut found, mut refused, mut cut_off) = (0, 0, 0);
    let (whole, before) = (verified(&good).unwrap(), std::fs::read(wal(&good)).unwrap());
    assert_eq!(whole, []);
    let head = ledger.status().unwrap().head;
    let trusted =
        [Ledger::read_checkpoint(ledger.checkpoint(&ledger.key().unwrap()).unwrap().to_string().as_bytes(), None).unwrap().head()];
    for _ in 0..CASES / 4 {
        std::fs::copy(&good, &bad).unwrap();
        let mut changed = before.clone();
        damage(&mut random, 4096, &mut changed);
        if changed == before {
            continue;
        }
        std::fs::write(wal(&bad), &changed).unwrap();
        let _ = std::fs::remove_file(bad.with_extension("db-shm"));
        // SQLite takes a damaged journal as one that ends there: what it held is as if it was never written. What is left is
        // an earlier state of the log, which a checkpoint that was kept elsewhere shows.
        match verified_against(&bad, &trusted) {
            None => refused += 1,
            Some(findings) if findings.iter().any(|one| one.kind == Kind::Rollback) => cut_off += 1,
            Some(findings) if !findings.is_empty() => found += 1,
            Some(_) => assert_eq!(Ledger::open_read_only(&bad).unwrap().status().unwrap().head, head, "nothing is missing"),
        }
    }
    println!("{found} found, {cut_off} found against the checkpoint, {refused} refused");
    assert!(found + cut_off + refused > CASES / 8);
}

#[test]
fn a_dropped_trigger_is_found() {
    let folder = folder();
    let path = folder.path().join("stances.db");
    drop(some_log(&path));
    let conn = Connection::open(&path).unwrap();
    let mut statement = conn.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").unwrap();
    let triggers: Vec<(String, String)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    assert_eq!(triggers.len(), 15);
    for (name, sql) in triggers {
        conn.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
        let found = verified(&path).unwrap();
        assert!(found.len() == 1 && found[0].expected.contains(&name), "{found:?}");
        conn.execute_batch(&sql.replace("RAISE(FAIL", "RAISE(IGNORE || FAIL").replace("IGNORE || ", "")).unwrap();
        assert_eq!(verified(&path).unwrap(), []);
    }
    conn.execute_batch("CREATE TRIGGER mine AFTER INSERT ON event BEGIN DELETE FROM erasure; END").unwrap();
    assert_eq!(verified(&path).unwrap().len(), 1);
}

/// One change of the file's bytes.
fn damage(random: &mut Random, page: usize, bytes: &mut Vec<u8>) {
    let at = random.below(bytes.len());
    match random.below(8) {
        0 => bytes.truncate(at),
        1 => {
            bytes.remove(at);
        }
        2 => bytes.insert(at, random.flip()),
        3 => {
            let end = (at + 1 + random.below(200)).min(bytes.len());
            bytes[at..end].fill(random.flip());
        }
        4 => {
            // Two pages change places.
            let pages = bytes.len() / page;
            let (one, other) = (at / page % pages, random.below(pages));
            let kept: Vec<u8> = bytes[one * page..][..page].to_vec();
            bytes.copy_within(other * page..(other + 1) * page, one * page);
            bytes[other * page..][..page].copy_from_slice(&kept);
        }
        _ => bytes[at] ^= random.flip(),
    }
}

#[test]
fn every_change_of_bytes_is_found_or_the_file_is_refused() {
    let folder = folder();
    let (good, bad) = (folder.path().join("good.db"), folder.path().join("bad.db"));
    drop(some_log(&good));
    close(&good);
    let (before, bytes) = (dump(&good).unwrap(), std::fs::read(&good).unwrap());
    let page = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let mut random = Random::seeded("bytes");
    let (mut found, mut refused, mut outside) = (0, 0, 0);
    while found + refused < CASES {
        let mut changed = bytes.clone();
        damage(&mut random, page, &mut changed);
        if changed == bytes {
            continue;
        }
        std::fs::write(&bad, &changed).unwrap();
        match verified(&bad) {
            None => refused += 1,
            Some(findings) if !findings.is_empty() => found += 1,
            // What no row, no index and no layout is made of: free space within pages, counters in the file's head.
            Some(_) => {
                assert_eq!(dump(&bad).as_ref(), Some(&before), "a change of what the tables hold was not found");
                outside += 1;
            }
        }
    }
    println!(
        "of {} changes {found} were found, {refused} files were refused, {outside} changed nothing that a table holds",
        found + refused + outside
    );
}
