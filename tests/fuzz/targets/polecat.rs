//! A POLECAT file: each row is told once, as a fact or as refused, and the same the second time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stancelog::exchange::{Encoding, polecat};

fuzz_target!(|bytes: &[u8]| {
    stancelog_fuzz::told(|| polecat::facts(bytes, Encoding::Utf8), bytes);
});
