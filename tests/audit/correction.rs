//! Erasing a correction: its words are destroyed, and what it corrected stays corrected.

use stancelog::Ledger;
use stancelog::event::parse;
use stancelog::ledger::{Asked, Between, Erasing, Question, Seq, VerifyWanted};
use stancelog::stance::Rule;

use super::support::{Steady, erase, findings, folder};

const ID: &str = "01860000-0000-7000-8000-00000000000";

fn add(ledger: &Ledger, line: &str) {
    ledger.append([parse(&line.replace("ID", ID)).unwrap()]).unwrap();
}

fn stance(ledger: &Ledger, known_at: Option<i64>) -> String {
    let asked = Asked { known_at: known_at.map(|seq| format!("@{seq}")), ..Asked::default() };
    ledger.stance(&Question { actor: "ann", target: "tax", asked }).unwrap().stance.word().to_owned()
}

/// What is known at each place of the log.
fn at_each(ledger: &Ledger, head: i64) -> Vec<String> {
    (3..=head).map(|seq| stance(ledger, Some(seq))).collect()
}

/// Ann backs the tax (4); that is taken back (5), restored (6), and superseded by her opposing it (7).
fn corrected(folder: &std::path::Path) -> Ledger {
    let ledger = Ledger::open_with(folder.join("stances.db"), Steady::new()).unwrap();
    add(&ledger, r#"{"id":"ID1","actor":"Ann","action":"backs","target":"Tax","occurred":"2024-01-01"}"#);
    add(&ledger, r#"{"id":"ID2","type":"retract","event":"ID1","reason":"Bob B. lied to us"}"#);
    add(&ledger, r#"{"id":"ID3","type":"retract","event":"ID2","reason":"he did not"}"#);
    add(
        &ledger,
        r#"{"id":"ID4","actor":"Ann","action":"opposes","target":"Tax","occurred":"2024-01-01","replaces":"ID1","note":"says Bob B."}"#,
    );
    ledger
}

#[test]
fn what_was_corrected_stays_corrected_at_any_place() {
    for erased in [&["5"][..], &["6"], &["5", "6"], &["6", "5"]] {
        let folder = folder();
        let ledger = corrected(folder.path());
        let before = at_each(&ledger, 7);
        assert_eq!(before, ["none", "favor", "none", "favor", "against"]);
        erase(&ledger, erased);
        assert_eq!(at_each(&ledger, 8), [&before[..], &["against".to_owned()]].concat(), "{erased:?} erased");
        ledger.rebuild(|_| {}).unwrap();
        assert_eq!(at_each(&ledger, 7), before, "{erased:?} erased, views made anew");
        assert_eq!(findings(&ledger, &VerifyWanted::default()), []);
        for seq in 4..=7 {
            let [from, to] = [seq - 1, seq].map(|seq| format!("@{seq}"));
            let differs = ledger.diff(Between::Known { from: &from, to: &to }, &Asked::default()).unwrap();
            assert_eq!((differs.len(), ledger.moved_by(Seq(seq), Rule::Latest).unwrap()), (1, differs), "{erased:?} erased, event {seq}");
        }
    }
}

#[test]
fn what_was_superseded_does_not_come_back_when_the_better_is_erased() {
    let folder = folder();
    let ledger = corrected(folder.path());
    erase(&ledger, &["7"]);
    // What she said in truth is gone; what she did not say does not take its place.
    assert_eq!(at_each(&ledger, 8), ["none", "favor", "none", "favor", "none", "none"]);
    // An erased correction can still be taken back, in full view.
    add(&ledger, r#"{"type":"retract","event":"ID4","reason":"it was no better"}"#);
    assert_eq!(stance(&ledger, None), "favor");
    assert_eq!(findings(&ledger, &VerifyWanted::default()), []);
}

#[test]
fn the_record_of_the_erasure_keeps_the_link_and_not_the_words() {
    let folder = folder();
    let ledger = corrected(folder.path());
    let wanted = ["5".to_owned(), "7".to_owned()];
    let erasing = Erasing { events: &wanted, reason: "asked for", authority: "GDPR art. 17", recorded_by: None };
    let shown = ledger.would_erase(&erasing).unwrap();
    erase(&ledger, &["5", "7"]);
    let record = ledger.event("8").unwrap().body.unwrap();
    let keeps = format!(r#""keeps":[{{"event":"{ID}2","retracts":"{ID}1"}},{{"event":"{ID}4","replaces":"{ID}1"}}]"#);
    assert!(record.contains(&keeps) && !record.contains("Bob"), "{record}");
    assert_eq!(shown[0].body.split_once("reason").unwrap().0, record.split_once("reason").unwrap().0);
    assert!(shown[0].body.contains(&keeps));
    // Nobody else writes what is kept.
    let forged =
        format!(r#"{{"type":"erase","events":["{ID}3"],"reason":"r","authority":"a","keeps":[{{"event":"{ID}3","retracts":"{ID}1"}}]}}"#);
    assert!(ledger.append([parse(&forged).unwrap()]).unwrap_err().to_string().contains("the log writes it itself"));
    let stranger =
        format!(r#"{{"type":"erase","events":["{ID}3"],"reason":"r","authority":"a","keeps":[{{"event":"{ID}1","retracts":"{ID}3"}}]}}"#);
    assert!(ledger.append([parse(&stranger).unwrap()]).is_err());
}

#[test]
fn a_bundle_rests_on_erased_corrections_too() {
    let folder = folder();
    let ledger = corrected(folder.path());
    erase(&ledger, &["5", "7"]);
    let key = ledger.key().unwrap();
    for (seq, expected) in [(4, "favor"), (5, "none"), (6, "favor"), (7, "none"), (8, "none")] {
        let asked = Asked { known_at: Some(format!("@{seq}")), ..Asked::default() };
        let question = Question { actor: "ann", target: "tax", asked };
        let bundle = ledger.bundle(&question, &key).unwrap();
        assert_eq!(bundle.answer["stance"], expected, "at {seq}");
        let text = bundle.to_text().unwrap();
        assert_eq!(Ledger::check_bundle(text.as_bytes(), &key.public(), &[]).findings, [], "at {seq}\n{text}");
        super::bundle::checked_elsewhere(folder.path(), &text, &key);
        ledger.report(&question, &key).unwrap();
    }
    // Without the record of the erasure, an event without content proves nothing.
    let mut bundle = ledger.bundle(&Question { actor: "ann", target: "tax", asked: Asked::default() }, &key).unwrap();
    bundle.events.retain(|event| event.seq != 8);
    assert!(!Ledger::check_bundle(bundle.to_text().unwrap().as_bytes(), &key.public(), &[]).findings.is_empty());
}
