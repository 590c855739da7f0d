//! An ICEWS file: each row is told once, as a fact or as refused, and the same the second time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stancelog::exchange::{Encoding, icews};

fuzz_target!(|bytes: &[u8]| {
    stancelog_fuzz::told(|| icews::facts(bytes, Encoding::Utf8), bytes);
});
