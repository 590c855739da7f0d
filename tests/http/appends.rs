//! Appends: what is acknowledged is there once, whatever is sent again, at once, or beside something bad.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::server::{Server, said};

fn stance(actor: &str, action: &str) -> Value {
    json!({"actor": actor, "action": action, "target": "Tax", "occurred": "2024"})
}

fn head(server: &Server) -> i64 {
    server.json("/v1/status")["head"].as_i64().unwrap()
}

#[test]
fn one_event_is_stored_and_seen_by_whoever_asks_next() {
    let server = Server::new();
    let answer = server.post(&stance("Ann", "backs"));
    assert_eq!((answer.status, answer.header("stancelog-known-at")), (201, Some("4")));
    let told = answer.json();
    assert_eq!((&told["appended"], &told["registered"], &told["head"]), (&json!(1), &json!(2), &json!(4)));
    assert_eq!((&told["events"][0]["seq"], &told["events"][0]["outcome"]), (&json!(4), &json!("appended")));
    assert_eq!(server.json("/v1/stances?actor=ann&target=tax")["items"][0]["stance"], "favor");
    let id = told["events"][0]["id"].as_str().unwrap();
    assert_eq!(server.json(&format!("/v1/events/{id}"))["seq"], 4);
}

#[test]
fn a_list_is_stored_whole_or_not_at_all() {
    let server = Server::new();
    let list = json!([stance("Ann", "backs"), {"type": "merge", "from": "ann", "into": "tax"}, stance("Bea", "bakcs")]);
    server.post(&list).problem(400);
    assert_eq!(head(&server), 0);
    let list = json!([
        {"type": "entity", "entity": "ann", "kind": "person", "name": "Ann"},
        {"type": "entity", "entity": "annie", "kind": "person", "name": "Annie"},
        stance("annie", "backs"),
        {"type": "merge", "from": "annie", "into": "ann"},
        stance("annie", "opposes"),
        stance("Ann", "praises"),
    ]);
    let told = server.append(&list);
    assert_eq!((&told["appended"], told["events"].as_array().unwrap().len()), (&json!(6), 6));
    let items = server.json("/v1/stances?target=tax")["items"].clone();
    assert_eq!((items.as_array().unwrap().len(), &items[0]["actor"]), (1, &json!("ann")), "{items}");
    let empty = server.post(&json!([]));
    assert_eq!((empty.status, &empty.json()["appended"]), (200, &json!(0)));
}

#[test]
fn what_is_there_already_is_told_as_a_duplicate() {
    let server = Server::new();
    let mut event = stance("Ann", "backs");
    event["id"] = json!("01860000-0000-7000-8000-000000000001");
    let first = server.append(&event);
    let again = server.post(&event);
    assert_eq!(again.status, 200);
    assert_eq!(again.json()["duplicates"], 1);
    assert_eq!(again.json()["events"][0]["outcome"], "duplicate");
    assert_eq!(again.json()["events"][0]["seq"], first["events"][0]["seq"]);
    assert_eq!(head(&server), 4);
}

#[test]
fn an_expected_head_lets_one_of_two_append() {
    let server = Server::new();
    server.append(&stance("Ann", "backs"));
    let start = Barrier::new(8);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let (server, start) = (&server, &start);
        let one = |number: usize| {
            move || {
                start.wait();
                server.post_with(&[("If-Match", "\"4\"")], &stance(&format!("Actor {number}"), "backs")).status
            }
        };
        let all: Vec<_> = (0..8).map(|number| scope.spawn(one(number))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let count = |status: u16| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((count(201), count(412)), (1, 7), "{statuses:?}");
    assert_eq!(server.post_with(&[("If-Match", "*")], &stance("Bea", "backs")).status, 201);
    assert_eq!(server.post_with(&[("If-Match", "\"x\"")], &stance("Bea", "backs")).problem(400)["field"], "If-Match");
}

#[test]
fn a_key_makes_retries_safe_also_at_once_and_when_the_head_has_moved() {
    let server = Server::new();
    let list = json!([stance("Ann", "backs"), stance("Bea", "backs")]);
    let start = Barrier::new(12);
    let ids: Vec<Value> = std::thread::scope(|scope| {
        let one = || {
            start.wait();
            let answer = server.post_with(&[("Idempotency-Key", "key-1")], &list);
            assert!(answer.status == 201 || answer.status == 200, "{}", answer.text());
            answer.json()["events"].as_array().unwrap().iter().map(|event| event["id"].clone()).collect()
        };
        let all: Vec<_> = (0..12).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|one| *one == ids[0]), "{ids:?}");
    // The vocabulary, three entities, two events.
    assert_eq!(head(&server), 6);
    let again = server.post_with(&[("Idempotency-Key", "key-1"), ("If-Match", "\"0\"")], &list);
    assert_eq!((again.status, &again.json()["duplicates"]), (200, &json!(2)));
    let other = server.post_with(&[("Idempotency-Key", "key-1")], &json!([stance("Ann", "opposes")]));
    assert_eq!(other.problem(409)["type"], "urn:stancelog:problem:id-reused");
    assert_eq!(server.post_with(&[("Idempotency-Key", "key-2")], &list).status, 201);
    server.post_with(&[("Idempotency-Key", "")], &list).problem(400);
    server.post_with(&[("Idempotency-Key", &"k".repeat(256))], &list).problem(400);
}

#[test]
fn cloud_events_are_known_by_source_and_id() {
    let server = Server::new();
    let event = |source: &str, id: &str, actor: &str| json!({"specversion": "1.0", "type": "stance", "source": source, "id": id, "data": stance(actor, "backs")});
    let send = |kind: &str, body: &Value| server.ask("POST", "/v1/events", &[("Content-Type", kind)], body.to_string().as_bytes());
    let batch = json!([event("/a", "1", "Ann"), event("/b", "1", "Bea"), event("/a", "2", "Cid")]);
    let told = send("application/cloudevents-batch+json", &batch);
    assert_eq!((told.status, &told.json()["appended"]), (201, &json!(3)), "{}", told.text());
    let again = send("application/cloudevents-batch+json; charset=utf-8", &batch);
    assert_eq!((again.status, &again.json()["duplicates"]), (200, &json!(3)));
    let id = "01860000-0000-7000-8000-000000000001";
    let one = send("application/cloudevents+json", &event("/a", id, "Dan"));
    assert_eq!(one.json()["events"][0]["id"], id);
    let mut old = event("/a", "9", "Eve");
    old["specversion"] = json!("0.3");
    assert_eq!(send("application/cloudevents-batch+json", &json!([old])).problem(400)["field"], "[0].specversion");
    let typo = json!([{"specversion": "1.0", "id": "8", "data": stance("Ann", "bakcs")}]);
    send("application/cloudevents-batch+json", &typo).problem(400);
}

#[test]
fn exported_batches_are_taken_with_their_ids_and_what_is_derived_is_not() {
    let (from, to) = (Server::with_article(), Server::new());
    let kind = [("Content-Type", "application/cloudevents-batch+json")];
    let batches = said(from.db(), &["export", "--format", "cloudevents", "--batch", "40"]);
    assert_eq!(batches.lines().count(), 2);
    for batch in batches.lines() {
        let told = to.ask("POST", "/v1/events", &kind, batch.as_bytes());
        assert!([200, 201].contains(&told.status), "{}", told.text());
    }
    let log = |server: &Server| said(server.db(), &["export", "--format", "csv"]).lines().map(without_time).collect::<Vec<_>>();
    assert_eq!(log(&from), log(&to));
    let stances = said(from.db(), &["export", "stances", "--format", "cloudevents"]);
    assert_eq!(to.ask("POST", "/v1/events", &kind, stances.as_bytes()).problem(400)["field"], "[0].type");
}

/// A row of a log without the time of its recording.
fn without_time(row: &str) -> String {
    row.split(',').enumerate().filter(|(column, _)| *column != 2).map(|(_, cell)| cell).collect::<Vec<_>>().join(",")
}

#[test]
fn what_is_wrong_with_one_request_spoils_no_other() {
    const THREADS: usize = 16;
    const EACH: usize = 25;
    let server = Server::new();
    let start = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (server, start) = (&server, &start);
            scope.spawn(move || {
                start.wait();
                for number in 0..EACH {
                    let actor = format!("Actor {thread} {number}");
                    match (number % 5 == 4, thread % 2 == 0) {
                        (true, true) => drop(server.post(&stance(&actor, "bakcs")).problem(400)),
                        (true, false) => drop(server.post(&json!([stance(&actor, "backs"), stance(&actor, "bakcs")])).problem(400)),
                        (false, true) => drop(server.append(&stance(&actor, "backs"))),
                        (false, false) => drop(server.append(&json!([stance(&actor, "backs"), stance(&actor, "praises")]))),
                    }
                }
            });
        }
    });
    let good = THREADS * EACH / 5 * 4;
    // The vocabulary, the target, one actor for each good request, and its events.
    assert_eq!(head(&server), 2 + good as i64 + (good / 2 * 3) as i64);
    assert_eq!(server.json("/v1/entities?q=actor&limit=1000")["items"].as_array().unwrap().len(), good);
}
