//! "Our list of people comes in": whom the log knows it tells more of, and nobody is taken for somebody else.

use serde_json::json;
use stancelog::event::Kind;
use stancelog::ledger::{Asked, EntityItem, Foreign, ReviewPart};

use crate::foreign::{gzip, import};
use crate::support::desk::Desk;

const PEOPLE: &str = "name,kind,aliases,wikidata,roles\n\
    Ann Lee,person,A. Lee;Premier Lee,Q42,Premier | Ruritania | 2019-07-24 | 2022-09-06\n\
    Ruritania,country,Kingdom of Ruritania,,\n\
    Bob,,,,\n";

fn who(desk: &Desk, slug: &str) -> EntityItem {
    let found = desk.ledger.entities(Some(slug), 99, &Asked::default()).unwrap();
    found.into_iter().find(|one| one.entity == slug).unwrap_or_else(|| panic!("no {slug}"))
}

#[test]
fn a_list_tells_more_of_whom_the_log_knows() {
    let mut desk = Desk::new();
    desk.says("Ann Lee", "backs", "Ruritania", "2020");
    desk.tell(json!({"type": "entity", "entity": "bob", "kind": "person", "name": "Bob"}));
    let first = import(&mut desk, &Foreign::Entities, PEOPLE.as_bytes());
    assert_eq!((first.summary.appended, first.summary.registered), (3, 0));
    let ann = who(&desk, "ann-lee");
    assert_eq!((ann.kind, ann.roles[0].title.as_str(), ann.identifiers["wikidata"].as_str()), (Kind::Person, "Premier", "Q42"));
    assert_eq!(desk.now("Premier Lee", "Kingdom of Ruritania"), "favor");
    assert_eq!(who(&desk, "bob").kind, Kind::Person, "a list that says no kind takes none away");
    for bytes in [PEOPLE.as_bytes().to_vec(), gzip(PEOPLE.replace('\n', "\r\n").as_bytes())] {
        let again = import(&mut desk, &Foreign::Entities, &bytes).summary;
        assert_eq!((again.appended, again.duplicates, again.head), (0, 3, first.summary.head));
    }
}

#[test]
fn a_list_that_comes_twice_means_whom_it_meant() {
    let mut desk = Desk::new();
    let first = import(&mut desk, &Foreign::Entities, PEOPLE.as_bytes()).summary;
    desk.tell(json!({"type": "entity", "entity": "ann-lee-of-borduria", "kind": "person", "name": "Ann Lee"}));
    let again = import(&mut desk, &Foreign::Entities, PEOPLE.as_bytes()).summary;
    assert_eq!((again.appended, again.duplicates), (0, first.appended), "although two are called so now");
    let more = "name,aliases\nAnn Lee,Annie\n";
    let refused = import(&mut desk, &Foreign::Entities, more.as_bytes());
    assert_eq!(refused.summary.rejected, 1, "a new row may be of either: {refused:?}");
    let told = import(&mut desk, &Foreign::Entities, b"name,slug,aliases\nAnn Lee,ann-lee-of-borduria,Annie\n");
    assert_eq!(told.summary.appended, 1, "but not where it gives the slug");
}

#[test]
fn namesakes_and_other_spellings_are_not_taken_for_one() {
    let mut desk = Desk::new();
    let list = r#"[{"name":"C.P. Thakur"},
        {"name":"C. P. Thakur"},
        {"name":"Croatia","aliases":["Zagreb"]},
        {"name":"Zagreb"},
        {"name":"Croatia","aliases":["Hrvatska"]},
        {"name":"C.P. Thakur"}]"#;
    let imported = import(&mut desk, &Foreign::Entities, list.as_bytes());
    assert_eq!((imported.summary.appended, imported.summary.duplicates, imported.rejected_by["name told twice"]), (4, 1, 1));
    assert_eq!((who(&desk, "c-p-thakur").name, who(&desk, "c-p-thakur-2").name), ("C.P. Thakur".to_owned(), "C. P. Thakur".to_owned()));
    let said = desk.refuses(json!({"actor": "Zagreb", "action": "backs", "target": "Croatia", "occurred": "2020"}));
    assert!(said.contains("may be any of croatia, zagreb"), "{said}");
    let review: Vec<ReviewPart> = desk.ledger.review(9, &Asked::default()).unwrap();
    let ambiguous = review.iter().find(|part| part.kind.word() == "ambiguous-name").unwrap();
    assert_eq!(
        (ambiguous.count, &ambiguous.items[0].subject[..]),
        (1, &["Zagreb".to_owned(), "croatia".to_owned(), "zagreb".to_owned()][..])
    );
    let again = import(&mut desk, &Foreign::Entities, list.as_bytes()).summary;
    assert_eq!((again.appended, again.duplicates, again.rejected), (0, 5, 1));
}

#[test]
fn what_is_broken_in_a_coded_list_is_told_and_not_guessed() {
    let mut desk = Desk::new();
    let list = "{\"name\":\"Ruritania\",\"kind\":\"country\",\"aliases\":[],\"roles\":[{\"code\":\"RUR\",\"from\":null,\"to\":null}]}\n\
        {\"name\":\"Strelsau\",\"kind\":\"country\",\"aliases\":[],\"roles\":[{\"code\":\"RUR\",\"from\":null,\"to\":null}]}\n\
        {\"name\":\"Cid\",\"kind\":\"country\",\"aliases\":[],\"roles\":[{\"code\":\"RURGOV\",\"from\":\"2012-12-07\",\"to\":\"2012-08-02\",\"raw\":\"20121207-20120802\"}]}\n\
        {\"name\":\"Dora (Acting\",\"kind\":\"country\",\"aliases\":[],\"roles\":[]}\n\
        {\"name\":\"E\\u001aa\",\"kind\":\"armed\",\"aliases\":[],\"roles\":[]}\n";
    let imported = import(&mut desk, &Foreign::Entities, list.as_bytes());
    let reasons: Vec<&str> = imported.rejected_by.keys().map(String::as_str).collect();
    assert_eq!((imported.summary.appended, &reasons[..]), (3, &["control character", "cut name"][..]));
    assert_eq!(who(&desk, "ruritania").kind, Kind::Country);
    assert_eq!((who(&desk, "strelsau").kind, who(&desk, "strelsau").roles[0].title.as_str()), (Kind::Unknown, "RUR"));
    assert!(who(&desk, "cid").roles.is_empty());
    let note = desk.ledger.event("4").unwrap();
    assert!(format!("{note:?}").contains("whose dates cannot be read (20121207-20120802)"), "{note:?}");
    let turned: Vec<&str> = list.lines().rev().collect();
    let again = import(&mut desk, &Foreign::Entities, turned.join("\n").as_bytes()).summary;
    assert_eq!((again.appended, again.duplicates, again.rejected), (0, 3, 2), "in another order the list tells the same");
}
