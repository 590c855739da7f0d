//! Flips: who changed sides, full or half, candidate or confirmed; where the order is unknown, there is none.

use stancelog::ledger::{Asked, ChangeItem, FlipsWanted, HistoryItem, Retracted};
use stancelog::stance::Rule;

use crate::support::{Desk, at};

/// A desk where ann did these things toward tax, one after another.
fn ann(acts: &[(&str, &str)]) -> Desk {
    let desk = Desk::knowing(&["ann", "tax"]);
    for (action, on) in acts {
        desk.says("ann", action, "tax", on);
    }
    desk
}

fn changes(desk: &Desk, asked: &Asked) -> Vec<ChangeItem> {
    let history = desk.ledger.history("ann", Some("tax"), Retracted::Hidden, asked).unwrap();
    history.into_iter().filter_map(|item| if let HistoryItem::Change(change) = item { Some(change) } else { None }).collect()
}

/// The last change as (day, order, grade of the flip, whether it is confirmed).
fn last(desk: &Desk) -> (String, &'static str, Option<&'static str>, Option<bool>) {
    let change = changes(desk, &Asked::default()).pop().unwrap();
    (change.at, change.order.word(), change.flip.map(|grade| grade.word()), change.confirmed)
}

fn asserts_last(acts: &[(&str, &str)], day: &str, order: &str, flip: Option<(&str, bool)>) {
    let desk = ann(acts);
    let got = last(&desk);
    let flip = (flip.map(|(grade, _)| grade), flip.map(|(_, confirmed)| confirmed));
    assert_eq!((got.0.as_str(), got.1, got.2, got.3), (day, order, flip.0, flip.1), "{acts:?}");
    let asked = Asked::default();
    let listed = desk.ledger.flips(&FlipsWanted::default(), &asked).unwrap();
    let of_history: Vec<_> = changes(&desk, &asked).into_iter().filter(|change| change.flip.is_some()).collect();
    assert_eq!(
        listed.iter().map(|flip| (&flip.at, Some(flip.grade), Some(flip.confirmed), &flip.events)).collect::<Vec<_>>(),
        of_history.iter().map(|change| (&change.at, change.flip, change.confirmed, &change.events)).collect::<Vec<_>>(),
        "the list of flips is that of the history"
    );
}

#[test]
fn full_and_half_candidate_and_confirmed() {
    let backed = ("backs", "2021-01-01");
    asserts_last(&[backed, ("opposes", "2022-01-01")], "2022-01-01", "certain", Some(("full", false)));
    asserts_last(&[backed, ("opposes", "2022-01-01"), ("opposes", "2022-01-02")], "2022-01-01", "certain", Some(("full", true)));
    asserts_last(&[backed, ("votes-against", "2022-01-01")], "2022-01-01", "certain", Some(("full", true)));
    asserts_last(&[backed, ("neutral-on", "2022-01-01")], "2022-01-01", "certain", Some(("half", false)));
    asserts_last(&[backed, ("abstains-on", "2022-01-01")], "2022-01-01", "certain", Some(("half", true)));
    asserts_last(&[backed, ("backs", "2022-01-01"), ("opposes", "2022-01-01")], "2022-01-01", "certain", Some(("half", false)));
}

#[test]
fn mixed_abstain_and_neutral_in_between_are_looked_past() {
    for between in ["neutral-on", "abstains-on"] {
        let acts = [("backs", "2021-01-01"), (between, "2021-06-01"), ("opposes", "2022-01-01")];
        asserts_last(&acts, "2022-01-01", "certain", Some(("full", false)));
    }
    let back = [("backs", "2021-01-01"), ("neutral-on", "2021-06-01"), ("backs", "2022-01-01")];
    asserts_last(&back, "2022-01-01", "certain", Some(("half", false)));
    let first = [("neutral-on", "2021-06-01"), ("backs", "2022-01-01")];
    asserts_last(&first, "2022-01-01", "certain", Some(("half", false)));
}

#[test]
fn two_days_on_the_new_side_must_come_before_the_next_change() {
    let acts = [("backs", "2021-01-01"), ("opposes", "2022-01-01"), ("neutral-on", "2022-01-02"), ("opposes", "2022-01-03")];
    let desk = ann(&acts);
    let confirmed: Vec<_> = changes(&desk, &Asked::default()).iter().map(|change| change.confirmed).collect();
    assert_eq!(confirmed, [None, Some(false), Some(false), Some(false)]);
    assert_eq!(desk.answer("ann", "tax", &Asked::default()).flips, 0);
    let only = FlipsWanted { confirmed: true, ..FlipsWanted::default() };
    assert!(desk.ledger.flips(&only, &Asked::default()).unwrap().is_empty());
    assert_eq!(desk.ledger.flips(&FlipsWanted::default(), &Asked::default()).unwrap().len(), 3);
}

#[test]
fn where_the_order_is_unknown_there_is_no_flip() {
    // The month of the first may end after the second began.
    asserts_last(&[("backs", "2022-01"), ("opposes", "2022-01-15")], "2022-01-15", "unknown", None);
    asserts_last(&[("backs", "2021/.."), ("opposes", "2022-01-15")], "2022-01-15", "unknown", None);
    asserts_last(&[("backs", "../2021"), ("opposes", "2022-01-15")], "2022-01-15", "certain", Some(("full", false)));
    // It still moves the side that later flips are measured by.
    let acts = [("backs", "2022-01"), ("opposes", "2022-01-15"), ("backs", "2022-03-01")];
    asserts_last(&acts, "2022-03-01", "certain", Some(("full", false)));
}

#[test]
fn a_change_of_basis_is_no_flip() {
    asserts_last(&[("visits", "2021-01-01"), ("opposes", "2022-01-01")], "2022-01-01", "certain", None);
    asserts_last(&[("aids", "2021-01-01"), ("opposes", "2022-01-01")], "2022-01-01", "certain", None);
    asserts_last(&[("visits", "2021-01-01"), ("snubs", "2022-01-01")], "2022-01-01", "certain", None);
    asserts_last(&[("promises", "2021-01-01"), ("vows-to-oppose", "2022-01-01")], "2022-01-01", "certain", None);
    asserts_last(&[("aids", "2021-01-01"), ("sanctions", "2022-01-01")], "2022-01-01", "certain", Some(("full", false)));
    // Enacted, then words of the same side: the basis changes and the stance does not, so nothing is a change.
    let desk = ann(&[("aids", "2021-01-01"), ("backs", "2022-01-01")]);
    assert_eq!(changes(&desk, &Asked::default()).len(), 1);
    // The side of another basis is not the one that a flip is measured by.
    asserts_last(
        &[("aids", "2021-01-01"), ("neutral-on", "2022-01-01"), ("opposes", "2023-01-01")],
        "2023-01-01",
        "certain",
        Some(("half", false)),
    );
}

#[test]
fn flips_are_found_by_date_actor_and_time() {
    let desk = ann(&[("votes-for", "2021-01-01"), ("votes-against", "2022-01-01"), ("votes-for", "2023-01-01")]);
    let days = |wanted: &FlipsWanted<'_>, asked: &Asked| -> Vec<String> {
        desk.ledger.flips(wanted, asked).unwrap().into_iter().map(|flip| flip.at).collect()
    };
    let all = FlipsWanted::default();
    assert_eq!(days(&all, &Asked::default()), ["2022-01-01", "2023-01-01"]);
    assert_eq!(days(&all, &at("2022-06-01")), ["2022-01-01"]);
    assert_eq!(days(&FlipsWanted { from: Some("2022-06"), ..all.clone() }, &Asked::default()), ["2023-01-01"]);
    assert_eq!(days(&FlipsWanted { to: Some("2022"), actor: Some("ann"), ..all.clone() }, &Asked::default()), ["2022-01-01"]);
    assert!(days(&FlipsWanted { actor: Some("tax"), ..all }, &Asked::default()).is_empty());
    assert_eq!(desk.answer("ann", "tax", &Asked::default()).flips, 2);
}

#[test]
fn a_new_holder_of_an_office_is_not_a_flip() {
    let desk = Desk::knowing(&["ann", "bob", "tax"]);
    for (holder, from, to) in [("ann", "2020", "2021"), ("bob", "2022", "2023")] {
        let roles = serde_json::json!([{"title": "Mayor", "from": from, "to": to}]);
        desk.tell(serde_json::json!({"type": "entity", "entity": holder, "kind": "person", "name": holder, "roles": roles}));
    }
    desk.says("ann", "votes-for", "tax", "2020-05-01");
    desk.says("bob", "votes-against", "tax", "2022-05-01");
    assert!(desk.ledger.flips(&FlipsWanted::default(), &Asked::default()).unwrap().is_empty());
    assert_eq!(desk.ledger.title("ann", &at("2022-05-01")).unwrap().as_deref(), Some("former Mayor"));
}

#[test]
fn by_the_majority_one_day_against_many_turns_nothing() {
    let mut acts: Vec<(&str, String)> = (1..=6).map(|day| ("backs", format!("2022-01-0{day}"))).collect();
    acts.push(("opposes", "2022-01-20".to_owned()));
    let desk = Desk::knowing(&["ann", "tax"]);
    acts.iter().for_each(|(action, on)| drop(desk.says("ann", action, "tax", on)));
    let majority = Asked { rule: Rule::Majority, ..Asked::default() };
    assert_eq!([desk.stance("ann", "tax", &Asked::default()).0, desk.stance("ann", "tax", &majority).0], ["against", "favor"]);
    // 90 days after the last of January's days, they are out of sight.
    desk.says("ann", "opposes", "tax", "2022-04-07");
    assert_eq!(desk.stance("ann", "tax", &majority).0, "against");
}
