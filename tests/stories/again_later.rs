//! Told again later: the same lines are known again although names have moved on since they were first told.

use serde_json::{Value, json};
use stancelog::event::parse;
use stancelog::ledger::{ErrorKind, Foreign, ImportOptions, Summary};

use crate::support::{Desk, id_of};

fn told() -> Value {
    json!({"id": id_of(900), "actor": "Ann", "action": "backs", "target": "The Tax", "occurred": "2022", "on_behalf_of": ["Bob"], "place": "Calais"})
}

fn tell_again(desk: &Desk) -> Summary {
    desk.ledger.append([parse(&told().to_string()).unwrap()]).unwrap_or_else(|e| panic!("{e}"))
}

fn entity(slug: &str, name: &str, aliases: &[&str]) -> Value {
    json!({"type": "entity", "entity": slug, "kind": "unknown", "name": name, "aliases": aliases})
}

#[test]
fn after_somebody_else_was_given_one_of_the_names() {
    let desk = Desk::new();
    desk.tell(told());
    desk.tell(entity("ann-calais", "Ann Calais", &["Ann", "Bob", "The Tax"]));
    assert_eq!(tell_again(&desk).duplicates, 1);
}

#[test]
fn after_one_of_the_names_was_corrected() {
    let desk = Desk::new();
    let typo = desk.tell(entity("ann", "Ann", &[]));
    desk.tell(told());
    let mut corrected = entity("ann", "Anna", &[]);
    corrected["replaces"] = json!(typo);
    desk.tell(corrected);
    assert_eq!(tell_again(&desk).duplicates, 1);
    assert_eq!(desk.ledger.entities(Some("ann"), 10, &Default::default()).unwrap().len(), 1, "and nobody is registered again");
}

#[test]
fn after_an_entity_was_taken_back() {
    let desk = Desk::new();
    let defined = desk.tell(entity("ann", "Ann", &[]));
    desk.tell(told());
    desk.retracts(&defined);
    assert_eq!(tell_again(&desk).duplicates, 1);
}

#[test]
fn after_merges_in_either_direction() {
    for (from, into) in [("ann", "anna"), ("anna", "ann")] {
        let desk = Desk::new();
        desk.tell(entity("anna", "Anna", &[]));
        desk.tell(told());
        desk.tell(json!({"type": "merge", "from": from, "into": into}));
        assert_eq!(tell_again(&desk).duplicates, 1, "{from} into {into}");
    }
}

#[test]
fn after_it_was_retracted_or_replaced() {
    let desk = Desk::new();
    let id = desk.tell(told());
    desk.retracts(&id);
    desk.tell(json!({"actor": "Ann", "action": "opposes", "target": "The Tax", "occurred": "2022", "replaces": id}));
    assert_eq!(tell_again(&desk).duplicates, 1);
    assert_eq!(desk.now("Ann", "The Tax"), "against");
}

#[test]
fn after_its_word_was_redefined_or_taken_back() {
    let desk = Desk::new();
    let mut event = told();
    event["action"] = json!("nods-at");
    let word = desk
        .tell(json!({"type": "action", "action": "nods-at", "label": "nods at", "toward": "entity", "tier": "implied", "side": "favor"}));
    desk.tell(event.clone());
    desk.retracts(&word);
    assert_eq!(desk.ledger.append([parse(&event.to_string()).unwrap()]).unwrap().duplicates, 1);
}

#[test]
fn a_foreign_file_is_known_again_after_two_of_its_names_were_merged() {
    let mut desk = Desk::new();
    let rows =
        "2014-01-01\tFrance\tPraise\tMali\t051\n2014-01-02\tFrench Republic\tPraise\tMali\t051\n2014-01-01\tFrance\tPraise\tMali\t051\n";
    let import = |desk: &mut Desk| {
        let reject = |bad: stancelog::ledger::BadRow| panic!("{bad:?}");
        desk.ledger.import_file(&Foreign::Icews, rows.as_bytes(), ImportOptions::default(), reject, |_| {}).unwrap().summary
    };
    let first = import(&mut desk);
    assert_eq!((first.rows, first.appended, first.duplicates, first.registered), (3, 2, 1, 3));
    desk.tell(json!({"type": "merge", "from": "french-republic", "into": "france"}));
    let second = import(&mut desk);
    assert_eq!((second.rows, second.appended, second.duplicates, second.registered), (3, 0, 3, 0));
    assert_eq!(desk.answer("French Republic", "Mali", &Default::default()).counts.values().sum::<u64>(), 2);
}

#[test]
fn another_name_for_somebody_else_is_still_a_conflict() {
    let desk = Desk::new();
    desk.tell(told());
    let mut other = told();
    other["actor"] = json!("Bob");
    let error = desk.ledger.append([parse(&other.to_string()).unwrap()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}
