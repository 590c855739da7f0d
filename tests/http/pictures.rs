//! Pictures on pages: they show what the page looks at, in a form for wide windows and one for narrow ones.

use serde_json::json;

use crate::client::Client;
use crate::server::{Server, Site};

const PICTURED: [(&str, &str); 4] = [
    ("/actors/boris-johnson", "Where Boris Johnson stands"),
    ("/pairs/boris-johnson/ukraine", "on Ukraine"),
    ("/targets/ukraine", "Who is for and against Ukraine"),
    ("/claims/missile-threat", "is disputed"),
];

fn browse(client: &Client, path: &str) -> String {
    client.ask("GET", path, &[("Accept", "text/html")], b"").text().to_owned()
}

/// The pictures of a page, as they stand in it.
fn pictures(page: &str) -> Vec<&str> {
    page.split("<svg ").skip(1).filter_map(|rest| rest.split("</svg>").next()).collect()
}

#[test]
fn each_picture_is_drawn_for_both_windows_and_painted_by_the_style_sheet() {
    let server = Server::with_article();
    for (path, words) in PICTURED {
        let page = browse(&server, path);
        let drawn = pictures(&page);
        assert_eq!(drawn.len(), 2, "{path}");
        for (picture, (window, width)) in drawn.iter().zip([("wide", "960"), ("narrow", "360")]) {
            assert!(picture.contains(&format!("width=\"{width}\"")) && picture.contains(words), "{path}: {picture}");
            assert!(picture.split(" id=\"").skip(1).all(|id| id.starts_with(&format!("{window}-"))), "{path}: {picture}");
        }
        assert!(page.contains("href=\"/assets/pictures-"), "{path}");
    }
    let page = browse(&server, "/");
    let sheet = page.split("/assets/pictures-").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert_eq!(server.get(&format!("/assets/pictures-{sheet}")).text(), stancelog::chart::STYLE);
}

#[test]
fn what_was_said_of_claims_is_told_in_words_too() {
    let server = Site::new().serve(&[]);
    server.append(&json!([
        {"type": "claim", "claim": "rain", "text": "It rained"},
        {"actor": "Ann", "action": "denies", "target": "claim:rain", "occurred": "2024-03"},
    ]));
    let page = browse(&server, "/actors/ann");
    let told = pictures(&page)[0];
    assert!(told.contains("On the claim rain: deny (2024-03).") && !told.contains("No event that counts"), "{told}");
}

#[test]
fn a_picture_looks_at_the_times_and_the_rule_of_its_page() {
    let server = Server::with_article();
    for (path, _) in PICTURED {
        let whole = browse(&server, path);
        let page = browse(&server, &format!("{path}?as_of=2023-01-29&known_at=@62&rule=majority"));
        let drawn = pictures(&page);
        assert!(drawn.len() == 2 && drawn != pictures(&whole), "{path}");
        for picture in drawn {
            assert!(picture.contains("recorded up to event 62 about the world as of 2023-01-29"), "{path}: {picture}");
            assert!(picture.contains("Rule majority") || path.starts_with("/claims"), "{path}: {picture}");
        }
    }
    // Nothing had happened by then, and there is nothing to draw.
    assert!(pictures(&browse(&server, "/targets/ukraine?as_of=1900")).is_empty());
}

#[test]
fn flips_and_gaps_stand_on_the_timeline() {
    let server = Site::new().serve(&[]);
    let does = |action: &str, day: &str| server.append(&json!({"actor": "Ann", "action": action, "target": "Tax", "occurred": day}));
    for (action, day) in [("opposes", "2021-01-01"), ("backs", "2022-01-01"), ("backs", "2022-01-02"), ("sanctions", "2022-03-01")] {
        does(action, day);
    }
    let page = browse(&server, "/actors/ann");
    let timeline = page.split("<h2>Timeline</h2>").nth(1).unwrap();
    let mark = "gap: declared favor, enacted against";
    assert_eq!(timeline.matches(mark).count(), 2, "the last words and the last deeds: {timeline}");
    for day in ["2022-01-02", "2022-03-01"] {
        let line = timeline.split("<li>").find(|line| line.contains(day) && line.contains(mark));
        assert!(line.is_some(), "{day}: {timeline}");
    }
    assert!(timeline.contains("full flip<"), "{timeline}");
    assert!(page.contains("<h2>Gaps</h2>") && page.contains("<h2>Flips</h2>"));
    let earlier = browse(&server, "/actors/ann?as_of=2022-02");
    assert!(!earlier.contains("gap: ") && !earlier.contains("<h2>Gaps</h2>"));
}

#[test]
fn a_claim_that_many_speak_of_is_told_page_by_page() {
    let server = Site::new().serve(&[]);
    let spoken = |n: usize| format!("{{\"actor\":\"a{n:03}\",\"action\":\"asserts\",\"target\":\"claim:rain\",\"occurred\":\"2024\"}}\n");
    let lines: String = (0..120).map(spoken).collect();
    server.upload(format!("{{\"type\":\"claim\",\"claim\":\"rain\",\"text\":\"It rained\"}}\n{lines}").as_bytes());
    let (mut next, mut seen) = (Some("/claims/rain?as_of=2025".to_owned()), 0);
    while let Some(path) = next {
        let page = browse(&server, &path);
        assert!(page.contains("120 in all"), "{page}");
        seen += page.matches("<b>asserts</b>").count();
        next = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).map(|link| link.replace("&amp;", "&"));
    }
    assert_eq!(seen, 120);
}
