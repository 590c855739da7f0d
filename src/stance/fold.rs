//! The fold: the entries of one pair, in valid order, day by day, to its stance under both rules.
//!
//! There is one fold. An answer at the present is its state as a projection keeps it, an answer at another time is the
//! same fold over fewer entries. Its size does not grow with the number of entries: a tier keeps the sums of at most 90
//! days, a rule the change that is still open.

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::tier::{DaySum, TierDays};
use super::value::{Change, Deciding, Grade, Order, Rule, Sides, Value};
use crate::event::{Day, Micros, Side, Tier};

/// What a pair's entries come to under one rule.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Standing {
    /// The stance.
    pub value: Value,
    /// The tier that decides: `spoken` for a neutral without a side, nothing for `none`.
    pub basis: Option<Tier>,
    /// The day of the last change.
    pub since: Option<Day>,
    /// Which entries decide.
    pub deciding: Option<Deciding>,
    /// The last point that a deciding entry may have happened at.
    pub latest: Option<Micros>,
    /// Whether declared and enacted entries, each alone, are on opposite sides.
    pub gap: bool,
    /// Confirmed full flips.
    pub flips: u32,
    /// Changes whose order is unknown.
    pub unknown: u32,
    /// How many entries decide.
    pub decided: u32,
}

impl Standing {
    /// The last day of what decides.
    pub fn last(&self) -> Option<Day> {
        self.deciding.map(|deciding| deciding.to)
    }

    /// Whether what decides had certainly begun and ended by the end of `as_of`.
    pub fn certain(&self, as_of: Option<Micros>) -> bool {
        match (as_of, self.latest) {
            (Some(end), Some(latest)) => latest <= end,
            (None, _) | (_, None) => true,
        }
    }
}

/// One rule's history up to, but without, the day that is still open.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
struct Track {
    value: Value,
    basis: Option<Tier>,
    /// The last point that a deciding entry may have happened at.
    latest: Option<Micros>,
    /// The last definite side taken on the present basis.
    side: Option<Side>,
    /// The last change; open, as later days may confirm it.
    change: Option<Change>,
    /// Confirmed full flips before that change.
    flips: u32,
    /// Changes of unknown order, that one included.
    unknown: u32,
}

/// What decides over all entries.
struct Decided {
    basis: Option<Tier>,
    deciding: Option<Deciding>,
    value: Value,
    /// The last point that a deciding entry may have happened at.
    latest: Option<Micros>,
    /// How many entries decide.
    count: u32,
}

impl Track {
    const START: Track = Track { value: Value::None, basis: None, latest: None, side: None, change: None, flips: 0, unknown: 0 };
}

/// The fold of one pair.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Fold {
    counts: [u64; 6],
    tiers: [TierDays; 4],
    spoken: Option<DaySum>,
    day: Option<Day>,
    tracks: [Track; 2],
    #[serde(skip)]
    closed: [Vec<Change>; 2],
}

impl Default for Fold {
    fn default() -> Self {
        let tiers = std::array::from_fn(|_| TierDays::default());
        let closed = [Vec::new(), Vec::new()];
        Self { counts: [0; 6], tiers, spoken: None, day: None, tracks: [Track::START; 2], closed }
    }
}

impl Fold {
    /// Folds entries that are in valid order.
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut fold = Self::default();
        for entry in entries {
            fold.add(&entry);
        }
        fold
    }

    /// The stance that entries in valid order come to under a rule: that of their fold, found without its history.
    pub fn value_of(entries: impl IntoIterator<Item = Entry>, rule: Rule) -> Value {
        let mut fold = Self::default();
        entries.into_iter().for_each(|entry| fold.count(&entry));
        fold.decided(rule).value
    }

    /// Whether an entry of this day can still be added: none of a later day has been.
    pub fn accepts(&self, day: Day) -> bool {
        self.day.is_none_or(|open| open <= day)
    }

    /// Takes in an entry of the open day or of a later one (see [`Fold::accepts`]).
    pub fn add(&mut self, entry: &Entry) {
        debug_assert!(self.accepts(entry.day()), "BUG: entries come day by day");
        if self.day != Some(entry.day()) {
            self.close_day();
            self.day = Some(entry.day());
        }
        self.count(entry);
    }

    /// Counts an entry in its tier.
    fn count(&mut self, entry: &Entry) {
        self.counts[entry.tier.index()] += 1;
        match entry.tier {
            Tier::Declared | Tier::Enacted | Tier::Intended | Tier::Implied => self.tiers[entry.tier.index()].add(entry),
            Tier::Spoken => match &mut self.spoken {
                Some(sum) if sum.day == entry.day() => sum.add(entry),
                Some(_) | None => self.spoken = Some(DaySum::of(entry)),
            },
            Tier::Contact => {}
        }
    }

    /// Counting entries per tier, strongest first.
    pub fn counts(&self) -> [u64; 6] {
        self.counts
    }

    /// How many entries count.
    pub fn events(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// What the entries come to.
    pub fn standing(&self, rule: Rule) -> Standing {
        let (track, _) = self.after_day(rule);
        let Decided { basis, deciding, count: decided, .. } = self.decided(rule);
        let [declared, enacted] = [Tier::Declared, Tier::Enacted].map(|tier| self.tiers[tier.index()].answer(rule));
        let gap = matches!((declared, enacted), (Some(words), Some(deeds)) if words.value.opposes(deeds.value));
        let flips = track.flips + u32::from(track.change.is_some_and(|change| change.is_confirmed_full()));
        Standing {
            value: track.value,
            basis,
            since: track.change.map(|c| c.at),
            deciding,
            latest: track.latest,
            gap,
            flips,
            unknown: track.unknown,
            decided,
        }
    }

    /// What the entries of one deciding tier alone come to, and which of them decide it.
    pub fn tier_alone(&self, tier: Tier, rule: Rule) -> Option<(Value, Deciding)> {
        let answer = self.tiers.get(tier.index())?.answer(rule)?;
        Some((answer.value, Deciding { tier, from: answer.from, to: answer.to, sides: answer.sides }))
    }

    /// The changes of stance in valid order: all of a fold from the start, or those since the open one of a fold that was
    /// stored (the open one included).
    pub fn changes(&self, rule: Rule) -> Vec<Change> {
        let (track, closed) = self.after_day(rule);
        let mut changes = self.closed[rule.index()].clone();
        changes.extend(closed);
        changes.extend(track.change);
        changes
    }

    /// From which day on [`Fold::changes`] of this stored fold may still differ later.
    pub fn open_from(&self, rule: Rule) -> Option<Day> {
        self.tracks[rule.index()].change.map(|change| change.at)
    }

    /// What decides over everything added so far.
    fn decided(&self, rule: Rule) -> Decided {
        for tier in Tier::DECIDING {
            if let Some(answer) = self.tiers[tier.index()].answer(rule) {
                let deciding = Deciding { tier, from: answer.from, to: answer.to, sides: answer.sides };
                let (value, latest, count) = (answer.value, Some(answer.latest), answer.count);
                return Decided { basis: Some(tier), deciding: Some(deciding), value, latest, count };
            }
        }
        let Some(sum) = &self.spoken else { return Decided { basis: None, deciding: None, value: Value::None, latest: None, count: 0 } };
        let deciding = Some(Deciding { tier: Tier::Spoken, from: sum.day, to: sum.day, sides: Sides::ALL });
        let (latest, count) = (Some(sum.latest(Sides::ALL)), sum.count(Sides::ALL));
        Decided { basis: Some(Tier::Spoken), deciding, value: Value::Neutral, latest, count }
    }

    /// Closes the open day under both rules.
    fn close_day(&mut self) {
        for rule in [Rule::Latest, Rule::Majority] {
            let (track, closed) = self.after_day(rule);
            self.tracks[rule.index()] = track;
            self.closed[rule.index()].extend(closed);
        }
    }

    /// The track as it is after the open day, and the change that this day's change closes.
    fn after_day(&self, rule: Rule) -> (Track, Option<Change>) {
        let before = self.tracks[rule.index()];
        let Some(day) = self.day else { return (before, None) };
        let Decided { basis, value, latest, .. } = self.decided(rule);
        let mut after = Track { value, basis, latest, ..before };
        if basis != before.basis {
            after.side = None;
        }
        let mut closed = None;
        if value != before.value {
            closed = before.change;
            after.flips += u32::from(before.change.is_some_and(|change| change.is_confirmed_full()));
            let change = self.change(day, before, after);
            after.unknown += u32::from(change.order == Order::Unknown);
            after.change = Some(change);
        }
        if let Some(change) = &mut after.change {
            self.confirm(rule, day, change);
        }
        after.side = value.definite().or(after.side);
        (after, closed)
    }

    fn change(&self, day: Day, before: Track, after: Track) -> Change {
        let first = self.sum_on(after.basis, day).map(DaySum::earliest);
        let order = match (before.latest, first) {
            (Some(last), Some(first)) if last >= first => Order::Unknown,
            (Some(_), Some(_)) | (None, _) | (_, None) => Order::Certain,
        };
        let flips = before.basis == after.basis && matches!(after.basis, Some(Tier::Declared | Tier::Enacted)) && order == Order::Certain;
        let other_side = match (before.side, after.value.definite()) {
            (Some(old), Some(new)) => old != new,
            (None, _) | (_, None) => false,
        };
        let flip = flips.then_some(if other_side { Grade::Full } else { Grade::Half });
        let basis = (before.basis, after.basis);
        Change { at: day, from: before.value, to: after.value, basis, order, flip, taken: 0, formal: false }
    }

    /// Counts the day toward the change, where it takes the change's new side.
    fn confirm(&self, rule: Rule, day: Day, change: &mut Change) {
        let Some(sum) = self.sum_on(change.basis.1, day) else { return };
        change.taken += u32::from(sum.takes(rule) == change.to);
        change.formal |= sum.takes_formally(change.to, rule);
    }

    fn sum_on(&self, basis: Option<Tier>, day: Day) -> Option<&DaySum> {
        match basis? {
            Tier::Spoken => self.spoken.as_ref().filter(|sum| sum.day == day),
            Tier::Contact => None,
            tier @ (Tier::Declared | Tier::Enacted | Tier::Intended | Tier::Implied) => self.tiers[tier.index()].on(day),
        }
    }
}
