//! Streams: everyone who follows sees every event once, in order, from where it likes, and live.

use std::io::Write;

use serde_json::{Value, json};
use stancelog::Ledger;
use stancelog::ledger::{ReplayChange, ReplayWanted};
use stancelog::stance::Rule;

use crate::client::{Answering, Client, Told};
use crate::server::{Server, Site};
use crate::support::{Dice, id_of};

fn stance(actor: &str, action: &str, target: &str) -> Value {
    json!({"actor": actor, "action": action, "target": target, "occurred": "2024"})
}

fn follow(client: &Client, path: &str) -> Answering {
    let stream = client.begin("GET", path, &[], b"");
    let kind = stream.headers.iter().find(|(name, _)| name == "content-type").map(|(_, kind)| kind.as_str());
    assert_eq!((stream.status, kind), (200, Some("text/event-stream")));
    stream
}

/// The events that a list has, as a stream tells them.
fn listed(client: &Client, query: &str) -> Vec<Told> {
    let items = client.json(&format!("/v1/events?limit=1000&{query}"))["items"].as_array().unwrap().clone();
    items
        .into_iter()
        .map(|data| Told { event: data["type"].as_str().unwrap().to_owned(), id: data["seq"].as_i64().unwrap(), data })
        .collect()
}

#[test]
fn from_the_beginning_it_is_the_log_and_then_it_goes_on() {
    let server = Server::with_article();
    let mut stream = follow(&server, "/v1/events/stream?after=0");
    assert_eq!(stream.told_to(65), listed(&server, ""));
    server.append(&stance("Ann", "backs", "Tax"));
    assert_eq!(stream.told_to(68), listed(&server, "after=65"));
    let mut live = follow(&server, "/v1/events/stream");
    server.append(&stance("Ann", "opposes", "Tax"));
    assert_eq!(live.told().unwrap().id, 69, "without `after` it begins with what is stored from now on");
    let mut again = server.begin("GET", "/v1/events/stream?after=3", &[("Last-Event-ID", "60")], b"");
    assert_eq!(again.told_to(69), listed(&server, "after=60"));
    for id in ["x", "-1", "1000"] {
        server.ask("GET", "/v1/events/stream", &[("Last-Event-ID", id)], b"").problem(400);
    }
}

#[test]
fn a_filter_lets_through_what_the_list_has() {
    let server = Server::with_article();
    let filters = [
        "actor=boris-johnson",
        "target=ukraine",
        "type=claim",
        "action=denies",
        "actor=Kremlin&type=stance",
        "target=claim:missile-threat",
    ];
    let mut streams: Vec<Answering> =
        filters.iter().map(|filter| follow(&server, &format!("/v1/events/stream?after=0&{filter}"))).collect();
    server.append(&json!([
        stance("Boris Johnson", "backs", "ukraine"),
        {"type": "entity", "entity": "bojo", "kind": "person", "name": "Bojo"},
        stance("bojo", "visits", "ukraine"),
        {"type": "merge", "from": "bojo", "into": "boris-johnson"},
        stance("Bojo", "praises", "ukraine"),
        {"type": "claim", "claim": "new-one", "text": "It is so."},
        stance("Kremlin", "denies", "claim:missile-threat"),
    ]));
    for (filter, stream) in filters.iter().zip(&mut streams) {
        let expected = listed(&server, filter);
        let told = stream.told_to(expected.last().unwrap().id);
        let seqs = |all: &[Told]| all.iter().map(|told| told.id).collect::<Vec<_>>();
        // What was recorded of one who was not yet known to be the same is told to those who come later.
        let late: Vec<i64> = seqs(&expected).into_iter().filter(|seq| !seqs(&told).contains(seq)).collect();
        assert!(late.len() <= 2 * usize::from(filter.starts_with("actor=boris")), "{filter}: {late:?}");
        let anew = follow(&server, &format!("/v1/events/stream?after=0&{filter}")).told_to(expected.last().unwrap().id);
        assert_eq!(anew, expected, "{filter}");
    }
}

#[test]
fn a_silent_stream_gives_signs_of_life() {
    let server = Site::new().serve(&["--heartbeat-ms", "20"]);
    let mut stream = follow(&server, "/v1/events/stream");
    for _ in 0..3 {
        assert_eq!(stream.line().as_deref(), Some(":"));
        assert_eq!(stream.line().as_deref(), Some(""));
    }
    server.append(&stance("Ann", "backs", "Tax"));
    assert_eq!(stream.told_to(4).len(), 4);
}

#[test]
fn while_four_write_nobody_misses_an_event_or_sees_one_twice() {
    const WRITERS: usize = 4;
    const EACH: usize = 60;
    let server = Server::new();
    let last = (1 + WRITERS + 1 + WRITERS * EACH) as i64;
    std::thread::scope(|scope| {
        let server = &server;
        for reader in 0..4 {
            scope.spawn(move || {
                let (mut seen, mut turn) = (Vec::new(), 0);
                // Each comes back a few times, at another place each time.
                while seen.last() != Some(&last) {
                    let after = seen.last().copied().unwrap_or(0);
                    let mut stream = follow(server, &format!("/v1/events/stream?after={after}"));
                    turn += 1;
                    while let Some(told) = (turn > 4 || seen.len() < turn * 40 + reader).then(|| stream.told()).flatten() {
                        seen.push(told.id);
                        if told.id == last {
                            break;
                        }
                    }
                }
                assert_eq!(seen, (1..=last).collect::<Vec<_>>(), "reader {reader}");
            });
        }
        for writer in 0..WRITERS {
            scope.spawn(move || {
                for _ in 0..EACH {
                    server.append(&stance(&format!("Writer {writer}"), "backs", "Tax"));
                }
            });
        }
    });
}

/// The changes of stance that a replay finds, by seq; those that no event is to blame for by itself are not told.
fn replayed(site: &Site) -> Vec<(i64, Vec<Value>)> {
    let ledger = Ledger::open_read_only(&site.db).unwrap();
    let mut all = Vec::new();
    let keep = |step: stancelog::ledger::ReplayStep| {
        let mut changes: Vec<Value> = step
            .changes
            .iter()
            .filter_map(|change| match change {
                ReplayChange::Stance { actor, target, from, to } => {
                    Some(json!({"actor": actor, "target": target, "from": from.word(), "to": to.word()}))
                }
                ReplayChange::Claim { .. } => None,
            })
            .collect();
        changes.sort_by_key(Value::to_string);
        if !changes.is_empty() {
            all.push((step.row.seq.0, changes));
        }
        Ok(())
    };
    ledger.replay(&ReplayWanted { until: None, actor: None, target: None, rule: Rule::Latest }, keep).unwrap();
    all
}

/// The changes of stance that a stream tells, without those that only move a date or a tier.
fn streamed(server: &Server, last: i64) -> Vec<(i64, Vec<Value>)> {
    let mut stream = follow(server, "/v1/stances/stream?after=0");
    let (mut all, mut at) = (Vec::new(), 0);
    while at < last {
        let told = stream.told().unwrap();
        assert!((told.id > at) && told.event == "stance-changed" && told.data["seq"] == told.id, "{told:?}");
        at = told.id;
        let change = |change: &Value| json!({"actor": change["actor"], "target": change["target"], "from": change["from"]["stance"], "to": change["to"]["stance"]});
        let mut changes: Vec<Value> =
            told.data["changes"].as_array().unwrap().iter().map(change).filter(|change| change["from"] != change["to"]).collect();
        changes.sort_by_key(Value::to_string);
        if !changes.is_empty() {
            all.push((told.id, changes));
        }
    }
    all
}

/// Appends a change that ends the stream's part of a test; its seq.
fn end_mark(server: &Server) -> i64 {
    server.append(&stance("end mark", "backs", "end of it"))["head"].as_i64().unwrap()
}

#[test]
fn changes_of_stance_are_those_of_a_replay() {
    let server = Server::with_article();
    let mut live = follow(&server, "/v1/stances/stream?target=ukraine");
    server.append(&stance("Ann", "backs", "ukraine"));
    let told = live.told().unwrap();
    assert_eq!((&told.data["changes"][0]["actor"], &told.data["changes"][0]["to"]["stance"]), (&json!("ann"), &json!("favor")));
    let last = end_mark(&server);
    let streamed = streamed(&server, last);
    assert!(streamed.len() > 10, "{streamed:?}");
    assert_eq!(streamed, replayed(server.site()));
}

#[test]
fn changes_of_stance_are_those_of_a_replay_over_random_logs() {
    let mut dice = Dice::roll();
    let names = ["ann", "bob", "cid", "dan", "tax", "war"];
    let words = ["backs", "opposes", "praises", "visits", "sanctions", "neutral-on"];
    for _ in 0..4 {
        let server = Server::new();
        for name in names {
            server.append(&json!({"type": "entity", "entity": name, "kind": "unknown", "name": name}));
        }
        let mut lines = Vec::new();
        for number in 1..60 {
            let mut event = match dice.below(12) {
                0 => json!({"type": "merge", "from": dice.one_of(&names), "into": dice.one_of(&names)}),
                1 | 2 if number > 1 => json!({"type": "retract", "event": id_of(1 + dice.below(number)), "reason": "wrong"}),
                _ => {
                    let day = format!("2022-01-{:02}", 1 + dice.below(9));
                    json!({"actor": dice.one_of(&names), "action": dice.one_of(&words), "target": dice.one_of(&names), "occurred": day})
                }
            };
            event["id"] = json!(id_of(number));
            if dice.below(10) == 0 && number > 1 && event["type"].is_null() {
                event["replaces"] = json!(id_of(1 + dice.below(number)));
            }
            lines.push(event.to_string());
        }
        let told = server.upload(lines.join("\n").as_bytes());
        assert!(told.last().unwrap()["summary"]["appended"].as_i64().unwrap() > 20, "{told:?}");
        let last = end_mark(&server);
        assert_eq!(streamed(&server, last), replayed(server.site()));
    }
}

#[test]
fn what_is_erased_is_not_told_any_more_not_even_from_memory() {
    let server = Server::new();
    let told = server.append(&json!([
        {"actor": "Ann", "action": "backs", "target": "Tax", "occurred": "2024", "note": "private matter"},
        stance("Ann", "praises", "Tax"),
    ]));
    assert_eq!(follow(&server, "/v1/events/stream?after=0").told_to(5).len(), 5);
    let mut changes = follow(&server, "/v1/stances/stream?after=0");
    assert_eq!(changes.told().unwrap().id, 4);
    let id = told["events"][0]["id"].clone();
    let head =
        server.append(&json!({"type": "erase", "events": [id], "reason": "a duty", "authority": "a court"}))["head"].as_i64().unwrap();
    let all = follow(&server, "/v1/events/stream?after=0").told_to(head);
    assert!(!format!("{all:?}").contains("private"), "{all:?}");
    assert_eq!((all.len(), all[3].event.as_str()), (6, "erased"));
    let last = end_mark(&server);
    assert_eq!(streamed(&server, last), replayed(server.site()));
}

#[test]
fn one_that_never_reads_does_no_harm_to_others() {
    let server = Server::new();
    let stuck: Vec<_> = (0..20)
        .map(|_| {
            let mut stream = server.connect();
            let head = server.head("GET", "/v1/events/stream?after=0", &[]) + "\r\n";
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    let note = "n".repeat(3000);
    let lines: Vec<String> = (0..4000)
        .map(|number| {
            json!({"actor": "Ann", "action": "backs", "target": "Tax", "occurred": "2024", "note": format!("{number} {note}")}).to_string()
        })
        .collect();
    let before = server.peak_kib();
    assert_eq!(server.upload(lines.join("\n").as_bytes()).last().unwrap()["summary"]["appended"], 4000);
    let seqs: Vec<i64> = follow(&server, "/v1/events/stream?after=0").told_to(4003).iter().map(|told| told.id).collect();
    assert_eq!(seqs, (1..=4003).collect::<Vec<_>>());
    let grown = server.peak_kib().saturating_sub(before);
    assert!(grown < 160 << 10, "the server grew by {grown} KiB");
    drop(stuck);
}
