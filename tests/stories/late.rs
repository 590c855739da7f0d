//! Late news: what happened earlier is recorded later, or a word comes to mean something else. Exactly what it should
//! change changes.

use std::collections::BTreeMap;

use serde_json::json;
use stancelog::ledger::{Answer, Asked, Detail, HistoryItem, Retracted};
use stancelog::stance::Rule;

use crate::support::{Desk, at, known};

/// Every pair's answer, by both rules.
fn all(desk: &Desk, asked: &Asked) -> BTreeMap<(String, String, &'static str), Answer> {
    let mut answers = BTreeMap::new();
    for rule in [Rule::Latest, Rule::Majority] {
        let asked = Asked { rule, ..asked.clone() };
        let keep = |answer: Answer| {
            answers.insert((answer.actor.clone(), answer.target.clone(), rule.word()), answer);
            Ok(())
        };
        desk.ledger.every_stance(&asked, Detail::Full, keep).unwrap();
    }
    answers
}

/// The pairs whose answers differ between two tables.
fn changed(
    before: &BTreeMap<(String, String, &'static str), Answer>,
    after: &BTreeMap<(String, String, &'static str), Answer>,
) -> Vec<String> {
    let keys = before.keys().chain(after.keys()).filter(|key| before.get(*key) != after.get(*key));
    let mut pairs: Vec<String> = keys.map(|(actor, target, _)| format!("{actor} {target}")).collect();
    pairs.sort();
    pairs.dedup();
    pairs
}

/// Three people with stances on two things, by words and by deeds.
fn people() -> Desk {
    let desk = Desk::knowing(&["ann", "bob", "cid", "tax", "war"]);
    for actor in ["ann", "bob", "cid"] {
        desk.says(actor, "backs", "tax", "2023-01-01");
        desk.says(actor, "dislikes", "war", "2023-01-01");
        desk.says(actor, "sanctions", "war", "2023-02-01");
    }
    desk
}

fn changes(desk: &Desk, asked: &Asked) -> Vec<(String, &'static str, &'static str)> {
    let history = desk.ledger.history("ann", Some("tax"), Retracted::Hidden, asked).unwrap();
    let change = |item| match item {
        HistoryItem::Change(change) => Some((change.at, change.from.word(), change.to.word())),
        _ => None,
    };
    history.into_iter().filter_map(change).collect()
}

#[test]
fn an_earlier_event_changes_the_past_and_leaves_the_present() {
    let desk = people();
    let before = all(&desk, &Asked::default());
    desk.says("ann", "opposes", "tax", "2022-06-01");
    assert_eq!(changed(&before, &all(&desk, &Asked::default())), ["ann tax"], "by one more event, and since when");
    let answer = desk.answer("ann", "tax", &Asked::default());
    assert_eq!((answer.stance.word(), answer.since.as_deref(), answer.flips), ("favor", Some("2023-01-01"), 0));
    assert_eq!(desk.stance("ann", "tax", &at("2022-12-31")).0, "against");
    assert_eq!(desk.stance("ann", "tax", &at("2022-05-31")).0, "none");
    let (opposed, backed) = (("2022-06-01".to_owned(), "none", "against"), ("2023-01-01".to_owned(), "against", "favor"));
    assert_eq!(changes(&desk, &Asked::default()), [opposed, backed]);
    assert_eq!(changes(&desk, &known(desk.head() - 1)), [("2023-01-01".to_owned(), "none", "favor")]);
    assert_eq!(all(&desk, &known(desk.head() - 1)), before);
}

#[test]
fn a_late_event_of_the_deciding_day_decides_with_the_others() {
    let desk = people();
    desk.says("ann", "opposes", "tax", "2023-01-01");
    assert_eq!(desk.now("ann", "tax"), "mixed");
    assert_eq!(desk.answer("ann", "tax", &Asked::default()).decided_by.len(), 2);
}

#[test]
fn a_late_word_of_a_stronger_tier_decides_although_weaker_ones_are_later() {
    let desk = people();
    assert_eq!(desk.stance("ann", "war", &Asked::default()), ("against", "enacted"));
    desk.says("ann", "praises", "war", "2020-01-01");
    assert_eq!(desk.stance("ann", "war", &Asked::default()), ("favor", "declared"));
}

#[test]
fn late_news_about_before_all_days_comes_first() {
    let desk = people();
    desk.says("ann", "opposes", "tax", "../2021-01-01");
    let answer = desk.answer("ann", "tax", &Asked::default());
    assert_eq!((answer.stance.word(), answer.since.as_deref()), ("favor", Some("2023-01-01")));
    let then = desk.answer("ann", "tax", &at("1900"));
    assert_eq!((then.stance.word(), then.since.as_deref(), then.certain), ("against", Some(".."), false));
}

#[test]
fn a_redefined_word_changes_its_own_pairs_and_no_others() {
    let desk = people();
    let before = all(&desk, &Asked::default());
    let define = |tier: &str, side: &str| {
        desk.tell(json!({"type": "action", "action": "dislikes", "label": "dislikes", "toward": "entity", "tier": tier, "side": side}))
    };
    let id = define("declared", "favor");
    let wars = ["ann war", "bob war", "cid war"];
    assert_eq!(changed(&before, &all(&desk, &Asked::default())), wars);
    for actor in ["ann", "bob", "cid"] {
        assert_eq!(desk.stance(actor, "war", &Asked::default()), ("favor", "declared"));
        assert_eq!(desk.stance(actor, "war", &known(desk.head() - 1)), ("against", "enacted"));
        assert!(desk.answer(actor, "war", &Asked::default()).gap, "now words and deeds part");
    }
    desk.retracts(&id);
    assert_eq!(all(&desk, &Asked::default()), before, "taken back, everything is as it was");
}

#[test]
fn a_word_that_becomes_contact_tells_nothing_any_more() {
    let desk = people();
    desk.tell(json!({"type": "action", "action": "backs", "label": "backs", "toward": "entity", "tier": "contact"}));
    let answer = desk.answer("ann", "tax", &Asked::default());
    assert_eq!((answer.stance.word(), answer.basis, answer.since, answer.last), ("none", None, None, None));
    assert_eq!(answer.counts.values().sum::<u64>(), 1);
}

#[test]
fn a_word_that_becomes_speech_leaves_the_entities() {
    let desk = people();
    desk.tell(json!({"type": "action", "action": "backs", "label": "backs", "toward": "claim", "speech": "assert"}));
    assert_eq!(desk.answer("ann", "tax", &Asked::default()).counts.values().sum::<u64>(), 0);
    assert!(desk.ledger.sides("tax", &Asked::default()).unwrap().is_empty());
}

#[test]
fn a_word_that_becomes_formal_confirms_a_flip() {
    let desk = people();
    desk.says("ann", "opposes", "tax", "2024-01-01");
    assert_eq!(desk.answer("ann", "tax", &Asked::default()).flips, 0, "one day is a candidate");
    let formal = json!({"type": "action", "action": "opposes", "label": "opposes", "toward": "entity", "tier": "declared", "side": "against", "formal": true});
    desk.tell(formal);
    assert_eq!(desk.answer("ann", "tax", &Asked::default()).flips, 1);
}
