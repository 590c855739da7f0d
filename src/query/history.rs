//! Histories: the events of a pair or of an actor with the changes that they made, and why an answer is as it is.

use serde::Serialize;

use super::answer::{Answer, Detail};
use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::{Body, EventId, Evidence, Side, Stance, Tier};
use crate::log::Row;
use crate::projection::{Class, Span};
use crate::stance::{Change, Entry, Grade, Order, Value};

/// One stance event as it counts for one pair, with everything that it rests on.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Act {
    /// Its place in the log.
    pub seq: i64,
    /// Its id.
    pub id: EventId,
    /// When the log learned of it.
    pub recorded_at: String,
    /// When it happened.
    pub occurred: String,
    /// For whom it counts.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// Toward whom or what it counts.
    pub target: String,
    /// How strongly it tells.
    pub tier: Tier,
    /// The side it takes.
    pub side: Option<Side>,
    /// Who spoke or acted, where that is another than the actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spoken_by: Option<String>,
    /// The motion that was voted on, where the vote counts through one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Its leaf hash, hexadecimal.
    pub leaf: String,
}

/// A change of stance, with the events that made it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ChangeItem {
    /// Whose stance.
    pub actor: String,
    /// Toward whom or what.
    pub target: String,
    /// The day after which the answer differs.
    pub at: String,
    /// The stance before.
    pub from: Value,
    /// The stance after.
    pub to: Value,
    /// The tier that decides after it.
    pub basis: Option<Tier>,
    /// Whether what decided before certainly came before.
    pub order: Order,
    /// The grade, where it is a flip.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flip: Option<Grade>,
    /// Whether the flip is confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<bool>,
    /// The events that made it.
    pub events: Vec<EventId>,
}

/// One line of a history.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum HistoryItem {
    /// An event.
    Event(Box<Act>),
    /// A change of stance.
    Change(ChangeItem),
}

/// Why an answer is as it is.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Why {
    /// The answer.
    pub answer: Answer,
    /// The events that decide it, with their evidence.
    pub events: Vec<Act>,
    /// The changes that led to it.
    pub changes: Vec<ChangeItem>,
}

impl Snapshot<'_> {
    /// The events of a pair and the changes of its stance, in valid order.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn history(&self, actor: i64, target: i64) -> Result<Vec<HistoryItem>, Error> {
        let (actor, target) = (self.world.class(actor)?, self.world.class(target)?);
        let entries = self.entries(&actor, &target, Span::ALL)?;
        let changes = self.changes(&actor, &target)?;
        let mut changes = changes.into_iter().peekable();
        let mut items = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            items.push(HistoryItem::Event(Box::new(self.act(entry, &actor, &target)?)));
            let day_ends = entries.get(index + 1).is_none_or(|next| next.day() != entry.day());
            if day_ends && let Some(change) = changes.next_if(|change| change.at == entry.day()) {
                items.push(HistoryItem::Change(self.change_item(&change, &actor, &target, &entries)?));
            }
        }
        Ok(items)
    }

    /// The history of everything that an actor did and said, target by target in the order of their slugs.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn history_of(&self, actor: i64) -> Result<Vec<HistoryItem>, Error> {
        let mut items = Vec::new();
        for answer in self.answers_of(actor, Detail::Brief)? {
            if let Some(target) = self.registry().slug(&answer.target)? {
                items.extend(self.history(actor, target.number)?);
            }
        }
        // Valid order across targets; what belongs to one pair stays in the order that it has.
        items.sort_by_cached_key(|item| match item {
            HistoryItem::Event(act) => (self.valid_key(act.seq), act.seq),
            HistoryItem::Change(change) => (change.events.last().map_or((i64::MAX, i64::MAX), |_| self.day_key(&change.at)), i64::MAX),
        });
        Ok(items)
    }

    fn valid_key(&self, seq: i64) -> (i64, i64) {
        match self.event(seq) {
            Ok(Some((_, event))) => match event.body {
                Body::Stance(stance) => (stance.occurred.earliest().0, stance.occurred.latest().0),
                _ => (i64::MAX, i64::MAX),
            },
            Ok(None) | Err(_) => (i64::MAX, i64::MAX),
        }
    }

    fn day_key(&self, day: &str) -> (i64, i64) {
        crate::event::Day::parse(day).map_or((i64::MAX, i64::MAX), |day| (day.last().0, i64::MAX))
    }

    /// Why an answer is as it is: the answer, the events that decide it and their evidence, the changes that led to it.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn why(&self, actor: i64, target: i64) -> Result<Why, Error> {
        let answer = self.answer(actor, target, Detail::Full)?;
        let (actor, target) = (self.world.class(actor)?, self.world.class(target)?);
        let deciding = self.fold(&actor, &target)?.standing(self.when.rule).deciding;
        let deciding = self.deciding_entries(&actor, &target, deciding)?;
        let events = deciding.iter().map(|entry| self.act(entry, &actor, &target)).collect::<Result<_, _>>()?;
        let entries = self.entries(&actor, &target, Span::ALL)?;
        let changes = self.changes(&actor, &target)?;
        let changes = changes.iter().map(|change| self.change_item(change, &actor, &target, &entries)).collect::<Result<_, _>>()?;
        Ok(Why { answer, events, changes })
    }

    pub(super) fn entries(&self, actor: &Class, target: &Class, span: Span) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        self.world.entries(actor, target, span.until(self.when.as_of), |entry| entries.push(entry))?;
        Ok(entries)
    }

    /// The changes of a pair's stance, folded from its first entry on.
    pub(super) fn changes(&self, actor: &Class, target: &Class) -> Result<Vec<Change>, Error> {
        let mut fold = crate::stance::Fold::default();
        self.world.entries(actor, target, Span::ALL.until(self.when.as_of), |entry| fold.add(&entry))?;
        Ok(fold.changes(self.when.rule))
    }

    pub(super) fn change_item(&self, change: &Change, actor: &Class, target: &Class, entries: &[Entry]) -> Result<ChangeItem, Error> {
        let made_it = entries.iter().filter(|entry| entry.day() == change.at && Some(entry.tier) == change.basis.1);
        Ok(ChangeItem {
            actor: self.slug(actor.canonical)?,
            target: self.slug(target.canonical)?,
            at: change.at.to_string(),
            from: change.from,
            to: change.to,
            basis: change.basis.1,
            order: change.order,
            flip: change.flip,
            confirmed: change.flip.map(|_| change.confirmed()),
            events: made_it.map(|entry| self.id(entry.seq)).collect::<Result<_, _>>()?,
        })
    }

    /// An entry with everything that it rests on.
    pub(super) fn act(&self, entry: &Entry, actor: &Class, target: &Class) -> Result<Act, Error> {
        let missing = || crate::log::Error::Damaged { seq: crate::log::Seq(entry.seq), reason: "it is no stance event".to_owned() };
        let (row, event) = self.event(entry.seq)?.ok_or_else(missing)?;
        let Body::Stance(stance) = event.body else { return Err(missing().into()) };
        let spoken_by = (!actor.members.contains(&entry.speaker)).then(|| self.slug(entry.speaker)).transpose()?;
        let toward = self.slug(target.canonical)?;
        let direct = self.registry().slug(&stance.target)?.is_some_and(|known| target.members.contains(&known.number));
        let Stance { action, occurred, place, target: stored_target, .. } = stance;
        Ok(Act {
            seq: entry.seq,
            id: row.id,
            recorded_at: row.recorded_at.to_string(),
            occurred: occurred.to_string(),
            actor: self.slug(actor.canonical)?,
            action,
            target: toward,
            tier: entry.tier,
            side: entry.side,
            spoken_by,
            through: (!direct).then_some(stored_target),
            place,
            note: event.common.note,
            evidence: event.common.evidence,
            leaf: hex(&row),
        })
    }
}

/// A leaf hash in hexadecimal.
fn hex(row: &Row) -> String {
    row.leaf.iter().map(|byte| format!("{byte:02x}")).collect()
}
