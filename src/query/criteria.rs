//! Criteria: whether an event is one of those that are asked for, by its own words.

use crate::event::{About, Body, EventType, TargetRef};

/// What is asked of an event; what is not given is not asked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Criteria {
    /// One of these slugs did it, spoke in it or had it done on its behalf, or is what it defines.
    pub actors: Option<Vec<String>>,
    /// It is toward one of these.
    pub targets: Option<Vec<String>>,
    /// It is of this type.
    pub event_type: Option<EventType>,
    /// It does this, alleges it, or says what it means.
    pub action: Option<String>,
}

impl Criteria {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether an event meets all of them.
    pub fn are_met_by(&self, body: &Body) -> bool {
        if self.event_type.is_some_and(|wanted| wanted != body.event_type()) {
            return false;
        }
        match body {
            Body::Stance(stance) => {
                let principals = stance.on_behalf_of.iter().map(String::as_str);
                let by = principals.chain([stance.actor.as_str()]);
                self.has_actor(by) && self.has_target([stance.target.as_str()]) && self.has_action([stance.action.as_str()])
            }
            Body::Claim(claim) => {
                let about = claim.about.as_ref();
                let part = |part: fn(&About) -> &str| about.map(part).into_iter();
                self.has_actor(part(|about| &about.actor))
                    && self.has_target(part(|about| &about.target))
                    && self.has_action(part(|about| &about.action))
            }
            Body::Verdict(verdict) => {
                let target = TargetRef::Claim(&verdict.claim).to_string();
                self.has_actor([verdict.reviewer.as_str()]) && self.has_target([target.as_str()]) && self.has_action([])
            }
            Body::Entity(entity) => self.has_both(&[&entity.entity]) && self.has_action([]),
            Body::Merge(merge) => self.has_both(&[&merge.from, &merge.into]) && self.has_action([]),
            Body::Action(action) => self.has_both(&[]) && self.has_action([action.action.as_str()]),
            Body::Vocabulary(vocabulary) => {
                self.has_both(&[]) && self.has_action(vocabulary.actions.iter().map(|action| action.action.as_str()))
            }
            Body::Source(_) | Body::Retract(_) | Body::Erase(_) => self.has_both(&[]) && self.has_action([]),
        }
    }

    fn has_actor<'a>(&self, slugs: impl IntoIterator<Item = &'a str>) -> bool {
        is_among(&self.actors, slugs)
    }

    fn has_target<'a>(&self, slugs: impl IntoIterator<Item = &'a str>) -> bool {
        is_among(&self.targets, slugs)
    }

    /// What defines entities is theirs, and toward them.
    fn has_both(&self, slugs: &[&str]) -> bool {
        self.has_actor(slugs.iter().copied()) && self.has_target(slugs.iter().copied())
    }

    fn has_action<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> bool {
        self.action.as_ref().is_none_or(|wanted| words.into_iter().any(|word| word == wanted))
    }
}

fn is_among<'a>(list: &Option<Vec<String>>, slugs: impl IntoIterator<Item = &'a str>) -> bool {
    list.as_ref().is_none_or(|list| slugs.into_iter().any(|slug| list.iter().any(|one| one == slug)))
}
