//! A date in EDTF: its text is kept, its bounds are in order, and the days that are derived read back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stancelog::event::{Day, Micros, Occurred};

fuzz_target!(|text: &str| {
    match Occurred::parse(text) {
        Ok(at) => {
            assert!(at.earliest() <= at.latest(), "{text}");
            let again = Occurred::parse(&at.to_string()).expect("what is shown can be read");
            assert_eq!(again, at);
            let day = at.earliest().day();
            assert!(day.first() <= at.earliest() && (at.earliest() == Micros::MIN || at.earliest() <= day.last()), "{text}");
            let written = day.to_string();
            if let Some(read) = Day::parse(&written).filter(|_| written.len() == 10) {
                assert_eq!(read, day);
            }
        }
        Err(error) => assert!(error.offset <= text.len(), "{error:?}"),
    }
});
