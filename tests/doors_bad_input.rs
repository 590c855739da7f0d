//! Input that no transcript can hold: bytes that are no text, lines of megabytes, hundreds of bad lines. Each is refused
//! with exit code 2, is shown in lines that fit a screen, and leaves the log as it was.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// An event that stands in the log before each case.
const FIRST: &str =
    r#"{"id":"01860000-0000-7000-8000-000000000001","actor":"Ann","action":"backs","target":"Tax","occurred":"2024-01-01"}"#;
/// A line without a fault, for the company of faulty ones.
const GOOD: &str = r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024-01-02"}"#;

fn stancelog(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stancelog"));
    command.current_dir(folder).args(words).env("COLUMNS", "80").env_remove("STANCELOG_DB");
    command.output().unwrap()
}

/// Guards cli-2 for bad input, and ledger-3. Appends the bytes to a log that holds one event; returns the exit code, stdout and stderr. Checks that nothing of a
/// refused file is in the log.
fn refused(bytes: &[u8]) -> (Output, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("first.jsonl"), FIRST).unwrap();
    assert!(stancelog(folder.path(), &["append", "first.jsonl"]).status.success());
    let before = stancelog(folder.path(), &["export"]).stdout;
    fs::write(folder.path().join("bad.jsonl"), bytes).unwrap();
    let output = stancelog(folder.path(), &["append", "bad.jsonl", "--format", "json"]);
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(stancelog(folder.path(), &["export"]).stdout, before, "a refused file changed the log");
    let counts = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(counts.contains(r#""appended":0,"registered":0"#) && counts.contains(r#""head":4"#), "{counts}");
    for line in said.lines().filter(|line| line.contains(" | ")) {
        assert!(line.chars().count() <= 80, "wider than the screen: {line}");
    }
    (output, said)
}

#[test]
fn bytes_that_are_no_text_are_named_by_place_and_value() {
    let line = b"{\"actor\":\"Zo\xeb\",\"action\":\"backs\",\"target\":\"Tax\",\"occurred\":\"2024\"}\n";
    let (_, said) = refused(&[GOOD.as_bytes(), b"\n", line].concat());
    assert!(said.contains("not UTF-8: byte 13 of the line is 0xeb") && said.contains("bad.jsonl:2:13"), "{said}");
}

#[test]
fn a_line_that_is_cut_off_is_known_as_such() {
    let (_, said) = refused(format!("{GOOD}\n{}", &GOOD[..40]).as_bytes());
    assert!(said.contains("is the file cut off?") && said.contains("bad.jsonl:2:"), "{said}");
}

#[test]
fn a_line_of_megabytes_is_refused_without_being_shown_whole() {
    let long = format!(r#"{{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024","note":"{}"}}"#, "x".repeat(5 << 20));
    let (_, said) = refused(format!("{long}\n{GOOD}\n").as_bytes());
    assert!(said.contains("a line has at most 1048576") && said.contains("bad.jsonl:1:1"), "{said}");
    assert!(said.len() < 2_000, "{} bytes of complaint", said.len());
}

#[test]
fn a_long_line_is_shown_around_the_place_that_is_meant() {
    let long = format!(r#"{{"note":"{}","actor":"Ann","action":"bakcs","target":"Tax","occurred":"2024"}}"#, "é ".repeat(20_000));
    let (_, said) = refused(long.as_bytes());
    assert!(said.contains("\"bakcs\"") && said.contains("did you mean `backs`") && said.contains("bad.jsonl:1:40035"), "{said}");
    assert!(said.len() < 2_000, "{} bytes of complaint", said.len());
}

#[test]
fn fifty_bad_lines_are_shown_and_the_others_counted() {
    let (output, said) = refused("{\"actor\":\"Ann\"}\n".repeat(312).as_bytes());
    assert_eq!(said.matches(" --> bad.jsonl:").count(), 50);
    assert!(said.contains("and 262 more refused lines") && said.contains("312 lines are refused"), "{said}");
    assert!(String::from_utf8(output.stdout).unwrap().contains(r#""rejected":312"#));
}

#[test]
fn one_id_twice_in_a_file_is_a_mistake() {
    let line = FIRST.replace("000000000001", "000000000002");
    let (_, said) = refused(format!("{line}\n{line}\n").as_bytes());
    assert!(said.contains("stands in this input already") && said.contains("bad.jsonl:2:7"), "{said}");
}

#[test]
fn no_event_at_all_is_no_event() {
    for text in ["null", "[]", "5", "\"Ann backs Tax\"", "{}", "{\"type\":\"stance\"}", "\u{0}", "{\"actor\":\"Ann\"}}"] {
        let (_, said) = refused(text.as_bytes());
        assert!(said.starts_with("error: ") && said.contains("bad.jsonl:1:"), "{text}: {said}");
    }
}

#[test]
fn a_mark_at_the_beginning_and_blank_lines_are_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.jsonl"), format!("\u{feff}{GOOD}\r\n\r\n  \n{GOOD}")).unwrap();
    let output = stancelog(folder.path(), &["append", "good.jsonl", "--format", "json"]);
    let counts = String::from_utf8(output.stdout).unwrap();
    assert!(counts.contains(r#""rows":2,"appended":2"#), "{counts}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_could_not_be_read_is_kept_as_text_that_can_be() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.jsonl"), [b"\xff\xfe\n", GOOD.as_bytes()].concat()).unwrap();
    assert!(stancelog(folder.path(), &["append", "--keep-going", "bad.jsonl"]).status.success());
    let kept = fs::read_to_string(folder.path().join("bad.jsonl.rejects.jsonl")).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    assert_eq!(kept["text"], "\u{fffd}\u{fffd}");
    assert_eq!((&kept["reject"]["line"], &kept["reject"]["column"]), (&1.into(), &1.into()));
}

#[test]
fn refused_rows_are_told_in_lines_that_one_can_read_and_kept_whole() {
    let folder = tempfile::tempdir().unwrap();
    let long = "x".repeat(100_000);
    let rows: String = (0..25).map(|number| format!("Ann {number},{long},\"`{long}` `{number}`\"\n")).collect();
    fs::write(folder.path().join("people.csv"), format!("name,kind,wikidata\n{rows}Bob,person,\n")).unwrap();
    for words in [&["import", "entities", "people.csv", "-n"][..], &["import", "entities", "people.csv"]] {
        let output = stancelog(folder.path(), words);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && said.contains("… and 15 more refused rows"), "{said}");
        assert!(said.lines().count() < 15 && said.lines().all(|line| line.chars().count() < 500), "{} bytes of complaint", said.len());
    }
    let kept = fs::read_to_string(folder.path().join("people.csv.rejects.jsonl")).unwrap();
    assert!(kept.lines().count() == 25 && kept.lines().all(|line| line.contains(&long)));
}

#[test]
fn of_a_file_that_breaks_off_the_rows_before_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let people: String = (0..3).map(|number| format!("{{\"name\":\"Ann {number}\"}},\n")).collect();
    fs::write(folder.path().join("people.json"), format!("[{people}{{\"name\":")).unwrap();
    let output = stancelog(folder.path(), &["import", "entities", "people.json"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("3 rows of people.json recorded or refused before it could not be read on\nerror: cannot read"), "{said}");
    assert_eq!(stancelog(folder.path(), &["export", "--format", "csv"]).stdout.split(|byte| *byte == b'\n').count(), 6);
}
