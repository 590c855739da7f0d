//! Pages: a list that is read page by page is the list of one moment, whatever is appended meanwhile.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, Sender, channel};

use serde_json::{Value, json};

use crate::client::Client;
use crate::server::Server;

/// Appends stances of a new actor each time it is told to, so that every list grows at its beginning, middle and end.
fn keep_appending(client: &Client, told: &Receiver<()>) {
    for (number, ()) in told.iter().enumerate() {
        let actor = format!("{}{number}", ["aa", "mm", "zz"][number % 3]);
        let stance = |(day, action)| json!({"actor": actor, "action": action, "target": "ukraine", "occurred": format!("2024-01-0{day}")});
        client.append(&[(1, "backs"), (2, "opposes")].map(stance).into());
    }
}

/// Reads a list to its end, page by page, while one more is appended beside each; its items, and the moment that it is of.
fn paged(client: &Client, path: &str, limit: usize, tell: &Sender<()>) -> (Vec<Value>, i64) {
    let (mut items, mut cursor, mut known_at) = (Vec::new(), String::new(), None);
    loop {
        tell.send(()).unwrap();
        let page = client.json(&format!("{path}&limit={limit}{cursor}"));
        assert!(page["items"].as_array().unwrap().len() <= limit);
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        assert!(known_at.is_none_or(|known_at| page["known_at"] == known_at), "all pages are of one moment");
        known_at = page["known_at"].as_i64();
        let Some(next) = page["next"].as_str() else { return (items, known_at.unwrap()) };
        cursor = format!("&cursor={next}");
    }
}

#[test]
fn pages_fit_together_while_events_arrive() {
    let server = Server::with_article();
    let (tell, told) = channel();
    std::thread::scope(|scope| {
        let appending = server.clone();
        scope.spawn(move || keep_appending(&appending, &told));
        for _ in 0..20 {
            tell.send(()).unwrap();
        }
        // Enough of them that every list has pages.
        while server.json("/v1/status")["head"].as_i64() < Some(65 + 20 * 3) {}
        let lists = [
            ("/v1/stances?rule=latest", 9),
            ("/v1/stances?target=ukraine", 7),
            ("/v1/stances?target=ukraine&stance=against", 7),
            ("/v1/events?order=oldest", 31),
            ("/v1/events?order=newest", 31),
            ("/v1/events?type=stance&target=ukraine", 21),
            ("/v1/entities?q=a", 13),
            ("/v1/flips?target=ukraine", 11),
            ("/v1/history?actor=boris-johnson", 5),
            ("/v1/claims?as_of=today", 2),
            ("/v1/actions?q=s", 9),
        ];
        for (path, limit) in lists {
            let (items, known_at) = paged(&server, path, limit, &tell);
            let whole = server.json(&format!("{path}&limit=1000&known_at=@{known_at}"));
            assert_eq!(whole["next"], Value::Null, "{path}");
            assert_eq!(whole["items"], Value::Array(items.clone()), "{path}");
            let once: BTreeSet<String> = items.iter().map(Value::to_string).collect();
            assert_eq!(once.len(), items.len(), "{path}: nothing twice");
            assert!(items.len() > limit, "{path} has pages");
        }
        drop(tell);
    });
}

#[test]
fn the_next_page_is_linked_for_forms_that_have_no_place_for_it() {
    let server = Server::with_article();
    let (mut path, mut lines, mut pages) = ("/v1/events?type=stance&limit=10".to_owned(), Vec::new(), 0);
    loop {
        let page = server.ask("GET", &path, &[("Accept", "application/x-ndjson")], b"");
        lines.extend(page.lines());
        pages += 1;
        let Some(link) = page.header("link") else { break };
        let next = link.strip_suffix("; rel=\"next\"").unwrap();
        path = next.trim_start_matches('<').trim_end_matches('>').to_owned();
    }
    assert_eq!((lines.len(), pages), (35, 4));
    assert_eq!(Value::Array(lines), server.json("/v1/events?type=stance")["items"]);
}

#[test]
fn a_cursor_of_another_list_does_no_harm() {
    let server = Server::with_article();
    let cursor = server.json("/v1/events?limit=3")["next"].as_str().unwrap().to_owned();
    for path in ["/v1/stances", "/v1/entities", "/v1/flips"] {
        let answer = server.get(&format!("{path}?cursor={cursor}"));
        assert!(answer.status == 200 || answer.status == 400, "{path}: {}", answer.text());
    }
}
