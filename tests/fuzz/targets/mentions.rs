//! GDELT's mentions: each row is kept for its event or refused, and what is kept is found again, whole and in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stancelog::exchange::{Encoding, Mentions};

fuzz_target!(|bytes: &[u8]| {
    let mut mentions = Mentions::new().expect("a temporary file");
    let mut refused = 0;
    let read = mentions.read(bytes, Encoding::Utf8, |bad| {
        assert!(bad.line > 0 && !bad.kind.is_empty() && !bad.reason.message.is_empty(), "{bad:?}");
        refused += bad.rows;
    });
    let lines = bytes.split(|byte| *byte == b'\n').count() as u64;
    let is_packed = bytes.starts_with(&[0x1f, 0x8b]) || bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    let mut kept = 0;
    for event in numbers(bytes) {
        let found = mentions.of(event).expect("what was written can be read");
        assert!(found.len() <= 100 && found.iter().all(|one| one.url.is_some() != one.source.is_some()), "{found:?}");
        kept += found.len() as u64;
    }
    // A packed file has more lines than it seems to; one that cannot be read on keeps what came before.
    assert!(is_packed || read.is_err() || kept + refused <= lines, "{kept} kept, {refused} refused of {lines} lines");
});

/// The numbers that lines begin with, each once: those of events.
fn numbers(bytes: &[u8]) -> std::collections::BTreeSet<u64> {
    let text = String::from_utf8_lossy(bytes);
    let digits = |line: &str| line.chars().take_while(char::is_ascii_digit).collect::<String>();
    text.lines().filter_map(|line| digits(line).parse().ok()).collect()
}
