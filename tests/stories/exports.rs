//! Exports: what goes out as JSON Lines or as CloudEvents and comes in again is the same log; what is derived does not come in.

use std::io::BufReader;

use serde_json::{Value, json};
use stancelog::event::{EventType, built_in};
use stancelog::ledger::{Asked, Erasing, EventsWanted, LinesOptions, Recorded, Row, derived_message, event_message, recorded_json};

use crate::support::{Desk, Dice, id_of};

/// The log as lines, each made of a row and its JSON.
fn lines(desk: &Desk, line: impl Fn(&Row, String) -> String) -> String {
    let mut all = String::new();
    desk.ledger
        .events(&EventsWanted::default(), &Asked::default(), |row| {
            let json = match row.body {
                Some(_) => recorded_json(&row),
                None => serde_json::to_string(&desk.ledger.gone(&row)?).unwrap(),
            };
            all.push_str(&line(&row, json));
            all.push('\n');
            Ok(())
        })
        .unwrap();
    all
}

fn as_cloud_event(row: &Row, json: &str) -> String {
    let event = Recorded::read(row).unwrap().event;
    event_message(row, &event.map_or("erased".to_owned(), |event| event.body.event_type().to_string()), json).unwrap()
}

/// The ids and contents of a log, in order.
fn content(desk: &Desk) -> Vec<(i64, String, Option<String>)> {
    let mut rows = Vec::new();
    desk.ledger
        .events(&EventsWanted::default(), &Asked::default(), |row| {
            rows.push((row.seq.0, row.id.to_string(), row.body));
            Ok(())
        })
        .unwrap();
    rows
}

fn stances(desk: &Desk) -> Vec<String> {
    let mut all = Vec::new();
    desk.ledger
        .every_stance(&Asked::default(), stancelog::ledger::Detail::Full, |answer| {
            all.push(serde_json::to_string(&answer).unwrap());
            Ok(())
        })
        .unwrap();
    all
}

/// Takes lines into a new log, which then must be the same.
fn comes_back(desk: &Desk, lines: &str) {
    let mut copy = Desk::new();
    let refuse = |bad: stancelog::ledger::BadLine| panic!("line {}: {:?}\n{}", bad.line, bad.reason, bad.text);
    copy.ledger.append_lines(BufReader::new(lines.as_bytes()), LinesOptions::default(), refuse, |_| {}).unwrap();
    let (there, here) = (content(desk), content(&copy));
    assert_eq!(there.len(), here.len());
    for (one, other) in there.iter().zip(&here) {
        assert_eq!(one, other);
    }
    assert_eq!(stances(desk), stances(&copy));
}

/// An event of every type, one of them erased, one taken back.
fn every_type(desk: &Desk) {
    desk.tell(json!({"type": "source", "source": "paper", "title": "A paper", "url": "https://paper.example/1", "published": "2024-02"}));
    desk.tell(json!({"type": "entity", "entity": "ann", "kind": "person", "name": "Ann \"Ä\" \u{202e}", "aliases": ["A", {"name": "B", "from": "2020"}],
        "roles": [{"title": "MP", "from": "2019"}], "identifiers": {"wikidata": "Q1"}}));
    desk.tell(
        json!({"type": "entity", "entity": "bill", "kind": "motion", "name": "Bill", "stands_for": [{"target": "tax", "side": "favor"}]}),
    );
    desk.tell(json!({"type": "action", "action": "cheers", "label": "cheers", "toward": "entity", "tier": "implied", "side": "favor", "codes": {"cameo": ["051", "052"]}}));
    desk.tell(json!({"type": "vocabulary", "name": "more", "version": "2", "actions": [{"action": "boos", "label": "boos", "toward": "entity", "tier": "implied", "side": "against"}]}));
    desk.tell(
        json!({"type": "claim", "claim": "leak", "text": "It leaked.", "about": {"actor": "ann", "action": "cheers", "target": "tax"}}),
    );
    desk.tell(
        json!({"type": "verdict", "claim": "leak", "reviewer": "ann", "label": "Mostly false", "rating": "false", "published": "2024"}),
    );
    let act = desk.tell(json!({"actor": "ann", "action": "boos", "target": "tax", "occurred": "2024-02~", "on_behalf_of": ["dan"], "place": "Calais", "times": 3,
        "confidence": 0.1, "codes": {"goldstein": "-2.0"}, "note": "line\nbreak", "evidence": [{"source": "paper", "selector": {"type": "TextQuoteSelector", "exact": "x"}}]}));
    desk.tell(json!({"actor": "ann", "action": "cheers", "target": "tax", "occurred": "2024-02", "replaces": act}));
    desk.tell(json!({"type": "merge", "from": "dan", "into": "ann", "reason": "one person"}));
    desk.retracts(&id_of(10));
}

#[test]
fn a_log_of_every_type_of_event_comes_back_the_same_by_lines_and_by_cloud_events() {
    let desk = Desk::new();
    every_type(&desk);
    desk.ledger.erase(&Erasing { events: &[id_of(8)], reason: "asked", authority: "a court", recorded_by: None }).unwrap();
    let mut types = std::collections::BTreeSet::new();
    desk.ledger
        .events(&EventsWanted::default(), &Asked::default(), |row| {
            types.extend(row.event()?.map(|event| event.body.event_type().to_string()));
            Ok(())
        })
        .unwrap();
    assert_eq!(types.len(), EventType::ALL.len(), "{types:?}");
    comes_back(&desk, &lines(&desk, |_, json| json));
    comes_back(&desk, &lines(&desk, |row, json| as_cloud_event(row, &json)));
}

#[test]
fn thousands_of_random_events_come_back_the_same() {
    let (desk, mut dice) = (Desk::new(), Dice::roll());
    every_type(&desk);
    let words: Vec<String> = built_in().unwrap().actions.into_iter().filter(|one| one.tier.is_some()).map(|one| one.action).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let names = ["Ann", "Bob \"B.\" Őry", "Cid\u{200d}", "The Tax", "war", "中文 \\ 名", "bill"];
    let dates = ["2022", "2022-02~", "../2021", "2023-01-05/..", "2023-01-05T10:00:00Z", "2022-21", "-0044-03-15"];
    let notes = ["plain", "a\u{0}b", "line\r\nbreak\u{2028}", "\u{feff}bom", "{\"seq\":1}", "\u{1F600}"];
    let mut told: Vec<stancelog::event::Draft> = Vec::new();
    for number in 100..4100 {
        let mut event: Value = json!({"id": id_of(number), "actor": dice.one_of(&names), "action": dice.one_of(&words), "target": dice.one_of(&names), "occurred": dice.one_of(&dates)});
        if dice.below(3) == 0 {
            event["note"] = json!(dice.one_of(&notes));
        }
        if dice.below(5) == 0 {
            event["confidence"] = json!(f64::from(u32::try_from(dice.below(1 << 20)).unwrap()) / f64::from(1 << 20));
        }
        if number > 200 && dice.below(20) == 0 {
            event = json!({"type": "retract", "id": id_of(number), "event": id_of(100 + dice.below(100)), "reason": "random"});
        }
        told.push(stancelog::event::parse(&event.to_string()).unwrap_or_else(|e| panic!("{event}: {e}")));
    }
    desk.ledger.append(told).unwrap();
    let erased: Vec<String> = (0..5).map(|_| id_of(100 + dice.below(4000))).collect();
    desk.ledger.erase(&Erasing { events: &erased, reason: "asked", authority: "a court", recorded_by: None }).unwrap();
    comes_back(&desk, &lines(&desk, |_, json| json));
    comes_back(&desk, &lines(&desk, |row, json| as_cloud_event(row, &json)));
}

#[test]
fn what_is_derived_does_not_come_in_as_an_event() {
    let mut desk = Desk::new();
    let message =
        derived_message("stance", "ann/tax", "/v1/stances?known_at=@4&rule=latest", r#"{"actor":"ann","target":"tax","stance":"favor"}"#);
    let message = message.unwrap();
    assert_eq!(
        message,
        derived_message("stance", "ann/tax", "/v1/stances?known_at=@4&rule=latest", r#"{"actor":"ann","target":"tax","stance":"favor"}"#)
            .unwrap()
    );
    let mut said = Vec::new();
    let refuse = |bad: stancelog::ledger::BadLine| {
        said.push(format!("{:?}", bad.reason));
        Ok(())
    };
    desk.ledger.append_lines(BufReader::new(message.as_bytes()), LinesOptions::default(), refuse, |_| {}).unwrap();
    assert!(said.len() == 1 && said[0].contains("a stance is derived from a log, and is no event"), "{said:?}");
    assert_eq!(desk.head(), 0);
}

#[test]
fn what_is_wrong_with_an_envelope_is_told_of_the_envelope() {
    let mut desk = Desk::new();
    let event = r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#;
    let around = |id: &str, data: &str| format!(r#"{{"specversion":"1.0","id":"{id}","source":"/x","type":"t","data":{data}}}"#);
    let own = event.replacen('{', r#"{"id":"01860000-0000-7000-8000-000000000001","#, 1);
    let lines = [around("a", event), around("a", event), around("b", &own), around("c", &own), around("d", "null")].join("\n");
    let mut said = Vec::new();
    let refuse = |bad: stancelog::ledger::BadLine| {
        let stancelog::ledger::BadLineReason::Refused(reason) = &bad.reason else { panic!("{bad:?}") };
        said.push((bad.line, reason.field.clone(), reason.span.clone().map(|span| bad.text[span].to_owned()), reason.message.clone()));
        Ok(())
    };
    desk.ledger.append_lines(BufReader::new(lines.as_bytes()), LinesOptions::default(), refuse, |_| {}).unwrap();
    let places: Vec<(u64, &str, Option<&str>)> =
        said.iter().map(|(line, field, text, _)| (*line, field.as_str(), text.as_deref())).collect();
    let uuid = "\"01860000-0000-7000-8000-000000000001\"";
    assert_eq!(places, [(2, "id", Some("\"a\"")), (4, "data.id", Some(uuid)), (5, "data", Some("null"))]);
    assert!(said[2].3.contains("expected an event"), "{said:?}");
}
