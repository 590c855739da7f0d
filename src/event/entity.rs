//! Entities: what a definition of one says.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::Occurred;
use super::word::words;

/// Defines or amends an entity.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// Its slug.
    pub entity: String,
    /// What kind of thing it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Other names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Alias>,
    /// Offices and the like, by date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// Its ids elsewhere, by scheme (`wikidata` …).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub identifiers: BTreeMap<String, String>,
    /// What a vote for this motion is a vote for or against.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stands_for: Vec<StandsFor>,
}

words! {
    /// The kinds of entity.
    #[schemars(rename = "EntityKind")]
    Kind {
        /// A human being.
        Person = "person",
        /// A party, agency, company, alliance.
        Organization = "organization",
        /// A state.
        Country = "country",
        /// Somewhere.
        Place = "place",
        /// People without a common organisation.
        Group = "group",
        /// A policy, an idea, a course of action.
        Topic = "topic",
        /// Something that is voted on.
        Motion = "motion",
        /// A text.
        Document = "document",
        /// Not said.
        Unknown = "unknown",
    }
}

/// Another name of an entity, always or within limits.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a name, or an object {name, from?, to?, source?}")]
pub enum Alias {
    /// A name that holds always.
    Always(String),
    /// A name that holds in a period or in one source only.
    Within(LimitedAlias),
}

/// A name that holds in a period or in one source only.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitedAlias {
    /// The name.
    pub name: String,
    /// From when on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Occurred>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Occurred>,
    /// In which source (slug).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Alias {
    /// The name itself.
    pub fn name(&self) -> &str {
        match self {
            Alias::Always(name) => name,
            Alias::Within(limited) => &limited.name,
        }
    }
}

/// An office or function that somebody holds for a time.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its title.
    pub title: String,
    /// Of what (an entity's slug or a plain name).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// From when on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Occurred>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Occurred>,
}

/// A target that a vote for a motion is a vote for or against.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StandsFor {
    /// The target, an entity.
    pub target: String,
    /// The side that a vote for the motion takes.
    pub side: MotionSide,
}

words! {
    /// The side that a vote for a motion takes toward a target.
    MotionSide {
        /// For it.
        Favor = "favor",
        /// Against it.
        Against = "against",
    }
}
