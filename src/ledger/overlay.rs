//! What an append has registered so far and the views do not know yet; a part of it can be undone.

use std::collections::{HashMap, HashSet};

use super::resolve::Context;
use crate::event::{Alias, Entity, Kind, LimitedAlias, Meaning, Micros, Occurred, fold_name};

/// To what a name was given, and within which limits.
pub(super) struct Given {
    pub(super) slug: String,
    pub(super) from: Micros,
    pub(super) to: Micros,
    pub(super) source: Option<String>,
}

impl Given {
    pub(super) fn always(slug: &str) -> Self {
        Self { slug: slug.to_owned(), from: Micros::MIN, to: Micros::MAX, source: None }
    }

    pub(super) fn within(slug: &str, limits: &LimitedAlias) -> Self {
        let from = limits.from.as_ref().map_or(Micros::MIN, Occurred::earliest);
        let to = limits.to.as_ref().map_or(Micros::MAX, Occurred::latest);
        Self { slug: slug.to_owned(), from, to, source: limits.source.clone() }
    }

    pub(super) fn is_limited(&self) -> bool {
        self.from > Micros::MIN || self.to < Micros::MAX || self.source.is_some()
    }

    pub(super) fn holds(&self, context: Context<'_>) -> bool {
        let in_source = self.source.as_deref().is_none_or(|source| context.sources.contains(&source));
        in_source && self.from <= context.latest && context.earliest <= self.to
    }
}

/// What was registered since the place that the views have come to.
#[derive(Default)]
pub(super) struct Overlay {
    /// Name (folded) to what it was given to.
    pub(super) names: HashMap<String, Vec<Given>>,
    /// Slug to the entity's name.
    pub(super) slugs: HashMap<String, String>,
    /// Slug to the entity's kind.
    pub(super) kinds: HashMap<String, Kind>,
    pub(super) actions: HashMap<String, Meaning>,
    pub(super) claims: HashSet<String>,
    pub(super) merges: Vec<(String, String)>,
    /// How to undo what was added since the mark, while there is one.
    journal: Option<Vec<Undo>>,
}

/// How one addition to the overlay is undone.
enum Undo {
    Slug(String, Option<String>, Option<Kind>),
    Name(String),
    Action(String, Option<Meaning>),
    Claim(String),
    Merge,
}

impl Overlay {
    /// Marks the place that [`Overlay::back`] goes back to, until [`Overlay::keep`].
    pub(super) fn mark(&mut self) {
        self.journal = Some(Vec::new());
    }

    /// Keeps what was added since the mark.
    pub(super) fn keep(&mut self) {
        self.journal = None;
    }

    /// Undoes what was added since the mark.
    pub(super) fn back(&mut self) {
        for undo in self.journal.take().unwrap_or_default().into_iter().rev() {
            match undo {
                Undo::Slug(slug, name, kind) => {
                    restore(&mut self.kinds, slug.clone(), kind);
                    restore(&mut self.slugs, slug, name);
                }
                Undo::Action(action, before) => drop(restore(&mut self.actions, action, before)),
                Undo::Name(name) => self.take_back(&name),
                Undo::Claim(claim) => drop(self.claims.remove(&claim)),
                Undo::Merge => drop(self.merges.pop()),
            }
        }
    }

    fn take_back(&mut self, name: &str) {
        if let Some(given) = self.names.get_mut(name) {
            given.pop();
            if given.is_empty() {
                self.names.remove(name);
            }
        }
    }

    fn note(&mut self, undo: impl FnOnce() -> Undo) {
        if let Some(journal) = &mut self.journal {
            journal.push(undo());
        }
    }

    fn give(&mut self, name: String, given: Given) {
        self.note(|| Undo::Name(name.clone()));
        self.names.entry(name).or_default().push(given);
    }

    pub(super) fn add_entity(&mut self, entity: &Entity) {
        let slug = &entity.entity;
        let name = self.slugs.insert(slug.clone(), entity.name.clone());
        let kind = self.kinds.insert(slug.clone(), entity.kind);
        self.note(|| Undo::Slug(slug.clone(), name, kind));
        self.give(fold_name(&entity.name), Given::always(slug));
        for alias in &entity.aliases {
            let given = match alias {
                Alias::Always(_) => Given::always(slug),
                Alias::Within(limits) => Given::within(slug, limits),
            };
            self.give(fold_name(alias.name()), given);
        }
    }

    pub(super) fn add_action(&mut self, action: &str, meaning: Meaning) {
        let before = self.actions.insert(action.to_owned(), meaning);
        self.note(|| Undo::Action(action.to_owned(), before));
    }

    pub(super) fn add_claim(&mut self, claim: &str) {
        if self.claims.insert(claim.to_owned()) {
            self.note(|| Undo::Claim(claim.to_owned()));
        }
    }

    pub(super) fn add_merge(&mut self, from: &str, into: &str) {
        self.merges.push((from.to_owned(), into.to_owned()));
        self.note(|| Undo::Merge);
    }
}

fn restore<V>(map: &mut HashMap<String, V>, key: String, before: Option<V>) -> Option<V> {
    match before {
        Some(value) => map.insert(key, value),
        None => map.remove(&key),
    }
}
