//! Signatures on a note: the line as it stands there, and what is left of it once a trusted key has checked it.

use std::fmt;

use super::encoding::{base64_decode, base64_encode};
use super::{KeyId, KeyName};

/// What a signature line should look like.
pub(super) const LINE_FORM: &str = "— <key name> <base64 of key id and signature>";

/// One signature line of a note, by a key that may be unknown. Prints as that line, without the newline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key that is said to have signed.
    pub name: KeyName,
    /// The id of that key.
    pub id: KeyId,
    /// The signature as its type defines it, at least one byte.
    pub bytes: Vec<u8>,
}

/// A signature that a trusted key has made on a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedSignature {
    /// The name of the key.
    pub name: KeyName,
    /// The id of the key.
    pub id: KeyId,
    /// When it was made, in seconds since 1970, by the signer's clock. Only cosignatures say this.
    pub time_s: Option<u64>,
}

impl NoteSignature {
    /// Reads a line without its newline.
    pub(super) fn read(line: &str) -> Option<Self> {
        let (name, bytes) = line.strip_prefix("— ")?.split_once(' ')?;
        let bytes = base64_decode(bytes)?;
        let (id, signature) = bytes.split_first_chunk()?;
        (!signature.is_empty()).then_some(Self { name: name.parse().ok()?, id: KeyId(*id), bytes: signature.to_vec() })
    }

    pub(super) fn same_key(&self, name: &KeyName, id: KeyId) -> bool {
        self.name == *name && self.id == id
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.id.0.to_vec();
        bytes.extend_from_slice(&self.bytes);
        write!(formatter, "— {} {}", self.name, base64_encode(&bytes))
    }
}
