//! Two ledgers on one file, as two processes have it: what one acknowledged, the other sees.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use serde_json::json;
use stancelog::Ledger;
use stancelog::event::parse;
use stancelog::ledger::{Asked, Question, Seq, Summary};

use crate::support::{Desk, oracle};

const TURNS: usize = 60;

fn record(ledger: &Ledger, actor: &str, target: &str) -> Summary {
    let event = json!({"actor": actor, "action": "backs", "target": target, "occurred": "2022"});
    ledger.append([parse(&event.to_string()).unwrap()]).unwrap()
}

fn backs(ledger: &Ledger, actor: &str, target: &str) -> bool {
    let question = Question { actor, target, asked: Asked::default() };
    ledger.stance(&question).is_ok_and(|answer| answer.stance.word() == "favor")
}

/// Waits for its turn, checks that it sees what the other one just did, does something itself, and gives the turn on.
fn take_turns(path: &Path, name: &str, turn: &Receiver<Option<(String, i64)>>, give: &Sender<Option<(String, i64)>>) {
    let ledger = Ledger::open(path).unwrap();
    for number in 0..TURNS {
        if let Some((target, head)) = turn.recv().unwrap() {
            assert_eq!(ledger.status().unwrap().head, head, "the head that the other was told");
            assert!(backs(&ledger, "somebody", &target), "{name} does not see {target}");
            assert_eq!(ledger.event(&format!("@{head}")).unwrap().seq, Seq(head));
        }
        let target = format!("{name} {number}");
        let summary = record(&ledger, "somebody", &target);
        // The other one may be gone after its last turn.
        let _ = give.send(Some((target, summary.head)));
    }
}

#[test]
fn taking_turns_each_sees_all_that_the_other_acknowledged() {
    let desk = Desk::new();
    let (to_one, one) = channel();
    let (to_other, other) = channel();
    to_one.send(None).unwrap();
    let path = desk.path.as_path();
    thread::scope(|scope| {
        scope.spawn(move || take_turns(path, "one", &one, &to_other));
        scope.spawn(move || take_turns(path, "other", &other, &to_one));
    });
    // The vocabulary, somebody, and twice the turns with a target each.
    assert_eq!(oracle::verify_log(path), 2 + 2 * 2 * TURNS as i64);
    assert_eq!(desk.ledger.sides("one 0", &Asked::default()).unwrap().len(), 1);
}

#[test]
fn writing_at_the_same_time_none_loses_anything_and_names_are_registered_once() {
    let desk = Desk::new();
    let path = desk.path.as_path();
    thread::scope(|scope| {
        for name in ["ann", "bob", "cid"] {
            scope.spawn(move || {
                let ledger = Ledger::open(path).unwrap();
                for number in 0..TURNS {
                    let target = format!("Target {}", number % 10);
                    let head = record(&ledger, name, &target).head;
                    assert!(ledger.status().unwrap().head >= head);
                    assert!(backs(&ledger, name, &target), "{name} does not see its own {target}");
                }
            });
        }
    });
    let entities = desk.ledger.entities(None, 100, &Asked::default()).unwrap();
    assert_eq!(entities.len(), 13, "three actors, ten targets, none of them twice: {entities:?}");
    assert_eq!(oracle::verify_log(path), 1 + 13 + 3 * TURNS as i64);
    for name in ["ann", "bob", "cid"] {
        let answers = desk.ledger.stances(name, &Asked::default()).unwrap();
        assert_eq!(answers.iter().map(|answer| answer.counts.values().sum::<u64>()).sum::<u64>(), TURNS as u64);
    }
}

#[test]
fn a_reader_that_is_open_sees_what_is_appended_later() {
    let desk = Desk::knowing(&["ann", "tax"]);
    let reader = Ledger::open_read_only(&desk.path).unwrap();
    assert!(!backs(&reader, "ann", "tax"));
    desk.says("ann", "backs", "tax", "2022");
    assert!(backs(&reader, "ann", "tax"));
    assert!(reader.append([parse(r#"{"actor":"ann","action":"backs","target":"tax","occurred":"2022"}"#).unwrap()]).is_err());
}
