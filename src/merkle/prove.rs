//! Makes proofs from stored tiles, by the definitions of RFC 6962, sections 2.1.1 and 2.1.2.

use super::tree::{TileStore, Tree, left_leaves};
use super::{ConsistencyProof, Error, InclusionProof, LeafIndex, TreeSize};

impl<S: TileStore> Tree<S> {
    /// Proves that the leaf is in this tree, with one hash for each level.
    pub fn prove_inclusion(&mut self, index: LeafIndex) -> Result<InclusionProof, Error> {
        self.must_contain(index)?;
        let (mut first, mut end) = (0, self.size().get());
        let mut hashes = Vec::new();
        while end - first > 1 {
            let middle = first + left_leaves(end - first);
            if index.get() < middle {
                hashes.push(self.range(middle, end)?);
                end = middle;
            } else {
                hashes.push(self.range(first, middle)?);
                first = middle;
            }
        }
        hashes.reverse();
        InclusionProof::new(index, hashes)
    }

    /// Proves that this tree begins with all leaves of the tree that it was at the older size.
    ///
    /// From the empty tree, and from this very size, the proof is empty.
    pub fn prove_consistency(&mut self, old: TreeSize) -> Result<ConsistencyProof, Error> {
        let new = self.size();
        if old > new {
            return Err(Error::TreeShrank { old, new });
        }
        let (mut first, mut end) = (0, new.get());
        let mut hashes = Vec::new();
        while old.get() > 0 && old.get() != end {
            let middle = first + left_leaves(end - first);
            if old.get() <= middle {
                hashes.push(self.range(middle, end)?);
                end = middle;
            } else {
                hashes.push(self.range(first, middle)?);
                first = middle;
            }
        }
        // The verifier knows the old root, so it is sent only where the old tree ends inside a subtree.
        if first > 0 {
            hashes.push(self.range(first, end)?);
        }
        hashes.reverse();
        ConsistencyProof::new(hashes)
    }
}
