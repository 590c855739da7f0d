//! Identity: two slugs turn out to be one entity, or not after all; a former slug redirects.

use serde_json::json;
use stancelog::ledger::{Asked, Retracted};

use crate::support::{Desk, known};

fn merge(desk: &Desk, from: &str, into: &str) -> String {
    desk.tell(json!({"type": "merge", "from": from, "into": into, "reason": "the same person"}))
}

/// Three names of what may be one person, each with a stance of its own on tax.
fn three() -> Desk {
    let desk = Desk::knowing(&["ann", "annie", "anna", "tax"]);
    desk.says("ann", "backs", "tax", "2021-01-01");
    desk.says("annie", "opposes", "tax", "2022-01-01");
    desk.says("anna", "neutral-on", "tax", "2023-01-01");
    desk
}

fn canonical(desk: &Desk, slug: &str) -> String {
    desk.answer(slug, "tax", &Asked::default()).actor
}

#[test]
fn a_former_slug_redirects_and_its_acts_count_for_the_one_entity() {
    let desk = three();
    merge(&desk, "annie", "ann");
    for asked in ["ann", "annie"] {
        let answer = desk.answer(asked, "tax", &Asked::default());
        assert_eq!((answer.actor.as_str(), answer.stance.word()), ("ann", "against"), "asked for {asked}");
        assert_eq!(answer.counts.values().sum::<u64>(), 2);
        assert_eq!(desk.ledger.history(asked, Some("tax"), Retracted::Hidden, &Asked::default()).unwrap().len(), 4);
    }
    let ann = &desk.ledger.entities(Some("annie"), 10, &Asked::default()).unwrap()[0];
    assert_eq!((ann.entity.as_str(), ann.name.as_str(), &ann.merged[..]), ("ann", "ann", &["annie".to_owned()][..]));
    assert_eq!(desk.ledger.sides("tax", &Asked::default()).unwrap().len(), 2);
    // What is recorded under the former slug counts as well, and as what it is.
    desk.says("annie", "backs", "tax", "2024-01-01");
    assert_eq!(desk.now("ann", "tax"), "favor");
    assert_eq!(desk.stance("annie", "tax", &known(desk.head() - 2)).0, "against", "before the merge they were two");
}

#[test]
fn a_retracted_merge_leaves_two_entities_as_they_were() {
    let desk = three();
    let before: Vec<_> = ["ann", "annie", "anna"].map(|slug| desk.answer(slug, "tax", &Asked::default())).into();
    let merged = merge(&desk, "annie", "ann");
    let retraction = desk.retracts(&merged);
    let after: Vec<_> = ["ann", "annie", "anna"].map(|slug| desk.answer(slug, "tax", &Asked::default())).into();
    assert_eq!(before, after);
    desk.retracts(&retraction);
    assert_eq!(canonical(&desk, "annie"), "ann", "and merged again, when the retraction is taken back");
}

#[test]
fn chains_are_followed_and_may_be_broken_in_the_middle() {
    let desk = three();
    merge(&desk, "ann", "annie");
    let second = merge(&desk, "annie", "anna");
    assert_eq!(["ann", "annie", "anna"].map(|slug| canonical(&desk, slug)), ["anna"; 3]);
    assert_eq!(desk.answer("ann", "tax", &Asked::default()).counts.values().sum::<u64>(), 3);
    desk.retracts(&second);
    assert_eq!(["ann", "annie", "anna"].map(|slug| canonical(&desk, slug)), ["annie", "annie", "anna"]);
    assert_eq!([desk.now("ann", "tax"), desk.now("anna", "tax")], ["against", "neutral"]);
}

#[test]
fn two_slugs_merged_with_a_third_are_all_one() {
    let desk = three();
    merge(&desk, "annie", "ann");
    merge(&desk, "anna", "ann");
    assert_eq!(["ann", "annie", "anna"].map(|slug| canonical(&desk, slug)), ["ann"; 3]);
    assert_eq!(desk.now("anna", "tax"), "neutral");
}

#[test]
fn a_merge_in_a_circle_or_with_itself_is_refused() {
    let desk = three();
    assert!(desk.refuses(json!({"type": "merge", "from": "ann", "into": "ann"})).contains("one entity already"));
    merge(&desk, "ann", "annie");
    merge(&desk, "annie", "anna");
    for (from, into) in [("anna", "ann"), ("annie", "ann"), ("ann", "anna")] {
        assert!(desk.refuses(json!({"type": "merge", "from": from, "into": into})).contains("one entity already"), "{from} {into}");
    }
    let stranger = json!({"type": "merge", "from": "nobody-at-all", "into": "ann"});
    assert!(desk.refuses(stranger).contains("nobody is registered as `nobody-at-all`"));
}

#[test]
fn a_circle_inside_one_batch_is_refused_too() {
    let desk = three();
    let lines = [("ann", "annie"), ("annie", "anna"), ("anna", "ann")];
    let drafts =
        lines.map(|(from, into)| stancelog::event::parse(&json!({"type": "merge", "from": from, "into": into}).to_string()).unwrap());
    let head = desk.head();
    assert!(desk.ledger.append(drafts).unwrap_err().to_string().contains("one entity already"));
    assert_eq!(desk.head(), head, "the first two were good, and are not there either");
}

#[test]
fn a_circle_that_closes_over_merges_old_and_new_is_refused() {
    let desk = three();
    merge(&desk, "ann", "annie");
    // After a refusal the ledger begins anew with what the views know; what it records then is known beside them.
    desk.refuses(json!({"type": "merge", "from": "ann", "into": "annie"}));
    merge(&desk, "annie", "anna");
    assert!(desk.refuses(json!({"type": "merge", "from": "anna", "into": "ann"})).contains("one entity already"));
}

#[test]
fn what_is_done_toward_both_slugs_counts_toward_the_one() {
    let desk = Desk::knowing(&["ann", "kyiv", "kiev"]);
    desk.says("ann", "backs", "kyiv", "2021");
    desk.says("ann", "opposes", "kiev", "2022");
    let merged = merge(&desk, "kiev", "kyiv");
    assert_eq!(desk.now("ann", "kiev"), "against");
    assert_eq!(desk.ledger.stances("ann", &Asked::default()).unwrap().len(), 1);
    desk.retracts(&merged);
    assert_eq!([desk.now("ann", "kyiv"), desk.now("ann", "kiev")], ["favor", "against"]);
}

#[test]
fn who_speaks_for_himself_under_another_name_counts_once_and_is_one_voice() {
    let desk = Desk::knowing(&["ann", "annie", "tax"]);
    desk.tell(json!({"actor": "annie", "action": "backs", "target": "tax", "occurred": "2022", "on_behalf_of": ["ann"]}));
    merge(&desk, "annie", "ann");
    let answer = desk.answer("ann", "tax", &Asked::default());
    assert_eq!((answer.counts.values().sum::<u64>(), answer.voices), (1, 1));
}

#[test]
fn an_ambiguous_name_is_clear_once_its_bearers_are_one() {
    let desk = Desk::new();
    for slug in ["ann-dover", "ann-calais"] {
        desk.tell(json!({"type": "entity", "entity": slug, "kind": "person", "name": slug, "aliases": ["Ann"]}));
    }
    let said = json!({"actor": "Ann", "action": "backs", "target": "tax", "occurred": "2022"});
    assert!(desk.refuses(said.clone()).contains("may be any of ann-calais, ann-dover"));
    let question = desk.ledger.stances("Ann", &Asked::default()).unwrap_err();
    assert!(question.to_string().contains("ann-calais") && question.to_string().contains("ann-dover"), "{question}");
    merge(&desk, "ann-calais", "ann-dover");
    desk.tell(said);
    assert_eq!(desk.answer("Ann", "tax", &Asked::default()).actor, "ann-dover");
}
