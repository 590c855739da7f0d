//! Uploads: lines are stored as they come and told one by one, however many there are and whatever is wrong with some.

use std::io::Write;

use serde_json::{Value, json};

use crate::client::{Answering, Client};
use crate::questions::gzip;
use crate::server::Server;

const LINES: [(&str, &str); 1] = [("Content-Type", "application/x-ndjson")];

fn line(number: usize) -> String {
    let (action, day) = (["backs", "opposes", "praises"][number % 3], number % 28 + 1);
    json!({
        "id": format!("01860000-0000-7000-8000-{number:012x}"), "actor": format!("Actor {}", number % 300), "action": action,
        "target": format!("Target {}", number % 17), "occurred": format!("2023-01-{day:02}"),
    })
    .to_string()
}

/// Opens an upload whose lines are still to come.
fn open(client: &Client) -> std::net::TcpStream {
    let mut stream = client.connect();
    let head = client.head("POST", "/v1/events", &LINES) + "Transfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

fn send(stream: &mut std::net::TcpStream, text: &str) {
    stream.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes()).unwrap();
}

#[test]
fn twenty_thousand_lines_are_stored_in_bounded_memory_and_told_one_by_one() {
    const MANY: usize = 20_000;
    let server = Server::new();
    server.append(&serde_json::from_str(&line(0)).unwrap());
    let before = server.peak_kib();
    let mut stream = open(&server);
    let writing = stream.try_clone().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut stream = writing;
            for first in (1..=MANY).step_by(100) {
                let lines: Vec<String> = (first..first + 100)
                    .map(|number| {
                        if number % 1000 == 500 {
                            line(number).replace("opposes", "oposes").replace("backs", "bakcs").replace("praises", "prases")
                        } else {
                            line(number)
                        }
                    })
                    .collect();
                send(&mut stream, &(lines.join("\n") + "\n"));
            }
            stream.write_all(b"0\r\n\r\n").unwrap();
        });
        let mut results = Answering::read(stream.try_clone().unwrap()).unwrap();
        assert_eq!(results.status, 200);
        let (mut seq, mut rejected) = (0, 0);
        for number in 1..=MANY {
            let told: Value = serde_json::from_str(&results.line().unwrap()).unwrap();
            assert_eq!(told["line"], number, "{told}");
            if number % 1000 == 500 {
                let problem = &told["problem"];
                assert_eq!((&problem["field"], problem["nearest"].is_array()), (&json!("action"), true), "{told}");
                assert!(problem["column"].is_number(), "{told}");
                rejected += 1;
            } else {
                assert_eq!(told["outcome"], "appended", "{told}");
                assert!(told["seq"].as_i64().unwrap() > seq);
                seq = told["seq"].as_i64().unwrap();
            }
        }
        let end: Value = serde_json::from_str(&results.line().unwrap()).unwrap();
        let summary = &end["summary"];
        assert_eq!(
            (&summary["rows"], &summary["appended"], &summary["rejected"]),
            (&json!(MANY), &json!(MANY - rejected), &json!(rejected)),
            "{end}"
        );
        assert_eq!((&summary["head"], results.line()), (&json!(seq), None));
    });
    stream.flush().unwrap();
    let grown = server.peak_kib().saturating_sub(before);
    assert!(grown < 64 << 10, "the server grew by {grown} KiB");
}

#[test]
fn results_come_while_lines_are_sent() {
    let server = Server::new();
    let mut stream = open(&server);
    send(&mut stream, &(line(1) + "\n"));
    let mut results = Answering::read(stream.try_clone().unwrap()).unwrap();
    for number in 1..20 {
        let told: Value = serde_json::from_str(&results.line().unwrap()).unwrap();
        assert_eq!((&told["line"], &told["outcome"]), (&json!(number), &json!("appended")));
        let seq = told["seq"].as_i64().unwrap();
        assert_eq!(server.json(&format!("/v1/events/{seq}"))["seq"], seq, "it is there when it is told");
        send(&mut stream, &(line(number + 1) + "\n"));
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let rest: Vec<Value> = std::iter::from_fn(|| results.line()).map(|line| serde_json::from_str(&line).unwrap()).collect();
    assert_eq!((rest.len(), &rest[1]["summary"]["appended"]), (2, &json!(20)));
}

#[test]
fn lines_that_are_wrong_are_told_with_line_column_and_the_nearest_right_thing() {
    let server = Server::new();
    let text = [
        "\u{feff}".to_owned() + &line(1) + "\r",
        "\r".to_owned(),
        r#"{"actor":"Ann","action":"bakcs","target":"Tax","occurred":"2024"}"#.to_owned(),
        "{not json".to_owned(),
        r#"{"actor":"Ann","acton":"backs","target":"Tax","occurred":"2024"}"#.to_owned(),
        format!(r#"{{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024","note":"{}"}}"#, "n".repeat(2 << 20)),
        "é".to_owned(),
        line(1).replace("opposes", "backs"),
        line(2),
        line(2),
    ];
    let mut bytes = text.join("\n").into_bytes();
    let at = bytes.windows(2).rposition(|two| two == "é".as_bytes()).unwrap();
    bytes[at] = 0xff;
    let told = server.upload(&bytes);
    let rejected: Vec<i64> = told.iter().filter(|line| line["problem"].is_object()).map(|line| line["line"].as_i64().unwrap()).collect();
    assert_eq!(rejected, [3, 4, 5, 6, 7, 8], "{told:#?}");
    let of = |number: i64| &told.iter().find(|line| line["line"] == number).unwrap()["problem"];
    assert_eq!((&of(3)["field"], &of(3)["nearest"][0], &of(3)["column"]), (&json!("action"), &json!("backs"), &json!(25)), "{}", of(3));
    assert_eq!(of(4)["column"], 2, "{}", of(4));
    assert_eq!((&of(5)["field"], &of(5)["nearest"][0], &of(5)["column"]), (&json!("acton"), &json!("action"), &json!(16)), "{}", of(5));
    assert!(of(6)["detail"].as_str().unwrap().contains("bytes"), "{}", of(6));
    assert!(of(7)["detail"].as_str().unwrap().contains("UTF-8"), "{}", of(7));
    assert_eq!(of(8)["status"], 409, "{}", of(8));
    let summary = &told.last().unwrap()["summary"];
    assert_eq!((&summary["appended"], &summary["rejected"], &summary["duplicates"]), (&json!(2), &json!(6), &json!(1)));
}

#[test]
fn lines_behind_a_merge_are_read_in_its_light() {
    let server = Server::new();
    let lines: Vec<String> = [
        json!({"type": "entity", "entity": "ann", "kind": "person", "name": "Ann"}),
        json!({"type": "entity", "entity": "annie", "kind": "person", "name": "Annie"}),
        json!({"id": "01860000-0000-7000-8000-000000000009", "actor": "annie", "action": "backs", "target": "Tax", "occurred": "2024"}),
        json!({"type": "merge", "from": "annie", "into": "ann"}),
        json!({"actor": "Annie", "action": "praises", "target": "Tax", "occurred": "2024-02"}),
        json!({"type": "merge", "from": "annie", "into": "ann"}),
        json!({"type": "retract", "event": "01860000-0000-7000-8000-000000000009", "reason": "wrong"}),
        json!({"actor": "ann", "action": "opposes", "target": "Tax", "occurred": "2024-03"}),
    ]
    .iter()
    .map(Value::to_string)
    .collect();
    let told = server.upload(lines.join("\n").as_bytes());
    let outcomes: Vec<bool> = told[..8].iter().map(|line| line["outcome"] == "appended").collect();
    assert_eq!(outcomes, [true, true, true, true, true, false, true, true], "{told:#?}");
    let stances = server.json("/v1/stances?target=tax")["items"].clone();
    assert_eq!((stances.as_array().unwrap().len(), &stances[0]["actor"], &stances[0]["stance"]), (1, &json!("ann"), &json!("against")));
    assert_eq!(server.json("/v1/entities?q=annie&limit=10")["items"].as_array().unwrap().len(), 1, "nobody was registered a second time");
}

#[test]
fn a_client_that_dies_leaves_what_was_told_and_nothing_half() {
    let server = Server::new();
    let mut stream = open(&server);
    let lines: Vec<String> = (1..=200).map(line).collect();
    send(&mut stream, &(lines.join("\n") + "\n" + &line(201)[..40]));
    let mut results = Answering::read(stream.try_clone().unwrap()).unwrap();
    let told: Vec<Value> = (0..200).map(|_| serde_json::from_str(&results.line().unwrap()).unwrap()).collect();
    drop((results, stream));
    let last = &told[199];
    assert_eq!(server.json(&format!("/v1/events/{}", last["id"].as_str().unwrap()))["seq"], last["seq"]);
    assert_eq!(server.json("/v1/status")["head"], last["seq"]);
    let again = server.upload((lines.join("\n") + "\n" + &line(201)).as_bytes());
    let summary = &again.last().unwrap()["summary"];
    assert_eq!((&summary["duplicates"], &summary["appended"]), (&json!(200), &json!(1)));
}

#[test]
fn lines_may_come_packed_and_results_of_rejected_ones_alone() {
    let server = Server::new();
    let lines: Vec<String> = (1..=1000).map(|number| if number == 77 { "{}".to_owned() } else { line(number) }).collect();
    let headers = [LINES[0], ("Content-Encoding", "gzip")];
    let answer = server.ask("POST", "/v1/events?results=rejected", &headers, &gzip(&["-c"], lines.join("\n").as_bytes()));
    let told = answer.lines();
    assert_eq!((told.len(), &told[0]["line"], &told[1]["summary"]["appended"]), (2, &json!(77), &json!(999)), "{told:?}");
    let strict =
        server.ask("POST", "/v1/events?strict=true", &LINES, br#"{"actor":"New","action":"backs","target":"Tax","occurred":"2024"}"#);
    assert_eq!(strict.lines()[0]["problem"]["field"], "actor");
    server.ask("POST", "/v1/events", &[LINES[0], ("If-Match", "\"3\"")], b"{}").problem(400);
    server.ask("POST", "/v1/events", &[LINES[0], ("Idempotency-Key", "k")], b"{}").problem(400);
    let empty = server.upload(b"");
    assert_eq!((empty.len(), &empty[0]["summary"]["rows"]), (1, &json!(0)));
}
