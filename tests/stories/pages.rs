//! Pages: all stances, read page by page, are all stances.

use serde_json::json;
use stancelog::ledger::{Answer, Asked, Detail, StancesWanted};
use stancelog::stance::Value;

use crate::support::{Desk, at, known};

/// All pages of a list, one after the other.
fn paged(desk: &Desk, wanted: &StancesWanted<'_>, asked: &Asked) -> Vec<Answer> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (page, is_more) = desk.ledger.stances_page(&StancesWanted { after, ..wanted.clone() }, asked).unwrap();
        assert!(page.len() <= wanted.limit && (!is_more || page.len() == wanted.limit), "a page that others follow is full");
        after = page.last().map(|last| (last.actor.clone(), last.target.clone()));
        all.extend(page);
        if !is_more {
            return all;
        }
    }
}

fn every(desk: &Desk, asked: &Asked) -> Vec<Answer> {
    let mut all = Vec::new();
    let keep = |answer| {
        all.push(answer);
        Ok(())
    };
    desk.ledger.every_stance(asked, Detail::Full, keep).unwrap();
    all
}

#[test]
fn pages_of_any_size_hold_every_stance_once_and_in_order() {
    let desk = Desk::with_article();
    desk.tell(json!({"type": "merge", "from": "kremlin", "into": "russia"}));
    for asked in [Asked::default(), at("2022-02"), known(55)] {
        let all = every(&desk, &asked);
        assert!(all.len() > 5);
        for limit in [1, 2, 3, 7, all.len(), 1000] {
            assert_eq!(paged(&desk, &StancesWanted { limit, ..StancesWanted::default() }, &asked), all, "{limit} on a page, {asked:?}");
        }
    }
}

#[test]
fn filters_let_through_what_they_say() {
    let desk = Desk::with_article();
    let all = every(&desk, &Asked::default());
    let keep = |wanted: &dyn Fn(&Answer) -> bool| all.iter().filter(|answer| wanted(answer)).cloned().collect::<Vec<_>>();
    let filter = StancesWanted { limit: 2, ..StancesWanted::default() };
    let pages = |wanted: StancesWanted<'_>| paged(&desk, &wanted, &Asked::default());
    assert_eq!(pages(StancesWanted { actor: Some("Boris Johnson"), ..filter.clone() }), keep(&|one| one.actor == "boris-johnson"));
    assert_eq!(pages(StancesWanted { target: Some("ukraine"), ..filter.clone() }), keep(&|one| one.target == "ukraine"));
    for value in [Value::Favor, Value::Against, Value::None] {
        assert_eq!(pages(StancesWanted { stances: vec![value], ..filter.clone() }), keep(&|one| one.stance == value), "{value:?}");
    }
    let since = keep(&|one| one.since.as_deref().is_some_and(|since| since >= "2023-01-01"));
    assert_eq!(pages(StancesWanted { changed_since: Some("2023"), ..filter.clone() }), since);
    assert!(!since.is_empty());
    let pair = StancesWanted { actor: Some("kremlin"), target: Some("boris-johnson"), ..filter.clone() };
    assert_eq!(pages(pair).len(), 1, "who asks for a pair is answered, also where no event counts");
    assert!(desk.ledger.stances_page(&StancesWanted { actor: Some("nobody"), ..filter }, &Asked::default()).is_err());
}

#[test]
fn so_many_entities_are_so_many_of_those_that_were_known() {
    let desk = Desk::knowing(&["mm", "zz"]);
    let head = desk.head();
    desk.tell(json!({"type": "entity", "entity": "aa", "kind": "unknown", "name": "aa"}));
    let named = |limit, asked: &Asked| {
        let items = desk.ledger.entities(None, limit, asked).unwrap();
        items.into_iter().map(|item| item.entity).collect::<Vec<_>>()
    };
    assert_eq!(named(2, &known(head)), ["mm", "zz"], "one that came later takes nobody's place");
    assert_eq!((named(2, &Asked::default()), named(0, &Asked::default())), (vec!["aa".to_owned(), "mm".to_owned()], vec![]));
}
