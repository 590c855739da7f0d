//! Votes, with what is known of the roll calls: each row is told once, as a fact or as refused, and the same the second time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stancelog::exchange::{Encoding, RollCalls, vote};

fuzz_target!(|text: &str| {
    let mut parts = text.split("\n---\n");
    let (votes, titles) = (parts.next().unwrap_or_default(), parts.next());
    let (motions, members) = (parts.next(), parts.next());
    let mut calls = RollCalls::of("assembly");
    let mut rejected = 0;
    if let Some(titles) = titles {
        let _ = calls.read_titles(titles.as_bytes(), Encoding::Utf8, |_| rejected += 1);
    }
    if let Some(motions) = motions {
        let _ = calls.read_motions(motions);
    }
    if let Some(members) = members {
        let _ = calls.read_members(members.as_bytes(), Encoding::Utf8, |_| rejected += 1);
    }
    assert!(rejected <= text.lines().count());
    stancelog_fuzz::told(|| vote::facts(votes.as_bytes(), Encoding::Utf8, &calls), votes.as_bytes());
});
