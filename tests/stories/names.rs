//! Names: what people write becomes slugs, and the words that they wrote are kept.

use serde_json::{Value, json};
use stancelog::event::{Body, Stance, parse};
use stancelog::ledger::{Asked, BatchOptions, Error, Strictness};

use crate::support::Desk;

fn stored(desk: &Desk, id: &str) -> Stance {
    match desk.ledger.event(id).unwrap().event().unwrap().unwrap().body {
        Body::Stance(stance) => stance,
        other => panic!("{other:?}"),
    }
}

fn backs(actor: &str, target: &str) -> Value {
    json!({"actor": actor, "action": "backs", "target": target, "occurred": "2022"})
}

#[test]
fn a_new_name_is_registered_with_a_slug_made_of_it() {
    let table = [
        ("Владимир Путин", "vladimir-putin"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("Côte d'Ivoire", "cote-divoire"),
        ("北京", "bei-jing"),
        ("  Boris \t Johnson ", "boris-johnson"),
        ("U.S.A.", "u-s-a"),
        ("🦀", "crab"),
        ("!!!", "x"),
        ("???", "x-2"),
    ];
    let desk = Desk::new();
    for (name, slug) in table {
        let id = desk.tell(backs(name, "tax"));
        assert_eq!(stored(&desk, &id).actor, slug, "{name}");
        let answer = desk.answer(name, "tax", &Asked::default());
        assert_eq!((answer.actor.as_str(), answer.stance.word()), (slug, "favor"));
        let listed = desk.ledger.entities(Some(slug), 20, &Asked::default()).unwrap();
        let item = listed.iter().find(|item| item.entity == slug).unwrap();
        assert_eq!((item.kind.word(), item.name.as_str()), ("unknown", stancelog::event::fold_name(name).as_str()));
    }
}

#[test]
fn two_names_with_one_slug_get_a_suffix() {
    let desk = Desk::new();
    for (name, slug) in [("José", "jose"), ("Jose", "jose-2"), ("JOSE", "jose-3"), ("José", "jose"), ("Jose", "jose-2")] {
        let id = desk.tell(backs(name, "tax"));
        assert_eq!(stored(&desk, &id).actor, slug, "{name}");
    }
    let together = [backs("Mercury", "tax"), backs("MERCURY", "Mercury!"), backs("Mercury", "MERCURY")];
    desk.ledger.append(together.map(|event| parse(&event.to_string()).unwrap())).unwrap();
    assert_eq!(desk.ledger.entities(Some("mercury"), 10, &Asked::default()).unwrap().len(), 3);
}

#[test]
fn names_match_exactly_after_unicode_normalization_and_folding_of_white_space() {
    let desk = Desk::new();
    desk.tell(backs("Jos\u{e9} Dover", "tax"));
    let id = desk.tell(backs("Jose\u{301}\u{a0} Dover", "tax"));
    assert_eq!(stored(&desk, &id).actor, "jose-dover");
    assert_eq!(stored(&desk, &id).actor_as, None, "it is the entity's own name");
    let id = desk.tell(backs("josé dover", "tax"));
    assert_eq!(stored(&desk, &id).actor, "jose-dover-2", "another spelling is another name");
}

#[test]
fn the_words_are_kept_where_they_are_another_name() {
    let desk = Desk::new();
    desk.tell(json!({"type": "entity", "entity": "ann", "kind": "person", "name": "Ann Dover", "aliases": ["Mrs. Dover"]}));
    let (by_alias, by_name, by_slug) = (backs("Mrs.  Dover", "Mrs. Dover"), backs("Ann Dover", "tax"), backs("ann", "tax"));
    let words = |event: Value| {
        let id = desk.tell(event);
        let stance = stored(&desk, &id);
        (stance.actor, stance.actor_as, stance.target_as)
    };
    let ann = || "ann".to_owned();
    assert_eq!(words(by_alias), (ann(), Some("Mrs.  Dover".to_owned()), Some("Mrs. Dover".to_owned())));
    assert_eq!(words(by_name), (ann(), None, None));
    assert_eq!(words(by_slug), (ann(), None, None));
}

#[test]
fn in_strict_mode_only_registered_names_are_taken_and_near_ones_are_suggested() {
    let desk = Desk::knowing(&["tax"]);
    desk.tell(json!({"type": "entity", "entity": "boris-johnson", "kind": "person", "name": "Boris Johnson"}));
    let strict = BatchOptions { strictness: Strictness::Strict, ..BatchOptions::default() };
    let append = |event: Value| desk.ledger.append_with([parse(&event.to_string()).unwrap()], strict);
    append(backs("Boris Johnson", "tax")).unwrap();
    let head = desk.head();
    for event in [backs("Boris Jonson", "tax"), backs("boris-jonson", "tax")] {
        let Err(Error::Refused(refusal)) = append(event) else { panic!("taken") };
        assert_eq!(refusal.field, "actor");
        assert!(refusal.nearest.iter().any(|near| near == "Boris Johnson" || near == "boris-johnson"), "{refusal:?}");
    }
    let mut with_place = backs("boris-johnson", "tax");
    with_place["place"] = json!("Nowhere");
    let Err(Error::Refused(refusal)) = append(with_place) else { panic!("taken") };
    assert_eq!((refusal.field.as_str(), desk.head()), ("place", head));
}

#[test]
fn a_question_about_nobody_suggests_the_nearest() {
    let desk = Desk::with_article();
    let Err(Error::NotFound { what, nearest }) = desk.ledger.stances("Boris Jonson", &Asked::default()) else { panic!("found") };
    assert!(what.contains("nobody is registered as `Boris Jonson`"));
    assert!(nearest.contains(&"Boris Johnson".to_owned()), "{nearest:?}");
}

#[test]
fn an_unknown_word_names_the_nearest_known_ones() {
    let desk = Desk::new();
    let mut event = backs("ann", "tax");
    event["action"] = json!("bakcs");
    assert!(desk.refuses(event).contains("did you mean `backs`"));
}

#[test]
fn a_word_is_said_of_what_it_is_meant_for() {
    let desk = Desk::knowing(&["ann", "tax"]);
    desk.tell(json!({"type": "claim", "claim": "theft", "text": "It was stolen."}));
    let said = |action: &str, target: &str| json!({"actor": "ann", "action": action, "target": target, "occurred": "2022"});
    assert!(desk.refuses(said("asserts", "tax")).contains("is said of a claim"));
    assert!(desk.refuses(said("backs", "claim:theft")).contains("is done toward an entity"));
    let unknown = desk.refuses(said("asserts", "claim:thefd"));
    assert!(unknown.contains("no claim `thefd` is registered") && unknown.contains("claim:theft"), "{unknown}");
}
