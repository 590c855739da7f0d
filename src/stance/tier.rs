//! One tier of a pair: its recent days, summed, and what they say under each rule.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::value::{Rule, Sides, Value};
use crate::event::{Day, Micros, Side};

/// How many days, the last one included, the rule `majority` looks at.
pub const WINDOW_DAYS: i32 = 90;

/// The entries of one tier on one day, summed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct DaySum {
    pub(super) day: Day,
    /// Entries by side.
    count: [u32; 4],
    /// Which sides have a formal entry, as bits.
    formal: u8,
    /// The last point that an entry of the side may have happened at, where that is not the day's end.
    late: [Option<Micros>; 4],
    /// The first point of the day's entries, where that is after the day's beginning.
    early: Option<Micros>,
}

impl DaySum {
    pub(super) fn of(entry: &Entry) -> Self {
        let early = (entry.earliest > entry.day().first()).then_some(entry.earliest);
        let mut sum = Self { day: entry.day(), count: [0; 4], formal: 0, late: [None; 4], early };
        sum.add(entry);
        sum
    }

    pub(super) fn add(&mut self, entry: &Entry) {
        // A tier without sides keeps its sums under `neutral`.
        let side = entry.side.unwrap_or(Side::Neutral).index();
        let before = if self.count[side] == 0 { Micros::MIN } else { self.late[side].unwrap_or(self.day.last()) };
        let latest = before.max(entry.latest);
        self.late[side] = (latest != self.day.last()).then_some(latest);
        self.count[side] += 1;
        self.formal |= u8::from(entry.formal) << side;
        let early = (entry.earliest > self.day.first()).then_some(entry.earliest);
        self.early = self.early.min(early);
    }

    /// The first point that an entry of the day may have happened at.
    pub(super) fn earliest(&self) -> Micros {
        self.early.unwrap_or(self.day.first())
    }

    /// The last point that an entry with one of the sides may have happened at.
    pub(super) fn latest(&self, sides: Sides) -> Micros {
        let present = sides.iter().filter(|side| self.has(*side));
        present.map(|side| self.late[side.index()].unwrap_or(self.day.last())).max().unwrap_or(Micros::MIN)
    }

    /// How many entries have one of the sides.
    pub(super) fn count(&self, sides: Sides) -> u32 {
        sides.iter().map(|side| self.count[side.index()]).sum()
    }

    fn has(&self, side: Side) -> bool {
        self.count[side.index()] > 0
    }

    /// +1, 0 or −1: whether favor or against prevails on the day.
    fn sign(&self) -> i32 {
        let [favor, against, ..] = self.count;
        i32::from(favor > against) - i32::from(favor < against)
    }

    /// What the day alone says: a side beats abstain, abstain beats neutral, both sides are mixed.
    pub(super) fn outcome(&self) -> (Value, Sides) {
        match (self.has(Side::Favor), self.has(Side::Against)) {
            (true, true) => (Value::Mixed, Sides::of(&[Side::Favor, Side::Against])),
            (true, false) => (Value::Favor, Sides::of(&[Side::Favor])),
            (false, true) => (Value::Against, Sides::of(&[Side::Against])),
            (false, false) if self.has(Side::Abstain) => (Value::Abstain, Sides::of(&[Side::Abstain])),
            (false, false) => (Value::Neutral, Sides::of(&[Side::Neutral])),
        }
    }

    /// The value that the day takes, as the rule weighs a day.
    pub(super) fn takes(&self, rule: Rule) -> Value {
        match (rule, self.sign()) {
            (Rule::Majority, 1..) => Value::Favor,
            (Rule::Majority, ..=-1) => Value::Against,
            (Rule::Majority, 0) | (Rule::Latest, _) => self.outcome().0,
        }
    }

    /// Whether the value is taken on this day by a formal act.
    pub(super) fn takes_formally(&self, value: Value, rule: Rule) -> bool {
        let formal = |side: Side| self.formal & (1 << side.index()) != 0;
        match value {
            Value::Favor => formal(Side::Favor),
            Value::Against => formal(Side::Against),
            Value::Abstain => formal(Side::Abstain),
            Value::Neutral => formal(Side::Neutral),
            Value::Mixed => self.takes(rule) == Value::Mixed && (formal(Side::Favor) || formal(Side::Against)),
            Value::None => false,
        }
    }
}

/// What one tier alone says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct TierAnswer {
    pub(super) value: Value,
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) sides: Sides,
    /// The last point that a deciding entry may have happened at.
    pub(super) latest: Micros,
    /// How many entries decide.
    pub(super) count: u32,
}

/// The recent days of one tier, oldest first: those that the window of its last day holds.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(super) struct TierDays {
    days: VecDeque<DaySum>,
}

impl TierDays {
    /// Takes in an entry of the last day or of a later one.
    pub(super) fn add(&mut self, entry: &Entry) {
        let day = entry.day();
        if let Some(last) = self.days.back_mut().filter(|last| last.day == day) {
            last.add(entry);
            return;
        }
        self.days.push_back(DaySum::of(entry));
        let first = day.minus(WINDOW_DAYS - 1);
        while self.days.front().is_some_and(|oldest| oldest.day < first) {
            self.days.pop_front();
        }
    }

    /// The sums of a day, if it is the last one.
    pub(super) fn on(&self, day: Day) -> Option<&DaySum> {
        self.days.back().filter(|last| last.day == day)
    }

    /// What the tier says; nothing where it has no entry.
    pub(super) fn answer(&self, rule: Rule) -> Option<TierAnswer> {
        match rule {
            Rule::Latest => self.latest(),
            Rule::Majority => self.majority(),
        }
    }

    fn latest(&self) -> Option<TierAnswer> {
        let last = self.days.back()?;
        let (value, sides) = last.outcome();
        Some(TierAnswer { value, from: last.day, to: last.day, sides, latest: last.latest(sides), count: last.count(sides) })
    }

    fn majority(&self) -> Option<TierAnswer> {
        let to = self.days.back()?.day;
        let signs = || self.days.iter().map(DaySum::sign);
        let favor = signs().filter(|sign| *sign > 0).count();
        let signed = signs().filter(|sign| *sign != 0).count();
        let value = match signed {
            0 => Value::Mixed,
            _ if 3 * favor >= 2 * signed => Value::Favor,
            _ if 3 * favor <= signed => Value::Against,
            _ => Value::Mixed,
        };
        let takes_sides = self.days.iter().any(|day| day.has(Side::Favor) || day.has(Side::Against));
        let sides = if takes_sides { Sides::of(&[Side::Favor, Side::Against]) } else { Sides::ALL };
        let decides = |day: &&DaySum| sides.iter().any(|side| day.has(side));
        let latest = self.days.iter().filter(decides).map(|day| day.latest(sides)).max()?;
        Some(TierAnswer {
            value,
            from: to.minus(WINDOW_DAYS - 1),
            to,
            sides,
            latest,
            count: self.days.iter().map(|day| day.count(sides)).sum(),
        })
    }
}
