//! Questions: names resolved, both times settled, one snapshot each.

use serde::Serialize;
use utoipa::ToSchema;

use super::Ledger;
use super::error::Error;
use super::when::{Asked, first_day};
use crate::event::{EventId, EventType, Micros, Refusal, fold_name, nearest};
use crate::log::{Row, Seq};
use crate::query::{ActionItem, Answer, Detail, Direction, EntityItem, EventFilter, HistoryItem, PageFilter, Retracted, Snapshot, Why};
use crate::stance::Value;

/// Where does an actor stand on a target?
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question<'a> {
    /// The actor, by slug, name or alias.
    pub actor: &'a str,
    /// The target, likewise.
    pub target: &'a str,
    /// When, and by which rule.
    pub asked: Asked,
}

/// What a log and its views are.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Status {
    /// Where the log is.
    pub path: String,
    /// The place of its last event; 0 for an empty log.
    pub head: i64,
    /// How many events it has.
    pub events: i64,
    /// When its last event was recorded.
    #[schema(required = true, value_type = Option<Micros>)]
    pub recorded_at: Option<String>,
    /// The leaf hash of its last event, hexadecimal.
    #[schema(required = true, pattern = "^[0-9a-f]{64}$")]
    pub leaf: Option<String>,
    /// The root of the tree over all events, hexadecimal; nothing for a log of the first layout.
    #[schema(required = true, pattern = "^[0-9a-f]{64}$")]
    pub root: Option<String>,
    /// Events whose content was erased.
    pub erased: u64,
    /// Whether text that was erased may still stand in the files, until the next command that writes removes it.
    pub scrub_due: bool,
    /// How far the views have come.
    pub views: i64,
}

impl Ledger {
    /// Asks of one snapshot, after the views have caught up.
    pub(super) fn ask<T>(&self, asked: &Asked, question: impl FnOnce(&Snapshot<'_>) -> Result<T, Error>) -> Result<T, Error> {
        if self.moment.get().is_some() {
            let (log, views) = (self.log.borrow(), self.views.borrow());
            let snapshot = Snapshot::within(&views, log.reader(), asked.resolve(log.reader(), self.now())?)?;
            self.answered_at.set(snapshot.known_at());
            return question(&snapshot);
        }
        loop {
            let acknowledged = self.place()?;
            self.reach(acknowledged)?;
            let (log, views) = (self.log.borrow(), self.views.borrow());
            let when = asked.resolve(log.reader(), self.now())?;
            let snapshot = Snapshot::take(&views, log.reader(), when)?;
            // Another process may have emptied the views in between: then they are behind, and have to catch up again.
            if snapshot.head() >= acknowledged {
                self.answered_at.set(snapshot.known_at());
                return question(&snapshot);
            }
        }
    }

    /// Where an actor stands on a target.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a name that nobody registered, [`Error::Refused`] for one that fits several.
    pub fn stance(&self, question: &Question<'_>) -> Result<Answer, Error> {
        self.ask(&question.asked, |snapshot| {
            let (actor, target) = (find(snapshot, question.actor)?, find(snapshot, question.target)?);
            Ok(snapshot.answer(actor, target, Detail::Full)?)
        })
    }

    /// Where an actor stands on everything, by the targets' slugs.
    ///
    /// # Errors
    /// As for [`Ledger::stance`].
    pub fn stances(&self, actor: &str, asked: &Asked) -> Result<Vec<Answer>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.answers_of(find(snapshot, actor)?, Detail::Full)?))
    }

    /// Where everybody stands on a target, by the actors' slugs.
    ///
    /// # Errors
    /// As for [`Ledger::stance`].
    pub fn sides(&self, target: &str, asked: &Asked) -> Result<Vec<Answer>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.sides(find(snapshot, target)?, Detail::Full)?))
    }

    /// A page of stances: of an actor, toward a target, of a kind, lately changed; and whether there are more. One that is
    /// asked for by actor and target is there even where no event counts.
    ///
    /// # Errors
    /// As for [`Ledger::stance`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::{Asked, StancesWanted}, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// let backs = |actor: &str| parse(&format!(r#"{{"actor":"{actor}","action":"backs","target":"Tax","occurred":"2024"}}"#)).unwrap();
    /// ledger.append([backs("Ann"), backs("Bea")])?;
    /// let (page, is_more) = ledger.stances_page(&StancesWanted { limit: 1, ..StancesWanted::default() }, &Asked::default())?;
    /// assert_eq!((page[0].actor.as_str(), is_more), ("ann", true));
    /// let after = Some(("ann".to_owned(), "tax".to_owned()));
    /// let (page, is_more) = ledger.stances_page(&StancesWanted { after, limit: 1, ..StancesWanted::default() }, &Asked::default())?;
    /// assert_eq!((page[0].actor.as_str(), is_more), ("bea", false));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn stances_page(&self, wanted: &StancesWanted<'_>, asked: &Asked) -> Result<(Vec<Answer>, bool), Error> {
        self.ask(asked, |snapshot| {
            let number = |name: Option<&str>| name.map(|name| find(snapshot, name)).transpose();
            let changed_since = wanted.changed_since.map(|text| first_day("changed-since", text, self.now())).transpose()?;
            let (actor, target) = (number(wanted.actor)?, number(wanted.target)?);
            let (values, after, limit) = (wanted.stances.clone(), wanted.after.clone(), wanted.limit);
            Ok(snapshot.page(&PageFilter { actor, target, values, changed_since, after, limit })?)
        })
    }

    /// What an actor did and said, toward one target or all, in valid order, with the changes of stance that it made.
    ///
    /// # Errors
    /// As for [`Ledger::stance`].
    pub fn history(&self, actor: &str, target: Option<&str>, retracted: Retracted, asked: &Asked) -> Result<Vec<HistoryItem>, Error> {
        self.ask(asked, |snapshot| {
            let actor = find(snapshot, actor)?;
            match target {
                Some(target) => Ok(snapshot.history(actor, find(snapshot, target)?, retracted)?),
                None => Ok(snapshot.history_of(actor, retracted)?),
            }
        })
    }

    /// Why an answer is as it is: the events that decide it, with evidence, seq, time of recording and leaf hash.
    ///
    /// # Errors
    /// As for [`Ledger::stance`].
    pub fn why(&self, question: &Question<'_>) -> Result<Why, Error> {
        self.ask(&question.asked, |snapshot| {
            let (actor, target) = (find(snapshot, question.actor)?, find(snapshot, question.target)?);
            Ok(snapshot.why(actor, target)?)
        })
    }

    /// Visits the answer of every pair that has a counting event, by the actors' slugs, then the targets'.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`], and the visitor's own.
    pub fn every_stance(&self, asked: &Asked, detail: Detail, visit: impl FnMut(Answer) -> Result<(), Error>) -> Result<(), Error> {
        self.ask(asked, |snapshot| snapshot.every_answer(detail, visit))
    }

    /// Entities whose slug or one of whose names contains the text; all without a text. At most `limit`.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn entities(&self, text: Option<&str>, limit: usize, asked: &Asked) -> Result<Vec<EntityItem>, Error> {
        self.entities_part(text, 0, limit, asked)
    }

    /// A part of what [`Ledger::entities`] tells.
    ///
    /// # Errors
    /// As for [`Ledger::entities`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::Asked, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// assert_eq!(ledger.entities_part(None, 1, 9, &Asked::default())?[0].entity, "tax");
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn entities_part(&self, text: Option<&str>, skip: usize, limit: usize, asked: &Asked) -> Result<Vec<EntityItem>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.entities(text, skip, limit)?))
    }

    /// Words whose slug or label contains the text; all without a text.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn actions(&self, text: Option<&str>, asked: &Asked) -> Result<Vec<ActionItem>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.actions(text)?))
    }

    /// Visits events in log order or against it: those of an actor, toward a target, of a type, with an action, between two
    /// places, as far as asked.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Log`], and the visitor's own.
    pub fn events(&self, wanted: &EventsWanted<'_>, asked: &Asked, visit: impl FnMut(Row) -> Result<(), Error>) -> Result<(), Error> {
        self.ask(asked, |snapshot| {
            let filter = EventFilter {
                actor: wanted.actor.map(|actor| find(snapshot, actor)).transpose()?,
                target: wanted.target.map(|target| find(snapshot, target)).transpose()?,
                event_type: wanted.event_type,
                action: wanted.action.map(|action| used(snapshot, action)).transpose()?,
                after: wanted.after,
                before: wanted.before,
                direction: wanted.direction,
                limit: wanted.limit,
            };
            snapshot.events(&filter, visit)
        })
    }

    /// The event with an id, given whole or by a unique beginning, or with a seq.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for a beginning that fits several.
    pub fn event(&self, id_or_seq: &str) -> Result<Row, Error> {
        let log = self.log.borrow();
        let reader = log.reader();
        let not_found = || Error::NotFound { what: format!("no event `{id_or_seq}` is in the log"), nearest: Vec::new() };
        let head = self.place()?;
        let is_there = |row: &Row| row.seq <= head;
        // A short number is a seq; an id's beginning of digits alone is written with at least eight.
        if let Ok(seq) = id_or_seq.trim_start_matches('@').parse::<i64>()
            && (id_or_seq.len() < 8 || id_or_seq.starts_with('@'))
        {
            return reader.at(Seq(seq))?.filter(is_there).ok_or_else(not_found);
        }
        let (first, last) = id_range(id_or_seq).ok_or_else(|| {
            let said = format!("`{id_or_seq}` is neither a seq nor an id; ids are hexadecimal digits as in 0190a3c4-…");
            Error::Refused(Refusal::field("event", said))
        })?;
        let mut found = reader.by_id_range(first, last, 3)?;
        found.retain(is_there);
        match found.len() {
            0 => Err(not_found()),
            1 => Ok(found.remove(0)),
            _ => {
                let ids: Vec<String> = found.iter().map(|row| row.id.to_string()).collect();
                let said = format!("`{id_or_seq}` begins several ids: {} …; give more of it", ids.join(", "));
                Err(Refusal::field("event", said).into())
            }
        }
    }

    /// What the log and its views are.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn status(&self) -> Result<Status, Error> {
        let (log, head) = (self.log.borrow(), self.place()?);
        let last = log.reader().at(head)?;
        Ok(Status {
            path: self.path.display().to_string(),
            head: head.0,
            events: head.0,
            recorded_at: last.as_ref().map(|row| row.recorded_at.to_string()),
            leaf: last.map(|row| row.leaf.iter().map(|byte| format!("{byte:02x}")).collect()),
            root: if log.reader().has_tree()? { Some(log.reader().tree_head(head)?.root.to_string()) } else { None },
            erased: log.reader().erased()?,
            scrub_due: log.reader().is_scrub_due()? || !self.views.borrow().is_swept()?,
            views: self.views.borrow().cursor()?.seq.0,
        })
    }
}

/// Which stances are asked for, as written; what is not given does not limit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StancesWanted<'a> {
    /// This actor's, by slug, name or alias.
    pub actor: Option<&'a str>,
    /// Those toward this target, likewise.
    pub target: Option<&'a str>,
    /// One of these stances; none given: any.
    pub stances: Vec<Value>,
    /// Those that have been what they are since this date or later.
    pub changed_since: Option<&'a str>,
    /// Those behind this pair of slugs, in the order of the list.
    pub after: Option<(String, String)>,
    /// At most so many.
    pub limit: usize,
}

/// Which events are asked for, as written; what is not given does not limit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EventsWanted<'a> {
    /// Of this actor, by slug, name or alias.
    pub actor: Option<&'a str>,
    /// Toward this target, likewise.
    pub target: Option<&'a str>,
    /// Of this type.
    pub event_type: Option<EventType>,
    /// That do this, allege it, or say what it means; a word of the vocabulary.
    pub action: Option<&'a str>,
    /// After this place.
    pub after: Option<Seq>,
    /// Before this place.
    pub before: Option<Seq>,
    /// In which order.
    pub direction: Direction,
    /// At most so many.
    pub limit: Option<usize>,
}

/// The least and the greatest id that begin with the given hexadecimal digits; dashes do not matter.
fn id_range(beginning: &str) -> Option<(EventId, EventId)> {
    let digits: String = beginning.chars().filter(|c| *c != '-').collect();
    if digits.is_empty() || digits.len() > 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let padded = |fill: &str| format!("{digits}{}", fill.repeat(32 - digits.len())).parse().ok();
    Some((padded("0")?, padded("f")?))
}

/// Whom a question means: a slug that an event names, or the one entity that a name fits.
pub(super) fn find(snapshot: &Snapshot<'_>, given: &str) -> Result<i64, Error> {
    let registry = snapshot.registry();
    let folded = fold_name(given);
    if let Some(known) = registry.slug(&folded)? {
        return Ok(known.number);
    }
    let world = snapshot.head_world()?;
    let mut numbers: Vec<(i64, i64, String)> = Vec::new();
    for named in registry.named(&folded)? {
        let canonical = world.canonical(named.slug.number)?;
        if !world.out(named.seq)? && !numbers.iter().any(|(one, _, _)| *one == canonical) {
            numbers.push((canonical, named.slug.number, named.slug.slug));
        }
    }
    match &numbers[..] {
        [(_, number, _)] => Ok(*number),
        [] => {
            let mut near = registry.containing(&folded)?;
            let similar = registry.similar(&folded)?;
            near.extend(nearest(&folded, similar.iter().map(String::as_str)));
            let mut once = std::collections::HashSet::new();
            near.retain(|one| once.insert(one.clone()));
            near.truncate(3);
            Err(Error::NotFound { what: format!("nobody is registered as `{}`", shortened(&folded)), nearest: near })
        }
        several => {
            let slugs: Vec<&str> = several.iter().map(|(_, _, slug)| slug.as_str()).collect();
            Err(Refusal::field("", format!("`{folded}` may be any of {}; give the slug", slugs.join(", "))).into())
        }
    }
}

/// A word that some event uses or defines.
fn used(snapshot: &Snapshot<'_>, action: &str) -> Result<String, Error> {
    let registry = snapshot.registry();
    if registry.has_action(action)? {
        return Ok(action.to_owned());
    }
    let words = registry.actions()?;
    let near = nearest(action, words.iter().map(String::as_str));
    Err(Error::NotFound { what: format!("no event does or defines `{}`", shortened(action)), nearest: near })
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
