//! Actions: the words of the vocabulary, one by one and many at once.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::word::{Meaning, Side, Speech, Tier, Toward};

/// Defines or redefines a word of the vocabulary.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// The word, a slug.
    pub action: String,
    /// How it reads in a sentence.
    pub label: String,
    /// What it points at.
    pub toward: Toward,
    /// For entities: how strongly it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// For entities: the side it takes; none for `spoken` and `contact`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// For claims: what it does with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speech: Option<Speech>,
    /// A vote, a signature, a law.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub formal: bool,
    /// Published codes with the same meaning, by scheme (`cameo`, `plover` …).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<String, Code>,
}

/// One published code, or several.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a code as a string, or a list of them")]
pub enum Code {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Action {
    /// What the word says; nothing where the definition is incomplete (validation refuses such).
    pub fn meaning(&self) -> Option<Meaning> {
        match (self.toward, self.tier, self.side, self.speech) {
            (Toward::Entity, Some(tier), side, None) if tier.takes_side() == side.is_some() => {
                Some(Meaning::Entity { tier, side, formal: self.formal })
            }
            (Toward::Claim, None, None, Some(speech)) => Some(Meaning::Claim { speech }),
            _ => None,
        }
    }
}

/// Many words at once.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its words.
    pub actions: Vec<Action>,
}
