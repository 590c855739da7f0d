//! What a reader must already know to believe a checkpoint: the log's origin and key, and the witnesses that count.

use super::{Checkpoint, Error, KeyId, KeyName, SignatureType, SignedNote, VerifierKey};

/// The log that a reader means, and the witnesses that the reader knows. It comes from outside, never from what is verified with it.
#[derive(Debug, Clone)]
pub struct Trust {
    origin: String,
    /// The log's key first, then the witnesses'.
    keys: Vec<VerifierKey>,
}

/// A checkpoint that the trusted log has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedCheckpoint {
    /// The log's tree as it signed it.
    pub checkpoint: Checkpoint,
    /// What the known witnesses said about it, one entry for each of them at most. How many are enough is for the reader to say.
    pub cosignatures: Vec<Cosignature>,
}

/// A witness's statement: at this time, this was the largest tree of the log that it had seen, and consistent with all before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// The witness.
    pub witness: KeyName,
    /// The id of its key.
    pub id: KeyId,
    /// When it said so, in seconds since 1970 by its own clock; not compared with any other clock here.
    pub time_s: u64,
}

impl Trust {
    /// Trusts the log whose origin is its key's name. The key must be for Ed25519 signatures.
    pub fn new(log_key: VerifierKey) -> Result<Self, Error> {
        let log_key = log_key.of_kind(SignatureType::Ed25519)?;
        Ok(Self { origin: log_key.name().to_string(), keys: vec![log_key] })
    }

    /// Expects another origin than the log key's name.
    pub fn with_origin(mut self, origin: &str) -> Self {
        self.origin = origin.to_owned();
        self
    }

    /// Knows this witness too. The key must be for cosignatures.
    pub fn with_witness(mut self, witness: VerifierKey) -> Result<Self, Error> {
        self.keys.push(witness.of_kind(SignatureType::Cosignature)?);
        Ok(self)
    }

    /// Reads and verifies a signed checkpoint.
    pub fn open(&self, note: &[u8]) -> Result<VerifiedCheckpoint, Error> {
        self.verify(&SignedNote::parse(note)?)
    }

    /// Accepts a note only if the log has signed it, it is a checkpoint of the expected origin, and every signature in a known
    /// witness's name is one.
    pub fn verify(&self, note: &SignedNote) -> Result<VerifiedCheckpoint, Error> {
        let verified = note.verify(&self.keys)?;
        // Of the trusted keys, only the log's makes signatures without a time.
        if verified.iter().all(|signature| signature.time_s.is_some()) {
            let wanted = format!("the log `{}`", self.origin);
            return Err(Error::NotSigned { wanted });
        }
        let checkpoint: Checkpoint = note.text().parse()?;
        if checkpoint.origin() != self.origin {
            return Err(Error::OtherOrigin { expected: self.origin.clone(), found: checkpoint.origin().to_owned() });
        }
        let cosignatures = verified
            .into_iter()
            .filter_map(|signature| Some(Cosignature { time_s: signature.time_s?, witness: signature.name, id: signature.id }))
            .collect();
        Ok(VerifiedCheckpoint { checkpoint, cosignatures })
    }
}
