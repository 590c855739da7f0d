//! A bundle: whatever is changed in it is found; nothing that is made up passes.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use stancelog::Ledger;
use stancelog::event::parse;
use stancelog::ledger::{Asked, Question, VerifierKey};

/// A bundle that proves what it says, and its key.
static GOOD: LazyLock<(String, VerifierKey)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = Ledger::open(folder.path().join("stances.db")).expect("a log");
    let event = r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#;
    ledger.append([parse(event).expect("an event")]).expect("appended");
    let key = ledger.key().expect("a key");
    let question = Question { actor: "Ann", target: "Tax", asked: Asked::default() };
    let text = ledger.bundle(&question, &key).expect("a bundle").to_text().expect("text");
    (text, key.public())
});

fuzz_target!(|bytes: &[u8]| {
    let (good, key) = &*GOOD;
    // As it is made up, and as some bytes in the middle of the good one.
    let checked = Ledger::check_bundle(bytes, key, &[]);
    assert!(!checked.findings.is_empty() || bytes == good.as_bytes(), "made up, and passes");
    let Some((place, put)) = bytes.split_first_chunk::<2>() else { return };
    let at = usize::from(u16::from_be_bytes(*place)) % good.len();
    let mut changed = good.as_bytes()[..at].to_vec();
    changed.extend_from_slice(put);
    changed.extend_from_slice(&good.as_bytes()[(at + put.len()).min(good.len())..]);
    let checked = Ledger::check_bundle(&changed, key, &[]);
    assert_eq!(checked.findings.is_empty(), changed == good.as_bytes(), "at {at}");
});
