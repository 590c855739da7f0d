//! Resolving what a user wrote: slugs, names and aliases to slugs, words to actions, against the registry and what the
//! same append has registered so far.

use std::collections::{HashMap, HashSet};

use super::error::Error;
use super::overlay::{Given, Overlay};
use crate::event::{Entity, Kind, Meaning, Micros, Refusal, fold_name, is_slug, nearest, slug_of, with_suffix};
use crate::log::Seq;
use crate::projection::{Named, Registry, Views, World};

/// Names that are kept in memory; more than that, and they are looked up again.
const KEPT_MAX: usize = 100_000;
/// Registrations, and names, that are kept in memory; more than that, and the views have to catch up first.
const OVERLAY_MAX: usize = 50_000;

/// Within which limits a name is looked up: when, and in which sources.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) earliest: Micros,
    pub(super) latest: Micros,
    pub(super) sources: &'a [&'a str],
}

/// Whom a user meant.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Resolved {
    /// A registered entity.
    Slug {
        slug: String,
        /// The words as given, where they are another name than the entity's.
        given_as: Option<String>,
    },
    /// Nobody: this entity would be registered.
    New(Entity),
}

/// What this ledger need not ask the views: what it looked up before, and what it registered since they caught up.
pub(super) struct Memory {
    names: HashMap<String, String>,
    meanings: HashMap<String, Meaning>,
    pub(super) overlay: Overlay,
    /// The head up to which views and overlay together tell the truth; nothing when only the views do.
    whole_at: Option<Seq>,
    /// How far the views had come when the overlay was begun: views that are behind that were emptied meanwhile.
    views_at: Seq,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self { names: HashMap::new(), meanings: HashMap::new(), overlay: Overlay::default(), whole_at: None, views_at: Seq::START }
    }

    /// Whether names can be resolved at this head although the views are behind: nobody else has written, and what was
    /// registered since is remembered.
    pub(super) fn covers(&self, head: Seq, views: Seq) -> bool {
        let has_room = self.overlay.slugs.len() < OVERLAY_MAX && self.overlay.names.len() < OVERLAY_MAX;
        self.whole_at == Some(head) && views >= self.views_at && has_room
    }

    /// Starts anew on views that have caught up.
    pub(super) fn start_over(&mut self, views_at: Seq) {
        *self = Self { views_at, ..Self::new() };
    }

    /// Marks what is remembered as resting on events that do not exist yet, and perhaps never will.
    pub(super) fn hold(&mut self) {
        self.whole_at = None;
    }

    /// Marks what is remembered as true of a head, unless something was recorded that only the views can tell.
    pub(super) fn release(&mut self, head: Seq, needs_views: bool) {
        self.whole_at = (!needs_views).then_some(head);
    }

    pub(super) fn forget_names(&mut self) {
        self.names.clear();
    }
}

/// Resolves against views that are caught up.
pub(super) struct Resolver<'a> {
    pub(super) views: &'a Views,
    pub(super) memory: &'a mut Memory,
    pub(super) head: Seq,
}

impl Resolver<'_> {
    fn registry(&self) -> Registry<'_> {
        Registry::of(self.views)
    }

    /// Whom a slug, name or alias means.
    pub(super) fn resolve(&mut self, field: &str, given: &str, context: Context<'_>) -> Result<Resolved, Error> {
        // Most names come as they are kept, and need not be folded.
        if let Some(slug) = self.memory.names.get(given) {
            return Ok(Resolved::Slug { slug: slug.clone(), given_as: None });
        }
        let folded = fold_name(given);
        if let Some(slug) = self.memory.names.get(&folded) {
            return Ok(Resolved::Slug { slug: slug.clone(), given_as: None });
        }
        let resolved = self.look_up(field, given, &folded, context)?;
        if let Resolved::Slug { slug, given_as: None } = &resolved {
            self.remember_plain(folded, slug.clone())?;
        }
        Ok(resolved)
    }

    /// Whether a name means the same at any time and in any source.
    fn is_plain(&self, folded: &str) -> Result<bool, Error> {
        let given = self.memory.overlay.names.get(folded);
        let named = self.registry().named(folded)?;
        let is_limited = |named: &Named| named.from > Micros::MIN || named.to < Micros::MAX || named.source.is_some();
        Ok(!named.iter().any(is_limited) && !given.into_iter().flatten().any(Given::is_limited))
    }

    /// Keeps what a name means for the next time, if it means the same at any time and in any source.
    pub(super) fn remember_plain(&mut self, folded: String, slug: String) -> Result<(), Error> {
        if self.is_plain(&folded)? {
            if self.memory.names.len() >= KEPT_MAX {
                self.memory.names.clear();
            }
            self.memory.names.insert(folded, slug);
        }
        Ok(())
    }

    fn look_up(&mut self, field: &str, given: &str, folded: &str, context: Context<'_>) -> Result<Resolved, Error> {
        if is_slug(folded) {
            let known = self.registry().slug(folded)?.is_some_and(|known| known.name.is_some());
            if known || self.memory.overlay.slugs.contains_key(folded) {
                return Ok(Resolved::Slug { slug: folded.to_owned(), given_as: None });
            }
        }
        let slugs = self.named(folded, context)?;
        match &slugs[..] {
            [] => self.unregistered(folded).map(Resolved::New),
            [slug] => {
                let name = self.name_of(slug)?;
                let given_as = (name.as_deref() != Some(folded)).then(|| given.trim().to_owned());
                Ok(Resolved::Slug { slug: slug.clone(), given_as })
            }
            several => {
                let said = format!("`{folded}` may be any of {}; give the slug", several.join(", "));
                Err(Refusal::field(field, said).into())
            }
        }
    }

    /// The slugs that a name fits, one for each entity.
    fn named(&self, folded: &str, context: Context<'_>) -> Result<Vec<String>, Error> {
        let world = World::at(self.views.connection(), self.head)?;
        let mut by_entity: Vec<(i64, String)> = Vec::new();
        for named in self.registry().named(folded)? {
            if !named.holds(context.earliest, context.latest, context.sources) || world.out(named.seq)? {
                continue;
            }
            let canonical = world.canonical(named.slug.number)?;
            match by_entity.iter_mut().find(|(one, _)| *one == canonical) {
                Some(known) if canonical == named.slug.number => known.1 = named.slug.slug,
                Some(_) => {}
                None => by_entity.push((canonical, named.slug.slug)),
            }
        }
        let mut slugs: Vec<String> = Vec::new();
        let known = by_entity.into_iter().map(|(_, slug)| slug);
        let given = self.memory.overlay.names.get(folded).into_iter().flatten();
        let given = given.filter(|given| given.holds(context)).map(|given| given.slug.clone());
        for slug in known.chain(given) {
            let mut is_known = false;
            for one in &slugs {
                is_known = is_known || self.is_one(one, &slug)?;
            }
            if !is_known {
                slugs.push(slug);
            }
        }
        slugs.sort();
        Ok(slugs)
    }

    /// The slugs whose own name a name (folded) is, at any time; one that is written as a slug is that slug.
    pub(super) fn bearers(&self, folded: &str) -> Result<Vec<String>, Error> {
        if is_slug(folded) && self.name_of(folded)?.is_some() {
            return Ok(vec![folded.to_owned()]);
        }
        let always = Context { earliest: Micros::MIN, latest: Micros::MAX, sources: &[] };
        let mut bearers = self.named(folded, always)?;
        let mut is_own = Vec::new();
        for slug in &bearers {
            is_own.push(self.name_of(slug)?.as_deref() == Some(folded));
        }
        let mut is_own = is_own.into_iter();
        bearers.retain(|_| is_own.next() == Some(true));
        Ok(bearers)
    }

    /// What kind of thing a slug is, as far as it is known.
    pub(super) fn kind(&self, slug: &str) -> Result<Kind, Error> {
        match self.memory.overlay.kinds.get(slug) {
            Some(kind) => Ok(*kind),
            None => Ok(self.registry().kind(slug)?.unwrap_or(Kind::Unknown)),
        }
    }

    fn name_of(&self, slug: &str) -> Result<Option<String>, Error> {
        match self.memory.overlay.slugs.get(slug) {
            Some(name) => Ok(Some(fold_name(name))),
            None => Ok(self.registry().slug(slug)?.and_then(|known| known.name).map(|name| fold_name(&name))),
        }
    }

    /// The entity that a name nobody registered would become.
    pub(super) fn unregistered(&self, folded: &str) -> Result<Entity, Error> {
        let stem = slug_of(folded);
        let mut slug = stem.clone();
        let mut number = 1;
        while self.is_taken(&slug, folded)? {
            number += 1;
            slug = with_suffix(&stem, number);
        }
        let (aliases, roles, identifiers, stands_for) = Default::default();
        Ok(Entity { entity: slug, kind: Kind::Unknown, name: folded.to_owned(), aliases, roles, identifiers, stands_for })
    }

    /// Whether a slug belongs to somebody; one without a definition in force is free for the one who writes it out.
    fn is_taken(&self, slug: &str, given: &str) -> Result<bool, Error> {
        if self.memory.overlay.slugs.contains_key(slug) {
            return Ok(true);
        }
        Ok(self.registry().slug(slug)?.is_some_and(|known| known.name.is_some() || slug != given))
    }

    /// The names and slugs that come near, for a refusal.
    pub(super) fn suggestions(&self, given: &str) -> Result<Vec<String>, Error> {
        let mut known = self.registry().similar(&fold_name(given))?;
        known.extend(self.memory.overlay.slugs.iter().flat_map(|(slug, name)| [slug.clone(), name.clone()]).take(KEPT_MAX));
        Ok(nearest(given, known.iter().map(String::as_str)))
    }

    /// What a word means.
    pub(super) fn action(&mut self, field: &str, word: &str) -> Result<Meaning, Error> {
        if let Some(meaning) = self.memory.overlay.actions.get(word).or_else(|| self.memory.meanings.get(word)) {
            return Ok(*meaning);
        }
        if let Some(meaning) = self.registry().action(word)? {
            self.memory.meanings.insert(word.to_owned(), meaning);
            return Ok(meaning);
        }
        let mut known = self.registry().actions()?;
        known.extend(self.memory.overlay.actions.keys().cloned());
        let near = nearest(word, known.iter().map(String::as_str));
        let said = format!("unknown action `{word}`");
        let hint =
            if near.is_empty() { format!("{said}; `stancelog actions` lists the words, an `action` event defines one") } else { said };
        Err(Refusal::field(field, hint).with_nearest(near).into())
    }

    /// Refuses a claim that is not registered.
    pub(super) fn claim(&self, field: &str, claim: &str) -> Result<(), Error> {
        let target = format!("{}{claim}", crate::event::CLAIM_PREFIX);
        if self.memory.overlay.claims.contains(claim) || self.registry().has_claim(&target)? {
            return Ok(());
        }
        let known = self.registry().similar(&target)?;
        let near = nearest(&target, known.iter().map(String::as_str).filter(|one| one.starts_with(crate::event::CLAIM_PREFIX)));
        Err(Refusal::field(field, format!("no claim `{claim}` is registered; a `claim` event registers it")).with_nearest(near).into())
    }

    /// Whether two registered slugs are one entity already.
    pub(super) fn is_one(&self, a: &str, b: &str) -> Result<bool, Error> {
        let (a, b) = (self.standing_for(a)?, self.standing_for(b)?);
        if a == b {
            return Ok(true);
        }
        // The merges since the views caught up are few: follow them from `a` in both directions until nothing is new.
        let mut edges = Vec::new();
        for (from, into) in &self.memory.overlay.merges {
            edges.push((self.standing_for(from)?, self.standing_for(into)?));
        }
        let mut seen = HashSet::from([a]);
        loop {
            let next: Vec<String> = edges
                .iter()
                .flat_map(|(one, other)| [(one, other), (other, one)])
                .filter(|(one, other)| seen.contains(*one) && !seen.contains(*other))
                .map(|(_, other)| other.clone())
                .collect();
            if next.is_empty() {
                return Ok(seen.contains(&b));
            }
            seen.extend(next);
        }
    }

    /// The slug that stands for the entity of a slug, as far as the views know.
    fn standing_for(&self, slug: &str) -> Result<String, Error> {
        let Some(known) = self.registry().slug(slug)? else { return Ok(slug.to_owned()) };
        let canonical = World::at(self.views.connection(), self.head)?.canonical(known.number)?;
        if canonical == known.number { Ok(known.slug) } else { Ok(self.registry().by_number(canonical)?.slug) }
    }

    /// Whether a name (folded) is a slug or was ever given to it.
    pub(super) fn was_named(&self, slug: &str, folded: &str) -> Result<bool, Error> {
        let given = self.memory.overlay.names.get(folded).into_iter().flatten();
        Ok(slug == folded || given.into_iter().any(|given| given.slug == slug) || self.registry().was_named(slug, folded)?)
    }
}
