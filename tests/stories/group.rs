//! Groups: many callers' events in one commit, where what is wrong with one does no harm to another.

use serde_json::{Value, json};
use stancelog::event::parse;
use stancelog::ledger::{Condition, Error, Group, Outcome, Pattern, Receipt, Request, Seq, Settled, Strictness, Unity};

use crate::support::{Desk, id_of};

fn stance(actor: &str, action: &str, target: &str) -> Value {
    json!({"actor": actor, "action": action, "target": target, "occurred": "2024"})
}

fn request(events: &[Value]) -> Request {
    Request {
        drafts: events.iter().map(|event| parse(&event.to_string()).unwrap()).collect(),
        unity: Unity::Whole,
        strictness: Strictness::Registers,
        expect_head: None,
        condition: None,
    }
}

/// Stores requests to the last, in as many commits as it takes; what became of each, and the number of commits.
fn store(desk: &Desk, requests: Vec<Request>) -> (Vec<Result<Receipt, Error>>, usize) {
    let (mut all, mut commits) = (Vec::new(), 0);
    let mut requests = requests.into_iter();
    while requests.len() > 0 {
        let Group { done, head, .. } = desk.ledger.append_group(requests.by_ref()).unwrap();
        assert!(!done.is_empty(), "each commit takes something");
        assert_eq!(head, desk.ledger.head().unwrap());
        all.extend(done);
        commits += 1;
    }
    (all, commits)
}

#[test]
fn each_is_told_of_its_own_and_the_bad_spoil_nothing() {
    let desk = Desk::new();
    let (done, commits) = store(
        &desk,
        vec![
            request(&[stance("Ann", "backs", "Tax")]),
            request(&[stance("Bea", "bakcs", "Tax")]),
            request(&[stance("Cid", "backs", "Tax"), stance("Dan", "backs", "Tax")]),
            request(&[]),
            request(&[stance("ann", "opposes", "War")]),
        ],
    );
    assert_eq!(commits, 1);
    let heads: Vec<Option<i64>> = done.iter().map(|done| done.as_ref().ok().map(|receipt| receipt.summary.head)).collect();
    assert_eq!(heads, [Some(4), None, Some(8), Some(8), Some(10)]);
    assert!(matches!(&done[1], Err(Error::Refused(refusal)) if refusal.field == "action"), "{:?}", done[1]);
    assert_eq!(desk.head(), 10);
    assert_eq!((desk.now("dan", "tax"), desk.now("ann", "war")), ("favor", "against"));
}

#[test]
fn a_list_that_is_refused_at_its_end_leaves_nothing_not_even_names() {
    let desk = Desk::new();
    let (done, _) = store(
        &desk,
        vec![
            request(&[stance("Ann", "backs", "Tax")]),
            request(&[
                stance("Bea", "backs", "Tax"),
                json!({"type": "merge", "from": "ann", "into": "bea"}),
                json!({"type": "action", "action": "cheers", "label": "cheers", "toward": "entity", "tier": "declared", "side": "favor"}),
                stance("Cid", "bakcs", "Tax"),
            ]),
            request(&[stance("Bea", "backs", "Tax")]),
            request(&[stance("Ann", "opposes", "Tax")]),
        ],
    );
    assert!(matches!(&done[1], Err(Error::Refused(refusal)) if refusal.field == "[3].action"), "{:?}", done[1]);
    // The vocabulary, Ann, Tax, her first; Bea, hers; Ann's second.
    assert_eq!(desk.head(), 7);
    assert_eq!((desk.now("ann", "tax"), desk.now("bea", "tax")), ("mixed", "favor"));
    assert_eq!(desk.ledger.entities(None, 10, &Default::default()).unwrap().len(), 3);
}

#[test]
fn events_each_by_itself_are_stored_as_far_as_they_are_good() {
    let desk = Desk::new();
    let each = Request {
        unity: Unity::Each,
        ..request(&[stance("Ann", "backs", "Tax"), stance("Ann", "bakcs", "Tax"), stance("Bea", "backs", "Tax")])
    };
    let (done, _) = store(&desk, vec![each]);
    let receipt = done[0].as_ref().unwrap();
    let stored: Vec<bool> = receipt.outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(stored, [true, false, true]);
    assert_eq!((receipt.summary.rows, receipt.summary.appended, receipt.summary.rejected), (3, 2, 1));
    let mut twice = stance("Cid", "backs", "Tax");
    twice["id"] = json!(id_of(901));
    let each = |unity| Request { unity, ..request(&[twice.clone(), twice.clone()]) };
    let (done, _) = store(&desk, vec![each(Unity::Whole), each(Unity::Each)]);
    assert!(matches!(&done[0], Err(Error::Refused(refusal)) if refusal.field == "[1].id"), "{:?}", done[0]);
    assert!(matches!(done[1].as_ref().unwrap().outcomes[..], [Ok(Outcome::Appended { .. }), Ok(Outcome::Duplicate { .. })]));
}

#[test]
fn what_comes_while_others_are_made_ready_is_in_the_same_commit() {
    let desk = Desk::new();
    // Each request comes when the one before it has been taken, as long as there are any.
    let mut coming = ["Ann", "Bea", "Cid"].into_iter();
    let requests = std::iter::from_fn(|| coming.next().map(|actor| request(&[stance(actor, "backs", "Tax")])));
    let group = desk.ledger.append_group(requests).unwrap();
    assert_eq!((group.done.len(), group.head), (3, desk.ledger.head().unwrap()));
    assert_eq!(desk.now("cid", "tax"), "favor");
    // Where all are refused, the head stays where it was.
    let group = desk.ledger.append_group([request(&[stance("Ann", "bakcs", "Tax")])]).unwrap();
    assert_eq!((group.done.len(), group.head), (1, desk.ledger.head().unwrap()));
}

#[test]
fn what_comes_behind_a_merge_or_a_retraction_waits_for_the_next_commit() {
    let desk = Desk::knowing(&["ann", "annie", "tax"]);
    let first = desk.says("annie", "backs", "tax", "2023");
    let (done, commits) = store(
        &desk,
        vec![
            request(&[json!({"type": "merge", "from": "annie", "into": "ann"})]),
            request(&[stance("annie", "praises", "tax")]),
            request(&[json!({"type": "retract", "event": first, "reason": "wrong"})]),
            request(&[json!({"type": "merge", "from": "annie", "into": "ann"})]),
            request(&[stance("ann", "opposes", "tax")]),
        ],
    );
    assert!(commits > 1);
    let refused: Vec<usize> = (0..done.len()).filter(|index| done[*index].is_err()).collect();
    assert_eq!(refused, [3], "{done:?}");
    assert_eq!(desk.now("annie", "tax"), "mixed", "what was praised as annie and opposed as ann is one's");
}

#[test]
fn an_expected_head_is_that_which_the_requests_before_left() {
    let desk = Desk::new();
    let at = |head: i64, event: Value| Request { expect_head: Some(Seq(head)), ..request(&[event]) };
    let (done, commits) = store(
        &desk,
        vec![
            at(0, stance("Ann", "backs", "Tax")),
            at(0, stance("Bea", "backs", "Tax")),
            at(4, stance("Cid", "backs", "Tax")),
            at(9, stance("Dan", "backs", "Tax")),
        ],
    );
    assert_eq!(commits, 1);
    let heads: Vec<Option<i64>> = done.iter().map(|done| done.as_ref().err().and_then(Error::moved_head).map(|head| head.0)).collect();
    assert_eq!(heads, [None, Some(4), None, Some(6)]);
}

fn condition(desk: &Desk, after: i64, actor: &str) -> Result<Settled, Error> {
    let pattern = Pattern { actor: Some(actor.to_owned()), ..Pattern::default() };
    desk.ledger.settle(&Condition { after: Seq(after), any_of: vec![pattern] })
}

#[test]
fn of_two_on_the_same_condition_in_one_commit_the_first_is_taken() {
    let desk = Desk::new();
    desk.says("Ann", "backs", "Tax", "2023");
    let (one, other, third) =
        (condition(&desk, 4, "Ann").unwrap(), condition(&desk, 4, "Ann").unwrap(), condition(&desk, 4, "Bea").unwrap());
    let on = |condition: Settled, event: Value| Request { condition: Some(condition), ..request(&[event]) };
    let (done, _) = store(
        &desk,
        vec![on(one, stance("Ann", "opposes", "Tax")), on(other, stance("Ann", "backs", "War")), on(third, stance("Bea", "backs", "War"))],
    );
    assert!(done[0].is_ok() && done[2].is_ok(), "{done:?}");
    assert!(matches!(done[1], Err(Error::Overtaken { seq: Seq(5), .. })), "{:?}", done[1]);
}

#[test]
fn a_condition_that_was_settled_before_a_merge_is_to_be_settled_again() {
    let desk = Desk::knowing(&["ann", "bea", "tax"]);
    let head = desk.head();
    let settled = condition(&desk, head, "ann").unwrap();
    desk.tell(json!({"type": "merge", "from": "bea", "into": "ann"}));
    let late = Request { condition: Some(settled), ..request(&[stance("ann", "backs", "tax")]) };
    let (done, _) = store(&desk, vec![late]);
    assert!(matches!(done[0], Err(Error::Overtaken { .. })), "{done:?}");
    let settled = condition(&desk, head + 1, "bea").unwrap();
    desk.says("ann", "backs", "tax", "2023");
    let late = Request { condition: Some(settled), ..request(&[stance("bea", "opposes", "tax")]) };
    assert!(matches!(store(&desk, vec![late]).0[0], Err(Error::Overtaken { .. })), "whom the pattern names is one with ann now");
    assert!(matches!(condition(&desk, head, "ann"), Err(Error::Overtaken { .. })));
}

#[test]
fn what_was_taken_is_taken_again_whatever_became_of_head_and_condition() {
    let desk = Desk::new();
    let mut event = stance("Ann", "backs", "Tax");
    event["id"] = json!(id_of(900));
    desk.tell(event.clone());
    desk.says("Ann", "opposes", "Tax", "2024");
    let again = Request { expect_head: Some(Seq(0)), ..request(std::slice::from_ref(&event)) };
    let (done, _) = store(&desk, vec![again, request(std::slice::from_ref(&event))]);
    for done in &done {
        let receipt = done.as_ref().unwrap();
        assert!(matches!(receipt.outcomes[0], Ok(Outcome::Duplicate { seq: Seq(4), .. })), "{receipt:?}");
    }
    event["action"] = json!("opposes");
    assert!(matches!(store(&desk, vec![request(&[event])]).0[0], Err(Error::IdReused { seq: Seq(4), .. })));
}
