//! Making a token: its name is free, its end to come, its secret told once.

use super::Tokens;
use super::folder::Stored;
use super::item::{self, Role, TokenId, TokenItem, TokenState};
use super::secret::Secret;
use crate::event::{Micros, Refusal};
use crate::ledger::clock::Clock;
use crate::ledger::error::Error;

/// So many ids are tried before a source of random bytes that repeats itself is given up.
const IDS_TRIED: usize = 100;

impl Tokens {
    /// Makes a token; its secret is here and nowhere else. The name is kept with white space folded; `expires_at` is the
    /// last moment that it may be used at.
    ///
    /// # Errors
    /// [`Error::Refused`] for a name that a live token has or that is none, and for an end that is past;
    /// [`Error::File`], [`Error::Random`].
    ///
    /// ```
    /// use stancelog::ledger::{Role, SystemClock, Tokens};
    /// # let dir = tempfile::tempdir().unwrap(); let db = dir.path().join("stances.db");
    /// let tokens = Tokens::beside(&db);
    /// let (item, secret) = tokens.create("press", Role::Read, None, &SystemClock)?;
    /// assert!(secret.reveal().starts_with(&format!("stl_{}_", item.id)));
    /// let again = tokens.create("press", Role::Admin, None, &SystemClock).unwrap_err();
    /// assert!(again.to_string().contains("a live token has the name `press`"));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn create(&self, name: &str, role: Role, expires_at: Option<Micros>, clock: &dyn Clock) -> Result<(TokenItem, Secret), Error> {
        let now = clock.now();
        // What would be refused anyway leaves no folder behind.
        self.admit(name, expires_at, now)?;
        let _lock = self.folder.lock()?;
        // Another may have taken the name while this one waited.
        let (name, known) = self.admit(name, expires_at, now)?;
        let is_taken = |id: &TokenId| known.iter().any(|one| one.id == *id || one.name == id.as_str());
        for _ in 0..IDS_TRIED {
            let id = TokenId::of(clock.random());
            if is_taken(&id) {
                continue;
            }
            let secret = Secret::fresh(&id)?;
            let sha256 = secret.hash();
            let stored = Stored { id, name: name.clone(), role, sha256, created_at: now, expires_at, revoked_at: None };
            if self.folder.add(&stored)? {
                return Ok((stored.item(None), secret));
            }
        }
        let source = std::io::ErrorKind::AlreadyExists.into();
        Err(Error::File { doing: "find a free id in", path: self.folder().to_owned(), source })
    }

    /// The name as it would be kept, with the tokens that are there.
    fn admit(&self, name: &str, expires_at: Option<Micros>, now: Micros) -> Result<(String, Vec<Stored>), Error> {
        let name = item::check_name(name)?;
        if let Some(at) = expires_at.filter(|at| *at <= now) {
            return Err(Refusal::field("--expires", format!("the token would have expired already, at {at}")).into());
        }
        let (known, _) = self.folder.all()?;
        if let Some(other) = known.iter().find(|one| one.name == name && one.state(now) == TokenState::Live) {
            let said = format!("a live token has the name `{name}`: {}; revoke it first, or take another name", other.id);
            return Err(Refusal::field("name", said).into());
        }
        if known.iter().any(|one| one.id.as_str() == name) {
            return Err(Refusal::field("name", format!("`{name}` is the id of a token; take another name")).into());
        }
        Ok((name, known))
    }

    /// The name that [`Tokens::create`] would keep, and nothing made.
    ///
    /// # Errors
    /// [`Error::Refused`], [`Error::File`].
    pub fn would_create(&self, name: &str, expires_at: Option<Micros>, now: Micros) -> Result<String, Error> {
        Ok(self.admit(name, expires_at, now)?.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{At, desk};
    use super::*;
    use crate::ledger::ErrorKind;

    fn refusal(tokens: &Tokens, name: &str) -> String {
        let error = tokens.create(name, Role::Read, None, &At(1)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
        error.to_string()
    }

    #[test]
    fn a_name_is_one_to_a_hundred_characters_and_one_live_token_s() {
        let (_dir, tokens) = desk();
        let long = "é".repeat(101);
        let pasted = format!("stl_abcdefgh_{}", "x".repeat(43));
        let table = [("", "is empty"), (" \n", "is empty"), (&long, "101 characters"), ("a\u{7}b", "U+0007"), ("claim:it", "is a claim")];
        for (name, expected) in table {
            assert!(refusal(&tokens, name).contains(expected), "{name}");
        }
        let said = refusal(&tokens, &pasted);
        assert!(said.contains("looks like a token") && !said.contains("xxx"));
        assert!(!tokens.folder().exists(), "what is refused leaves nothing behind");

        tokens.create(&long[2..], Role::Read, None, &At(1)).unwrap();
        let (brief, _) = tokens.create("press", Role::Read, Some(Micros(10)), &At(1)).unwrap();
        assert!(refusal(&tokens, "press").contains("a live token has the name `press`"));
        assert!(refusal(&tokens, brief.id.as_str()).contains("is the id of a token"));
        tokens.create("press", Role::Read, None, &At(11)).unwrap();
        tokens.revoke("press", Micros(12)).unwrap();
        tokens.create("press", Role::Read, None, &At(13)).unwrap();
        let past = tokens.create("late", Role::Read, Some(Micros(20)), &At(20)).unwrap_err();
        assert!(past.to_string().contains("expired already"));
    }

    /// Guards token-3.
    #[test]
    fn of_those_who_take_one_name_at_a_time_one_gets_it_and_readers_see_whole_files() {
        let (_dir, tokens) = desk();
        let made = std::thread::scope(|scope| {
            let take = |_| scope.spawn(|| tokens.create("press", Role::Append, None, &At(1)).is_ok());
            let takers: Vec<_> = (0..8).map(take).collect();
            takers.into_iter().filter_map(|taker| taker.join().ok()).filter(|made| *made).count()
        });
        assert_eq!((made, tokens.list().unwrap().items.len()), (1, 1));
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for turn in 0..20 {
                    tokens.revoke("press", Micros(turn)).unwrap();
                    tokens.create("press", Role::Append, None, &At(turn)).unwrap();
                }
            });
            while !writer.is_finished() {
                assert!(tokens.list().unwrap().bad.is_empty());
            }
        });
        assert_eq!(tokens.list().unwrap().items.len(), 21);
    }
}
