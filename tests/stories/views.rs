//! The views: made in many small steps, made anew, or lost, they are the same.

use serde_json::json;
use stancelog::Ledger;
use stancelog::event::parse;
use stancelog::ledger::{Asked, Foreign, ImportOptions};
use stancelog::projection::views_path;

use crate::support::desk::article;
use crate::support::{Desk, Dice, oracle};

fn lose(desk: &Desk) {
    for behind in ["", "-wal", "-shm"] {
        let mut file = views_path(&desk.path).into_os_string();
        file.push(behind);
        if std::path::Path::new(&file).exists() {
            std::fs::remove_file(&file).unwrap();
        }
    }
}

#[test]
fn losing_the_views_loses_nothing() {
    let desk = Desk::with_article();
    let before = desk.answer("boris-johnson", "ukraine", &Asked::default());
    let tables = oracle::rebuilt(&desk.path);
    lose(&desk);
    let other = Ledger::open_read_only(&desk.path).unwrap();
    let question = stancelog::ledger::Question { actor: "boris-johnson", target: "ukraine", asked: Asked::default() };
    assert_eq!(other.stance(&question).unwrap(), before);
    assert_eq!(oracle::dump(&views_path(&desk.path)), tables);
}

#[test]
fn views_that_are_no_database_or_of_another_log_are_made_anew() {
    let desk = Desk::with_article();
    let (before, tables) = (desk.now("boris-johnson", "ukraine"), oracle::rebuilt(&desk.path));
    let stranger = Desk::knowing(&["ann", "bob"]);
    stranger.says("ann", "backs", "bob", "2022");
    stranger.ledger.catch_up(|_| {}).unwrap();
    rusqlite::Connection::open(views_path(&stranger.path)).unwrap().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let other_log = std::fs::read(views_path(&stranger.path)).unwrap();
    for rubbish in [&b"this is no database, whatever its name says"[..], &[0; 8192], &other_log] {
        lose(&desk);
        std::fs::write(views_path(&desk.path), rubbish).unwrap();
        let again = Ledger::open(&desk.path).unwrap();
        let question = stancelog::ledger::Question { actor: "boris-johnson", target: "ukraine", asked: Asked::default() };
        assert_eq!(again.stance(&question).unwrap().stance.word(), before);
        assert_eq!(oracle::dump(&views_path(&desk.path)), tables);
    }
}

#[test]
fn caught_up_in_small_steps_they_are_those_of_a_rebuild() {
    let mut dice = Dice::roll();
    let desk = Desk::new();
    let mut told: Vec<String> = Vec::new();
    for draft in article() {
        told.extend(draft.id.map(|id| id.to_string()));
        desk.ledger.append([draft]).unwrap();
        if dice.below(3) == 0 {
            desk.ledger.catch_up(|_| {}).unwrap();
        }
    }
    // Everything that can make stale what is there: corrections, merges, redefinitions, motions, news that come late.
    let entities = ["boris-johnson", "vladimir-putin", "ukraine", "russia", "united-kingdom", "volodymyr-zelenskyy", "kremlin"];
    let claims = ["missile-threat", "call-took-place"];
    for number in 0..150 {
        let (one, other) = (dice.one_of(&entities), dice.one_of(&entities));
        let day = format!("202{}-0{}-1{}", dice.below(4), dice.below(9) + 1, dice.below(10));
        let side = dice.one_of(&["favor", "against"]);
        let mut event = match dice.below(12) {
            0 | 1 => json!({"type": "retract", "event": told[dice.below(told.len())], "reason": "wrong"}),
            2 => json!({"type": "merge", "from": one, "into": other}),
            3 => {
                json!({"type": "action", "action": "visits", "label": "visits", "toward": "entity", "tier": dice.one_of(&["implied", "declared"]), "side": side})
            }
            4 => {
                json!({"type": "entity", "entity": "motion-1", "kind": "motion", "name": "Motion 1", "stands_for": [{"target": one, "side": side}]})
            }
            5 => json!({"type": "entity", "entity": one, "kind": "unknown", "name": format!("Name {number}"), "note": "told anew"}),
            6 => {
                json!({"type": "claim", "claim": dice.one_of(&claims), "text": format!("Text {number}"), "about": {"actor": one, "action": "threatens", "target": other}})
            }
            7 => {
                json!({"actor": one, "action": dice.one_of(&["votes-for", "votes-against", "abstains-on"]), "target": "motion-1", "occurred": day})
            }
            8 => {
                json!({"actor": one, "action": dice.one_of(&["asserts", "denies", "withdraws"]), "target": format!("claim:{}", dice.one_of(&claims)), "occurred": day})
            }
            _ => {
                json!({"actor": one, "action": dice.one_of(&["visits", "backs", "opposes", "aids"]), "target": other, "occurred": day, "on_behalf_of": [dice.one_of(&entities)]})
            }
        };
        if event["type"].is_null() && dice.below(6) == 0 {
            event["replaces"] = json!(told[dice.below(told.len())]);
        }
        event["id"] = json!(format!("01870000-0000-7000-8000-{number:012}"));
        // A merge of what is one and a replacement of another type are refused, which is as good.
        if desk.ledger.append([parse(&event.to_string()).unwrap()]).is_ok() {
            told.push(event["id"].as_str().unwrap().to_owned());
        }
        match dice.below(5) {
            0 => {}
            1 if number % 10 == 0 => oracle::verify_views(&desk.path),
            2 if number % 25 == 0 => desk.ledger.rebuild(|_| {}).unwrap(),
            _ => desk.ledger.catch_up(|_| {}).unwrap(),
        }
    }
    assert!(told.len() > 150, "most of it was taken: {}", told.len());
}

#[test]
fn an_import_of_large_and_small_events_is_in_them_whole() {
    let name = |letter: &str, row: usize| format!("{row} {}", letter.repeat(if row.is_multiple_of(7) { 900 } else { 3 }));
    let rows: String = (0..6_000).map(|row| format!("2014-01-01\t{}\tPraise\t{}\t051\n", name("a", row), name("b", row % 90))).collect();
    let mut desk = Desk::new();
    let options = ImportOptions { batch: 2_000, ..ImportOptions::default() };
    desk.ledger.import_file(&Foreign::Icews, rows.as_bytes(), options, |_| Ok(()), |_| {}).unwrap();
    oracle::verify_views(&desk.path);
}
