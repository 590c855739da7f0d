//! The desk: what is recorded with a form is previewed, stored once, and taken back with a reason.

use crate::client::{Answer, Client};
use crate::server::{Server, Site};
use crate::signing::submit;

/// The value of a hidden field on a page.
fn hidden(page: &str, name: &str) -> String {
    let behind = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name}: {page}"));
    behind.split('"').next().unwrap().to_owned()
}

fn page(client: &Client, path: &str) -> Answer {
    client.ask("GET", path, &[("Accept", "text/html")], b"")
}

fn stance(server: &Server) -> String {
    let answer = server.json("/v1/stances?actor=boris-johnson&target=russia");
    answer["items"][0]["stance"].as_str().unwrap_or("none").to_owned()
}

#[test]
fn a_stance_is_recorded_and_taken_back_and_the_answer_follows() {
    let server = Server::with_article();
    let own = format!("http://{}", server.at);
    let before = stance(&server);
    let head = server.json("/v1/status")["head"].as_i64().unwrap();
    let desk = page(&server, "/record").text();
    assert!(desk.contains("/assets/select-") && desk.contains("id=\"text\"") && desk.contains("label=\""), "{desk}");
    assert!(desk.find("id=\"text\"") < desk.find("name=\"actor\""), "the source comes first: {desk}");
    let id = hidden(&desk, "id");
    let fields = [
        ("id", id.as_str()),
        ("actor", "boris-johnson"),
        ("action", "backs"),
        ("target", "russia"),
        ("occurred", "2030-01-01"),
        ("url", "https://paper.test/1"),
        ("exact", "<b>I back them</b>"),
    ];
    let preview = submit(&server, "/record", &own, "", &fields);
    assert_eq!(preview.status, 200, "{}", preview.text());
    assert!(preview.text().contains("TextQuoteSelector") && !preview.text().contains("<b>I back"), "{}", preview.text());
    assert!(preview.text().contains("What it would change") && preview.text().contains(" → "), "{}", preview.text());
    assert_eq!(server.json("/v1/status")["head"], head, "a preview records nothing");
    let confirmed: Vec<(&str, &str)> = fields.into_iter().chain([("confirmed", "yes")]).collect();
    for _ in 0..2 {
        let saved = submit(&server, "/record", &own, "", &confirmed);
        assert_eq!((saved.status, saved.header("location")), (303, Some(format!("/events/{id}").as_str())), "{}", saved.text());
    }
    assert_eq!(server.json("/v1/status")["head"], head + 1, "sent twice, stored once");
    let after = stance(&server);
    assert_ne!(after, before);
    let event = page(&server, &format!("/events/{id}")).text();
    assert!(event.contains(&format!("href=\"/events/{id}/correct\"")), "{event}");
    let path = format!("/events/{id}/retract");
    assert_eq!(submit(&server, &path, &own, "", &[("reason", "")]).status, 400);
    assert_eq!(submit(&server, &path, &own, "", &[("reason", "he did not")]).status, 303);
    assert_eq!(stance(&server), before);
}

#[test]
fn what_would_be_stored_is_shown_with_the_names_that_are_new() {
    let server = Server::with_article();
    let own = format!("http://{}", server.at);
    let head = server.json("/v1/status")["head"].as_i64().unwrap();
    let fields = [("actor", "Boris Jonson"), ("action", "backs"), ("target", "Ukraine"), ("occurred", "2030")];
    let preview = submit(&server, "/record", &own, "", &fields).text().to_owned();
    assert!(preview.contains("1 name is new") && preview.contains("&quot;entity&quot;: &quot;boris-jonson&quot;"), "{preview}");
    assert!(preview.contains("&quot;target&quot;: &quot;ukraine&quot;"), "as it is stored, not as it was written: {preview}");
    let confirmed: Vec<(&str, &str)> = fields.into_iter().chain([("confirmed", "yes")]).collect();
    assert_eq!(submit(&server, "/record", &own, "", &confirmed).status, 303);
    assert_eq!(server.json("/v1/status")["head"], head + 2);
    let known = submit(&server, "/record", &own, "", &fields).text().to_owned();
    assert!(!known.contains("new to this log") && !known.contains(" new</b>"), "{known}");
}

#[test]
fn each_tab_has_a_form_of_its_own() {
    let server = Server::with_article();
    let (one, other) = (page(&server, "/record"), page(&server, "/record"));
    assert_ne!(hidden(&one.text(), "id"), hidden(&other.text(), "id"));
    assert_eq!((one.header("cache-control"), one.header("etag")), (Some("no-store"), None));
}

#[test]
fn what_is_refused_comes_back_with_the_nearest_word() {
    let server = Server::with_article();
    let own = format!("http://{}", server.at);
    let fields = [("actor", "boris-johnson"), ("action", "bakcs"), ("target", "russia"), ("occurred", "2030")];
    let refused = submit(&server, "/record", &own, "", &fields);
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("backs") && refused.text().contains("aria-invalid=\"true\""), "{}", refused.text());
}

#[test]
fn the_desk_is_for_those_who_record() {
    let site = Site::with_article();
    let token = site.token("reader", "read");
    let server = site.serve(&[]);
    let own = format!("http://{}", server.at);
    let cookie = format!("stancelog-token={token}");
    assert_eq!(server.ask("GET", "/record", &[("Accept", "text/html"), ("Cookie", &cookie)], b"").status, 403);
    for path in ["/record", "/events/60/retract"] {
        assert_eq!(submit(&server, path, &own, &cookie, &[("reason", "x"), ("confirmed", "yes")]).status, 403, "{path}");
    }
}
