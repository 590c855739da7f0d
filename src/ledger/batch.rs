//! A batch: events resolved and stored in one transaction, in the log whole or not at all.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::clock::Clock;
use super::error::Error;
use super::names::{Sources, names_in_mut, note_words, span_of};
use super::resolve::{Context, Memory, Resolved, Resolver};
use crate::event::{self, Body, Common, Draft, Entity, EventId, Refusal, check, fold_name, stored_json};
use crate::exchange::planned_json;
use crate::log::{Append, Seq};
use crate::projection::{self, Arrivals, Reading, Views};

/// Whether names that nobody registered are registered or refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Strictness {
    /// They are registered, in the same commit.
    #[default]
    Registers,
    /// They are refused.
    Strict,
}

/// What an id means that stands twice in the same input.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Repeats {
    /// A mistake: refused.
    #[default]
    Refused,
    /// The same thing told twice: counted as a duplicate.
    Counted,
}

/// How a batch is appended.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchOptions {
    /// What happens to names that nobody registered.
    pub strictness: Strictness,
    /// What happens to ids that stand twice in the input.
    pub repeats: Repeats,
    /// The head that the caller saw.
    pub expect_head: Option<Seq>,
}

/// What became of one event.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// It was stored, at this place and with this id.
    Appended {
        /// Its place.
        seq: Seq,
        /// Its id.
        id: EventId,
    },
    /// It is in the log already, with the same content.
    Duplicate {
        /// Its place.
        seq: Seq,
        /// Its id.
        id: EventId,
    },
}

/// What a batch, or a run of batches, came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, utoipa::ToSchema)]
pub struct Summary {
    /// Rows or lines that were given.
    pub rows: u64,
    /// Those that were stored.
    pub appended: u64,
    /// Entities that were new, one event each.
    pub registered: u64,
    /// Those that were in the log already.
    pub duplicates: u64,
    /// Those that were refused.
    pub rejected: u64,
    /// The log's head afterwards.
    pub head: i64,
}

/// An event that a batch stored, as a dry run shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Stored {
    /// Its place.
    pub seq: Seq,
    /// Its id.
    pub id: EventId,
    /// Its canonical JSON.
    pub body: String,
}

impl Stored {
    /// The event as one JSON object: seq and id, then its own fields.
    pub fn json(&self) -> String {
        planned_json(self.seq, self.id, &self.body)
    }
}

/// An open batch. Dropped without [`Batch::commit`], nothing of it exists.
pub struct Batch<'a> {
    pub(super) append: Append<'a>,
    pub(super) views: &'a Views,
    pub(super) reading: Option<Reading<'a>>,
    pub(super) memory: &'a mut Memory,
    clock: &'a dyn Clock,
    /// Whether something was recorded that only the views can tell the meaning of.
    pub(super) needs_views: bool,
    pub(super) erases: bool,
    pub(super) options: BatchOptions,
    pub(super) began_at: Seq,
    /// The head when the input began whose ids may not repeat.
    pub(super) input_at: Seq,
    /// What was stored, entities that were registered along the way included.
    pub stored: Vec<Stored>,
    keeps_stored: bool,
    /// The same for the views, where they are kept.
    pub(super) arrivals: Option<Arrivals>,
    /// The names of the event being added, as they were given.
    given: Vec<String>,
    /// Whether the event being added was recorded by a log of which something was erased.
    pub(super) is_told: bool,
    /// Events that were told as erased, which no `erase` event has named yet.
    pub(super) gone: BTreeSet<EventId>,
    /// Vocabularies that were stored without being asked for.
    pub(super) provided: Vec<EventId>,
    pub(super) summary: Summary,
}

impl<'a> Batch<'a> {
    pub(super) fn begin(
        append: Append<'a>,
        views: &'a Views,
        memory: &'a mut Memory,
        clock: &'a dyn Clock,
        options: BatchOptions,
    ) -> Result<Self, Error> {
        append.expect_head(options.expect_head)?;
        let reading = Self::read_views(&append, views, memory)?;
        // Until this batch is committed, what is remembered may rest on events that never come to exist.
        memory.hold();
        Ok(Self::within(append, views, Some(reading), memory, clock, options))
    }

    /// Begins on views that know the whole log, in a transaction of the caller's or in the one given.
    pub(super) fn within(
        append: Append<'a>,
        views: &'a Views,
        reading: Option<Reading<'a>>,
        memory: &'a mut Memory,
        clock: &'a dyn Clock,
        options: BatchOptions,
    ) -> Self {
        let began_at = append.head();
        let (stored, summary, needs_views, keeps_stored, arrivals, given, provided, erases, is_told, gone) = Default::default();
        Self {
            append,
            views,
            reading,
            memory,
            clock,
            needs_views,
            erases,
            options,
            began_at,
            input_at: began_at,
            stored,
            keeps_stored,
            arrivals,
            given,
            is_told,
            gone,
            provided,
            summary,
        }
    }

    /// Begins to read views that, with what is remembered, know the whole log. Another process may empty them at any
    /// moment: what counts is how far they have come inside the read transaction.
    fn read_views(append: &Append<'a>, views: &'a Views, memory: &mut Memory) -> Result<Reading<'a>, Error> {
        loop {
            let reading = views.read()?;
            let seq = views.cursor()?.seq;
            if memory.covers(append.head(), seq) {
                return Ok(reading);
            }
            if seq == append.head() && projection::is_caught_up(views, append.reader())? {
                memory.start_over(seq);
                return Ok(reading);
            }
            drop(reading);
            projection::catch_up(views, append.reader(), |_| {})?;
        }
    }

    /// Begins another input in the same batch, counted by itself.
    pub(super) fn begin_input(&mut self, strictness: Strictness) {
        self.input_at = self.append.head();
        self.summary = Summary::default();
        self.options.strictness = strictness;
    }

    /// Keeps a copy of everything that is stored, for a dry run to show.
    pub fn keep_stored(&mut self) {
        self.keeps_stored = true;
    }

    /// The log's head, this batch included.
    pub fn head(&self) -> Seq {
        self.append.head()
    }

    /// Adds one event. After a refusal the batch is as it was before.
    ///
    /// # Errors
    /// [`Error::Refused`] with the field that is wrong; [`Error::IdReused`]; [`Error::Log`].
    pub fn add(&mut self, mut draft: Draft) -> Result<Outcome, Error> {
        check(&draft.body, &draft.common)?;
        self.begin_log(Some(&draft.body))?;
        let Some(id) = draft.id else {
            let id = self.clock.fresh_id();
            return self.add_new(id, &mut draft.body, &draft.common);
        };
        // Most ids are new: that one is known is found when the log refuses it, or where names make trouble. Then the names
        // are wanted as they were given.
        match self.add_new(id, &mut draft.body, &draft.common) {
            Err(error @ (Error::Refused(_) | Error::Log(crate::log::Error::IdTaken { .. }))) => match self.append.reader().by_id(id)? {
                Some(row) => {
                    for ((_, name), given) in names_in_mut(&mut draft.body).into_iter().zip(self.given.drain(..)) {
                        *name = given;
                    }
                    self.known(draft, row)
                }
                None => Err(error),
            },
            other => other,
        }
    }

    fn add_new(&mut self, id: EventId, body: &mut Body, common: &Common) -> Result<Outcome, Error> {
        let new = self.resolve_all(body, common)?;
        self.check_references(body, common)?;
        if let Body::Erase(erase) = body {
            self.keep_corrections(erase)?;
        }
        if !new.is_empty() && self.append.reader().by_id(id)?.is_some() {
            return Err(crate::log::Error::IdTaken { id }.into());
        }
        for entity in new {
            self.register(entity)?;
        }
        let seq = self.store(id, body, common)?;
        self.summary.appended += 1;
        Ok(Outcome::Appended { seq, id })
    }

    pub(super) fn resolver(&mut self) -> Resolver<'_> {
        Resolver { views: self.views, memory: self.memory, head: self.began_at }
    }

    /// Puts slugs in the place of names; returns the entities that have to be registered first.
    fn resolve_all(&mut self, body: &mut Body, common: &Common) -> Result<Vec<Entity>, Error> {
        let sources = Sources::of(common);
        let (earliest, latest) = span_of(body);
        let context = Context { earliest, latest, sources: &sources.0 };
        let must_exist = matches!(body, Body::Merge(_));
        let mut new: Vec<Entity> = Vec::new();
        let mut given_as: Vec<(Cow<'static, str>, String)> = Vec::new();
        self.given.clear();
        for (field, name) in names_in_mut(body) {
            if let Some(entity) = new.iter().find(|entity| entity.name == fold_name(name)) {
                self.given.push(std::mem::replace(name, entity.entity.clone()));
                continue;
            }
            match self.resolver().resolve(&field, name, context)? {
                Resolved::Slug { slug, given_as: words } => {
                    given_as.extend(words.map(|words| (field, words)));
                    self.given.push(std::mem::replace(name, slug));
                }
                // Its definition was erased: its slug stays usable.
                Resolved::New(entity) if self.is_told && entity.entity == *name => self.given.push(name.clone()),
                Resolved::New(_) if must_exist || self.options.strictness == Strictness::Strict => {
                    let near = self.resolver().suggestions(name)?;
                    return Err(Refusal::field(field, format!("nobody is registered as `{}`", fold_name(name))).with_nearest(near).into());
                }
                Resolved::New(mut entity) => {
                    let mut number = 1;
                    let stem = entity.entity.clone();
                    while new.iter().any(|other| other.entity == entity.entity) {
                        number += 1;
                        entity.entity = event::with_suffix(&stem, number);
                    }
                    self.given.push(std::mem::replace(name, entity.entity.clone()));
                    new.push(entity);
                }
            }
        }
        if let Body::Stance(stance) = body {
            note_words(stance, given_as);
        }
        Ok(new)
    }

    fn register(&mut self, entity: Entity) -> Result<(), Error> {
        let id = self.clock.fresh_id();
        let (name, slug) = (fold_name(&entity.name), entity.entity.clone());
        self.memory.overlay.add_entity(&entity);
        self.store_json(id, &Body::Entity(entity), &Common::default())?;
        self.summary.registered += 1;
        // Nobody has the name elsewhere, so it is plain until another event gives it to somebody else, unless it is
        // somebody's at other times or in other sources.
        self.resolver().remember_plain(name, slug)
    }

    pub(super) fn store(&mut self, id: EventId, body: &Body, common: &Common) -> Result<Seq, Error> {
        let seq = self.store_json(id, body, common)?;
        if let Body::Erase(erase) = body {
            self.erases |= self.erase(erase, seq)?;
        }
        self.note(body);
        self.needs_views |= common.replaces.is_some();
        Ok(seq)
    }

    fn store_json(&mut self, id: EventId, body: &Body, common: &Common) -> Result<Seq, Error> {
        let json = stored_json(body, common).map_err(|e| Refusal::field("", e.to_string()))?;
        let shown = self.keeps_stored.then(|| json.clone());
        let row = self.append.store(id, &json, self.clock.now())?;
        let seq = row.seq;
        self.stored.extend(shown.map(|body| Stored { seq, id, body }));
        if let Some(arrivals) = &mut self.arrivals {
            arrivals.add(row, json, body, common);
        }
        Ok(seq)
    }

    /// Keeps what was stored, where a dry run wants to show it.
    pub(super) fn show(&mut self, stored: Stored) {
        if self.keeps_stored {
            self.stored.push(stored);
        }
    }

    pub(super) fn now(&self) -> crate::event::Micros {
        self.clock.now()
    }

    /// Lets later events of the same batch know what this one defines.
    fn note(&mut self, body: &Body) {
        let overlay = &mut self.memory.overlay;
        let mut define = |action: &event::Action| {
            if let Some(meaning) = action.meaning() {
                overlay.add_action(&action.action, meaning);
            }
        };
        match body {
            Body::Action(action) => define(action),
            Body::Vocabulary(vocabulary) => vocabulary.actions.iter().for_each(define),
            Body::Entity(entity) => {
                self.memory.overlay.add_entity(entity);
                // A name that was plain may fit two entities now.
                self.memory.forget_names();
            }
            Body::Claim(claim) => self.memory.overlay.add_claim(&claim.claim),
            Body::Merge(merge) => {
                self.memory.overlay.add_merge(&merge.from, &merge.into);
                self.memory.forget_names();
            }
            // What these take back or restore is known once the views have caught up.
            Body::Retract(_) | Body::Erase(_) => {
                self.needs_views = true;
                self.memory.forget_names();
            }
            Body::Stance(_) | Body::Verdict(_) | Body::Source(_) => {}
        }
    }

    /// Counts a row of the input, and one that was refused.
    pub fn count(&mut self, rows: u64, rejected: u64) {
        self.summary.rows += rows;
        self.summary.rejected += rejected;
    }

    /// Counts rows that told once more what another row of the same input told.
    pub fn count_repeats(&mut self, repeats: u64) {
        self.summary.duplicates += repeats;
    }

    /// Gives the batch up; what it would have come to.
    pub fn abandon(self) -> Summary {
        Summary { head: self.began_at.0, ..self.summary }
    }
}
