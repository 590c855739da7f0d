//! The times of a question, as flags: they are refused, or mean the same when they are written out.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stancelog::Ledger;
use stancelog::event::parse;
use stancelog::ledger::{Asked, Error};
use stancelog::stance::Rule;

thread_local! {
    static LEDGER: (tempfile::TempDir, Ledger) = {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = Ledger::open(folder.path().join("stances.db")).expect("a log");
        let event = r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#;
        ledger.append([parse(event).expect("an event")]).expect("appended");
        (folder, ledger)
    };
}

fuzz_target!(|text: &str| {
    let (as_of, known_at) = text.split_once('\n').unwrap_or((text, "@2"));
    let asked = Asked { as_of: Some(as_of.to_owned()), known_at: Some(known_at.to_owned()), rule: Rule::Majority };
    LEDGER.with(|(_, ledger)| match ledger.stamp(&asked) {
        Ok(stamp) => {
            assert!((0..=stamp.head).contains(&stamp.known_at), "{stamp:?}");
            let again = ledger.stamp(&stamp.asked(&asked)).expect("what is written out is a time");
            assert_eq!(again, stamp);
        }
        Err(Error::Refused(refusal)) => assert!(refusal.field.starts_with("--"), "{refusal:?}"),
        Err(other) => panic!("{other}"),
    });
});
