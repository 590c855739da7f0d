//! What one event moved, and what differs between two times, against the answers then and now.

use proptest::prelude::*;
use stancelog::event::{Micros, Occurred};
use stancelog::ledger::{Asked, Between, DiffItem, Seq};
use stancelog::stance::Rule;

use crate::generate::ENTITIES;
use crate::{Built, open, oracle, rules};

/// Compares what an event moved with all that differs between its place and the place before, as the program finds it
/// over all pairs.
pub fn compare_with_diff(built: &Built, seq: u64, rule: Rule) -> Result<(), TestCaseError> {
    let (from, to) = (format!("@{}", seq - 1), format!("@{seq}"));
    let expected = built.ledger.diff(Between::Known { from: &from, to: &to }, &Asked { rule, ..Asked::default() }).unwrap();
    let moved = built.ledger.moved_by(Seq(seq as i64), rule).unwrap();
    prop_assert_eq!(moved, expected, "what event {} moved", seq);
    Ok(())
}

/// The same with what the model says of every pair.
pub fn compare_with_model(built: &Built, seq: u64, rule: Rule) -> Result<(), TestCaseError> {
    let at = |known_at: u64| oracle::When { as_of: None, known_at };
    let moved = built.ledger.moved_by(Seq(seq as i64), rule).unwrap();
    prop_assert_eq!(plain(moved), differing(built, rule, [&at(seq - 1), &at(seq)]), "what event {} moved", seq);
    Ok(())
}

/// Compares what differs between two dates, as known at a place, with what the model says of every pair.
pub fn compare_dates(built: &Built, dates: [&str; 2], known_at: u64, rule: Rule) -> Result<(), TestCaseError> {
    let asked = Asked { rule, known_at: Some(format!("@{known_at}")), as_of: None };
    let found = built.ledger.diff(Between::Valid { from: dates[0], to: dates[1] }, &asked).unwrap();
    let [from, to] = dates.map(|date| oracle::When { as_of: end_of(date), known_at });
    prop_assert_eq!(plain(found), differing(built, rule, [&from, &to]), "between {:?} at {}", dates, known_at);
    Ok(())
}

/// Compares what differs between two places, as of a date or without one, with what the model says of every pair.
pub fn compare_places(built: &Built, places: [u64; 2], as_of: Option<&str>, rule: Rule) -> Result<(), TestCaseError> {
    let asked = Asked { rule, known_at: None, as_of: as_of.map(str::to_owned) };
    let [from, to] = places.map(|place| format!("@{place}"));
    let found = built.ledger.diff(Between::Known { from: &from, to: &to }, &asked).unwrap();
    let [from, to] = places.map(|known_at| oracle::When { as_of: as_of.and_then(end_of), known_at });
    prop_assert_eq!(plain(found), differing(built, rule, [&from, &to]), "between {:?} as of {:?}", places, as_of);
    Ok(())
}

fn end_of(date: &str) -> Option<i64> {
    open(Occurred::parse(date).unwrap().latest(), Micros::MAX)
}

/// A difference: actor, target, and the two stances.
type Plain = (String, String, String, String);

fn plain(items: Vec<DiffItem>) -> Vec<Plain> {
    let plain = |item: DiffItem| (item.actor, item.target, item.from.stance.word().to_owned(), item.to.stance.word().to_owned());
    items.into_iter().map(plain).collect()
}

/// The pairs whose stance differs between two times, by name, as the model has them.
fn differing(built: &Built, rule: Rule, times: [&oracle::When; 2]) -> Vec<Plain> {
    let stance = |actor: &str, target: &str, when: &oracle::When| {
        // What is merged away has no stance under its own name.
        let is_itself = |slug: &str| built.model.canonical(slug, when.known_at) == slug;
        if !is_itself(actor) || !is_itself(target) {
            return "none".to_owned();
        }
        built.model.answer(actor, target, rules(rule), when).stance
    };
    let mut found = Vec::new();
    for actor in ENTITIES {
        for target in ENTITIES {
            let [from, to] = times.map(|when| stance(actor, target, when));
            if from != to {
                found.push((actor.to_owned(), target.to_owned(), from, to));
            }
        }
    }
    found.sort();
    found
}
