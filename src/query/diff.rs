//! Differences: stances that differ between two times, in either time, and the events that caused it.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, Detail, Held};
use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::EventId;
use crate::projection::{Span, doing};
use crate::stance::{Entry, Fold, Rule, Value};

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

/// The pair that a sweep is at, with its entries as they count then and now.
#[derive(Default)]
struct Beside {
    pair: (i64, i64),
    entries: [Vec<Entry>; 2],
    /// Whether some of them count at one of the times only, or as something else.
    differ: bool,
}

impl Beside {
    fn add(&mut self, counts: [Option<Entry>; 2]) {
        self.differ |= counts[0] != counts[1];
        for (entries, entry) in self.entries.iter_mut().zip(counts) {
            entries.extend(entry);
        }
    }

    /// The pair, where its stance differs; empties the entries for the next one.
    fn pair_that_differs(&mut self, rule: Rule) -> Option<(i64, i64)> {
        let values = self.entries.each_mut().map(|entries| if self.differ { Fold::value_of(entries.drain(..), rule) } else { Value::None });
        self.entries.iter_mut().for_each(Vec::clear);
        self.differ = false;
        (values[0] != values[1]).then_some(self.pair)
    }
}

impl Snapshot<'_> {
    /// The stances that differ between an earlier time and this one, by slugs.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn differs_from(&self, earlier: &Snapshot<'_>) -> Result<Vec<DiffItem>, Error> {
        let pairs = self.part_by_slugs(self.all_that_differ(earlier)?, 0, usize::MAX)?;
        pairs.into_iter().map(|pair| self.difference(earlier, pair)).collect()
    }

    /// A part of them, and how many there are: what caused them is looked up for the part alone.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn part_that_differs(&self, earlier: &Snapshot<'_>, skip: usize, limit: usize) -> Result<(Vec<DiffItem>, usize), Error> {
        let pairs = self.all_that_differ(earlier)?;
        let count = pairs.len();
        let part = self.part_by_slugs(pairs, skip, limit)?.into_iter();
        Ok((part.map(|pair| self.difference(earlier, pair)).collect::<Result<_, _>>()?, count))
    }

    /// The canonical pairs whose stance differs, in no order: what was merged away in between, or does not count any more,
    /// has no stance then.
    fn all_that_differ(&self, earlier: &Snapshot<'_>) -> Result<Vec<(i64, i64)>, Error> {
        let mut apart = earlier.tangled_pairs(None)?;
        apart.extend(self.tangled_pairs(None)?);
        let mut differ = self.differing(earlier, apart)?;
        if self.is_present {
            self.add_that_differ_now(earlier, &mut differ)?;
            return Ok(differ);
        }
        let mut open = Beside::default();
        let spans = (Span::ALL.until(earlier.when.as_of), Span::ALL.until(self.when.as_of));
        self.world.sweep_beside(&earlier.world, spans, |actor, target, counts| {
            if open.pair != (actor, target) {
                differ.extend(open.pair_that_differs(self.when.rule));
                open = Beside { pair: (actor, target), ..std::mem::take(&mut open) };
            }
            open.add(counts);
            Ok::<(), Error>(())
        })?;
        differ.extend(open.pair_that_differs(self.when.rule));
        Ok(differ)
    }

    /// Adds the pairs without tangled slugs whose stance at the present, as the tables have it, was another.
    fn add_that_differ_now(&self, earlier: &Snapshot<'_>, differ: &mut Vec<(i64, i64)>) -> Result<(), Error> {
        let (tangled, mut now) = (self.world.tangled()?, HashMap::new());
        for (actor, target, number) in self.stored_values(None, None)? {
            let value = Value::from_number(number).filter(|value| *value != Value::None);
            if !tangled.contains(&actor) && !tangled.contains(&target) {
                now.extend(value.map(|value| ((actor, target), value)));
            }
        }
        let (mut pair, mut entries) = ((0, 0), Vec::new());
        let mut close = |pair, entries: &mut Vec<Entry>| {
            let value = Fold::value_of(entries.drain(..), self.when.rule);
            differ.extend((now.remove(&pair).unwrap_or(Value::None) != value).then_some(pair));
        };
        earlier.world.sweep(None, Span::ALL.until(earlier.when.as_of), |actor, target, entry| {
            if pair != (actor, target) {
                close(pair, &mut entries);
                pair = (actor, target);
            }
            entries.push(entry);
            Ok::<(), Error>(())
        })?;
        close(pair, &mut entries);
        // The others had no stance then.
        differ.extend(now.into_keys());
        Ok(())
    }

    /// Those among some canonical pairs whose stance differs, by slugs.
    pub(super) fn differs_within(&self, earlier: &Snapshot<'_>, pairs: BTreeSet<(i64, i64)>) -> Result<Vec<DiffItem>, Error> {
        let differing = self.part_by_slugs(self.differing(earlier, pairs)?, 0, usize::MAX)?;
        differing.into_iter().map(|pair| self.difference(earlier, pair)).collect()
    }

    /// The pairs among some whose stance differs.
    fn differing(&self, earlier: &Snapshot<'_>, pairs: BTreeSet<(i64, i64)>) -> Result<Vec<(i64, i64)>, Error> {
        let mut found = Vec::new();
        for (actor, target) in pairs {
            // A pair is asked under the slugs that both times know; what was merged away in between has no stance then.
            if self.value(actor, target)? != earlier.value(actor, target)? {
                found.push((actor, target));
            }
        }
        Ok(found)
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
