//! Known at: what was answered before is answered again, whatever was taken back since; as of a date, only what had
//! begun by then counts.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stancelog::event::{Draft, Occurred, parse};
use stancelog::ledger::{Answer, Asked, Detail, Question};
use stancelog::stance::Rule;

use crate::support::{Desk, Dice, at, id_of, known};

const ACTORS: [&str; 12] = ["ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal", "ida", "jan", "kim", "lea"];
const TARGETS: [&str; 8] = ["tax", "war", "nato", "euro", "peace", "trade", "ann", "bob"];
const ACTIONS: [&str; 14] = [
    "backs",
    "opposes",
    "praises",
    "criticizes",
    "neutral-on",
    "abstains-on",
    "votes-for",
    "votes-against",
    "aids",
    "sanctions",
    "promises",
    "visits",
    "comments-on",
    "meets",
];
const ROWS: usize = 2_000;
/// Number of the first row's id, past those that a desk gives.
const FIRST: usize = 10_000;

/// A date of three years: most a day, some a month, a span, open at an end, a moment.
fn date(dice: &mut Dice) -> String {
    let day = |dice: &mut Dice| format!("202{}-{:02}-{:02}", dice.below(3), dice.below(12) + 1, dice.below(28) + 1);
    match dice.below(12) {
        0 => day(dice)[..7].to_owned(),
        1 => format!("{}/2022-12-31", day(dice)),
        2 => format!("../{}", day(dice)),
        3 => format!("{}/..", day(dice)),
        4 => format!("{}T1{}:00:00Z", day(dice), dice.below(10)),
        _ => day(dice),
    }
}

/// Made-up rows over few actors and targets, so that many meet.
fn rows(dice: &mut Dice) -> Vec<Value> {
    let row = |number: usize, dice: &mut Dice| {
        let behalf: Vec<&str> = (dice.below(10) == 0).then(|| dice.one_of(&ACTORS)).into_iter().collect();
        json!({"id": id_of(FIRST + number), "actor": dice.one_of(&ACTORS), "action": dice.one_of(&ACTIONS), "target": dice.one_of(&TARGETS),
            "occurred": date(dice), "on_behalf_of": behalf})
    };
    (0..ROWS).map(|number| row(number, dice)).collect()
}

fn drafts(rows: &[Value]) -> Vec<Draft> {
    rows.iter().map(|row| parse(&row.to_string()).unwrap()).collect()
}

fn desk_of(rows: &[Value]) -> Desk {
    let desk = Desk::new();
    desk.ledger.append(drafts(rows)).unwrap();
    desk
}

type Answers = BTreeMap<(String, String, &'static str), Answer>;

fn all(desk: &Desk, asked: &Asked) -> Answers {
    let mut answers = BTreeMap::new();
    for rule in [Rule::Latest, Rule::Majority] {
        let keep = |answer: Answer| {
            answers.insert((answer.actor.clone(), answer.target.clone(), rule.word()), answer);
            Ok(())
        };
        desk.ledger.every_stance(&Asked { rule, ..asked.clone() }, Detail::Full, keep).unwrap();
    }
    answers
}

#[test]
fn what_was_known_before_a_hundred_retractions_is_still_answered() {
    let mut dice = Dice::roll();
    let desk = desk_of(&rows(&mut dice));
    let (then, before) = (desk.head(), all(&desk, &Asked::default()));
    assert!(before.len() > 150, "few pairs: {}", before.len());
    let mut numbers: Vec<usize> = (FIRST..FIRST + ROWS).collect();
    dice.shuffle(&mut numbers);
    let retract = |number: &usize| parse(&json!({"type": "retract", "event": id_of(*number), "reason": "wrong"}).to_string()).unwrap();
    desk.ledger.append(numbers[..100].iter().map(retract)).unwrap();

    assert_eq!(all(&desk, &known(then)), before, "as known then");
    assert_ne!(all(&desk, &Asked::default()), before, "as known now");
    let halfway = all(&desk, &known(then + 50));
    let other = desk_of(&rest(&desk, &numbers[..50]));
    assert_eq!(without_places(all(&other, &Asked::default())), without_places(halfway), "as known halfway");
}

/// The rows of a log that were not taken back, told again.
fn rest(desk: &Desk, without: &[usize]) -> Vec<Value> {
    let mut rows = Vec::new();
    let take = |row: stancelog::ledger::Row| {
        let mut event: Value = serde_json::from_str(row.body.as_deref().unwrap()).unwrap();
        event["id"] = json!(row.id.to_string());
        let is_out = without.iter().any(|number| id_of(*number) == row.id.to_string());
        if event["type"] == "stance" && !is_out {
            rows.push(event);
        }
        Ok(())
    };
    desk.ledger.events(&Default::default(), &Asked::default(), take).unwrap();
    rows
}

/// Answers without what a log with fewer rows cannot tell: nothing is left out but pairs without a counting event.
fn without_places(answers: Answers) -> Answers {
    answers.into_iter().filter(|(_, answer)| answer.counts.values().any(|n| *n > 0)).collect()
}

#[test]
fn as_of_a_date_is_the_log_of_what_had_begun_by_then() {
    let mut dice = Dice::roll();
    let rows = rows(&mut dice);
    let desk = desk_of(&rows);
    for _ in 0..10 {
        let (asked, rule) = (format!("202{}-{:02}", dice.below(3), dice.below(12) + 1), [Rule::Latest, Rule::Majority][dice.below(2)]);
        let end = Occurred::parse(&asked).unwrap().latest();
        let begun = |row: &&Value| Occurred::parse(row["occurred"].as_str().unwrap()).unwrap().earliest() <= end;
        let until: Vec<Value> = rows.iter().filter(begun).cloned().collect();
        let small = Desk::knowing(&[&ACTORS[..], &TARGETS[..6]].concat());
        small.ledger.append(drafts(&until)).unwrap();
        for _ in 0..100 {
            let (actor, target) = (dice.one_of(&ACTORS), dice.one_of(&TARGETS));
            let question = |asked: Asked| Question { actor, target, asked: Asked { rule, ..asked } };
            let then = desk.ledger.stance(&question(at(&asked))).unwrap();
            let mut folded = small.ledger.stance(&question(Asked::default())).unwrap();
            // Only a question with a date can be in doubt about what had happened by then.
            folded.certain = then.certain;
            assert_eq!(then, folded, "{actor} {target} as of {asked}");
        }
    }
}
