//! Verifies proofs from nothing but the proof and two tree heads, by the algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
//!
//! A proof ties hashes to a root. It does not tie the size to the root: the same hashes may fit a root at several sizes. A size is as
//! trustworthy as where it comes from, so take size and root together from a signed checkpoint.

use super::walk::{Side, Walk};
use super::{Error, Hash, LeafIndex, ProofKind, TreeHead, TreeSize, node_hash};

/// The most hashes in a proof. A tree of [`super::MAX_TREE_SIZE`] leaves needs 63 for inclusion and 64 for consistency.
pub const MAX_PROOF_HASHES: usize = 64;

/// The hashes that lead from a leaf to a root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    index: LeafIndex,
    hashes: Vec<Hash>,
}

impl InclusionProof {
    /// A proof as received: from the leaf's sibling up to the root's child. Refused above [`MAX_PROOF_HASHES`].
    pub fn new(index: LeafIndex, hashes: Vec<Hash>) -> Result<Self, Error> {
        let hashes = bounded(ProofKind::Inclusion, hashes)?;
        Ok(Self { index, hashes })
    }

    /// Which leaf the proof is about.
    pub const fn index(&self) -> LeafIndex {
        self.index
    }

    /// The hashes, from the leaf's sibling up to the root's child.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Accepts only if the leaf with this hash stands at the proof's index in the tree with this head.
    pub fn verify(&self, leaf: Hash, head: TreeHead) -> Result<(), Error> {
        let (index, size) = (self.index, head.size);
        if !size.contains(index) {
            return Err(Error::LeafOutsideTree { index, size });
        }
        let mut walk = Walk::from_leaf(index.get(), size);
        let mut root = leaf;
        for hash in &self.hashes {
            root = match walk.step() {
                Some(Side::Left) => node_hash(hash, &root),
                Some(Side::Right) => node_hash(&root, hash),
                None => return Err(wrong_length(ProofKind::Inclusion, size, &self.hashes)),
            };
        }
        if !walk.is_at_root() {
            return Err(wrong_length(ProofKind::Inclusion, size, &self.hashes));
        }
        same_root(ProofKind::Inclusion, head, root)
    }
}

/// The hashes that lead from an older root to a newer one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    hashes: Vec<Hash>,
}

impl ConsistencyProof {
    /// A proof as received. Refused above [`MAX_PROOF_HASHES`].
    pub fn new(hashes: Vec<Hash>) -> Result<Self, Error> {
        let hashes = bounded(ProofKind::Consistency, hashes)?;
        Ok(Self { hashes })
    }

    /// The hashes, in the order of RFC 6962.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Accepts only if the newer tree begins with all leaves of the older one.
    ///
    /// Every tree begins with the empty tree: that proof is empty, and the old root must be the empty tree's. Between equal sizes the
    /// proof is empty too, and the roots must be the same.
    pub fn verify(&self, old: TreeHead, new: TreeHead) -> Result<(), Error> {
        if old.size > new.size {
            let (old, new) = (old.size, new.size);
            return Err(Error::TreeShrank { old, new });
        }
        if old.size == new.size {
            same_root(ProofKind::Consistency, new, old.root)?;
        }
        if old.size == TreeSize::EMPTY {
            same_root(ProofKind::Consistency, TreeHead::EMPTY, old.root)?;
        }
        if old.size == new.size || old.size == TreeSize::EMPTY {
            return match self.hashes.as_slice() {
                [] => Ok(()),
                hashes => Err(wrong_length(ProofKind::Consistency, new.size, hashes)),
            };
        }
        let (old_root, new_root) = self.roots(old, new)?;
        same_root(ProofKind::Consistency, old, old_root)?;
        same_root(ProofKind::Consistency, new, new_root)
    }

    /// The roots that the proof's hashes lead to, for `0 < old.size < new.size`.
    fn roots(&self, old: TreeHead, new: TreeHead) -> Result<(Hash, Hash), Error> {
        let wrong = || wrong_length(ProofKind::Consistency, new.size, &self.hashes);
        let mut walk = Walk::from_old_tree(old.size, new.size);
        // A complete old tree is itself a node of the new one: the proof starts at a root that is known, and does not send it.
        let (start, rest) = if old.size.get().is_power_of_two() {
            (old.root, self.hashes.as_slice())
        } else {
            let (first, rest) = self.hashes.split_first().ok_or_else(wrong)?;
            (*first, rest)
        };
        let (mut old_root, mut new_root) = (start, start);
        for hash in rest {
            match walk.step().ok_or_else(wrong)? {
                Side::Left => {
                    old_root = node_hash(hash, &old_root);
                    new_root = node_hash(hash, &new_root);
                }
                Side::Right => new_root = node_hash(&new_root, hash),
            }
        }
        if !walk.is_at_root() {
            return Err(wrong());
        }
        Ok((old_root, new_root))
    }
}

fn bounded(proof: ProofKind, hashes: Vec<Hash>) -> Result<Vec<Hash>, Error> {
    if hashes.len() > MAX_PROOF_HASHES {
        let size = TreeSize::new(super::MAX_TREE_SIZE)?;
        return Err(wrong_length(proof, size, &hashes));
    }
    Ok(hashes)
}

fn wrong_length(proof: ProofKind, size: TreeSize, hashes: &[Hash]) -> Error {
    let found = hashes.len();
    Error::ProofLength { proof, size, found }
}

fn same_root(proof: ProofKind, head: TreeHead, computed: Hash) -> Result<(), Error> {
    if computed == head.root {
        return Ok(());
    }
    Err(Error::RootMismatch { proof, size: head.size, expected: head.root, computed })
}
