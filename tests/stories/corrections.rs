//! Corrections: what was recorded wrongly is taken back or superseded, and the taking back can be taken back.

use serde_json::json;
use stancelog::ledger::{Act, Asked, HistoryItem, Question, Retracted};

use crate::support::{Desk, known};

fn acts(desk: &Desk, retracted: Retracted) -> Vec<Act> {
    let history = desk.ledger.history("ann", Some("tax"), retracted, &Asked::default()).unwrap();
    let act = |item| if let HistoryItem::Event(act) = item { Some(*act) } else { None };
    history.into_iter().filter_map(act).collect()
}

fn ids(acts: &[Act]) -> Vec<String> {
    acts.iter().map(|act| act.id.to_string()).collect()
}

/// Records that ann stands on tax as given, instead of what an earlier event said.
fn instead(desk: &Desk, earlier: &str, action: &str, on: &str) -> String {
    desk.tell(json!({"actor": "ann", "action": action, "target": "tax", "occurred": on, "replaces": earlier}))
}

#[test]
fn what_is_retracted_does_not_count_and_can_be_shown() {
    let desk = Desk::knowing(&["ann", "tax"]);
    let first = desk.says("ann", "backs", "tax", "2022-01-01");
    let wrong = desk.says("ann", "opposes", "tax", "2022-06-01");
    assert_eq!(desk.now("ann", "tax"), "against");
    let retraction = desk.retracts(&wrong);

    assert_eq!(desk.now("ann", "tax"), "favor");
    assert_eq!(ids(&acts(&desk, Retracted::Hidden)), [first.as_str()]);
    let shown = acts(&desk, Retracted::Shown);
    assert_eq!(ids(&shown), [first.as_str(), wrong.as_str()]);
    assert_eq!(shown[1].retracted_by.iter().map(ToString::to_string).collect::<Vec<_>>(), [retraction.as_str()]);
    assert!(shown[0].retracted_by.is_empty());

    let why = desk.ledger.why(&Question { actor: "ann", target: "tax", asked: Asked::default() }).unwrap();
    assert_eq!((ids(&why.events), ids(&why.retracted)), (vec![first], vec![wrong]));
    let before = desk.ledger.why(&Question { actor: "ann", target: "tax", asked: known(desk.head() - 1) }).unwrap();
    assert!(before.retracted.is_empty() && before.answer.stance.word() == "against", "{before:?}");
}

#[test]
fn retracting_a_retraction_restores_and_so_on() {
    let desk = Desk::knowing(&["ann", "tax"]);
    let mut last = desk.says("ann", "backs", "tax", "2022-01-01");
    for restored in [false, true, false, true] {
        last = desk.retracts(&last);
        assert_eq!(desk.now("ann", "tax"), if restored { "favor" } else { "none" });
        assert_eq!(acts(&desk, Retracted::Hidden).len(), usize::from(restored));
        assert_eq!(acts(&desk, Retracted::Shown).len(), 1);
    }
    for (back, stance) in [(1, "none"), (2, "favor"), (3, "none"), (4, "favor"), (5, "none")] {
        assert_eq!(desk.stance("ann", "tax", &known(desk.head() - back)).0, stance, "{back} events ago");
    }
}

#[test]
fn two_retractions_of_one_event_have_both_to_be_taken_back() {
    let desk = Desk::knowing(&["ann", "tax"]);
    let event = desk.says("ann", "backs", "tax", "2022-01-01");
    let (one, other) = (desk.retracts(&event), desk.retracts(&event));
    desk.retracts(&one);
    assert_eq!(desk.now("ann", "tax"), "none");
    desk.retracts(&other);
    assert_eq!(desk.now("ann", "tax"), "favor");
}

#[test]
fn in_a_chain_of_replacements_the_last_one_counts() {
    let desk = Desk::knowing(&["ann", "tax"]);
    let a = desk.says("ann", "backs", "tax", "2022-01-01");
    let b = instead(&desk, &a, "opposes", "2022-01-02");
    assert_eq!(ids(&acts(&desk, Retracted::Hidden)), [b.as_str()]);
    let c = instead(&desk, &b, "neutral-on", "2022-01-03");
    assert_eq!(ids(&acts(&desk, Retracted::Hidden)), [c.as_str()]);
    assert_eq!(desk.now("ann", "tax"), "neutral");
    let shown = acts(&desk, Retracted::Shown);
    assert_eq!(ids(&shown), [a.as_str(), b.as_str(), c.as_str()]);
    assert_eq!(shown[0].retracted_by.iter().map(ToString::to_string).collect::<Vec<_>>(), [b.as_str()]);

    // Without the last one, the one before it holds again; what that one replaced stays out.
    let retraction = desk.retracts(&c);
    assert_eq!(ids(&acts(&desk, Retracted::Hidden)), [b.as_str()]);
    desk.retracts(&retraction);
    assert_eq!(ids(&acts(&desk, Retracted::Hidden)), [c.as_str()]);
    // A retracted replacement never replaced anything.
    desk.retracts(&b);
    assert_eq!(ids(&acts(&desk, Retracted::Hidden)), [a.as_str(), c.as_str()]);
}

#[test]
fn a_replacement_may_move_an_event_to_another_pair() {
    let desk = Desk::knowing(&["ann", "bob", "tax", "war"]);
    let wrong = desk.says("ann", "backs", "tax", "2022-01-01");
    desk.tell(json!({"actor": "bob", "action": "backs", "target": "war", "occurred": "2022-01-01", "replaces": wrong}));
    assert_eq!([desk.now("ann", "tax"), desk.now("bob", "war")], ["none", "favor"]);
    assert_eq!(acts(&desk, Retracted::Shown).len(), 1);
}

#[test]
fn what_is_said_for_others_is_taken_back_for_all_of_them() {
    let desk = Desk::knowing(&["ann", "bob", "cid", "tax"]);
    let said = desk.tell(json!({"actor": "ann", "action": "backs", "target": "tax", "occurred": "2022", "on_behalf_of": ["bob", "cid"]}));
    assert_eq!(["ann", "bob", "cid"].map(|actor| desk.now(actor, "tax")), ["favor"; 3]);
    desk.retracts(&said);
    assert_eq!(["ann", "bob", "cid"].map(|actor| desk.now(actor, "tax")), ["none"; 3]);
    assert!(desk.ledger.sides("tax", &Asked::default()).unwrap().is_empty());
}

#[test]
fn only_an_earlier_event_of_the_same_type_can_be_replaced_and_only_a_known_one_retracted() {
    let desk = Desk::knowing(&["ann", "tax"]);
    let event = desk.says("ann", "backs", "tax", "2022-01-01");
    let said = desk.refuses(json!({"type": "entity", "entity": "ann", "kind": "person", "name": "ann", "replaces": event}));
    assert!(said.contains("one of type entity cannot replace one of type stance"), "{said}");
    let nobody = "01860000-0000-7000-8000-0000000000ff";
    assert!(desk.refuses(json!({"type": "retract", "event": nobody, "reason": "x"})).contains("no event"));
    assert!(
        desk.refuses(json!({"actor": "ann", "action": "backs", "target": "tax", "occurred": "2022", "replaces": nobody}))
            .contains("no event")
    );
}

#[test]
fn an_actor_who_takes_back_his_words_is_no_correction() {
    let desk = Desk::knowing(&["ann", "bob"]);
    desk.tell(json!({"type": "claim", "claim": "theft", "text": "Bob stole it."}));
    desk.says("ann", "asserts", "claim:theft", "2022-01-01");
    desk.says("ann", "withdraws", "claim:theft", "2022-02-01");
    let claim = desk.ledger.claim("theft", &Asked::default()).unwrap();
    assert_eq!((claim.status.word(), &claim.withdrawn_by[..]), ("withdrawn", &["ann".to_owned()][..]));
    let history = desk.ledger.history("ann", None, Retracted::Hidden, &Asked::default()).unwrap();
    assert_eq!(history.len(), 2, "both are in the history: {history:?}");
    assert_eq!(desk.ledger.claim("theft", &crate::support::at("2022-01-15")).unwrap().status.word(), "asserted");
}
