//! What one event moved: the stances that differ right before and right after it was recorded.

use std::collections::BTreeSet;

use super::diff::DiffItem;
use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::{Action, Body, EventId, TargetRef};
use crate::log::{Row, Seq};
use crate::projection::doing;

/// Pairs of slugs' numbers, as events name them.
type Pairs = BTreeSet<(i64, i64)>;

impl Snapshot<'_> {
    /// The stances that differ from an earlier snapshot, known at the place before, because of the event at this one's place;
    /// by slugs. Only the pairs that the event can have touched are looked at.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn moved_since(&self, earlier: &Snapshot<'_>) -> Result<Vec<DiffItem>, Error> {
        let mut named = Pairs::new();
        self.touched(&self.row(self.world.known.0)?, &mut BTreeSet::new(), earlier, &mut named)?;
        let mut pairs = Pairs::new();
        for (actor, target) in named {
            for world in [&self.world, &earlier.world] {
                pairs.insert((world.canonical(actor)?, world.canonical(target)?));
            }
        }
        self.differs_within(earlier, pairs)
    }

    /// The pairs that an event can have touched, and those that what it takes back or replaces had touched.
    fn touched(&self, row: &Row, seen: &mut BTreeSet<Seq>, earlier: &Snapshot<'_>, pairs: &mut Pairs) -> Result<(), Error> {
        if !seen.insert(row.seq) {
            return Ok(());
        }
        let Some(event) = row.event()? else {
            // What was erased counts at no time any more; what it takes back or replaces stays so.
            for corrected in self.numbers("SELECT target FROM supersession WHERE by = ?1", row.seq.0)? {
                self.touched(&self.row(corrected)?, seen, earlier, pairs)?;
            }
            return Ok(());
        };
        match &event.body {
            Body::Stance(stance) => {
                if let (TargetRef::Entity(_), Some(target)) = (TargetRef::of(&stance.target), self.number(&stance.target)?) {
                    for name in std::iter::once(&stance.actor).chain(&stance.on_behalf_of) {
                        let Some(actor) = self.number(name)? else { continue };
                        pairs.insert((actor, target));
                        for snapshot in [self, earlier] {
                            let carried = snapshot.world.carries_to(target)?;
                            pairs.extend(carried.into_iter().map(|(toward, _)| (actor, toward)));
                        }
                    }
                }
            }
            Body::Entity(entity) if !entity.stands_for.is_empty() => self.of_motion(&entity.entity, earlier, pairs)?,
            Body::Merge(merge) => {
                for name in [&merge.from, &merge.into] {
                    let Some(number) = self.number(name)? else { continue };
                    for snapshot in [self, earlier] {
                        pairs.extend(snapshot.pairs(Some(number), None)?);
                        pairs.extend(snapshot.pairs(None, Some(number))?);
                    }
                    self.of_motion(name, earlier, pairs)?;
                }
            }
            Body::Action(action) => self.of_words(std::slice::from_ref(action), pairs)?,
            Body::Vocabulary(vocabulary) => self.of_words(&vocabulary.actions, pairs)?,
            Body::Retract(retract) => self.touched_by(retract.event, seen, earlier, pairs)?,
            // Names move no stance, nor does what is said of claims, nor that something is erased from here on.
            Body::Entity(_) | Body::Claim(_) | Body::Verdict(_) | Body::Source(_) | Body::Erase(_) => {}
        }
        match event.common.replaces {
            Some(replaced) => self.touched_by(replaced, seen, earlier, pairs),
            None => Ok(()),
        }
    }

    fn touched_by(&self, id: EventId, seen: &mut BTreeSet<Seq>, earlier: &Snapshot<'_>, pairs: &mut Pairs) -> Result<(), Error> {
        self.reader.by_id(id)?.map_or(Ok(()), |row| self.touched(&row, seen, earlier, pairs))
    }

    /// The pairs that votes on a motion count for, before and after.
    fn of_motion(&self, motion: &str, earlier: &Snapshot<'_>, pairs: &mut Pairs) -> Result<(), Error> {
        let Some(motion) = self.number(motion)? else { return Ok(()) };
        for snapshot in [self, earlier] {
            let class = snapshot.world.class(motion)?;
            let actors = snapshot.actors_toward(&class)?;
            for member in &class.members {
                for target in self.numbers("SELECT DISTINCT target FROM stands_for WHERE motion = ?1", *member)? {
                    pairs.extend(actors.iter().map(|actor| (*actor, target)));
                }
            }
        }
        Ok(())
    }

    /// The pairs with an act of some words, and what votes with them count toward.
    fn of_words(&self, actions: &[Action], pairs: &mut Pairs) -> Result<(), Error> {
        let reads = doing("looking for the acts of words");
        // All acts are looked through once, whichever words it is that they are sought for.
        let words = serde_json::Value::from_iter(actions.iter().map(|action| action.action.as_str())).to_string();
        let sql = "WITH word AS (SELECT action.id FROM json_each(?1) w JOIN action ON action.action = w.value), \
                   pair AS (SELECT DISTINCT actor, target FROM act WHERE seq <= ?2 AND action IN (SELECT id FROM word)) \
                   SELECT actor, target FROM pair UNION SELECT actor, stands_for.target FROM pair \
                   JOIN slug ON slug.id = pair.target JOIN slug AS member ON member.canon = slug.canon \
                   JOIN stands_for ON stands_for.motion = member.id";
        let mut statement = self.views.connection().prepare_cached(sql).map_err(reads)?;
        let found = statement.query_map((&words, self.world.known.0), |row| Ok((row.get(0)?, row.get(1)?))).map_err(reads)?;
        for pair in found {
            pairs.insert(pair.map_err(reads)?);
        }
        Ok(())
    }

    fn number(&self, slug: &str) -> Result<Option<i64>, Error> {
        Ok(self.registry().slug(slug)?.map(|known| known.number))
    }
}
