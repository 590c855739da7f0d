//! Comparisons: where two agree and differ, and who agrees with one most. Plain counts with what they rest on, no score.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, Detail, Held};
use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::Day;
use crate::stance::Value;

/// One target where both have a stance.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Shared {
    /// The target.
    pub target: String,
    /// Whether they agree; nothing where one of them takes no definite side.
    #[schema(required = true)]
    pub agree: Option<bool>,
    /// Since when it is so: the later of the two days.
    #[schema(required = true, value_type = Option<Day>)]
    pub since: Option<String>,
    /// Where the first stands.
    pub a: Held,
    /// Where the second stands.
    pub b: Held,
}

/// Where two agree and differ.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// The first.
    pub a: String,
    /// The second.
    pub b: String,
    /// Targets where both take a definite side: what the share rests on.
    pub both: u64,
    /// On how many of them they agree.
    pub agree: u64,
    /// On how many they differ.
    pub differ: u64,
    /// `agree` / `both`; nothing where `both` is 0.
    #[schema(required = true)]
    pub share: Option<f64>,
    /// Every target where both have a stance.
    pub targets: Vec<Shared>,
}

/// How often another takes the same side.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Ally {
    /// The other.
    pub actor: String,
    /// Targets where both take a definite side: what the share rests on.
    pub both: u64,
    /// On how many of them they agree.
    pub agree: u64,
    /// On how many they differ.
    pub differ: u64,
    /// `agree` / `both`.
    pub share: f64,
}

/// With fewer shared targets than this, nobody is called an ally or an opponent.
const ALLY_TARGETS: u64 = 3;

impl Snapshot<'_> {
    /// Where two agree and differ.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn compare(&self, a: i64, b: i64) -> Result<Comparison, Error> {
        let other: BTreeMap<String, Answer> =
            self.answers_of(b, Detail::Brief)?.into_iter().map(|answer| (answer.target.clone(), answer)).collect();
        let mut targets = Vec::new();
        for mine in self.answers_of(a, Detail::Brief)? {
            let Some(theirs) = other.get(&mine.target) else { continue };
            if mine.stance == Value::None || theirs.stance == Value::None || self.stands_for_others(&mine.target)? {
                continue;
            }
            let agree = mine.stance.definite().zip(theirs.stance.definite()).map(|(one, other)| one == other);
            // Days are written so that text order is their order; `..`, before all days, sorts first as well.
            let since = mine.since.clone().max(theirs.since.clone());
            targets.push(Shared { target: mine.target.clone(), agree, since, a: mine.held(), b: theirs.held() });
        }
        let count = |wanted: bool| targets.iter().filter(|shared| shared.agree == Some(wanted)).count() as u64;
        let (agree, differ) = (count(true), count(false));
        let both = agree + differ;
        let share = (both > 0).then(|| agree as f64 / both as f64);
        let slug = |number| self.world.canonical(number).map_err(Error::from).and_then(|number| self.slug(number));
        Ok(Comparison { a: slug(a)?, b: slug(b)?, both, agree, differ, share, targets })
    }

    /// Who takes the same side as an actor, most agreeing first; those with at least three shared targets.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn allies(&self, actor: i64) -> Result<Vec<Ally>, Error> {
        let actor = self.world.canonical(actor)?;
        let mut tally: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
        for (target, mine) in self.definite_of(actor)? {
            if !self.world.carries_to(target)?.is_empty() {
                continue;
            }
            for (other, theirs) in self.definite_toward(target)? {
                if other != actor {
                    let (agree, differ) = tally.entry(other).or_default();
                    if mine == theirs { *agree += 1 } else { *differ += 1 }
                }
            }
        }
        let mut allies = Vec::new();
        for (other, (agree, differ)) in tally {
            let both = agree + differ;
            if both >= ALLY_TARGETS {
                allies.push(Ally { actor: self.slug(other)?, both, agree, differ, share: agree as f64 / both as f64 });
            }
        }
        allies.sort_by(|a, b| b.share.total_cmp(&a.share).then(b.both.cmp(&a.both)).then_with(|| a.actor.cmp(&b.actor)));
        Ok(allies)
    }

    /// Whether a target is a motion that stands for something: votes on it count there, and are not counted twice.
    fn stands_for_others(&self, target: &str) -> Result<bool, Error> {
        match self.registry().slug(target)? {
            Some(known) => Ok(!self.world.carries_to(known.number)?.is_empty()),
            None => Ok(false),
        }
    }

    fn definite_of(&self, actor: i64) -> Result<Vec<(i64, Value)>, Error> {
        self.definite(Some(actor), None).map(|pairs| pairs.into_iter().map(|(_, target, value)| (target, value)).collect())
    }

    fn definite_toward(&self, target: i64) -> Result<Vec<(i64, Value)>, Error> {
        self.definite(None, Some(target)).map(|pairs| pairs.into_iter().map(|(actor, _, value)| (actor, value)).collect())
    }
}
