//! Histories: the events of a pair or of an actor with the changes that they made.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::claim::VoiceItem;
use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::{Body, CLAIM_PREFIX, Day, EventId, Evidence, Micros, Occurred, Side, Speech, Stance, Tier};
use crate::log::Row;
use crate::projection::{Class, Span};
use crate::stance::{Change, Entry, Grade, Order, SpeechEntry, StanceValue, Status, Value};

/// One stance event as it counts for one pair, with everything that it rests on.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Act {
    /// Its place in the log.
    pub seq: i64,
    /// Its id.
    pub id: EventId,
    /// When the log learned of it.
    #[schema(value_type = Micros)]
    pub recorded_at: String,
    /// When it happened.
    #[schema(value_type = Occurred)]
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
    #[schema(required = true)]
    pub side: Option<Side>,
    /// Who spoke or acted, where that is another than the actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub spoken_by: Option<String>,
    /// The motion that was voted on, where the vote counts through one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub through: Option<String>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub place: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub note: Option<String>,
    /// What it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Its leaf hash, hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub leaf: String,
    /// The events that took it back or superseded it, where it does not count any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub retracted_by: Vec<EventId>,
}

/// A change of stance, with the events that made it.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ChangeItem {
    /// Whose stance.
    pub actor: String,
    /// Toward whom or what.
    pub target: String,
    /// The day after which the answer differs.
    #[schema(value_type = Day)]
    pub at: String,
    /// The stance before.
    #[schema(value_type = StanceValue)]
    pub from: Value,
    /// The stance after.
    #[schema(value_type = StanceValue)]
    pub to: Value,
    /// The tier that decides after it.
    #[schema(required = true)]
    pub basis: Option<Tier>,
    /// Whether what decided before certainly came before.
    pub order: Order,
    /// The grade, where it is a flip.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub flip: Option<Grade>,
    /// Whether the flip is confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub confirmed: Option<bool>,
    /// The events that made it.
    pub events: Vec<EventId>,
}

/// One line of a history.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum HistoryItem {
    /// An event.
    Event(Box<Act>),
    /// A change of stance.
    Change(ChangeItem),
    /// Something that the actor did with a claim.
    Speech(SpeechItem),
    /// Something that others say the actor did: it never counts toward a stance.
    Alleged(AllegedItem),
}

/// Something that an actor did with a claim.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct SpeechItem {
    /// Its place in the log.
    pub seq: i64,
    /// Its id.
    pub id: EventId,
    /// When it happened.
    #[schema(value_type = Occurred)]
    pub occurred: String,
    /// For whom it counts.
    pub actor: String,
    /// What was done with the claim.
    pub speech: Speech,
    /// The claim.
    pub claim: String,
    /// Who spoke, where that is another than the actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub spoken_by: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub note: Option<String>,
    #[serde(skip)]
    pub(super) order: (Micros, Micros),
}

/// Something that others say an actor did.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct AllegedItem {
    /// The claim that says so.
    pub claim: String,
    /// Who is said to have done it.
    pub actor: String,
    /// What.
    pub action: String,
    /// Toward whom or what.
    pub target: String,
    /// When, if the claim says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Occurred>)]
    pub occurred: Option<String>,
    /// Where the claim stands.
    pub status: Status,
    /// Who stands by it.
    pub alleged_by: Vec<String>,
    /// Who denies it.
    pub denied_by: Vec<String>,
    /// Claims that say that this claim was itself asserted or denied by somebody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nested_in: Vec<String>,
    #[serde(skip)]
    pub(super) order: (Micros, Micros),
}

/// Whether events that were taken back are shown as well.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Retracted {
    /// They are not.
    #[default]
    Hidden,
    /// They are, marked.
    Shown,
}

impl Snapshot<'_> {
    /// The events of a pair and the changes of its stance, with what others allege, in valid order.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn history(&self, actor: i64, target: i64, retracted: Retracted) -> Result<Vec<HistoryItem>, Error> {
        let (of, toward) = (self.world.class(actor)?, self.world.class(target)?);
        let mut items = self.pair_items(&of, &toward, retracted)?;
        for alleged in self.alleged(actor)? {
            let at = self.registry().slug(&alleged.target)?;
            if at.is_some_and(|known| toward.members.contains(&known.number)) {
                items.push(HistoryItem::Alleged(alleged));
            }
        }
        items.extend(self.speech_items(actor, Some(target))?.into_iter().map(HistoryItem::Speech));
        items.sort_by_cached_key(HistoryItem::order);
        Ok(items)
    }

    /// The history of everything that an actor did and said and is said to have done, in valid order.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn history_of(&self, actor: i64, retracted: Retracted) -> Result<Vec<HistoryItem>, Error> {
        let mut items = Vec::new();
        for (actor, target) in self.pairs(Some(actor), None)? {
            items.extend(self.pair_items(&*self.world.class(actor)?, &*self.world.class(target)?, retracted)?);
        }
        items.extend(self.speech_items(actor, None)?.into_iter().map(HistoryItem::Speech));
        items.extend(self.alleged(actor)?.into_iter().map(HistoryItem::Alleged));
        items.sort_by_cached_key(HistoryItem::order);
        Ok(items)
    }

    fn pair_items(&self, actor: &Class, target: &Class, retracted: Retracted) -> Result<Vec<HistoryItem>, Error> {
        let entries = self.entries(actor, target, Span::ALL)?;
        let mut items = Vec::new();
        for entry in &entries {
            items.push(HistoryItem::Event(Box::new(self.act(entry, actor, target)?)));
        }
        for change in self.changes(actor, target)? {
            items.push(HistoryItem::Change(self.change_item(&change, actor, target, &entries)?));
        }
        if retracted == Retracted::Shown {
            items.extend(self.retracted(actor, target)?.into_iter().map(|act| HistoryItem::Event(Box::new(act))));
        }
        Ok(items)
    }

    /// The events of a pair that were taken back or superseded, with what did that.
    pub(super) fn retracted(&self, actor: &Class, target: &Class) -> Result<Vec<Act>, Error> {
        let mut acts = Vec::new();
        for entry in self.world.set_aside(actor, target, Span::ALL.until(self.when.as_of))? {
            let by = self.world.put_out_by(entry.seq)?;
            let retracted_by = by.into_iter().map(|seq| self.id(seq.0)).collect::<Result<_, _>>()?;
            acts.push(Act { retracted_by, ..self.act(&entry, actor, target)? });
        }
        Ok(acts)
    }

    /// What an actor did with claims, or with one of them.
    pub(super) fn speech_items(&self, actor: i64, only: Option<i64>) -> Result<Vec<SpeechItem>, Error> {
        let actor = self.world.class(actor)?;
        let mut claims = BTreeSet::new();
        for member in &actor.members {
            claims.extend(self.numbers("SELECT DISTINCT claim FROM speech WHERE actor = ?1", *member)?);
        }
        claims.retain(|claim| only.is_none_or(|only| only == *claim));
        let mut items = Vec::new();
        for claim in claims {
            for entry in self.world.speeches(claim, self.when.as_of)?.into_iter().filter(|entry| entry.actor == actor.canonical) {
                items.extend(self.speech_item(&entry, claim)?);
            }
        }
        Ok(items)
    }

    fn speech_item(&self, entry: &SpeechEntry, claim: i64) -> Result<Option<SpeechItem>, Error> {
        let Some((row, event)) = self.event(entry.seq)? else { return Ok(None) };
        let Body::Stance(stance) = event.body else { return Ok(None) };
        Ok(Some(SpeechItem {
            seq: entry.seq,
            id: row.id,
            occurred: stance.occurred.to_string(),
            actor: self.slug(entry.actor)?,
            speech: entry.speech,
            claim: self.slug(claim)?.trim_start_matches(CLAIM_PREFIX).to_owned(),
            spoken_by: (entry.speaker != entry.actor).then(|| self.slug(entry.speaker)).transpose()?,
            note: event.common.note,
            order: (entry.earliest, entry.latest),
        }))
    }

    /// What claims say that an actor did, in the order of the claims.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn alleged(&self, actor: i64) -> Result<Vec<AllegedItem>, Error> {
        let mut items = Vec::new();
        for claim in self.claims_about(actor)? {
            let Some(about) = claim.about else { continue };
            let order = about.occurred.as_ref().map_or((Micros::MIN, Micros::MAX), |at| (at.earliest(), at.latest()));
            if self.when.as_of.is_some_and(|end| order.0 > end) {
                continue;
            }
            let who = |wanted: fn(&VoiceItem) -> bool| -> Vec<String> {
                claim.voices.iter().filter(|voice| wanted(voice)).flat_map(|voice| voice.actors.clone()).collect()
            };
            items.push(AllegedItem {
                actor: self.canonical_slug(&about.actor)?,
                action: about.action,
                target: self.canonical_slug(&about.target)?,
                occurred: about.occurred.map(|at| at.to_string()),
                status: claim.status,
                alleged_by: who(|voice| voice.stands_by),
                denied_by: who(|voice| voice.denies),
                nested_in: self.claims_toward(&claim.claim)?,
                claim: claim.claim,
                order,
            });
        }
        Ok(items)
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
            retracted_by: Vec::new(),
        })
    }
}

impl HistoryItem {
    /// Where it stands among others: by valid time, a change behind the events of its day.
    pub(super) fn order(&self) -> (Micros, Micros, u8, i64) {
        match self {
            HistoryItem::Event(act) => {
                let at = Occurred::parse(&act.occurred).map_or((Micros::MAX, Micros::MAX), |at| (at.earliest(), at.latest()));
                (at.0, at.1, 0, act.seq)
            }
            HistoryItem::Speech(speech) => (speech.order.0, speech.order.1, 0, speech.seq),
            HistoryItem::Alleged(alleged) => (alleged.order.0, alleged.order.1, 1, 0),
            HistoryItem::Change(change) => (Day::parse(&change.at).map_or(Micros::MAX, Day::last), Micros::MAX, 2, 0),
        }
    }
}

/// A leaf hash in hexadecimal.
fn hex(row: &Row) -> String {
    row.leaf.iter().map(|byte| format!("{byte:02x}")).collect()
}
