//! Replays: the log walked from its beginning, with what each event changed.

use std::fmt;

use serde::Serialize;
use utoipa::openapi::schema::{AllOfBuilder, ArrayBuilder, ObjectBuilder};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::Ledger;
use super::compare::found;
use super::error::Error;
use super::when::Asked;
use crate::event::{CLAIM_PREFIX, Event};
use crate::exchange::{Recorded, recorded_json};
use crate::log::Row;
use crate::projection::Replay;
use crate::query::{Criteria, Snapshot};
use crate::stance::{Rule, StanceValue, Status, Value};

/// One event of a replay, with what it changed.
#[derive(Clone, PartialEq, Debug)]
pub struct ReplayStep {
    /// The event as stored.
    pub row: Row,
    /// What it says; nothing once its content was erased.
    pub event: Option<Event>,
    /// The stances and claims that it changed.
    pub changes: Vec<ReplayChange>,
}

/// What an event changed.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ReplayChange {
    /// A stance.
    Stance {
        /// Whose.
        actor: String,
        /// Toward whom or what.
        target: String,
        /// The stance before.
        #[schema(value_type = StanceValue)]
        from: Value,
        /// The stance after.
        #[schema(value_type = StanceValue)]
        to: Value,
    },
    /// A claim's status.
    Claim {
        /// The claim.
        claim: String,
        /// The status before; nothing for a claim that was not there.
        #[schema(required = true)]
        from: Option<Status>,
        /// The status after; nothing for one that is not there any more.
        #[schema(required = true)]
        to: Option<Status>,
    },
}

/// Which part of a log is replayed, as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReplayWanted<'a> {
    /// Until this time of knowing; nothing: to the head.
    pub until: Option<&'a str>,
    /// Only events and changes of this actor.
    pub actor: Option<&'a str>,
    /// Only events and changes toward this target.
    pub target: Option<&'a str>,
    /// The rule by which stances are found.
    pub rule: Rule,
}

impl Ledger {
    /// Walks the log from its first event on, with what each event changed.
    ///
    /// # Errors
    /// As for [`Ledger::flips`], and the visitor's own.
    pub fn replay(&self, wanted: &ReplayWanted<'_>, mut visit: impl FnMut(ReplayStep) -> Result<(), Error>) -> Result<(), Error> {
        let asked = Asked { known_at: wanted.until.map(str::to_owned), ..Asked::default() };
        let (until, criteria) = self.ask(&asked, |snapshot| {
            let (actors, targets) = (slugs(snapshot, wanted.actor)?, slugs(snapshot, wanted.target)?);
            Ok((snapshot.known_at(), Criteria { actors, targets, ..Criteria::default() }))
        })?;
        let folder = tempfile::tempdir().map_err(|source| Error::File { doing: "make a folder in", path: std::env::temp_dir(), source })?;
        let log = self.log.borrow();
        let reader = log.reader();
        let replay = Replay::begin(&folder.path().join("views"), reader, wanted.rule)?;
        while let Some(seq) = replay.step()?.filter(|seq| *seq <= until) {
            let Some(row) = reader.at(seq)? else { continue };
            let event = row.event()?;
            // What an erased event named, nobody can tell: it is shown where nobody in particular is asked for.
            let names_them = match &event {
                Some(event) => criteria.are_met_by(&event.body),
                None => criteria.is_empty(),
            };
            let (stances, claims) = replay.moved()?;
            let stances = stances.into_iter().map(|m| ReplayChange::Stance { actor: m.actor, target: m.target, from: m.from, to: m.to });
            let claims = claims.into_iter().map(|m| ReplayChange::Claim { claim: m.claim, from: m.from, to: m.to });
            let wanted = |change: &ReplayChange| concerns(change, names_them, &criteria);
            let changes: Vec<ReplayChange> = stances.chain(claims).filter(wanted).map(ReplayChange::written).collect();
            if !changes.is_empty() || names_them {
                visit(ReplayStep { row, event, changes })?;
            }
        }
        Ok(())
    }
}

impl PartialSchema for ReplayStep {
    fn schema() -> RefOr<Schema> {
        let changes = ArrayBuilder::new().items(Ref::from_schema_name(ReplayChange::name())).description(Some("What it changed."));
        let event = Ref::from_schema_name(Recorded::name());
        AllOfBuilder::new().item(event).item(ObjectBuilder::new().property("changes", changes).required("changes")).into()
    }
}

/// As [`ReplayStep::json`] writes it.
impl ToSchema for ReplayStep {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.extend([(Recorded::name().into(), Recorded::schema()), (ReplayChange::name().into(), ReplayChange::schema())]);
        Recorded::schemas(schemas);
        ReplayChange::schemas(schemas);
    }
}

impl ReplayStep {
    /// The step as one JSON object: the event as it is stored, then `changes`.
    ///
    /// # Errors
    /// None in practice: words can always be written as JSON.
    pub fn json(&self) -> serde_json::Result<String> {
        let event = recorded_json(&self.row);
        let changes = serde_json::to_string(&self.changes)?;
        Ok(format!("{},\"changes\":{changes}}}", event.strip_suffix('}').unwrap_or(&event)))
    }
}

impl ReplayChange {
    /// The same with a claim's slug as it is written alone.
    fn written(self) -> Self {
        match self {
            ReplayChange::Claim { claim, from, to } => {
                ReplayChange::Claim { claim: claim.trim_start_matches(CLAIM_PREFIX).to_owned(), from, to }
            }
            stance @ ReplayChange::Stance { .. } => stance,
        }
    }
}

/// The change in words.
impl fmt::Display for ReplayChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReplayChange::Stance { actor, target, from, to } => write!(f, "{actor}: {to} toward {target}, before: {from}"),
            ReplayChange::Claim { claim, from: None, to: Some(to) } => write!(f, "{claim}: {to}, new"),
            ReplayChange::Claim { claim, from, to } => {
                let [from, to] = [from, to].map(|status| status.map_or("not there", |status| status.word()));
                write!(f, "{claim}: {to}, before: {from}")
            }
        }
    }
}

/// All slugs of an entity, where one is given.
fn slugs(snapshot: &Snapshot<'_>, given: Option<&str>) -> Result<Option<Vec<String>>, Error> {
    match found(snapshot, given)? {
        Some(number) => Ok(Some(snapshot.slugs_of(number)?)),
        None => Ok(None),
    }
}

/// Whether a change is about what is asked for: a claim's status belongs to whoever moved it.
fn concerns(change: &ReplayChange, names_them: bool, criteria: &Criteria) -> bool {
    let Criteria { actors, targets, .. } = criteria;
    let within = |list: &Option<Vec<String>>, slug: &String| list.as_ref().is_none_or(|list| list.contains(slug));
    match change {
        ReplayChange::Stance { actor, target, .. } => within(actors, actor) && within(targets, target),
        ReplayChange::Claim { claim, .. } => (actors.is_none() || names_them) && within(targets, claim),
    }
}
