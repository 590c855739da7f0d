//! A replay up to K equals what was known at K, for every question.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};
use serde_json::{Value, json};
use stancelog::Ledger;
use stancelog::event::parse;
use stancelog::ledger::{Asked, BatchOptions, Detail, FlipsWanted, Question, Repeats, ReplayChange, ReplayWanted};
use stancelog::stance::Rule;

use super::generate::{CLAIMS, ENTITIES, Step, history};
use super::support::folder;

fn config() -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(100);
    let failure_persistence = Some(Box::new(FileFailurePersistence::Direct("tests/audit/failing-seeds.txt")) as _);
    Config { cases, failure_persistence, ..Config::default() }
}

fn play(path: &Path, steps: &[Step]) -> Ledger {
    let mut ledger = Ledger::open(path).unwrap();
    let mut lines: Vec<Value> =
        ENTITIES[..6].iter().map(|slug| json!({"type": "entity", "entity": slug, "kind": "unknown", "name": slug})).collect();
    lines.push(json!({"type": "entity", "entity": "motion-1", "kind": "motion", "name": "Motion 1", "stands_for": [{"target": "tax", "side": "against"}]}));
    lines.extend(CLAIMS.iter().map(|claim| json!({"type": "claim", "claim": claim, "text": "It is so."})));
    let id = |number: usize| format!("01860000-0000-7000-8000-{number:012x}");
    for step in steps {
        match step {
            Step::Event(event) => lines.push(event.clone()),
            Step::Replace(which, event) => {
                let mut event = event.clone();
                event["replaces"] = id(which % lines.len().max(1)).into();
                lines.push(event);
            }
            Step::Retract(which) => lines.push(json!({"type": "retract", "event": id(which % 48), "reason": "wrong"})),
            // Erasures have tests of their own here.
            Step::Commit | Step::Erase(_) => {}
        }
    }
    let mut batch = ledger.begin(BatchOptions { repeats: Repeats::Counted, ..BatchOptions::default() }).unwrap();
    for (number, mut line) in lines.into_iter().enumerate() {
        line["id"] = id(number).into();
        // What the log refuses is not in it.
        let _ = batch.add(parse(&line.to_string()).unwrap());
    }
    batch.commit().unwrap();
    ledger
}

/// The same log as it was when its last event was the one at `seq`.
fn cut(ledger: &Ledger, to: &Path, seq: i64) -> Ledger {
    ledger.backup(to).unwrap();
    let conn = rusqlite::Connection::open(to).unwrap();
    conn.execute_batch(&format!("DROP TRIGGER event_is_never_deleted; DELETE FROM event WHERE seq > {seq}")).unwrap();
    drop(conn);
    Ledger::open_read_only(to).unwrap()
}

fn told<T: serde::Serialize, E: ToString>(answer: Result<T, E>) -> Value {
    answer.map_or_else(|error| json!(error.to_string()), |answer| serde_json::to_value(answer).unwrap())
}

/// Every question about the few that there are, answered.
fn everything(ledger: &Ledger, known_at: Option<i64>) -> BTreeMap<String, Value> {
    let mut answers = BTreeMap::new();
    for rule in [Rule::Latest, Rule::Majority] {
        let asked = Asked { known_at: known_at.map(|seq| format!("@{seq}")), rule, ..Asked::default() };
        for actor in ENTITIES {
            answers.insert(format!("{rule} stances {actor}"), told(ledger.stances(actor, &asked)));
            answers.insert(format!("{rule} sides {actor}"), told(ledger.sides(actor, &asked)));
            answers
                .insert(format!("{rule} history {actor}"), told(ledger.history(actor, None, stancelog::ledger::Retracted::Shown, &asked)));
            for target in ENTITIES {
                let question = Question { actor, target, asked: asked.clone() };
                answers.insert(format!("{rule} why {actor} {target}"), told(ledger.why(&question)));
            }
        }
        answers.insert(format!("{rule} flips"), told(ledger.flips(&FlipsWanted::default(), &asked)));
        answers.insert(format!("{rule} gaps"), told(ledger.gaps(None, None, &asked)));
        answers.insert(format!("{rule} claims"), told(ledger.claims(None, None, &asked)));
        answers.insert(format!("{rule} compare"), told(ledger.compare("ann", "bob", &asked)));
        let mut all = Vec::new();
        ledger
            .every_stance(&asked, Detail::Full, |answer| {
                all.push(answer);
                Ok(())
            })
            .unwrap();
        answers.insert(format!("{rule} every stance"), json!(all));
    }
    answers
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn replaying_to_k_equals_what_was_known_at_k(steps in history(40), at in 0.0..1.0f64, majority in any::<bool>()) {
        let folder = folder();
        let ledger = play(&folder.path().join("stances.db"), &steps);
        let head = ledger.status().unwrap().head;
        let seq = 10 + ((head - 10) as f64 * at) as i64;
        let then = cut(&ledger, &folder.path().join("then.db"), seq);
        let (known, replayed) = (everything(&ledger, Some(seq)), everything(&then, None));
        for (question, answer) in &known {
            prop_assert_eq!(answer, &replayed[question], "{} at @{}", question, seq);
        }

        // And the changes that the replay tells, one after another, come to the same stances.
        let rule = if majority { Rule::Majority } else { Rule::Latest };
        let until = format!("@{seq}");
        let mut stances = BTreeMap::new();
        ledger.replay(&ReplayWanted { until: Some(&until), actor: None, target: None, rule }, |step| {
            for change in step.changes {
                if let ReplayChange::Stance { actor, target, to, .. } = change {
                    stances.insert((actor, target), to.word());
                }
            }
            Ok(())
        }).unwrap();
        stances.retain(|_, value| *value != "none");
        let mut then = BTreeMap::new();
        ledger.every_stance(&Asked { known_at: Some(until.clone()), rule, ..Asked::default() }, Detail::Brief, |answer| {
            then.insert((answer.actor, answer.target), answer.stance.word());
            Ok(())
        }).unwrap();
        then.retain(|_, value| *value != "none");
        prop_assert_eq!(stances, then);
    }
}

#[test]
fn voters_and_motions_that_were_merged_later_are_listed_as_they_were() {
    let folder = folder();
    let event = |value: Value| Step::Event(value);
    let steps = [
        event(json!({"actor": "cid", "action": "abstains-on", "target": "motion-1", "occurred": "2022-01-01"})),
        event(json!({"type": "merge", "from": "cid", "into": "dan"})),
        event(
            json!({"type": "entity", "entity": "motion-1", "kind": "motion", "name": "Motion 1", "stands_for": [{"target": "war", "side": "favor"}]}),
        ),
    ];
    let ledger = play(&folder.path().join("stances.db"), &steps);
    let known_at = Some(format!("@{}", ledger.status().unwrap().head - 2));
    let sides = ledger.sides("tax", &Asked { known_at, ..Asked::default() }).unwrap();
    assert_eq!(sides.iter().map(|answer| (answer.actor.as_str(), answer.stance.word())).collect::<Vec<_>>(), [("cid", "abstain")]);
}
