//! The scale of time: which stretch of it a chart shows, and where on the paper a point of it stands.

use crate::event::{Day, Micros};

/// Microseconds in a day.
const DAY_US: f64 = 86_400_000_000.0;

/// The stretch of time that a chart shows.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Stretch {
    /// Nothing where no date is known at all.
    bounds: Option<(f64, f64)>,
    has_hours: bool,
}

impl Stretch {
    /// The stretch that holds all known ends of some intervals up to `until`, where that is given, with a little air.
    pub(super) fn of(intervals: impl IntoIterator<Item = (Micros, Micros)>, until: Option<Micros>) -> Self {
        let (mut least, mut greatest, mut has_hours) = (Micros::MAX, Micros::MIN, false);
        for (earliest, latest) in intervals {
            let known = [earliest, latest].into_iter().filter(|end| *end != Micros::MIN && *end != Micros::MAX);
            for end in known {
                (least, greatest) = (least.min(end), greatest.max(end));
            }
            has_hours |= earliest != Micros::MIN && latest != Micros::MAX && (latest.0 as f64 - earliest.0 as f64) < DAY_US / 2.0;
        }
        if least > greatest {
            return Self { bounds: None, has_hours };
        }
        // What may have happened after the time asked reaches beyond it, and is cut there.
        let greatest = until.filter(|end| *end != Micros::MAX && *end >= least).unwrap_or(greatest);
        let (from, to) = (least.0 as f64, greatest.0 as f64);
        let air = ((to - from) * 0.02).max(DAY_US / 48.0);
        Self { bounds: Some((from - air, to + air)), has_hours }
    }

    /// The same stretch between two places on the paper.
    pub(super) fn between(self, left: f64, right: f64) -> Scale {
        let (from, to) = self.bounds.unwrap_or((0.0, DAY_US));
        Scale { from, to, left, right, is_dated: self.bounds.is_some(), has_hours: self.has_hours }
    }
}

/// A stretch of time on the paper.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Scale {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) left: f64,
    pub(super) right: f64,
    /// Whether any date is known.
    pub(super) is_dated: bool,
    /// Whether any date is known to the hour.
    pub(super) has_hours: bool,
}

impl Scale {
    /// Where a point stands; what lies outside stands at the edge.
    pub(super) fn x(&self, at: Micros) -> f64 {
        match at {
            Micros::MIN => self.left,
            Micros::MAX => self.right,
            Micros(us) => self.place(us as f64),
        }
    }

    /// The same for any number of microseconds.
    pub(super) fn place(&self, us: f64) -> f64 {
        let part = (us - self.from) / (self.to - self.from);
        self.left + part.clamp(0.0, 1.0) * (self.right - self.left)
    }

    /// Where a day begins.
    pub(super) fn day(&self, day: Day) -> f64 {
        self.x(day.first())
    }

    /// How wide it is.
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }
}

/// A length on the paper as it is written: to a tenth; what is less, nobody sees.
pub(super) fn px(length: f64) -> f64 {
    let rounded = (length * 10.0).round() / 10.0;
    // No minus in front of a zero.
    if rounded == 0.0 { 0.0 } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_ends_stand_at_the_edges_and_do_not_stretch_the_scale() {
        let day = |n: i32| (Day(n).first(), Day(n).last());
        let scale = Stretch::of([(Micros::MIN, Day(0).last()), day(10), (Day(5).first(), Micros::MAX)], None).between(100.0, 200.0);
        assert_eq!((scale.x(Micros::MIN), scale.x(Micros::MAX)), (100.0, 200.0));
        assert!(scale.x(Day(0).last()) > 100.0 && scale.x(Day(10).last()) < 200.0);
        assert!(!Stretch::of([(Micros::MIN, Micros::MAX)], None).between(0.0, 1.0).is_dated);
        let cut = Stretch::of([day(0), (Day(1).first(), Day(900).last())], Some(Day(10).last())).between(0.0, 100.0);
        assert_eq!(cut.x(Day(800).first()), 100.0);
    }

    #[test]
    fn lengths_are_short() {
        assert_eq!([px(1.04), px(-0.01), px(12.0)].map(|length| length.to_string()), ["1", "0", "12"]);
    }
}
