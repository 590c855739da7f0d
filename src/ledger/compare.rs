//! Questions about many stances at once: flips, gaps, comparisons, differences, claims, reviews.

use super::Ledger;
use super::ask::find;
use super::error::Error;
use super::when::{Asked, end_of, first_day};
use crate::event::CLAIM_PREFIX;
use crate::log::Seq;
use crate::query::{Ally, ClaimFilter, ClaimItem, Comparison, DiffItem, FlipFilter, FlipItem, GapItem, Hit, ReviewPart, Snapshot, When};
use crate::stance::{Rule, Status};

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
        Ok(self.flips_part(wanted, 0, usize::MAX, asked)?.0)
    }

    /// A part of what [`Ledger::flips`] tells, and how many flips there are in all.
    ///
    /// # Errors
    /// As for [`Ledger::flips`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::{Asked, FlipsWanted}, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// let vote = |action: &str, day: &str| parse(&format!(r#"{{"actor":"Ann","action":"{action}","target":"Tax","occurred":"{day}"}}"#)).unwrap();
    /// ledger.append([vote("votes-for", "2023"), vote("votes-against", "2024"), vote("votes-for", "2025")])?;
    /// let (part, count) = ledger.flips_part(&FlipsWanted::default(), 1, 1, &Asked::default())?;
    /// assert_eq!((&*part[0].at, count), ("2025-01-01", 2));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn flips_part(&self, wanted: &FlipsWanted<'_>, skip: usize, limit: usize, asked: &Asked) -> Result<(Vec<FlipItem>, usize), Error> {
        self.ask(asked, |snapshot| {
            let from = wanted.from.map(|text| first_day("from", text, self.now())).transpose()?;
            let to = wanted.to.map(|text| end_of("to", text, self.now())).transpose()?.map(crate::event::Micros::day);
            let (actor, target) = (found(snapshot, wanted.actor)?, found(snapshot, wanted.target)?);
            Ok(snapshot.flips(FlipFilter { actor, target, from, to, confirmed: wanted.confirmed }, skip, limit)?)
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
        self.beside(between, asked, |snapshot, earlier| snapshot.differs_from(earlier))
    }

    /// A part of what [`Ledger::diff`] tells, and how many stances differ in all.
    ///
    /// # Errors
    /// As for [`Ledger::diff`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::{Asked, Between}, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// let backs = |actor: &str| parse(&format!(r#"{{"actor":"{actor}","action":"backs","target":"Tax","occurred":"2024"}}"#)).unwrap();
    /// ledger.append([backs("Ann"), backs("Bea")])?;
    /// let (part, count) = ledger.diff_part(Between::Valid { from: "2023", to: "2024" }, 1, 10, &Asked::default())?;
    /// assert_eq!((&*part[0].actor, count), ("bea", 2));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn diff_part(&self, between: Between<'_>, skip: usize, limit: usize, asked: &Asked) -> Result<(Vec<DiffItem>, usize), Error> {
        self.beside(between, asked, |snapshot, earlier| snapshot.part_that_differs(earlier, skip, limit))
    }

    /// Asks with an earlier time beside a later one.
    fn beside<T>(
        &self,
        between: Between<'_>,
        asked: &Asked,
        question: impl Fn(&Snapshot<'_>, &Snapshot<'_>) -> Result<T, crate::query::Error>,
    ) -> Result<T, Error> {
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
            let when = earlier.resolve(snapshot.reader(), self.now())?;
            let is_backward = when.as_of > snapshot.when().as_of || when.known_at > snapshot.when().known_at;
            if is_backward {
                return Err(crate::event::Refusal::field("--from", "the first time is later than the second").into());
            }
            Ok(question(snapshot, &snapshot.asked(when)?)?)
        })
    }

    /// The stances that one event changed when it was recorded, by slugs: computed from the log as it was known right before
    /// and right after, and so the same whenever it is asked.
    ///
    /// # Errors
    /// As for [`Ledger::flips`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, log::Seq, stance::Rule, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// let moved = ledger.moved_by(Seq(4), Rule::Latest)?;
    /// assert_eq!((moved[0].from.stance.word(), moved[0].to.stance.word()), ("none", "favor"));
    /// assert!(ledger.moved_by(Seq(3), Rule::Latest)?.is_empty());
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn moved_by(&self, seq: Seq, rule: Rule) -> Result<Vec<DiffItem>, Error> {
        let asked = Asked { known_at: Some(format!("@{seq}")), as_of: None, rule };
        self.ask(&asked, |snapshot| {
            let before = When { known_at: Some(Seq(seq.0.saturating_sub(1))), ..snapshot.when() };
            Ok(snapshot.moved_since(&snapshot.asked(before)?)?)
        })
    }

    /// The claim ledger: claims, those of a status, those that an actor spoke of or is spoken of in.
    ///
    /// # Errors
    /// As for [`Ledger::flips`].
    pub fn claims(&self, status: Option<Status>, actor: Option<&str>, asked: &Asked) -> Result<Vec<ClaimItem>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.claims(ClaimFilter { status, actor: found(snapshot, actor)? })?))
    }

    /// At most `limit` of these claims, by slug, from the one at `begun` on, and whether more follow.
    ///
    /// # Errors
    /// As for [`Ledger::flips`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::Asked, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append(["one", "two"].map(|slug| parse(&format!(r#"{{"type":"claim","claim":"{slug}","text":"{slug}"}}"#)).unwrap()))?;
    /// let (claims, is_more) = ledger.claims_part(None, None, 0, 1, &Asked::default())?;
    /// assert_eq!((claims[0].claim.as_str(), is_more), ("one", true));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn claims_part(
        &self,
        status: Option<Status>,
        actor: Option<&str>,
        begun: usize,
        limit: usize,
        asked: &Asked,
    ) -> Result<(Vec<ClaimItem>, bool), Error> {
        self.ask(asked, |snapshot| {
            let filter = ClaimFilter { status, actor: found(snapshot, actor)? };
            Ok(snapshot.claims_part(filter, begun, limit)?)
        })
    }

    /// One claim.
    ///
    /// # Errors
    /// As for [`Ledger::flips`].
    pub fn claim(&self, claim: &str, asked: &Asked) -> Result<ClaimItem, Error> {
        self.ask(asked, |snapshot| snapshot.claim(claimed(snapshot, claim)?)?.ok_or_else(|| not_known(claim)))
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
}

/// Which claim a question means, with or without `claim:` in front.
pub(super) fn claimed(snapshot: &Snapshot<'_>, claim: &str) -> Result<i64, Error> {
    let slug = claim.trim_start_matches(CLAIM_PREFIX);
    find(snapshot, &format!("{CLAIM_PREFIX}{slug}")).map_err(|e| match e {
        Error::NotFound { nearest, .. } => Error::NotFound {
            what: format!("no claim `{slug}` is registered"),
            nearest: nearest.iter().filter_map(|one| one.strip_prefix(CLAIM_PREFIX)).map(str::to_owned).collect(),
        },
        other => other,
    })
}

/// A claim that is registered, but was not at the time asked.
pub(super) fn not_known(claim: &str) -> Error {
    Error::NotFound { what: format!("no claim `{}` was known then", claim.trim_start_matches(CLAIM_PREFIX)), nearest: Vec::new() }
}

pub(super) fn found(snapshot: &Snapshot<'_>, given: Option<&str>) -> Result<Option<i64>, Error> {
    given.map(|given| find(snapshot, given)).transpose()
}
