//! Moved: what one event changed is what a replay shows of it.

use std::collections::BTreeMap;

use serde_json::json;
use stancelog::ledger::{ReplayChange, ReplayWanted, Seq};
use stancelog::stance::Rule;

use crate::support::Desk;

type Changes = Vec<(String, String, &'static str, &'static str)>;

/// The changes of stance that a replay shows, by seq.
fn replayed(desk: &Desk, rule: Rule) -> BTreeMap<i64, Changes> {
    let mut all = BTreeMap::new();
    let wanted = ReplayWanted { until: None, actor: None, target: None, rule };
    let keep = |step: stancelog::ledger::ReplayStep| {
        let stance = |change: &ReplayChange| match change {
            ReplayChange::Stance { actor, target, from, to } => Some((actor.clone(), target.clone(), from.word(), to.word())),
            ReplayChange::Claim { .. } => None,
        };
        let mut changes: Changes = step.changes.iter().filter_map(stance).collect();
        changes.sort();
        all.insert(step.row.seq.0, changes);
        Ok(())
    };
    desk.ledger.replay(&wanted, keep).unwrap();
    all
}

fn assert_moved_as_replayed(desk: &Desk) {
    for rule in [Rule::Latest, Rule::Majority] {
        let replayed = replayed(desk, rule);
        let mut changes = 0;
        for seq in 1..=desk.head() {
            let moved = desk.ledger.moved_by(Seq(seq), rule).unwrap();
            let plain: Changes = moved
                .iter()
                .map(|item| (item.actor.clone(), item.target.clone(), item.from.stance.word(), item.to.stance.word()))
                .collect();
            assert_eq!(Some(&plain), replayed.get(&seq), "event {seq}, {rule:?}");
            changes += plain.len();
        }
        assert!(changes > 0);
    }
}

#[test]
fn every_event_of_the_article_moved_what_a_replay_shows() {
    let desk = Desk::with_article();
    assert_moved_as_replayed(&desk);
    desk.says("Boris Johnson", "opposes", "ukraine", "2024");
    let moved = desk.ledger.moved_by(Seq(desk.head()), Rule::Latest).unwrap();
    assert_eq!((moved.len(), moved[0].from.stance.word(), moved[0].to.stance.word()), (1, "favor", "against"));
    assert_eq!(moved[0].events, [desk.ledger.event(&format!("@{}", desk.head())).unwrap().id]);
}

#[test]
fn so_did_merges_retractions_replacements_redefinitions_and_motions() {
    let desk = Desk::knowing(&["ann", "annie", "bob", "tax", "levy", "peace"]);
    let first = desk.says("annie", "backs", "tax", "2022");
    desk.says("ann", "opposes", "tax", "2023");
    let merge = desk.tell(json!({"type": "merge", "from": "annie", "into": "ann"}));
    desk.says("annie", "backs", "levy", "2023");
    let levy = desk.tell(json!({"type": "merge", "from": "levy", "into": "tax"}));
    desk.retracts(&levy);
    desk.retracts(&merge);
    let retraction = desk.retracts(&first);
    desk.retracts(&retraction);
    desk.tell(json!({"actor": "annie", "action": "opposes", "target": "tax", "occurred": "2022", "replaces": first}));
    let motion = json!({"type": "entity", "entity": "motion-1", "kind": "motion", "name": "Motion 1", "stands_for": [{"target": "tax", "side": "against"}]});
    desk.tell(motion);
    desk.tell(json!({"actor": "bob", "action": "votes-for", "target": "motion-1", "occurred": "2024", "on_behalf_of": ["ann"]}));
    desk.tell(json!({"type": "entity", "entity": "motion-1", "kind": "motion", "name": "Motion 1", "stands_for": [{"target": "peace", "side": "favor"}]}));
    desk.tell(json!({"type": "action", "action": "nods-at", "label": "nods at", "toward": "entity", "tier": "declared", "side": "favor"}));
    desk.says("bob", "nods-at", "levy", "2024");
    desk.tell(
        json!({"type": "action", "action": "nods-at", "label": "nods at", "toward": "entity", "tier": "declared", "side": "against"}),
    );
    assert_moved_as_replayed(&desk);
    let moved: usize = (1..=desk.head()).map(|seq| desk.ledger.moved_by(Seq(seq), Rule::Latest).unwrap().len()).sum();
    assert!(moved > 15, "{moved}");
}
