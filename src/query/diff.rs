//! Differences: stances that differ between two times, in either time, and the events that caused it.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, Detail, Held};
use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::EventId;
use crate::projection::{Span, doing};
use crate::stance::Value;

/// A stance that differs.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct DiffItem {
    /// Whose.
    pub actor: String,
    /// Toward whom or what.
    pub target: String,
    /// What it was.
    pub from: Held,
    /// What it is.
    pub to: Held,
    /// The events that caused it: new ones that decide, or those that took old ones back, or that redefined what they mean.
    pub events: Vec<EventId>,
}

impl Snapshot<'_> {
    /// The stances that differ between an earlier time and this one, by slugs.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn differs_from(&self, earlier: &Snapshot<'_>) -> Result<Vec<DiffItem>, Error> {
        self.all_that_differ(earlier)?.into_iter().map(|pair| self.difference(earlier, pair)).collect()
    }

    /// A part of them, and how many there are: what caused them is looked up for the part alone.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn part_that_differs(&self, earlier: &Snapshot<'_>, skip: usize, limit: usize) -> Result<(Vec<DiffItem>, usize), Error> {
        let pairs = self.all_that_differ(earlier)?;
        let part = pairs.iter().skip(skip).take(limit);
        Ok((part.map(|pair| self.difference(earlier, *pair)).collect::<Result<_, _>>()?, pairs.len()))
    }

    /// The canonical pairs whose stance differs, in the order of their slugs.
    fn all_that_differ(&self, earlier: &Snapshot<'_>) -> Result<Vec<(i64, i64)>, Error> {
        let (before, after) = (earlier.values()?, self.values()?);
        let was_another = |(pair, value): &(&(i64, i64), &Value)| before.get(pair) != Some(value);
        let mut differ: Vec<(i64, i64)> = after.iter().filter(was_another).map(|(pair, _)| *pair).collect();
        // What was merged away in between, or does not count any more, has no stance then.
        differ.extend(before.keys().filter(|pair| !after.contains_key(pair)));
        self.by_slugs(differ)
    }

    /// The stances of all canonical pairs that have one.
    fn values(&self) -> Result<HashMap<(i64, i64), Value>, Error> {
        let mut values = HashMap::new();
        let mut note = |actor, target, value| (value != Value::None).then(|| values.insert((actor, target), value));
        if self.is_present {
            for (actor, target, value) in self.stored_values(None, None)? {
                note(actor, target, Value::from_number(value).unwrap_or(Value::None));
            }
        } else {
            self.every_fold(None, None, |actor, target, fold| {
                note(actor, target, fold.standing(self.when.rule).value);
                Ok(())
            })?;
        }
        Ok(values)
    }

    fn by_slugs(&self, pairs: Vec<(i64, i64)>) -> Result<Vec<(i64, i64)>, Error> {
        let mut named = Vec::new();
        for (actor, target) in pairs {
            named.push((self.slug(actor)?, self.slug(target)?, (actor, target)));
        }
        named.sort();
        Ok(named.into_iter().map(|(_, _, pair)| pair).collect())
    }

    /// Those among some canonical pairs whose stance differs, by slugs.
    pub(super) fn differs_within(&self, earlier: &Snapshot<'_>, pairs: BTreeSet<(i64, i64)>) -> Result<Vec<DiffItem>, Error> {
        self.differing(earlier, pairs)?.into_iter().map(|pair| self.difference(earlier, pair)).collect()
    }

    /// The pairs among some whose stance differs, in the order of their slugs.
    fn differing(&self, earlier: &Snapshot<'_>, pairs: BTreeSet<(i64, i64)>) -> Result<Vec<(i64, i64)>, Error> {
        let mut found = Vec::new();
        for (actor, target) in pairs {
            // A pair is asked under the slugs that both times know; what was merged away in between has no stance then.
            if self.value(actor, target)? != earlier.value(actor, target)? {
                found.push((actor, target));
            }
        }
        self.by_slugs(found)
    }

    fn difference(&self, earlier: &Snapshot<'_>, (actor, target): (i64, i64)) -> Result<DiffItem, Error> {
        let (before, after) = (earlier.exactly(actor, target)?, self.exactly(actor, target)?);
        let events = self.causes(earlier, (actor, target), (&before, &after))?;
        Ok(DiffItem { actor: self.slug(actor)?, target: self.slug(target)?, from: before.held(), to: after.held(), events })
    }

    /// The stance of a pair under just these slugs: none where one of them redirects to another.
    fn value(&self, actor: i64, target: i64) -> Result<Value, Error> {
        if !self.stand_for_themselves(actor, target)? {
            return Ok(Value::None);
        }
        Ok(self.fold(&*self.world.class(actor)?, &*self.world.class(target)?)?.standing(self.when.rule).value)
    }

    fn exactly(&self, actor: i64, target: i64) -> Result<Answer, Error> {
        let mut answer = self.answer(actor, target, Detail::Full)?;
        if !self.stand_for_themselves(actor, target)? {
            (answer.stance, answer.basis, answer.since) = (Value::None, None, None);
            answer.decided_by.clear();
        }
        Ok(answer)
    }

    fn stand_for_themselves(&self, actor: i64, target: i64) -> Result<bool, Error> {
        Ok(self.world.canonical(actor)? == actor && self.world.canonical(target)? == target)
    }

    fn causes(&self, earlier: &Snapshot<'_>, pair: (i64, i64), answers: (&Answer, &Answer)) -> Result<Vec<EventId>, Error> {
        let (before, after) = answers;
        let is_new = |id: &&EventId| !before.decided_by.contains(id);
        let mut causes: BTreeSet<i64> = BTreeSet::new();
        for id in after.decided_by.iter().filter(is_new) {
            if let Some(row) = self.reader.by_id(*id)? {
                let recorded_between = row.seq > earlier.world.known;
                let happened_between = earlier.world.known == self.world.known;
                if recorded_between || happened_between {
                    causes.insert(row.seq.0);
                }
            }
        }
        for id in before.decided_by.iter().filter(|id| !after.decided_by.contains(id)) {
            if let Some(row) = self.reader.by_id(*id)? {
                let by = self.world.put_out_by(row.seq.0)?;
                causes.extend(by.into_iter().filter(|seq| *seq > earlier.world.known).map(|seq| seq.0));
            }
        }
        if causes.is_empty() {
            causes.extend(self.definitions_between(earlier, pair)?);
        }
        causes.into_iter().map(|seq| self.id(seq)).collect()
    }

    /// What was defined, merged or taken back of either between two places in the log, as far as it concerns a pair.
    fn definitions_between(&self, earlier: &Snapshot<'_>, (actor, target): (i64, i64)) -> Result<BTreeSet<i64>, Error> {
        let mut seqs = BTreeSet::new();
        let mut slugs = BTreeSet::new();
        for world in [&earlier.world, &self.world] {
            let (of, toward) = (world.class(actor)?, world.class(target)?);
            slugs.extend(of.members.iter().chain(&toward.members).copied());
            let mut entries = Vec::new();
            world.entries(&of, &toward, Span::ALL, |entry| entries.push(entry.seq))?;
            for seq in entries {
                if let Some((_, event)) = self.event(seq)?
                    && let crate::event::Body::Stance(stance) = event.body
                {
                    seqs.extend(self.definitions_of_action(&stance.action)?);
                }
            }
        }
        for slug in slugs {
            let merged = "SELECT seq FROM merge WHERE from_slug = ?1 UNION SELECT seq FROM merge WHERE into_slug = ?1 \
                          UNION SELECT seq FROM stands_for WHERE motion = ?1 OR target = ?1";
            seqs.extend(self.numbers(merged, slug)?);
        }
        let mut with_retractions = seqs.clone();
        for seq in &seqs {
            with_retractions.extend(self.numbers("SELECT by FROM supersession WHERE target = ?1", *seq)?);
        }
        with_retractions.retain(|seq| *seq > earlier.world.known.0 && *seq <= self.world.known.0);
        Ok(with_retractions)
    }

    fn definitions_of_action(&self, action: &str) -> Result<Vec<i64>, Error> {
        let reads = doing("reading the vocabulary");
        let sql = "SELECT seq FROM action_definition JOIN action ON action.id = action_definition.action WHERE action.action = ?1";
        let mut statement = self.views.connection().prepare_cached(sql).map_err(reads)?;
        Ok(statement.query_map([action], |row| row.get(0)).and_then(Iterator::collect).map_err(reads)?)
    }
}
