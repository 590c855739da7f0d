//! Reviews of claims, as JSON-LD or as a table: each is told once, as a fact or as refused, and the same the second time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stancelog::exchange::{Encoding, claim_review};

fuzz_target!(|bytes: &[u8]| {
    stancelog_fuzz::told(|| claim_review::facts(bytes, Encoding::Utf8, Some("Gazette")), bytes);
});
