//! Tokens: who may do what, from when to when, and that no secret is told to anybody.

use std::io::Read;
use std::process::Stdio;

use serde_json::{Value, json};
use stancelog::event::Micros;
use stancelog::ledger::{Clock, Role, Tokens};

use crate::client::Client;
use crate::server::{Site, listens, program, said};

/// The clock of one who made a token long ago.
struct LongAgo;

impl Clock for LongAgo {
    fn now(&self) -> Micros {
        Micros(1_000_000)
    }

    fn random(&self) -> [u8; 10] {
        [7; 10]
    }
}

fn stance(actor: &str) -> Value {
    json!({"actor": actor, "action": "backs", "target": "Tax", "occurred": "2024"})
}

#[test]
fn each_role_may_do_what_it_is_for() {
    let site = Site::with_article();
    let secrets = ["read", "append", "admin"].map(|role| site.token(role, role));
    let server = site.serve(&[]);
    let [read, append, admin] = secrets.each_ref().map(|secret| server.with_token(secret));
    assert_eq!(server.get("/v1/stances").problem(401)["type"], "urn:stancelog:problem:unauthorized");
    assert!(server.get("/v1/stances").header("www-authenticate").unwrap().starts_with("Bearer"));
    for path in ["/healthz", "/readyz", "/openapi.json", "/docs"] {
        assert_eq!(server.get(path).status, 200, "{path} is for everybody");
    }
    server.get("/metrics").problem(401);
    server.get("/nowhere").problem(401);
    for path in ["/v1/stances", "/v1/events", "/metrics"] {
        assert_eq!(read.get(path).status, 200, "{path}");
    }
    read.post(&stance("Ann")).problem(403);
    assert_eq!(append.post(&stance("Ann")).status, 201);
    assert_eq!(append.get("/v1/stances").status, 200);
    let erase = json!({"type": "erase", "events": ["01860000-0000-7000-8000-000000000027"], "reason": "a duty", "authority": "a court"});
    append.post(&erase).problem(403);
    append.post(&json!([stance("Bea"), erase])).problem(403);
    let told = append.upload(format!("{}\n{erase}\n", stance("Cid")).as_bytes());
    assert_eq!((&told[0]["outcome"], &told[1]["problem"]["status"]), (&json!("appended"), &json!(403)), "{told:?}");
    assert_eq!(admin.json("/v1/status")["erased"], 0);
    assert_eq!(admin.post(&erase).status, 201);
    assert_eq!(admin.json("/v1/status")["erased"], 1);
    for wrong in ["", "x", "stl_", &secrets[0][..secrets[0].len() - 1], "../../etc/passwd", &"x".repeat(10_000)] {
        server.with_token(wrong).get("/v1/stances").problem(401);
    }
    let basic = server.ask("GET", "/v1/stances", &[("Authorization", &format!("Basic {}", secrets[2]))], b"");
    basic.problem(401);
}

#[test]
fn the_name_under_an_event_is_the_tokens() {
    let site = Site::new();
    let (ours, theirs) = (site.token("newsroom", "append"), site.token("agency", "append"));
    let server = site.serve(&[]);
    let (ours, theirs) = (server.with_token(&ours), server.with_token(&theirs));
    let mut claims_to_be = stance("Ann");
    claims_to_be["recorded_by"] = json!("agency");
    let id = ours.append(&claims_to_be)["events"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(ours.json(&format!("/v1/events/{id}"))["recorded_by"], "newsroom");
    let told = theirs.upload(claims_to_be.to_string().replace("\"agency\"", "\"newsroom\"").as_bytes());
    let seq = &told[0]["seq"];
    assert_eq!(ours.json(&format!("/v1/events/{seq}"))["recorded_by"], "agency");
    let with_key = |client: &Client| client.post_with(&[("Idempotency-Key", "1")], &stance("Bea")).json()["events"][0]["id"].clone();
    assert_ne!(with_key(&ours), with_key(&theirs), "one's keys are not the other's");
}

#[test]
fn a_token_that_is_revoked_or_past_is_good_for_nothing() {
    let site = Site::new();
    let secret = site.token("press", "append");
    let (_, past) = Tokens::beside(&site.db).create("past", Role::Admin, Some(Micros(2_000_000)), &LongAgo).unwrap();
    let server = site.serve(&[]);
    let press = server.with_token(&secret);
    server.with_token(past.reveal()).get("/v1/stances").problem(401);
    assert_eq!(press.post(&stance("Ann")).status, 201);
    let listed = said(server.db(), &["--format", "json", "token", "list"]);
    let tokens: Vec<Value> = serde_json::from_str(&listed).unwrap();
    let used = |name: &str| tokens.iter().find(|token| token["name"] == name).unwrap()["last_used_at"].is_string();
    assert!(used("press") && !used("past"), "{listed}");
    said(server.db(), &["token", "revoke", "press"]);
    press.get("/v1/stances").problem(401);
    press.post(&stance("Ann")).problem(401);
    server.get("/v1/stances").problem(401);
    let fresh = server.site().token("press", "read");
    assert_eq!(server.with_token(&fresh).get("/v1/stances").status, 200, "one that is made while the server runs is good at once");
}

#[test]
fn beyond_this_machine_nobody_is_served_without_tokens() {
    let site = Site::new();
    let output = program(&site.db, &["serve", "--listen", "0.0.0.0:0", "--journal", "none"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("0.0.0.0:0 can be reached from other machines, and this log has no tokens"), "{told}");
    assert!(output.stdout.is_empty() && !site.db.exists());
    site.token("press", "read");
    let (mut child, at) = site.start_at("0.0.0.0:0", &[]);
    let client = Client { at: ([127, 0, 0, 1], at.port()).into(), token: None };
    assert_eq!(client.get("/healthz").status, 200);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn without_tokens_the_server_answers_to_this_machine_and_its_own_pages_alone() {
    let server = Site::new().serve(&["--cors", "https://news.example"]);
    let event = stance("Ann").to_string();
    let ask = |method: &str, host: &str, origin: Option<&str>| {
        let origin = origin.map(|origin| format!("Origin: {origin}\r\n")).unwrap_or_default();
        let body = if method == "POST" { event.as_str() } else { "" };
        let request = format!(
            "{method} /v1/events HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{origin}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = server.connect();
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        crate::client::Answering::read(stream).unwrap().whole()
    };
    for host in ["localhost", "LOCALHOST:80", "127.0.0.1:7878", "[::1]:7878"] {
        assert_eq!(ask("GET", host, None).status, 200, "{host}");
    }
    for host in ["evil.example", "localhost.evil.example", "10.0.0.1", "127.0.0.1.nip.example:80", "localhost:80@evil.example"] {
        ask("GET", host, None).problem(403);
        ask("POST", host, None).problem(403);
    }
    for origin in ["https://evil.example", "null", "http://localhost.evil.example"] {
        ask("POST", "localhost", Some(origin)).problem(403);
    }
    assert_eq!(server.json("/v1/status")["head"], 0);
    for origin in ["http://localhost:7878", "https://news.example"] {
        assert_eq!(ask("POST", "localhost", Some(origin)).status, 201, "{origin}");
    }
    assert_eq!(ask("GET", "localhost", Some("https://news.example")).header("access-control-allow-origin"), Some("https://news.example"));
}

#[test]
fn who_asks_too_often_is_told_when_to_come_back() {
    let site = Site::new();
    let (eager, other) = (site.token("eager", "read"), site.token("other", "read"));
    let server = site.serve(&["--max-rate", "5"]);
    let client = server.with_token(&eager);
    let answers: Vec<_> = (0..40).map(|_| client.get("/v1/status")).collect();
    assert!(answers[..5].iter().all(|answer| answer.status == 200));
    let late = answers.iter().find(|answer| answer.status == 429).expect("40 at once are too many for 5 a second");
    assert_eq!(late.problem(429)["type"], "urn:stancelog:problem:too-many");
    assert!(late.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
    assert_eq!(server.with_token(&other).get("/v1/status").status, 200, "another token is none the slower");
}

#[test]
fn no_secret_and_no_question_is_in_the_journal() {
    let site = Site::new();
    let secret = site.token("press", "append");
    for form in ["json", "text"] {
        let mut command = program(&site.db, &["serve", "--listen", "127.0.0.1:0", "--journal", form]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let client = Client { at: listens(&mut child), token: Some(secret.clone()) };
        client.append(&stance("Confidential Person"));
        client.get("/v1/stances?actor=Confidential%20Person");
        client.get(&format!("/v1/stances?token={secret}"));
        client.get(&format!("/v1/{secret}"));
        client.post(&json!({"actor": secret}));
        Client { token: Some(format!("{secret}x")), ..client.clone() }.get("/v1/stances");
        client.ask("GET", "/v1/status", &[("X-Request-Id", "request-17")], b"");
        crate::server::terminate(&child);
        let mut journal = String::new();
        child.stderr.take().unwrap().read_to_string(&mut journal).unwrap();
        assert!(child.wait().unwrap().success());
        assert!(journal.contains("/v1/stances") && journal.contains("request-17") && journal.contains("press"), "{journal}");
        let hidden = secret.rsplit('_').next().unwrap();
        assert!(!journal.contains(hidden) && !journal.contains("onfidential"), "{journal}");
    }
}
