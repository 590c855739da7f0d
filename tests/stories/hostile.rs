//! Hostile input: whatever a line holds, it is recorded or refused with its reason; nothing breaks.

use serde_json::{Value, json};
use stancelog::event::{explain, parse};
use stancelog::ledger::{Asked, BadLine, LinesOptions};

use crate::support::Desk;

fn backs(actor: &str) -> Value {
    json!({"actor": actor, "action": "backs", "target": "tax", "occurred": "2022"})
}

/// The lines that an input's bad lines are, with their reasons.
fn refused(desk: &mut Desk, input: &[u8]) -> Vec<(u64, String)> {
    let head = desk.head();
    let mut bad: Vec<(u64, String)> = Vec::new();
    let reject = |BadLine { line, text, reason }: BadLine| {
        assert!(text.len() <= 1 << 20, "{} bytes are kept of line {line}", text.len());
        bad.push((line, format!("{reason:?}")));
        Ok(())
    };
    let outcome = desk.ledger.append_lines(input, LinesOptions::default(), reject, |_| {}).unwrap();
    assert!(outcome.refused && desk.head() == head, "{outcome:?}");
    bad
}

#[test]
fn names_too_long_or_with_control_characters_are_refused_in_a_short_sentence() {
    let desk = Desk::new();
    let megabyte = "x".repeat(1_000_000);
    let table = [
        (megabyte.as_str(), "a name has at most 1000"),
        ("", "is empty"),
        (" \t\n ", "is empty"),
        ("Ann\u{0}Dover", "U+0000"),
        ("Ann\u{1b}[31mDover", "U+001B"),
        ("Ann\u{7f}", "U+007F"),
        ("Ann\u{85}\u{9b}31m", "U+009B"),
    ];
    for (name, reason) in table {
        let said = desk.refuses(backs(name));
        assert!(said.contains(reason) && said.len() < 300, "{said}");
        let mut entity = json!({"type": "entity", "entity": "ann", "kind": "person", "name": "Ann"});
        entity["aliases"] = json!([name]);
        assert!(desk.refuses(entity).contains(reason));
    }
    desk.tell(backs(&"x".repeat(1_000)));
    assert!(
        desk.ledger.stances(&megabyte, &Asked::default()).unwrap_err().to_string().len() < 300,
        "a question is answered in a short sentence, too"
    );
}

#[test]
fn texts_have_a_bound_too() {
    let desk = Desk::new();
    let mut event = backs("ann");
    event["note"] = json!("n".repeat(65_537));
    assert!(desk.refuses(event.clone()).contains("a text has at most 65536"));
    event["note"] = json!("n".repeat(65_536));
    desk.tell(event);
}

#[test]
fn years_out_of_reach_and_days_that_do_not_exist_are_refused() {
    let dates = [
        "Y17E7",
        "Y170000002",
        "-Y99999999",
        "2022-13",
        "2023-02-30",
        "2022-02-24/2021",
        "0000-00-00",
        "2022-1-1",
        "24.02.2022",
        "tomorrow",
        "",
        "..",
        "../..",
        "2022-02-24T25:00:00Z",
        "\u{ff12}022",
    ];
    for date in dates {
        let mut event = backs("ann");
        event["occurred"] = json!(date);
        let line = event.to_string();
        match parse(&line) {
            Err(error) => assert_eq!(explain(&line, &error).field, "occurred", "{date}: {error}"),
            // Both ends open says nothing, and is EDTF.
            Ok(_) => assert_eq!(date, "../..", "taken"),
        }
    }
}

#[test]
fn the_earliest_and_the_latest_year_can_be_recorded_and_asked_for() {
    let desk = Desk::knowing(&["ann", "tax"]);
    for date in ["-9999", "Y-200000", "Y200000", "9999-12-31", "../2022", "2022/..", "-0044-03-15"] {
        desk.says("ann", "backs", "tax", date);
        assert_eq!(desk.stance("ann", "tax", &crate::support::at(date)).0, "favor", "{date}");
    }
    assert_eq!(desk.answer("ann", "tax", &Asked::default()).counts.values().sum::<u64>(), 7);
}

#[test]
fn broken_lines_are_told_each_with_its_number() {
    let mut desk = Desk::new();
    let deep = format!(r#"{{"actor":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let long = backs(&"x".repeat(2_000_000)).to_string();
    let mut input = Vec::new();
    let good = backs("ann").to_string();
    for line in [
        good.as_bytes(),
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe{",
        deep.as_bytes(),
        long.as_bytes(),
        b"{\"actor\":\"a\",\"actor\":\"b\"}",
        b"",
        good.as_bytes(),
        b"{\"actor\":\"\\ud800\"}",
    ] {
        input.extend_from_slice(line);
        input.push(b'\n');
    }
    input.extend_from_slice(br#"{"actor":"ann","action":"ba"#);
    let bad = refused(&mut desk, &input);
    assert_eq!(bad.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7, 8, 11, 12], "{bad:#?}");
    let reason = |line: u64| bad.iter().find(|(number, _)| *number == line).map(|(_, reason)| reason.as_str()).unwrap();
    assert!(reason(5).contains("not UTF-8"), "{}", reason(5));
    assert!(reason(7).contains("a line has at most"), "{}", reason(7));
    assert!(reason(12).contains("cut off"), "{}", reason(12));
    assert!(bad.iter().all(|(_, reason)| reason.len() < 1_000));
}

#[test]
fn numbers_out_of_range_and_fields_nobody_knows_are_refused() {
    let desk = Desk::new();
    for (field, value) in [("confidence", json!(1.01)), ("confidence", json!(-0.1)), ("times", json!(0))] {
        let mut event = backs("ann");
        event[field] = value;
        desk.refuses(event);
    }
    for line in [
        r#""confidence":1e999"#,
        r#""confidence":NaN"#,
        r#""times":-1"#,
        r#""times":4294967296"#,
        r#""colour":"red""#,
        r#""id":"x""#,
        r#""replaces":"7""#,
    ] {
        let line = backs("ann").to_string().replacen('{', &format!("{{{line},"), 1);
        assert!(parse(&line).is_err(), "{line}");
    }
    let evidence = [
        json!([{}]),
        json!([{"url": ""}]),
        json!([{"source": "Not A Slug"}]),
        json!([{"source": "a", "selector": {"type": "TextPositionSelector", "start": 5, "end": 5}}]),
    ];
    for evidence in evidence {
        let mut event = backs("ann");
        event["evidence"] = evidence;
        desk.refuses(event);
    }
}

#[test]
fn what_looks_like_sql_or_a_slug_is_only_a_name() {
    let desk = Desk::new();
    for name in [
        "'; DROP TABLE event; --",
        "%",
        "_",
        "\" OR 1=1",
        "claim",
        "claim: theft",
        "NULL",
        "-",
        "a--b",
        "../../etc/passwd",
        "\u{202e}nnA",
        "x' ESCAPE '",
    ] {
        desk.tell(backs(name));
        assert_eq!(desk.now(name, "tax"), "favor", "{name}");
        desk.ledger.entities(Some(name), 10, &Asked::default()).unwrap();
        desk.ledger.search(name, 10, &Asked::default()).unwrap();
    }
    for search in ["\"", "*", "NEAR(a b)", "a OR b AND NOT", "name:", "^", "\u{0}", "(", "-"] {
        desk.ledger.search(search, 10, &Asked::default()).unwrap_or_else(|e| panic!("{search:?}: {e}"));
    }
}
