//! Event ids: UUIDs; version 7 unless given, version 8 from content for imported rows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::time::Micros;

/// The id of an event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub Uuid);

impl EventId {
    /// An id made of its bytes, as stored.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// The 16 bytes, as stored.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// A fresh id (version 7): the time of recording in front, `random` behind.
    ///
    /// The twelve bits behind the milliseconds are their fraction (RFC 9562, section 6.2, method 3), so that ids of one millisecond
    /// stand in the order that they were made in, at the end of an index.
    pub fn fresh(now: Micros, random: &[u8; 10]) -> Self {
        let micros = u64::try_from(now.0).unwrap_or(0);
        let fraction = (micros % 1000) * 4096 / 1000;
        let mut bytes = *random;
        bytes[..2].copy_from_slice(&(fraction as u16).to_be_bytes());
        Self(Builder::from_unix_timestamp_millis(micros / 1000, &bytes).into_uuid())
    }

    /// The id of an imported row (version 8): a hash of its content behind the time that it speaks of, so that the
    /// same row has the same id for ever and rows of one period stand together in an index.
    ///
    /// `content` is length-prefixed part by part, so that no two rows share one text.
    pub fn of_content(at: Micros, content: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in content {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let digest = hash.finalize();
        let mut bytes = [0u8; 16];
        let minutes = (at.0.div_euclid(60_000_000)).wrapping_add(1 << 31).to_be_bytes();
        bytes[..5].copy_from_slice(&minutes[3..]);
        bytes[5..].copy_from_slice(&digest[..11]);
        Self(Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for EventId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

impl schemars::JsonSchema for EventId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EventId".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "uuid" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_ids_stand_in_the_order_of_their_microseconds_whatever_the_random_bytes() {
        let at = 1_700_000_000_123_000;
        let ids: Vec<EventId> = (0..1000).map(|us| EventId::fresh(Micros(at + us), &[255 - (us % 256) as u8; 10])).collect();
        assert!(ids.is_sorted() && ids.windows(2).all(|two| two[0] != two[1]));
        for id in &ids {
            assert_eq!((id.0.get_version_num(), id.0.get_variant()), (7, uuid::Variant::RFC4122));
            let (seconds, nanos) = id.0.get_timestamp().unwrap().to_unix();
            assert_eq!((seconds, nanos), (1_700_000_000, 123_000_000));
        }
        assert_ne!(EventId::fresh(Micros(at), &[1; 10]), EventId::fresh(Micros(at), &[2; 10]));
        assert!(EventId::fresh(Micros(-5), &[9; 10]) < ids[0]);
    }
}
