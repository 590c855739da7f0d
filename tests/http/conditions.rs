//! Conditions: of those who decide by the same facts at the same time, exactly one is taken.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::server::Server;

fn stance(actor: &str, action: &str, target: &str) -> Value {
    json!({"actor": actor, "action": action, "target": target, "occurred": "2024"})
}

fn on_condition(after: i64, query: &Value, event: &Value) -> Value {
    json!({"events": [event], "condition": {"after": after, "query": query}})
}

#[test]
fn of_writers_who_race_on_one_condition_exactly_one_wins() {
    const RACERS: usize = 6;
    let server = Server::new();
    server.append(&stance("Ann", "backs", "Tax"));
    for round in 0..10 {
        let head = server.json("/v1/status")["head"].as_i64().unwrap();
        let start = Barrier::new(RACERS);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let (server, start) = (&server, &start);
            let race = |racer: usize| {
                move || {
                    let target = format!("Motion {round} of {racer}");
                    let event = on_condition(head, &json!([{"actor": "Ann", "action": "backs"}]), &stance("Ann", "backs", &target));
                    start.wait();
                    server.post(&event).status
                }
            };
            let all: Vec<_> = (0..RACERS).map(|racer| scope.spawn(race(racer))).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let won = statuses.iter().filter(|status| **status == 201).count();
        assert!(won == 1 && statuses.iter().all(|status| [201, 409].contains(status)), "round {round}: {statuses:?}");
    }
    let events = server.json("/v1/events?actor=ann&type=stance")["items"].as_array().unwrap().len();
    assert_eq!(events, 11);
}

#[test]
fn only_what_matches_spoils_a_condition() {
    let server = Server::new();
    server.append(&stance("Ann", "backs", "Tax"));
    server.append(&stance("Bea", "opposes", "War"));
    let table = [
        (json!([{"actor": "Ann"}]), true),
        (json!([{"actor": "ann", "target": "Tax"}]), true),
        (json!([{"target": "War"}]), false),
        (json!([{"actor": "Bea"}]), false),
        (json!([{"action": "opposes"}]), false),
        (json!([{"action": "praises"}]), true),
        (json!([{"actor": "Ann"}, {"action": "opposes"}]), false),
        (json!([{"type": "merge"}]), true),
        (json!([{"actor": "Nobody Yet"}]), true),
        (json!([]), false),
    ];
    for (query, holds) in table {
        let answer = server.post(&on_condition(4, &query, &stance("Cid", "visits", "Rome")));
        assert_eq!(answer.status == 201, holds, "{query}: {}", answer.text());
        assert!(holds || answer.problem(409)["seq"].as_i64() > Some(4));
    }
    let head = server.json("/v1/status")["head"].as_i64().unwrap();
    let beyond = server.post(&on_condition(head + 1, &json!([{"actor": "Ann"}]), &stance("Ann", "backs", "Tax")));
    assert_eq!(beyond.problem(400)["field"], "condition.after");
    let misspelt = server.post(&json!({"events": [], "condition": {"after": 1, "querry": []}}));
    misspelt.problem(400);
}

#[test]
fn a_condition_holds_for_other_names_of_the_same() {
    let server = Server::new();
    server.append(&json!({"type": "entity", "entity": "ann", "kind": "person", "name": "Ann", "aliases": ["Annie"]}));
    let head = server.append(&stance("Ann", "backs", "Tax"))["head"].as_i64().unwrap();
    server.append(&stance("Annie", "opposes", "Tax"));
    server.post(&on_condition(head, &json!([{"actor": "ann"}]), &stance("Ann", "praises", "Tax"))).problem(409);
}

#[test]
fn who_sends_again_what_was_taken_is_told_so() {
    let server = Server::new();
    server.append(&stance("Ann", "backs", "Tax"));
    let body = on_condition(4, &json!([{"actor": "Ann"}]), &stance("Ann", "opposes", "Tax"));
    let key = [("Idempotency-Key", "decision-1")];
    assert_eq!(server.post_with(&key, &body).status, 201);
    let again = server.post_with(&key, &body);
    assert_eq!((again.status, &again.json()["duplicates"]), (200, &json!(1)), "the event that was taken is no reason to refuse it");
    server.post(&body).problem(409);
}
