//! The names of entities in an event: where they stand, when and in which sources they are meant.

use std::borrow::Cow;

use crate::event::{self, Body, Common, Stance, TargetRef};

/// The sources that an event's evidence names, within which limited names hold.
pub(super) struct Sources<'a>(pub(super) Vec<&'a str>);

impl<'a> Sources<'a> {
    pub(super) fn of(common: &'a Common) -> Self {
        Self(common.evidence.iter().filter_map(|one| one.source.as_deref()).collect())
    }
}

/// When what an event says happened, for names that hold in a period only.
pub(super) fn span_of(body: &Body) -> (event::Micros, event::Micros) {
    let occurred = match body {
        Body::Stance(stance) => Some(&stance.occurred),
        Body::Claim(claim) => claim.about.as_ref().and_then(|about| about.occurred.as_ref()),
        Body::Verdict(verdict) => verdict.published.as_ref(),
        Body::Entity(_) | Body::Merge(_) | Body::Action(_) | Body::Vocabulary(_) => None,
        Body::Source(_) | Body::Retract(_) | Body::Erase(_) => None,
    };
    occurred.map_or((event::Micros::MIN, event::Micros::MAX), |at| (at.earliest(), at.latest()))
}

/// Keeps the words that named actor and target, where they are other names than the entities'.
pub(super) fn note_words(stance: &mut Stance, given_as: Vec<(Cow<'static, str>, String)>) {
    for (field, words) in given_as {
        match &*field {
            "actor" if stance.actor_as.is_none() => stance.actor_as = Some(words),
            "target" if stance.target_as.is_none() => stance.target_as = Some(words),
            _ => {}
        }
    }
}

/// The names of entities in an event, with their fields.
pub(super) fn names_in_mut(body: &mut Body) -> Vec<(Cow<'static, str>, &mut String)> {
    match body {
        Body::Stance(stance) => {
            let Stance { actor, target, on_behalf_of, place, .. } = stance;
            let mut names = vec![("actor".into(), actor)];
            if matches!(TargetRef::of(target), TargetRef::Entity(_)) {
                names.push(("target".into(), target));
            }
            names.extend(on_behalf_of.iter_mut().enumerate().map(|(index, one)| (format!("on_behalf_of[{index}]").into(), one)));
            names.extend(place.as_mut().map(|place| ("place".into(), place)));
            names
        }
        Body::Claim(claim) => {
            let Some(about) = &mut claim.about else { return Vec::new() };
            let mut names = vec![("about.actor".into(), &mut about.actor)];
            if matches!(TargetRef::of(&about.target), TargetRef::Entity(_)) {
                names.push(("about.target".into(), &mut about.target));
            }
            names
        }
        Body::Verdict(verdict) => vec![("reviewer".into(), &mut verdict.reviewer)],
        Body::Entity(entity) => {
            let targets = entity.stands_for.iter_mut().enumerate();
            targets.map(|(index, one)| (format!("stands_for[{index}].target").into(), &mut one.target)).collect()
        }
        Body::Merge(merge) => vec![("from".into(), &mut merge.from), ("into".into(), &mut merge.into)],
        Body::Action(_) | Body::Vocabulary(_) | Body::Source(_) | Body::Retract(_) | Body::Erase(_) => Vec::new(),
    }
}

/// The same, for reading.
pub(super) fn names_in(body: &Body) -> Vec<(Cow<'static, str>, String)> {
    names_in_mut(&mut body.clone()).into_iter().map(|(field, name)| (field, name.clone())).collect()
}
