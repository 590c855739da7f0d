//! Correcting at the desk: what replaces an event says the same but for what was changed, and what is refused comes back.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::server::{Server, Site};
use crate::signing::submit;

fn page(client: &Client, path: &str) -> Answer {
    client.ask("GET", path, &[("Accept", "text/html")], b"")
}

fn own(server: &Server) -> String {
    format!("http://{}", server.at)
}

fn plain(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")].iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    Some(plain(tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?))
}

/// What a browser would send of the form with an action, were nothing changed.
fn form(page: &str, action: &str) -> BTreeMap<String, String> {
    let form = page.split(&format!("method=\"post\" action=\"{action}\"")).nth(1).unwrap_or_else(|| panic!("no {action}: {page}"));
    let (mut filled, mut last) = (BTreeMap::new(), String::new());
    for piece in form.split("</form>").next().unwrap().split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        let Some(name) = attribute(tag, "name") else {
            if tag.starts_with("option selected") {
                filled.insert(last.clone(), plain(text));
            }
            continue;
        };
        last = name.clone();
        let is_sent = !tag.contains("type=\"checkbox\"") || tag.ends_with(" checked");
        if is_sent {
            let value = if tag.starts_with("textarea") { plain(text) } else { attribute(tag, "value").unwrap_or_default() };
            filled.insert(name, value);
        }
    }
    filled
}

/// Corrects an event with the form of its page: looks at the preview and confirms it; the address of what replaces it.
fn corrected(server: &Server, seq: i64, changes: &[(&str, &str)]) -> String {
    let id = server.json(&format!("/v1/events/{seq}"))["id"].as_str().unwrap().to_owned();
    let action = format!("/events/{id}/correct");
    let mut filled = form(&page(server, &action).text(), &action);
    filled.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let fields: Vec<(&str, &str)> = filled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let head = server.json("/v1/status")["head"].clone();
    let preview = submit(server, &action, &own(server), "", &fields);
    assert_eq!(preview.status, 200, "{}", preview.text());
    assert_eq!(server.json("/v1/status")["head"], head, "a preview records nothing");
    let mut confirmed = form(&preview.text(), &action);
    confirmed.insert("confirmed".to_owned(), "yes".to_owned());
    let fields: Vec<(&str, &str)> = confirmed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let saved = submit(server, &action, &own(server), "", &fields);
    assert_eq!(saved.status, 303, "{}", saved.text());
    saved.header("location").unwrap().to_owned()
}

/// An event without what every recording has of its own.
fn told(server: &Server, path: &str) -> Value {
    let mut event = server.json(&format!("/v1{path}"));
    for name in ["id", "seq", "recorded_at", "known_at", "replaces"] {
        event.as_object_mut().unwrap().remove(name);
    }
    event
}

/// A log with an event of each type that a form corrects, with all that the forms do not ask about.
fn server() -> Server {
    let server = Site::new().serve(&[]);
    server.append(&json!([
        {"type": "source", "source": "paper", "title": "The <Paper>", "url": "https://paper.test/1", "published": "2024", "note": "a\nb"},
        {"type": "entity", "entity": "ann", "kind": "person", "name": "Ann \"A\" Lee", "aliases": ["Annie"], "roles": [{"title": "Mayor"}], "identifiers": {"wikidata": "Q1"}},
        {"type": "entity", "entity": "bea", "kind": "person", "name": "Bea & Co"},
        {"type": "entity", "entity": "beatrice", "kind": "person", "name": "Beatrice"},
        {"type": "claim", "claim": "rain", "text": "It rains"},
        {"type": "claim", "claim": "raid", "text": "She did", "about": {"actor": "ann", "action": "attacks", "target": "bea", "occurred": "2024"}, "relations": [{"kind": "contradicts", "claim": "rain"}]},
        {"type": "verdict", "claim": "raid", "reviewer": "bea", "label": "Pants on fire", "rating": "false", "url": "https://check.test/1", "published": "2024"},
        {"type": "action", "action": "salutes", "label": "salutes", "toward": "entity", "tier": "implied", "side": "favor", "codes": {"cameo": ["040", "050"]}},
        {"type": "merge", "from": "beatrice", "into": "bea", "reason": "one woman"},
        {"actor": "Annie", "action": "salutes", "target": "bea", "occurred": "2024-02-20/..", "on_behalf_of": ["bea", "ann"], "place": "York", "times": 3,
            "confidence": 0.5, "codes": {"cameo": "042"}, "note": "first\nsecond", "evidence": [
                {"source": "paper", "selector": {"type": "TextQuoteSelector", "exact": "she <saluted>", "prefix": "and "}, "retrieved": "2024-03-01", "note": "page 2"},
                {"url": "https://b.test/", "selector": {"type": "TextPositionSelector", "start": 3, "end": 9}}]},
    ]));
    server
}

fn seq_of(server: &Server, event_type: &str) -> i64 {
    server.json(&format!("/v1/events?type={event_type}&order=newest"))["items"][0]["seq"].as_i64().unwrap()
}

#[test]
fn what_the_form_does_not_change_stays_as_it_was() {
    let server = server();
    for event_type in ["source", "entity", "claim", "verdict", "action", "merge", "stance"] {
        let seq = seq_of(&server, event_type);
        let before = told(&server, &format!("/events/{seq}"));
        let id = server.json(&format!("/v1/events/{seq}"))["id"].clone();
        let replacing = corrected(&server, seq, &[("note", "it was\nmisread")]);
        let mut expected = before.clone();
        expected["note"] = json!("it was\nmisread");
        assert_eq!(told(&server, &replacing), expected, "{event_type}");
        assert_eq!(server.json(&format!("/v1{replacing}"))["replaces"], id, "{event_type}");
        assert!(page(&server, &format!("/events/{seq}")).text().contains("It no longer counts"), "{event_type}");
    }
}

#[test]
fn what_the_form_changes_is_changed_and_nothing_else() {
    let server = server();
    let seq = seq_of(&server, "stance");
    let before = told(&server, &format!("/events/{seq}"));
    let changes = [
        ("actor", "bea"),
        ("occurred", "2024-03"),
        ("confidence", "0.75"),
        ("times", ""),
        ("place", ""),
        ("on_behalf_of", "ann"),
        ("keep-1", ""),
        ("url", "https://c.test/"),
        ("exact", "another"),
    ];
    let replacing = corrected(&server, seq, &changes);
    let mut expected = before;
    for name in ["times", "place", "actor_as"] {
        assert!(expected.as_object_mut().unwrap().remove(name).is_some(), "{name}");
    }
    (expected["actor"], expected["occurred"], expected["confidence"]) = (json!("bea"), json!("2024-03"), json!(0.75));
    expected["on_behalf_of"] = json!(["ann"]);
    expected["evidence"][1] = json!({"url": "https://c.test/", "selector": {"type": "TextQuoteSelector", "exact": "another"}});
    assert_eq!(told(&server, &replacing), expected);
    let retract = format!("{replacing}/retract");
    let location = submit(&server, &retract, &own(&server), "", &[("reason", "no")]).header("location").unwrap().to_owned();
    let better = corrected(&server, server.json(&format!("/v1{location}"))["seq"].as_i64().unwrap(), &[("reason", "no, she did")]);
    assert_eq!(told(&server, &better)["reason"], "no, she did");
}

#[test]
fn what_is_wrong_is_said_beside_its_field() {
    let server = server();
    let id = server.json(&format!("/v1/events/{}", seq_of(&server, "stance")))["id"].as_str().unwrap().to_owned();
    let action = format!("/events/{id}/correct");
    let begun = form(&page(&server, &action).text(), &action);
    for (name, value, said) in
        [("times", "many", "times"), ("occurred", "2024-02-30", "occurred"), ("on_behalf_of", "\u{0}", "on_behalf_of"), ("end", "x", "end")]
    {
        let changed: Vec<(&str, &str)> = [("url", "https://c.test/"), ("start", "1"), ("end", "2"), (name, value)].into_iter().collect();
        let fields: Vec<(&str, &str)> = begun
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(known, _)| changed.iter().all(|(name, _)| name != known))
            .chain(changed.clone())
            .collect();
        let refused = submit(&server, &action, &own(&server), "", &fields);
        let text = refused.text().to_owned();
        assert_eq!(refused.status, 400, "{name}: {text}");
        assert!(
            text.contains(&format!("aria-describedby=\"wrong-{said}\"")) && text.contains(&format!("id=\"wrong-{said}\" role=\"alert\"")),
            "{name}: {text}"
        );
        assert_eq!(form(&text, &action).get("note").map(String::as_str), Some("first\nsecond"), "{name}: what was filled in is kept");
    }
    let fields: Vec<(&str, &str)> = begun.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert!(submit(&server, &action, &own(&server), "", &fields).text().contains("nothing differs"));
}

#[test]
fn what_no_form_corrects_says_how_it_is_done() {
    let server = server();
    let vocabulary = page(&server, "/events/1/correct").text().to_owned();
    let id = server.json("/v1/events/1")["id"].as_str().unwrap().to_owned();
    assert!(vocabulary.contains(&format!("stancelog event {id} --format jsonl")) && !vocabulary.contains("Preview"), "{vocabulary}");
    let seq = seq_of(&server, "stance");
    let gone = server.json(&format!("/v1/events/{seq}"))["id"].clone();
    server.append(&json!({"type": "erase", "events": [gone], "reason": "a duty", "authority": "a court"}));
    let erase = page(&server, &format!("/events/{}/correct", seq_of(&server, "erase"))).text().to_owned();
    assert!(erase.contains("cannot be corrected") && !erase.contains("stancelog append"), "{erase}");
    assert_eq!(page(&server, &format!("/events/{seq}/correct")).status, 400);
}

#[test]
fn a_retraction_that_is_refused_comes_back_with_its_words() {
    let server = server();
    let (seq, own) = (seq_of(&server, "stance"), own(&server));
    let (path, id) = (format!("/events/{seq}"), server.json(&format!("/v1/events/{seq}"))["id"].as_str().unwrap().to_owned());
    let retract = format!("/events/{id}/retract");
    let empty = submit(&server, &retract, &own, "", &[("reason", " ")]);
    assert_eq!((empty.status, empty.header("cache-control")), (400, Some("no-store")));
    let text = empty.text().to_owned();
    assert!(
        text.contains("What it says") && text.contains("aria-describedby=\"wrong-reason\"") && text.contains("a reason is needed"),
        "{text}"
    );
    let mine = form(&page(&server, &path).text(), &format!("{retract}#right"))["id"].clone();
    let fields = [("id", mine.as_str()), ("reason", "a <b>slip</b>")];
    for _ in 0..2 {
        assert_eq!(
            submit(&server, &retract, &own, "", &fields).header("location"),
            Some(format!("/events/{mine}").as_str()),
            "sent twice, done once"
        );
    }
    let again = submit(&server, &retract, &own, "", &[("reason", "a <b>slip</b>")]);
    let text = again.text().to_owned();
    assert_eq!(again.status, 409, "{text}");
    assert!(text.contains("counts no more already"), "{text}");
    assert_eq!(form(&text, &format!("{retract}#right"))["reason"], "a <b>slip</b>");
    // An id that another event has is given up for a fresh one.
    let other = server.json(&format!("/v1/events/{}", seq_of(&server, "verdict")))["id"].as_str().unwrap().to_owned();
    let reused = submit(&server, &format!("/events/{other}/retract"), &own, "", &[("id", &mine), ("reason", "no")]);
    let text = reused.text().to_owned();
    assert_eq!(reused.status, 409, "{text}");
    let back = form(&text, &format!("/events/{other}/retract#right"));
    assert!(back["id"] != mine && back["reason"] == "no", "{back:?}");
}

#[test]
fn one_event_is_corrected_once() {
    let server = server();
    let (seq, own) = (seq_of(&server, "stance"), own(&server));
    let id = server.json(&format!("/v1/events/{seq}"))["id"].as_str().unwrap().to_owned();
    let action = format!("/events/{id}/correct");
    // Two open the form before either sends it.
    let mut forms = ["2024-03", "2024-04"].map(|day| {
        let mut filled = form(&page(&server, &action).text(), &action);
        filled.extend([("occurred", day), ("confirmed", "yes")].map(|(name, value)| (name.to_owned(), value.to_owned())));
        filled
    });
    let send = |filled: &BTreeMap<String, String>| {
        let fields: Vec<(&str, &str)> = filled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        submit(&server, &action, &own, "", &fields)
    };
    let first = send(&forms[0]);
    assert_eq!((first.status, first.header("location")), (303, send(&forms[0]).header("location")), "sent twice, done once");
    let head = server.json("/v1/status")["head"].clone();
    let second = send(&forms[1]);
    let text = second.text().to_owned();
    assert_eq!(second.status, 409, "{text}");
    assert!(text.contains("counts no more already") && text.contains("value=\"2024-04\""), "{text}");
    forms[1].remove("confirmed");
    assert_eq!((send(&forms[1]).status, server.json("/v1/status")["head"].clone()), (409, head), "nor is it previewed");
    let late = page(&server, &action).text().to_owned();
    assert!(late.contains("It no longer counts") && !late.contains("Preview"), "{late}");
}

#[test]
fn what_is_told_by_half_is_refused_beside_the_field_that_is_missing() {
    let server = server();
    let own = own(&server);
    let begun = [("actor", "ann"), ("action", "salutes"), ("target", "bea"), ("occurred", "2024"), ("url", "https://b.test/")];
    for (half, missing) in [("start", "end"), ("end", "start"), ("prefix", "exact"), ("suffix", "exact")] {
        let fields: Vec<(&str, &str)> = begun.into_iter().chain([(half, "7")]).collect();
        let refused = submit(&server, "/record", &own, "", &fields);
        let text = refused.text().to_owned();
        assert_eq!(refused.status, 400, "{half}: {text}");
        assert!(text.contains(&format!("aria-describedby=\"wrong-{missing}\"")), "{half}: {text}");
    }
    let homeless: Vec<(&str, &str)> = begun.into_iter().take(4).chain([("exact", "words")]).collect();
    let text = submit(&server, "/record", &own, "", &homeless).text().to_owned();
    assert!(text.contains("aria-describedby=\"wrong-source\""), "{text}");
    let fields: Vec<(&str, &str)> = begun.into_iter().chain([("start", "7"), ("end", "7")]).collect();
    let text = submit(&server, "/record", &own, "", &fields).text().to_owned();
    assert!(text.contains("aria-describedby=\"wrong-end\"") && text.contains("not after its start"), "{text}");
}

#[test]
fn what_a_browser_cannot_hold_stays_as_it_was() {
    let server = server();
    let long = json!({"type": "source", "source": "odd", "title": " An odd\ntitle ", "publisher": "P\u{a0}", "note": " a\r\nb\rc "});
    server.append(&long);
    let seq = seq_of(&server, "source");
    let before = told(&server, &format!("/events/{seq}"));
    // Browsers take the ends of lines out of a field of one line, and make those of a text all the same.
    let replacing = corrected(&server, seq, &[("title", " An oddtitle "), ("note", "a\r\nb\r\nc"), ("published", "2020")]);
    let mut expected = before;
    expected["published"] = json!("2020");
    assert_eq!(told(&server, &replacing), expected);
}
