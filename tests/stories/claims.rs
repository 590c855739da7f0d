//! Claims: every status that a claim can have, who counts as one voice, and what never changes a status.

use serde_json::{Value, json};
use stancelog::ledger::{Asked, ClaimItem, HistoryItem, Retracted};

use crate::support::{Desk, at};

/// A desk with a claim that bob stole it, which ann and others spoke about, one day after another.
fn about_bob(speeches: &[(&str, &str)]) -> Desk {
    let desk = Desk::knowing(&["ann", "bob", "cid", "dan", "it"]);
    let about = json!({"actor": "bob", "action": "attacks", "target": "it"});
    desk.tell(json!({"type": "claim", "claim": "theft", "text": "Bob stole it.", "about": about}));
    for (day, (actor, action)) in (1..).zip(speeches) {
        desk.says(actor, action, "claim:theft", &format!("2022-01-{day:02}"));
    }
    desk
}

fn claim(desk: &Desk) -> ClaimItem {
    desk.ledger.claim("theft", &Asked::default()).unwrap()
}

fn status(speeches: &[(&str, &str)]) -> &'static str {
    claim(&about_bob(speeches)).status.word()
}

#[test]
fn every_status_is_reached_by_what_people_say() {
    let table: [(&[(&str, &str)], &str); 18] = [
        (&[], "open"),
        (&[("ann", "questions"), ("cid", "remarks-on")], "open"),
        (&[("ann", "suggests")], "suggested"),
        (&[("ann", "asserts")], "asserted"),
        (&[("ann", "asserts"), ("cid", "suggests")], "asserted"),
        (&[("ann", "asserts"), ("ann", "confirms")], "asserted"),
        (&[("ann", "asserts"), ("cid", "confirms")], "corroborated"),
        (&[("ann", "denies")], "denied"),
        (&[("ann", "denies"), ("cid", "suggests")], "denied"),
        (&[("ann", "asserts"), ("bob", "denies")], "disputed"),
        (&[("ann", "asserts"), ("cid", "confirms"), ("bob", "denies")], "disputed"),
        (&[("ann", "asserts"), ("bob", "concedes")], "conceded"),
        (&[("bob", "concedes")], "conceded"),
        (&[("cid", "denies"), ("cid", "concedes"), ("dan", "denies")], "conceded"),
        (&[("ann", "asserts"), ("cid", "concedes")], "corroborated"),
        (&[("ann", "asserts"), ("ann", "withdraws")], "withdrawn"),
        (&[("ann", "suggests"), ("ann", "withdraws")], "open"),
        (&[("ann", "asserts"), ("ann", "withdraws"), ("cid", "denies")], "denied"),
    ];
    for (speeches, expected) in table {
        assert_eq!(status(speeches), expected, "{speeches:?}");
    }
}

#[test]
fn questions_and_remarks_leave_an_actor_where_he_stood() {
    assert_eq!(status(&[("ann", "asserts"), ("ann", "questions"), ("ann", "remarks-on")]), "asserted");
    let desk = about_bob(&[("ann", "asserts"), ("cid", "questions")]);
    assert_eq!(claim(&desk).questioned_by, ["cid"]);
}

#[test]
fn whoever_changes_his_mind_stands_where_he_said_last_in_the_world() {
    assert_eq!(status(&[("ann", "asserts"), ("ann", "denies")]), "denied");
    let desk = about_bob(&[("ann", "denies")]);
    desk.says("ann", "asserts", "claim:theft", "2021-12-31");
    assert_eq!(claim(&desk).status.word(), "denied", "what was recorded last happened before");
    assert_eq!(desk.ledger.claim("theft", &at("2021")).unwrap().status.word(), "asserted");
}

#[test]
fn those_who_speak_for_each_other_are_one_voice() {
    let spoke = |speaker: &str, action: &str, on: &str, principals: Value| json!({"actor": speaker, "action": action, "target": "claim:theft", "occurred": on, "on_behalf_of": principals});
    let desk = about_bob(&[]);
    desk.tell(spoke("ann", "asserts", "2022-01-01", json!(["cid"])));
    assert_eq!(claim(&desk).status.word(), "asserted");
    desk.tell(spoke("cid", "confirms", "2022-01-02", json!([])));
    assert_eq!((claim(&desk).status.word(), claim(&desk).voices.len()), ("asserted", 1), "cid is ann's voice");
    desk.says("dan", "confirms", "claim:theft", "2022-01-03");
    assert_eq!(claim(&desk).status.word(), "corroborated");
    // A question asked on another's behalf joins them, too.
    let question = desk.tell(spoke("dan", "questions", "2022-01-04", json!(["ann"])));
    assert_eq!((claim(&desk).status.word(), claim(&desk).voices.len()), ("asserted", 1));
    desk.retracts(&question);
    assert_eq!(claim(&desk).status.word(), "corroborated");
}

#[test]
fn one_voice_that_says_both_is_not_disputed_with_itself() {
    let desk = about_bob(&[]);
    let joined = json!({"actor": "ann", "action": "remarks-on", "target": "claim:theft", "occurred": "2021", "on_behalf_of": ["cid"]});
    desk.tell(joined);
    desk.says("ann", "asserts", "claim:theft", "2022-01-01");
    desk.says("cid", "denies", "claim:theft", "2022-01-02");
    assert_eq!(claim(&desk).status.word(), "denied", "the later of the two decides");
    desk.says("ann", "confirms", "claim:theft", "2022-01-03");
    assert_eq!(claim(&desk).status.word(), "asserted");
    desk.says("dan", "denies", "claim:theft", "2022-01-04");
    assert_eq!(claim(&desk).status.word(), "disputed");
}

#[test]
fn two_names_of_one_speaker_are_one_voice_once_merged() {
    let desk = about_bob(&[("ann", "asserts"), ("cid", "confirms")]);
    assert_eq!(claim(&desk).status.word(), "corroborated");
    let merge = desk.tell(json!({"type": "merge", "from": "cid", "into": "ann"}));
    assert_eq!(claim(&desk).status.word(), "asserted");
    desk.retracts(&merge);
    assert_eq!(claim(&desk).status.word(), "corroborated");
    desk.tell(json!({"type": "merge", "from": "ann", "into": "bob"}));
    desk.says("ann", "concedes", "claim:theft", "2023");
    assert_eq!(claim(&desk).status.word(), "conceded", "ann is bob, whom the claim is about");
}

#[test]
fn a_claim_about_a_claim_is_nested_and_nobodys_speech() {
    let desk = about_bob(&[]);
    let about = json!({"actor": "dan", "action": "asserts", "target": "claim:theft", "occurred": "2022"});
    desk.tell(json!({"type": "claim", "claim": "dan-said-so", "text": "Dan says that Bob stole it.", "about": about}));
    desk.says("ann", "asserts", "claim:dan-said-so", "2022-03-01");
    assert_eq!(claim(&desk).status.word(), "open", "that Dan asserts it is only alleged");
    let history = desk.ledger.history("bob", None, Retracted::Hidden, &Asked::default()).unwrap();
    let [HistoryItem::Alleged(alleged)] = &history[..] else { panic!("{history:#?}") };
    assert_eq!((alleged.claim.as_str(), &alleged.nested_in[..]), ("theft", &["dan-said-so".to_owned()][..]));
    let history = desk.ledger.history("dan", None, Retracted::Hidden, &Asked::default()).unwrap();
    let [HistoryItem::Alleged(alleged)] = &history[..] else { panic!("{history:#?}") };
    assert_eq!((alleged.status.word(), &alleged.alleged_by[..]), ("asserted", &["ann".to_owned()][..]));
    assert_eq!(desk.ledger.claims(None, Some("dan"), &Asked::default()).unwrap().len(), 1);
}
