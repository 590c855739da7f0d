//! A line of JSON as an event: what is read is written in one way, and read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stancelog::event::{Event, EventId, explain, parse, parse_stored, stored_json};

fuzz_target!(|text: &str| {
    match parse(text) {
        Ok(draft) => {
            let id = draft.id.unwrap_or_else(|| EventId::from_bytes([7; 16]));
            let stored = stored_json(&draft.body, &draft.common).expect("what is read can be written");
            let Event { body, common, .. } = parse_stored(id, &stored).expect("what is written can be read");
            assert_eq!((&body, &common), (&draft.body, &draft.common));
            assert_eq!(stored_json(&body, &common).expect("again"), stored, "there is one spelling");
        }
        Err(error) => {
            let refusal = explain(text, &error);
            assert!(!refusal.message.is_empty());
            // A place that is told stands in the line, or at its end.
            let span = refusal.span.clone().unwrap_or_default();
            assert!(span.start <= text.len() + 1, "{span:?} of {}", text.len());
            let _ = refusal.column(text);
        }
    }
});
