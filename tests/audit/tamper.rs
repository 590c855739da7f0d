//! Whoever has the file can change it, triggers or not; a verification finds every change.

use std::path::Path;

use rusqlite::Connection;
use stancelog::audit::{Finding, verify};
use stancelog::log::Log;

use super::support::{Random, close, dump, folder, some_log};

const CASES: usize = 1_000;

/// What verifying a file comes to: refused, or so many findings.
fn verified(path: &Path) -> Option<Vec<Finding>> {
    let log = Log::open_read_only(path).ok()?;
    let mut found = Vec::new();
    let keep = |finding: Finding| {
        found.push(finding);
        Ok::<_, stancelog::audit::Error>(())
    };
    verify(log.reader(), &[], &mut |_| {}, keep).ok().map(|_| found)
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
    match random.below(24) {
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
        _ => format!("UPDATE migration SET sha256 = randomblob(32) WHERE version = {}", 1 + random.below(2)),
    }
}

/// Drops the triggers, makes a change, and puts the triggers back as they were.
fn behind_the_triggers(path: &Path, sql: &str) -> bool {
    let conn = Connection::open(path).unwrap();
    let mut statement = conn.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").unwrap();
    let triggers: Vec<(String, String)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    conn.execute_batch("PRAGMA ignore_check_constraints=ON").unwrap();
    triggers.iter().for_each(|(name, _)| conn.execute_batch(&format!("DROP TRIGGER {name}")).unwrap());
    let changed = conn.execute_batch(sql).is_ok();
    triggers.iter().for_each(|(_, sql)| conn.execute_batch(sql).unwrap());
    changed
}

#[test]
fn a_thousand_changes_of_rows_are_all_found() {
    let folder = folder();
    let (good, bad) = (folder.path().join("good.db"), folder.path().join("bad.db"));
    drop(some_log(&good));
    close(&good);
    let before = dump(&good).unwrap();
    assert_eq!(verified(&good).unwrap(), []);
    let mut random = Random::seeded("rows");
    let mut tried = 0;
    while tried < CASES {
        let sql = change(&mut random);
        std::fs::copy(&good, &bad).unwrap();
        if !behind_the_triggers(&bad, &sql) || dump(&bad).as_ref() == Some(&before) {
            continue;
        }
        tried += 1;
        let found = verified(&bad).unwrap_or_else(|| panic!("the file opens: {sql}"));
        assert!(!found.is_empty(), "{sql}");
        assert!(found.iter().all(|one| one.seq.is_some() || !one.table.is_empty()), "{sql}: {found:?}");
    }
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
    assert_eq!(triggers.len(), 12);
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
fn damage(random: &mut Random, bytes: &mut Vec<u8>) {
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
            let (pages, one) = (bytes.len() / 4096, at / 4096);
            let other = random.below(pages);
            let page: Vec<u8> = bytes[one * 4096..][..4096].to_vec();
            bytes.copy_within(other * 4096..(other + 1) * 4096, one * 4096);
            bytes[other * 4096..][..4096].copy_from_slice(&page);
        }
        _ => bytes[at] ^= random.flip(),
    }
}

#[test]
fn a_thousand_changes_of_bytes_are_found_or_the_file_is_refused() {
    let folder = folder();
    let (good, bad) = (folder.path().join("good.db"), folder.path().join("bad.db"));
    drop(some_log(&good));
    close(&good);
    let (before, bytes) = (dump(&good).unwrap(), std::fs::read(&good).unwrap());
    let mut random = Random::seeded("bytes");
    let (mut found, mut refused, mut outside) = (0, 0, 0);
    while found + refused < CASES {
        let mut changed = bytes.clone();
        damage(&mut random, &mut changed);
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
