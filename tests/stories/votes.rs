//! Votes: a vote on a motion counts toward what the motion stands for, by side; absence is never an answer.

use serde_json::{Value, json};
use stancelog::event::parse;
use stancelog::ledger::{Asked, HistoryItem, Retracted};

use crate::support::{Desk, at, known};

fn motion(slug: &str, stands_for: &[(&str, &str)]) -> Value {
    let list: Vec<Value> = stands_for.iter().map(|(target, side)| json!({"target": target, "side": side})).collect();
    json!({"type": "entity", "entity": slug, "kind": "motion", "name": slug, "stands_for": list})
}

fn assembly() -> Desk {
    let desk = Desk::knowing(&["peru", "chad", "fiji", "oman", "iran", "ukraine", "russia"]);
    desk.tell(motion("es-11-1", &[("ukraine", "favor"), ("russia", "against")]));
    desk
}

fn total(desk: &Desk, actor: &str, target: &str) -> u64 {
    desk.answer(actor, target, &Asked::default()).counts.values().sum()
}

#[test]
fn each_kind_of_vote_gives_its_side_to_what_the_motion_stands_for() {
    let desk = assembly();
    let table = [
        ("peru", "votes-for", "favor", "favor", "against"),
        ("chad", "votes-against", "against", "against", "favor"),
        ("fiji", "abstains-on", "abstain", "abstain", "abstain"),
        ("oman", "absent-from", "none", "none", "none"),
        ("iran", "signs", "favor", "favor", "against"),
    ];
    for (actor, action, motion, ukraine, russia) in table {
        desk.says(actor, action, "es-11-1", "2022-03-02");
        let stances = ["es-11-1", "ukraine", "russia"].map(|target| desk.now(actor, target));
        assert_eq!(stances, [motion, ukraine, russia], "{actor} {action}");
    }
    assert_eq!([total(&desk, "oman", "es-11-1"), total(&desk, "oman", "ukraine")], [1, 0], "absence does not carry over");
    let sides = desk.ledger.sides("ukraine", &Asked::default()).unwrap();
    assert_eq!(sides.iter().map(|one| one.actor.as_str()).collect::<Vec<_>>(), ["chad", "fiji", "iran", "peru"]);
}

#[test]
fn words_about_a_motion_are_no_vote() {
    let desk = assembly();
    desk.says("peru", "praises", "es-11-1", "2022-03-02");
    desk.says("chad", "neutral-on", "es-11-1", "2022-03-02");
    assert_eq!([desk.now("peru", "es-11-1"), desk.now("peru", "ukraine"), desk.now("chad", "ukraine")], ["favor", "none", "none"]);
}

#[test]
fn the_history_says_through_which_motion_a_vote_counts() {
    let desk = assembly();
    desk.says("peru", "votes-for", "es-11-1", "2022-03-02");
    let history = desk.ledger.history("peru", Some("russia"), Retracted::Hidden, &Asked::default()).unwrap();
    let HistoryItem::Event(act) = &history[0] else { panic!("{history:?}") };
    assert_eq!((act.through.as_deref(), act.side.map(|side| side.word())), (Some("es-11-1"), Some("against")));
}

#[test]
fn a_motion_mapped_late_or_anew_moves_the_votes_with_it() {
    let desk = Desk::knowing(&["peru", "ukraine", "russia"]);
    desk.tell(json!({"type": "entity", "entity": "es-11-1", "kind": "motion", "name": "es-11-1"}));
    desk.says("peru", "votes-for", "es-11-1", "2022-03-02");
    assert_eq!(desk.now("peru", "ukraine"), "none");
    let mapped = desk.tell(motion("es-11-1", &[("ukraine", "favor")]));
    assert_eq!([desk.now("peru", "ukraine"), desk.now("peru", "russia")], ["favor", "none"]);
    let anew = desk.tell(motion("es-11-1", &[("russia", "against")]));
    assert_eq!([desk.now("peru", "ukraine"), desk.now("peru", "russia")], ["none", "against"], "the latest list holds");
    desk.tell(json!({"type": "entity", "entity": "es-11-1", "kind": "motion", "name": "ES-11/1"}));
    assert_eq!(desk.now("peru", "russia"), "against", "a definition without a list leaves it");
    assert_eq!(desk.stance("peru", "ukraine", &known(desk.head() - 2)).0, "favor");
    desk.retracts(&anew);
    assert_eq!([desk.now("peru", "ukraine"), desk.now("peru", "russia")], ["favor", "none"]);
    desk.retracts(&mapped);
    assert_eq!([desk.now("peru", "ukraine"), desk.now("peru", "russia")], ["none", "none"]);
}

#[test]
fn a_vote_that_reaches_a_target_twice_counts_once() {
    let desk = assembly();
    desk.tell(motion("self", &[("self", "against"), ("ukraine", "favor")]));
    desk.says("peru", "votes-for", "self", "2022-03-02");
    assert_eq!((desk.now("peru", "self"), total(&desk, "peru", "self")), ("favor", 1), "directly first");

    desk.tell(json!({"type": "entity", "entity": "a-part", "kind": "motion", "name": "a-part", "stands_for": [{"target": "russia", "side": "favor"}]}));
    desk.says("chad", "votes-for", "es-11-1", "2022-03-02");
    assert_eq!(desk.now("chad", "russia"), "against");
    desk.tell(json!({"type": "merge", "from": "es-11-1", "into": "a-part"}));
    assert_eq!((desk.now("chad", "russia"), total(&desk, "chad", "russia")), ("favor", 1), "through the smaller slug");
    assert_eq!(desk.now("chad", "ukraine"), "favor", "each of the merged motions has its own list");
}

#[test]
fn a_motion_that_stands_for_a_motion_is_not_followed() {
    let desk = assembly();
    desk.tell(motion("procedure", &[("es-11-1", "favor")]));
    desk.says("peru", "votes-for", "procedure", "2022-03-01");
    assert_eq!([desk.now("peru", "es-11-1"), desk.now("peru", "ukraine")], ["favor", "none"]);
}

#[test]
fn votes_that_turn_are_a_full_flip_confirmed_by_one_day() {
    let desk = assembly();
    desk.tell(motion("es-11-7", &[("ukraine", "favor")]));
    desk.says("peru", "votes-for", "es-11-1", "2022-03-02");
    desk.says("peru", "votes-against", "es-11-7", "2025-02-24");
    let flips = desk.ledger.flips(&stancelog::ledger::FlipsWanted::default(), &Asked::default()).unwrap();
    let [flip] = &flips[..] else { panic!("{flips:#?}") };
    assert_eq!((flip.actor.as_str(), flip.target.as_str(), flip.grade.word(), flip.confirmed), ("peru", "ukraine", "full", true));
    assert_eq!((flip.at.as_str(), flip.events.len()), ("2025-02-24", 1));
    assert_eq!(desk.stance("peru", "ukraine", &at("2024")).0, "favor");
}

#[test]
fn only_a_motion_stands_for_something() {
    let desk = assembly();
    let mut wrong = motion("es-11-1", &[("ukraine", "favor")]);
    wrong["kind"] = json!("topic");
    assert!(desk.refuses(wrong).contains("only a motion stands for something"));
}

/// Appends events together, so that the views take them in at once.
fn tell_together(desk: &Desk, events: &[Value]) {
    desk.ledger.append(events.iter().map(|event| parse(&event.to_string()).unwrap())).unwrap();
}

#[test]
fn votes_go_with_a_voter_who_is_parted_from_another_while_the_motion_comes_to_stand_for_something() {
    let desk = Desk::knowing(&["peru", "chad", "ukraine"]);
    desk.tell(motion("es-1", &[]));
    let merge = desk.tell(json!({"type": "merge", "from": "chad", "into": "peru"}));
    desk.says("chad", "votes-for", "es-1", "2022-03-02");
    assert_eq!([desk.now("peru", "es-1"), desk.now("peru", "ukraine")], ["favor", "none"]);
    let parted = json!({"type": "retract", "event": merge, "reason": "two countries"});
    tell_together(&desk, &[parted, motion("es-1", &[("ukraine", "favor")])]);
    assert_eq!([desk.now("chad", "ukraine"), desk.now("peru", "ukraine"), desk.now("peru", "es-1")], ["favor", "none", "none"]);
}

#[test]
fn votes_go_with_a_voter_who_is_parted_from_another_while_the_motion_becomes_one_with_another() {
    let desk = Desk::knowing(&["peru", "chad", "ukraine"]);
    desk.tell(motion("es-1", &[]));
    desk.tell(motion("es-2", &[("ukraine", "favor")]));
    let merge = desk.tell(json!({"type": "merge", "from": "chad", "into": "peru"}));
    desk.says("chad", "votes-for", "es-1", "2022-03-02");
    assert_eq!([desk.now("peru", "es-1"), desk.now("peru", "ukraine")], ["favor", "none"]);
    let parted = json!({"type": "retract", "event": merge, "reason": "two countries"});
    tell_together(&desk, &[json!({"type": "merge", "from": "es-1", "into": "es-2"}), parted]);
    assert_eq!([desk.now("chad", "ukraine"), desk.now("peru", "ukraine")], ["favor", "none"]);
}
