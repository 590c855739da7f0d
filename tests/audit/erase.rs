//! Erasing: no byte of the text stays anywhere, and everything else goes on.

use std::path::Path;

use stancelog::Ledger;
use stancelog::event::parse;
use stancelog::ledger::{Asked, EventsWanted, Question, ReplayWanted, VerifyWanted};

use super::support::{Random, Steady, erase, findings, folder};

/// A text that no other has, said over and over, so that every page that holds a part of it can be told.
fn marked(number: usize, length: usize) -> String {
    let mark = mark(number);
    mark.repeat(1 + length / mark.len())
}

fn mark(number: usize) -> String {
    format!("qz{number:03}vx")
}

/// The files of a folder that hold a text.
pub fn holding(folder: &Path, text: &str) -> Vec<String> {
    let holds = |path: &Path| std::fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes());
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| holds(path)).map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

fn marked_log(path: &Path, random: &mut Random) -> Ledger {
    let ledger = Ledger::open_with(path, Steady::new()).unwrap();
    for number in 0..60 {
        let length = [30, 300, 3_000, 9_000][random.below(4)];
        let text = marked(number, random.below(length));
        let said = match number % 3 {
            0 => format!(r#"{{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024-01-02","note":"{text}"}}"#),
            1 => format!(r#"{{"type":"claim","claim":"claim-{number}","text":"{text}"}}"#),
            _ => format!(r#"{{"type":"entity","entity":"one-{number}","kind":"person","name":"{}"}}"#, &text[..7]),
        };
        ledger.append([parse(&said).unwrap()]).unwrap();
    }
    ledger.catch_up(|_| {}).unwrap();
    ledger
}

/// The id of the event that holds the mark.
fn id_of(ledger: &Ledger, number: usize) -> String {
    let mut id = None;
    ledger
        .events(&EventsWanted::default(), &Asked::default(), |row| {
            if row.body.as_deref().is_some_and(|body| body.contains(&mark(number))) {
                id = Some(row.id.to_string());
            }
            Ok(())
        })
        .unwrap();
    id.unwrap()
}

#[test]
fn no_byte_of_what_was_erased_stays_in_any_file() {
    let folder = folder();
    let path = folder.path().join("stances.db");
    let mut random = Random::seeded("erase");
    let ledger = marked_log(&path, &mut random);
    let checkpoint = ledger.checkpoint(&ledger.key().unwrap()).unwrap();
    let old = Ledger::read_checkpoint(checkpoint.to_string().as_bytes(), None).unwrap().head();
    let mut left: Vec<usize> = (0..60).collect();
    for round in 0..12 {
        let chosen: Vec<usize> = (0..3).map(|_| left.swap_remove(random.below(left.len()))).collect();
        let ids: Vec<String> = chosen.iter().map(|number| id_of(&ledger, *number)).collect();
        assert!(chosen.iter().all(|number| holding(folder.path(), &mark(*number)).len() >= 2), "it is in log and views before");
        let erased = erase(&ledger, &ids.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!((erased.erased.len(), erased.already), (3, 0));
        ledger.backup(&folder.path().join(format!("copy-{round}.db"))).unwrap();
        ledger.catch_up(|_| {}).unwrap();
        for number in &chosen {
            let files = holding(folder.path(), &mark(*number));
            let here: Vec<&String> = files.iter().filter(|file| !(0..round).any(|before| **file == format!("copy-{before}.db"))).collect();
            assert!(here.is_empty(), "{number} is still in {here:?}");
        }
        let wanted = VerifyWanted { trusted: vec![old], ..VerifyWanted::default() };
        assert_eq!(findings(&ledger, &wanted), []);
    }
    assert!(left.iter().all(|number| holding(folder.path(), &mark(*number)).contains(&"stances.db".to_owned())));
}

#[test]
fn a_log_of_another_writer_is_rid_of_what_lingers_in_its_free_space() {
    // Without secure_delete, SQLite leaves copies of rows behind when it splits pages.
    let folder = folder();
    let path = folder.path().join("stances.db");
    std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/golden/layout-1.sqlite"), &path).unwrap();
    let ledger = Ledger::open(&path).unwrap();
    let text = "As sitting prime minister Johnson went to Kyiv";
    assert!(!holding(folder.path(), text).is_empty());
    erase(&ledger, &["48"]);
    assert!(holding(folder.path(), text).is_empty());
}

#[test]
fn erasing_twice_does_nothing_and_a_part_is_done_for_the_rest() {
    let folder = folder();
    let path = folder.path().join("stances.db");
    let ledger = marked_log(&path, &mut Random::seeded("twice"));
    let (one, other) = (id_of(&ledger, 0), id_of(&ledger, 3));
    erase(&ledger, &[&one]);
    let head = ledger.status().unwrap().head;
    let again = erase(&ledger, &[&one]);
    assert_eq!((again.seq, again.erased.len(), again.already, ledger.status().unwrap().head), (None, 0, 1, head));
    let rest = erase(&ledger, &[&one, &other]);
    assert_eq!((rest.erased.len(), rest.already, ledger.status().unwrap().head), (1, 1, head + 1));
    let record = ledger.event(&format!("@{}", head + 1)).unwrap().body.unwrap();
    assert!(record.contains(&other) && !record.contains(&one) && record.contains("GDPR art. 17"));
    let of_record = [format!("@{head}")];
    let erasing = stancelog::ledger::Erasing { events: &of_record, reason: "r", authority: "a", recorded_by: None };
    assert!(ledger.erase(&erasing).unwrap_err().to_string().contains("records an erasure itself"));
    let first = ["1".to_owned()];
    let of_words = stancelog::ledger::Erasing { events: &first, ..erasing.clone() };
    assert!(ledger.erase(&of_words).unwrap_err().to_string().contains("comes with the program"));
    assert_eq!(ledger.would_erase(&stancelog::ledger::Erasing { events: &["5".to_owned()], ..erasing }).unwrap().len(), 1);
    assert_eq!(ledger.status().unwrap().head, head + 1);
    assert_eq!(findings(&ledger, &VerifyWanted::default()), []);
}

#[test]
fn answers_count_it_and_export_and_replay_go_on() {
    let folder = folder();
    let ledger = marked_log(&folder.path().join("stances.db"), &mut Random::seeded("go on"));
    let question = Question { actor: "Ann", target: "Tax", asked: Asked::default() };
    let before = ledger.stance(&question).unwrap();
    erase(&ledger, &[&id_of(&ledger, 0), &id_of(&ledger, 3)]);
    let after = ledger.stance(&question).unwrap();
    assert_eq!((before.erased, after.erased, after.events), (0, 2, before.events - 2));
    let long_ago = Asked { known_at: Some("@30".to_owned()), ..Asked::default() };
    assert_eq!(ledger.stance(&Question { asked: long_ago, ..question.clone() }).unwrap().erased, 2);
    let mut steps = 0;
    let wanted = ReplayWanted { until: None, actor: None, target: None, rule: stancelog::stance::Rule::Latest };
    ledger
        .replay(&wanted, |_| {
            steps += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(steps, ledger.status().unwrap().head);
}

#[test]
fn an_erase_event_that_is_appended_as_a_line_erases_too() {
    let folder = folder();
    let ledger = marked_log(&folder.path().join("stances.db"), &mut Random::seeded("line"));
    let line = format!(r#"{{"type":"erase","events":["{}"],"reason":"r","authority":"a"}}"#, id_of(&ledger, 0));
    ledger.append([parse(&line).unwrap()]).unwrap();
    assert!(holding(folder.path(), &mark(0)).is_empty());
    assert_eq!(findings(&ledger, &VerifyWanted::default()), []);
    let unknown = r#"{"type":"erase","events":["01860000-0000-7000-8000-00000000ffff"],"reason":"r","authority":"a"}"#;
    assert!(ledger.append([parse(unknown).unwrap()]).is_err());
    // An id of its own, as in an export, lets nobody name what is not there.
    let with_id = unknown.replacen('{', r#"{"id":"01860000-0000-7000-8000-00000000eeee","#, 1);
    let said = ledger.append([parse(&with_id).unwrap()]).unwrap_err().to_string();
    assert!(said.contains("no event 01860000-0000-7000-8000-00000000ffff is in the log"), "{said}");
    let head = ledger.status().unwrap().head;
    let of_record = format!(
        r#"{{"type":"erase","id":"01860000-0000-7000-8000-00000000eeee","events":["{}"],"reason":"r","authority":"a"}}"#,
        ledger.event(&format!("@{head}")).unwrap().id
    );
    assert!(ledger.append([parse(&of_record).unwrap()]).unwrap_err().to_string().contains("records an erasure itself"));
    assert_eq!(ledger.status().unwrap().head, head);
}
