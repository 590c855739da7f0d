//! Telling: a page says what it looks at and how much of it, in words that are so, also where it was asked amiss.

use serde_json::json;

use crate::client::{Answer, Client};
use crate::server::{Server, Site, said};

fn browse(client: &Client, path: &str) -> Answer {
    client.ask("GET", path, &[("Accept", "text/html")], b"")
}

fn page(client: &Client, path: &str) -> String {
    let answer = browse(client, path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text().to_owned()
}

#[test]
fn both_times_are_told_as_finely_as_they_are_asked() {
    let server = Server::with_article();
    for (asked, told) in [
        ("known_at=2040-05-03&as_of=2022-03-01", "What was recorded by 3 May 2040 about the world on 1 March 2022."),
        ("known_at=2040-05-03T14:30Z", "What was recorded by 14:30 UTC on 3 May 2040."),
        ("known_at=2040-05-03T14:30:05Z&as_of=2022", "recorded by 14:30:05 UTC on 3 May 2040 about the world at the end of 2022."),
        ("known_at=@50&as_of=2022-06", "What was recorded up to event 50 about the world at the end of June 2022."),
    ] {
        assert!(page(&server, &format!("/?{asked}")).contains(told), "{asked}");
    }
    let today = page(&server, "/actors/boris-johnson?as_of=today");
    assert!(!today.contains("the world on today") && !today.contains("as of today") && today.contains("about the world on "), "{today}");
    // A minute counts to its end, here as on the command line.
    let told = server.json("/v1/stances?actor=boris-johnson&known_at=2001-01-01T00:00Z");
    assert_eq!((told["known_at"].as_i64(), told["items"].as_array().unwrap().len()), (Some(0), 0));
}

#[test]
fn a_time_that_is_none_comes_back_in_its_field_and_on_no_link() {
    let server = Server::with_article();
    for path in ["/?as_of=2022-13&known_at=%4050", "/actors/boris-johnson?known_at=%4050&as_of=2022-13"] {
        let answer = browse(&server, path);
        let page = answer.text();
        assert_eq!(answer.status, 400, "{page}");
        assert!(page.contains("name=\"as_of\" value=\"2022-13\"") && page.contains("aria-invalid=\"true\""), "{page}");
        assert!(!page.contains("as_of=2022-13") && page.contains("href=\"/?known_at=%4050\""), "{page}");
    }
    let long = format!("/?as_of={}", "9".repeat(50_000));
    assert!(browse(&server, &long).body.len() < 100_000, "what is wrong is told once");
}

#[test]
fn no_link_leads_to_another_server_whatever_the_address() {
    let server = Server::with_article();
    for path in ["//evil.test/?as_of=2020", "/\\evil.test/?as_of=2020", "//evil.test"] {
        let answer = browse(&server, path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text().contains("\"//evil") && !answer.text().contains("\"/\\evil"), "{path}: {}", answer.text());
    }
    let odd = browse(&server, "/pairs/%ff/x");
    assert_eq!((odd.status, odd.header("content-type")), (400, Some("text/html; charset=utf-8")));
    assert_eq!(browse(&server, "/targets/claim:missile-threat").header("location"), Some("/claims/missile-threat"));
}

#[test]
fn a_page_of_another_run_is_no_page_of_this_one() {
    let site = Site::with_article();
    let server = site.serve(&[]);
    let before = browse(&server, "/audit");
    assert!(before.text().contains("has no signing key"), "{}", before.text());
    let (_, site) = server.stop();
    said(&site.db, &["audit", "key"]);
    let server = site.serve(&[]);
    let headers = [("Accept", "text/html"), ("If-None-Match", before.header("etag").unwrap())];
    let after = server.ask("GET", "/audit", &headers, b"");
    assert!(after.status == 200 && !after.text().contains("has no signing key"), "{}", after.text());
}

#[test]
fn numbers_are_those_of_the_lists_and_filters_are_kept() {
    let server = Site::new().serve(&[]);
    let does = |action: &str, day: &str| server.append(&json!({"actor": "Ann", "action": action, "target": "Tax", "occurred": day}));
    does("opposes", "2021-01-01");
    assert!(page(&server, "/").contains("4 events recorded, the last at"));
    does("backs", "2022-01-01");
    does("backs", "2022-01-02");
    assert!(page(&server, "/").contains("6 events recorded, the last at"));
    let before = page(&server, "/?known_at=@4");
    assert!(before.contains("4 of 6 events recorded.") && !before.contains("the last at"), "{before}");
    assert!(page(&server, "/actors/ann").contains("1 flip<"));
    let flips = page(&server, "/flips?from=2021&to=2022&confirmed=false");
    assert!(flips.contains("1 flip: ") && flips.contains("name=\"from\" value=\"2021\"") && !flips.contains(" checked"), "{flips}");
    assert!(page(&server, "/flips?from=2023").contains("0 flips: "));
    let gaps = page(&server, "/gaps?actor=ann");
    assert!(gaps.contains("0 pairs where") && gaps.contains("name=\"actor\" value=\"ann\""), "{gaps}");
    let claims = page(&server, "/claims?actor=ann");
    assert!(claims.contains("href=\"/claims?status=open&amp;actor=ann\"") && claims.contains("Those that concern"), "{claims}");
    assert!(!page(&server, "/search").contains("Nothing has all these words"));
    let later = page(&server, "/events/5?known_at=@4");
    assert!(later.contains("recorded later than what is looked at"), "{later}");
    assert!(!page(&server, "/events/4?known_at=@4").contains("recorded later than"));
    let diff = page(&server, "/diff?from=2020&to=2021&as_of=2022");
    assert!(diff.contains("stand in place of the one on top"), "{diff}");
    assert!(!page(&server, "/diff?from=2020&to=2021&known_at=@6").contains("stand in place of"));
}

#[test]
fn whoever_is_signed_in_stays_so_on_a_page_about_a_problem() {
    let site = Site::with_article();
    let token = site.token("ann", "append");
    let server = site.serve(&[]);
    let cookie = format!("stancelog-token={token}");
    let missing = server.ask("GET", "/actors/nobody-at-all", &[("Accept", "text/html"), ("Cookie", &cookie)], b"");
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("Signed in as") && missing.text().contains("href=\"/record\""), "{}", missing.text());
    // Whose session has ended in between comes back to a page that there is.
    let own = format!("http://{}", server.at);
    for (path, back) in [("/events/60/retract", "/events/60"), ("/audit/verify", "/audit"), ("/record", "/record")] {
        let headers = [("Accept", "text/html"), ("Origin", own.as_str())];
        let ended = server.ask("POST", path, &headers, b"reason=x");
        assert_eq!(ended.status, 401, "{path}");
        assert!(ended.text().contains(&format!("name=\"back\" value=\"{back}\"")), "{path}: {}", ended.text());
    }
}
