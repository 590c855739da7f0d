//! Parquet: the whole log and what follows from it in columns, read again. Only where the program is built with it.
#![cfg(feature = "parquet")]
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod support;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::KeyValue;
use serde_json::json;
use stancelog::ledger::{Asked, Erasing, EventsWanted, Table};
use support::{Desk, at};

/// A table as Parquet, read again: what it says of itself, its rows, and how many row groups it has.
fn written(desk: &Desk, table: Table, asked: &Asked) -> (Vec<KeyValue>, Vec<RecordBatch>, usize) {
    let mut bytes = Vec::new();
    desk.ledger.parquet(table, &EventsWanted::default(), asked, &mut bytes).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).unwrap();
    let about = builder.metadata().file_metadata().key_value_metadata().unwrap().clone();
    let groups = builder.metadata().num_row_groups();
    (about, builder.build().unwrap().map(Result::unwrap).collect(), groups)
}

fn rows(batches: &[RecordBatch]) -> usize {
    batches.iter().map(RecordBatch::num_rows).sum()
}

fn text<'a>(batch: &'a RecordBatch, column: &str, row: usize) -> Option<&'a str> {
    let column = batch.column_by_name(column).unwrap().as_string::<i32>();
    column.is_valid(row).then(|| column.value(row))
}

#[test]
fn events_have_typed_columns_and_nulls_and_are_whole_in_the_last() {
    let desk = Desk::with_article();
    desk.ledger.erase(&Erasing { events: &["50".to_owned()], reason: "asked", authority: "a court", recorded_by: None }).unwrap();
    let (_, batches, _) = written(&desk, Table::Events, &Asked::default());
    assert_eq!(rows(&batches), usize::try_from(desk.head()).unwrap());
    let (batch, mut seen) = (&batches[0], 0);
    let instant = DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into()));
    for (name, kind) in [("seq", DataType::Int64), ("recorded_at", instant.clone()), ("earliest", instant), ("type", DataType::Utf8)] {
        assert_eq!(*batch.schema().field_with_name(name).unwrap().data_type(), kind, "{name}");
    }
    let (seqs, earliest) = (batch["seq"].as_primitive::<Int64Type>(), batch["earliest"].as_primitive::<TimestampMicrosecondType>());
    desk.ledger
        .events(&EventsWanted::default(), &Asked::default(), |row| {
            let event = row.event()?;
            assert_eq!((seqs.value(seen), text(batch, "id", seen)), (row.seq.0, Some(row.id.to_string().as_str())));
            assert_eq!(text(batch, "event", seen), row.body.as_deref(), "an event is there whole, an erased one not at all");
            let stance = event.and_then(|event| match event.body {
                stancelog::event::Body::Stance(stance) => Some(stance),
                _ => None,
            });
            assert_eq!(text(batch, "occurred", seen), stance.as_ref().map(|stance| stance.occurred.to_string()).as_deref());
            let bound = stance.map(|stance| stance.occurred.earliest().0).filter(|at| *at != i64::MIN);
            assert_eq!(earliest.is_valid(seen).then(|| earliest.value(seen)), bound, "an open beginning is null");
            seen += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(text(batch, "type", 49), Some("erased"));
    assert!(earliest.null_count() > 30, "definitions have no date");
}

#[test]
fn stances_say_what_they_are_of_and_hold_what_the_answers_hold() {
    let desk = Desk::with_article();
    let (about, batches, _) = written(&desk, Table::Stances, &at("2023-01-31"));
    let say = |key: &str| about.iter().find(|one| one.key == key).unwrap().value.clone();
    let status = desk.ledger.status().unwrap();
    assert_eq!((say("as_of").as_deref(), say("rule").as_deref(), say("root")), (Some("2023-01-31"), Some("latest"), status.root));
    assert_eq!((say("head"), say("known_at")), (Some(status.head.to_string()), Some(status.head.to_string())));
    let (mut seen, batch) = (0, &batches[0]);
    desk.ledger
        .every_stance(&at("2023-01-31"), stancelog::ledger::Detail::Full, |answer| {
            assert_eq!(text(batch, "actor", seen), Some(answer.actor.as_str()));
            assert_eq!(text(batch, "stance", seen), Some(answer.stance.word()));
            assert_eq!(text(batch, "basis", seen), answer.basis.map(|tier| tier.word()), "what is null is null");
            assert_eq!(batch["decided_by"].as_list::<i32>().value(seen).len(), answer.decided_by.len());
            seen += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(seen, rows(&batches));
    assert!(seen > 10);
}

#[test]
fn changes_and_claims_have_a_row_each() {
    let desk = Desk::with_article();
    desk.says("russia", "backs", "ukraine", "2031-01-01");
    let mut changes = 0;
    desk.ledger
        .every_change(&Asked::default(), |_| {
            changes += 1;
            Ok(())
        })
        .unwrap();
    let (_, batches, _) = written(&desk, Table::Changes, &Asked::default());
    assert_eq!(rows(&batches), changes);
    let (_, batches, _) = written(&desk, Table::Claims, &Asked::default());
    let claims = desk.ledger.claims(None, None, &Asked::default()).unwrap();
    assert_eq!(rows(&batches), claims.len());
    for (row, claim) in claims.iter().enumerate() {
        assert_eq!(text(&batches[0], "claim", row), Some(claim.claim.as_str()));
        assert_eq!(batches[0]["holdings"].as_list::<i32>().value(row).len(), claim.holdings.len());
        assert_eq!(batches[0]["about"].is_valid(row), claim.about.is_some());
    }
}

#[test]
fn an_empty_log_makes_empty_tables() {
    let desk = Desk::new();
    for table in [Table::Events, Table::Stances, Table::Changes, Table::Claims] {
        assert_eq!(rows(&written(&desk, table, &Asked::default()).1), 0, "{table:?}");
    }
}

#[test]
fn long_rows_end_a_row_group_early() {
    let desk = Desk::knowing(&["ann", "tax"]);
    let mut dice = support::Dice::roll();
    let letters: Vec<char> = ('!'..='~').collect();
    for _ in 0..400 {
        let note: String = (0..65_000).map(|_| letters[dice.below(letters.len())]).collect();
        desk.tell(json!({"actor": "ann", "action": "backs", "target": "tax", "occurred": "2024", "note": note}));
    }
    let (_, batches, groups) = written(&desk, Table::Events, &Asked::default());
    assert_eq!(rows(&batches), usize::try_from(desk.head()).unwrap());
    assert!(groups > 1, "{groups} row group for 52 megabytes");
}
