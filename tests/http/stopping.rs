//! Stopping: told to stop, the server ends what is under way, loses nothing, and says goodbye to those who follow.

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use stancelog::Ledger;

use crate::client::Answering;
use crate::server::{Server, terminate};

fn stance(number: usize) -> Value {
    json!({"actor": format!("Actor {number}"), "action": "backs", "target": "Tax", "occurred": "2024"})
}

#[test]
fn what_was_acknowledged_while_it_stopped_is_there_and_streams_end() {
    let server = Server::new();
    let mut streams: Vec<Answering> = (0..5).map(|_| server.begin("GET", "/v1/events/stream?after=0", &[], b"")).collect();
    let (acknowledged, count) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    let site = std::thread::scope(|scope| {
        for thread in 0..6 {
            let (client, acknowledged, count) = (server.clone(), &acknowledged, &count);
            scope.spawn(move || {
                for number in 0.. {
                    let body = stance(thread * 10_000 + number).to_string();
                    let Some(answer) = client.try_begin("POST", "/v1/events", &[("Content-Type", "application/json")], body.as_bytes())
                    else {
                        return;
                    };
                    let answer = answer.whole();
                    if answer.status != 201 {
                        answer.problem(503);
                        return;
                    }
                    acknowledged.lock().unwrap().push(answer.json()["events"][0]["seq"].as_i64().unwrap());
                    count.fetch_add(1, Ordering::Release);
                }
            });
        }
        while count.load(Ordering::Acquire) < 100 {
            std::thread::yield_now();
        }
        let (status, site) = server.stop();
        assert_eq!(status.code(), Some(0));
        site
    });
    let ledger = Ledger::open_read_only(&site.db).unwrap();
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.iter().all(|seq| ledger.event(&format!("@{seq}")).is_ok()));
    for stream in &mut streams {
        let mut last = 0;
        while let Some(told) = stream.told() {
            assert_eq!(told.id, last + 1, "no gap up to the end");
            last = told.id;
        }
    }
}

#[test]
fn a_request_whose_body_is_still_coming_is_answered() {
    let mut server = Server::new();
    let body = stance(1).to_string();
    let head = server.head("POST", "/v1/events", &[("Content-Type", "application/json")]);
    let mut stream = server.connect();
    stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{}", body.len(), &body[..10]).as_bytes()).unwrap();
    // The other answer shows that the server has read so far.
    assert_eq!(server.get("/healthz").status, 200);
    let follows = server.begin("GET", "/v1/events/stream?after=0", &[], b"");
    terminate(server.child());
    // That the stream ends shows that the server has heard it.
    assert_eq!(follows.whole().status, 200);
    stream.write_all(&body.as_bytes()[10..]).unwrap();
    let answer = Answering::read(stream).unwrap().whole();
    assert_eq!((answer.status, &answer.json()["head"]), (201, &json!(4)), "{}", answer.text());
    let (status, _site) = server.stopped();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn an_upload_is_told_how_far_it_came() {
    let mut server = Server::new();
    let mut stream = server.connect();
    let head = server.head("POST", "/v1/events", &[("Content-Type", "application/x-ndjson"), ("Transfer-Encoding", "chunked")]);
    let line = stance(1).to_string() + "\n";
    stream.write_all(format!("{head}\r\n{:x}\r\n{line}\r\n", line.len()).as_bytes()).unwrap();
    let mut results = Answering::read(stream).unwrap();
    assert!(results.line().unwrap().contains("appended"));
    terminate(server.child());
    let end: Value = serde_json::from_str(&results.line().unwrap()).unwrap();
    assert_eq!((&end["problem"]["status"], results.line()), (&json!(503), None), "{end}");
    let (status, _site) = server.stopped();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn who_never_ends_is_cut_off_when_the_grace_is_over() {
    let server = crate::server::Site::new().serve(&["--grace-ms", "200"]);
    let mut stream = server.connect();
    let head = server.head("POST", "/v1/events", &[("Content-Type", "application/json"), ("Content-Length", "100")]);
    stream.write_all(format!("{head}\r\n{{").as_bytes()).unwrap();
    assert_eq!(server.get("/healthz").status, 200);
    let (status, _site) = server.stop();
    assert_eq!(status.code(), Some(0));
}
