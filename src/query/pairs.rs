//! Walking over pairs: those of an actor, toward a target, or all, with the little that lists need of each.

use std::collections::{BTreeMap, BTreeSet};

use super::error::Error;
use super::snapshot::Snapshot;
use crate::projection::doing;
use crate::stance::{Rule, Value};

impl Snapshot<'_> {
    /// The canonical pairs, at K, that may have a counting entry: of an actor, toward a target, or all.
    pub(super) fn pairs(&self, actor: Option<i64>, target: Option<i64>) -> Result<BTreeSet<(i64, i64)>, Error> {
        let mut pairs = BTreeSet::new();
        match (actor, target) {
            (Some(actor), Some(target)) => {
                pairs.insert((self.world.canonical(actor)?, self.world.canonical(target)?));
            }
            (Some(actor), None) => {
                let class = self.world.class(actor)?;
                pairs.extend(self.targets_of(&class)?.into_iter().map(|target| (class.canonical, target)));
            }
            (None, Some(target)) => {
                let class = self.world.class(target)?;
                pairs.extend(self.actors_toward(&class)?.into_iter().map(|actor| (actor, class.canonical)));
            }
            (None, None) => {
                for slug in self.numbers("SELECT id FROM slug WHERE id > ?1", 0)? {
                    if self.world.canonical(slug)? == slug {
                        pairs.extend(self.pairs(Some(slug), None)?);
                    }
                }
            }
        }
        Ok(pairs)
    }

    /// Pairs with a definite side, of an actor or toward a target.
    pub(super) fn definite(&self, actor: Option<i64>, target: Option<i64>) -> Result<Vec<(i64, i64, Value)>, Error> {
        let mut pairs = Vec::new();
        if self.is_present {
            for (actor, target, value) in self.stored_values(actor, target)? {
                pairs.extend(Value::from_number(value).filter(|value| value.definite().is_some()).map(|value| (actor, target, value)));
            }
        } else {
            self.every_fold(actor, target, |actor, target, fold| {
                let value = fold.standing(self.when.rule).value;
                pairs.extend(value.definite().map(|_| (actor, target, value)));
                Ok(())
            })?;
        }
        Ok(pairs)
    }

    /// How many actors hold which stance toward a target; those without one are not counted.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn tally(&self, target: i64) -> Result<BTreeMap<Value, u64>, Error> {
        let target = self.world.canonical(target)?;
        let mut tally = BTreeMap::new();
        let mut count = |value: Value| {
            if value != Value::None {
                *tally.entry(value).or_default() += 1;
            }
        };
        if self.is_present {
            let stored = self.stored_values(None, Some(target))?;
            stored.into_iter().filter_map(|(_, _, value)| Value::from_number(value)).for_each(&mut count);
        } else {
            self.every_fold(None, Some(target), |_, _, fold| {
                count(fold.standing(self.when.rule).value);
                Ok(())
            })?;
        }
        Ok(tally)
    }

    pub(super) fn stored_values(&self, actor: Option<i64>, target: Option<i64>) -> Result<Vec<(i64, i64, i64)>, Error> {
        let reads = doing("reading standings");
        let column = match self.when.rule {
            Rule::Latest => "l_value",
            Rule::Majority => "m_value",
        };
        let (of, key) = match (actor, target) {
            (Some(actor), _) => ("actor = ?1", actor),
            (None, Some(target)) => ("target = ?1", target),
            (None, None) => ("actor > ?1", 0),
        };
        let sql = format!("SELECT actor, target, {column} FROM standing WHERE {of}");
        let mut statement = self.views.connection().prepare_cached(&sql).map_err(reads)?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        Ok(statement.query_map([key], read).and_then(Iterator::collect).map_err(reads)?)
    }
}
