//! The secret key of a log, and the one place where notes are signed.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signer, SigningKey};

use super::key::{KeyText, typed_key};
use super::{Error, Format, KeyName, NoteSignature, SignatureType, SignedNote, VerifierKey};

/// A secret Ed25519 key with its name. Wiped from memory when dropped; its text form is the caller's to guard.
///
/// ```
/// use stancelog::merkle::SignerKey;
///
/// let signer = SignerKey::generate("example.com/log".parse()?)?;
/// let note = signer.sign("A text that ends in a newline.\n")?;
/// note.verify(&[signer.verifier()])?;
/// # Ok::<(), stancelog::merkle::Error>(())
/// ```
#[derive(Clone)]
pub struct SignerKey {
    key: SigningKey,
    verifier: VerifierKey,
}

impl SignerKey {
    const PREFIX: &str = "PRIVATE+KEY+";

    /// A new key from the operating system's random source.
    pub fn generate(name: KeyName) -> Result<Self, Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|source| Error::Random { source })?;
        Self::from_seed(name, &seed)
    }

    fn from_seed(name: KeyName, seed: &[u8; 32]) -> Result<Self, Error> {
        let key = SigningKey::from_bytes(seed);
        let public_key = key.verifying_key().to_bytes();
        let verifier = VerifierKey::new(name, SignatureType::Ed25519, &public_key)?;
        Ok(Self { key, verifier })
    }

    /// The public key that verifies what this one signs.
    pub fn verifier(&self) -> VerifierKey {
        self.verifier.clone()
    }

    /// The key as `PRIVATE+KEY+name+id+key`. Whoever reads it can sign in the log's name: keep it in a file of mode 0600.
    pub fn to_secret_text(&self) -> String {
        let (name, id) = (self.verifier.name(), self.verifier.id());
        let key = typed_key(SignatureType::Ed25519, self.key.as_bytes());
        format!("{}{name}+{id}+{key}", Self::PREFIX)
    }

    /// Signs a text, which must end in a newline and hold no other control characters.
    pub fn sign(&self, text: &str) -> Result<SignedNote, Error> {
        let signature = NoteSignature {
            name: self.verifier.name().clone(),
            id: self.verifier.id(),
            bytes: self.key.sign(text.as_bytes()).to_bytes().to_vec(),
        };
        SignedNote::new(text, signature)
    }
}

impl fmt::Debug for SignerKey {
    /// Names the key and keeps the secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SignerKey({})", self.verifier)
    }
}

impl FromStr for SignerKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let format = Format::SignerKey;
        let text = text.strip_prefix(Self::PREFIX).ok_or(Error::Malformed { format, line: 1, expected: "PRIVATE+KEY+name+id+key" })?;
        let KeyText { name, id, kind, key } = KeyText::read(text, format)?;
        if kind != SignatureType::Ed25519 {
            return Err(Error::WrongSignatureType { name, expected: SignatureType::Ed25519, found: kind });
        }
        let mut signer = Self::from_seed(name, &key)?;
        signer.verifier = signer.verifier.must_have_id(id)?;
        Ok(signer)
    }
}
