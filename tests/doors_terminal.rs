//! What a terminal and a shell do to a program: pipes that close, disks that are full, streams that are joined; and the
//! tour, which runs like a session in one.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const FIXTURES: [&str; 2] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/article/registry.jsonl"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/article/events.jsonl"),
];

fn stancelog(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stancelog"));
    command.current_dir(folder).env("COLUMNS", "80").env_remove("STANCELOG_DB");
    command
}

fn run(folder: &Path, words: &[&str]) -> Output {
    stancelog(folder).args(words).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with the article in its log.
fn article() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["append", "--quiet", FIXTURES[0], FIXTURES[1]]).status.success());
    folder
}

/// Guards cli-5.
#[test]
fn a_closed_pipe_ends_every_command_quietly() {
    let folder = article();
    let many: String =
        (0..20_000).map(|n| format!("{{\"actor\":\"A{n}\",\"action\":\"backs\",\"target\":\"Tax\",\"occurred\":\"2024\"}}\n")).collect();
    fs::write(folder.path().join("many.jsonl"), many).unwrap();
    assert!(run(folder.path(), &["append", "--quiet", "many.jsonl"]).status.success());
    for words in [
        &["export"][..],
        &["export", "--format", "csv"],
        &["export", "--format", "json"],
        &["export", "stances"],
        &["export", "stances", "--format", "csv"],
        &["events", "--limit", "20000"],
        &["entities", "--limit", "20000"],
        &["sides", "Tax"],
        &["append", "--dry-run", "many.jsonl"],
    ] {
        let mut child = stancelog(folder.path()).args(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        // The reader goes away after one line, as `head -1` does.
        BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = text(&output.stderr);
        assert!(!line.is_empty() && output.status.success() && !said.contains("panic") && !said.contains("error"), "{words:?}: {said}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn an_answer_that_cannot_be_written_is_no_success() {
    let folder = article();
    for words in [&["--help"][..], &["export"], &["status"], &["stance", "Johnson", "Ukraine"], &["sides", "Ukraine", "--format", "csv"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = stancelog(folder.path()).args(words).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(4), "{words:?}");
        assert!(text(&output.stderr).contains("cannot write the answer"), "{words:?}");
    }
}

#[test]
fn the_log_written_out_and_appended_to_an_empty_one_is_the_same_log() {
    let folder = article();
    let log = run(folder.path(), &["export"]).stdout;
    let mut child = stancelog(folder.path())
        .args(["--db", "copy.db", "append", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&log).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let copy = run(folder.path(), &["--db", "copy.db", "export"]).stdout;
    let without_time = |log: &[u8]| -> Vec<serde_json::Value> {
        let lines = text(log);
        let events = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        events
            .map(|mut event| {
                event.as_object_mut().unwrap().remove("recorded_at");
                event
            })
            .collect()
    };
    assert_eq!(without_time(&copy), without_time(&log));
}

#[test]
fn the_dry_run_of_several_files_knows_what_the_first_ones_define() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["append", "--dry-run", FIXTURES[0], FIXTURES[1]]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout).lines().count(), 65, "the vocabulary that a new log begins with, and 64 events");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "a dry run leaves nothing");
}

#[test]
fn the_tour_runs_ten_commands_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["demo"]);
    let said = text(&output.stdout);
    assert!(output.status.success() && output.stderr.is_empty(), "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("$ stancelog ")).count(), 10);
    assert!(!said.contains("error") && !said.contains("--db"), "{said}");
    assert!(said.lines().all(|line| line.chars().count() <= 90), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn every_command_has_help_with_an_example() {
    let folder = tempfile::tempdir().unwrap();
    let mut open = vec![Vec::<String>::new()];
    let mut seen = 0;
    while let Some(command) = open.pop() {
        let output = stancelog(folder.path()).args(&command).arg("--help").output().unwrap();
        let help = text(&output.stdout);
        assert!(output.status.success(), "{command:?}");
        assert!(help.contains("\nExample") || command.is_empty(), "`{}` has no example", command.join(" "));
        assert!(help.lines().all(|line| line.chars().count() <= 80), "`{}` is wider than a screen", command.join(" "));
        let listed = help.split_once("Commands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap_or(""));
        for line in listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
            let word = line.split_whitespace().next().unwrap();
            if word != "help" {
                open.push(command.iter().cloned().chain([word.to_owned()]).collect());
            }
        }
        seen += 1;
    }
    assert!(seen > 20, "only {seen} commands were found");
}

#[test]
fn pages_and_completions_come_from_the_commands_themselves() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(folder.path(), &["completions", shell]);
        assert!(script.status.success() && text(&script.stdout).contains("retract"), "{shell}");
    }
    assert!(text(&run(folder.path(), &["man"]).stdout).contains(".TH"));
    assert!(run(folder.path(), &["man", "--out", "."]).status.success());
    assert!(folder.path().join("stancelog-record.1").exists());
    assert_eq!(run(folder.path(), &["man", "--out", "nowhere"]).status.code(), Some(2));
}
