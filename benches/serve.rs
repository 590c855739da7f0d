//! What serving costs: durable appends of sixteen clients, one event a request, against the same clients when each request is
//! its own transaction, and against sixteen threads that hand the same bytes to one grouping writer without HTTP; and how long
//! readers wait while others append. All in one run, medians of several rounds.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

const CLIENTS: usize = 16;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const READERS: usize = 64;
const WRITERS: usize = 4;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let (mut to_single, mut to_raw) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let path = |name: &str| folder.path().join(format!("{name}-{round}.db"));
        let grouped = appends(&path("grouped"), &[]);
        let single = appends(&path("single"), &["--single-commits"]);
        let raw = raw_appends(&path("raw"));
        println!("round {round}: {grouped:.0} appends a second in groups, {single:.0} one by one, {raw:.0} without HTTP");
        to_single.push(grouped / single);
        to_raw.push(grouped / raw);
    }
    println!("{CLIENTS} clients, grouped / one transaction each: {:.2} (bound: at least 2.5)", median(to_single));
    println!("{CLIENTS} clients, grouped / one grouping writer without HTTP: {:.2} (bound: at least 0.5)", median(to_raw));
    readers(&folder.path().join("readers.db"));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A server that is killed when it is dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(log: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stancelog"));
        command.arg("--db").arg(log).args(["serve", "--listen", "0", "--journal", "none"]).args(more);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("http://").to_owned();
        Self { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// One connection that is kept.
struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    /// Sends a request and reads the answer; its status.
    fn ask(&mut self, request: &str) -> u16 {
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest[..3].parse().unwrap();
            } else if let Some(given) = line.strip_prefix("content-length: ") {
                length = given.trim().parse().unwrap();
            } else if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        status
    }
}

fn event(client: usize, number: u64) -> String {
    let action = ["backs", "opposes", "visits", "meets"][(number % 4) as usize];
    let (actor, target) = (number % 40, (number / 7) % 25);
    format!(
        r#"{{"actor":"actor-{client}-{actor}","action":"{action}","target":"target-{target}","occurred":"2024-{:02}-{:02}","note":"number {number}"}}"#,
        number % 12 + 1,
        number % 28 + 1
    )
}

fn post(body: &str) -> String {
    let length = body.len();
    format!("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// Appends a second, by sixteen clients of a server.
fn appends(log: &Path, more: &[&str]) -> f64 {
    let server = Server::start(log, more);
    // Names are registered once; what is measured is one event a request.
    let mut first = Client::to(&server.address);
    for client in 0..CLIENTS {
        let events: Vec<String> = (0..200).map(|number| event(client, number)).collect();
        assert_eq!(first.ask(&post(&format!("[{}]", events.join(",")))), 201);
    }
    let clients: Vec<_> = (0..CLIENTS).map(|number| (number, Client::to(&server.address))).collect();
    per_second(clients, |(number, client), sent| assert_eq!(client.ask(&post(&event(*number, 200 + sent))), 201))
}

/// Appends a second, by sixteen threads and one writer that stores what waits in one transaction.
fn raw_appends(log: &Path) -> f64 {
    let conn = Connection::open(log).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE event (seq INTEGER PRIMARY KEY, id BLOB UNIQUE, \
         recorded_at INTEGER, header BLOB, leaf BLOB, salt BLOB, body TEXT) STRICT;",
    )
    .unwrap();
    let (queue, waiting) = mpsc::channel::<(String, mpsc::Sender<()>)>();
    let writer = thread::spawn(move || {
        let sql = "INSERT INTO event (id, recorded_at, header, leaf, salt, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut stored = 0_u128;
        while let Ok(first) = waiting.recv() {
            conn.execute_batch("BEGIN IMMEDIATE").unwrap();
            let mut told = Vec::new();
            for (body, reply) in std::iter::once(first).chain(waiting.try_iter()) {
                stored += 1;
                let mut insert = conn.prepare_cached(sql).unwrap();
                insert.execute((&stored.to_be_bytes()[..], stored as i64, [1_u8; 65], [2_u8; 32], [3_u8; 16], body)).unwrap();
                told.push(reply);
            }
            conn.execute_batch("COMMIT").unwrap();
            told.into_iter().for_each(|reply| reply.send(()).unwrap());
        }
    });
    let clients: Vec<_> = (0..CLIENTS).map(|number| (number, queue.clone())).collect();
    drop(queue);
    let rate = per_second(clients, |(number, queue), sent| {
        let (reply, told) = mpsc::channel();
        queue.send((event(*number, 200 + sent), reply)).unwrap();
        told.recv().unwrap();
    });
    writer.join().unwrap();
    rate
}

/// How often a second all clients together do one thing, for the time of a round.
fn per_second<C: Send + 'static>(clients: Vec<C>, once: impl Fn(&mut C, u64) + Copy + Send + 'static) -> f64 {
    let begun = Instant::now();
    let threads: Vec<_> = clients
        .into_iter()
        .map(|mut client| {
            thread::spawn(move || {
                let mut sent = 0;
                while begun.elapsed() < ROUND {
                    once(&mut client, sent);
                    sent += 1;
                }
                sent
            })
        })
        .collect();
    let sent: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    sent as f64 / begun.elapsed().as_secs_f64()
}

/// How long readers wait for one answer while others append.
fn readers(log: &Path) {
    static STOP: AtomicBool = AtomicBool::new(false);
    static APPENDED: AtomicU64 = AtomicU64::new(0);
    let server = Server::start(log, &[]);
    let mut first = Client::to(&server.address);
    for client in 0..CLIENTS {
        let events: Vec<String> = (0..1000).map(|number| event(client, number)).collect();
        assert_eq!(first.ask(&post(&format!("[{}]", events.join(",")))), 201);
    }
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let mut client = Client::to(&server.address);
            thread::spawn(move || {
                let mut sent = 0;
                while !STOP.load(Ordering::Relaxed) {
                    assert_eq!(client.ask(&post(&event(number, 1000 + sent))), 201);
                    sent += 1;
                }
                APPENDED.fetch_add(sent, Ordering::Relaxed);
            })
        })
        .collect();
    let begun = Instant::now();
    let readers: Vec<_> = (0..READERS)
        .map(|reader| {
            let mut client = Client::to(&server.address);
            thread::spawn(move || {
                let mut waits = Vec::new();
                let mut number = reader as u64;
                while begun.elapsed() < 3 * ROUND {
                    let (of, actor, target) = (number % CLIENTS as u64, number % 40, number % 25);
                    let path = format!("/v1/stances?actor=actor-{of}-{actor}&target=target-{target}");
                    let asked = Instant::now();
                    assert_eq!(client.ask(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")), 200);
                    waits.push(asked.elapsed());
                    number += 1;
                }
                waits
            })
        })
        .collect();
    let mut waits: Vec<Duration> = readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect();
    let seconds = begun.elapsed().as_secs_f64();
    STOP.store(true, Ordering::Relaxed);
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    waits.sort();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
    println!(
        "{READERS} readers, {WRITERS} writers: {:.0} answers and {:.0} appends a second; readers wait {:.1?} (median), {:.1?} (p99; bound: 20ms), {:.1?} at most",
        waits.len() as f64 / seconds,
        APPENDED.load(Ordering::Relaxed) as f64 / seconds,
        at(0.5),
        at(0.99),
        at(1.0)
    );
}
