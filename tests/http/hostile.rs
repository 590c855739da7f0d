//! Hostile clients: whatever they send, they are refused or cut off, and the server goes on in bounded memory.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::Answering;
use crate::server::{Server, Site};

const JSON: (&str, &str) = ("Content-Type", "application/json");
const LINES: (&str, &str) = ("Content-Type", "application/x-ndjson");

/// The server still takes an event and answers a question, and did not take much memory.
fn assert_well(server: &Server, before_kib: u64, more_mib: u64) {
    let told = server.append(&json!({"actor": "Ann", "action": "backs", "target": "Tax", "occurred": "2024"}));
    assert_eq!(server.json("/v1/status")["head"], told["head"]);
    let grown = server.peak_kib().saturating_sub(before_kib);
    assert!(grown < more_mib << 10, "the server grew by {grown} KiB");
}

#[test]
fn a_head_that_trickles_in_is_cut_off() {
    let server = Site::new().serve(&["--head-ms", "300"]);
    let begun = Instant::now();
    let mut trickling: Vec<TcpStream> = (0..50).map(|_| server.connect()).collect();
    for stream in &mut trickling {
        stream.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
        stream.write_all(b"GET /v1/status HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").unwrap();
    }
    let mut open = trickling;
    while !open.is_empty() {
        open.retain_mut(|stream| {
            if stream.write_all(b"x").is_err() {
                return false;
            }
            match stream.read(&mut [0; 512]) {
                Ok(0) => false,
                Ok(_) => true,
                Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
            }
        });
        assert!(begun.elapsed() < Duration::from_secs(20), "{} are still open", open.len());
    }
    assert!(begun.elapsed() >= Duration::from_millis(250), "they had some time");
    assert_well(&server, 0, 256);
}

#[test]
fn ten_thousand_idle_connections_keep_nobody_out() {
    let limit = rlimit::increase_nofile_limit(12_000).unwrap();
    let many = usize::try_from(limit.saturating_sub(1500)).unwrap().min(10_000);
    assert!(many >= 3000, "the system lets this process open {limit} files");
    let server = Site::new().serve(&["--head-ms", "600000"]);
    let idle: Vec<TcpStream> = (0..many).map(|_| TcpStream::connect(server.at).unwrap()).collect();
    let metrics = server.get("/metrics").text();
    let open = metrics.lines().find_map(|line| line.strip_prefix("stancelog_connections ")).unwrap();
    assert!(open.parse::<usize>().unwrap() > many * 9 / 10, "{open} of {many} are open");
    assert_well(&server, 0, 512);
    drop(idle);
}

#[test]
fn more_connections_than_there_is_place_for_are_turned_away() {
    let server = Site::new().serve(&["--max-connections", "20"]);
    let idle: Vec<TcpStream> = (0..19).map(|_| server.connect()).collect();
    assert_eq!(server.get("/healthz").status, 200);
    let one_more = server.connect();
    // Those who come now may meet the place of the answer before, which is not free yet.
    let refused = (0..100).filter_map(|_| server.try_begin("GET", "/healthz", &[], b"")).find(|answer| answer.status == 503);
    assert!(refused.is_some_and(|answer| answer.headers.contains(&("retry-after".to_owned(), "1".to_owned()))));
    drop((idle, one_more));
    // Places are free again as soon as the server has seen that they are.
    assert!((0..10_000).any(|_| server.try_begin("GET", "/healthz", &[], b"").is_some_and(|answer| answer.status == 200)));
}

#[test]
fn a_gigabyte_is_refused_before_it_is_read() {
    let server = Server::new();
    let before = server.peak_kib();
    for headers in [vec![JSON], vec![JSON, ("Content-Encoding", "gzip")]] {
        let mut stream = server.connect();
        let head = server.head("POST", "/v1/events", &headers) + &format!("Content-Length: {}\r\n\r\n", 1 << 30);
        stream.write_all(head.as_bytes()).unwrap();
        let answer = Answering::read(stream).unwrap().whole();
        assert_eq!(answer.problem(413)["type"], "urn:stancelog:problem:too-large");
    }
    // Where no length is told, it is refused when it has become too much.
    let mut stream = server.connect();
    stream.write_all((server.head("POST", "/v1/events", &[JSON, ("Transfer-Encoding", "chunked")]) + "\r\n").as_bytes()).unwrap();
    let (chunk, mut sent) = ([&b"100000\r\n"[..], &vec![b' '; 1 << 20], b"\r\n"].concat(), 0);
    while sent < 1 << 30 && stream.write_all(&chunk).is_ok() {
        sent += 1 << 20;
    }
    assert!(sent < 64 << 20, "{sent} bytes were read");
    assert_well(&server, before, 64);
}

#[test]
fn a_small_body_that_unpacks_to_a_gigabyte_is_refused_in_bounded_memory() {
    let server = Server::new();
    let before = server.peak_kib();
    let packed = Command::new("sh").args(["-c", "head -c 1073741824 /dev/zero | gzip -1"]).output().unwrap().stdout;
    assert!(packed.len() > 1 << 20 && packed.len() < 8 << 20, "{} bytes", packed.len());
    server.ask("POST", "/v1/events", &[JSON, ("Content-Encoding", "gzip")], &packed).problem(413);
    let answer = server.ask("POST", "/v1/events", &[LINES, ("Content-Encoding", "gzip")], &packed);
    assert!(answer.text().contains("a line has at most"), "{}", answer.text());
    assert_well(&server, before, 64);
}

#[test]
fn what_is_deep_or_no_text_is_refused() {
    let server = Server::new();
    let before = server.peak_kib();
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    let bodies: Vec<Vec<u8>> = vec![
        deep("[", "]").into(),
        "[".repeat(100_000).into(),
        deep("{\"events\":[", "]}").into(),
        format!("{{\"actor\":{}}}", deep("[", "]")).into(),
        format!("{{\"events\":[],\"condition\":{}}}", deep("[", "]")).into(),
        r#"{"actor":"a\u0000b","action":"backs","target":"Tax","occurred":"2024"}"#.into(),
        b"{\"actor\":\"a\0b\",\"action\":\"backs\",\"target\":\"Tax\",\"occurred\":\"2024\"}".to_vec(),
        b"\0".to_vec(),
        b"{\"actor\":\"\xff\xfe\",\"action\":\"backs\",\"target\":\"Tax\",\"occurred\":\"2024\"}".to_vec(),
        r#"{"actor":"\ud800","action":"backs","target":"Tax","occurred":"2024"}"#.into(),
        r#"{"actor":"a","actor":"b","action":"backs","target":"Tax","occurred":"2024"}"#.into(),
    ];
    for body in &bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let problem = server.ask("POST", "/v1/events", &[JSON], body).problem(400);
        assert!(problem["detail"].as_str().unwrap().len() < 1000, "{shown}: {problem}");
        server.ask("POST", "/v1/events", &[("Content-Type", "application/cloudevents-batch+json")], body).problem(400);
        if !body.contains(&0) || body.len() > 1 {
            let told = server.ask("POST", "/v1/events", &[LINES], body).lines();
            assert!(told[0]["problem"].is_object(), "{shown}: {told:?}");
        }
    }
    assert_eq!(server.json("/v1/status")["head"], 0);
    assert_well(&server, before, 64);
}

#[test]
fn addresses_that_climb_or_are_no_text_find_nothing() {
    let server = Server::with_article();
    let paths = [
        "/v1/../v1/status",
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/v1/events/%2e%2e%2fstatus",
        "/v1/events/%00",
        "/v1/events/%ff",
        "/v1/claims/%c3%28",
        "/v1/claims/..%2f..",
        "/v1/audit/tile/0/%2e%2e/%2e%2e/key",
        "/v1/audit/tile/0/%00",
        "/v1/audit/tile/%ff",
        "/v1/audit/tile/99999999999999999999/000",
        "/v1/audit/tile/entries/x999/x999/x999/x999/x999/x999/999",
        "/v1/stances?actor=%00",
        "/v1/stances?actor=%ff",
        "/v1/stances?actor=%",
        "/v1/search?q=%22%20OR%20*",
        "/v1/events/stream?after=99999999999999999999",
        "/v1/events?after=9223372036854775807",
        "/v1/stances?as_of=-99999999999999999999d",
        "/v1/stances?known_at=@9223372036854775807",
        "/v1/audit/consistency?from=-1",
    ];
    for path in paths {
        let answer = server.get(path);
        match answer.status {
            200 => drop(answer.json()),
            status @ 400..=404 => drop(answer.problem(status)),
            status => panic!("{path}: {status} {}", answer.text()),
        }
    }
    for path in ["/v1/events/%ff", "/v1/claims/%c3%28", "/v1/audit/tile/%ff"] {
        server.get(path).problem(400);
    }
    let long = "a".repeat(60_000);
    for path in [format!("/v1/{long}"), format!("/v1/events/{long}"), format!("/v1/stances?actor={long}"), format!("/v1/stances?{long}=1")]
    {
        let answer = server.get(&path);
        let status = answer.status;
        assert!(answer.problem(status)["detail"].as_str().unwrap().len() < 2000, "{}", answer.text());
    }
}

#[test]
fn heads_that_are_too_large_or_none_are_refused() {
    let server = Server::new();
    let before = server.peak_kib();
    let large = "x".repeat(1 << 20);
    let parameters: Vec<String> = (0..100_000).map(|number| format!("p{number}=1")).collect();
    let some: Vec<String> = (0..5_000).map(|number| format!("p{number}=1")).collect();
    let requests = [
        format!("GET /v1/status HTTP/1.1\r\nHost: localhost\r\nX-Large: {large}\r\n\r\n"),
        format!("GET /v1/stances?{} HTTP/1.1\r\nHost: localhost\r\n\r\n", parameters.join("&")),
        format!("GET /v1/stances?{} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", some.join("&")),
        format!("GET /v1/status HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X-Many: 1\r\n".repeat(20_000)),
        "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nX-Nul: a\0b\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03\r\n\r\n".to_owned(),
        "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!".to_owned(),
        "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n".to_owned(),
        "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n".to_owned(),
        "GET /v1/status HTTP/9.9\r\nHost: localhost\r\n\r\n".to_owned(),
    ];
    for request in requests {
        let shown: String = request.chars().take(60).collect();
        let mut stream = server.connect();
        let _ = stream.write_all(request.as_bytes());
        // Nothing but a refusal, or a closed connection.
        if let Some(answer) = Answering::read(stream) {
            assert!((400..=505).contains(&answer.status), "{shown}: {}", answer.status);
        }
    }
    assert_well(&server, before, 64);
}
