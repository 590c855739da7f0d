//! A snapshot: log and views as they stand at one moment, asked at one (T, K) under one rule.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::event::{Body, CLAIM_PREFIX, Event, EventId, Micros};
use crate::log::{Reader, Row, Seq};
use crate::projection::{Known, Reading, Registry, Views, World};
use crate::stance::Rule;

use super::error::Error;

/// At which two times and by which rule a question is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct When {
    /// What happened after this point does not count; nothing: everything counts.
    pub as_of: Option<Micros>,
    /// What the log learned after this place does not count; nothing: all that it knows counts.
    pub known_at: Option<Seq>,
    /// How the deciding tier is weighed.
    pub rule: Rule,
}

/// Log and views at one moment, asked at one (T, K) under one rule.
pub struct Snapshot<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) views: &'a Views,
    pub(super) world: World<'a>,
    pub(super) when: When,
    /// Whether the tables of the present answer: no limit in valid time, and all that the log knows.
    pub(super) is_present: bool,
    erased: u64,
    head: Seq,
    /// What slugs, by number, were called at K, where no table tells.
    names: RefCell<HashMap<i64, Option<String>>>,
    _reading: Option<Reading<'a>>,
}

impl<'a> Snapshot<'a> {
    /// Takes a snapshot of views that are caught up.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn take(views: &'a Views, reader: Reader<'a>, when: When) -> Result<Self, Error> {
        // One read transaction for the whole question: what others append meanwhile is not seen.
        let reading = views.read()?;
        Ok(Self { _reading: Some(reading), ..Self::within(views, reader, when)? })
    }

    /// A snapshot inside a transaction of the views that the caller has begun.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn within(views: &'a Views, reader: Reader<'a>, when: When) -> Result<Self, Error> {
        let head = views.cursor()?.seq;
        let known = when.known_at.map_or(head, |known| known.min(head));
        let world = World::at(views.connection(), known)?;
        let is_present = known == head && when.as_of.is_none();
        let (erased, names) = (reader.erased()?, RefCell::default());
        Ok(Self { reader, views, world, when, is_present, erased, head, names, _reading: None })
    }

    /// The same moment, asked at another (T, K) or by another rule.
    ///
    /// # Errors
    /// [`Error::Projection`].
    pub fn asked(&self, when: When) -> Result<Snapshot<'_>, Error> {
        Snapshot::within(self.views, self.reader, when)
    }

    /// How far the views had come when the snapshot was taken.
    pub fn head(&self) -> Seq {
        self.head
    }

    /// The place that the answers are computed at.
    pub fn known_at(&self) -> Seq {
        self.world.known
    }

    /// When and how is asked.
    pub fn when(&self) -> When {
        self.when
    }

    /// How many events of the log were erased: what they said, nobody can tell any more.
    pub fn erased(&self) -> u64 {
        self.erased
    }

    /// The registry.
    pub fn registry(&self) -> Registry<'_> {
        Registry::of(self.views)
    }

    /// The world as known at the head, which names are looked up in whatever K is asked at.
    ///
    /// # Errors
    /// [`Error::Projection`].
    pub fn head_world(&self) -> Result<World<'_>, Error> {
        Ok(World::at(self.views.connection(), self.views.cursor()?.seq)?)
    }

    /// The log.
    pub fn reader(&self) -> Reader<'a> {
        self.reader
    }

    /// The events in force that retract or supersede an event.
    ///
    /// # Errors
    /// [`Error::Projection`].
    pub fn put_out_by(&self, seq: Seq) -> Result<Vec<Seq>, Error> {
        Ok(self.world.put_out_by(seq.0)?)
    }

    /// All slugs of the entity of a slug.
    ///
    /// # Errors
    /// [`Error::Projection`].
    pub fn slugs_of(&self, slug: i64) -> Result<Vec<String>, Error> {
        self.world.class(slug)?.members.iter().map(|member| self.slug(*member)).collect()
    }

    /// The slug that a number stands for.
    pub(super) fn known(&self, number: i64) -> Result<Known, Error> {
        Ok(self.registry().by_number(number)?)
    }

    /// The slug of a number.
    pub(super) fn slug(&self, number: i64) -> Result<String, Error> {
        Ok(self.known(number)?.slug)
    }

    /// What an entity is called, or a claim says, as known at K; the slug itself where no definition of it is in force.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn called(&self, number: i64) -> Result<String, Error> {
        let known = self.known(number)?;
        let is_kept = self.world.known == self.head && !known.slug.starts_with(CLAIM_PREFIX);
        let name = if is_kept { known.name } else { self.name_then(number)? };
        Ok(name.unwrap_or(known.slug))
    }

    /// The name that an entity had at K, or what a claim said then.
    fn name_then(&self, number: i64) -> Result<Option<String>, Error> {
        if let Some(name) = self.names.borrow().get(&number) {
            return Ok(name.clone());
        }
        let mut name = None;
        for seq in self.world.definitions(number)? {
            match self.event(seq.0)? {
                Some((_, Event { body: Body::Entity(entity), .. })) => name = Some(entity.name),
                Some((_, Event { body: Body::Claim(claim), .. })) => name = Some(claim.text),
                Some(_) | None => continue,
            }
            break;
        }
        self.names.borrow_mut().insert(number, name.clone());
        Ok(name)
    }

    /// The stored row at a place that the tables name.
    pub(super) fn row(&self, seq: i64) -> Result<Row, Error> {
        let missing = || crate::log::Error::Damaged { seq: Seq(seq), reason: "it is missing".to_owned() };
        Ok(self.reader.at(Seq(seq))?.ok_or_else(missing)?)
    }

    /// The event at a place that the tables name; nothing where its content was erased meanwhile.
    pub(super) fn event(&self, seq: i64) -> Result<Option<(Row, Event)>, Error> {
        let row = self.row(seq)?;
        let event = row.event()?;
        Ok(event.map(|event| (row, event)))
    }

    /// The id of the event at a place.
    pub(super) fn id(&self, seq: i64) -> Result<EventId, Error> {
        Ok(self.row(seq)?.id)
    }
}
