//! Dice: random numbers from a seed that is told, so that a failing run can be run again.

use super::random::Random;

/// Dice that stories are told by.
pub struct Dice(Random);

impl Dice {
    /// Fresh dice, or those of the seed in `STANCELOG_SEED`; a failing test shows the seed.
    pub fn roll() -> Self {
        Self(Random::seeded("dice"))
    }

    /// A number from 0 to before `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.number() % end as u64).unwrap()
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
