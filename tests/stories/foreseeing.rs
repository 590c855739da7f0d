//! Foreseeing: what would change is what changes once it is recorded, and nobody waits for whoever only looks.

use stancelog::Ledger;
use stancelog::event::{Draft, EventId, parse};
use stancelog::ledger::{Asked, BatchOptions, DiffItem, Outcome, Seq};
use stancelog::stance::Rule;

use crate::support::desk::Desk;

fn draft(number: u128, json: &str) -> Draft {
    let id = EventId::from_bytes((0x0190_0000_0000_7000_8000_0000_0000_0000 + number).to_be_bytes());
    Draft { id: Some(id), ..parse(json).unwrap() }
}

/// Events of many types, light and heavy, each possible after the ones before.
fn drafts(desk: &Desk) -> Vec<Draft> {
    let id = |seq: &str| desk.ledger.event(seq).unwrap().id;
    let stance = desk.ledger.stances("boris-johnson", &Asked::default()).unwrap()[0].decided_by[0];
    let lines = [
        r#"{"actor":"Boris Johnson","action":"opposes","target":"Ukraine","occurred":"2030-01-01","on_behalf_of":["A Newcomer"]}"#
            .to_owned(),
        format!(r#"{{"type":"retract","event":"{stance}","reason":"a slip"}}"#),
        r#"{"type":"action","action":"backs","label":"backs","toward":"entity","tier":"declared","side":"against"}"#.to_owned(),
        r#"{"type":"merge","from":"russia","into":"ukraine"}"#.to_owned(),
        r#"{"type":"entity","entity":"bill-7","kind":"motion","name":"Bill 7","stands_for":[{"target":"ukraine","side":"against"}]}"#
            .to_owned(),
        r#"{"actor":"Boris Johnson","action":"votes-for","target":"bill-7","occurred":"2031"}"#.to_owned(),
        format!(r#"{{"type":"retract","event":"{}","reason":"all of it"}}"#, id("1")),
    ];
    lines.iter().zip(1..).map(|(line, number)| draft(number, line)).collect()
}

#[test]
fn what_is_foreseen_is_what_happens() {
    let desk = Desk::with_article();
    let mut moved: Vec<usize> = Vec::new();
    for draft in drafts(&desk) {
        for rule in [Rule::Latest, Rule::Majority] {
            let (head, foreseen) = (desk.ledger.head().unwrap(), desk.ledger.foresee(draft.clone(), rule).unwrap().moved);
            assert_eq!(desk.ledger.head().unwrap(), head, "nothing of it stays");
            let other = Ledger::open(&desk.path).unwrap();
            assert_eq!(other.foresee(draft.clone(), rule).unwrap().moved, foreseen, "nor in the views");
            moved.push(foreseen.len());
        }
        let rules = [Rule::Latest, Rule::Majority];
        let before: Vec<Vec<DiffItem>> = rules.map(|rule| desk.ledger.foresee(draft.clone(), rule).unwrap().moved).into();
        let seq = Seq(desk.ledger.append([draft.clone()]).unwrap().head);
        for (rule, foreseen) in rules.into_iter().zip(before) {
            assert_eq!(desk.ledger.moved_by(seq, rule).unwrap(), foreseen, "{:?}", draft.body.event_type());
        }
        let again = desk.ledger.foresee(draft, Rule::Latest).unwrap();
        assert!(again.moved.is_empty() && again.stored.is_empty(), "what the log has changes nothing");
    }
    assert!(moved.iter().filter(|moved| **moved > 0).count() > 8, "{moved:?}");
}

#[test]
fn whoever_looks_waits_for_nobody_who_appends_and_the_other_way_round() {
    let desk = Desk::with_article();
    let mut appending = Ledger::open(&desk.path).unwrap();
    let drafts = drafts(&desk);
    let mut batch = appending.begin(BatchOptions::default()).unwrap();
    let added = batch.add(draft(90, r#"{"actor":"Boris Johnson","action":"opposes","target":"Ukraine","occurred":"2040"}"#)).unwrap();
    assert!(matches!(added, Outcome::Appended { .. }));
    // The log is another's to write: what he has stored so far is not there yet.
    for draft in drafts.iter().filter(|draft| draft.id != drafts[5].id) {
        desk.ledger.foresee(draft.clone(), Rule::Latest).unwrap();
    }
    batch.commit().unwrap();
    let foreseen = desk.ledger.foresee(drafts[0].clone(), Rule::Latest).unwrap().moved;
    assert!(foreseen.iter().all(|one| one.actor != "boris-johnson"), "the newest is from 2040 by now: {foreseen:?}");
    let unknown = parse(r#"{"actor":"Ann","action":"bakcs","target":"Ukraine","occurred":"2024"}"#).unwrap();
    assert!(desk.ledger.foresee(unknown, Rule::Latest).unwrap_err().to_string().contains("backs"));
}
