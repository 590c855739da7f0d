//! Proofs: a signed checkpoint, that an event is under it, and that an old one is a prefix of today's log.

use serde::Serialize;
use utoipa::ToSchema;

use super::error::Error;
use super::row::hex;
use crate::log::{Reader, Row, Seq};
use crate::merkle::{self, Checkpoint, Hash, InclusionProof, LeafIndex, SignedNote, SignerKey, TlogProof, TreeHead};

/// Wraps an error of the tree with what was being done.
pub(super) fn doing(doing: &'static str) -> impl Fn(merkle::Error) -> Error {
    move |source| match source {
        // A store that failed says so itself.
        merkle::Error::ReadTile { .. } | merkle::Error::TileMissing { .. } | merkle::Error::TileLength { .. } => Error::Log(source.into()),
        source => Error::Merkle { doing, source },
    }
}

/// The log's checkpoint at a place: origin, size and root, signed.
///
/// # Errors
/// [`Error::Log`], [`Error::Merkle`].
pub fn sign_checkpoint(reader: Reader<'_>, at: Seq, key: &SignerKey) -> Result<SignedNote, Error> {
    let signs = doing("signing a checkpoint");
    let checkpoint = Checkpoint::new(key.verifier().name().as_str(), reader.tree_head(at)?).map_err(&signs)?;
    key.sign(&checkpoint.to_string()).map_err(signs)
}

/// That an event is in the log of a checkpoint.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Proof {
    /// The event's place.
    pub seq: i64,
    /// Its id.
    pub id: crate::event::EventId,
    /// The bytes that its leaf is the hash of, hexadecimal.
    #[schema(pattern = "^[0-9a-f]*$")]
    pub header: String,
    /// Its leaf, hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub leaf: String,
    /// The leaf's index in the tree, from 0.
    pub index: u64,
    /// The hashes from the leaf to the root, hexadecimal.
    pub hashes: Vec<String>,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The same as a C2SP `tlog-proof`, with the header as its extra data.
    pub tlog_proof: String,
}

/// Proves that an event is in the log of a checkpoint, which is at this event or later.
///
/// # Errors
/// [`Error::Log`], [`Error::Merkle`].
pub fn prove(reader: Reader<'_>, row: &Row, note: &SignedNote) -> Result<Proof, Error> {
    let proves = doing("proving that an event is in the log");
    let checkpoint: Checkpoint = note.text().parse().map_err(&proves)?;
    let inclusion = inclusion(reader, row.seq, checkpoint.head())?;
    inclusion.verify(Hash(row.leaf), checkpoint.head()).map_err(&proves)?;
    let header = reader.header(row.seq)?;
    let tlog_proof = TlogProof::new(inclusion.clone(), note.clone()).with_extra(header.clone()).map_err(proves)?;
    Ok(Proof {
        seq: row.seq.0,
        id: row.id,
        header: hex(&header),
        leaf: hex(&row.leaf),
        index: inclusion.index().get(),
        hashes: inclusion.hashes().iter().map(Hash::to_string).collect(),
        checkpoint: note.to_string(),
        tlog_proof: tlog_proof.to_string(),
    })
}

/// The proof that the event at a place is under a head of the tree.
pub(super) fn inclusion(reader: Reader<'_>, seq: Seq, head: TreeHead) -> Result<InclusionProof, Error> {
    let proves = doing("proving that an event is in the log");
    let index = LeafIndex::new(seq.0.saturating_sub(1).unsigned_abs()).map_err(&proves)?;
    merkle::Tree::at(reader, head.size).prove_inclusion(index).map_err(proves)
}

/// A size of the tree with its root, as it is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct HeadItem {
    /// How many events.
    pub size: u64,
    /// The root over them, hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub root: String,
}

impl From<TreeHead> for HeadItem {
    fn from(head: TreeHead) -> Self {
        Self { size: head.size.get(), root: head.root.to_string() }
    }
}

/// Whether an old checkpoint is a prefix of today's log.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Consistency {
    /// Whether it is.
    pub consistent: bool,
    /// The same in a sentence.
    pub said: String,
    /// The old checkpoint's tree.
    pub old: HeadItem,
    /// Today's.
    pub new: HeadItem,
    /// The hashes that lead from the old root and to the new one (RFC 6962, section 2.1.2), hexadecimal.
    pub proof: Vec<String>,
}

/// Proves that an old tree is a prefix of today's, or tells that it is not.
///
/// # Errors
/// [`Error::Log`], [`Error::Merkle`].
pub fn consistency(reader: Reader<'_>, old: TreeHead) -> Result<Consistency, Error> {
    let head = reader.tree_head(reader.head()?)?;
    let (size, now) = (old.size.get(), head.size.get());
    let answer = |consistent, said: String, proof: Vec<String>| Consistency { consistent, said, old: old.into(), new: head.into(), proof };
    if size > now {
        let said =
            format!("The checkpoint is of a log of {size} events, and this log has {now}: events were taken away, or this is another log.");
        return Ok(answer(false, said, Vec::new()));
    }
    let proof =
        merkle::Tree::at(reader, head.size).prove_consistency(old.size).map_err(doing("proving that an old checkpoint still holds"))?;
    let hashes = proof.hashes().iter().map(Hash::to_string).collect();
    Ok(match proof.verify(old, head) {
        Ok(()) => answer(
            true,
            format!(
                "The checkpoint of {size} events is a prefix of today's log of {now}: none of them was changed, removed or put elsewhere since."
            ),
            hashes,
        ),
        Err(_) => answer(
            false,
            format!(
                "The checkpoint of {size} events is not a prefix of this log: some of its first {size} events were changed, or it is another log."
            ),
            Vec::new(),
        ),
    })
}
