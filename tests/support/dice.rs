//! Dice: random numbers from a seed that is told, so that a failing run can be run again.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A stream of random numbers (SplitMix64).
pub struct Dice(u64);

impl Dice {
    /// Fresh dice, or those of the seed in `STORY_SEED`; a failing test shows the seed.
    #[allow(clippy::print_stdout, reason = "the harness shows it where the test fails")]
    pub fn roll() -> Self {
        let fresh = || RandomState::new().build_hasher().finish();
        let seed = std::env::var("STORY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(fresh);
        println!("the seed of this run: STORY_SEED={seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to before `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    /// One of a list.
    pub fn one_of<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    /// Puts a list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}
