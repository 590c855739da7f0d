//! A list of entities, as JSON or as a table: each row is told once, as a fact or as refused, and the same the second time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stancelog::exchange::{Encoding, entity_list};

fuzz_target!(|bytes: &[u8]| {
    stancelog_fuzz::told(|| entity_list::facts(bytes, Encoding::Utf8), bytes);
});
