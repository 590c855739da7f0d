//! What one event moved, against the answers right before and right after it.

use proptest::prelude::*;
use stancelog::ledger::{Asked, Between, DiffItem, Seq};
use stancelog::stance::Rule;

use crate::generate::ENTITIES;
use crate::{Built, oracle, rules};

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
    let stance = |actor: &str, target: &str, known_at: u64| {
        // What is merged away has no stance under its own name.
        let is_itself = |slug: &str| built.model.canonical(slug, known_at) == slug;
        if !is_itself(actor) || !is_itself(target) {
            return "none".to_owned();
        }
        built.model.answer(actor, target, rules(rule), &oracle::When { as_of: None, known_at }).stance
    };
    let mut expected = Vec::new();
    for actor in ENTITIES {
        for target in ENTITIES {
            let (from, to) = (stance(actor, target, seq - 1), stance(actor, target, seq));
            if from != to {
                expected.push((actor.to_owned(), target.to_owned(), from, to));
            }
        }
    }
    expected.sort();
    let plain = |item: DiffItem| (item.actor, item.target, item.from.stance.word().to_owned(), item.to.stance.word().to_owned());
    let moved: Vec<_> = built.ledger.moved_by(Seq(seq as i64), rule).unwrap().into_iter().map(plain).collect();
    prop_assert_eq!(moved, expected, "what event {} moved", seq);
    Ok(())
}
