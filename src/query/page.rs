//! Pages: so many answers of a list from one pair on, so that a list of any length is read in bounded memory.

use std::collections::HashMap;

use super::answer::{Answer, Detail, Part};
use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::Day;
use crate::projection::Class;
use crate::stance::{Fold, Value};

/// Which answers a page shows (numbers of slugs); what is not given does not limit.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PageFilter {
    /// Only this actor's.
    pub actor: Option<i64>,
    /// Only those toward this target.
    pub target: Option<i64>,
    /// Only these stances; none given: any.
    pub values: Vec<Value>,
    /// Only those that changed on this day or later.
    pub changed_since: Option<Day>,
    /// Only those behind this pair of slugs, in the order of the list.
    pub after: Option<(String, String)>,
    /// At most so many.
    pub limit: usize,
}

impl Snapshot<'_> {
    /// The answers of a page, by the actors' slugs, then the targets', and whether there are more. Of pairs without a
    /// counting event, only one that is asked for by both its names is among them.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn page(&self, filter: &PageFilter) -> Result<(Vec<Answer>, bool), Error> {
        let mut page = Vec::new();
        let (after_actor, after_target) = filter.after.clone().unwrap_or_default();
        match (filter.actor, filter.target) {
            (Some(actor), Some(target)) => {
                let (actor, target) = (self.world.class(actor)?, self.world.class(target)?);
                if filter.after.is_none() {
                    page.extend(self.kept(filter, &actor, &target)?);
                }
            }
            (Some(actor), None) => self.targets_behind(filter, actor, &after_target, &mut page)?,
            (None, Some(target)) => {
                let target = self.world.class(target)?;
                for (slug, actor) in self.by_slug(self.others(&target, Part::Target)?)? {
                    if page.len() <= filter.limit && slug > after_actor {
                        page.extend(self.kept(filter, &*self.world.class(actor)?, &target)?);
                    }
                }
            }
            (None, None) => {
                // The actor that the page before ended with may have more targets.
                let mut at = self.first_slug_from(&after_actor)?;
                while let Some((slug, actor)) = at.filter(|_| page.len() <= filter.limit) {
                    if self.world.canonical(actor)? == actor {
                        let behind = if slug == after_actor { &*after_target } else { "" };
                        self.targets_behind(filter, actor, behind, &mut page)?;
                    }
                    at = self.next_slug(&slug)?;
                }
            }
        }
        let is_more = page.len() > filter.limit;
        page.truncate(filter.limit);
        Ok((page, is_more))
    }

    /// The answers of one actor toward the targets behind a slug, until the page has one more than it shows.
    fn targets_behind(&self, filter: &PageFilter, actor: i64, behind: &str, page: &mut Vec<Answer>) -> Result<(), Error> {
        let actor = self.world.class(actor)?;
        for (slug, target) in self.by_slug(self.others(&actor, Part::Actor)?)? {
            if page.len() > filter.limit {
                break;
            }
            if &*slug > behind {
                page.extend(self.kept(filter, &actor, &*self.world.class(target)?)?);
            }
        }
        Ok(())
    }

    /// The answer of a pair, if the filter lets it through.
    fn kept(&self, filter: &PageFilter, actor: &Class, target: &Class) -> Result<Option<Answer>, Error> {
        let fold = self.fold(actor, target)?;
        let is_asked_for = filter.actor.is_some() && filter.target.is_some();
        if !(self.lets_through(filter, &fold) && (is_asked_for || fold.events() > 0)) {
            return Ok(None);
        }
        self.answer_of(&fold, actor, target, Detail::Full).map(Some)
    }

    fn lets_through(&self, filter: &PageFilter, fold: &Fold) -> bool {
        if filter.values.is_empty() && filter.changed_since.is_none() {
            return true;
        }
        let standing = fold.standing(self.when.rule);
        let is_value = filter.values.is_empty() || filter.values.contains(&standing.value);
        is_value && filter.changed_since.is_none_or(|first| standing.since.is_some_and(|since| since >= first))
    }

    /// Slugs by their numbers, in their order.
    pub(super) fn by_slug(&self, numbers: impl IntoIterator<Item = i64>) -> Result<Vec<(String, i64)>, Error> {
        let mut slugs = Vec::new();
        for number in numbers {
            slugs.push((self.slug(number)?, number));
        }
        slugs.sort();
        Ok(slugs)
    }

    /// A part of some canonical pairs, in the order of their slugs. Of those outside the part, no target's slug is looked up.
    pub(super) fn part_by_slugs(
        &self,
        pairs: impl IntoIterator<Item = (i64, i64)>,
        mut skip: usize,
        limit: usize,
    ) -> Result<Vec<(i64, i64)>, Error> {
        let mut targets: HashMap<i64, Vec<i64>> = HashMap::new();
        for (actor, target) in pairs {
            targets.entry(actor).or_default().push(target);
        }
        let mut part = Vec::new();
        for (_, actor) in self.by_slug(targets.keys().copied())? {
            let Some(toward) = targets.remove(&actor).filter(|_| part.len() < limit) else { break };
            if skip >= toward.len() {
                skip -= toward.len();
                continue;
            }
            let room = limit - part.len();
            part.extend(self.by_slug(toward)?.into_iter().skip(skip).take(room).map(|(_, target)| (actor, target)));
            skip = 0;
        }
        Ok(part)
    }
}
