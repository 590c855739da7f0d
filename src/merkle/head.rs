//! How many leaves a tree has, which leaf is meant, and a size together with its root.

use std::fmt;
use std::str::FromStr;

use super::encoding::decimal_decode;
use super::{Error, Format, Hash};

/// The largest number of leaves, 2^63 − 1: what SQLite, and the logs and witnesses written in Go, can hold.
pub const MAX_TREE_SIZE: u64 = (1 << 63) - 1;

/// A number of leaves, at most [`MAX_TREE_SIZE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeSize(u64);

impl TreeSize {
    /// The size of a tree without leaves.
    pub const EMPTY: Self = Self(0);

    /// A number of leaves; refused above [`MAX_TREE_SIZE`].
    pub fn new(leaves: u64) -> Result<Self, Error> {
        if leaves > MAX_TREE_SIZE {
            return Err(Error::TooLarge { format: Format::TreeSize, found: leaves });
        }
        Ok(Self(leaves))
    }

    /// The number of leaves.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Whether the leaf is one of a tree of this size.
    pub const fn contains(self, index: LeafIndex) -> bool {
        index.0 < self.0
    }

    /// The index that the next leaf will have, and the size after it; refused when the tree is full.
    pub(super) fn grow(self) -> Result<(LeafIndex, Self), Error> {
        let index = LeafIndex::new(self.0)?;
        Ok((index, Self::new(self.0.saturating_add(1))?))
    }
}

/// The place of a leaf, from 0; always below [`MAX_TREE_SIZE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeafIndex(u64);

impl LeafIndex {
    /// The leaf with this index, counted from 0; refused from [`MAX_TREE_SIZE`] on.
    pub fn new(index: u64) -> Result<Self, Error> {
        if index >= MAX_TREE_SIZE {
            return Err(Error::TooLarge { format: Format::LeafIndex, found: index });
        }
        Ok(Self(index))
    }

    /// The index, from 0.
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// A tree as far as others can know it: its size and its root at that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TreeHead {
    /// Number of leaves.
    pub size: TreeSize,
    /// Root over exactly these leaves.
    pub root: Hash,
}

impl TreeHead {
    /// The head of a tree without leaves.
    pub const EMPTY: Self = Self { size: TreeSize::EMPTY, root: Hash::EMPTY_TREE };
}

/// Both numbers read and print as decimals without sign or leading zeros.
macro_rules! as_decimal {
    ($number:ident) => {
        impl fmt::Display for $number {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $number {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                let number = decimal_decode(text).ok_or(Error::Malformed {
                    format: Format::$number,
                    line: 1,
                    expected: "a decimal number without sign or leading zeros",
                })?;
                Self::new(number)
            }
        }
    };
}

as_decimal!(TreeSize);
as_decimal!(LeafIndex);
