//! Looking around: search, review, replay, single events; each says what the log says, no more.

use std::collections::BTreeMap;

use serde_json::json;
use stancelog::event::EventType;
use stancelog::ledger::{
    Asked, Detail, Direction, EventsWanted, Hit, ReplayChange, ReplayStep, ReplayWanted, ReviewPart, Row, Seq, WeakSpot,
};
use stancelog::stance::Rule;

use crate::support::{Desk, known};

fn found(desk: &Desk, text: &str, asked: &Asked) -> Vec<String> {
    let name = |hit| match hit {
        Hit::Entity { entity, .. } => entity,
        Hit::Claim { claim, .. } => format!("claim:{claim}"),
        Hit::Event { seq, .. } => format!("@{seq}"),
    };
    let mut found: Vec<String> = desk.ledger.search(text, 100, asked).unwrap().into_iter().map(name).collect();
    found.sort();
    found
}

#[test]
fn search_finds_names_aliases_claims_and_notes_by_the_beginnings_of_words() {
    let desk = Desk::knowing(&["tax"]);
    let entity =
        desk.tell(json!({"type": "entity", "entity": "jose-dover", "kind": "person", "name": "José Dover", "aliases": ["The Fox"]}));
    desk.tell(json!({"type": "claim", "claim": "theft", "text": "The fox stole a goose."}));
    desk.tell(
        json!({"actor": "jose-dover", "action": "backs", "target": "tax", "occurred": "2022", "note": "He fox-trotted through Dover"}),
    );
    let head = desk.head();
    assert_eq!(found(&desk, "jose", &Asked::default()), ["jose-dover"]);
    assert_eq!(found(&desk, "FOX", &Asked::default()), [format!("@{head}"), "claim:theft".to_owned(), "jose-dover".to_owned()]);
    assert_eq!(found(&desk, "fox goo", &Asked::default()), ["claim:theft"]);
    assert!(found(&desk, "", &Asked::default()).is_empty() && found(&desk, "nothing", &Asked::default()).is_empty());
    assert_eq!(found(&desk, "dover", &known(head - 1)), ["jose-dover"]);
    desk.retracts(&entity);
    assert_eq!(found(&desk, "dover", &Asked::default()), [format!("@{head}")], "a name that was taken back is nobody's");
}

#[test]
fn the_review_lists_weak_spots_of_every_kind() {
    let desk = Desk::new();
    let ann =
        |slug: &str, aliases| desk.tell(json!({"type": "entity", "entity": slug, "kind": "person", "name": slug, "aliases": aliases}));
    ann("ann-dover", json!(["Ann"]));
    ann("ann-calais", json!([]));
    let alias = ann("ann-calais", json!(["Ann"]));
    desk.says("ann-dover", "backs", "Somebody New", "2022-01");
    desk.says("ann-dover", "opposes", "Somebody New", "2022-01-15");
    desk.tell(json!({"type": "claim", "claim": "theft", "text": "It was stolen."}));
    desk.says("ann-dover", "asserts", "claim:theft", "2022");
    let word = desk.tell(json!({"type": "action", "action": "nods-at", "label": "nods at", "toward": "entity", "tier": "contact"}));
    desk.says("ann-dover", "nods-at", "Somebody New", "2022");
    desk.retracts(&word);
    let review = desk.ledger.review(10, &Asked::default()).unwrap();
    let subjects = |kind: WeakSpot| subjects(&review, kind);
    assert_eq!(subjects(WeakSpot::OneVoice), [["ann-dover", "somebody-new"]]);
    assert_eq!(subjects(WeakSpot::OneVoiceClaim), [["theft"]]);
    assert_eq!(subjects(WeakSpot::AmbiguousName), [["Ann", "ann-calais", "ann-dover"]]);
    assert_eq!(subjects(WeakSpot::UnknownOrder), [["ann-dover", "somebody-new"]]);
    assert_eq!(subjects(WeakSpot::Unregistered), [["somebody-new"]]);
    assert_eq!(subjects(WeakSpot::UndefinedAction), [["nods-at"]]);

    desk.retracts(&alias);
    let review = desk.ledger.review(10, &Asked::default()).unwrap();
    assert!(self::subjects(&review, WeakSpot::AmbiguousName).is_empty(), "the name is one entity's again");
}

/// What the weak spots of a kind concern, each with its entities in order.
fn subjects(review: &[ReviewPart], kind: WeakSpot) -> Vec<Vec<String>> {
    let part = review.iter().find(|part| part.kind == kind).unwrap();
    assert_eq!(part.count, part.items.len() as u64);
    let sorted = |subject: &Vec<String>| {
        let mut subject = subject.clone();
        subject.sort();
        subject
    };
    part.items.iter().map(|item| sorted(&item.subject)).collect()
}

#[test]
fn a_title_that_two_held_one_after_the_other_is_no_weak_spot() {
    let desk = Desk::new();
    for (slug, from, to) in [("ann", "2010", "2014"), ("bob", "2015", "2019")] {
        let aliases = json!([{"name": "the President", "from": from, "to": to}]);
        desk.tell(json!({"type": "entity", "entity": slug, "kind": "person", "name": slug, "aliases": aliases}));
    }
    let review = desk.ledger.review(10, &Asked::default()).unwrap();
    assert!(subjects(&review, WeakSpot::AmbiguousName).is_empty(), "at no time does the name fit both");
}

#[test]
fn a_replay_comes_to_the_present_step_by_step() {
    let desk = Desk::with_article();
    desk.retracts("01860000-0000-7000-8000-000000000028");
    desk.tell(json!({"type": "merge", "from": "kremlin", "into": "russia"}));
    desk.tell(json!({"type": "action", "action": "visits", "label": "visits", "toward": "entity", "tier": "declared", "side": "against"}));
    let (mut stances, mut claims, mut steps) = (BTreeMap::new(), BTreeMap::new(), 0);
    let follow = |step: ReplayStep| {
        steps += 1;
        assert_eq!(step.row.seq.0, steps, "every event is a step");
        for change in step.changes {
            match change {
                ReplayChange::Stance { actor, target, from, to } => {
                    let before = stances.insert((actor, target), to.word()).unwrap_or("none");
                    assert_eq!(before, from.word());
                }
                ReplayChange::Claim { claim, from, to } => {
                    let before = claims.insert(claim, to).flatten();
                    assert_eq!(before, from);
                }
            }
        }
        Ok(())
    };
    desk.ledger.replay(&ReplayWanted { until: None, actor: None, target: None, rule: Rule::Latest }, follow).unwrap();
    assert_eq!(steps, desk.head());
    stances.retain(|_, stance| *stance != "none");
    let mut present = BTreeMap::new();
    let keep = |answer: stancelog::ledger::Answer| {
        present.insert((answer.actor, answer.target), answer.stance.word());
        Ok(())
    };
    desk.ledger.every_stance(&Asked::default(), Detail::Brief, keep).unwrap();
    present.retain(|_, stance| *stance != "none");
    assert_eq!(stances, present);
    for claim in desk.ledger.claims(None, None, &Asked::default()).unwrap() {
        assert_eq!(claims[&claim.claim], Some(claim.status), "{}", claim.claim);
    }
}

#[test]
fn events_are_listed_by_their_parts_from_either_end_of_the_log() {
    let desk = Desk::with_article();
    let listed = |wanted: EventsWanted<'_>, asked: &Asked| {
        let mut seqs = Vec::new();
        let keep = |row: Row| {
            seqs.push(row.seq.0);
            Ok(())
        };
        desk.ledger.events(&wanted, asked, keep).unwrap();
        seqs
    };
    let of_johnson = EventsWanted { actor: Some("Boris Johnson"), ..EventsWanted::default() };
    let all = listed(of_johnson.clone(), &Asked::default());
    let newest = EventsWanted { direction: Direction::NewestFirst, ..of_johnson.clone() };
    assert!(all.len() > 12 && all.is_sorted());
    assert_eq!(listed(newest.clone(), &Asked::default()), all.iter().rev().copied().collect::<Vec<_>>());
    let (middle, last) = (all[all.len() / 2], all[all.len() - 1]);
    let page = EventsWanted { before: Some(Seq(middle)), limit: Some(2), ..newest.clone() };
    let before: Vec<i64> = all.iter().rev().copied().filter(|seq| *seq < middle).take(2).collect();
    assert_eq!(listed(page, &Asked::default()), before);
    assert_eq!(listed(newest, &known(last - 1))[0], all[all.len() - 2], "what was not known yet is not listed");
    let denied = EventsWanted { action: Some("denies"), event_type: Some(EventType::Stance), ..EventsWanted::default() };
    assert_eq!(listed(denied, &Asked::default()), [32, 33, 34]);
    let defined = EventsWanted { action: Some("denies"), event_type: Some(EventType::Vocabulary), ..EventsWanted::default() };
    assert_eq!(listed(defined, &Asked::default()), [1]);
}

#[test]
fn an_event_is_found_by_its_place_its_id_and_a_unique_beginning_of_it() {
    let desk = Desk::with_article();
    let id = "01860000-0000-7000-8000-000000000028";
    let seq = desk.ledger.event(id).unwrap().seq;
    for asked in [seq.to_string(), format!("@{seq}"), id.to_uppercase(), id.replace('-', "")] {
        assert_eq!(desk.ledger.event(&asked).unwrap().seq, seq, "{asked}");
    }
    assert_eq!(desk.ledger.event("01860000-0000-7000-8000-0000000001290").unwrap_err().kind(), stancelog::ledger::ErrorKind::Refused);
    for (asked, said) in [
        ("01860000-0000-7000", "begins several ids"),
        ("@999", "no event"),
        ("0", "no event"),
        ("xyz", "neither a seq nor an id"),
        ("", "neither"),
    ] {
        let error = desk.ledger.event(asked).unwrap_err().to_string();
        assert!(error.contains(said), "{asked}: {error}");
    }
}
