//! The contract with everybody who keeps events: the schema that their lines satisfy, the bytes that are stored, the
//! hashes and ids made of them. None of it may change; a new form gets files beside these. And with everybody who reads
//! answers: the schema that each of them satisfies.
//!
//! `UPDATE=1 cargo test --test contract` writes `schema/event.schema.json` anew, and golden files that are not there yet;
//! it never changes a golden file.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answer;
mod described;
#[path = "../support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;
use stancelog::event::{self, EventId, EventType, Micros, Occurred, json_schema, parse, parse_stored, stored_json};
use stancelog::log::{Seq, body_hash, header, leaf_hash};

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn read(file: &str) -> String {
    std::fs::read_to_string(path(file)).unwrap_or_else(|e| panic!("{file}: {e}; see how to write it at the top of this test"))
}

fn is_update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// Compares a golden file with what the program makes now.
fn assert_golden(file: &str, made: &str) {
    if is_update() && !path(file).exists() {
        std::fs::write(path(file), made).unwrap();
    }
    let golden = read(file);
    for (number, (was, is)) in golden.lines().zip(made.lines()).enumerate() {
        assert_eq!(was, is, "line {} of {file} has to stay what it was", number + 1);
    }
    assert_eq!(golden, made, "{file}");
}

fn validator() -> Validator {
    jsonschema::validator_for(&json_schema()).unwrap()
}

#[test]
fn the_schema_on_disk_is_the_one_of_the_types() {
    let file = "schema/event.schema.json";
    let made = format!("{:#}\n", json_schema());
    if is_update() {
        std::fs::write(path(file), &made).unwrap();
    }
    assert!(read(file) == made, "{file} is stale; write it anew with UPDATE=1 cargo test --test contract");
}

#[test]
fn every_line_of_the_fixtures_satisfies_the_schema() {
    let validator = validator();
    for file in
        ["fixtures/article/registry.jsonl", "fixtures/article/events.jsonl", "fixtures/golden/events.jsonl", "fixtures/golden/stored.jsonl"]
    {
        for (number, line) in read(file).lines().enumerate() {
            let value: Value = serde_json::from_str(line).unwrap();
            let wrong: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
            assert!(wrong.is_empty(), "{file}:{}: {wrong:#?}", number + 1);
            assert!(parse(line).is_ok(), "{file}:{}", number + 1);
        }
    }
}

#[test]
fn what_the_schema_refuses_the_program_refuses_too() {
    let validator = validator();
    let bad = [
        r#"{}"#,
        r#"[]"#,
        r#"{"actor":"a","action":"backs","target":"b"}"#,
        r#"{"actor":5,"action":"backs","target":"b","occurred":"2022"}"#,
        r#"{"actor":"a","action":"backs","target":"b","occurred":"2022","colour":"red"}"#,
        r#"{"actor":"a","action":"backs","target":"b","occurred":2022}"#,
        r#"{"actor":"a","action":"backs","target":"b","occurred":"2022","times":-1}"#,
        r#"{"actor":"a","action":"backs","target":"b","occurred":"2022","on_behalf_of":"c"}"#,
        r#"{"actor":"a","action":"backs","target":"b","occurred":"2022","evidence":[{"uri":"x"}]}"#,
        r#"{"actor":"a","action":"backs","target":"b","occurred":"2022","evidence":[{"url":"x","selector":{"type":"TextPositionSelector","start":1}}]}"#,
        r#"{"type":"entity","entity":"a","kind":"persn","name":"A"}"#,
        r#"{"type":"entity","entity":"a","kind":"person"}"#,
        r#"{"type":"entity","entity":"a","kind":"motion","name":"A","stands_for":[{"target":"b","side":"neutral"}]}"#,
        r#"{"type":"claim","claim":"a"}"#,
        r#"{"type":"claim","claim":"a","text":"t","relations":[{"kind":"like","claim":"b"}]}"#,
        r#"{"type":"verdict","claim":"a","reviewer":"b","label":"c","rating":"maybe"}"#,
        r#"{"type":"action","action":"a","label":"a","toward":"thing"}"#,
        r#"{"type":"merge","from":"a"}"#,
        r#"{"type":"retract","reason":"r"}"#,
        r#"{"type":"erase","events":[],"reason":"r"}"#,
        r#"{"type":"stanse","actor":"a","action":"backs","target":"b","occurred":"2022"}"#,
    ];
    for line in bad {
        assert!(!validator.is_valid(&serde_json::from_str(line).unwrap()), "the schema takes {line}");
        assert!(parse(line).is_err(), "the program takes {line}");
    }
}

#[test]
fn stored_bytes_are_what_they_were() {
    let (mut stored, mut types) = (String::new(), Vec::new());
    for line in read("fixtures/golden/events.jsonl").lines() {
        let draft = parse(line).unwrap();
        event::check(&draft.body, &draft.common).unwrap();
        types.push(draft.body.event_type());
        stored.push_str(&stored_json(&draft.body, &draft.common).unwrap());
        stored.push('\n');
    }
    assert_eq!(types, EventType::ALL, "the golden events have one of each type, in their order");
    assert_golden("fixtures/golden/stored.jsonl", &stored);
    for line in stored.lines() {
        let event = parse_stored(EventId::from_bytes([0; 16]), line).unwrap();
        assert_eq!(stored_json(&event.body, &event.common).unwrap(), line, "read back, it is written the same");
    }
}

#[test]
fn a_number_is_stored_as_it_was_given() {
    let table = [
        "0.1",
        "0.8",
        "1.0",
        "0.0",
        "0.13436424411240122",
        "0.8474337369372327",
        "0.763774618976614",
        "0.2550690257394217",
        "0.49543508709194095",
    ];
    for given in table {
        let line = format!(r#"{{"actor":"a","action":"backs","target":"b","occurred":"2022","confidence":{given}}}"#);
        let draft = parse(&line).unwrap();
        let stored = stored_json(&draft.body, &draft.common).unwrap();
        assert!(stored.ends_with(&format!(r#","confidence":{given}}}"#)), "{given} is stored as {stored}");
    }
    // The schema's validator, which only the tests are built with, has serde_json read numbers exactly. Users' builds must too.
    let manifest = read("Cargo.toml");
    let reader = manifest.lines().find(|line| line.starts_with("serde_json")).unwrap();
    assert!(reader.contains("float_roundtrip"), "without it one number in ten is stored otherwise in its last digit: {reader}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn headers_and_leaves_are_what_they_were() {
    let mut made = String::from("# seq recorded_at id salt: the header, the leaf; the body is the line of stored.jsonl\n");
    for (number, body) in (1i64..).zip(read("fixtures/golden/stored.jsonl").lines()) {
        let (seq, recorded_at) = (Seq(number * 1_000_003), Micros(1_675_209_600_000_000 - number * number));
        let (id, salt) = (EventId::from_bytes([number as u8 * 17; 16]), [number as u8; 16]);
        let header = header(seq, id, recorded_at, &body_hash(&salt, body.as_bytes()));
        let (header_hex, leaf) = (hex(&header), hex(&leaf_hash(&header)));
        made.push_str(&format!("{seq} {} {id} {}\n{header_hex}\n{leaf}\n", recorded_at.0, hex(&salt)));
    }
    assert_golden("fixtures/golden/leaves.txt", &made);
}

#[test]
fn the_vocabulary_of_plover_keeps_its_id() {
    let id = event::vocabulary_id(&event::plover().unwrap()).unwrap();
    assert_golden("fixtures/golden/plover-id.txt", &format!("{id} the types and modes of PLOVER\n"));
}

#[test]
fn ids_made_of_content_are_what_they_were() {
    let day = |date: &str| Occurred::parse(date).unwrap().earliest();
    let of = |date: &str, parts: &[&str]| EventId::of_content(day(date), &parts.iter().map(|part| part.as_bytes()).collect::<Vec<_>>());
    let mut made = String::new();
    let built_in = [("the everyday words", event::built_in()), ("the codes of CAMEO", event::cameo())];
    for (name, vocabulary) in built_in {
        made.push_str(&format!("{} {name}\n", event::vocabulary_id(&vocabulary.unwrap()).unwrap()));
    }
    for (date, parts) in [
        ("2014-01-01", &["icews", "2014-01-01", "France", "051", "Mali"][..]),
        ("1969-12-31", &["icews", "1969-12-31", "Citizen (São Tomé)", "042", ""]),
        ("2022", &[]),
        ("2022", &["a", "bc"]),
        ("2022", &["ab", "c"]),
    ] {
        made.push_str(&format!("{} {date} {parts:?}\n", of(date, parts)));
    }
    assert_golden("fixtures/golden/ids.txt", &made);
}
