//! Evidence: what an event rests on, after the W3C Web Annotation model.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::Occurred;

/// One piece of evidence: a place in a source.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// A registered source, by slug. This or `url` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// A document, by address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The place in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<Selector>,
    /// When it was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retrieved: Option<Occurred>,
    /// A remark ("sentence 3").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A place in a text.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", deny_unknown_fields)]
pub enum Selector {
    /// By the words themselves.
    TextQuoteSelector {
        /// The words.
        exact: String,
        /// What stands before them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        prefix: Option<String>,
        /// What stands behind them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        suffix: Option<String>,
    },
    /// By offsets in characters, from `start` to before `end`.
    TextPositionSelector {
        /// The first character.
        start: u64,
        /// The one after the last.
        end: u64,
    },
}
