//! Durable appends beside UmaDB's server: sixteen clients, one event a request, and each sends the next when the one before
//! is on disk. Both servers run on this machine, one after the other in every round; what is compared is one run.
//!
//! ```text
//! cargo build --release && python3 -m venv target/umadb && target/umadb/bin/pip install umadb==0.7.8
//! UMADB=target/umadb/bin/umadb cargo run --release --manifest-path benches/umadb/Cargo.toml
//! ```
//!
//! `UMADB` is the program that starts UmaDB's server, from Python's package or from `cargo install umadb`; its own variables
//! (`UMADB_PIPELINED_WRITER`, …) are handed on. `STANCELOG` is ours, where it is not `target/release/stancelog`.
//!
//! What the clients take of the processors, the servers lack. So there is no client library on either side: threads write
//! the bytes of a request to a kept connection, and how much of the processors both sides of it took is told.

mod peer;
mod stancelog;
mod umadb;

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use peer::{Client, Peer, used};
use stancelog::Stancelog;
use umadb::UmaDb;

const CLIENTS: usize = 16;
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(2500);
/// What each client sends before the clock runs, so that the names are known to both.
const BEFORE: u64 = 200;

fn main() -> ExitCode {
    let versions = Stancelog::version().and_then(|ours| Ok((ours, UmaDb::version()?)));
    let (ours, theirs) = match versions {
        Ok(versions) => versions,
        Err(missing) => {
            eprintln!("{missing}");
            return ExitCode::FAILURE;
        }
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    println!(
        "{ours} and {theirs}, {processors} processors; {CLIENTS} clients, one event of {} bytes a request",
        Event::new(7, 250).body.len()
    );
    println!("{ours}: {}", Stancelog::WORK);
    println!("{theirs}: {}", UmaDb::WORK);
    let (mut of_ours, mut of_theirs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // Who comes first changes, as the disk remembers who was there before.
        if round % 2 == 0 {
            of_ours.push(appends::<Stancelog>());
            of_theirs.push(appends::<UmaDb>());
        } else {
            of_theirs.push(appends::<UmaDb>());
            of_ours.push(appends::<Stancelog>());
        }
        println!("round {round}: stancelog {}; UmaDB {}", of_ours[round].told(), of_theirs[round].told());
    }
    let ratio = median(of_ours.iter().zip(&of_theirs).map(|(ours, theirs)| ours.rate / theirs.rate).collect());
    let rate = |rounds: &[Round]| median(rounds.iter().map(|round| round.rate).collect());
    println!("medians of {ROUNDS} rounds: stancelog {:.0}, UmaDB {:.0} appends a second", rate(&of_ours), rate(&of_theirs));
    println!("{CLIENTS} clients, stancelog / UmaDB: {ratio:.2} (bound: over 1)");
    ExitCode::SUCCESS
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What one round came to.
struct Round {
    /// Acknowledged appends a second.
    rate: f64,
    /// Processor time of an append in the server, in microseconds.
    server_us: f64,
    /// Processor time of an append in the client, in microseconds.
    client_us: f64,
}

impl Round {
    fn told(&self) -> String {
        let Self { rate, server_us, client_us } = self;
        format!("{rate:.0} a second (an append takes {server_us:.0} µs of processor in the server, {client_us:.0} in the client)")
    }
}

/// What both are told.
struct Event {
    actor: String,
    action: &'static str,
    target: String,
    /// The event as JSON.
    body: String,
}

impl Event {
    fn new(client: usize, number: u64) -> Self {
        let action = ["backs", "opposes", "visits", "meets"][(number % 4) as usize];
        let (actor, target) = (format!("actor-{client}-{}", number % 40), format!("target-{}", (number / 7) % 25));
        let body = format!(
            r#"{{"actor":"{actor}","action":"{action}","target":"{target}","occurred":"2024-{:02}-{:02}","note":"number {number}, as it came from the source that day"}}"#,
            number % 12 + 1,
            number % 28 + 1
        );
        Self { actor, action, target, body }
    }
}

/// A round against a server of its own, with a log of its own.
fn appends<P: Peer>() -> Round {
    let folder = tempfile::tempdir().unwrap();
    let peer = P::start(folder.path());
    let mut clients: Vec<P::Client> = (0..CLIENTS).map(|_| peer.connect()).collect();
    let mut head = 0;
    for (number, client) in clients.iter_mut().enumerate() {
        let events: Vec<Event> = (0..BEFORE).map(|sent| Event::new(number, sent)).collect();
        // Fifty fit one frame.
        for some in events.chunks(50) {
            head = client.append(some);
        }
    }
    let (server, own) = (used(peer.process()), used(std::process::id()));
    let begun = Instant::now();
    let threads: Vec<_> = clients
        .into_iter()
        .enumerate()
        .map(|(number, mut client)| {
            thread::spawn(move || {
                let (mut sent, mut at) = (0, 0);
                while begun.elapsed() < ROUND {
                    at = client.append(&[Event::new(number, BEFORE + sent)]);
                    sent += 1;
                }
                (sent, at)
            })
        })
        .collect();
    let told: Vec<(u64, u64)> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    let seconds = begun.elapsed().as_secs_f64();
    let sent: u64 = told.iter().map(|(sent, _)| sent).sum();
    let per_append = |before: Duration, process| (used(process) - before).as_secs_f64() * 1e6 / sent as f64;
    let round = Round {
        rate: sent as f64 / seconds,
        server_us: per_append(server, peer.process()),
        client_us: per_append(own, std::process::id()),
    };
    // Each acknowledgement says where the log ends: as many as were counted are in it.
    assert_eq!(told.iter().map(|(_, at)| *at).max(), Some(head + sent), "what was acknowledged is not what is in the log");
    round
}
