//! What recording costs against the raw limit: ratios of pairs of runs in one process, medians of several rounds.
//!
//! `cargo bench` runs it on a made-up file of the shape of a year of ICEWS; `STANCELOG_BENCH_FILE=…` takes a real one.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use stancelog::Ledger;
use stancelog::event::{Draft, parse};
use stancelog::exchange::icews;
use stancelog::ledger::{Asked, BatchOptions, EventsWanted, ImportOptions, Question};

const ROUNDS: usize = 5;
const ROWS: u64 = 90_000;

/// A stored row: what the raw table holds as well.
type Stored = (i64, Vec<u8>, i64, Vec<u8>, Vec<u8>, Vec<u8>, String);

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let input = std::env::var_os("STANCELOG_BENCH_FILE").map_or_else(|| made_up(folder.path()), PathBuf::from);
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
    let facts = icews::facts(File::open(input).unwrap());
    let summary = ledger.import(facts, ImportOptions::default(), |bad| panic!("{bad:?}"), |_| {}).unwrap();
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

/// The same bytes with the same durability into one table; `id` says how ids are kept.
fn insert_raw(rows: &[Stored], id: &str, path: &Path) {
    let conn = Connection::open(path).unwrap();
    let columns = format!("seq INTEGER PRIMARY KEY, id BLOB {id}, recorded_at INTEGER, header BLOB, leaf BLOB, salt BLOB, body TEXT");
    conn.execute_batch(&format!("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE raw ({columns}) STRICT")).unwrap();
    for batch in rows.chunks(ImportOptions::default().batch) {
        conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut statement = conn.prepare_cached("INSERT INTO raw VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)").unwrap();
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

/// A file of the shape of a year of ICEWS: some thousands of names, a few of them in most rows, in order of date.
fn made_up(folder: &Path) -> PathBuf {
    let path = folder.join("made-up.tsv");
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
    for row in 0..ROWS {
        let day = row * 365 / ROWS;
        let date = chrono::NaiveDate::from_yo_opt(2014, day as u32 + 1).unwrap();
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
