//! Bundles: checked far from the log, by this program and by another; no byte of one changes unnoticed.

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use stancelog::Ledger;
use stancelog::event::{Draft, parse};
use stancelog::ledger::{Asked, BatchOptions, FindingKind, Key, Question, Repeats};
use stancelog::stance::Rule;

use super::generate::{CLAIMS, DATES, ENTITIES, Step, history};
use super::support::{Random, erase, folder, some_log};

#[test]
fn no_change_of_a_byte_passes() {
    let folder = folder();
    let ledger = some_log(&folder.path().join("stances.db"));
    let key = ledger.key().unwrap();
    let question =
        Question { actor: "Actor 5", target: "Target 1", asked: Asked { as_of: Some("2023-05-20".to_owned()), ..Asked::default() } };
    let text = ledger.bundle(&question, &key).unwrap().to_text().unwrap().into_bytes();
    let good = Ledger::check_bundle(&text, &key.public(), &[]);
    assert_eq!(good.findings, []);
    let mut random = Random::seeded("bundle");
    for _ in 0..2_000 {
        let mut changed = text.clone();
        let at = random.below(changed.len());
        match random.below(6) {
            0 => changed.truncate(at),
            1 => {
                changed.remove(at);
            }
            2 => changed.insert(at, b" 0a\"\\{}[],:\n"[random.below(12)]),
            3 => changed[at] = b" 0123456789abcdef\"\\{}[],:\n"[random.below(26)],
            _ => changed[at] ^= random.flip(),
        }
        if changed != text {
            let found = Ledger::check_bundle(&changed, &key.public(), &[]).findings;
            assert!(!found.is_empty() && found.iter().all(|one| !one.table.is_empty()), "byte {at}");
        }
    }
}

/// One change of a bundle's values: whatever stands at a random place is left out, put elsewhere, doubled or made another.
fn change(random: &mut Random, value: &mut serde_json::Value) {
    use serde_json::Value;
    match value {
        Value::Array(list) if !list.is_empty() => {
            let (at, other) = (random.below(list.len()), random.below(list.len()));
            match random.below(6) {
                0 => drop(list.remove(at)),
                1 => list.swap(at, other),
                2 => list.insert(other, list[at].clone()),
                3 => list.truncate(at),
                _ => change(random, &mut list[at]),
            }
        }
        Value::Object(fields) if !fields.is_empty() => {
            let at = random.below(fields.len());
            let name = fields.keys().nth(at).unwrap().clone();
            match random.below(20) {
                0 => drop(fields.remove(&name)),
                1 => drop(fields.insert("more".to_owned(), Value::Null)),
                _ => change(random, &mut fields[&name]),
            }
        }
        Value::Number(number) => *value = (number.as_i64().unwrap() + random.below(5) as i64 - 2).into(),
        Value::String(text) => match random.below(3) {
            0 => *value = Value::Null,
            1 => drop(text.pop()),
            _ => *text = text.replace('a', "b"),
        },
        Value::Bool(is) => *is = !*is,
        Value::Null | Value::Array(_) | Value::Object(_) => *value = 1.into(),
    }
}

#[test]
fn no_change_of_a_value_passes() {
    let folder = folder();
    let ledger = some_log(&folder.path().join("stances.db"));
    let key = ledger.key().unwrap();
    let question = Question { actor: "Actor 5", target: "Target 1", asked: Asked::default() };
    let bundle = ledger.bundle(&question, &key).unwrap();
    let good = serde_json::to_value(&bundle).unwrap();
    let mut random = Random::seeded("values");
    let mut changed = 0;
    while changed < 2_000 {
        let mut bad = good.clone();
        change(&mut random, &mut bad);
        if bad == good {
            continue;
        }
        changed += 1;
        // Written in the one spelling that is accepted, where these are the values of a bundle at all.
        let text = match serde_json::from_value::<stancelog::ledger::Bundle>(bad.clone()) {
            Ok(changed) if changed != bundle => changed.to_text().unwrap(),
            Ok(_) | Err(_) => serde_json::to_string_pretty(&bad).unwrap() + "\n",
        };
        let found = Ledger::check_bundle(text.as_bytes(), &key.public(), &[]).findings;
        assert!(!found.is_empty() && found.iter().all(|one| !one.table.is_empty()), "{text}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let folder = folder();
    let ledger = some_log(&folder.path().join("stances.db"));
    let (key, stranger) = (ledger.key().unwrap(), some_log(&folder.path().join("other.db")).key().unwrap());
    let question = Question { actor: "Actor 5", target: "Target 1", asked: Asked::default() };
    let bundle = ledger.bundle(&question, &key).unwrap();
    let found = |change: &dyn Fn(&mut stancelog::ledger::Bundle)| {
        let mut changed = bundle.clone();
        change(&mut changed);
        Ledger::check_bundle(changed.to_text().unwrap().as_bytes(), &key.public(), &[]).findings
    };
    let has =
        |findings: &[stancelog::ledger::Finding], table: &str, kind| findings.iter().any(|one| one.table == table && one.kind == kind);
    assert!(has(&found(&|b| b.question.known_at -= 1), "question", FindingKind::Seal));
    assert!(has(&found(&|b| b.answer["voices"] = 7.into()), "answer", FindingKind::Seal));
    assert!(has(&found(&|b| b.events[2].body.as_mut().unwrap().push(' ')), "events[2]/body", FindingKind::Body));
    assert!(has(&found(&|b| b.events[2].body = None), "events[2]/salt", FindingKind::Header));
    assert!(has(&found(&|b| b.events[2].header = b.events[3].header.clone()), "events[2]/seq", FindingKind::Header));
    assert!(has(&found(&|b| b.events[1].proof.swap(0, 1)), "events[1]/proof", FindingKind::Proof));
    assert!(has(&found(&|b| drop(b.events.pop())), "events", FindingKind::Seal));
    assert!(has(&found(&|b| drop(b.counted.pop())), "counted", FindingKind::Seal));
    let unknown = "— stranger.example AAAAAAAA\n";
    assert!(has(&found(&|b| b.checkpoint.push_str(unknown)), "checkpoint", FindingKind::Signature));
    assert!(has(&found(&|b| b.seal.push_str(unknown)), "seal", FindingKind::Signature));
    let text = bundle.to_text().unwrap();
    assert!(has(&Ledger::check_bundle(text.as_bytes(), &stranger.public(), &[]).findings, "checkpoint", FindingKind::Signature));
    let spaced = text.replacen(": ", ":  ", 1);
    assert!(has(&Ledger::check_bundle(spaced.as_bytes(), &key.public(), &[]).findings, "line 2", FindingKind::Form));
    for rubbish in [&b""[..], b"{}", b"[", b"\xff", b"null", &[b'['; 100_000]] {
        assert!(!Ledger::check_bundle(rubbish, &key.public(), &[]).findings.is_empty());
    }
}

/// Plays a random history into a log, and erases one of its events.
fn play(path: &Path, steps: Vec<Step>, random: &mut Random) -> Ledger {
    let mut ledger = Ledger::open(path).unwrap();
    let mut lines: Vec<serde_json::Value> =
        ENTITIES[..6].iter().map(|slug| serde_json::json!({"type": "entity", "entity": slug, "kind": "unknown", "name": slug})).collect();
    lines.push(serde_json::json!({"type": "entity", "entity": "motion-1", "kind": "motion", "name": "Motion 1", "stands_for": [{"target": "tax", "side": "against"}]}));
    lines.extend(CLAIMS.iter().map(|claim| serde_json::json!({"type": "claim", "claim": claim, "text": "It is so."})));
    let id = |number: usize| format!("01860000-0000-7000-8000-{number:012x}");
    for step in steps {
        match step {
            Step::Event(event) => lines.push(event),
            Step::Replace(which, mut event) => {
                event["replaces"] = id(which % lines.len().max(1)).into();
                lines.push(event);
            }
            Step::Retract(which) => lines.push(serde_json::json!({"type": "retract", "event": id(which % 48), "reason": "wrong"})),
            // Erasures have tests of their own here.
            Step::Commit | Step::Erase(_) => {}
        }
    }
    let draft = |(number, mut line): (usize, serde_json::Value)| -> Draft {
        line["id"] = id(number).into();
        parse(&line.to_string()).unwrap()
    };
    let mut batch = ledger.begin(BatchOptions { repeats: Repeats::Counted, ..BatchOptions::default() }).unwrap();
    for one in lines.into_iter().enumerate().map(draft) {
        // What the log refuses (a merge of what is one, a retraction of what is not there) is not in it.
        let _ = batch.add(one);
    }
    batch.commit().unwrap();
    if random.below(3) == 0 {
        let head = ledger.status().unwrap().head;
        erase(&ledger, &[&format!("@{}", 2 + random.below(head as usize - 1))]);
    }
    ledger
}

fn has_python() -> bool {
    let python = Command::new("python3").args(["-c", "import cryptography"]).output();
    python.is_ok_and(|output| output.status.success())
}

/// Has the other checker check a bundle, where the machine can run it.
pub fn checked_elsewhere(folder: &Path, text: &str, key: &Key) {
    let file = folder.join("bundle.json");
    std::fs::write(&file, text).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/check_bundle.py");
    let output = Command::new("python3").arg(script).arg(&file).arg(key.public().to_string()).output();
    let Ok(output) = output else { return };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() || said.contains("ModuleNotFoundError"), "{said}\n{text}");
}

#[test]
fn another_program_checks_random_bundles_by_the_documented_form_alone() {
    let has_python = has_python();
    if !has_python {
        println!("python3 with the package `cryptography` is not installed: bundles are checked by this program alone");
    }
    let mut random = Random::seeded("random bundles");
    let mut seed = [0; 32];
    seed.chunks_mut(8).for_each(|part| part.copy_from_slice(&random.number().to_be_bytes()));
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    for case in 0..60 {
        let folder = folder();
        let steps = history(60).new_tree(&mut runner).unwrap().current();
        let ledger = play(&folder.path().join("stances.db"), steps, &mut random);
        let (key, head) = (ledger.key().unwrap(), ledger.status().unwrap().head as usize);
        for _ in 0..4 {
            let rule = if random.below(2) == 0 { Rule::Latest } else { Rule::Majority };
            let as_of = (random.below(3) == 0).then(|| DATES[random.below(DATES.len())].to_owned());
            let known_at = (random.below(3) == 0).then(|| format!("@{}", random.below(head + 1)));
            let (actor, target) = (ENTITIES[random.below(4)], ENTITIES[random.below(7)]);
            let question = Question { actor, target, asked: Asked { as_of, known_at, rule } };
            let Ok(bundle) = ledger.bundle(&question, &key) else { continue };
            let text = bundle.to_text().unwrap();
            let checked = Ledger::check_bundle(text.as_bytes(), &key.public(), &[]);
            assert_eq!(checked.findings, [], "case {case}: {question:?}\n{text}");
            if has_python {
                checked_elsewhere(folder.path(), &text, &key);
            }
        }
    }
}

#[test]
fn the_other_checker_refuses_changed_bundles() {
    if !has_python() {
        return println!("python3 with the package `cryptography` is not installed: not run");
    }
    let folder = folder();
    let ledger = some_log(&folder.path().join("stances.db"));
    let key = ledger.key().unwrap();
    let question = Question { actor: "Actor 5", target: "Target 1", asked: Asked::default() };
    let text = ledger.bundle(&question, &key).unwrap().to_text().unwrap().into_bytes();
    let file = folder.path().join("bundle.json");
    let mut random = Random::seeded("other checker");
    for _ in 0..40 {
        let mut changed = text.clone();
        let at = random.below(changed.len());
        changed[at] ^= random.flip();
        std::fs::write(&file, &changed).unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/check_bundle.py");
        let output = Command::new("python3").arg(script).arg(&file).arg(key.public().to_string()).output().unwrap();
        assert!(!output.status.success(), "byte {at}");
    }
}

#[test]
fn a_report_stands_alone_and_escapes_everything() {
    let folder = folder();
    let ledger = Ledger::open(folder.path().join("stances.db")).unwrap();
    let evil = r#"{"actor":"<script>alert(1)</script>","action":"backs","target":"\"><img src=x onerror=y>","occurred":"2024","note":"</pre><b>&","evidence":[{"url":"https://e.example/?a=1&b=<i>","selector":{"type":"TextQuoteSelector","exact":"<u>so</u>"}}]}"#;
    ledger.append([parse(evil).unwrap()]).unwrap();
    let question = Question { actor: "<script>alert(1)</script>", target: "\"><img src=x onerror=y>", asked: Asked::default() };
    let report = ledger.report(&question, &ledger.key().unwrap()).unwrap();
    for forbidden in ["<script", "<img", "<b>", "<i>", "<u>", "href=", "src=\"", "url("] {
        assert!(!report.contains(forbidden), "{forbidden}");
    }
    for part in ["is in favor of", "Rests on", "The checkpoint", "How to check this report", "stancelog-bundle/1"] {
        assert!(report.contains(part), "{part}");
    }
}
