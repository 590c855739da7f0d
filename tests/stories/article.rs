//! The article: a reader asks of it what `fixtures/article/expected.json` expects, stance by stance.

use serde_json::Value;
use stancelog::ledger::{Answer, Asked, EventsWanted, FlipsWanted, HistoryItem, Retracted};

use crate::support::{Desk, at, known};

/// The answers that a careful reader expects.
pub fn expected() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/article/expected.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("expected.json has no list {key}"))
}

pub fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{value} has no {key}"))
}

/// On the day the article was published.
pub fn that_day() -> Asked {
    at("2023-01-31")
}

/// Each field of the expected answer is in the given one; remarks are for readers.
fn assert_answers(answer: &Answer, expected: &Value) {
    let got = serde_json::to_value(answer).unwrap();
    for (field, value) in expected.as_object().unwrap() {
        if !["why", "note", "as_of", "known_at"].contains(&field.as_str()) {
            assert_eq!(&got[field], value, "{field} of {} toward {}", answer.actor, answer.target);
        }
    }
}

#[test]
fn every_stance_is_as_a_careful_reader_expects() {
    let desk = Desk::with_article();
    let expected = expected();
    for one in list(&expected, "stances") {
        assert_answers(&desk.answer(word(one, "actor"), word(one, "target"), &that_day()), one);
    }
    for one in list(&expected, "at_other_times") {
        let date = |key: &str| one[key].as_str().map(str::to_owned);
        let asked = Asked { as_of: date("as_of"), known_at: date("known_at"), ..Asked::default() };
        assert_answers(&desk.answer(word(one, "actor"), word(one, "target"), &asked), one);
    }
}

#[test]
fn no_pair_has_a_stance_that_nobody_expects() {
    let desk = Desk::with_article();
    let expected = expected();
    let mut expected: Vec<(&str, &str)> = list(&expected, "stances").iter().map(|one| (word(one, "actor"), word(one, "target"))).collect();
    let mut found = Vec::new();
    let detail = stancelog::ledger::Detail::Full;
    desk.ledger
        .every_stance(&that_day(), detail, |answer| {
            found.push((answer.actor, answer.target));
            Ok(())
        })
        .unwrap();
    expected.sort_unstable();
    let mut found: Vec<(&str, &str)> = found.iter().map(|(actor, target)| (actor.as_str(), target.as_str())).collect();
    // Johnson negotiated with Putin and Putin spoke with him: contacts, which tell nothing.
    found.retain(|pair| expected.contains(pair) || desk.stance(pair.0, pair.1, &that_day()).0 != "none");
    assert_eq!(found, expected);
}

#[test]
fn a_forecast_that_ukraine_will_not_join_soon_is_no_stance_against_joining() {
    let desk = Desk::with_article();
    assert_eq!(desk.stance("Boris Johnson", "Ukraine joins NATO", &Asked::default()), ("neutral", "spoken"));
}

#[test]
fn nobody_stands_toward_skripal() {
    let desk = Desk::with_article();
    for one in list(&expected(), "nobody_stands_toward") {
        let sides = desk.ledger.sides(word(one, "target"), &Asked::default()).unwrap();
        assert!(sides.is_empty(), "{sides:?}");
    }
}

#[test]
fn putin_has_no_act_of_threatening_of_his_own() {
    let desk = Desk::with_article();
    for one in list(&expected(), "actions_never_taken") {
        let (actor, action) = (word(one, "actor"), word(one, "action"));
        let history = desk.ledger.history(actor, None, Retracted::Shown, &Asked::default()).unwrap();
        assert!(!history.iter().any(|item| matches!(item, HistoryItem::Event(act) if act.action == action)), "{history:#?}");
        let wanted = EventsWanted { actor: Some(actor), event_type: Some(stancelog::event::EventType::Stance), ..EventsWanted::default() };
        let visit = |row: stancelog::ledger::Row| {
            assert!(!row.body.unwrap().contains(&format!("\"action\":\"{action}\"")));
            Ok(())
        };
        desk.ledger.events(&wanted, &Asked::default(), visit).unwrap();
    }
}

#[test]
fn nobody_flips_and_no_words_and_deeds_part() {
    let desk = Desk::with_article();
    let flips = desk.ledger.flips(&FlipsWanted::default(), &Asked::default()).unwrap();
    let gaps = desk.ledger.gaps(None, None, &Asked::default()).unwrap();
    assert!(flips.is_empty() && gaps.is_empty(), "{flips:?} {gaps:?}");
}

#[test]
fn johnson_is_prime_minister_in_february_2022_and_former_in_january_2023() {
    let desk = Desk::with_article();
    let title = |entity: &str, date: &str| desk.ledger.title(entity, &at(date)).unwrap();
    for one in list(&expected(), "roles") {
        let (entity, on) = (word(one, "entity"), word(one, "on"));
        match list(one, "titles") {
            [held] => assert_eq!(title(entity, on).as_deref(), held.as_str(), "{entity} on {on}"),
            [] => assert!(title(entity, on).unwrap().starts_with("former "), "{entity} holds no office on {on}"),
            several => panic!("{several:?}"),
        }
    }
    assert_eq!(title("boris-johnson", "2023-01-30").as_deref(), Some("former Prime Minister of the United Kingdom"));
    assert_eq!(title("boris-johnson", "2019-07-23"), None, "before he held it");
}

#[test]
fn before_anything_was_recorded_everything_is_unknown() {
    let desk = Desk::with_article();
    for seq in [0, 1] {
        let asked = known(seq);
        for one in list(&expected(), "stances") {
            let answer = desk.answer(word(one, "actor"), word(one, "target"), &asked);
            assert_eq!((answer.stance.word(), answer.basis, answer.since, answer.last), ("none", None, None, None));
            assert!(answer.decided_by.is_empty() && answer.counts.values().all(|n| *n == 0));
        }
        assert!(desk.ledger.claims(None, None, &asked).unwrap().is_empty());
        assert!(desk.ledger.sides("ukraine", &asked).unwrap().is_empty());
        assert!(desk.ledger.history("boris-johnson", None, Retracted::Shown, &asked).unwrap().is_empty());
        assert_eq!(desk.ledger.title("boris-johnson", &Asked { as_of: Some("2022-02-10".into()), ..asked.clone() }).unwrap(), None);
        desk.ledger.every_stance(&asked, stancelog::ledger::Detail::Brief, |answer| panic!("{answer:?}")).unwrap();
    }
}
