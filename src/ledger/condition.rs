//! Conditions of an append: nothing that matters to the caller may have been appended since he looked.

use std::ops::ControlFlow;

use super::Ledger;
use super::ask::find;
use super::error::Error;
use super::when::Asked;
use crate::event::{Body, EventType, Refusal, fold_name, slug_of};
use crate::log::{Reader, Row, Seq};
use crate::query::{Criteria, EventFilter, Snapshot};

/// What must not have been appended after a place in the log (a dynamic consistency boundary).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    /// The place up to which the caller has seen the log.
    pub after: Seq,
    /// An event that fits any of these spoils the condition; without one, any event does.
    pub any_of: Vec<Pattern>,
}

/// Which events are meant, as written; what is not given does not limit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pattern {
    /// Of this actor, by slug, name or alias.
    pub actor: Option<String>,
    /// Toward this target, likewise.
    pub target: Option<String>,
    /// Of this type.
    pub event_type: Option<EventType>,
    /// With this word.
    pub action: Option<String>,
}

/// A condition that holds up to a place in the log, with its names as slugs. The append itself looks at the rest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settled {
    holds_to: Seq,
    any_of: Vec<Sieve>,
}

/// A pattern with all the slugs that its names mean, as long as nobody is merged or taken back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sieve {
    criteria: Criteria,
    is_open: bool,
}

impl Sieve {
    /// Whether the pattern fits an event.
    pub fn lets_through(&self, body: &Body) -> bool {
        self.criteria.are_met_by(body)
    }

    /// Whether a pair of slugs is of the actors and targets that the pattern names.
    pub fn is_about(&self, actor: &str, target: &str) -> bool {
        let within = |list: &Option<Vec<String>>, slug: &str| list.as_ref().is_none_or(|list| list.iter().any(|one| one == slug));
        within(&self.criteria.actors, actor) && within(&self.criteria.targets, target)
    }

    /// Whether a name is nobody's yet: whoever is defined next may have it.
    pub fn is_open(&self) -> bool {
        self.is_open
    }
}

/// Whether an event may change whom the names of a [`Sieve`] mean.
pub fn changes_who_is_whom(body: &Body) -> bool {
    match body {
        Body::Merge(_) | Body::Retract(_) => true,
        Body::Stance(_) | Body::Claim(_) | Body::Verdict(_) | Body::Entity(_) | Body::Action(_) => false,
        Body::Vocabulary(_) | Body::Source(_) | Body::Erase(_) => false,
    }
}

impl Ledger {
    /// Checks a condition against all that the log has now.
    ///
    /// # Errors
    /// [`Error::Overtaken`] where it does not hold, [`Error::Refused`] for a place beyond the head or a name that fits several.
    ///
    /// ```
    /// use stancelog::{event::parse, ledger::{Condition, Error, Pattern}, log::Seq, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// let any_of = vec![Pattern { actor: Some("Ann".to_owned()), ..Pattern::default() }];
    /// let late = ledger.settle(&Condition { after: Seq(1), any_of: any_of.clone() });
    /// assert!(matches!(late, Err(Error::Overtaken { .. })));
    /// assert!(ledger.settle(&Condition { after: Seq(4), any_of }).is_ok());
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn settle(&self, condition: &Condition) -> Result<Settled, Error> {
        self.ask(&Asked::default(), |snapshot| {
            let head = snapshot.head();
            if condition.after > head {
                let said = format!("the log has {head} events; nobody can have seen it up to {}", condition.after);
                return Err(Refusal::field("condition.after", said).into());
            }
            let mut any_of = Vec::new();
            for (index, pattern) in condition.any_of.iter().enumerate() {
                any_of.push(pattern.settle(snapshot, condition.after, index)?);
            }
            if any_of.is_empty() && head > condition.after {
                let row = snapshot.reader().at(head)?;
                return Err(overtaken(row.as_ref(), head));
            }
            Ok(Settled { holds_to: head, any_of })
        })
    }
}

fn overtaken(row: Option<&Row>, seq: Seq) -> Error {
    Error::Overtaken { seq, id: row.map(|row| row.id) }
}

impl Ledger {
    /// Whom a pattern means now.
    ///
    /// # Errors
    /// [`Error::Refused`] for a name that fits several.
    pub fn sieve(&self, pattern: &Pattern) -> Result<Sieve, Error> {
        self.ask(&Asked::default(), |snapshot| pattern.settle(snapshot, snapshot.head(), 0))
    }
}

impl Pattern {
    fn settle(&self, snapshot: &Snapshot<'_>, after: Seq, index: usize) -> Result<Sieve, Error> {
        let known = |name: &Option<String>, field: &str| match name.as_deref().map(|name| find(snapshot, name)) {
            None => Ok(None),
            Some(Ok(number)) => Ok(Some(Some(number))),
            // Whoever comes to have the name since is met by the append.
            Some(Err(Error::NotFound { .. })) => Ok(Some(None)),
            Some(Err(Error::Refused(refusal))) => {
                let field = format!("condition.query[{index}].{field}");
                Err(Error::Refused(Refusal { field, ..refusal }))
            }
            Some(Err(other)) => Err(other),
        };
        let (actor, target) = (known(&self.actor, "actor")?, known(&self.target, "target")?);
        if actor != Some(None) && target != Some(None) {
            let filter = EventFilter {
                actor: actor.flatten(),
                target: target.flatten(),
                event_type: self.event_type,
                action: self.action.clone(),
                after: Some(after),
                ..EventFilter::default()
            };
            match snapshot.events(&filter, |row| Err(overtaken(Some(&row), row.seq))) {
                // Nobody has used a word that nobody knows.
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let slugs = |number: Option<Option<i64>>, name: &Option<String>| match (number, name) {
            (Some(Some(number)), _) => Ok::<_, Error>(Some(snapshot.slugs_of(number)?)),
            (Some(None), Some(name)) => Ok(Some(vec![slug_of(&fold_name(name)), fold_name(name)])),
            (Some(None), None) | (None, _) => Ok(None),
        };
        let (actors, targets) = (slugs(actor, &self.actor)?, slugs(target, &self.target)?);
        let is_open = actor == Some(None) || target == Some(None);
        let criteria = Criteria { actors, targets, event_type: self.event_type, action: self.action.clone() };
        Ok(Sieve { criteria, is_open })
    }
}

impl Settled {
    /// Looks at what came in since the condition was checked.
    pub(super) fn check(&self, reader: Reader<'_>) -> Result<(), Error> {
        let mut spoilt = None;
        reader.after(self.holds_to, |row| {
            if self.is_spoilt_by(&row)? {
                spoilt = Some(overtaken(Some(&row), row.seq));
                return Ok::<_, Error>(ControlFlow::Break(()));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        spoilt.map_or(Ok(()), Err)
    }

    fn is_spoilt_by(&self, row: &Row) -> Result<bool, Error> {
        let Some(event) = row.event()? else { return Ok(false) };
        Ok(match &event.body {
            // The caller has to look again.
            body if changes_who_is_whom(body) => true,
            Body::Entity(_) if self.any_of.iter().any(Sieve::is_open) => true,
            body => self.any_of.is_empty() || self.any_of.iter().any(|sieve| sieve.lets_through(body)),
        })
    }
}
