//! What fact-checkers found stands beside what was claimed, and makes nobody say what he did not say.

use stancelog::event::{Body, Rating};
use stancelog::ledger::{Asked, ErrorKind, EventsWanted, Foreign, ImportOptions, Row};

use crate::foreign::{gzip, import};
use crate::support::desk::{Desk, at};

fn reviews() -> Foreign {
    Foreign::ClaimReview(None)
}

/// A page of the Gazette as its markup has it: two reviews of one claim's words, said by two.
const PAGE: &str = r##"{"@context":"https://schema.org","@graph":[
{"@type":"WebPage","name":"A page"},
{"@type":"Organization","@id":"#gazette","name":"The Gazette"},
{"@type":"ClaimReview","url":"https://gazette.example/1","claimReviewed":"The tax falls.","author":{"@id":"#gazette"},"datePublished":"2021-03-09",
 "reviewRating":{"@type":"Rating","ratingValue":"1","bestRating":"5","worstRating":"1","alternateName":"Pants on Fire!"},
 "itemReviewed":{"@type":"Claim","author":{"@type":"Person","name":"Ann"},"datePublished":"2021-03-01","appearance":{"url":"https://ann.example/speech"}}},
{"@type":"ClaimReview","url":"https://gazette.example/2","claimReviewed":"The tax falls.","author":{"@id":"#gazette"},"datePublished":"2021-03-10",
 "reviewRating":{"@type":"Rating","alternateName":"Missing context"},"itemReviewed":{"@type":"Claim","author":{"name":"Bob"}}}]}"##;

fn verdicts(desk: &Desk) -> Vec<(String, Rating)> {
    let mut verdicts = Vec::new();
    let keep = |row: Row| {
        if let Body::Verdict(verdict) = row.event().unwrap().unwrap().body {
            verdicts.push((verdict.label, verdict.rating));
        }
        Ok(())
    };
    desk.ledger.events(&EventsWanted::default(), &Asked::default(), keep).unwrap();
    verdicts
}

#[test]
fn a_review_is_a_verdict_beside_what_somebody_claims() {
    let mut desk = Desk::new();
    let first = import(&mut desk, &reviews(), PAGE.as_bytes());
    // Two claims, two assertions, and the names of Ann, Bob and the Gazette.
    assert_eq!((first.summary.rows, first.summary.appended, first.summary.registered), (2, 2, 7));
    assert_eq!(verdicts(&desk), [("Pants on Fire!".to_owned(), Rating::False), ("Missing context".to_owned(), Rating::Other)]);
    let claims = desk.ledger.claims(None, None, &Asked::default()).unwrap();
    assert_eq!(claims.len(), 2, "the same words of somebody else are another claim");
    let anns = claims.iter().find(|claim| claim.verdicts[0].label == "Pants on Fire!").unwrap();
    assert_eq!((anns.status.word(), anns.text.as_str()), ("asserted", "The tax falls."), "a verdict never changes the status");
    let early = desk.ledger.claims(None, None, &at("2021-02")).unwrap();
    let said: Vec<&str> = early.iter().map(|claim| claim.status.word()).collect();
    assert!(said.contains(&"open") && said.contains(&"asserted"), "what Bob said may have been said at any time before: {said:?}");
}

#[test]
fn the_same_reviews_add_nothing_however_they_are_written() {
    let mut desk = Desk::new();
    let first = import(&mut desk, &reviews(), PAGE.as_bytes());
    let lines = serde_json::from_str::<serde_json::Value>(PAGE).unwrap()["@graph"].as_array().unwrap().clone();
    let lines: Vec<String> = lines.iter().map(|one| one.to_string().replace("{\"@id\":\"#gazette\"}", "\"The Gazette\"")).collect();
    let feed = format!("{{\"@type\":\"DataFeed\",\"dataFeedElement\":[{{\"item\":[{}]}}]}}", lines.join(","));
    let one_line = PAGE.replace('\n', " ");
    for form in [PAGE, &one_line, &feed, &format!("\u{feff}[{}]", lines.join(",\r\n")), &lines[2..].join("\n")] {
        for bytes in [form.as_bytes().to_vec(), gzip(form.as_bytes())] {
            let again = import(&mut desk, &reviews(), &bytes).summary;
            assert_eq!((again.appended, again.duplicates, again.registered, again.head), (0, 2, 0, first.summary.head), "{form}");
        }
    }
}

#[test]
fn what_says_too_little_is_refused_by_reason() {
    let table = "rating_text\tclaimant\tclaim\treview_date\treviewer\tid\n\
        False\tAnn\tA \"quoted\" thing\t2021-3-9\tThe Gazette\t1\n\
        False\tAnn\t\t2021-3-9\tThe Gazette\t2\n\
        \tAnn\tB\t2021-3-9\tThe Gazette\t3\n\
        False\tAnn\tC\t9 March\tThe Gazette\t4\n\
        False\tAnn\tD\t2021-3-9\t\t5\n\
        False\tMultiple sources\tE\t2021-3-9\tThe Gazette\t6\n\
        False\tThe Gazette\tF\t2021-3-9\tThe Gazette\t7\n";
    let mut desk = Desk::new();
    let first = import(&mut desk, &reviews(), table.as_bytes());
    let reasons: Vec<&str> = first.rejected_by.keys().map(String::as_str).collect();
    assert_eq!((first.summary.appended, &reasons[..]), (3, &["bad date", "no claim", "no rating", "no reviewer"][..]));
    let claims = desk.ledger.claims(None, None, &Asked::default()).unwrap();
    let mut told: Vec<(&str, &str)> = claims.iter().map(|claim| (claim.text.as_str(), claim.status.word())).collect();
    told.sort_unstable();
    assert_eq!(told, [("A \"quoted\" thing", "asserted"), ("E", "open"), ("F", "open")]);
}

#[test]
fn a_broken_line_costs_itself_and_a_broken_document_is_refused_after_what_was_whole() {
    let review = |number: u32| {
        format!(
            "{{\"@type\":\"ClaimReview\",\"claimReviewed\":\"Claim {number}.\",\"author\":\"G\",\"reviewRating\":{{\"alternateName\":\"True\"}}}}"
        )
    };
    let mut desk = Desk::new();
    let lines = [review(1), review(2)[..40].to_owned(), "{\"@type\":\"Article\"}".to_owned(), review(3)].join("\n");
    let imported = import(&mut desk, &reviews(), lines.as_bytes());
    assert_eq!((imported.summary.appended, imported.rejected_by["no JSON"], imported.rejected_by["no ClaimReview"]), (2, 1, 1));
    let document = format!("[{},\n{},\n{}", review(4), review(5), &review(6)[..40]);
    let error = desk.ledger.import_file(&reviews(), document.as_bytes(), ImportOptions::default(), |_| Ok(()), |_| {}).unwrap_err();
    let said = std::error::Error::source(&error).unwrap().to_string();
    assert!(error.kind() == ErrorKind::Refused && said.starts_with("line 3, column 4"), "{said}");
    assert_eq!(verdicts(&desk).len(), 4);
}
