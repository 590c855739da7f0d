//! Names within limits: an alias that holds for a time, or in one source, names nobody outside of it.

use serde_json::{Value, json};
use stancelog::event::Body;
use stancelog::ledger::{Asked, BatchOptions, Strictness};

use crate::support::Desk;

/// Two presidents, each for a time, and a nickname that one newspaper uses.
fn presidents() -> Desk {
    let desk = Desk::new();
    for (slug, name, from, to) in [("ann", "Ann", "2010", "2014"), ("bob", "Bob", "2015", "2019")] {
        let aliases = json!([{"name": "the President", "from": from, "to": to}]);
        desk.tell(json!({"type": "entity", "entity": slug, "kind": "person", "name": name, "aliases": aliases}));
    }
    desk.tell(json!({"type": "source", "source": "gazette", "title": "The Gazette"}));
    let nickname = json!([{"name": "the old fox", "source": "gazette"}]);
    desk.tell(json!({"type": "entity", "entity": "cid", "kind": "person", "name": "Cid", "aliases": nickname}));
    desk
}

fn by(actor: &str, on: &str) -> Value {
    json!({"actor": actor, "action": "backs", "target": "tax", "occurred": on})
}

/// The actor of a stored event, and the words that named it.
fn actor_of(desk: &Desk, id: &str) -> (String, Option<String>) {
    match desk.ledger.event(id).unwrap().event().unwrap().unwrap().body {
        Body::Stance(stance) => (stance.actor, stance.actor_as),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_title_names_whoever_held_it_at_the_time() {
    let desk = presidents();
    for (on, slug) in [("2012", "ann"), ("2014-12-31", "ann"), ("2015-01-01", "bob"), ("2017-05", "bob")] {
        let id = desk.tell(by("the President", on));
        assert_eq!(actor_of(&desk, &id), (slug.to_owned(), Some("the President".to_owned())), "on {on}");
    }
    assert_eq!([desk.now("ann", "tax"), desk.now("bob", "tax")], ["favor", "favor"]);
}

#[test]
fn an_event_that_may_fall_in_both_times_is_refused_with_both() {
    let desk = presidents();
    assert!(desk.refuses(by("the President", "2014/2016")).contains("may be any of ann, bob"));
    assert!(desk.ledger.stances("the President", &Asked::default()).is_err(), "a question has no date to tell them apart");
}

#[test]
fn outside_of_its_time_a_title_is_nobodys() {
    let desk = presidents();
    let strict = BatchOptions { strictness: Strictness::Strict, ..BatchOptions::default() };
    let draft = stancelog::event::parse(&by("the President", "2022").to_string()).unwrap();
    let refused = desk.ledger.append_with([draft], strict).unwrap_err();
    assert!(refused.to_string().contains("nobody is registered as `the President`"), "{refused}");
    let id = desk.tell(by("the President", "2022"));
    assert_eq!(actor_of(&desk, &id), ("the-president".to_owned(), None), "unless strict, a new entity is registered");
}

#[test]
fn a_nickname_of_one_source_holds_in_that_source_alone() {
    let desk = presidents();
    let mut told = by("the old fox", "2022");
    told["evidence"] = json!([{"source": "gazette"}]);
    let id = desk.tell(told);
    assert_eq!(actor_of(&desk, &id), ("cid".to_owned(), Some("the old fox".to_owned())));
    let elsewhere = desk.tell(by("the old fox", "2022"));
    assert_eq!(actor_of(&desk, &elsewhere).0, "the-old-fox");
    // Now somebody has the name always; in the gazette it may be either.
    let mut again = by("the old fox", "2023");
    again["evidence"] = json!([{"source": "gazette"}]);
    assert!(desk.refuses(again).contains("may be any of cid, the-old-fox"));
}

#[test]
fn what_a_limited_name_meant_before_is_not_remembered_for_another_time() {
    let desk = presidents();
    let drafts = [by("the President", "2012"), by("the President", "2016"), by("Ann", "2016"), by("the President", "2013")];
    let drafts = drafts.map(|event| stancelog::event::parse(&event.to_string()).unwrap());
    desk.ledger.append(drafts).unwrap();
    let counts = |actor| desk.answer(actor, "tax", &Asked::default()).counts.values().sum::<u64>();
    assert_eq!([counts("ann"), counts("bob")], [3, 1]);
}
