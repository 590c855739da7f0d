//! Corrections of definitions: an entity, a claim, a word, a vocabulary, a verdict that is taken back falls back to what
//! was defined before it, or to nothing.

use serde_json::{Value, json};
use stancelog::ledger::{Asked, HistoryItem, Retracted};

use crate::support::{Desk, at, known};

fn word(tier: &str, side: &str) -> Value {
    json!({"type": "action", "action": "nods-at", "label": "nods at", "toward": "entity", "tier": tier, "side": side})
}

#[test]
fn a_retracted_entity_falls_back_to_its_definition_before() {
    let desk = Desk::knowing(&["ann", "tax"]);
    desk.says("ann", "backs", "tax", "2022");
    let amended = desk.tell(json!({"type": "entity", "entity": "ann", "kind": "person", "name": "Ann Dover", "aliases": ["A. D."],
        "roles": [{"title": "Mayor", "from": "2020"}], "identifiers": {"wikidata": "Q1"}}));
    let named = |text| desk.ledger.entities(Some(text), 10, &Asked::default()).unwrap();
    let item = &named("dover")[0];
    assert_eq!((item.name.as_str(), item.kind.word(), item.roles.len()), ("Ann Dover", "person", 1));
    assert_eq!(desk.now("A. D.", "tax"), "favor");
    assert_eq!(desk.ledger.title("ann", &at("2021")).unwrap().as_deref(), Some("Mayor"));

    desk.retracts(&amended);
    let item = &named("ann")[0];
    assert_eq!((item.name.as_str(), item.kind.word()), ("ann", "unknown"));
    assert!(item.aliases.is_empty() && item.roles.is_empty() && item.identifiers.is_empty(), "{item:?}");
    assert_eq!(desk.ledger.title("ann", &at("2021")).unwrap(), None);
    let gone = desk.ledger.stances("A. D.", &Asked::default()).unwrap_err();
    assert!(gone.to_string().contains("nobody is registered as `A. D.`"), "{gone}");
    assert_eq!(desk.now("ann", "tax"), "favor", "what ann did still counts");
}

#[test]
fn a_slug_without_any_definition_stays_usable() {
    let desk = Desk::new();
    let defined = desk.tell(json!({"type": "entity", "entity": "ann", "kind": "person", "name": "Ann"}));
    desk.says("ann", "backs", "tax", "2022");
    desk.retracts(&defined);
    assert_eq!(desk.now("ann", "tax"), "favor");
    let listed = desk.ledger.entities(Some("ann"), 10, &Asked::default()).unwrap();
    assert!(listed.is_empty(), "{listed:?}");
    desk.says("ann", "opposes", "tax", "2023");
    assert_eq!(desk.now("ann", "tax"), "against");
}

#[test]
fn a_replaced_entity_is_known_by_its_new_name_only() {
    let desk = Desk::new();
    let typo = desk.tell(json!({"type": "entity", "entity": "ann", "kind": "person", "name": "Anm"}));
    desk.says("Anm", "backs", "tax", "2022");
    desk.tell(json!({"type": "entity", "entity": "ann", "kind": "person", "name": "Ann", "replaces": typo}));
    let answer = desk.answer("Ann", "tax", &Asked::default());
    assert_eq!((answer.actor.as_str(), answer.actor_name.as_str(), answer.stance.word()), ("ann", "Ann", "favor"));
    assert!(desk.ledger.stances("Anm", &Asked::default()).is_err());
    assert_eq!(desk.ledger.entities(None, 10, &Asked::default()).unwrap()[0].aliases, [""; 0]);
}

#[test]
fn a_retracted_claim_is_there_no_more_and_alleges_nothing() {
    let desk = Desk::knowing(&["ann", "bob"]);
    let claim = json!({"type": "claim", "claim": "threat", "text": "Bob threatened Ann.",
        "about": {"actor": "bob", "action": "threatens", "target": "ann", "occurred": "2022"}});
    let defined = desk.tell(claim);
    desk.says("ann", "asserts", "claim:threat", "2022-05-01");
    let alleged = || {
        let history = desk.ledger.history("bob", None, Retracted::Hidden, &Asked::default()).unwrap();
        history.into_iter().filter(|item| matches!(item, HistoryItem::Alleged(_))).count()
    };
    assert_eq!((alleged(), desk.ledger.claims(None, None, &Asked::default()).unwrap().len()), (1, 1));
    assert_eq!(desk.now("bob", "ann"), "none", "an allegation never counts");

    let retraction = desk.retracts(&defined);
    assert_eq!((alleged(), desk.ledger.claims(None, None, &Asked::default()).unwrap().len()), (0, 0));
    assert!(desk.ledger.claim("threat", &Asked::default()).is_err());
    let spoken = json!({"actor": "bob", "action": "denies", "target": "claim:threat", "occurred": "2022-06"});
    assert!(desk.refuses(spoken.clone()).contains("no claim `threat` is registered"));
    assert_eq!(desk.ledger.claim("threat", &known(desk.head() - 1)).unwrap().status.word(), "asserted");

    desk.retracts(&retraction);
    desk.tell(spoken);
    assert_eq!(desk.ledger.claim("threat", &Asked::default()).unwrap().status.word(), "disputed");
    assert_eq!(alleged(), 1);
}

#[test]
fn a_claim_told_anew_falls_back_when_that_is_taken_back() {
    let desk = Desk::knowing(&["ann", "bob"]);
    desk.tell(json!({"type": "claim", "claim": "theft", "text": "Bob stole it."}));
    let anew = desk.tell(json!({"type": "claim", "claim": "theft", "text": "Bob or Cid stole it."}));
    let text = || desk.ledger.claim("theft", &Asked::default()).unwrap().text;
    assert_eq!(text(), "Bob or Cid stole it.");
    desk.retracts(&anew);
    assert_eq!(text(), "Bob stole it.");
}

#[test]
fn a_retracted_verdict_is_shown_no_more() {
    let desk = Desk::knowing(&["ann", "checker"]);
    desk.tell(json!({"type": "claim", "claim": "theft", "text": "It was stolen."}));
    let verdict = json!({"type": "verdict", "claim": "theft", "reviewer": "checker", "label": "Pants on fire", "rating": "false", "published": "2022-03"});
    let given = desk.tell(verdict);
    let shown = |asked: &Asked| desk.ledger.claim("theft", asked).unwrap();
    assert_eq!(shown(&Asked::default()).verdicts[0].label, "Pants on fire");
    assert_eq!(shown(&Asked::default()).status.word(), "open", "a verdict never changes the status");
    assert!(shown(&at("2022-02")).verdicts.is_empty(), "it was published later");
    desk.retracts(&given);
    assert!(shown(&Asked::default()).verdicts.is_empty());
}

#[test]
fn a_retracted_word_falls_back_and_without_any_definition_its_events_do_not_count() {
    let desk = Desk::knowing(&["ann", "tax"]);
    let first = desk.tell(word("implied", "favor"));
    desk.says("ann", "nods-at", "tax", "2022");
    assert_eq!(desk.stance("ann", "tax", &Asked::default()), ("favor", "implied"));
    let second = desk.tell(word("declared", "against"));
    assert_eq!(desk.stance("ann", "tax", &Asked::default()), ("against", "declared"));
    desk.retracts(&second);
    assert_eq!(desk.stance("ann", "tax", &Asked::default()), ("favor", "implied"));
    let retraction = desk.retracts(&first);
    assert_eq!(desk.stance("ann", "tax", &Asked::default()), ("none", "-"));
    assert!(desk.answer("ann", "tax", &Asked::default()).counts.values().all(|n| *n == 0));
    let again = json!({"actor": "ann", "action": "nods-at", "target": "tax", "occurred": "2023"});
    assert!(desk.refuses(again.clone()).contains("unknown action `nods-at`"));
    desk.retracts(&retraction);
    desk.tell(again);
    assert_eq!(desk.answer("ann", "tax", &Asked::default()).counts.values().sum::<u64>(), 2);
}

#[test]
fn a_retracted_vocabulary_takes_all_its_words_with_it() {
    let desk = Desk::knowing(&["ann", "tax"]);
    let actions = json!([{"action": "frowns-at", "label": "frowns at", "toward": "entity", "tier": "implied", "side": "against"},
        {"action": "visits", "label": "visits", "toward": "entity", "tier": "contact"}]);
    desk.says("ann", "visits", "tax", "2021");
    let own = desk.tell(json!({"type": "vocabulary", "name": "own", "version": "1", "actions": actions}));
    desk.says("ann", "frowns-at", "tax", "2022");
    assert_eq!(desk.stance("ann", "tax", &Asked::default()), ("against", "implied"));
    desk.retracts(&own);
    assert_eq!(desk.stance("ann", "tax", &Asked::default()), ("favor", "implied"), "visits means what it meant before");
    assert!(desk.ledger.actions(Some("frowns"), &Asked::default()).unwrap().is_empty());
}
