//! Questions about many stances at once: flips, gaps, comparisons, differences, claims, reviews, replays.

use serde::Serialize;

use super::Ledger;
use super::ask::find;
use super::error::Error;
use super::when::{Asked, end_of};
use crate::event::{CLAIM_PREFIX, Day};
use crate::log::Row;
use crate::projection::Replay;
use crate::query::{Ally, ClaimFilter, ClaimItem, Comparison, DiffItem, FlipFilter, FlipItem, GapItem, Hit, ReviewPart, Snapshot, passes};
use crate::stance::{Rule, Status, Value};

/// Which flips are asked for, as written; what is not given does not limit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FlipsWanted<'a> {
    /// Only this actor's, by slug, name or alias.
    pub actor: Option<&'a str>,
    /// Only those toward this target, likewise.
    pub target: Option<&'a str>,
    /// Only those on this date or later.
    pub from: Option<&'a str>,
    /// Only those on this date or earlier.
    pub to: Option<&'a str>,
    /// Only confirmed ones.
    pub confirmed: bool,
}

/// Between which two times stances are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Between<'a> {
    /// Two dates in valid time.
    Valid {
        /// The earlier.
        from: &'a str,
        /// The later.
        to: &'a str,
    },
    /// Two times of knowing: `@SEQ` or dates.
    Known {
        /// The earlier.
        from: &'a str,
        /// The later.
        to: &'a str,
    },
}

/// One event of a replay, with what it changed.
#[derive(Clone, PartialEq, Debug)]
pub struct ReplayStep {
    /// The event as stored.
    pub row: Row,
    /// The stances and claims that it changed.
    pub changes: Vec<ReplayChange>,
}

/// What an event changed.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ReplayChange {
    /// A stance.
    Stance {
        /// Whose.
        actor: String,
        /// Toward whom or what.
        target: String,
        /// The stance before.
        from: Value,
        /// The stance after.
        to: Value,
    },
    /// A claim's status.
    Claim {
        /// The claim.
        claim: String,
        /// The status before; nothing for a claim that was not there.
        from: Option<Status>,
        /// The status after; nothing for one that is not there any more.
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
    /// Who changed sides.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Refused`] for a date that is none, [`Error::Log`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::{Asked, FlipsWanted}, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// let vote = |action: &str, day: &str| parse(&format!(r#"{{"actor":"Ann","action":"{action}","target":"Tax","occurred":"{day}"}}"#)).unwrap();
    /// ledger.append([vote("votes-for", "2023-05-01"), vote("votes-against", "2024-05-01")])?;
    /// let flips = ledger.flips(&FlipsWanted::default(), &Asked::default())?;
    /// assert_eq!((flips[0].grade.word(), flips[0].confirmed), ("full", true));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn flips(&self, wanted: &FlipsWanted<'_>, asked: &Asked) -> Result<Vec<FlipItem>, Error> {
        self.ask(asked, |snapshot| {
            let from = wanted.from.map(|text| first_day("from", text, self.now())).transpose()?;
            let to = wanted.to.map(|text| end_of("to", text, self.now())).transpose()?.map(crate::event::Micros::day);
            let (actor, target) = (found(snapshot, wanted.actor)?, found(snapshot, wanted.target)?);
            Ok(snapshot.flips(FlipFilter { actor, target, from, to, confirmed: wanted.confirmed })?)
        })
    }

    /// Where words and deeds are on opposite sides.
    ///
    /// # Errors
    /// As for [`Ledger::flips`].
    pub fn gaps(&self, actor: Option<&str>, target: Option<&str>, asked: &Asked) -> Result<Vec<GapItem>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.gaps(found(snapshot, actor)?, found(snapshot, target)?)?))
    }

    /// Where two agree and differ.
    ///
    /// # Errors
    /// As for [`Ledger::flips`].
    pub fn compare(&self, a: &str, b: &str, asked: &Asked) -> Result<Comparison, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.compare(find(snapshot, a)?, find(snapshot, b)?)?))
    }

    /// Who takes the same side as an actor, and who the other.
    ///
    /// # Errors
    /// As for [`Ledger::flips`].
    pub fn allies(&self, actor: &str, asked: &Asked) -> Result<Vec<Ally>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.allies(find(snapshot, actor)?)?))
    }

    /// Stances that differ between two times, and the events that caused it.
    ///
    /// # Errors
    /// As for [`Ledger::flips`].
    pub fn diff(&self, between: Between<'_>, asked: &Asked) -> Result<Vec<DiffItem>, Error> {
        let at = |as_of: Option<&str>, known_at: Option<&str>| Asked {
            as_of: as_of.map(str::to_owned).or_else(|| asked.as_of.clone()),
            known_at: known_at.map(str::to_owned).or_else(|| asked.known_at.clone()),
            rule: asked.rule,
        };
        let (earlier, later) = match between {
            Between::Valid { from, to } => (at(Some(from), None), at(Some(to), None)),
            Between::Known { from, to } => (at(None, Some(from)), at(None, Some(to))),
        };
        self.ask(&later, |snapshot| {
            let when = earlier.resolve(snapshot.reader(), &*self.clock)?;
            let is_backward = when.as_of > snapshot.when().as_of || when.known_at > snapshot.when().known_at;
            if is_backward {
                return Err(crate::event::Refusal::field("--from", "the first time is later than the second").into());
            }
            Ok(snapshot.differs_from(&snapshot.asked(when)?)?)
        })
    }

    /// The claim ledger: claims, those of a status, those that an actor spoke of or is spoken of in.
    ///
    /// # Errors
    /// As for [`Ledger::flips`].
    pub fn claims(&self, status: Option<Status>, actor: Option<&str>, asked: &Asked) -> Result<Vec<ClaimItem>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.claims(ClaimFilter { status, actor: found(snapshot, actor)? })?))
    }

    /// One claim.
    ///
    /// # Errors
    /// As for [`Ledger::flips`].
    pub fn claim(&self, claim: &str, asked: &Asked) -> Result<ClaimItem, Error> {
        self.ask(asked, |snapshot| {
            let slug = claim.trim_start_matches(CLAIM_PREFIX);
            let number = find(snapshot, &format!("{CLAIM_PREFIX}{slug}")).map_err(|e| match e {
                Error::NotFound { nearest, .. } => Error::NotFound {
                    what: format!("no claim `{slug}` is registered"),
                    nearest: nearest.iter().filter_map(|one| one.strip_prefix(CLAIM_PREFIX)).map(str::to_owned).collect(),
                },
                other => other,
            })?;
            let not_then = || Error::NotFound { what: format!("no claim `{slug}` was known then"), nearest: Vec::new() };
            snapshot.claim(number)?.ok_or_else(not_then)
        })
    }

    /// Weak spots of what is recorded, at most `limit` of each kind.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn review(&self, limit: usize, asked: &Asked) -> Result<Vec<ReviewPart>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.review(limit)?))
    }

    /// Names, claims and notes that have all the words of a text, best first.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn search(&self, text: &str, limit: usize, asked: &Asked) -> Result<Vec<Hit>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.search(text, limit)?))
    }

    /// The title that an entity holds on the date asked (today without one): "Prime Minister of …", "former …".
    ///
    /// # Errors
    /// As for [`Ledger::flips`].
    pub fn title(&self, entity: &str, asked: &Asked) -> Result<Option<String>, Error> {
        self.ask(asked, |snapshot| {
            let at = snapshot.when().as_of.unwrap_or_else(|| self.now());
            Ok(snapshot.title(find(snapshot, entity)?, at)?)
        })
    }

    /// Walks the log from its first event on, with what each event changed.
    ///
    /// # Errors
    /// As for [`Ledger::flips`], and the visitor's own.
    pub fn replay(&self, wanted: &ReplayWanted<'_>, mut visit: impl FnMut(ReplayStep) -> Result<(), Error>) -> Result<(), Error> {
        let asked = Asked { known_at: wanted.until.map(str::to_owned), ..Asked::default() };
        let (until, actors, targets) =
            self.ask(&asked, |snapshot| Ok((snapshot.known_at(), slugs(snapshot, wanted.actor)?, slugs(snapshot, wanted.target)?)))?;
        let folder = tempfile::tempdir().map_err(|source| Error::File { doing: "make a folder in", path: std::env::temp_dir(), source })?;
        let log = self.log.borrow();
        let reader = log.reader();
        let replay = Replay::begin(&folder.path().join("views"), reader, wanted.rule)?;
        while let Some(seq) = replay.step()?.filter(|seq| *seq <= until) {
            let Some(row) = reader.at(seq)? else { continue };
            let event = row.event()?;
            // What an erased event named, nobody can tell: it is shown where nobody in particular is asked for.
            let names_them = match event {
                Some(event) => passes(&event.body, None, actors.as_deref(), targets.as_deref()),
                None => actors.is_none() && targets.is_none(),
            };
            let (stances, claims) = replay.moved()?;
            let stances = stances.into_iter().map(|m| ReplayChange::Stance { actor: m.actor, target: m.target, from: m.from, to: m.to });
            let claims = claims.into_iter().map(|m| ReplayChange::Claim { claim: m.claim, from: m.from, to: m.to });
            let wanted = |change: &ReplayChange| concerns(change, names_them, &actors, &targets);
            let changes: Vec<ReplayChange> = stances.chain(claims).filter(wanted).map(ReplayChange::written).collect();
            if !changes.is_empty() || names_them {
                visit(ReplayStep { row, changes })?;
            }
        }
        Ok(())
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

fn found(snapshot: &Snapshot<'_>, given: Option<&str>) -> Result<Option<i64>, Error> {
    given.map(|given| find(snapshot, given)).transpose()
}

/// All slugs of an entity, where one is given.
fn slugs(snapshot: &Snapshot<'_>, given: Option<&str>) -> Result<Option<Vec<String>>, Error> {
    match found(snapshot, given)? {
        Some(number) => Ok(Some(snapshot.slugs_of(number)?)),
        None => Ok(None),
    }
}

/// Whether a change is about what is asked for: a claim's status belongs to whoever moved it.
fn concerns(change: &ReplayChange, names_them: bool, actors: &Option<Vec<String>>, targets: &Option<Vec<String>>) -> bool {
    let within = |list: &Option<Vec<String>>, slug: &String| list.as_ref().is_none_or(|list| list.contains(slug));
    match change {
        ReplayChange::Stance { actor, target, .. } => within(actors, actor) && within(targets, target),
        ReplayChange::Claim { claim, .. } => (actors.is_none() || names_them) && within(targets, claim),
    }
}

fn first_day(flag: &str, text: &str, now: crate::event::Micros) -> Result<Day, Error> {
    match crate::event::Occurred::parse(text) {
        Ok(at) => Ok(at.earliest().day()),
        Err(_) => Ok(end_of(flag, text, now)?.day()),
    }
}
