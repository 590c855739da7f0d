//! The bytes that are hashed for an event: salt and body to a digest, the digest in a header, the header to a leaf.

use sha2::{Digest, Sha256};

use super::seq::Seq;
use crate::event::{EventId, FORMAT, Micros};

/// Bytes of a salt.
pub const SALT_LEN: usize = 16;
/// Bytes of a header, format 1.
pub const HEADER_LEN: usize = 65;

/// SHA-256 of salt and body, which stands in the header.
pub fn body_hash(salt: &[u8], body: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(body).finalize().into()
}

/// The header of an event, format 1: the bytes that its leaf is the hash of. They must never change:
/// `fixtures/golden` pins them, and a new form gets a new format beside this one.
pub fn header(seq: Seq, id: EventId, recorded_at: Micros, body_hash: &[u8; 32]) -> [u8; HEADER_LEN] {
    let mut header = [0u8; HEADER_LEN];
    header[0] = FORMAT;
    header[1..9].copy_from_slice(&seq.0.to_be_bytes());
    header[9..25].copy_from_slice(id.as_bytes());
    header[25..33].copy_from_slice(&recorded_at.0.to_be_bytes());
    header[33..].copy_from_slice(body_hash);
    header
}

/// The leaf of a header in an RFC 6962 tree.
pub fn leaf_hash(header: &[u8]) -> [u8; 32] {
    crate::merkle::leaf_hash(header).0
}
