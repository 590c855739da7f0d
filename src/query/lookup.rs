//! Looking things up: entities, the vocabulary.

use std::collections::{BTreeMap, HashSet};

use rusqlite::OptionalExtension;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::{Alias, Body, Event, Kind, LimitedAlias, Meaning, Role, Side, Speech, StandsFor, Tier, Toward, fold_name};
use crate::projection::doing;

/// An entity as its definitions in force have it.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct EntityItem {
    /// Its slug, the one that stands for it.
    pub entity: String,
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Other names that hold always.
    pub aliases: Vec<String>,
    /// Names that hold within limits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limited_aliases: Vec<LimitedAlias>,
    /// Offices and the like.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// Its ids elsewhere.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub identifiers: BTreeMap<String, String>,
    /// For a motion: what it stands for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stands_for: Vec<StandsFor>,
    /// Other slugs that were merged into it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<String>,
}

/// A word of the vocabulary.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ActionItem {
    /// The word.
    pub action: String,
    /// How it reads in a sentence.
    pub label: String,
    /// What it points at.
    pub toward: Toward,
    /// For entities: how strongly it tells.
    #[schema(required = true)]
    pub tier: Option<Tier>,
    /// For entities: the side it takes.
    #[schema(required = true)]
    pub side: Option<Side>,
    /// For claims: what it does with them.
    #[schema(required = true)]
    pub speech: Option<Speech>,
    /// A vote, a signature, a law.
    pub formal: bool,
}

impl Snapshot<'_> {
    /// An entity by the number of one of its slugs; nothing where no definition is in force.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn entity(&self, slug: i64) -> Result<Option<EntityItem>, Error> {
        let class = self.world.class(slug)?;
        let mut item: Option<EntityItem> = None;
        // The canonical slug's own definitions come last, so that its name and kind hold.
        let others = class.members.iter().copied().filter(|member| *member != class.canonical);
        for member in others.chain([class.canonical]) {
            for seq in self.world.definitions(member)?.into_iter().rev() {
                if let Some((_, Event { body: Body::Entity(entity), .. })) = self.event(seq.0)? {
                    amend(&mut item, entity);
                }
            }
        }
        let Some(mut item) = item else { return Ok(None) };
        item.entity = self.slug(class.canonical)?;
        for member in class.members.iter().filter(|member| **member != class.canonical) {
            item.merged.push(self.slug(*member)?);
        }
        let mut seen = HashSet::from([item.name.clone()]);
        item.aliases.retain(|alias| seen.insert(alias.clone()));
        Ok(Some(item))
    }

    /// Entities whose slug or one of whose names contains the text, by slug: a part, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn entities(&self, text: Option<&str>, mut skip: usize, limit: usize) -> Result<Vec<EntityItem>, Error> {
        let reads = doing("looking for entities");
        let sql = "SELECT DISTINCT slug.canon FROM slug WHERE slug.kind IS NOT NULL AND (?1 IS NULL OR instr(slug.slug, lower(?1)) \
                   OR slug.id IN (SELECT slug FROM name WHERE instr(lower(name.name), lower(?1)) AND seq <= ?2)) ORDER BY slug.slug";
        let mut statement = self.views.connection().prepare_cached(sql).map_err(reads)?;
        let text = text.map(fold_name);
        let mut found = statement.query((text, self.world.known.0)).map_err(reads)?;
        let mut items = Vec::new();
        // Those that are not known yet at K, or whose definition was taken back, do not count.
        while items.len() < limit
            && let Some(row) = found.next().map_err(reads)?
        {
            let entity = row.get(0).map_err(reads)?;
            if skip > 0 {
                skip -= usize::from(self.is_defined(entity)?);
                continue;
            }
            items.extend(self.entity(entity)?);
        }
        Ok(items)
    }

    /// Whether a definition of an entity is in force, without reading it.
    fn is_defined(&self, slug: i64) -> Result<bool, Error> {
        for member in &self.world.class(slug)?.members {
            if !self.world.definitions(*member)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Words whose slug or label contains the text, as known at K, by tier and side.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn actions(&self, text: Option<&str>) -> Result<Vec<ActionItem>, Error> {
        let reads = doing("reading the vocabulary");
        let mut statement = self.views.connection().prepare_cached("SELECT id, action FROM action ORDER BY action").map_err(reads)?;
        let all: Vec<(i64, String)> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).and_then(Iterator::collect).map_err(reads)?;
        let text = text.map(str::to_lowercase);
        let mut items = Vec::new();
        for (number, action) in all {
            let Some((label, meaning)) = self.world.definition_of(number)? else { continue };
            let Some(meaning) = Meaning::from_code(meaning) else { continue };
            let fits = text.as_ref().is_none_or(|text| action.contains(text) || label.to_lowercase().contains(text));
            if fits {
                items.push(action_item(action, label, meaning));
            }
        }
        items.sort_by(|a, b| (a.toward, a.tier, a.side, a.speech, &a.action).cmp(&(b.toward, b.tier, b.side, b.speech, &b.action)));
        Ok(items)
    }
}

impl Snapshot<'_> {
    /// How a word reads by its latest definition in force; nothing where it has none.
    ///
    /// # Errors
    /// [`Error::Projection`].
    pub fn label(&self, action: &str) -> Result<Option<String>, Error> {
        let reads = doing("reading the vocabulary");
        let mut statement = self.views.connection().prepare_cached("SELECT id FROM action WHERE action = ?1").map_err(reads)?;
        let number: Option<i64> = statement.query_row([action], |row| row.get(0)).optional().map_err(reads)?;
        let Some(number) = number else { return Ok(None) };
        Ok(self.world.definition_of(number)?.map(|(label, _)| label))
    }
}

fn action_item(action: String, label: String, meaning: Meaning) -> ActionItem {
    let toward = meaning.toward();
    match meaning {
        Meaning::Entity { tier, side, formal } => ActionItem { action, label, toward, tier: Some(tier), side, speech: None, formal },
        Meaning::Claim { speech } => ActionItem { action, label, toward, tier: None, side: None, speech: Some(speech), formal: false },
    }
}

/// Lets a definition amend what earlier ones said: the later name and kind hold, names and roles gather, each as often as it
/// is told.
fn amend(item: &mut Option<EntityItem>, entity: crate::event::Entity) {
    let item = item.get_or_insert_with(|| EntityItem {
        entity: entity.entity.clone(),
        kind: entity.kind,
        name: entity.name.clone(),
        aliases: Vec::new(),
        limited_aliases: Vec::new(),
        roles: Vec::new(),
        identifiers: BTreeMap::new(),
        stands_for: Vec::new(),
        merged: Vec::new(),
    });
    let former = std::mem::replace(&mut item.name, entity.name.clone());
    item.kind = entity.kind;
    item.aliases.push(former);
    for alias in entity.aliases {
        match alias {
            Alias::Always(name) => item.aliases.push(name),
            Alias::Within(limited) => item.limited_aliases.push(limited),
        }
    }
    item.roles.extend(entity.roles);
    item.identifiers.extend(entity.identifiers);
    if !entity.stands_for.is_empty() {
        item.stands_for = entity.stands_for;
    }
}
