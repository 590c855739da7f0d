//! The token itself, as it is shown once and presented from then on: `stl_<id>_<secret>`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::item::TokenId;
use crate::ledger::error::Error;

/// What every token begins with, so that scanners for lost secrets can know one.
pub(super) const PREFIX: &str = "stl_";
/// Random bytes in a secret.
const BYTES: usize = 32;
/// The same in base64url without padding.
const CHARACTERS: usize = 43;

/// A token as its bearer presents it. It is shown by [`Secret::reveal`] alone.
///
/// ```
/// use stancelog::ledger::{Role, SystemClock, Tokens};
/// # let dir = tempfile::tempdir().unwrap(); let db = dir.path().join("stances.db");
/// let (_, secret) = Tokens::beside(&db).create("press", Role::Read, None, &SystemClock)?;
/// assert_eq!(format!("{secret:?}"), "Secret(…)");
/// # Ok::<(), stancelog::ledger::Error>(())
/// ```
pub struct Secret(String);

impl Secret {
    /// A fresh token of an id.
    pub(super) fn fresh(id: &TokenId) -> Result<Self, Error> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(|source| Error::Random { doing: "make a token", source })?;
        Ok(Self(format!("{PREFIX}{id}_{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// The whole token, to be shown to its owner once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(super) fn hash(&self) -> [u8; 32] {
        Presented::parse(&self.0).map_or([0; 32], |presented| presented.hash())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Something that has the form of a token.
pub(super) struct Presented<'a> {
    pub(super) id: TokenId,
    secret: &'a str,
}

impl<'a> Presented<'a> {
    /// Takes a token apart; nothing where it has not the form of one.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        let is_secret = secret.len() == CHARACTERS && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if is_secret { Some(Self { id: TokenId::parse(id)?, secret }) } else { None }
    }

    /// SHA-256 of the secret as it is written in the token.
    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.secret.as_bytes()).into()
    }
}
