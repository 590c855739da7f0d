//! The commands of an audit: wiring and exit codes.

use std::path::Path;
use std::process::{Command, Output};

use super::support::{close, folder, some_log};

fn run(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stancelog")).current_dir(folder).env_remove("STANCELOG_DB").args(words).output().unwrap()
}

fn code(folder: &Path, words: &[&str]) -> i32 {
    let output = run(folder, words);
    println!("{words:?}\n{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    output.status.code().unwrap()
}

#[test]
fn the_commands_end_as_they_should() {
    let folder = folder();
    let at = folder.path();
    drop(some_log(&at.join("stances.db")));
    assert_eq!(code(at, &["audit", "verify"]), 0);
    assert_eq!(code(at, &["audit", "checkpoint", "-o", "old.txt"]), 0);
    assert_eq!(code(at, &["record", "Ann", "backs", "Tax", "--on", "2024"]), 0);
    assert_eq!(code(at, &["audit", "verify", "--trusted-checkpoint", "old.txt"]), 0);
    assert_eq!(code(at, &["audit", "consistency", "old.txt"]), 0);
    assert_eq!(code(at, &["audit", "prove", "5", "--format", "json"]), 0);
    assert_eq!(
        code(
            at,
            &[
                "audit",
                "bundle",
                "Actor 1",
                "Target 1",
                "--as-of",
                "2023-05-10",
                "--known-at",
                "@200",
                "--rule",
                "majority",
                "-o",
                "b.json"
            ]
        ),
        0
    );
    let key = String::from_utf8(run(at, &["audit", "key"]).stdout).unwrap();
    assert_eq!(code(at, &["audit", "check", "b.json", "--key", key.trim()]), 0);
    std::fs::write(at.join("key.txt"), &key).unwrap();
    assert_eq!(code(at, &["audit", "check", "b.json", "--key", "key.txt"]), 0);
    let changed = std::fs::read_to_string(at.join("b.json")).unwrap().replacen("favor", "against", 1);
    std::fs::write(at.join("b.json"), changed).unwrap();
    assert_eq!(code(at, &["audit", "check", "b.json", "--key", "key.txt"]), 1);
    assert_eq!(code(at, &["audit", "check", "b.json", "--key", "rubbish"]), 2);
    assert_eq!(code(at, &["audit", "report", "Actor 1", "Target 1", "-o", "r.html"]), 0);
    assert_eq!(code(at, &["erase", "9", "10", "--reason", "asked", "--authority", "law", "--dry-run"]), 0);
    assert_eq!(code(at, &["erase", "9", "10", "--reason", "asked", "--authority", "law"]), 0);
    assert_eq!(code(at, &["erase", "9", "10", "--reason", "asked", "--authority", "law"]), 0);
    assert_eq!(code(at, &["backup", "copy.db"]), 0);
    assert_eq!(code(at, &["backup", "copy.db"]), 2);
    assert_eq!(code(at, &["--db", "copy.db", "audit", "verify", "--trusted-checkpoint", "old.txt"]), 0);
    assert_eq!(code(at, &["--db", "missing.db", "audit", "verify"]), 4);

    close(&at.join("copy.db"));
    let conn = rusqlite::Connection::open(at.join("copy.db")).unwrap();
    conn.execute_batch("DROP TRIGGER event_is_never_changed; UPDATE event SET recorded_at = 1 WHERE seq = 12").unwrap();
    drop(conn);
    let output = run(at, &["--db", "copy.db", "audit", "verify", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let findings: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(findings.as_array().unwrap().iter().any(|one| one["seq"] == 12 && one["kind"] == "order" && one["expected"].is_string()));
}
