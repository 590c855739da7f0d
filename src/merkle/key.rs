//! Public keys and how each type of them checks a signature (C2SP `signed-note` and `tlog-cosignature`).

use std::fmt;
use std::str::FromStr;

use super::encoding::{base64_decode, base64_encode, hex_decode, within};
use super::{Error, Format, KeyId, KeyName, MAX_NAME_BYTES};
use ed25519_dalek::{SIGNATURE_LENGTH, Signature, VerifyingKey};

/// What a signature says and how it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureType {
    /// Ed25519 over the note's text, as logs sign (`0x01`).
    Ed25519,
    /// Ed25519 over a time and the note's text, as witnesses sign checkpoints (`cosignature/v1`, `0x04`).
    Cosignature,
}

impl SignatureType {
    /// The byte that stands for this type in keys and key ids.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Cosignature => 0x04,
        }
    }

    const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Ed25519),
            0x04 => Some(Self::Cosignature),
            _ => None,
        }
    }
}

impl fmt::Display for SignatureType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Ed25519 => "Ed25519 signatures",
            Self::Cosignature => "cosignature/v1",
        })
    }
}

/// A public key with its name and what it is for. Prints and parses as `name+id+key`, the text that verifiers are given.
///
/// ```
/// use stancelog::merkle::{SignedNote, VerifierKey};
///
/// let key: VerifierKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k".parse()?;
/// let note = SignedNote::parse("This is an example message.\n\n\
///     — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n".as_bytes())?;
/// assert_eq!(note.verify(&[key])?.len(), 1);
/// # Ok::<(), stancelog::merkle::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    kind: SignatureType,
    key: VerifyingKey,
    id: KeyId,
}

impl VerifierKey {
    /// A key from its 32 bytes (RFC 8032). Refused if they are no point, or one of low order, which would verify anything.
    pub fn new(name: KeyName, kind: SignatureType, public_key: &[u8; 32]) -> Result<Self, Error> {
        match VerifyingKey::from_bytes(public_key) {
            Ok(key) if !key.is_weak() => {
                let id = KeyId::of(&name, kind, public_key);
                Ok(Self { name, kind, key, id })
            }
            _ => Err(Error::UnusableKey { name }),
        }
    }

    /// The key's name.
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// The key's id.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// What kind of signature the key verifies.
    pub const fn kind(&self) -> SignatureType {
        self.kind
    }

    /// The same key if it is of the wanted type, else an error that says so.
    pub(super) fn of_kind(self, expected: SignatureType) -> Result<Self, Error> {
        if self.kind == expected {
            return Ok(self);
        }
        Err(Error::WrongSignatureType { name: self.name, expected, found: self.kind })
    }

    /// The same key if its text named the right id.
    pub(super) fn must_have_id(self, found: KeyId) -> Result<Self, Error> {
        if self.id == found {
            return Ok(self);
        }
        Err(Error::KeyIdMismatch { expected: self.id, name: self.name, found })
    }

    /// Checks the bytes of a signature on a text; says the signed time in seconds since 1970 where the type has one.
    ///
    /// `None` if the signature does not fit.
    pub(super) fn check(&self, text: &str, signature: &[u8]) -> Option<Option<u64>> {
        match self.kind {
            SignatureType::Ed25519 => {
                self.check_ed25519(text.as_bytes(), signature)?;
                Some(None)
            }
            SignatureType::Cosignature => {
                let (time, signature) = signature.split_first_chunk()?;
                let time_s = u64::from_be_bytes(*time);
                let message = format!("cosignature/v1\ntime {time_s}\n{text}");
                self.check_ed25519(message.as_bytes(), signature)?;
                (i64::try_from(time_s).is_ok()).then_some(Some(time_s))
            }
        }
    }

    fn check_ed25519(&self, message: &[u8], signature: &[u8]) -> Option<()> {
        let signature: &[u8; SIGNATURE_LENGTH] = signature.try_into().ok()?;
        let signature = Signature::from_bytes(signature);
        self.key.verify_strict(message, &signature).ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = typed_key(self.kind, self.key.as_bytes());
        write!(formatter, "{}+{}+{key}", self.name, self.id)
    }
}

impl FromStr for VerifierKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let KeyText { name, id, kind, key } = KeyText::read(text, Format::VerifierKey)?;
        let key = Self::new(name, kind, &key)?;
        key.must_have_id(id)
    }
}

/// The common form of verifier and signer keys: `name+id+base64(type, 32 bytes)`.
pub(super) struct KeyText {
    pub(super) name: KeyName,
    pub(super) id: KeyId,
    pub(super) kind: SignatureType,
    pub(super) key: [u8; 32],
}

impl KeyText {
    /// Longest key text that is looked at: name, id, 33 bytes in base64 and the prefix of a signer key.
    const MAX_BYTES: usize = MAX_NAME_BYTES + 80;

    pub(super) fn read(text: &str, format: Format) -> Result<Self, Error> {
        within(format, text.len(), Self::MAX_BYTES, "bytes")?;
        let malformed = |expected| Error::Malformed { format, line: 1, expected };
        let (name, rest) = text.split_once('+').ok_or(malformed("name+id+key"))?;
        let (id, key) = rest.split_once('+').ok_or(malformed("name+id+key"))?;
        let name: KeyName = name.parse()?;
        let id = hex_decode(id).ok_or(malformed("an id of eight lowercase hexadecimal digits"))?;
        let bytes = base64_decode(key).ok_or(malformed("a key in base64"))?;
        let (&found, key) = bytes.split_first().ok_or(malformed("a key that is not empty"))?;
        let Some(kind) = SignatureType::from_byte(found) else {
            return Err(Error::UnknownSignatureType { name, found });
        };
        let key = key.try_into().map_err(|_| malformed("a key of 32 bytes"))?;
        let id = KeyId(id);
        Ok(Self { name, id, kind, key })
    }
}

/// A type byte and a key in base64.
pub(super) fn typed_key(kind: SignatureType, key: &[u8; 32]) -> String {
    let mut bytes = vec![kind.byte()];
    bytes.extend_from_slice(key);
    base64_encode(&bytes)
}
