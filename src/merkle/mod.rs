//! Proves that a list of leaves only ever grew, and that a leaf is in it: RFC 6962 tree hashes, proofs and signed checkpoints.
//!
//! In reading order: [`struct@Hash`] is what a leaf or a node is reduced to; [`TreeHead`] a size with its root; an [`Appender`] takes leaf
//! hashes and hands back the tiles that changed; a [`Tree`] reads tiles and makes proofs; [`InclusionProof`] and
//! [`ConsistencyProof`] verify without any tree. Then the texts that leave the machine: a [`Checkpoint`] inside a
//! [`SignedNote`], the keys that sign it, the [`Trust`] that a reader brings along, and the [`TlogProof`] that carries all of it in one
//! file.
//!
//! Sources: RFC 6962 and RFC 9162 for the hashes, and the C2SP specifications `tlog-tiles`, `tlog-checkpoint`, `signed-note`,
//! `tlog-cosignature` (`cosignature/v1`, Ed25519) and `tlog-proof` for tiles and texts.
//!
//! # What this room promises
//!
//! - `merkle-1`: root, tiles and proofs are those of RFC 6962, at every size and index.
//! - `merkle-2`: however leaves are batched, the same tiles come out, and a batch writes each changed tile once.
//! - `merkle-3`: verification reads nothing but its arguments, and no input makes it panic, overflow or take unbounded time.
//! - `merkle-4`: what parses prints back byte for byte, so no text has two forms.
//! - `merkle-5`: no change to a leaf, a proof, a root, a signed text or a trusted key's signature passes verification. What may
//!   differ is what the specifications tell verifiers to ignore: signatures of unknown keys, the order of the signatures, and the
//!   extra data of a `tlog-proof`.
//! - `merkle-6`: a secret key is written only by [`SignerKey::to_secret_text`], never by `Debug`.
//!
//! # What it deliberately does not do
//!
//! It knows no events: leaves are bytes, and what they mean is the caller's. It stores nothing and has no clock: tiles come through
//! [`TileStore`], and whether a cosignature's time is too old or in the future is for the caller to say. It verifies witness
//! cosignatures but makes none, and does not decide how many of them are enough. Of the note signature types it knows Ed25519
//! (`0x01`) and `cosignature/v1` (`0x04`); signatures of other types are kept and ignored, as the specification asks. It cannot help
//! against whoever holds the log's key: that is what checkpoints that have left the machine are for.
//!
//! # Limits
//!
//! | what | limit |
//! |---|---|
//! | leaves in a tree | [`MAX_TREE_SIZE`], 2^63 − 1 (SQLite's and Go's largest integer) |
//! | hashes in a proof | [`MAX_PROOF_HASHES`], 64: more than any tree of that size needs |
//! | signed note | [`MAX_NOTE_BYTES`], 256 KiB: sixteen post-quantum signatures of 5 kB, which must be accepted, pass 64 KiB |
//! | signatures on a note | [`MAX_SIGNATURES`], 100 |
//! | key name, checkpoint origin | [`MAX_NAME_BYTES`], 255 bytes (what `tlog-cosignature` can name) |
//! | extra data in a `tlog-proof` | [`MAX_EXTRA_BYTES`], 64 KiB |

mod encoding;
mod error;
mod hash;
mod head;
mod tile;
mod tree;
mod prove;
mod appender;
mod walk;
mod proof;
mod name;
mod key;
mod signer;
mod signature;
mod note;
mod checkpoint;
mod trust;
mod tlog_proof;

pub use appender::Appender;
pub use checkpoint::Checkpoint;
pub use error::{Error, Format, ProofKind};
pub use hash::{Hash, leaf_hash, node_hash};
pub use head::{LeafIndex, MAX_TREE_SIZE, TreeHead, TreeSize};
pub use key::{SignatureType, VerifierKey};
pub use name::{KeyId, KeyName, MAX_NAME_BYTES};
pub use note::{MAX_NOTE_BYTES, MAX_SIGNATURES, SignedNote};
pub use proof::{ConsistencyProof, InclusionProof, MAX_PROOF_HASHES};
pub use signature::{NoteSignature, VerifiedSignature};
pub use signer::SignerKey;
pub use tile::{TILE_WIDTH, Tile, TileId, TilePath};
pub use tlog_proof::{MAX_EXTRA_BYTES, TlogProof};
pub use tree::{TileStore, Tree};
pub use trust::{Cosignature, Trust, VerifiedCheckpoint};
