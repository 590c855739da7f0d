//! The review: weak spots of what is recorded, kind by kind, for an editor to look at.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::{CLAIM_PREFIX, Kind, Tier, words};
use crate::projection::{Named, doing};
use crate::stance::{Rule, Status};

words! {
    /// The kinds of weak spot.
    WeakSpot {
        /// A stance by words or deeds that rests on one event.
        OneVoice = "one-voice",
        /// A claim on which only one voice takes a side.
        OneVoiceClaim = "one-voice-claim",
        /// A name that fits several entities.
        AmbiguousName = "ambiguous-name",
        /// A stance with a change whose order the dates do not tell.
        UnknownOrder = "unknown-order",
        /// An entity of which nobody said what it is.
        Unregistered = "unregistered",
        /// A word that events use and no definition in force explains.
        UndefinedAction = "undefined-action",
    }
}

/// One weak spot.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ReviewItem {
    /// Its kind.
    pub kind: WeakSpot,
    /// What it concerns: a pair, a name with the entities that it fits, a claim, an entity, a word.
    pub subject: Vec<String>,
}

/// The weak spots of one kind.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ReviewPart {
    /// The kind.
    pub kind: WeakSpot,
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub items: Vec<ReviewItem>,
}

impl Snapshot<'_> {
    /// Weak spots kind by kind, at most `limit` of each.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn review(&self, limit: usize) -> Result<Vec<ReviewPart>, Error> {
        if !self.is_present {
            return self.review_then(limit);
        }
        WeakSpot::ALL.iter().map(|kind| self.review_part(*kind, limit)).collect()
    }

    /// The same at another (T, K) than the present, from folds and definitions instead of tables.
    fn review_then(&self, limit: usize) -> Result<Vec<ReviewPart>, Error> {
        let kinds = self.kinds()?;
        let (mut one_voice, mut unknown_order) = (Vec::new(), Vec::new());
        self.every_fold(None, None, |actor, target, fold| {
            let standing = fold.standing(self.when.rule);
            let strong = matches!(standing.basis, Some(Tier::Declared | Tier::Enacted));
            if strong && standing.decided == 1 && kinds.get(&target) != Some(&Kind::Motion) {
                one_voice.push((actor, target));
            }
            if standing.unknown > 0 {
                unknown_order.push((actor, target));
            }
            Ok::<(), Error>(())
        })?;
        let part = |kind: &WeakSpot| match kind {
            WeakSpot::OneVoice => self.part_of_pairs(*kind, &one_voice, limit),
            WeakSpot::UnknownOrder => self.part_of_pairs(*kind, &unknown_order, limit),
            WeakSpot::OneVoiceClaim => Ok(Self::part(*kind, self.claims_of_one_voice()?, limit)),
            // What is recorded of names and words does not go by when things happened.
            WeakSpot::Unregistered | WeakSpot::UndefinedAction if self.world.known == self.head() => self.review_part(*kind, limit),
            WeakSpot::AmbiguousName => Ok(Self::part(*kind, self.ambiguous_names()?, limit)),
            WeakSpot::Unregistered => {
                let unknown = kinds.iter().filter(|(_, kind)| **kind == Kind::Unknown).map(|(entity, _)| *entity);
                let slugs = self.by_slug(unknown)?.into_iter().map(|(slug, _)| vec![slug]);
                Ok(Self::part(*kind, slugs.collect(), limit))
            }
            WeakSpot::UndefinedAction => {
                Ok(Self::part(*kind, self.undefined_actions()?.into_iter().map(|action| vec![action]).collect(), limit))
            }
        };
        WeakSpot::ALL.iter().map(part).collect()
    }

    fn part_of_pairs(&self, kind: WeakSpot, pairs: &[(i64, i64)], limit: usize) -> Result<ReviewPart, Error> {
        let mut items = Vec::new();
        for (actor, target) in self.part_by_slugs(pairs.iter().copied(), 0, limit)? {
            items.push(ReviewItem { kind, subject: vec![self.slug(actor)?, self.slug(target)?] });
        }
        Ok(ReviewPart { kind, count: pairs.len() as u64, items })
    }

    /// The claims on which only one voice takes a side.
    fn claims_of_one_voice(&self) -> Result<BTreeSet<Vec<String>>, Error> {
        let mut found = BTreeSet::new();
        for number in self.all_claims(None)? {
            let standing = self.world.claim(number, self.when.as_of)?;
            let sided = standing.voices.iter().filter(|voice| voice.stands || voice.denies).count();
            if sided == 1 && matches!(standing.status, Status::Asserted | Status::Denied) {
                found.extend(self.claim(number)?.map(|item| vec![item.claim]));
            }
        }
        Ok(found)
    }

    /// Words that some event known at K uses and no definition in force at K explains.
    fn undefined_actions(&self) -> Result<Vec<String>, Error> {
        let mut undefined = Vec::new();
        for action in self.numbers(
            "SELECT DISTINCT action FROM act WHERE seq <= ?1 UNION SELECT action FROM speech WHERE seq <= ?1",
            self.world.known.0,
        )? {
            if self.world.meaning(action)?.is_none() {
                undefined.push(self.action_word(action)?);
            }
        }
        Ok(undefined)
    }

    fn action_word(&self, action: i64) -> Result<String, Error> {
        let reads = doing("reading the vocabulary");
        let conn = self.views.connection();
        let word = conn.prepare_cached("SELECT action FROM action WHERE id = ?1").and_then(|mut s| s.query_row([action], |row| row.get(0)));
        Ok(word.map_err(reads)?)
    }

    /// Names that fit several entities at one time and in one source, with these entities.
    fn ambiguous_names(&self) -> Result<BTreeSet<Vec<String>>, Error> {
        let reads = doing("looking for ambiguous names");
        let sql = "SELECT name FROM name GROUP BY name HAVING count(DISTINCT slug) > 1";
        let mut statement = self.views.connection().prepare_cached(sql).map_err(reads)?;
        let names: Vec<String> = statement.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(reads)?;
        let mut ambiguous = BTreeSet::new();
        for name in names {
            let mut given: Vec<(i64, Named)> = Vec::new();
            for named in self.registry().named(&name)? {
                if named.seq <= self.world.known.0 && !self.world.out(named.seq)? {
                    given.push((self.world.canonical(named.slug.number)?, named));
                }
            }
            let meet = |one: &Named, other: &Named| {
                let one_source = one.source.is_none() || other.source.is_none() || one.source == other.source;
                one_source && one.from <= other.to && other.from <= one.to
            };
            let mut bearers = BTreeSet::new();
            for (entity, named) in &given {
                if given.iter().any(|(other, their)| other != entity && meet(named, their)) {
                    bearers.insert(self.slug(*entity)?);
                }
            }
            if !bearers.is_empty() {
                ambiguous.insert(std::iter::once(name).chain(bearers).collect());
            }
        }
        Ok(ambiguous)
    }

    fn part(kind: WeakSpot, subjects: BTreeSet<Vec<String>>, limit: usize) -> ReviewPart {
        let count = subjects.len() as u64;
        let items = subjects.into_iter().take(limit).map(|subject| ReviewItem { kind, subject }).collect();
        ReviewPart { kind, count, items }
    }

    fn review_part(&self, kind: WeakSpot, limit: usize) -> Result<ReviewPart, Error> {
        let (decided, basis, unknown) = match self.when.rule {
            Rule::Latest => ("l_decided", "l_basis", "l_unknown"),
            Rule::Majority => ("m_decided", "m_basis", "m_unknown"),
        };
        let pair = "SELECT a.slug, t.slug FROM standing JOIN slug a ON a.id = standing.actor JOIN slug t ON t.id = standing.target WHERE";
        let from = match kind {
            WeakSpot::OneVoice => format!("{pair} {decided} = 1 AND {basis} <= 1 AND t.kind IS NOT {}", Kind::Motion.number()),
            WeakSpot::UnknownOrder => format!("{pair} {unknown} > 0"),
            WeakSpot::OneVoiceClaim => {
                let open = [Status::Asserted, Status::Denied].map(Status::number);
                let cut = CLAIM_PREFIX.len() + 1;
                format!(
                    "SELECT substr(slug, {cut}), '' FROM claim JOIN slug ON slug.id = claim.claim WHERE voices = 1 AND status IN ({}, {})",
                    open[0], open[1]
                )
            }
            WeakSpot::Unregistered => format!(
                "SELECT slug, '' FROM slug WHERE canon = id AND (kind IS NULL OR kind = {}) AND slug NOT LIKE 'claim:%' AND slug NOT LIKE 'source:%'",
                Kind::Unknown.number()
            ),
            WeakSpot::AmbiguousName => return Ok(Self::part(kind, self.ambiguous_names()?, limit)),
            WeakSpot::UndefinedAction => {
                "SELECT action, '' FROM action WHERE meaning IS NULL AND (EXISTS (SELECT 1 FROM act WHERE act.action = action.id) \
                 OR EXISTS (SELECT 1 FROM speech WHERE speech.action = action.id))"
                    .to_owned()
            }
        };
        let reads = doing("reviewing what is recorded");
        let conn = self.views.connection();
        let count =
            conn.prepare_cached(&format!("SELECT count(*) FROM ({from})")).and_then(|mut s| s.query_row([], |row| row.get::<_, i64>(0)));
        let mut statement = conn.prepare_cached(&format!("{from} ORDER BY 1, 2 LIMIT ?1")).map_err(reads)?;
        let item = |row: &rusqlite::Row<'_>| {
            let (first, second): (String, String) = (row.get(0)?, row.get(1)?);
            let subject = std::iter::once(first).chain(second.split(',').filter(|one| !one.is_empty()).map(str::to_owned)).collect();
            Ok(ReviewItem { kind, subject })
        };
        let items = statement.query_map([limit as i64], item).and_then(Iterator::collect).map_err(reads)?;
        Ok(ReviewPart { kind, count: count.map_err(reads)?.unsigned_abs(), items })
    }
}
