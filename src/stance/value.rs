//! The words that answers are made of: stance values, rules, grades of flips, an order in time.

use crate::event::{Day, Side, Tier, words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// What an actor holds toward a target.
    #[schemars(rename = "StanceValue")]
    Value {
        /// For it.
        Favor = "favor",
        /// Against it.
        Against = "against",
        /// Both, on what decides.
        Mixed = "mixed",
        /// Expressly not voting either way.
        Abstain = "abstain",
        /// Without a side, expressly or by speaking of it without taking one.
        Neutral = "neutral",
        /// Nothing is recorded that tells.
        None = "none",
    }
}

/// The same by the name that it has in descriptions: what is called `Value` alone is any JSON to the macro that makes them.
pub(crate) type StanceValue = Value;

impl Value {
    /// The value that a side alone gives.
    pub fn of_side(side: Side) -> Self {
        match side {
            Side::Favor => Value::Favor,
            Side::Against => Value::Against,
            Side::Neutral => Value::Neutral,
            Side::Abstain => Value::Abstain,
        }
    }

    /// The side, where the value is definitely one.
    pub fn definite(self) -> Option<Side> {
        match self {
            Value::Favor => Some(Side::Favor),
            Value::Against => Some(Side::Against),
            Value::Mixed | Value::Abstain | Value::Neutral | Value::None => None,
        }
    }

    /// Whether one is favor and the other against.
    pub fn opposes(self, other: Value) -> bool {
        matches!((self, other), (Value::Favor, Value::Against) | (Value::Against, Value::Favor))
    }
}

words! {
    /// How the events of the deciding tier are weighed.
    Rule {
        /// The tier's last day decides.
        Latest = "latest",
        /// Two thirds of the signed days of its last 90 days decide; for machine-coded data.
        Majority = "majority",
    }
}

words! {
    /// How far a flip goes.
    Grade {
        /// From one side to the other.
        Full = "full",
        /// To or from mixed, abstain or neutral.
        Half = "half",
    }
}

words! {
    /// Whether one thing certainly came before another.
    Order {
        /// It did.
        Certain = "certain",
        /// The dates do not tell.
        Unknown = "unknown",
    }
}

/// A set of sides.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sides(u8);

impl Sides {
    /// Every side.
    pub const ALL: Sides = Sides(0b1111);

    /// The set of these.
    pub fn of(sides: &[Side]) -> Self {
        Sides(sides.iter().fold(0, |mask, side| mask | (1 << side.index())))
    }

    /// Whether the side is in it.
    pub fn contains(self, side: Side) -> bool {
        self.0 & (1 << side.index()) != 0
    }

    /// The sides in it.
    pub fn iter(self) -> impl Iterator<Item = Side> {
        Side::ALL.iter().copied().filter(move |side| self.contains(*side))
    }
}

/// Which entries decide an answer: those of one tier, in a range of days, with one of some sides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deciding {
    /// Their tier; the basis of the answer, `spoken` for a neutral without one.
    pub tier: Tier,
    /// The first of the days.
    pub from: Day,
    /// The last of the days.
    pub to: Day,
    /// Their sides; not looked at for a tier that takes none.
    pub sides: Sides,
}

impl Deciding {
    /// Whether an entry of this tier and side on this day is among them.
    pub fn includes(&self, tier: Tier, side: Option<Side>, day: Day) -> bool {
        let side_fits = side.is_none_or(|side| self.sides.contains(side));
        tier == self.tier && self.from <= day && day <= self.to && side_fits
    }
}

/// One change of a stance: the day after which the answer differs from before.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change {
    /// The day.
    pub at: Day,
    /// The stance before.
    pub from: Value,
    /// The stance after.
    pub to: Value,
    /// The tier that decided before, and after.
    pub basis: (Option<Tier>, Option<Tier>),
    /// Whether what decided before certainly came before what decides now.
    pub order: Order,
    /// The grade, where the change is a flip.
    pub flip: Option<Grade>,
    /// On how many days the new side was taken before the next change.
    pub taken: u32,
    /// Whether it was taken by a formal act.
    pub formal: bool,
}

impl Change {
    /// Whether a flip is confirmed: the new side taken on two days, or by a formal act.
    pub fn confirmed(&self) -> bool {
        self.taken >= 2 || self.formal
    }

    /// Whether it is a confirmed full flip.
    pub fn is_confirmed_full(&self) -> bool {
        self.flip == Some(Grade::Full) && self.confirmed()
    }
}
