//! The map of a table, and the table behind it: each row is told once, as a fact or as refused, whatever the map says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stancelog::exchange::{Encoding, Map, mapped};

fuzz_target!(|text: &str| {
    let (given, table) = text.split_once("\n---\n").unwrap_or((text, "Ann,backs,Tax,2024\n"));
    let Ok(map) = Map::parse(given) else { return };
    stancelog_fuzz::told(|| mapped::facts(table.as_bytes(), Encoding::Utf8, &map), table.as_bytes());
});
