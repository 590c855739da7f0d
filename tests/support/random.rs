//! Random numbers from a seed that is told, so that a failing run can be run again.

use std::hash::{BuildHasher, RandomState};

/// A stream of random numbers (SplitMix64).
pub struct Random(u64);

impl Random {
    /// Numbers of a fresh seed, or of the one in `STANCELOG_SEED`; a failing test shows the seed.
    #[allow(clippy::print_stdout, reason = "the harness shows it where the test fails")]
    pub fn seeded(test: &str) -> Self {
        let seed = std::env::var("STANCELOG_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(test));
        println!("{test}: STANCELOG_SEED={seed}");
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
