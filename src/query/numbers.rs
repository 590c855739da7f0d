//! Numbers through time: how many actors hold which stance toward a target, day by day, and who holds it at the end.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::Day;
use crate::stance::{Fold, Value};

/// How many actors hold which stance after a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TallyPoint {
    /// The day; open for those who have held a stance since before all days.
    pub at: Day,
    counts: [u64; Value::ALL.len()],
}

impl TallyPoint {
    /// How many hold a stance; whoever holds none is not counted.
    pub fn count(&self, value: Value) -> u64 {
        self.counts[value.index()]
    }

    /// How many hold any.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// Those who hold one stance.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holders {
    /// The stance.
    pub value: Value,
    /// How many they are.
    pub count: u64,
    /// The names of those with the most events, the most first; not more than were asked for.
    pub names: Vec<String>,
}

/// How the numbers for and against a target moved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Numbers {
    /// The target's slug.
    pub target: String,
    /// Its name.
    pub target_name: String,
    /// The numbers after each day on which somebody's stance changed, by day.
    pub points: Vec<TallyPoint>,
    /// Who holds what in the end, in the order of [`Value::ALL`].
    pub holders: Vec<Holders>,
}

/// What the folds of all actors come to.
#[derive(Default)]
struct Gathered {
    moves: BTreeMap<Day, [i64; Value::ALL.len()]>,
    /// Those who hold each stance, with how many events of theirs count.
    held: BTreeMap<Value, Vec<(Reverse<u64>, i64)>>,
}

impl Gathered {
    fn add(&mut self, actor: i64, fold: &Fold, snapshot: &Snapshot<'_>) {
        let mut value = Value::None;
        for change in fold.changes(snapshot.when.rule) {
            let moved = self.moves.entry(change.at).or_default();
            moved[change.from.index()] -= 1;
            moved[change.to.index()] += 1;
            value = change.to;
        }
        if value != Value::None {
            self.held.entry(value).or_default().push((Reverse(fold.events()), actor));
        }
    }

    fn points(&self) -> Vec<TallyPoint> {
        let mut counts = [0_i64; Value::ALL.len()];
        let mut points = Vec::with_capacity(self.moves.len());
        for (at, moved) in &self.moves {
            for (count, by) in counts.iter_mut().zip(moved) {
                *count += by;
            }
            let mut tally = counts.map(|count| u64::try_from(count).unwrap_or(0));
            tally[Value::None.index()] = 0;
            points.push(TallyPoint { at: *at, counts: tally });
        }
        points
    }
}

impl Snapshot<'_> {
    /// How the numbers for and against a target moved, with at most so many names of those who hold each stance.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn numbers_toward(&self, target: i64, names: usize) -> Result<Numbers, Error> {
        let target = self.world.class(target)?;
        let mut gathered = Gathered::default();
        self.every_fold(None, Some(target.canonical), |actor, _, fold| {
            gathered.add(actor, fold, self);
            Ok(())
        })?;
        let (points, toward) = (gathered.points(), self.slug(target.canonical)?);
        let mut holders = Vec::new();
        for (value, mut actors) in gathered.held {
            let count = actors.len() as u64;
            if actors.len() > names {
                actors.select_nth_unstable(names);
                actors.truncate(names);
            }
            actors.sort_unstable();
            let names = actors.into_iter().map(|(_, actor)| self.called(actor)).collect::<Result<_, _>>()?;
            holders.push(Holders { value, count, names });
        }
        Ok(Numbers { target: toward, target_name: self.called(target.canonical)?, points, holders })
    }
}
