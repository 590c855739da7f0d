//! At the door: whether what is presented is a token that can be used now, and the note of its use.

use subtle::ConstantTimeEq;

use super::Tokens;
use super::item::{BadToken, TokenId, TokenItem, TokenState};
use super::secret::Presented;
use crate::event::Micros;
use crate::ledger::error::Error;

/// The use of a token is noted once in so many microseconds.
const NOTED_EVERY_US: u64 = 60_000_000;

/// Why a bearer is not let in. This is for the operator's eyes: whoever stands at the door is told the same of each.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Denied {
    /// It has not the form of a token.
    #[error("what was presented has not the form of a token")]
    Malformed,
    /// No token has its id.
    #[error("no token has that id")]
    Unknown,
    /// The id is a token's, and the secret is not.
    #[error("the secret is not that of the token")]
    WrongSecret,
    /// It was taken back.
    #[error("the token is revoked")]
    Revoked,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its file cannot be read, so that nobody can say.
    #[error("{0}")]
    Unreadable(BadToken),
}

impl Tokens {
    /// The token that is presented, if it can be used now: `stl_<id>_<secret>`, without the word `Bearer`. Its file is read
    /// each time, so that a revocation by another process counts at once.
    ///
    /// # Errors
    /// [`Denied`]; whether a token is revoked or expired is told only to one who has its secret.
    pub fn check(&self, presented: &str, now: Micros) -> Result<TokenItem, Denied> {
        let presented = Presented::parse(presented).ok_or(Denied::Malformed)?;
        let stored = self.folder.look_up(&presented.id).map_err(Denied::Unreadable)?.ok_or(Denied::Unknown)?;
        // In constant time: how long it takes tells nothing of how much of the hash was right.
        if !bool::from(presented.hash().ct_eq(&stored.sha256)) {
            return Err(Denied::WrongSecret);
        }
        match stored.state(now) {
            TokenState::Live => Ok(self.item(&stored)),
            TokenState::Expired => Err(Denied::Expired),
            TokenState::Revoked => Err(Denied::Revoked),
        }
    }

    /// Notes that a token is used; cheap enough to be called for each request, as it writes at most once a minute for each
    /// token.
    ///
    /// # Errors
    /// [`Error::File`]; nothing but [`TokenItem::last_used_at`] depends on it.
    ///
    /// ```
    /// use stancelog::ledger::{Clock, Role, SystemClock, Tokens};
    /// # let dir = tempfile::tempdir().unwrap(); let db = dir.path().join("stances.db");
    /// let tokens = Tokens::beside(&db);
    /// let (item, _) = tokens.create("press", Role::Read, None, &SystemClock)?;
    /// let now = SystemClock.now();
    /// tokens.used(&item.id, now)?;
    /// assert_eq!(tokens.list()?.items[0].last_used_at, Some(now));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn used(&self, id: &TokenId, now: Micros) -> Result<(), Error> {
        // A note that a wrong clock has left in the future is set right too.
        let is_noted = self.folder.last_use(id).is_some_and(|last| last.0.abs_diff(now.0) < NOTED_EVERY_US);
        if is_noted { Ok(()) } else { self.folder.note_use(id, now) }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::*;
    use crate::ledger::{Clock, Role, Secret, SystemClock};

    fn desk(expires_at: Option<Micros>) -> (tempfile::TempDir, Tokens, TokenItem, Secret) {
        let dir = tempfile::tempdir().unwrap();
        let tokens = Tokens::beside(&dir.path().join("stances.db"));
        let (item, secret) = tokens.create("press", Role::Append, expires_at, &SystemClock).unwrap();
        (dir, tokens, item, secret)
    }

    #[test]
    fn who_presents_a_token_is_let_in_until_its_last_moment() {
        let last = Micros(SystemClock.now().0 + 3_600_000_000);
        let (_dir, tokens, item, secret) = desk(Some(last));
        let checked = tokens.check(secret.reveal(), last).unwrap();
        assert_eq!(checked, item);
        assert_eq!((checked.state(last), checked.state(Micros(last.0 + 1))), (TokenState::Live, TokenState::Expired));
        assert_eq!(tokens.check(secret.reveal(), Micros(last.0 + 1)), Err(Denied::Expired));
    }

    #[test]
    fn roles_are_in_order() {
        assert!(Role::Read < Role::Append && Role::Append < Role::Admin);
        assert_eq!(Role::ALL.iter().map(|role| role.word()).collect::<Vec<_>>(), ["read", "append", "admin"]);
    }

    /// Guards token-2.
    #[test]
    fn a_revocation_by_another_counts_at_once() {
        let (dir, tokens, item, secret) = desk(None);
        let now = SystemClock.now();
        assert_eq!(tokens.check(secret.reveal(), now).unwrap().id, item.id);
        Tokens::beside(&dir.path().join("stances.db")).revoke("press", now).unwrap();
        assert_eq!(tokens.check(secret.reveal(), now), Err(Denied::Revoked));
    }

    #[test]
    fn only_the_whole_token_is_the_token() {
        let (dir, tokens, item, secret) = desk(None);
        let now = SystemClock.now();
        let whole = secret.reveal();
        let (head, last) = whole.split_at(whole.len() - 1);
        let another = format!("{head}{}", if last == "A" { "B" } else { "A" });
        assert_eq!(tokens.check(&another, now), Err(Denied::WrongSecret));
        let elsewhere = whole.replacen(item.id.as_str(), "aaaaaaaaaa", 1);
        assert_eq!(tokens.check(&elsewhere, now), Err(Denied::Unknown));
        // A token of another folder is none of this one's, and there is no way there.
        let outside = dir.path().join("outsider.json");
        fs::copy(tokens.folder().join(format!("{}.json", item.id)), outside).unwrap();
        let climbing = whole.replacen(item.id.as_str(), "../outsider", 1);
        let padded = [head.to_owned(), format!("{whole}A"), format!(" {whole}"), format!("{whole}\n"), whole.to_uppercase(), climbing];
        for presented in padded {
            assert_eq!(tokens.check(&presented, now), Err(Denied::Malformed), "{presented}");
        }
    }

    #[test]
    fn a_use_is_noted_once_a_minute() {
        let (_dir, tokens, item, _) = desk(None);
        let minute = NOTED_EVERY_US as i64;
        let noted = |at: i64| {
            tokens.used(&item.id, Micros(at)).unwrap();
            tokens.list().unwrap().items[0].last_used_at.unwrap().0
        };
        assert_eq!(noted(5), 5);
        assert_eq!(noted(4 + minute), 5);
        assert_eq!(noted(5 + minute), 5 + minute);
        assert_eq!(noted(9 * minute), 9 * minute);
        assert_eq!(noted(minute), minute, "a clock that was set back");
        fs::write(tokens.folder().join(format!("{}.used", item.id)), "half a ti").unwrap();
        assert_eq!(tokens.list().unwrap().items[0].last_used_at, None);
        assert_eq!(noted(7), 7);
    }

    /// What may be presented: anything; what nearly is a token; parts of tokens and of paths in any order.
    fn presented() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            Just("stl_".to_owned()),
            Just("/".to_owned()),
            Just("..".to_owned()),
            Just("\0".to_owned()),
            Just("_".to_owned()),
            Just(".json".to_owned()),
            "[a-z0-9]{8}",
            "[A-Za-z0-9_-]{43}",
            any::<String>(),
        ];
        let parts = prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat());
        prop_oneof![any::<String>(), parts, "stl_[a-z0-9]{7,11}_[A-Za-z0-9_-]{42,44}", "stl_[a-z0-9./\\\\_-]{0,12}_[A-Za-z0-9_-]{43}"]
    }

    proptest! {
        /// Guards token-4.
        #[test]
        fn whatever_is_presented_nobody_else_is_let_in_and_no_other_folder_looked_into(text in presented()) {
            let folder = tempfile::tempdir().unwrap();
            let tokens = Tokens::beside(&folder.path().join("stances.db"));
            let denied = tokens.check(&text, Micros(0)).unwrap_err();
            prop_assert!(matches!(denied, Denied::Malformed | Denied::Unknown), "{denied:?}");
            prop_assert!(tokens.would_revoke(&text, Micros(0)).is_err());
            if let Some(id) = TokenId::parse(&text).or_else(|| Some(Presented::parse(&text)?.id)) {
                prop_assert!(id.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
                prop_assert!((8..=10).contains(&id.as_str().len()));
            }
            prop_assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}
