//! What recording costs against the raw limit: ratios of pairs of runs in one process, medians of several rounds.
//!
//! `cargo bench` runs it on a made-up file of the shape of a year of ICEWS; `STANCELOG_BENCH_FILE=…` takes a real one.
//! A made-up million rows follow, over a dozen years; `STANCELOG_BENCH_MILLION=no` leaves them out.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use stancelog::Ledger;
use stancelog::event::{Draft, parse};
use stancelog::ledger::{Asked, BatchOptions, EventsWanted, Foreign, ImportOptions, Question};

/// The allocator of the program; SQLite has its own, here as there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 5;
const ROWS: u64 = 90_000;
const MILLION: u64 = 1_000_000;

/// A stored row: what the raw table holds as well.
type Stored = (i64, Vec<u8>, i64, Vec<u8>, Vec<u8>, Vec<u8>, String);

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let input = std::env::var_os("STANCELOG_BENCH_FILE").map_or_else(|| made_up(folder.path(), ROWS, 1), PathBuf::from);
    let log = folder.path().join("first.db");
    import(&input, &log);
    let rows = stored(&log);
    println!("{} events, {} bytes as stored", rows.len(), rows.iter().map(|row| 137 + row.6.len()).sum::<usize>());

    let (mut keyed, mut bare) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let unique = timed(|| insert_raw(&rows, "UNIQUE", &folder.path().join(format!("unique-{round}.db"))));
        let ours = timed(|| import(&input, &folder.path().join(format!("log-{round}.db"))));
        let raw = timed(|| insert_raw(&rows, "", &folder.path().join(format!("raw-{round}.db"))));
        println!("round {round}: import {ours:.2?}, raw insert {unique:.2?} with unique ids, {raw:.2?} without");
        keyed.push(ours.as_secs_f64() / unique.as_secs_f64());
        bare.push(ours.as_secs_f64() / raw.as_secs_f64());
    }
    println!("import with projections / raw insert of the same bytes, ids unique: {:.2} (bound: 3)", median(keyed));
    println!("import with projections / raw insert of the same bytes, no index at all: {:.2}", median(bare));
    println!(
        "rebuild / import: {:.2}",
        rebuild(&log).as_secs_f64() / timed(|| import(&input, &folder.path().join("again.db"))).as_secs_f64()
    );
    question(&log, &folder.path().join("raw-0.db"));
    one_more(&folder.path().join("pairs.db"));
    if std::env::var_os("STANCELOG_BENCH_MILLION").is_none_or(|said| said != "no") {
        let bytes = rows.iter().map(|row| row.6.len()).sum::<usize>() / rows.len();
        drop(rows);
        million(folder.path(), bytes);
    }
}

/// A million rows, against reading the same file and inserting rows of the same sizes with plain rusqlite.
fn million(folder: &Path, body: usize) {
    let input = made_up(folder, MILLION, 12);
    let mut ratios = Vec::new();
    for round in 0..3 {
        let log = folder.join(format!("million-{round}.db"));
        let ours = timed(|| import(&input, &log));
        let raw = timed(|| read_and_insert(&input, body, &folder.join(format!("million-raw-{round}.db"))));
        println!("a million rows: import {ours:.2?}, {:.0} a second; read and inserted raw {raw:.2?}", MILLION as f64 / ours.as_secs_f64());
        ratios.push(ours.as_secs_f64() / raw.as_secs_f64());
        for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("million")) {
                std::fs::remove_file(file).unwrap();
            }
        }
    }
    println!("import of a million rows / reading and inserting as many bytes, ids unique: {:.2} (bound: 3)", median(ratios));
    println!("import of a million rows, most memory resident: {} MB (bound: 150)", resident(&input, &folder.join("million.db")) / 1000);
}

/// Reads the file and inserts a row of the sizes of ours for each line: 16 bytes of id, 65 of header, 32 of leaf, 16 of salt.
fn read_and_insert(input: &Path, body: usize, path: &Path) {
    let conn = raw_table("UNIQUE", path);
    let mut lines = BufReader::new(File::open(input).unwrap()).lines().map(Result::unwrap).zip(1_i64..).peekable();
    while lines.peek().is_some() {
        conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut statement = conn.prepare_cached(INSERT_RAW).unwrap();
        for (line, seq) in lines.by_ref().take(ImportOptions::default().batch) {
            let mut id = [0_u8; 16];
            id[8..].copy_from_slice(&seq.to_be_bytes());
            let body = format!("{line:body$}");
            statement.execute((seq, id, seq, [1_u8; 65], [2_u8; 32], [3_u8; 16], body)).unwrap();
        }
        conn.execute_batch("COMMIT").unwrap();
    }
}

/// The most memory, in kB, that the program has resident while it imports a file, where the system tells (Linux).
fn resident(input: &Path, log: &Path) -> u64 {
    let mut program = Command::new(env!("CARGO_BIN_EXE_stancelog"));
    let mut child = program.arg("--db").arg(log).args(["-q", "import", "icews"]).arg(input).stdout(Stdio::null()).spawn().unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).and_then(|line| line.split_whitespace().next());
        most = peak.and_then(|kb| kb.parse().ok()).unwrap_or(0).max(most);
        std::thread::yield_now();
    }
    most
}

/// One more event, answered, on a pair that has 100,000 against the same on one that has 10.
fn one_more(log: &Path) {
    let mut ledger = Ledger::open(log).unwrap();
    let mut fill = |actor: &str, many: i64| {
        let mut batch = ledger.begin(BatchOptions::default()).unwrap();
        for number in 0..many {
            batch.add(event_of(actor, number)).unwrap();
        }
        batch.commit().unwrap();
    };
    fill("few", 10);
    fill("many", 100_000);
    ledger.catch_up(|_| {}).unwrap();
    let mut ratios = Vec::new();
    for number in 100_000..100_100 {
        let [few, many] = ["few", "many"].map(|actor| {
            timed(|| {
                ledger.append([event_of(actor, number)]).unwrap();
                ledger.stance(&Question { actor, target: "tax", asked: Asked::default() }).unwrap();
            })
        });
        ratios.push(many.as_secs_f64() / few.as_secs_f64());
    }
    println!("one more event and its answer, pair of 100,000 / pair of 10: {:.2} (bound: 3)", median(ratios));
}

fn event_of(actor: &str, number: i64) -> Draft {
    let day = chrono::NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + chrono::Days::new(number as u64 / 3);
    let action = ["backs", "opposes", "visits"][(number % 3) as usize];
    parse(&format!(r#"{{"actor":"{actor}","action":"{action}","target":"tax","occurred":"{day}"}}"#)).unwrap()
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn import(input: &Path, log: &Path) {
    let mut ledger = Ledger::open(log).unwrap();
    let file = File::open(input).unwrap();
    let summary = ledger.import_file(&Foreign::Icews, file, ImportOptions::default(), |bad| panic!("{bad:?}"), |_| {}).unwrap().summary;
    assert!(summary.appended > 0 && summary.rejected == 0);
}

fn rebuild(log: &Path) -> Duration {
    let ledger = Ledger::open(log).unwrap();
    timed(|| ledger.rebuild(|_| {}).unwrap())
}

fn stored(log: &Path) -> Vec<Stored> {
    let conn = Connection::open(log).unwrap();
    let mut statement = conn.prepare("SELECT seq, id, recorded_at, header, leaf, salt, body FROM event ORDER BY seq").unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?));
    statement.query_map([], row).unwrap().map(Result::unwrap).collect()
}

const INSERT_RAW: &str = "INSERT INTO raw VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

/// One table for what is stored, with the durability of a log; `id` says how ids are kept.
fn raw_table(id: &str, path: &Path) -> Connection {
    let conn = Connection::open(path).unwrap();
    let columns = format!("seq INTEGER PRIMARY KEY, id BLOB {id}, recorded_at INTEGER, header BLOB, leaf BLOB, salt BLOB, body TEXT");
    conn.execute_batch(&format!("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE raw ({columns}) STRICT")).unwrap();
    conn
}

/// The same bytes as ours, with the same durability, in the same batches.
fn insert_raw(rows: &[Stored], id: &str, path: &Path) {
    let conn = raw_table(id, path);
    for batch in rows.chunks(ImportOptions::default().batch) {
        conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut statement = conn.prepare_cached(INSERT_RAW).unwrap();
        for row in batch {
            statement.execute((row.0, &row.1, row.2, &row.3, &row.4, &row.5, &row.6)).unwrap();
        }
        conn.execute_batch("COMMIT").unwrap();
    }
}

/// One question as a whole process against the `sqlite3` shell reading one row by its key, where that is installed.
fn question(log: &Path, raw: &Path) {
    let (actor, target) = some_pair(log);
    let ours =
        || run(Command::new(env!("CARGO_BIN_EXE_stancelog")).args(["--format", "json", "--db"]).arg(log).args(["stance", &actor, &target]));
    let theirs = || run(Command::new("sqlite3").arg(raw).arg("SELECT 1 FROM raw WHERE seq = 4711"));
    if theirs().is_none() || ours().is_none() {
        return println!("one question: not measured (needs the sqlite3 shell)");
    }
    let ratios = (0..41).filter_map(|_| Some(ours()?.as_secs_f64() / theirs()?.as_secs_f64())).collect();
    println!("one question, whole process / sqlite3 by primary key: {:.2} (bound: 3)", median(ratios));
}

fn run(command: &mut Command) -> Option<Duration> {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
    status.success().then(|| start.elapsed())
}

fn some_pair(log: &Path) -> (String, String) {
    let ledger = Ledger::open_read_only(log).unwrap();
    let mut found = None;
    let wanted = EventsWanted { event_type: Some(stancelog::event::EventType::Stance), limit: Some(1), ..EventsWanted::default() };
    ledger
        .events(&wanted, &Asked::default(), |row| {
            if let Some(stancelog::event::Body::Stance(stance)) = row.event()?.map(|event| event.body) {
                found = Some((stance.actor, stance.target));
            }
            Ok(())
        })
        .unwrap();
    found.unwrap()
}

/// A file of the shape of ICEWS: some thousands of names, a few of them in most rows, in order of date.
fn made_up(folder: &Path, rows: u64, years: u64) -> PathBuf {
    let path = folder.join(format!("made-up-{rows}.tsv"));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    writeln!(file, "date\tactor\trelation\ttarget\tcameo").unwrap();
    let codes = ["010", "020", "036", "040", "042", "043", "051", "057", "111", "112", "130", "173", "190"];
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let first = chrono::NaiveDate::from_ymd_opt(2014, 1, 1).unwrap();
    for row in 0..rows {
        let date = first + chrono::Days::new(row * 365 * years / rows);
        let mut name = || {
            let most = random(7000) + 1;
            let number = random(most);
            format!("Ministry {number} (Country {})", number % 190)
        };
        let (actor, target) = (name(), name());
        writeln!(file, "{date}\t{actor}\tsome relation\t{target}\t{}", codes[random(codes.len() as u64) as usize]).unwrap();
    }
    file.flush().unwrap();
    path
}
