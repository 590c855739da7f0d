//! One file that proves a leaf: its index, the inclusion proof and the signed checkpoint (C2SP `tlog-proof`).

use std::fmt;

use super::encoding::{base64_decode, base64_encode, plain_text, within};
use super::note::MAX_NOTE_BYTES;
use super::{Error, Format, Hash, InclusionProof, LeafIndex, MAX_PROOF_HASHES, SignedNote, Trust, VerifiedCheckpoint};

/// The longest extra data, in bytes before base64.
pub const MAX_EXTRA_BYTES: usize = 64 * 1024;

/// A proof that travels alone: with the leaf and a [`Trust`] it can be verified without the log. Prints as the file's exact bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    extra: Option<Vec<u8>>,
    inclusion: InclusionProof,
    note: SignedNote,
}

impl TlogProof {
    const HEADER: &str = "c2sp.org/tlog-proof@v1";
    /// Longest head that is read: extra data in base64, and lines for header, index and hashes.
    const MAX_HEAD_BYTES: usize = MAX_EXTRA_BYTES.div_ceil(3) * 4 + 64 * (MAX_PROOF_HASHES + 3);

    /// A proof without extra data.
    pub const fn new(inclusion: InclusionProof, note: SignedNote) -> Self {
        let extra = None;
        Self { extra, inclusion, note }
    }

    /// The same proof with data for the application beside it. No signature covers this.
    pub fn with_extra(mut self, extra: Vec<u8>) -> Result<Self, Error> {
        within(Format::TlogProof, extra.len(), MAX_EXTRA_BYTES, "bytes of extra data")?;
        self.extra = Some(extra);
        Ok(self)
    }

    /// Data for the application, signed by nobody.
    pub fn extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// Index and hashes.
    pub const fn inclusion(&self) -> &InclusionProof {
        &self.inclusion
    }

    /// The signed checkpoint, verbatim and not yet believed.
    pub const fn note(&self) -> &SignedNote {
        &self.note
    }

    /// Accepts only if the trusted log has signed the checkpoint, and the leaf with this hash is in its tree at the proof's index.
    pub fn verify(&self, leaf: Hash, trust: &Trust) -> Result<VerifiedCheckpoint, Error> {
        let verified = trust.verify(&self.note)?;
        self.inclusion.verify(leaf, verified.checkpoint.head())?;
        Ok(verified)
    }

    /// Reads a proof strictly. Nothing in it is believed before [`TlogProof::verify`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let limit = Self::MAX_HEAD_BYTES + MAX_NOTE_BYTES;
        within(Format::TlogProof, bytes.len(), limit, "bytes")?;
        let text = plain_text(Format::TlogProof, bytes)?;
        let (head, note) = text.split_once("\n\n").ok_or(malformed(1, "followed by an empty line and a checkpoint"))?;
        let mut lines = head.split('\n').zip(1..).peekable();
        if lines.next().is_none_or(|(line, _)| line != Self::HEADER) {
            return Err(malformed(1, Self::HEADER));
        }
        let extra = lines.next_if(|(line, _)| line.starts_with("extra ")).map(read_extra);
        let index = lines.next().ok_or(malformed(2, INDEX_FORM)).and_then(read_index)?;
        let hashes = lines.map(read_hash).collect::<Result<_, _>>()?;
        Ok(Self { extra: extra.transpose()?, inclusion: InclusionProof::new(index, hashes)?, note: SignedNote::parse(note.as_bytes())? })
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", Self::HEADER)?;
        if let Some(extra) = &self.extra {
            writeln!(formatter, "extra {}", base64_encode(extra))?;
        }
        writeln!(formatter, "index {}", self.inclusion.index())?;
        for hash in self.inclusion.hashes() {
            writeln!(formatter, "{}", hash.to_base64())?;
        }
        write!(formatter, "\n{}", self.note)
    }
}

const INDEX_FORM: &str = "index <number without sign or leading zeros>";

fn read_extra((line, number): (&str, usize)) -> Result<Vec<u8>, Error> {
    let extra = line.strip_prefix("extra ").and_then(base64_decode).ok_or(malformed(number, "extra <base64>"))?;
    within(Format::TlogProof, extra.len(), MAX_EXTRA_BYTES, "bytes of extra data")?;
    Ok(extra)
}

fn read_index((line, number): (&str, usize)) -> Result<LeafIndex, Error> {
    let index = line.strip_prefix("index ").ok_or(malformed(number, INDEX_FORM))?;
    index.parse().map_err(|error| match error {
        Error::TooLarge { .. } => error,
        _ => malformed(number, INDEX_FORM),
    })
}

fn read_hash((line, number): (&str, usize)) -> Result<Hash, Error> {
    Hash::from_base64(line).ok_or(malformed(number, "a hash, base64 of 32 bytes"))
}

fn malformed(line: usize, expected: &'static str) -> Error {
    let format = Format::TlogProof;
    Error::Malformed { format, line, expected }
}
