//! Problems: what is not right is told as a problem document, with the field that is wrong and the nearest right thing.

use serde_json::{Value, json};

use crate::server::Server;

fn stance(action: &str) -> Value {
    json!({"actor": "Ann", "action": action, "target": "Tax", "occurred": "2024"})
}

#[test]
fn a_wrong_parameter_is_named_with_the_nearest_right_one() {
    let server = Server::with_article();
    let table = [
        ("/v1/stances?acter=x", "acter", Some("actor")),
        ("/v1/stances?actor=x&rule=majorty", "rule", Some("majority")),
        ("/v1/stances?target=ukraine&limit=many", "limit", None),
        ("/v1/stances?target=ukraine&limit=0", "limit", None),
        ("/v1/stances?target=ukraine&limit=1001", "limit", None),
        ("/v1/stances?stance=favour", "stance", Some("favor")),
        ("/v1/stances?cursor=xyz", "cursor", None),
        ("/v1/stances?actor=a&actor=b", "actor", None),
        ("/v1/stances?as_of=yesterday", "as_of", None),
        ("/v1/stances?known_at=@x", "known_at", None),
        ("/v1/history", "actor", None),
        ("/v1/why?actor=russia", "target", None),
        ("/v1/diff?from=2022", "from", None),
        ("/v1/events?after=-1", "after", None),
        ("/v1/events?type=stanse", "type", Some("stance")),
        ("/v1/events?order=newset", "order", Some("newest")),
        ("/v1/review?each=0", "each", None),
        ("/v1/events/stream?after=-1", "after", None),
        ("/v1/events/stream?after=1000", "after", None),
    ];
    for (path, field, nearest) in table {
        let problem = server.get(path).problem(400);
        assert_eq!(problem["field"], field, "{path}: {problem}");
        let found = problem["nearest"].as_array().cloned().unwrap_or_default();
        assert!(nearest.is_none_or(|nearest| found.contains(&json!(nearest))), "{path}: {problem}");
    }
}

#[test]
fn what_is_not_there_is_told_with_the_nearest_that_is() {
    let server = Server::with_article();
    let problem = server.get("/v1/stances?actor=boris-jonson").problem(404);
    assert_eq!(problem["nearest"][0], "boris-johnson", "{problem}");
    server.get("/v1/claims/missile-thret").problem(404);
    server.get("/v1/events/900").problem(404);
    server.get("/v1/events/xyz").problem(400);
    for path in ["/v1", "/v1/", "/v2/stances", "/v1/stances/", "/V1/stances", "//v1/stances"] {
        server.get(path).problem(404);
    }
}

#[test]
fn a_method_that_is_not_taken_is_a_problem_and_names_those_that_are() {
    let server = Server::new();
    for (method, path) in [("DELETE", "/v1/events"), ("POST", "/v1/stances"), ("PUT", "/v1/events/3"), ("PATCH", "/healthz")] {
        let answer = server.ask(method, path, &[], b"");
        answer.problem(405);
        assert!(answer.header("allow").unwrap().contains("GET"), "{:?}", answer.headers);
    }
}

#[test]
fn a_form_that_there_is_not_is_refused() {
    let server = Server::new();
    for path in ["/v1/stances", "/v1/status"] {
        server.ask("GET", path, &[("Accept", "image/png")], b"").problem(406);
        assert_eq!(server.ask("GET", path, &[("Accept", "image/png, */*;q=0.1")], b"").status, 200);
    }
    for kind in ["text/plain", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded"] {
        server.ask("POST", "/v1/events", &[("Content-Type", kind)], b"{}").problem(415);
    }
}

#[test]
fn what_is_wrong_with_an_event_is_told_with_its_place() {
    let server = Server::new();
    let problem = server.post(&stance("bakcs")).problem(400);
    assert_eq!((&problem["field"], &problem["nearest"][0]), (&json!("action"), &json!("backs")), "{problem}");
    assert!(problem["column"].as_i64().is_some_and(|column| column > 1), "{problem}");
    let problem = server.post(&json!([stance("backs"), stance("bakcs")])).problem(400);
    assert_eq!((&problem["field"], &problem["nearest"][0]), (&json!("[1].action"), &json!("backs")), "{problem}");
    let problem = server.post(&json!({"actor": "Ann", "acton": "backs", "target": "Tax", "occurred": "2024"})).problem(400);
    assert_eq!((&problem["field"], &problem["nearest"][0]), (&json!("acton"), &json!("action")), "{problem}");
    assert!(problem["column"].as_i64().is_some_and(|column| column > 1), "{problem}");
    let problem = server.post(&json!({"actor": "Ann", "action": "backs", "target": "Tax", "occurred": "2024-13"})).problem(400);
    assert_eq!(problem["field"], "occurred", "{problem}");
    for broken in ["", "{", "[", "null", "1", "\"x\"", "[1]", "{}", "{\"events\":1}", "{\"condition\":{}}", "[[]]", "{\"events\":[{}]}"] {
        server.ask("POST", "/v1/events", &[("Content-Type", "application/json")], broken.as_bytes()).problem(400);
    }
    server.ask("POST", "/v1/events?strickt=true", &[], b"{}").problem(400);
    let answer = server.ask("POST", "/v1/events?strict=true", &[], stance("backs").to_string().as_bytes());
    assert_eq!(answer.problem(400)["field"], "actor");
    assert_eq!(server.json("/v1/status")["head"], 0);
}

#[test]
fn conflicts_tell_where_they_stand() {
    let server = Server::new();
    let id = "01860000-0000-7000-8000-000000000001";
    let mut event = stance("backs");
    event["id"] = json!(id);
    server.append(&event);
    event["action"] = json!("opposes");
    let problem = server.post(&event).problem(409);
    assert_eq!((&problem["type"], &problem["seq"]), (&json!("urn:stancelog:problem:id-reused"), &json!(4)), "{problem}");
    let problem = server.post_with(&[("If-Match", "\"2\"")], &stance("backs")).problem(412);
    assert_eq!((&problem["type"], &problem["seq"]), (&json!("urn:stancelog:problem:head-moved"), &json!(4)), "{problem}");
    let condition = json!({"after": 3, "query": [{"actor": "Ann"}]});
    let problem = server.post(&json!({"events": [stance("backs")], "condition": condition})).problem(409);
    assert_eq!((&problem["type"], &problem["seq"]), (&json!("urn:stancelog:problem:overtaken"), &json!(4)), "{problem}");
    assert_eq!(server.json("/v1/status")["head"], 4);
}

#[test]
fn too_much_at_once_is_refused() {
    let server = Server::new();
    let large = "x".repeat(9 << 20);
    let problem = server.ask("POST", "/v1/events", &[("Content-Type", "application/json")], large.as_bytes()).problem(413);
    assert_eq!(problem["type"], "urn:stancelog:problem:too-large");
    let many: Vec<Value> = (0..10_001).map(|_| stance("backs")).collect();
    server.post(&Value::Array(many)).problem(400);
}
