//! The hash of a leaf, of an inner node, and of the empty tree (RFC 6962, section 2.1).

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::encoding::{base64_decode, base64_encode, hex_decode, hex_encode};
use super::{Error, Format};

/// A SHA-256 hash of a leaf, a node or a whole tree.
///
/// Prints as 64 lowercase hexadecimal digits; the C2SP texts use [`Hash::to_base64`]. Either form parses.
///
/// ```
/// use stancelog::merkle::{Hash, leaf_hash};
///
/// let hash = leaf_hash(b"");
/// assert_eq!(hash.to_string(), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
/// assert_eq!(hash.to_base64().parse::<Hash>()?, hash);
/// # Ok::<(), stancelog::merkle::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; Hash::BYTES]);

impl Hash {
    /// Bytes in a hash.
    pub const BYTES: usize = 32;

    /// The root of a tree without leaves: SHA-256 of nothing.
    pub const EMPTY_TREE: Self = Self([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
        0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
    ]);

    /// The hash's bytes.
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    /// The 44 characters of standard base64 that the C2SP texts use.
    pub fn to_base64(&self) -> String {
        base64_encode(&self.0)
    }

    /// Reads the form of [`Hash::to_base64`]; `None` for anything else.
    pub(super) fn from_base64(text: &str) -> Option<Self> {
        base64_decode(text)?.try_into().ok().map(Self)
    }

    /// Splits a tile's bytes into hashes; bytes beyond the last whole hash are left out.
    pub(super) fn all_in(bytes: &[u8]) -> Vec<Self> {
        let (hashes, _) = bytes.as_chunks();
        hashes.iter().copied().map(Self).collect()
    }
}

/// Hashes a leaf: SHA-256 of `0x00` and the data.
pub fn leaf_hash(data: &[u8]) -> Hash {
    let hasher = Sha256::new().chain_update([0x00]).chain_update(data);
    Hash(hasher.finalize().into())
}

/// Hashes an inner node: SHA-256 of `0x01` and its two children.
///
/// The prefix differs from a leaf's, so that no node can be passed off as a leaf.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [0x01; 1 + 2 * Hash::BYTES];
    let (left_half, right_half) = bytes[1..].split_at_mut(Hash::BYTES);
    left_half.copy_from_slice(&left.0);
    right_half.copy_from_slice(&right.0);
    Hash(Sha256::digest(bytes).into())
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex_encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        hex_decode(text).map(Self).or_else(|| Self::from_base64(text)).ok_or(Error::Malformed {
            format: Format::Hash,
            line: 1,
            expected: "64 lowercase hexadecimal digits, or base64 of 32 bytes",
        })
    }
}
