//! Pages: what a browser is sent; every address keeps the two times, and nothing that is stored becomes markup.

use std::collections::BTreeSet;
use std::sync::mpsc::channel;

use serde_json::json;

use crate::client::{Answer, Client};
use crate::server::{Server, Site};

const PAGES: [&str; 17] = [
    "/",
    "/actors/boris-johnson",
    "/targets/ukraine",
    "/pairs/boris-johnson/ukraine",
    "/claims",
    "/claims/missile-threat",
    "/events",
    "/events/60",
    "/compare?a=boris-johnson&b=russia",
    "/diff?from=2022&to=2023",
    "/flips",
    "/gaps",
    "/review",
    "/audit",
    "/search?q=strike",
    "/entities",
    "/actions",
];

fn browse(client: &Client, path: &str) -> Answer {
    client.ask("GET", path, &[("Accept", "text/html,*/*;q=0.8")], b"")
}

/// The values of an attribute on a page.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    page.split(&format!(" {attribute}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_page_of_the_article_is_sent_whole_and_strict() {
    let server = Server::with_article();
    for path in PAGES {
        let answer = browse(&server, path);
        let page = answer.text().to_owned();
        assert_eq!(answer.status, 200, "{path}: {page}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        assert!(!page.contains("<style") && !page.contains(" style=\"") && !page.contains(" onclick="), "{path}");
        let again = server.ask("GET", path, &[("Accept", "text/html"), ("If-None-Match", answer.header("etag").unwrap())], b"");
        assert_eq!(again.status, 304, "{path}");
    }
}

#[test]
fn every_link_keeps_the_two_times_and_the_rule() {
    let server = Server::with_article();
    let times = "as_of=2022-06&amp;known_at=%4050&amp;rule=majority";
    for path in PAGES {
        let sign = if path.contains('?') { '&' } else { '?' };
        let page = browse(&server, &format!("{path}{sign}as_of=2022-06&known_at=@50&rule=majority"));
        // Event 60 was not known then, but it is in the log; a claim or name may not have been.
        let page = page.text().to_owned();
        assert!(page.contains("recorded up to event 50 about the world at the end of June 2022"), "{path}: {page}");
        for link in values(&page, "href").into_iter().filter(|link| link.starts_with('/') && !link.starts_with("/assets/")) {
            // The way back to now has none of the three.
            let plain = link == "/docs" || link.starts_with("/v1/") || link == path.replace('&', "&amp;");
            assert!(plain || link.ends_with(times), "{path} leads to {link}");
        }
    }
}

#[test]
fn an_address_with_empty_fields_leads_to_the_plain_one() {
    let server = Server::with_article();
    let answer = browse(&server, "/targets/ukraine?known_at=&stance=favor&as_of=2022&rule=latest");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/targets/ukraine?stance=favor&as_of=2022")));
}

#[test]
fn a_name_that_misses_is_a_page_with_a_suggestion() {
    let server = Server::with_article();
    let answer = browse(&server, "/actors/boris-jonson");
    assert_eq!(answer.status, 404);
    assert!(answer.text().contains("href=\"/actors/boris-johnson\""), "{}", answer.text());
    let bare = server.get("/actors/boris-jonson");
    assert_eq!((bare.status, bare.header("content-type")), (404, Some("application/problem+json")));
    assert_eq!(browse(&server, "/nowhere").header("content-type"), Some("text/html; charset=utf-8"));
}

#[test]
fn what_is_stored_comes_out_as_text() {
    let server = Site::new().serve(&[]);
    let name = "<script>alert(1)</script>\u{202e}\"'&";
    server.append(&json!({"type": "entity", "entity": "x", "kind": "person", "name": name}));
    server.append(&json!({"actor": "x", "action": "backs", "target": "Tax", "occurred": "2024", "note": "<blink>\u{7}note</blink>",
        "evidence": [{"url": "https://e.test/<i>", "selector": {"type": "TextQuoteSelector", "exact": "</blockquote><img src=x>"}}]}));
    for path in ["/", "/actors/x", "/targets/tax", "/pairs/x/tax", "/events", "/events/5", "/entities", "/search?q=<script>"] {
        let page = browse(&server, path).text().to_owned();
        for bad in ["<script>alert", "<blink>", "<i>", "<img", "\u{202e}", "\u{7}"] {
            assert!(!page.contains(bad), "{path} has {bad:?}");
        }
    }
    assert!(browse(&server, "/actors/x").text().contains("&lt;script&gt;alert(1)&lt;/script&gt;\\u{202e}"));
}

#[test]
fn a_long_list_is_read_page_by_page() {
    let server = Site::new().serve(&[]);
    let stance = |n: usize| {
        // Every other one only dealt with it, and stands nowhere.
        let action = if n.is_multiple_of(2) { "backs" } else { "meets" };
        json!({"actor": format!("a{n:03}"), "action": action, "target": "tax", "occurred": "2024"}).to_string() + "\n"
    };
    server.upload((0..240).map(stance).collect::<String>().as_bytes());
    let (mut next, mut seen) = (Some("/targets/tax?as_of=2025".to_owned()), Vec::new());
    while let Some(path) = next {
        let page = browse(&server, &path).text().to_owned();
        seen.push(page.matches("<th scope=\"row\">").count());
        next = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).map(|link| link.replace("&amp;", "&"));
        assert!(next.as_ref().is_none_or(|next| next.ends_with("as_of=2025")), "{next:?}");
    }
    assert_eq!(seen, [50, 50, 20]);
}

#[test]
fn an_actors_timeline_is_cut_by_the_date_and_lists_by_recording_say_that_they_are_not() {
    let server = Site::new().serve(&[]);
    server.append(&json!({"type": "entity", "entity": "ann", "kind": "person", "name": "Ann Lee"}));
    server.append(&json!({"type": "entity", "entity": "tax", "kind": "topic", "name": "Carbon tax"}));
    server.append(&json!({"actor": "ann", "action": "opposes", "target": "tax", "occurred": "2024-05-02"}));
    server.append(&json!({"actor": "ann", "action": "backs", "target": "tax", "occurred": "2023-01-01"}));
    server.append(
        &json!({"type": "claim", "claim": "raid", "text": "She did", "about": {"actor": "annie", "action": "attacks", "target": "tax"}}),
    );
    server.append(&json!({"type": "merge", "from": "annie", "into": "ann"}));
    let page = browse(&server, "/actors/ann").text().to_owned();
    let timeline = page.split("<h2>Timeline</h2>").nth(1).unwrap();
    assert!(timeline.find("2024-05-02").unwrap() < timeline.find("2023-01-01").unwrap(), "{timeline}");
    assert!(timeline.contains("Said to have done") && timeline.contains("attacks"), "{timeline}");
    let page = browse(&server, "/actors/ann?as_of=2023-06").text().to_owned();
    assert!(page.contains("2023-01-01") && !page.contains("2024-05-02"), "{page}");
    assert!(browse(&server, "/events?as_of=2023-06").text().contains("goes by when events were recorded"));
    assert!(!browse(&server, "/events").text().contains("goes by when events were recorded"));
    let page = browse(&server, "/diff?from=2023&to=2024").text().to_owned();
    assert!(page.contains("1 stance differs") && page.contains("Ann Lee") && page.contains("Carbon tax"), "{page}");
}

#[test]
fn a_session_reads_like_its_token_and_changes_things_only_from_our_own_pages() {
    let site = Site::with_article();
    let token = site.token("ann", "append");
    let server = site.serve(&[]);
    let denied = browse(&server, "/");
    assert_eq!(denied.status, 401);
    assert!(denied.text().contains("action=\"/sign-in\""));
    assert!(!denied.text().contains("Johnson"));
    let cookie = format!("other=1; stancelog-token={token}");
    let page = server.ask("GET", "/", &[("Accept", "text/html"), ("Cookie", &cookie)], b"");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Signed in as"));
    let event = json!({"actor": "boris-johnson", "action": "backs", "target": "ukraine", "occurred": "2024"}).to_string();
    let own = format!("http://{}", server.at);
    for (origin, status) in [(None, 403), (Some("http://evil.test"), 403), (Some(own.as_str()), 201)] {
        let mut headers = vec![("Cookie", cookie.as_str()), ("Content-Type", "application/json")];
        headers.extend(origin.map(|origin| ("Origin", origin)));
        assert_eq!(server.ask("POST", "/v1/events", &headers, event.as_bytes()).status, status, "{origin:?}");
    }
}

#[test]
fn a_page_is_of_one_moment_while_events_arrive() {
    let server = Server::with_article();
    let (appending, event) =
        (server.clone(), json!({"actor": "boris-johnson", "action": "backs", "target": "ukraine", "occurred": "2024"}));
    std::thread::scope(|scope| {
        // Dropped when this ends, however it ends.
        let (tell, told) = channel();
        scope.spawn(move || told.iter().for_each(|()| drop(appending.append(&event))));
        let behind = |page: &str, words: &str| page.split(words).nth(1).unwrap().split(['<', ' ']).next().unwrap().to_owned();
        let mut heads = BTreeSet::new();
        for _ in 0..60 {
            (0..3).for_each(|_| tell.send(()).unwrap());
            let page = browse(&server, "/").text().to_owned();
            let counted = behind(&page, "<p class=\"lead\">");
            for words in ["class=\"seq\" href=\"/events/", "Log head: <a href=\"/events/"] {
                assert_eq!(behind(&page, words), format!("{counted}\">@{counted}"), "{words}");
            }
            heads.insert(counted);
        }
        assert!(heads.len() > 1, "events arrived: {heads:?}");
    });
}

#[test]
fn files_of_pages_are_kept_by_their_content() {
    let server = Server::with_article();
    let page = browse(&server, "/").text().to_owned();
    let files: Vec<&str> =
        values(&page, "href").into_iter().chain(values(&page, "src")).filter(|one| one.starts_with("/assets/")).collect();
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        let answer = server.get(file);
        assert_eq!((answer.status, answer.header("cache-control")), (200, Some("public, max-age=31536000, immutable")), "{file}");
    }
    assert_eq!(server.get("/assets/none.css").status, 404);
}

#[test]
fn now_leads_to_the_same_page_with_what_it_asks() {
    let server = Server::with_article();
    for (path, now) in [
        ("/search?q=a+strike&as_of=2022", "/search?q=a+strike"),
        ("/flips?actor=boris-johnson&confirmed=yes&known_at=@50&page=2", "/flips?actor=boris-johnson&amp;confirmed=yes"),
        ("/targets/ukraine?stance=favor&after=a&rule=majority", "/targets/ukraine?stance=favor"),
        ("/events?type=stance&before=9&as_of=2022", "/events?type=stance"),
    ] {
        let page = browse(&server, path).text().to_owned();
        assert!(page.contains(&format!("<a href=\"{now}\">Now</a>")), "{path}: {page}");
    }
}

#[test]
fn who_spoke_and_where_is_named_on_the_page_of_a_pair() {
    let server = Site::new().serve(&[]);
    for (slug, kind, name) in [
        ("ann", "person", "Ann Lee"),
        ("guild", "organization", "The Guild"),
        ("bill-7", "motion", "Bill Seven"),
        ("york", "place", "York City"),
    ] {
        server.append(&json!({"type": "entity", "entity": slug, "kind": kind, "name": name}));
    }
    server.append(&json!({"type": "entity", "entity": "bill-7", "kind": "motion", "name": "Bill Seven",
        "stands_for": [{"target": "tax", "side": "favor"}]}));
    server.append(
        &json!({"actor": "ann", "action": "votes-for", "target": "bill-7", "occurred": "2024", "on_behalf_of": ["guild"], "place": "york"}),
    );
    let page = browse(&server, "/pairs/guild/tax").text().to_owned();
    for link in ["/actors/ann\"><bdi>Ann Lee", "/targets/bill-7\"><bdi>Bill Seven", "/actors/york\"><bdi>York City"] {
        assert!(page.contains(link), "no {link}: {page}");
    }
}

#[test]
fn a_name_that_was_recorded_later_is_not_on_a_page_of_before() {
    let server = Site::new().serve(&[]);
    let named = |name: &str, slug: &str, kind: &str| json!({"type": "entity", "entity": slug, "kind": kind, "name": name});
    server.append(&json!([
        named("Ann Early", "ann", "person"),
        named("Levy Early", "tax", "topic"),
        named("Guild Early", "guild", "group")
    ]));
    server.append(&json!([
        {"actor": "ann", "action": "backs", "target": "tax", "occurred": "2023-01-01", "on_behalf_of": ["guild"], "place": "tax"},
        {"actor": "ann", "action": "opposes", "target": "tax", "occurred": "2024-01-01", "on_behalf_of": ["guild"]},
        {"actor": "ann", "action": "sanctions", "target": "guild", "occurred": "2024-01-01"},
        {"actor": "ann", "action": "backs", "target": "guild", "occurred": "2024-01-01"},
        {"type": "claim", "claim": "raid", "text": "She did", "about": {"actor": "ann", "action": "attacks", "target": "tax"}},
        {"actor": "guild", "action": "asserts", "target": "claim:raid", "occurred": "2024"},
        {"type": "verdict", "claim": "raid", "reviewer": "guild", "label": "no", "rating": "false"},
    ]));
    let then = server.json("/v1/status")["head"].as_i64().unwrap();
    server.append(&json!([
        named("Ann Renamed", "ann", "person"),
        named("Levy Renamed", "tax", "topic"),
        named("Guild Renamed", "guild", "group")
    ]));
    for path in [
        "/",
        "/actors/ann",
        "/actors/guild",
        "/targets/tax",
        "/pairs/guild/tax",
        "/pairs/ann/tax",
        "/claims/raid",
        "/events",
        "/events/5",
        "/events/6",
        "/compare?a=ann&b=guild",
        "/diff?from=2023&to=2024",
        "/diff?from=@4&to=@{then}&time=known",
        "/flips",
        "/gaps",
        "/review",
        "/search?q=early",
        "/entities",
    ] {
        let path = path.replace("{then}", &then.to_string());
        let sign = if path.contains('?') { '&' } else { '?' };
        let before = browse(&server, &format!("{path}{sign}known_at=@{then}")).text().to_owned();
        assert!(before.contains("Early") && !before.contains("Renamed"), "{path}: {before}");
        let now = browse(&server, &path).text().to_owned();
        assert!(now.contains("Renamed") || path.contains("time=known"), "{path}: {now}");
    }
    assert!(!browse(&server, &format!("/entities?q=renamed&known_at=@{then}")).text().contains("Early"));
}

/// The links of a list, page by page to its last.
fn through_all_pages(client: &Client, first: &str, of: &str) -> Vec<Vec<String>> {
    let (mut pages, mut path) = (Vec::new(), Some(first.to_owned()));
    while let Some(at) = path.take() {
        let page = browse(client, &at).text().to_owned();
        pages.push(values(&page, "href").into_iter().filter(|link| link.starts_with(of)).map(str::to_owned).collect());
        let next = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        path = next.map(|link| link.replace("&amp;", "&"));
    }
    pages
}

#[test]
fn lists_that_are_long_are_read_page_by_page_to_their_end() {
    let server = Site::new().serve(&[]);
    let claim = |number: usize| json!({"type": "claim", "claim": format!("claim-{number:03}"), "text": format!("Number {number}")});
    server.append(&(0..120).map(claim).collect());
    let says = |number: usize| json!({"actor": format!("Actor {number:03}"), "action": "backs", "target": "tax", "occurred": "2024"});
    server.append(&(0..450).map(says).collect());
    let claims = through_all_pages(&server, "/claims", "/claims/claim-");
    assert_eq!(claims.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20]);
    assert!(claims.concat().is_sorted());
    // The review shows some of each kind, and leads to all of a kind.
    let review = browse(&server, "/review").text().to_owned();
    let all = values(&review, "href").into_iter().find(|link| link.contains("kind=unregistered")).unwrap().replace("&amp;", "&");
    let unknown = through_all_pages(&server, &all, "/actors/actor-");
    assert_eq!(unknown.iter().map(Vec::len).sum::<usize>(), 450, "the target is the one more");
    assert!(unknown.len() == 3 && unknown.concat().into_iter().collect::<BTreeSet<_>>().len() == 450);
    let other = browse(&server, "/review?kind=other");
    assert_eq!(other.status, 400, "{}", other.text());
}
