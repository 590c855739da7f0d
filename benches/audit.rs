//! What auditing costs, as ratios on this machine: appending with the tree against appending without it, verifying
//! against hashing the same bytes alone.
//!
//! `STANCELOG_BENCH_EVENTS` sets the number of events (a million unless set), made up with a fixed seed. Verifying is
//! told twice: by the clock, where a second core helps, and by the processor time that it takes on all of them.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use stancelog::event::{EventId, Micros};
use stancelog::log::{self, Log, Seq};

const BATCH: usize = 1_000;
const ROUNDS: usize = 5;

fn main() {
    let events = std::env::var("STANCELOG_BENCH_EVENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let some = made_up(events.min(200_000));
    let mut ratios = Vec::new();
    for round in 0..ROUNDS {
        let without = timed(|| append_without_tree(&folder.path().join(format!("without-{round}.db")), &some));
        let with = timed(|| append(&folder.path().join(format!("with-{round}.db")), &some));
        println!("round {round}: {} events appended in {with:.2?} with the tree, {without:.2?} without", some.len());
        ratios.push(with.as_secs_f64() / without.as_secs_f64());
    }
    println!("append with tree / without, batches of {BATCH}: {:.2} (bound: 1.5)", median(ratios));
    let large = folder.path().join("large.db");
    append(&large, &made_up(events));
    let rows = read(&large);
    let (mut ratios, mut costs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (hashing, (hashed, hashed_cpu)) = ("their bytes hashed in", measured(|| hash(&rows)));
        let (verified, verified_cpu) = measured(|| verify(&large));
        println!(
            "round {round}: {events} events verified in {verified:.2?} (CPU {verified_cpu:.2?}), {hashing} {hashed:.2?} (CPU {hashed_cpu:.2?})"
        );
        ratios.push(verified.as_secs_f64() / hashed.as_secs_f64());
        costs.push(verified_cpu.as_secs_f64() / hashed_cpu.as_secs_f64());
    }
    println!("verify / hashing the same bytes alone: {:.2}, in processor time {:.2} (bound: 2)", median(ratios), median(costs));
    drop(rows);
    views(&large);
}

/// The rest of `audit verify`: the views compared with a fresh replay, and what a rebuild alone takes.
fn views(path: &Path) {
    let ledger = stancelog::Ledger::open(path).unwrap();
    let built = timed(|| ledger.rebuild(|_| {}).unwrap());
    let whole = timed(|| assert_eq!(ledger.verify(&stancelog::ledger::VerifyWanted::default(), |_| {}, |_| Ok(())).unwrap().findings, 0));
    println!("verify with the views compared: {whole:.2?}; a rebuild of the views alone: {built:.2?}");
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The same with the processor time of all threads, where the system tells it.
fn measured(work: impl FnOnce()) -> (Duration, Duration) {
    let before = processor_time();
    let elapsed = timed(work);
    (elapsed, processor_time() - before)
}

/// The processor time that this process and its threads, ended ones included, have taken, to a hundredth of a second.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<u64>().ok()).unwrap_or_default();
    Duration::from_millis(10 * (ticks(11) + ticks(12)))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Stance events of some 300 bytes with ordered ids.
fn made_up(events: usize) -> Vec<(EventId, String)> {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let actions = ["backs", "opposes", "praises", "criticizes", "visits", "calls"];
    let one = |number: usize| {
        let (actor, target, action) = (random(500), random(500), actions[random(6) as usize]);
        let (year, month, day) = (2000 + random(24), 1 + random(12), 1 + random(28));
        let note = "It was said at length, before many who wrote it down, and nobody has taken it back until today. ".repeat(2);
        let body = format!(
            r#"{{"type":"stance","actor":"actor-{actor}","action":"{action}","target":"target-{target}","occurred":"{year}-{month:02}-{day:02}","note":"{note}"}}"#
        );
        let id = EventId::fresh(Micros(number as i64 * 1000), &(number as u128).to_be_bytes()[6..].try_into().unwrap());
        (id, body)
    };
    (0..events).map(one).collect()
}

fn append(path: &Path, events: &[(EventId, String)]) {
    let mut log = Log::open(path).unwrap();
    for batch in events.chunks(BATCH) {
        let mut append = log.begin().unwrap();
        for (id, body) in batch {
            append.store(*id, body, Micros(0)).unwrap();
        }
        append.commit().unwrap();
    }
}

/// The same into a file of the first layout, which is the same but for the tree.
fn append_without_tree(path: &Path, events: &[(EventId, String)]) {
    let conn = Connection::open(path).unwrap();
    let settings =
        "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA wal_autocheckpoint=6000";
    conn.execute_batch(settings).unwrap();
    conn.execute_batch(include_str!("../schema/log/0001_log.sql")).unwrap();
    let (mut seq, mut salts) = (Seq::START, vec![0; BATCH * log::SALT_LEN]);
    for batch in events.chunks(BATCH) {
        conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        getrandom::fill(&mut salts).unwrap();
        let mut insert = conn.prepare_cached("INSERT OR FAIL INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)").unwrap();
        for ((id, body), salt) in batch.iter().zip(salts.chunks(log::SALT_LEN)) {
            seq = seq.next();
            let header = log::header(seq, *id, Micros(0), &log::body_hash(salt, body.as_bytes()));
            let leaf = log::leaf_hash(&header);
            insert.execute((seq.0, id.as_bytes(), 0, &header[..], &leaf[..], salt, body)).unwrap();
        }
        conn.execute_batch("COMMIT").unwrap();
    }
}

/// Verifies a log, against hashing the same bytes alone: salt and body, header, and one node for each leaf.
fn verify(path: &Path) {
    let log = Log::open_read_only(path).unwrap();
    let unexpected = |finding: stancelog::audit::Finding| -> Result<(), stancelog::audit::Error> { panic!("{finding:?}") };
    let verdict = stancelog::audit::verify(&log, &[], &mut |_| {}, unexpected).unwrap();
    assert_eq!(verdict.findings, 0);
}

/// What is hashed for an event, in memory.
type Hashed = (Vec<u8>, Vec<u8>, Vec<u8>);

fn read(path: &Path) -> Vec<Hashed> {
    let conn = Connection::open(path).unwrap();
    let mut statement = conn.prepare("SELECT salt, CAST(body AS BLOB), header FROM event ORDER BY seq").unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap().map(Result::unwrap).collect()
}

fn hash(rows: &[Hashed]) {
    let mut above = stancelog::merkle::Hash::EMPTY_TREE;
    for (salt, body, header) in rows {
        std::hint::black_box(log::body_hash(salt, body));
        above = stancelog::merkle::node_hash(&above, &stancelog::merkle::leaf_hash(header));
    }
    std::hint::black_box(above);
}
