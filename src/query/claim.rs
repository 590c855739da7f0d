//! The claim ledger: claims with their status, who stands where on them, verdicts and relations beside it.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::{About, Body, Claim, EventId, Occurred, Rating, RelationKind, Speech};
use crate::stance::{ClaimStanding, Status, Voice};

/// Where one actor stands on a claim.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct HoldingItem {
    /// The actor's slug.
    pub actor: String,
    /// The last thing that it did with the claim.
    pub speech: Speech,
    /// When, as it was recorded.
    #[schema(value_type = Occurred)]
    pub occurred: String,
    /// The event.
    pub event: EventId,
    /// Who spoke, where that is another than the actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub spoken_by: Option<String>,
}

/// Actors who count as one on a claim.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct VoiceItem {
    /// Their slugs.
    pub actors: Vec<String>,
    /// Whether the voice stands by the claim.
    pub stands_by: bool,
    /// Whether it denies it.
    pub denies: bool,
}

/// A fact-checker's rating.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct VerdictItem {
    /// Who rated it.
    pub reviewer: String,
    /// The label as published.
    pub label: String,
    /// The label, normalised.
    pub rating: Rating,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub url: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Occurred>)]
    pub published: Option<String>,
    /// The event.
    pub event: EventId,
}

/// How a claim stands to another.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct RelationItem {
    /// In which way, as the claim that says so puts it.
    pub kind: RelationKind,
    /// The other claim.
    pub claim: String,
    /// Whether the other claim says so of this one.
    pub reverse: bool,
}

/// A claim with everything that is known of it.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ClaimItem {
    /// Its slug.
    pub claim: String,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub status: Status,
    /// Who counts as one, and on which side.
    pub voices: Vec<VoiceItem>,
    /// Where each actor stands.
    pub holdings: Vec<HoldingItem>,
    /// Who questions it.
    pub questioned_by: Vec<String>,
    /// Who stood by it once and took it back.
    pub withdrawn_by: Vec<String>,
    /// What it alleges.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub about: Option<About>,
    /// Fact-checkers' ratings; they never change the status.
    pub verdicts: Vec<VerdictItem>,
    /// How it stands to other claims.
    pub relations: Vec<RelationItem>,
    /// The events that define it, latest first.
    pub defined_by: Vec<EventId>,
}

/// Which claims are asked for; what is not given does not limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ClaimFilter {
    /// Only those of this status.
    pub status: Option<Status>,
    /// Only those that this entity spoke of, or is spoken of in (number of a slug).
    pub actor: Option<i64>,
}

impl Snapshot<'_> {
    /// A claim by the number of its slug; nothing where no definition of it is in force.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn claim(&self, number: i64) -> Result<Option<ClaimItem>, Error> {
        let definitions = self.world.definitions(number)?;
        let Some(latest) = definitions.first() else { return Ok(None) };
        let Some((_, event)) = self.event(latest.0)? else { return Ok(None) };
        let Body::Claim(claim) = event.body else { return Ok(None) };
        let standing = self.world.claim(number, self.when.as_of)?;
        let mut voices = standing.voices.iter().map(|voice| self.voice_item(voice)).collect::<Result<Vec<_>, _>>()?;
        voices.sort_by(|a, b| a.actors.cmp(&b.actors));
        let slugs = |numbers: &BTreeSet<i64>| numbers.iter().map(|n| self.slug(*n)).collect::<Result<BTreeSet<_>, _>>();
        Ok(Some(ClaimItem {
            status: standing.status,
            voices,
            holdings: self.holdings(&standing)?,
            questioned_by: slugs(&standing.questioned_by)?.into_iter().collect(),
            withdrawn_by: slugs(&standing.withdrawn_by)?.into_iter().collect(),
            verdicts: self.verdicts(number)?,
            relations: self.relations(number, &claim)?,
            defined_by: definitions.iter().map(|seq| self.id(seq.0)).collect::<Result<_, _>>()?,
            about: claim.about,
            claim: claim.claim,
            text: claim.text,
        }))
    }

    fn voice_item(&self, voice: &Voice) -> Result<VoiceItem, Error> {
        let mut actors = voice.actors.iter().map(|actor| self.slug(*actor)).collect::<Result<Vec<_>, _>>()?;
        actors.sort();
        Ok(VoiceItem { actors, stands_by: voice.stands, denies: voice.denies })
    }

    fn holdings(&self, standing: &ClaimStanding) -> Result<Vec<HoldingItem>, Error> {
        let mut items = Vec::new();
        for (actor, holding) in &standing.holdings {
            let entry = holding.entry;
            let (row, event) = match self.event(entry.seq)? {
                Some(found) => found,
                None => continue,
            };
            let occurred = match event.body {
                Body::Stance(stance) => stance.occurred.to_string(),
                _ => String::new(),
            };
            let spoken_by = (entry.speaker != *actor).then(|| self.slug(entry.speaker)).transpose()?;
            items.push(HoldingItem { actor: self.slug(*actor)?, speech: entry.speech, occurred, event: row.id, spoken_by });
        }
        items.sort_by(|a, b| (a.speech, &a.actor).cmp(&(b.speech, &b.actor)));
        Ok(items)
    }

    fn verdicts(&self, claim: i64) -> Result<Vec<VerdictItem>, Error> {
        let mut items = Vec::new();
        for seq in self.numbers("SELECT seq FROM verdict WHERE claim = ?1 ORDER BY seq", claim)? {
            if seq > self.world.known.0 || self.world.out(seq)? {
                continue;
            }
            let Some((row, event)) = self.event(seq)? else { continue };
            let Body::Verdict(verdict) = event.body else { continue };
            let is_past = match (self.when.as_of, &verdict.published) {
                (Some(end), Some(published)) => published.earliest() <= end,
                (None, _) | (_, None) => true,
            };
            if is_past {
                let published = verdict.published.map(|at| at.to_string());
                let reviewer = self.canonical_slug(&verdict.reviewer)?;
                items.push(VerdictItem {
                    reviewer,
                    label: verdict.label,
                    rating: verdict.rating,
                    url: verdict.url,
                    published,
                    event: row.id,
                });
            }
        }
        Ok(items)
    }

    /// The slug that stands for the entity of a slug.
    pub(super) fn canonical_slug(&self, slug: &str) -> Result<String, Error> {
        match self.registry().slug(slug)? {
            Some(known) => self.slug(self.world.canonical(known.number)?),
            None => Ok(slug.to_owned()),
        }
    }

    /// What a claim says of others, and what others say of it.
    fn relations(&self, number: i64, claim: &Claim) -> Result<Vec<RelationItem>, Error> {
        let mut items: Vec<RelationItem> =
            claim.relations.iter().map(|one| RelationItem { kind: one.kind, claim: one.claim.clone(), reverse: false }).collect();
        for other in self.numbers("SELECT DISTINCT claim FROM relation WHERE other = ?1 ORDER BY claim", number)? {
            let Some(latest) = self.world.definitions(other)?.first().copied() else { continue };
            let Some((_, event)) = self.event(latest.0)? else { continue };
            let Body::Claim(said_by) = event.body else { continue };
            let of_this = said_by.relations.iter().filter(|relation| relation.claim == claim.claim);
            items.extend(of_this.map(|one| RelationItem { kind: one.kind, claim: said_by.claim.clone(), reverse: true }));
        }
        Ok(items)
    }

    /// Claims, by slug.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn claims(&self, filter: ClaimFilter) -> Result<Vec<ClaimItem>, Error> {
        Ok(self.claims_part(filter, 0, usize::MAX)?.0)
    }

    /// At most `limit` of the claims from the one at `begun` on, and whether more follow. Those behind are not looked at.
    ///
    /// # Errors
    /// As for [`Snapshot::claims`].
    pub fn claims_part(&self, filter: ClaimFilter, begun: usize, limit: usize) -> Result<(Vec<ClaimItem>, bool), Error> {
        let numbers = match filter.actor {
            Some(actor) => self.by_slug(self.claims_with(actor)?)?.into_iter().map(|(_, number)| number).collect(),
            None => self.all_claims(filter.status)?,
        };
        let (mut items, mut place) = (Vec::new(), 0);
        for number in numbers {
            let Some(item) = self.claim(number)?.filter(|item| filter.status.is_none_or(|status| item.status == status)) else { continue };
            if items.len() == limit {
                return Ok((items, true));
            }
            items.extend((place >= begun).then_some(item));
            place += 1;
        }
        Ok((items, false))
    }

    /// All claims; for the present, those of a status by the table that has it.
    pub(super) fn all_claims(&self, status: Option<Status>) -> Result<Vec<i64>, Error> {
        match status.filter(|_| self.is_present) {
            Some(status) => {
                self.numbers("SELECT claim FROM claim JOIN slug ON id = claim WHERE status = ?1 ORDER BY slug", status.number())
            }
            None => self.numbers("SELECT id FROM slug WHERE slug BETWEEN 'claim:' AND 'claim:~' AND id > ?1 ORDER BY slug", 0),
        }
    }

    fn claims_with(&self, actor: i64) -> Result<Vec<i64>, Error> {
        let mut numbers = Vec::new();
        for member in &self.world.class(actor)?.members {
            numbers.extend(self.numbers("SELECT DISTINCT claim FROM speech WHERE actor = ?1", *member)?);
            numbers.extend(self.numbers("SELECT DISTINCT claim FROM about WHERE actor = ?1", *member)?);
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    /// The claims which say that somebody did something with a claim.
    pub(super) fn claims_toward(&self, claim: &str) -> Result<Vec<String>, Error> {
        let target = format!("{}{claim}", crate::event::CLAIM_PREFIX);
        let mut claims = Vec::new();
        for number in self.numbers("SELECT DISTINCT claim FROM about WHERE actor > ?1", 0)? {
            let item = self.claim(number)?;
            let nested = item.filter(|item| item.about.as_ref().is_some_and(|about| about.target == target));
            claims.extend(nested.map(|item| item.claim));
        }
        Ok(claims)
    }

    /// The claims that are about an entity, by their latest definition in force.
    pub(super) fn claims_about(&self, actor: i64) -> Result<Vec<ClaimItem>, Error> {
        let class = self.world.class(actor)?;
        let mut items = Vec::new();
        for number in self.claims_with(actor)? {
            if self.world.about(number)? == Some(class.canonical) {
                items.extend(self.claim(number)?);
            }
        }
        Ok(items)
    }
}
