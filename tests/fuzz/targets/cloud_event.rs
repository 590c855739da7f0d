//! A CloudEvent: its id is the same each time, and what is derived does not pass for an event.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stancelog::ledger::Enveloped;

fuzz_target!(|text: &str| {
    let Some(enveloped) = Enveloped::parse(text) else { return };
    let again = Enveloped::parse(text).expect("the same text");
    assert_eq!(enveloped.event_id(), again.event_id());
    match enveloped.data() {
        Ok(data) => assert!(text.contains(data) && serde_json::from_str::<serde_json::Value>(data).is_ok()),
        Err(refusal) => assert!(["specversion", "type"].contains(&refusal.field.as_str()), "{refusal:?}"),
    }
});
