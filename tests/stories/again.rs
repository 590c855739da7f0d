//! Again: telling the log what it knows changes nothing; telling it otherwise under the same id is a conflict.

use std::io::BufReader;

use serde_json::{Value, json};
use stancelog::Ledger;
use stancelog::event::parse;
use stancelog::ledger::{Asked, BatchOptions, Error, ErrorKind, LinesOptions, LinesOutcome, Seq};

use crate::support::desk::{article, article_lines};
use crate::support::{Desk, id_of};

fn append(ledger: &mut Ledger, lines: &str, options: LinesOptions) -> LinesOutcome {
    let input = BufReader::new(lines.as_bytes());
    ledger.append_lines(input, options, |line| panic!("line {}: {:?}", line.line, line.reason), |_| {}).unwrap()
}

#[test]
fn the_article_told_again_is_all_duplicates() {
    let mut desk = Desk::with_article();
    let head = desk.head();
    let told = article().len() as u64;
    let again = desk.ledger.append(article()).unwrap();
    assert_eq!((again.rows, again.appended, again.registered, again.duplicates, again.head), (told, 0, 0, told, head));
    let lines = article_lines().join("\n");
    for options in [LinesOptions::default(), LinesOptions { commit_every: Some(7), ..LinesOptions::default() }] {
        let summary = append(&mut desk.ledger, &lines, options).summary;
        assert_eq!((summary.rows, summary.appended, summary.duplicates, summary.head), (told, 0, told, head));
    }
}

#[test]
fn names_that_were_registered_on_the_way_make_no_difference_the_second_time() {
    let desk = Desk::new();
    let event = json!({"id": id_of(77), "actor": "Ann Dover", "action": "backs", "target": "The Tax", "occurred": "2022", "place": "Calais", "on_behalf_of": ["Bob"]});
    let draft = || parse(&event.to_string()).unwrap();
    let first = desk.ledger.append([draft()]).unwrap();
    assert_eq!((first.appended, first.registered), (1, 4));
    let second = desk.ledger.append([draft()]).unwrap();
    assert_eq!((second.appended, second.registered, second.duplicates), (0, 0, 1));
    // A merge and an alias later, the words still mean what they meant.
    desk.tell(json!({"type": "entity", "entity": "ann", "kind": "person", "name": "Ann", "aliases": ["A. Dover"]}));
    desk.tell(json!({"type": "merge", "from": "ann-dover", "into": "ann"}));
    assert_eq!(desk.ledger.append([draft()]).unwrap().duplicates, 1);
}

#[test]
fn other_content_under_a_known_id_is_a_conflict() {
    let desk = Desk::knowing(&["ann", "tax"]);
    let event = json!({"id": id_of(77), "actor": "ann", "action": "backs", "target": "tax", "occurred": "2022"});
    desk.tell(event.clone());
    let (head, seq) = (desk.head(), Seq(desk.head()));
    let changes: [(&str, Value); 6] = [
        ("action", json!("opposes")),
        ("occurred", json!("2022-01")),
        ("target", json!("somebody new")),
        ("note", json!("a remark")),
        ("confidence", json!(0.5)),
        ("on_behalf_of", json!(["ann"])),
    ];
    for (field, value) in changes {
        let mut other = event.clone();
        other[field] = value;
        let error = desk.ledger.append([parse(&other.to_string()).unwrap()]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(matches!(error, Error::IdReused { seq: at, .. } if at == seq), "{field}: {error}");
        assert_eq!(desk.head(), head, "nothing of it is there, no entity either: {field}");
    }
    let retract = json!({"id": id_of(77), "type": "retract", "event": id_of(77), "reason": "wrong"});
    let other_type = desk.ledger.append([parse(&retract.to_string()).unwrap()]).unwrap_err();
    assert_eq!(other_type.kind(), ErrorKind::Conflict, "{other_type}");
}

#[test]
fn one_id_twice_in_one_input_is_a_mistake() {
    let desk = Desk::new();
    let event = json!({"id": id_of(77), "actor": "ann", "action": "backs", "target": "tax", "occurred": "2022"});
    let twice = [parse(&event.to_string()).unwrap(), parse(&event.to_string()).unwrap()];
    let error = desk.ledger.append(twice).unwrap_err();
    assert!(error.to_string().contains("stands in this input already"), "{error}");
    assert_eq!(desk.head(), 0, "not even the vocabulary");
}

#[test]
fn whoever_expects_another_head_is_told_and_nothing_is_written() {
    let desk = Desk::knowing(&["ann", "tax"]);
    let head = desk.head();
    let draft = || parse(&json!({"actor": "ann", "action": "backs", "target": "tax", "occurred": "2022"}).to_string()).unwrap();
    let expecting = |seq| BatchOptions { expect_head: Some(Seq(seq)), ..BatchOptions::default() };
    for wrong in [head - 1, head + 1, 0] {
        let error = desk.ledger.append_with([draft()], expecting(wrong)).unwrap_err();
        assert_eq!((error.kind(), desk.head()), (ErrorKind::Conflict, head), "{error}");
    }
    assert_eq!(desk.ledger.append_with([draft()], expecting(head)).unwrap().head, head + 1);
    let empty = Desk::new();
    assert_eq!(empty.ledger.append_with([draft()], expecting(0)).unwrap().appended, 1);
}

#[test]
fn a_dry_run_shows_every_event_and_writes_none() {
    let mut desk = Desk::new();
    let lines = article_lines().join("\n");
    let dry = append(&mut desk.ledger, &lines, LinesOptions { dry_run: true, ..LinesOptions::default() });
    assert_eq!(desk.head(), 0);
    let wet = append(&mut desk.ledger, &lines, LinesOptions::default());
    assert_eq!(dry.summary.appended, wet.summary.appended);
    assert_eq!(dry.stored.len() as i64, wet.summary.head, "the vocabulary is shown as well");
    let mut stored = Vec::new();
    let keep = |row: stancelog::ledger::Row| {
        stored.push((row.seq, row.id, row.body.unwrap()));
        Ok(())
    };
    desk.ledger.events(&Default::default(), &Asked::default(), keep).unwrap();
    let shown: Vec<_> = dry.stored.into_iter().map(|one| (one.seq, one.id, one.body)).collect();
    assert_eq!(shown, stored);
}

#[test]
fn what_a_log_exports_makes_the_same_log() {
    let desk = Desk::with_article();
    desk.retracts("01860000-0000-7000-8000-000000000027");
    desk.tell(json!({"actor": "Somebody New", "action": "backs", "target": "Ukraine", "occurred": "2022~"}));
    let lines = |ledger: &Ledger| {
        let mut lines = Vec::new();
        let keep = |row: stancelog::ledger::Row| {
            let mut event: Value = serde_json::from_str(row.body.as_deref().unwrap()).unwrap();
            (event["id"], event["seq"], event["recorded_at"]) = (json!(row.id), json!(row.seq), json!(row.recorded_at.to_string()));
            lines.push((row.seq, row.id, row.body.unwrap(), event.to_string()));
            Ok(())
        };
        ledger.events(&Default::default(), &Asked::default(), keep).unwrap();
        lines
    };
    let exported = lines(&desk.ledger);
    let mut other = Desk::new();
    let input: Vec<&str> = exported.iter().map(|(_, _, _, line)| line.as_str()).collect();
    append(&mut other.ledger, &input.join("\n"), LinesOptions::default());
    let same = |(seq, id, body, _): &(Seq, stancelog::event::EventId, String, String)| (*seq, *id, body.clone());
    assert_eq!(exported.iter().map(same).collect::<Vec<_>>(), lines(&other.ledger).iter().map(same).collect::<Vec<_>>());
}
