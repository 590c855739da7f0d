//! The program against a plain model of the domain: random logs, random questions in both times, both rules.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod event;
mod generate;
mod moved;
mod oracle;

use generate::{CLAIMS, ENTITIES, Step, history};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};
use serde_json::{Value, json};
use stancelog::event::{Body, Draft, Micros, Occurred, parse};
use stancelog::ledger::{Asked, BatchOptions, ChangeItem, ClaimItem, HistoryItem, Question, Repeats, Retracted, VoiceItem};
use stancelog::stance::Rule;
use stancelog::{Ledger, ledger};
use std::collections::HashMap;

/// How many random logs are tried, unless `PROPTEST_CASES` says otherwise.
const CASES: u32 = 10_000;

fn config() -> Config {
    config_of(std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES))
}

/// For what is asked at several places of each log, of every pair: a part of the cases is enough.
fn config_of_places() -> Config {
    let config = config();
    Config { cases: config.cases.div_ceil(50), ..config }
}

fn config_of(cases: u32) -> Config {
    let failure_persistence = Some(Box::new(FileFailurePersistence::Direct("tests/model/failing-seeds.txt")) as _);
    Config { cases, failure_persistence, max_shrink_iters: 4_000, ..Config::default() }
}

/// A folder in memory where the machine has one, so that thousands of logs need no disk.
fn folder() -> tempfile::TempDir {
    let shm = std::path::Path::new("/dev/shm");
    if shm.is_dir() { tempfile::tempdir_in(shm).unwrap() } else { tempfile::tempdir().unwrap() }
}

fn id_of(number: usize) -> String {
    format!("01860000-0000-7000-8000-{number:012x}")
}

/// The beginning that every random log has, so that claims and motions are there.
fn beginning() -> Vec<Value> {
    let mut events: Vec<Value> =
        ENTITIES[..6].iter().map(|slug| json!({"type": "entity", "entity": slug, "kind": "unknown", "name": slug})).collect();
    events.push(json!({"type": "entity", "entity": "motion-1", "kind": "motion", "name": "Motion 1", "stands_for": [{"target": "tax", "side": "against"}]}));
    events.extend(CLAIMS.iter().map(|claim| json!({"type": "claim", "claim": claim, "text": "It is so."})));
    events
}

struct Built {
    ledger: Ledger,
    model: oracle::Log,
    seq_of: HashMap<String, u64>,
    _folder: tempfile::TempDir,
}

/// Plays a history into a log, and reads the log back for the model.
fn play(steps: &[Step]) -> Built {
    let folder = folder();
    let mut ledger = Ledger::open(folder.path().join("stances.db")).unwrap();
    let mut number = 0;
    let mut waiting: Vec<Draft> = Vec::new();
    let mut given: HashMap<String, Value> = HashMap::new();
    let mut draft = |mut event: Value, replaces: Option<usize>| {
        number += 1;
        event["id"] = json!(id_of(number));
        if let Some(earlier) = replaces {
            event["replaces"] = json!(id_of(earlier % number.max(2)));
        }
        given.insert(id_of(number), json!({"type": event["type"], "event": event["event"], "replaces": event["replaces"]}));
        parse(&event.to_string()).unwrap()
    };
    waiting.extend(beginning().into_iter().map(|event| draft(event, None)));
    let mut steps: Vec<Step> = steps.to_vec();
    steps.push(Step::Commit);
    for step in steps {
        match step {
            Step::Event(event) => waiting.push(draft(event, None)),
            Step::Replace(which, event) => waiting.push(draft(event, Some(which))),
            Step::Retract(which) => {
                let of = id_of(which % 48 + 1);
                waiting.push(draft(json!({"type": "retract", "event": of, "reason": "wrong"}), None));
            }
            Step::Erase(which) => {
                let of = id_of(which % 48 + 1);
                let erase = json!({"type": "erase", "events": [of], "reason": "a duty", "authority": "a court"});
                append(&mut ledger, std::mem::take(&mut waiting));
                append(&mut ledger, vec![parse(&erase.to_string()).unwrap()]);
            }
            Step::Commit => {
                append(&mut ledger, std::mem::take(&mut waiting));
                ledger.catch_up(|_| {}).unwrap();
            }
        }
    }
    let (model, seq_of) = read_back(&ledger, &given);
    Built { ledger, model, seq_of, _folder: folder }
}

/// Appends what the log accepts; what it refuses (a merge of what is one, a replacement of another type) is not there.
fn append(ledger: &mut Ledger, drafts: Vec<Draft>) {
    let mut batch = ledger.begin(BatchOptions { repeats: Repeats::Counted, ..BatchOptions::default() }).unwrap();
    for draft in drafts {
        match batch.add(draft) {
            Ok(_) | Err(ledger::Error::Refused(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
    batch.commit().unwrap();
}

/// `given` has what each event took back or superseded, whether or not its content is still there.
fn read_back(ledger: &Ledger, given: &HashMap<String, Value>) -> (oracle::Log, HashMap<String, u64>) {
    let mut events = Vec::new();
    let mut seq_of = HashMap::new();
    ledger
        .events(&ledger::EventsWanted::default(), &Asked::default(), |row| {
            let seq = row.seq.0 as u64;
            let Some(event) = row.event().unwrap() else {
                let id = row.id.to_string();
                let body = given.get(&id).cloned().unwrap_or_default();
                events.push(oracle::Stored { seq, id, body, bounds: (None, None), erased: true });
                return Ok(());
            };
            let bounds = match &event.body {
                Body::Stance(stance) => (open(stance.occurred.earliest(), Micros::MIN), open(stance.occurred.latest(), Micros::MAX)),
                _ => (None, None),
            };
            seq_of.insert(row.id.to_string(), seq);
            let body = serde_json::from_str(row.body.as_deref().unwrap()).unwrap();
            events.push(oracle::Stored { seq, id: row.id.to_string(), body, bounds, erased: false });
            Ok(())
        })
        .unwrap();
    (oracle::Log::new(events), seq_of)
}

fn open(at: Micros, end: Micros) -> Option<i64> {
    (at != end).then_some(at.0)
}

fn rules(rule: Rule) -> oracle::Rule {
    match rule {
        Rule::Latest => oracle::Rule::Latest,
        Rule::Majority => oracle::Rule::Majority,
    }
}

/// The answer about somebody whom no event names.
fn nothing() -> oracle::Answer {
    let (basis, since, last, decided_by) = Default::default();
    oracle::Answer {
        stance: "none".to_owned(),
        basis,
        since,
        last,
        certain: true,
        decided_by,
        counts: [0; 6],
        gap: false,
        flips: 0,
        voices: 0,
    }
}

/// The program's answer in the model's form.
fn answer(built: &Built, actor: &str, target: &str, asked: &Asked) -> oracle::Answer {
    let answer = match built.ledger.stance(&Question { actor, target, asked: asked.clone() }) {
        // Of whom every event that names him was erased, nobody knows anything.
        Err(ledger::Error::NotFound { .. }) => return nothing(),
        other => other.unwrap(),
    };
    let mut counts = [0; 6];
    counts.iter_mut().zip(answer.counts.values()).for_each(|(one, n)| *one = *n);
    oracle::Answer {
        stance: answer.stance.word().to_owned(),
        basis: answer.basis.filter(|_| answer.stance.word() != "none").map(|tier| tier.word().to_owned()),
        since: answer.since,
        last: answer.last,
        certain: answer.certain,
        decided_by: answer.decided_by.iter().map(|id| built.seq_of[&id.to_string()]).collect(),
        counts,
        gap: answer.gap,
        flips: u64::from(answer.flips),
        voices: answer.voices,
    }
}

fn change(built: &Built, item: &ChangeItem) -> oracle::Change {
    oracle::Change {
        at: item.at.clone(),
        from: item.from.word().to_owned(),
        to: item.to.word().to_owned(),
        basis: item.basis.map(|tier| tier.word().to_owned()),
        events: item.events.iter().map(|id| built.seq_of[&id.to_string()]).collect(),
        certain_order: item.order.word() == "certain",
        flip: item.flip.map(|grade| oracle::Flip { full: grade.word() == "full", confirmed: item.confirmed == Some(true) }),
    }
}

fn changes(built: &Built, actor: &str, target: &str, asked: &Asked) -> Vec<oracle::Change> {
    let items = match built.ledger.history(actor, Some(target), Retracted::Hidden, asked) {
        Err(ledger::Error::NotFound { .. }) => Vec::new(),
        other => other.unwrap(),
    };
    let changes = items.iter().filter_map(|item| match item {
        HistoryItem::Change(item) => Some(change(built, item)),
        _ => None,
    });
    changes.collect()
}

/// The program's claim in the model's form.
fn ledgered(item: &ClaimItem) -> oracle::Ledgered {
    let voices = |wanted: fn(&VoiceItem) -> bool| {
        let mut voices: Vec<Vec<String>> = item.voices.iter().filter(|voice| wanted(voice)).map(|voice| voice.actors.clone()).collect();
        voices.sort();
        voices
    };
    let suggests = item.holdings.iter().filter(|holding| holding.speech.word() == "suggest");
    let mut questioned_by = item.questioned_by.clone();
    questioned_by.sort();
    let mut suggested_by: Vec<String> = suggests.map(|holding| holding.actor.clone()).collect();
    suggested_by.sort();
    oracle::Ledgered {
        status: item.status.word().to_owned(),
        stands_by: voices(|voice| voice.stands_by),
        denies: voices(|voice| voice.denies),
        questioned_by,
        suggested_by,
    }
}

/// Compares what can be asked at one (T, K) under one rule, of those pairs whose bit is set.
fn compare(built: &Built, asked: &Asked, when: &oracle::When, pairs: u64) -> Result<(), TestCaseError> {
    let rule = rules(asked.rule);
    for (row, actor) in ENTITIES.into_iter().enumerate() {
        for (column, target) in ENTITIES.into_iter().enumerate() {
            if pairs >> (row * ENTITIES.len() + column) & 1 == 0 {
                continue;
            }
            let expected = built.model.answer(actor, target, rule, when);
            let got = answer(built, actor, target, asked);
            prop_assert_eq!(got, expected, "{} {} {:?}", actor, target, asked);
            let expected = built.model.changes(actor, target, rule, when);
            prop_assert_eq!(changes(built, actor, target, asked), expected, "changes of {} {} {:?}", actor, target, asked);
        }
    }
    for claim in CLAIMS {
        let got = built.ledger.claim(claim, asked).ok().map(|item| ledgered(&item));
        prop_assert_eq!(got, built.model.claim(claim, when), "claim {} {:?}", claim, asked);
    }
    let mut pairs = Vec::new();
    built
        .ledger
        .every_stance(asked, ledger::Detail::Brief, |answer| {
            pairs.push((answer.actor, answer.target));
            Ok(())
        })
        .unwrap();
    prop_assert_eq!(pairs, built.model.pairs(when), "pairs {:?}", asked);
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_program_answers_as_the_model_does(
        steps in history(40), as_of in proptest::option::of(proptest::sample::select(&generate::DATES[..])), known in 0.0..1.2f64, majority in any::<bool>(), which in any::<[u64; 4]>(),
        events in proptest::collection::vec(event::wanted(), 4),
    ) {
        let built = play(&steps);
        let head = built.model.events.len() as u64;
        let known_at = ((head as f64 * known) as u64).min(head);
        let rule = if majority { Rule::Majority } else { Rule::Latest };
        let as_of_end = as_of.and_then(|text| open(Occurred::parse(text).unwrap().latest(), Micros::MAX));
        let asked = Asked { as_of: as_of.map(str::to_owned), known_at: Some(format!("@{known_at}")), rule };
        compare(&built, &asked, &oracle::When { as_of: as_of_end, known_at }, which[0] & which[1])?;
        for wanted in &events[..2] {
            event::compare(&built, &asked, wanted, known_at)?;
        }
        for wanted in &events[2..] {
            event::compare(&built, &Asked::default(), wanted, head)?;
        }
        compare(&built, &Asked { rule, ..Asked::default() }, &oracle::When { as_of: None, known_at: head }, which[2] & which[3])?;
    }
}

proptest! {
    #![proptest_config(config_of_places())]

    #[test]
    fn what_an_event_moves_is_all_that_differs_around_it(steps in history(40), majority in any::<bool>(), places in any::<[u64; 4]>()) {
        let built = play(&steps);
        let head = built.model.events.len() as u64;
        let rule = if majority { Rule::Majority } else { Rule::Latest };
        for place in places {
            let seq = place % head + 1;
            moved::compare_with_diff(&built, seq, rule)?;
            moved::compare_with_model(&built, seq, rule)?;
        }
    }

    #[test]
    fn a_diff_is_all_that_differs(
        steps in history(40), majority in any::<bool>(), mut dates in proptest::array::uniform2(proptest::sample::select(&generate::DATES[..])),
        as_of in proptest::option::of(proptest::sample::select(&generate::DATES[..])), places in any::<[u64; 3]>(),
    ) {
        let built = play(&steps);
        let head = built.model.events.len() as u64;
        let rule = if majority { Rule::Majority } else { Rule::Latest };
        let [one, other, known_at] = places.map(|place| place % head + 1);
        let (from, to) = (one.min(other), one.max(other));
        dates.sort_by_key(|date| Occurred::parse(date).unwrap().latest());
        moved::compare_dates(&built, dates, known_at, rule)?;
        moved::compare_places(&built, [from, to], as_of, rule)?;
        // Up to the present, which is a table.
        moved::compare_places(&built, [from, head], None, rule)?;
    }
}
