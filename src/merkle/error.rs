//! Everything that can go wrong in this room, with what was attempted and what was found.

use std::fmt;

use super::{Hash, KeyId, KeyName, LeafIndex, SignatureType, TileId, TreeSize};

/// Why a tree could not be read or grown, or why a proof or a text was refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed; nothing is known about the tree.
    #[error("reading tile {tile} from the store failed")]
    ReadTile {
        /// The tile that was asked for.
        tile: TileId,
        /// What the store said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store has no such tile, though a tree of this size has it.
    #[error("tile {tile} is missing, which a tree of {size} leaves needs")]
    TileMissing {
        /// The tile that was asked for.
        tile: TileId,
        /// The size of the tree that was read.
        size: TreeSize,
    },
    /// The stored tile is shorter, or for appending longer, than the tree's size says.
    #[error("tile {tile} has {found} bytes where a tree of {size} leaves has {expected}")]
    TileLength {
        /// The tile that was read.
        tile: TileId,
        /// The size of the tree that was read.
        size: TreeSize,
        /// Bytes that the size asks for.
        expected: usize,
        /// Bytes that were stored.
        found: usize,
    },
    /// A number of leaves, or an index, above [`super::MAX_TREE_SIZE`].
    #[error("{format} {found} is above the largest that a tree may have")]
    TooLarge {
        /// Which number it was.
        format: Format,
        /// Its value.
        found: u64,
    },
    /// The leaf is not in the tree.
    #[error("leaf {index} is not in a tree of {size} leaves")]
    LeafOutsideTree {
        /// The leaf that was asked for.
        index: LeafIndex,
        /// The size of the tree.
        size: TreeSize,
    },
    /// The tree that is said to be older is larger.
    #[error("a tree of {old} leaves cannot have grown into one of {new}")]
    TreeShrank {
        /// The size that is said to be older.
        old: TreeSize,
        /// The size that is said to be newer.
        new: TreeSize,
    },
    /// The proof has too few or too many hashes for the sizes it is about.
    #[error("{proof} proof for a tree of {size} leaves has a wrong number of hashes: {found}")]
    ProofLength {
        /// Which kind of proof.
        proof: ProofKind,
        /// The size of the (newer) tree.
        size: TreeSize,
        /// Hashes that the proof has.
        found: usize,
    },
    /// The hashes of the proof lead to another root.
    #[error("{proof} proof leads to root {computed} where the tree of {size} leaves has {expected}")]
    RootMismatch {
        /// Which kind of proof.
        proof: ProofKind,
        /// The size of the tree whose root was not met.
        size: TreeSize,
        /// The root that the tree is said to have.
        expected: Hash,
        /// The root that the proof leads to.
        computed: Hash,
    },
    /// The text does not have the form that its specification asks for.
    #[error("not a {format}: line {line} should be {expected}")]
    Malformed {
        /// What the text was read as.
        format: Format,
        /// The line that is wrong, from 1.
        line: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// The text is longer than this room reads.
    #[error("{format} has {found} {unit}, of which at most {limit} are read")]
    TooLong {
        /// What the text was read as.
        format: Format,
        /// Its length.
        found: usize,
        /// The largest that is read.
        limit: usize,
        /// What is counted.
        unit: &'static str,
    },
    /// The key's text names another key id than its name and key have.
    #[error("key `{name}` is said to have id {found}, but its name and key give {expected}")]
    KeyIdMismatch {
        /// The key's name.
        name: KeyName,
        /// The id that name and key give.
        expected: KeyId,
        /// The id in the text.
        found: KeyId,
    },
    /// The key is of a type that this room does not verify.
    #[error("key `{name}` has signature type {found:#04x}, which is not known here")]
    UnknownSignatureType {
        /// The key's name.
        name: KeyName,
        /// The type byte.
        found: u8,
    },
    /// A key of one type where the other is needed.
    #[error("key `{name}` is for {found}, where one for {expected} is needed")]
    WrongSignatureType {
        /// The key's name.
        name: KeyName,
        /// The type that is needed.
        expected: SignatureType,
        /// The type that the key has.
        found: SignatureType,
    },
    /// The bytes are no Ed25519 public key, or one that verifies anything.
    #[error("key `{name}` is no usable Ed25519 public key")]
    UnusableKey {
        /// The key's name.
        name: KeyName,
    },
    /// Two different trusted keys share name and id, so a signature cannot be told to be of one.
    #[error("two trusted keys are both called `{name}` with id {id}")]
    AmbiguousKey {
        /// The name they share.
        name: KeyName,
        /// The id they share.
        id: KeyId,
    },
    /// The note bears no signature of the key that was asked for.
    #[error("the note is not signed by {wanted}")]
    NotSigned {
        /// The key, or keys, of which one was needed.
        wanted: String,
    },
    /// The note bears a signature in the name of a trusted key that this key did not make.
    #[error("the signature of `{name}` with key id {id} does not fit the note")]
    BadSignature {
        /// The name on the signature.
        name: KeyName,
        /// The id on the signature.
        id: KeyId,
    },
    /// A trusted key has signed the note more than once, so counting lines would count it twice.
    #[error("the note bears more than one signature of `{name}` with key id {id}")]
    RepeatedSignature {
        /// The name on the signatures.
        name: KeyName,
        /// The id on the signatures.
        id: KeyId,
    },
    /// The checkpoint is of another log.
    #[error("the checkpoint is of log `{found}`, not of `{expected}`")]
    OtherOrigin {
        /// The origin that is trusted.
        expected: String,
        /// The origin in the checkpoint.
        found: String,
    },
    /// The operating system gave no random bytes for a new key.
    #[error("getting random bytes for a new key failed")]
    Random {
        /// What the operating system said.
        source: getrandom::Error,
    },
}

/// The texts and numbers that this room reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A [`struct@super::Hash`] as text.
    Hash,
    /// A [`super::TreeSize`] as text.
    TreeSize,
    /// A [`super::LeafIndex`] as text.
    LeafIndex,
    /// A [`super::TilePath`] as text.
    TilePath,
    /// A [`super::KeyName`] as text.
    KeyName,
    /// A [`super::VerifierKey`] as text.
    VerifierKey,
    /// A [`super::SignerKey`] as text.
    SignerKey,
    /// A [`super::SignedNote`].
    SignedNote,
    /// A single signature line of a note.
    SignatureLine,
    /// A [`super::Checkpoint`].
    Checkpoint,
    /// A [`super::TlogProof`].
    TlogProof,
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Hash => "hash",
            Self::TreeSize => "tree size",
            Self::LeafIndex => "leaf index",
            Self::TilePath => "tile path",
            Self::KeyName => "key name",
            Self::VerifierKey => "verifier key",
            Self::SignerKey => "signer key",
            Self::SignedNote => "signed note",
            Self::SignatureLine => "signature line",
            Self::Checkpoint => "checkpoint",
            Self::TlogProof => "tlog proof",
        })
    }
}

/// The two kinds of proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofKind {
    /// That a leaf is in a tree.
    Inclusion,
    /// That a tree begins with all leaves of an older one.
    Consistency,
}

impl fmt::Display for ProofKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Inclusion => "inclusion",
            Self::Consistency => "consistency",
        })
    }
}
