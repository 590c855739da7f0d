//! Killed: whatever was acknowledged before the server was killed is there, once, wherever it was struck.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use stancelog::Ledger;

use crate::client::Client;
use crate::server::Site;
use crate::support::{Dice, oracle};

const ROUNDS: usize = 50;
const CLIENTS: usize = 4;

/// Appends until the server is gone; what was acknowledged, with its seq.
fn append_until_it_is_gone(client: &Client, name: &str, acknowledged: &Mutex<BTreeMap<String, i64>>, count: &AtomicUsize) {
    for number in 0.. {
        let one = |part: usize| json!({"actor": format!("{name} {number}"), "action": "backs", "target": "Tax", "occurred": "2024", "note": format!("{name} {number} {part}")});
        // One event, a list, or lines, in turn.
        let (kind, body) = match number % 3 {
            0 => ("application/json", one(0).to_string()),
            1 => ("application/json", json!([one(0), one(1)]).to_string()),
            _ => ("application/x-ndjson", format!("{}\n{}\n", one(0), one(1))),
        };
        let Some(answering) = client.try_begin("POST", "/v1/events", &[("Content-Type", kind)], body.as_bytes()) else { return };
        let answer = answering.whole();
        // An answer that breaks off says nothing of what it did not come to.
        let lines: Vec<Value> = answer.text().lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let told = lines.iter().flat_map(|line| line["events"].as_array().cloned().unwrap_or_else(|| vec![line.clone()]));
        let mut acknowledged = acknowledged.lock().unwrap();
        for told in told.filter(|told| told["outcome"] == "appended") {
            acknowledged.insert(told["id"].as_str().unwrap().to_owned(), told["seq"].as_i64().unwrap());
            count.fetch_add(1, Ordering::Release);
        }
    }
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_once() {
    let (mut dice, site) = (Dice::roll(), Site::new());
    let acknowledged = Mutex::new(BTreeMap::new());
    for round in 1..=ROUNDS {
        let (mut child, at) = site.start(&[]);
        let (count, wanted) = (AtomicUsize::new(0), 60 + dice.below(80));
        std::thread::scope(|scope| {
            for number in 0..CLIENTS {
                let (acknowledged, count, client) = (&acknowledged, &count, Client { at, token: None });
                scope.spawn(move || append_until_it_is_gone(&client, &format!("{round} {number}"), acknowledged, count));
            }
            while count.load(Ordering::Acquire) < wanted {
                std::thread::yield_now();
            }
            for _ in 0..dice.below(2000) {
                std::hint::spin_loop();
            }
            child.kill().unwrap();
            child.wait().unwrap();
        });
        if round % 10 == 0 {
            oracle::verify(&site.db);
        }
        let ledger = Ledger::open_read_only(&site.db).unwrap();
        for (id, seq) in acknowledged.lock().unwrap().iter() {
            assert_eq!(ledger.event(id).unwrap().seq.0, *seq, "round {round}: {id} was acknowledged at {seq}");
        }
    }
    // An event that was told once stands once: its note is nobody else's.
    let mut notes = BTreeMap::new();
    let ledger = Ledger::open_read_only(&site.db).unwrap();
    let count = |row: stancelog::ledger::Row| {
        let note = serde_json::from_str::<Value>(row.body.as_deref().unwrap()).unwrap()["note"].as_str().map(str::to_owned);
        note.into_iter().for_each(|note| *notes.entry(note).or_insert(0) += 1);
        Ok(())
    };
    ledger.events(&Default::default(), &Default::default(), count).unwrap();
    assert!(notes.values().all(|times| *times == 1) && notes.len() >= acknowledged.lock().unwrap().len());
}
