//! The export of a log from which something was erased, appended to another log.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use stancelog::Ledger;
use stancelog::event::parse;
use stancelog::ledger::{Asked, Detail, EventsWanted, LinesOptions, VerifyWanted};

use super::support::{Steady, erase, findings, folder, some_log};

const ID: &str = "01860000-0000-7000-8000-00000000000";

fn run(folder: &Path, words: &[&str], out: &str) -> Output {
    let file = std::fs::File::create(folder.join(out)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_stancelog"));
    command.current_dir(folder).env_remove("STANCELOG_DB").args(words).stdout(file).stderr(Stdio::piped());
    let output = command.output().unwrap();
    println!("{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// A log of which nearly everything that something else points at was erased.
fn riddled(path: &Path) -> Ledger {
    let ledger = Ledger::open_with(path, Steady::new()).unwrap();
    let lines = [
        r#"{"id":"ID1","actor":"Ann","action":"backs","target":"Tax","occurred":"2024-01-01"}"#,
        r#"{"id":"ID2","type":"retract","event":"ID1","reason":"a mistake"}"#,
        r#"{"id":"ID3","actor":"Ann","action":"opposes","target":"Tax","occurred":"2024-01-02","replaces":"ID1"}"#,
        r#"{"id":"ID4","type":"claim","claim":"leak","text":"Ann leaked it."}"#,
        r#"{"id":"ID5","actor":"Bob","action":"asserts","target":"claim:leak","occurred":"2024-01-03"}"#,
        r#"{"id":"ID6","type":"action","action":"hums-at","label":"hums at","toward":"entity","tier":"declared","side":"favor"}"#,
        r#"{"id":"ID7","actor":"Bob","action":"hums-at","target":"Tax","occurred":"2024-01-03"}"#,
        r#"{"id":"ID8","type":"retract","event":"ID7","reason":"he coughed"}"#,
        r#"{"type":"entity","entity":"cid","kind":"person","name":"Cid C."}"#,
        r#"{"id":"ID9","actor":"Cid C.","action":"aids","target":"Tax","occurred":"2024-01-03"}"#,
        r#"{"actor":"Bob","action":"opposes","target":"Tax","occurred":"2024-02-01"}"#,
    ];
    ledger.append(lines.map(|line| parse(&line.replace("ID", ID)).unwrap())).unwrap();
    let cid = ledger.event(&format!("{ID}9")).unwrap().seq.0 - 1;
    erase(&ledger, &[&format!("{ID}1"), &format!("{ID}4"), &format!("@{cid}")]);
    erase(&ledger, &[&format!("{ID}6"), &format!("{ID}8")]);
    ledger
}

/// What is told of every place: id and content; and all stances at every place.
fn all(ledger: &Ledger) -> (Vec<String>, Vec<String>) {
    let mut events = Vec::new();
    let keep = |row: stancelog::ledger::Row| {
        events.push(format!("{} {} {:?}", row.seq, row.id, row.body));
        Ok(())
    };
    ledger.events(&EventsWanted::default(), &Asked::default(), keep).unwrap();
    let mut answers = Vec::new();
    for seq in 0..=events.len() {
        let asked = Asked { known_at: Some(format!("@{seq}")), ..Asked::default() };
        let keep = |answer| {
            answers.push(format!("{seq} {answer:?}"));
            Ok(())
        };
        ledger.every_stance(&asked, Detail::Full, keep).unwrap();
    }
    (events, answers)
}

#[test]
fn an_export_with_erasures_gives_the_same_log_but_for_what_is_gone() {
    let folder = folder();
    let ledger = riddled(&folder.path().join("stances.db"));
    let (events, answers) = all(&ledger);
    let exported = run(folder.path(), &["export"], "log.jsonl");
    assert!(String::from_utf8_lossy(&exported.stderr).contains("told as erased, without what they said: 5 events"));
    let text = std::fs::read_to_string(folder.path().join("log.jsonl")).unwrap();
    assert_eq!((text.lines().count(), text.matches(r#""type":"erased""#).count()), (events.len(), 5));
    for batch in [&["append", "log.jsonl"][..], &["append", "log.jsonl", "--batch", "3"], &["append", "log.jsonl", "--strict"]] {
        let name = format!("copy-{}.db", batch.len() + batch.last().unwrap().len());
        assert!(run(folder.path(), &[&["--db", &name], batch].concat(), "out").status.success());
        let copy = Ledger::open(folder.path().join(&name)).unwrap();
        assert_eq!(all(&copy), (events.clone(), answers.clone()));
        assert_eq!(findings(&copy, &VerifyWanted::default()), []);
        assert_eq!(copy.status().unwrap().erased, 5);
        // Appended again, to the copy and to the log itself, it is nothing new.
        for db in [name.as_str(), "stances.db"] {
            assert!(run(folder.path(), &["--db", db, "--format", "json", "append", "log.jsonl"], "out").status.success());
            let told: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.path().join("out")).unwrap()).unwrap();
            assert_eq!((told["duplicates"].as_u64(), told["appended"].as_u64()), (Some(events.len() as u64), Some(0)));
        }
        // What was erased where the copy comes from does not come back.
        let old = format!(r#"{{"id":"{ID}1","actor":"Ann","action":"backs","target":"Tax","occurred":"2024-01-01"}}"#);
        assert_eq!(copy.append([parse(&old).unwrap()]).unwrap().duplicates, 1);
        assert_eq!(all(&copy), (events.clone(), answers.clone()));
    }
}

#[test]
fn an_erasure_reaches_a_copy_that_was_made_before() {
    let folder = folder();
    let ledger = some_log(&folder.path().join("stances.db"));
    assert!(run(folder.path(), &["export"], "old.jsonl").status.success());
    let mut copy = Ledger::open(folder.path().join("copy.db")).unwrap();
    let lines = |name: &str| std::io::BufReader::new(std::fs::File::open(folder.path().join(name)).unwrap());
    copy.append_lines(lines("old.jsonl"), LinesOptions::default(), |bad| panic!("{bad:?}"), |_| {}).unwrap();
    erase(&ledger, &["50"]);
    assert!(run(folder.path(), &["export"], "new.jsonl").status.success());
    copy.append_lines(lines("new.jsonl"), LinesOptions::default(), |bad| panic!("{bad:?}"), |_| {}).unwrap();
    assert!(copy.event("50").unwrap().body.is_none());
    assert_eq!(findings(&copy, &VerifyWanted::default()), []);
}

#[test]
fn what_is_missing_is_said() {
    let folder = folder();
    drop(riddled(&folder.path().join("stances.db")));
    run(folder.path(), &["export"], "log.jsonl");
    let text = std::fs::read_to_string(folder.path().join("log.jsonl")).unwrap();
    let without = |part: &str| text.lines().filter(|line| !line.contains(part)).map(|line| format!("{line}\n")).collect::<String>();
    for (left_out, expected) in [(r#""type":"erased""#, "is in the log"), (r#""type":"erase","#, "is told as erased, but no `erase` event")]
    {
        std::fs::write(folder.path().join("part.jsonl"), without(left_out)).unwrap();
        let output = run(folder.path(), &["--db", "part.db", "append", "part.jsonl"], "out");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains(expected), "{said}");
        assert!(
            !folder.path().join("part.db").exists() || Ledger::open(folder.path().join("part.db")).unwrap().status().unwrap().head == 0
        );
    }
}
