//! What is told of a token: its id, name, role and times; never its hash.

use std::fmt;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::{CLAIM_PREFIX, Micros, Refusal, fold_name, is_slug, words};

/// Longest name of a token, in characters.
pub(super) const NAME_MAX: usize = 100;

words! {
    /// What the bearer of a token may do; each role may do what those before it may.
    Role {
        /// Ask.
        Read = "read",
        /// Record events too, under the token's name.
        Append = "append",
        /// All that can be done from afar.
        Admin = "admin",
    }
}

words! {
    /// Whether a token can be used at some time.
    TokenState {
        /// It can.
        Live = "live",
        /// Its time is over.
        Expired = "expired",
        /// It was taken back.
        Revoked = "revoked",
    }
}

/// The public part of a token, and the name of its file: 8 to 10 of `a-z 0-9`. There is no other way to a path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TokenId(String);

impl TokenId {
    /// Reads an id; nothing where the text is none.
    ///
    /// ```
    /// use stancelog::ledger::TokenId;
    /// assert_eq!(TokenId::parse("k3f9x2ab").unwrap().as_str(), "k3f9x2ab");
    /// assert!(TokenId::parse("../secret").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let is_id = (8..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        is_id.then(|| Self(text.to_owned()))
    }

    /// The id that random bytes make.
    pub(super) fn of(random: [u8; 10]) -> Self {
        const DIGITS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        let [a, b, c, d, e, f, g, h, _, _] = random;
        let mut number = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        let mut id = String::with_capacity(8);
        for _ in 0..8 {
            id.push(char::from(DIGITS[(number % 36) as usize]));
            number /= 36;
        }
        Self(id)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<TokenId> for String {
    fn from(id: TokenId) -> Self {
        id.0
    }
}

impl TryFrom<String> for TokenId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("expected an id: 8 to 10 of a-z and 0-9")
    }
}

/// A token, without what would let anybody use it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TokenItem {
    /// Its id.
    pub id: TokenId,
    /// Its name, which events that it records have as `recorded_by`.
    pub name: String,
    /// What its bearer may do.
    pub role: Role,
    /// When it was made.
    #[serde(with = "time")]
    pub created_at: Micros,
    /// When it was last used, to the minute; nothing where it never was.
    #[serde(with = "maybe_time")]
    pub last_used_at: Option<Micros>,
    /// The last moment that it may be used at; nothing where there is no end.
    #[serde(with = "maybe_time")]
    pub expires_at: Option<Micros>,
    /// When it was taken back.
    #[serde(with = "maybe_time")]
    pub revoked_at: Option<Micros>,
}

impl TokenItem {
    /// Whether it can be used at a time.
    pub fn state(&self, now: Micros) -> TokenState {
        state(self.expires_at, self.revoked_at, now)
    }
}

/// What a token can do at a time, by its end and its revocation.
pub(super) fn state(expires_at: Option<Micros>, revoked_at: Option<Micros>, now: Micros) -> TokenState {
    match (revoked_at, expires_at) {
        (Some(_), _) => TokenState::Revoked,
        (None, Some(last)) if now > last => TokenState::Expired,
        (None, Some(_) | None) => TokenState::Live,
    }
}

/// All tokens of a log.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TokenList {
    /// By the time of their making, then by id.
    pub items: Vec<TokenItem>,
    /// Files in the folder that cannot be read as tokens; whoever presents such a token is denied.
    pub bad: Vec<BadToken>,
}

/// A file that should hold a token and cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("cannot use the token file {}: {reason}", file.display())]
pub struct BadToken {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

/// A name as it is kept, or why it is none.
pub(super) fn check_name(given: &str) -> Result<String, Refusal> {
    let refuse = |said: String| Err(Refusal::field("name", said));
    // A token that was pasted where a name belongs must not come to stand in a file or on a screen.
    if given.trim_start().starts_with(super::secret::PREFIX) {
        return refuse("this looks like a token; a name does not begin with stl_".to_owned());
    }
    let name = fold_name(given);
    let length = name.chars().count();
    if name.is_empty() {
        return refuse("is empty; a name tells who records: newsroom-import".to_owned());
    }
    if length > NAME_MAX {
        return refuse(format!("{length} characters long; a token's name has at most {NAME_MAX}"));
    }
    if let Some(control) = name.chars().find(|c| c.is_control()) {
        return refuse(format!("holds the control character U+{:04X}", u32::from(control)));
    }
    if name.strip_prefix(CLAIM_PREFIX).is_some_and(is_slug) {
        return refuse(format!("`{name}` is a claim, where a recorder's name is meant"));
    }
    Ok(name)
}

/// A time as it is written: RFC 3339, in UTC, to the microsecond.
pub(super) mod time {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::event::Micros;

    pub(in super::super) fn parse(text: &str) -> Option<Micros> {
        chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| Micros(at.timestamp_micros()))
    }

    pub(in super::super) fn serialize<S: Serializer>(at: &Micros, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(at)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Micros, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| D::Error::custom("expected a time as in 2027-01-31T12:00:00Z"))
    }
}

/// The same where there may be none.
pub(super) mod maybe_time {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::event::Micros;

    pub(in super::super) fn serialize<S: Serializer>(at: &Option<Micros>, serializer: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => serializer.collect_str(at),
            None => serializer.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Micros>, D::Error> {
        #[derive(Deserialize)]
        struct Time(#[serde(with = "super::time")] Micros);
        Ok(Option::<Time>::deserialize(deserializer)?.map(|time| time.0))
    }
}
