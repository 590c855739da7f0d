//! What an export says of an event whose content was erased: that it was there, and where, so that a copy of the log has a
//! place for it. It records nothing, and is no event.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::id::EventId;

/// An event of another log whose content was erased there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gone {
    /// Its place in that log; ignored on input.
    #[serde(default)]
    pub seq: Option<u64>,
    /// Its id.
    pub id: EventId,
    /// When that log learned of it; ignored on input.
    #[serde(default)]
    pub recorded_at: Option<String>,
    /// Says that this is no event.
    #[serde(rename = "type")]
    pub mark: Mark,
    /// The hash of its salt and content, as its header has it: 64 hexadecimal digits.
    pub sha256: String,
}

/// The word that stands where an event has its type.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// The content was erased.
    Erased,
}

impl Gone {
    /// Reads one from a line of JSON, if it is one.
    pub fn parse(json: &str) -> Option<Self> {
        serde_json::from_str::<Self>(json).ok().filter(|gone| gone.hash().is_some())
    }

    /// The hash of its salt and content.
    pub fn hash(&self) -> Option<[u8; 32]> {
        let mut hash = [0; 32];
        let digits = self.sha256.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in hash.iter_mut().zip(digits.as_chunks::<2>().0) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(hash)
    }
}

/// Whether a line comes from a log, which has given it its place and time, so that what it points at was there.
pub fn is_recorded(json: &str) -> bool {
    #[derive(Deserialize)]
    struct Given {
        seq: Option<u64>,
        recorded_at: Option<String>,
    }
    serde_json::from_str::<Given>(json).is_ok_and(|given| given.seq.is_some() && given.recorded_at.is_some())
}
