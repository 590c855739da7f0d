//! Questions: every route answers as the command line does, in every form.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::client::{Answer, Client};
use crate::server::{Server, Site, said};

/// Routes with lists, and the commands that answer the same.
const LISTS: [(&str, &[&str]); 20] = [
    ("/v1/stances?actor=Boris%20Johnson", &["stance", "Boris Johnson"]),
    ("/v1/stances?target=ukraine", &["sides", "ukraine"]),
    ("/v1/stances?target=ukraine&as_of=2022-02", &["sides", "ukraine", "--as-of", "2022-02"]),
    ("/v1/stances?target=ukraine&known_at=@50", &["sides", "ukraine", "--known-at", "@50"]),
    ("/v1/stances?actor=russia&rule=majority", &["stance", "russia", "--rule", "majority"]),
    ("/v1/stances?target=ukraine&changed_since=2023", &["sides", "ukraine", "--changed-since", "2023"]),
    ("/v1/history?actor=boris-johnson", &["history", "boris-johnson"]),
    ("/v1/history?actor=boris-johnson&target=ukraine", &["history", "boris-johnson", "ukraine"]),
    ("/v1/flips", &["flips"]),
    ("/v1/gaps", &["gaps"]),
    ("/v1/allies?actor=boris-johnson", &["allies", "boris-johnson"]),
    ("/v1/diff?from=2022&to=2023", &["diff", "--from", "2022", "--to", "2023"]),
    ("/v1/diff?known_from=@40&known_to=@65", &["diff", "--known-from", "@40", "--known-to", "@65"]),
    ("/v1/claims", &["claims"]),
    ("/v1/claims?actor=kremlin", &["claims", "--actor", "kremlin"]),
    ("/v1/entities?q=john", &["entities", "john"]),
    ("/v1/actions?q=vis", &["actions", "vis"]),
    ("/v1/search?q=strike", &["search", "strike"]),
    ("/v1/review", &["review"]),
    ("/v1/events?actor=boris-johnson&type=stance&limit=1000", &["events", "--actor", "boris-johnson", "--type", "stance"]),
];

/// Routes with one answer.
const SINGLE: [(&str, &[&str]); 7] = [
    ("/v1/why?actor=boris-johnson&target=ukraine", &["why", "boris-johnson", "ukraine"]),
    ("/v1/compare?a=boris-johnson&b=russia", &["compare", "boris-johnson", "russia"]),
    ("/v1/claims/missile-threat", &["claim", "missile-threat"]),
    ("/v1/events/3", &["event", "3"]),
    ("/v1/events/01860000-0000-7000-8000-000000000027", &["event", "01860000-0000-7000-8000-000000000027"]),
    ("/v1/status", &["status"]),
    ("/v1/audit/consistency?from=2", &[]),
];

fn by_command(server: &Server, form: &str, arguments: &[&str]) -> String {
    said(server.db(), &[&["--format", form], arguments].concat())
}

fn asked_as(server: &Client, path: &str, form: &str) -> Answer {
    let answer = server.ask("GET", path, &[("Accept", form)], b"");
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    assert!(answer.header("content-type").unwrap().starts_with(form), "{path}: {:?}", answer.headers);
    answer
}

#[test]
fn lists_are_those_of_the_command_line_in_all_forms() {
    let server = Server::with_article();
    for (path, arguments) in LISTS {
        let listed: Value = serde_json::from_str(&by_command(&server, "json", arguments)).unwrap();
        let answer = server.get(path);
        let many = answer.json();
        assert_eq!(many["items"], listed, "{path}");
        assert_eq!(many["next"], Value::Null, "{path} fits on a page");
        let known_at = if path.contains("@50") { 50 } else { 65 };
        assert_eq!(many["known_at"], known_at, "{path}");
        assert_eq!(answer.header("stancelog-known-at"), Some(&*known_at.to_string()), "{path}");
        assert_eq!(asked_as(&server, path, "text/csv").text(), by_command(&server, "csv", arguments), "{path}");
        let lines: Vec<Value> = asked_as(&server, path, "application/x-ndjson").lines();
        assert_eq!(Value::Array(lines), listed, "{path}");
    }
}

#[test]
fn single_answers_are_those_of_the_command_line_and_tell_when_they_were_known() {
    let server = Server::with_article();
    for (path, arguments) in SINGLE {
        let answer = server.get(path);
        let mut one = answer.json();
        let known_at = one.as_object_mut().unwrap().remove("known_at");
        assert_eq!(known_at, Some(65.into()), "{path}");
        assert_eq!(answer.header("stancelog-known-at"), Some("65"), "{path}");
        if !arguments.is_empty() {
            let printed: Value = serde_json::from_str(&by_command(&server, "json", arguments)).unwrap();
            assert_eq!(one, printed, "{path}");
        }
        server.ask("GET", path, &[("Accept", "text/csv")], b"").problem(406);
    }
    let one = server.json("/v1/stances?actor=boris-johnson&target=ukraine");
    let printed: Value = serde_json::from_str(&by_command(&server, "json", &["stance", "boris-johnson", "ukraine"])).unwrap();
    assert_eq!((one["items"][0].clone(), one["items"].as_array().unwrap().len()), (printed, 1));
}

#[test]
fn all_stances_are_those_of_an_export() {
    let server = Server::with_article();
    let pair = |item: &Value| (item["actor"].clone(), item["target"].clone(), item["stance"].clone(), item["since"].clone());
    let exported: Vec<Value> =
        by_command(&server, "jsonl", &["export", "stances"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let listed = server.json("/v1/stances?limit=1000")["items"].as_array().unwrap().clone();
    assert!(exported.len() > 10);
    assert_eq!(listed.iter().map(pair).collect::<Vec<_>>(), exported.iter().map(pair).collect::<Vec<_>>());
    let in_favour = server.json("/v1/stances?stance=favor&limit=1000")["items"].as_array().unwrap().clone();
    let expected: Vec<Value> = listed.into_iter().filter(|item| item["stance"] == "favor").collect();
    assert_eq!(in_favour, expected);
}

#[test]
fn proofs_and_tiles_are_those_of_the_log() {
    let site = Site::with_article();
    said(&site.db, &["audit", "key"]);
    let server = site.serve(&[]);
    let checkpoint = server.get("/v1/audit/checkpoint").text();
    assert_eq!(checkpoint.lines().nth(1), Some("65"), "{checkpoint}");
    let root = server.json("/v1/status")["root"].clone();
    assert_eq!(server.json("/v1/audit/consistency?from=10")["new"]["root"], root);
    assert_eq!(server.json("/v1/audit/inclusion?id=27")["known_at"], 65);
    let tile = server.get("/v1/audit/tile/0/000.p/65");
    assert_eq!((tile.status, tile.body.len()), (200, 65 * 32));
    let entries = server.get("/v1/audit/tile/entries/000.p/65");
    let leaf = stancelog::log::leaf_hash(&entries.body[2..2 + stancelog::log::HEADER_LEN]);
    assert_eq!(leaf[..], tile.body[..32]);
    server.get("/v1/audit/tile/0/000").problem(404);
    server.get("/v1/audit/tile/0/../../key").problem(400);
    server.get("/v1/audit/tile/x/y").problem(400);
    server.get("/v1/audit/consistency?from=66").problem(400);
}

#[test]
fn a_log_without_a_key_has_no_checkpoint() {
    let server = Server::with_article();
    let problem = server.get("/v1/audit/checkpoint").problem(404);
    assert!(problem["detail"].as_str().unwrap().contains("audit key"), "{problem}");
}

#[test]
fn upkeep_tells_that_the_server_is_well_and_what_it_did() {
    let server = Server::with_article();
    assert_eq!(server.json("/healthz")["status"], "ok");
    assert_eq!(server.json("/readyz")["ready"], true);
    server.append(&serde_json::json!({"actor": "Ann", "action": "backs", "target": "Tax", "occurred": "2024"}));
    // Who has an answer knows that the views have come as far.
    server.json("/v1/stances?actor=ann");
    let metrics = server.get("/metrics").text();
    for line in ["stancelog_events_appended_total 3", "stancelog_log_head 68", "stancelog_commits_total 1"] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
    assert!(metrics.trim_end().ends_with("# EOF"));
}

#[test]
fn who_has_the_answer_is_not_told_it_again_until_something_happens() {
    let server = Server::with_article();
    let path = "/v1/stances?target=ukraine";
    let tag = server.get(path).header("etag").unwrap().to_owned();
    for have in [tag.clone(), format!("W/{tag}, \"x\""), "*".to_owned()] {
        let again = server.ask("GET", path, &[("If-None-Match", &have)], b"");
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(&*tag)));
    }
    let csv = asked_as(&server, path, "text/csv");
    assert_ne!(csv.header("etag"), Some(&*tag), "another form is another answer");
    server.append(&serde_json::json!({"actor": "Ann", "action": "backs", "target": "ukraine", "occurred": "2024"}));
    let after = server.ask("GET", path, &[("If-None-Match", &tag)], b"");
    assert_eq!(after.status, 200);
    assert_ne!(after.header("etag"), Some(&*tag));
}

#[test]
fn heads_are_those_of_the_answers() {
    let server = Server::with_article();
    for path in ["/v1/stances", "/v1/events/3", "/healthz", "/docs", "/openapi.json", "/metrics"] {
        let (head, whole) = (server.ask("HEAD", path, &[], b""), server.get(path));
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        assert_eq!(head.header("content-type"), whole.header("content-type"), "{path}");
        assert_eq!(head.header("etag"), whole.header("etag"), "{path}");
    }
}

#[test]
fn answers_come_packed_where_that_is_wanted_and_bodies_may() {
    let server = Server::with_article();
    let plain = server.get("/v1/events?limit=1000");
    let packed = server.ask("GET", "/v1/events?limit=1000", &[("Accept-Encoding", "gzip")], b"");
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() * 2 < plain.body.len());
    assert_eq!(gzip(&["-dc"], &packed.body), plain.body);
    let event = br#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#;
    let packed = gzip(&["-c"], event);
    let headers = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")];
    assert_eq!(server.ask("POST", "/v1/events", &headers, &packed).status, 201);
    let headers = [("Content-Type", "application/json"), ("Content-Encoding", "br")];
    server.ask("POST", "/v1/events", &headers, &packed).problem(415);
    let headers = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")];
    server.ask("POST", "/v1/events", &headers, b"this is not packed").problem(400);
}

/// What the system's gzip makes of some bytes.
pub fn gzip(options: &[&str], bytes: &[u8]) -> Vec<u8> {
    let mut child = Command::new("gzip").args(options).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut into, bytes) = (child.stdin.take().unwrap(), bytes.to_vec());
    let writing = std::thread::spawn(move || into.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    assert!(output.status.success());
    output.stdout
}
