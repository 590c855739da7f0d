//! Arrival: the same events in any order, in batches of any size, with questions in between, give the same answers; only
//! ties are decided by who came first.

use serde_json::{Value, json};
use stancelog::event::parse;
use stancelog::ledger::{Answer, Asked, Detail, FlipsWanted};
use stancelog::stance::Rule;

use crate::support::{Desk, Dice, id_of};

const ACTORS: [&str; 6] = ["ann", "bob", "cid", "dan", "eve", "fay"];
const TARGETS: [&str; 5] = ["tax", "war", "nato", "motion", "ann"];
const ACTIONS: [&str; 10] =
    ["backs", "opposes", "neutral-on", "votes-for", "votes-against", "abstains-on", "aids", "sanctions", "visits", "comments-on"];
const SPEECHES: [&str; 6] = ["asserts", "denies", "concedes", "suggests", "withdraws", "questions"];

/// What is defined before anything happens.
fn definitions() -> Vec<Value> {
    let mut events: Vec<Value> =
        ACTORS.iter().chain(&TARGETS[..3]).map(|slug| json!({"type": "entity", "entity": slug, "kind": "unknown", "name": slug})).collect();
    let stands_for = json!([{"target": "tax", "side": "favor"}, {"target": "war", "side": "against"}]);
    events.push(json!({"type": "entity", "entity": "motion", "kind": "motion", "name": "motion", "stands_for": stands_for}));
    events.extend(["leak", "theft"].map(|claim| json!({"type": "claim", "claim": claim, "text": "So it is.", "about": {"actor": "ann", "action": "threatens", "target": "bob"}})));
    events
}

/// What happens; speeches each on a day of their own, as among those of one day the first to come would be the earlier.
fn happenings(dice: &mut Dice) -> Vec<Value> {
    let mut events = Vec::new();
    for number in 0..400 {
        let behalf: Vec<&str> = (dice.below(6) == 0).then(|| dice.one_of(&ACTORS)).into_iter().collect();
        let day = format!("202{}-0{}-{:02}", dice.below(2), dice.below(3) + 1, dice.below(28) + 1);
        let mut event = json!({"id": id_of(number + 1), "actor": dice.one_of(&ACTORS), "on_behalf_of": behalf});
        if dice.below(5) == 0 {
            event["action"] = json!(dice.one_of(&SPEECHES));
            event["target"] = json!(dice.one_of(&["claim:leak", "claim:theft"]));
            event["occurred"] = json!(format!("{}-{:02}-{:02}", 1900 + number / 300, number % 300 / 28 + 1, number % 28 + 1));
        } else {
            event["action"] = json!(dice.one_of(&ACTIONS));
            event["target"] = json!(dice.one_of(&TARGETS));
            event["occurred"] = json!(if dice.below(8) == 0 { day[..7].to_owned() } else { day });
        }
        events.push(event);
    }
    events
}

/// In some order, with the retractions of some of them each behind what it takes back.
fn arrive(events: &[Value], dice: &mut Dice) -> Desk {
    let mut order: Vec<(usize, Value)> = events.iter().cloned().enumerate().collect();
    dice.shuffle(&mut order);
    let mut told: Vec<Value> = Vec::new();
    let mut waiting: Vec<Value> = Vec::new();
    for (number, event) in order {
        if number % 10 == 0 {
            waiting.push(json!({"type": "retract", "event": event["id"], "reason": "wrong", "id": id_of(1_000 + number)}));
        }
        told.push(event);
        if dice.below(3) == 0 {
            told.append(&mut waiting);
        }
    }
    told.append(&mut waiting);
    let desk = Desk::new();
    desk.ledger.append(definitions().iter().map(|event| parse(&event.to_string()).unwrap())).unwrap();
    let mut rest = &told[..];
    while !rest.is_empty() {
        let (batch, others) = rest.split_at((dice.below(60) + 1).min(rest.len()));
        desk.ledger.append(batch.iter().map(|event| parse(&event.to_string()).unwrap())).unwrap();
        if dice.below(2) == 0 {
            desk.ledger.catch_up(|_| {}).unwrap();
        }
        rest = others;
    }
    desk
}

/// Everything that can be asked, as text; the events of one moment in no order.
fn everything(desk: &Desk) -> Vec<String> {
    let mut said = Vec::new();
    for rule in [Rule::Latest, Rule::Majority] {
        let asked = Asked { rule, ..Asked::default() };
        let keep = |mut answer: Answer| {
            answer.decided_by.sort();
            said.push(format!("{answer:?}"));
            Ok(())
        };
        desk.ledger.every_stance(&asked, Detail::Full, keep).unwrap();
        for mut flip in desk.ledger.flips(&FlipsWanted::default(), &asked).unwrap() {
            flip.events.sort();
            said.push(format!("{flip:?}"));
        }
        said.extend(
            desk.ledger.gaps(None, None, &asked).unwrap().iter().map(|gap| format!("{} {} {:?}", gap.actor, gap.target, gap.declared)),
        );
    }
    for claim in desk.ledger.claims(None, None, &Asked::default()).unwrap() {
        said.push(format!("{:?} {:?} {:?} {:?}", claim.status, claim.voices, claim.holdings, claim.withdrawn_by));
    }
    said
}

#[test]
fn in_whatever_order_they_arrive_the_answers_are_the_same() {
    let mut dice = Dice::roll();
    let events = happenings(&mut dice);
    let first = everything(&arrive(&events, &mut dice));
    assert!(first.len() > 100, "{}", first.len());
    for _ in 0..6 {
        let again = everything(&arrive(&events, &mut dice));
        for (one, other) in first.iter().zip(&again) {
            assert_eq!(one, other);
        }
        assert_eq!(first.len(), again.len());
    }
}
