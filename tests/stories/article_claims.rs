//! The article's claims: who asserts, who denies, as how many voices, and what is only alleged.

use stancelog::event::RelationKind;
use stancelog::ledger::{AllegedItem, Asked, ClaimItem, HistoryItem, Retracted, VoiceItem};

use crate::article::{expected, list, that_day, word};
use crate::support::{Desk, known};

fn voices(claim: &ClaimItem, wanted: impl Fn(&VoiceItem) -> bool) -> Vec<Vec<String>> {
    let mut voices: Vec<_> = claim.voices.iter().filter(|voice| wanted(voice)).map(|voice| voice.actors.clone()).collect();
    voices.sort();
    voices
}

fn suggesters(claim: &ClaimItem) -> Vec<Vec<String>> {
    let suggests = |actor: &String| claim.holdings.iter().any(|one| one.actor == *actor && one.speech.word() == "suggest");
    voices(claim, |voice| voice.actors.iter().any(suggests))
}

fn as_voices(value: &serde_json::Value) -> Vec<Vec<String>> {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn every_claim_stands_where_a_careful_reader_expects() {
    let desk = Desk::with_article();
    let expected = expected();
    for one in list(&expected, "claims") {
        let claim = desk.ledger.claim(word(one, "claim"), &that_day()).unwrap();
        assert_eq!(claim.status.word(), word(one, "status"), "status of {}", claim.claim);
        assert_eq!(claim.voices.len() as u64, one["voices"].as_u64().unwrap(), "voices of {}", claim.claim);
        assert_eq!(voices(&claim, |voice| voice.stands_by), as_voices(&one["stood_by"]), "who stands by {}", claim.claim);
        assert_eq!(voices(&claim, |voice| voice.denies), as_voices(&one["denied"]), "who denies {}", claim.claim);
        assert_eq!(suggesters(&claim), as_voices(&one["suggested"]), "who suggests {}", claim.claim);
        if let Some(alternatives) = one["alternatives"].as_array() {
            let relations = claim.relations.iter().filter(|relation| relation.kind == RelationKind::AlternativeTo);
            assert_eq!(relations.map(|relation| &relation.claim).collect::<Vec<_>>(), alternatives.iter().collect::<Vec<_>>());
        }
        if let Some(questioned) = one["questioned"].as_array() {
            let mut by = claim.questioned_by.clone();
            by.sort();
            assert_eq!(by.iter().collect::<Vec<_>>(), questioned.iter().collect::<Vec<_>>());
        }
    }
    assert_eq!(desk.ledger.claims(None, None, &that_day()).unwrap().len(), list(&expected, "claims").len());
}

#[test]
fn the_missile_claim_is_disputed_by_one_voice_of_three() {
    let desk = Desk::with_article();
    let claim = desk.ledger.claim("missile-threat", &Asked::default()).unwrap();
    assert_eq!(claim.status.word(), "disputed");
    assert_eq!(voices(&claim, |voice| voice.stands_by), [["boris-johnson"]]);
    assert_eq!(voices(&claim, |voice| voice.denies), [["dmitry-peskov", "kremlin", "russia"]]);
}

#[test]
fn that_the_call_took_place_is_corroborated_by_an_adverse_voice() {
    let desk = Desk::with_article();
    let claim = desk.ledger.claim("claim:call-took-place", &Asked::default()).unwrap();
    assert_eq!(claim.status.word(), "corroborated");
    assert_eq!(voices(&claim, |voice| voice.stands_by).len(), 2);
    let disputed = desk.ledger.claims(Some(claim.status), None, &Asked::default()).unwrap();
    assert_eq!(disputed.iter().map(|one| one.claim.as_str()).collect::<Vec<_>>(), ["call-took-place"]);
}

#[test]
fn what_is_only_alleged_stands_in_the_history_as_alleged() {
    let desk = Desk::with_article();
    for one in list(&expected(), "alleged") {
        let history = desk.ledger.history(word(one, "actor"), Some(word(one, "target")), Retracted::Hidden, &that_day()).unwrap();
        let of_claim = |item: HistoryItem| match item {
            HistoryItem::Alleged(alleged) if alleged.claim == word(one, "claim") => Some(alleged),
            _ => None,
        };
        let alleged: Vec<AllegedItem> = history.into_iter().filter_map(of_claim).collect();
        let [alleged] = &alleged[..] else { panic!("{one} is {alleged:#?}") };
        assert_eq!(alleged.action, word(one, "action"));
        assert_eq!(alleged.occurred.as_deref(), one["occurred"].as_str());
        assert_eq!(alleged.status.word(), word(one, "status"));
        // The fixture names those who spoke; the program names all of their voice.
        let spoke: Vec<String> = serde_json::from_value(one["alleged_by"].clone()).unwrap();
        let claim = desk.ledger.claim(&alleged.claim, &that_day()).unwrap();
        let standing = voices(&claim, |voice| voice.stands_by);
        assert!(spoke.iter().all(|actor| alleged.alleged_by.contains(actor)), "{alleged:?}");
        assert!(standing.iter().all(|voice| voice.iter().any(|actor| spoke.contains(actor))), "{standing:?}");
    }
}

#[test]
fn a_claim_is_not_known_before_it_was_recorded() {
    let desk = Desk::with_article();
    let error = desk.ledger.claim("missile-threat", &known(1)).unwrap_err();
    assert_eq!(error.to_string(), "no claim `missile-threat` was known then");
    let registered = 1 + 29;
    let claim = desk.ledger.claim("missile-threat", &known(registered)).unwrap();
    assert_eq!(claim.status.word(), "open", "registered, and nobody has taken it up");
    let alone = desk.ledger.claim("missile-threat", &known(registered + 1)).unwrap();
    assert_eq!(alone.status.word(), "asserted");
}
