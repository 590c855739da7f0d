//! A signed note, and the checkpoint in it: there is one spelling, which reads back as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stancelog::merkle::{Checkpoint, SignedNote};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(note) = SignedNote::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes, "there is one spelling");
        assert!(note.verify(&[]).is_err(), "nothing is proved without a key");
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(checkpoint) = text.parse::<Checkpoint>() {
        assert_eq!(checkpoint.to_string(), text, "there is one spelling");
    }
});
