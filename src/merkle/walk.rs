//! The way from a leaf to the root: at each hash of a proof, on which side it joins.

use super::TreeSize;

/// Where a walk towards the root stands: a node and the last node of its level. At the root, both are 0.
pub(super) struct Walk {
    node: u64,
    last: u64,
}

/// On which side of the walk the next hash stands.
pub(super) enum Side {
    Left,
    Right,
}

impl Walk {
    /// Starts at a leaf of a tree that contains it.
    pub(super) const fn from_leaf(index: u64, size: TreeSize) -> Self {
        Self { node: index, last: size.get().saturating_sub(1) }
    }

    /// Starts at the root of the largest complete subtree that ends with the old tree's last leaf.
    pub(super) fn from_old_tree(old: TreeSize, new: TreeSize) -> Self {
        let mut walk = Self::from_leaf(old.get().saturating_sub(1), new);
        while walk.node & 1 == 1 {
            walk.up();
        }
        walk
    }

    /// Whether the walk has arrived at the root.
    pub(super) const fn is_at_root(&self) -> bool {
        self.last == 0
    }

    /// Goes up to where the next hash joins; `None` at the root, where none may.
    pub(super) fn step(&mut self) -> Option<Side> {
        if self.is_at_root() {
            return None;
        }
        let is_right_child = self.node & 1 == 1;
        if !is_right_child && self.node != self.last {
            self.up();
            return Some(Side::Right);
        }
        // The last node of a level has no right sibling: it is its own parent until it becomes one.
        while self.node & 1 == 0 && self.node != 0 {
            self.up();
        }
        self.up();
        Some(Side::Left)
    }

    fn up(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }
}
