//! Words and deeds, sides and comparisons: where they part, who agrees with whom, what changed between two times.

use stancelog::ledger::{Asked, Between};

use crate::support::{Desk, at};

fn desk(acts: &[(&str, &str, &str, &str)]) -> Desk {
    let desk = Desk::knowing(&["ann", "bob", "cid", "tax", "war", "nato", "euro"]);
    for (actor, action, target, on) in acts {
        desk.says(actor, action, target, on);
    }
    desk
}

#[test]
fn saying_one_thing_and_doing_another_is_a_gap() {
    let desk = desk(&[
        ("ann", "praises", "tax", "2022-01-01"),
        ("ann", "cuts-aid-to", "tax", "2021-01-01"),
        ("bob", "praises", "tax", "2022-01-01"),
    ]);
    let gaps = desk.ledger.gaps(None, None, &Asked::default()).unwrap();
    let [gap] = &gaps[..] else { panic!("{gaps:?}") };
    assert_eq!((gap.actor.as_str(), gap.declared.word(), gap.enacted.word()), ("ann", "favor", "against"));
    assert_eq!((gap.declared_last.as_str(), gap.enacted_last.as_str()), ("2022-01-01", "2021-01-01"));
    assert_eq!((gap.declared_by.len(), gap.enacted_by.len()), (1, 1));
    assert!(desk.answer("ann", "tax", &Asked::default()).gap && !desk.answer("ann", "tax", &at("2021")).gap);
    assert!(desk.ledger.gaps(Some("bob"), None, &Asked::default()).unwrap().is_empty());
    desk.says("ann", "criticizes", "tax", "2023");
    assert!(desk.ledger.gaps(None, None, &Asked::default()).unwrap().is_empty(), "the gap is closed");
}

#[test]
fn weaker_tiers_never_change_an_answer_and_are_shown_beside_it() {
    let desk =
        desk(&[("ann", "opposes", "tax", "2020-01-01"), ("ann", "visits", "tax", "2022-01-01"), ("ann", "meets", "tax", "2023-01-01")]);
    let answer = desk.answer("ann", "tax", &Asked::default());
    assert_eq!((answer.stance.word(), answer.basis.map(|tier| tier.word())), ("against", Some("declared")));
    assert_eq!((answer.since.as_deref(), answer.last.as_deref()), (Some("2020-01-01"), Some("2020-01-01")));
    let counts: Vec<u64> = answer.counts.values().copied().collect();
    assert_eq!(counts, [1, 0, 0, 1, 0, 1]);
}

#[test]
fn speaking_of_it_is_neutral_and_dealing_with_it_says_nothing() {
    let desk = desk(&[("ann", "comments-on", "tax", "2022-01-01"), ("bob", "meets", "tax", "2022-01-01")]);
    assert_eq!(
        [desk.stance("ann", "tax", &Asked::default()), desk.stance("bob", "tax", &Asked::default())],
        [("neutral", "spoken"), ("none", "-")]
    );
}

#[test]
fn an_answer_that_rests_on_what_may_not_have_happened_yet_is_not_certain() {
    let desk = desk(&[("ann", "backs", "tax", "2022-06/2022-09")]);
    assert!(!desk.answer("ann", "tax", &at("2022-07-01")).certain);
    assert!(desk.answer("ann", "tax", &at("2022-09")).certain);
    assert!(desk.answer("ann", "tax", &Asked::default()).certain);
    assert_eq!(desk.stance("ann", "tax", &at("2022-05-31")).0, "none");
}

#[test]
fn as_of_a_year_is_its_end() {
    let desk = desk(&[("ann", "backs", "tax", "2022-12-31"), ("ann", "opposes", "tax", "2023-01-01")]);
    assert_eq!([desk.stance("ann", "tax", &at("2022")).0, desk.stance("ann", "tax", &at("2023-01")).0], ["favor", "against"]);
}

#[test]
fn two_are_compared_where_both_have_a_stance() {
    let on = "2022-01-01";
    let mut acts = Vec::new();
    for (target, ann, bob) in
        [("tax", "backs", "backs"), ("war", "backs", "opposes"), ("nato", "opposes", "opposes"), ("euro", "backs", "neutral-on")]
    {
        acts.extend([("ann", ann, target, on), ("bob", bob, target, "2022-02-02")]);
    }
    acts.push(("cid", "backs", "tax", on));
    let desk = desk(&acts);
    let comparison = desk.ledger.compare("ann", "bob", &Asked::default()).unwrap();
    assert_eq!((comparison.both, comparison.agree, comparison.differ, comparison.targets.len()), (3, 2, 1, 4));
    assert_eq!(comparison.share, Some(2.0 / 3.0));
    let war = comparison.targets.iter().find(|shared| shared.target == "war").unwrap();
    assert_eq!((war.agree, war.since.as_deref()), (Some(false), Some("2022-02-02")));
    let allies = desk.ledger.allies("ann", &Asked::default()).unwrap();
    assert_eq!(
        allies.iter().map(|ally| (ally.actor.as_str(), ally.agree, ally.both)).collect::<Vec<_>>(),
        [("bob", 2, 3)],
        "cid shares too little"
    );
}

#[test]
fn a_difference_names_the_events_that_caused_it() {
    let desk = desk(&[("ann", "backs", "tax", "2021-01-01"), ("bob", "backs", "tax", "2021-01-01")]);
    let turned = desk.says("ann", "opposes", "tax", "2022-01-01");
    let moved = |between| -> Vec<(String, &str, &str, Vec<String>)> {
        let items = desk.ledger.diff(between, &Asked::default()).unwrap();
        let ids = |events: &[stancelog::event::EventId]| events.iter().map(ToString::to_string).collect();
        items.iter().map(|item| (item.actor.clone(), item.from.stance.word(), item.to.stance.word(), ids(&item.events))).collect()
    };
    let in_the_world = moved(Between::Valid { from: "2021-06", to: "2022-06" });
    assert_eq!(in_the_world, [("ann".to_owned(), "favor", "against", vec![turned.clone()])]);
    let before = desk.head();
    let retraction = desk.retracts(&turned);
    let (from, to) = (format!("@{before}"), format!("@{}", desk.head()));
    let in_what_we_knew = moved(Between::Known { from: &from, to: &to });
    assert_eq!(in_what_we_knew, [("ann".to_owned(), "against", "favor", vec![retraction])]);
    assert!(moved(Between::Valid { from: "2021-06", to: "2022-06" }).is_empty());
}
