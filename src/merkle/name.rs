//! Who signs: the name of a key, and the short id that goes with it (C2SP `signed-note`).

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::encoding::{has_control_character, hex_encode, within};
use super::{Error, Format, SignatureType};

/// The longest key name and checkpoint origin, in bytes: what a cosignature can name.
pub const MAX_NAME_BYTES: usize = 255;

/// The name of a key: not empty, without spaces and `+`, by custom a URL without scheme such as `example.com/log`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let has_space = text.chars().any(char::is_whitespace);
        if text.is_empty() || has_space || has_control_character(text) || text.contains('+') {
            return Err(Error::Malformed {
                format: Format::KeyName,
                line: 1,
                expected: "at least one character, none of them a space or +",
            });
        }
        within(Format::KeyName, text.len(), MAX_NAME_BYTES, "bytes")?;
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Four bytes that, with the name, say which key made a signature. Short: it finds a key and proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 4]);

impl KeyId {
    /// The first bytes of SHA-256 over name, newline, type byte and public key.
    pub(super) fn of(name: &KeyName, kind: SignatureType, public_key: &[u8; 32]) -> Self {
        let hasher = Sha256::new().chain_update(name.as_str()).chain_update([b'\n', kind.byte()]).chain_update(public_key);
        let digest: [u8; 32] = hasher.finalize().into();
        let [first, second, third, fourth, ..] = digest;
        Self([first, second, third, fourth])
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex_encode(&self.0))
    }
}
