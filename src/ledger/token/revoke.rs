//! Taking a token back, by its id, its name or itself.

use super::Tokens;
use super::folder::Stored;
use super::item::{self, TokenId, TokenItem, TokenState};
use super::secret::{self, Presented};
use crate::event::{Micros, fold_name, nearest};
use crate::ledger::error::Error;

/// What a revocation found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Revoked {
    /// A token that could still have been used.
    Now(TokenItem),
    /// A token that was revoked before, and stays as it was.
    Before(TokenItem),
}

impl Tokens {
    /// Revokes a token for good, named by its id, by its name, or by the token itself. Of several with one name the live
    /// one is meant, else the newest.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::File`], [`Error::BadToken`].
    ///
    /// ```
    /// use stancelog::ledger::{Clock, Revoked, Role, SystemClock, Tokens};
    /// # let dir = tempfile::tempdir().unwrap(); let db = dir.path().join("stances.db");
    /// let tokens = Tokens::beside(&db);
    /// let (item, _) = tokens.create("press", Role::Read, None, &SystemClock)?;
    /// assert!(matches!(tokens.revoke("press", SystemClock.now())?, Revoked::Now(_)));
    /// assert!(matches!(tokens.revoke(item.id.as_str(), SystemClock.now())?, Revoked::Before(_)));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn revoke(&self, id_or_name: &str, now: Micros) -> Result<Revoked, Error> {
        // A name that misses makes neither folder nor lock.
        self.find(id_or_name, now)?;
        let _lock = self.folder.lock()?;
        let mut stored = self.find(id_or_name, now)?;
        if stored.revoked_at.is_some() {
            return Ok(Revoked::Before(self.item(&stored)));
        }
        stored.revoked_at = Some(now);
        self.folder.replace(&stored)?;
        Ok(Revoked::Now(self.item(&stored)))
    }

    /// What [`Tokens::revoke`] would find, and nothing done.
    ///
    /// # Errors
    /// As for [`Tokens::revoke`].
    pub fn would_revoke(&self, id_or_name: &str, now: Micros) -> Result<Revoked, Error> {
        let stored = self.find(id_or_name, now)?;
        let item = self.item(&stored);
        Ok(if stored.revoked_at.is_some() { Revoked::Before(item) } else { Revoked::Now(item) })
    }

    /// The token that is meant.
    fn find(&self, given: &str, now: Micros) -> Result<Stored, Error> {
        // Whoever has found a token lying about can revoke it by what he has found.
        let given = given.trim();
        let presented = Presented::parse(given).map(|presented| presented.id);
        if let Some(id) = presented.clone().or_else(|| TokenId::parse(given))
            && let Some(stored) = self.folder.read(&id)?
        {
            return Ok(stored);
        }
        let name = fold_name(given);
        let (known, _) = self.folder.all()?;
        let best = known.iter().filter(|one| one.name == name).max_by_key(|one| match one.state(now) {
            TokenState::Live => (2, one.created_at),
            TokenState::Expired => (1, one.created_at),
            TokenState::Revoked => (0, one.created_at),
        });
        best.cloned().ok_or_else(|| not_found(given, presented.as_ref(), &known))
    }
}

/// That nobody has that id or name; what looks like a token is not repeated, as it may be one.
fn not_found(given: &str, presented: Option<&TokenId>, known: &[Stored]) -> Error {
    let asked = match presented {
        Some(id) => id.to_string(),
        None if given.starts_with(secret::PREFIX) => "stl_…".to_owned(),
        None => given.chars().take(item::NAME_MAX).collect(),
    };
    let near = nearest(&asked, known.iter().flat_map(|one| [one.name.as_str(), one.id.as_str()]));
    let said = format!("no token has the id or the name `{asked}`");
    let what = if near.is_empty() { format!("{said}; `stancelog token list` shows all") } else { said };
    Error::NotFound { what, nearest: near }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{At, desk};
    use super::*;
    use crate::ledger::{ErrorKind, Role};

    #[test]
    fn a_revocation_says_what_it_found() {
        let (_dir, tokens) = desk();
        assert_eq!(tokens.revoke("press", Micros(1)).unwrap_err().kind(), ErrorKind::NotFound);
        assert!(!tokens.folder().exists());
        let (old, _) = tokens.create("press", Role::Read, Some(Micros(10)), &At(1)).unwrap();
        let (new, secret) = tokens.create("press", Role::Read, None, &At(11)).unwrap();
        assert!(
            matches!(tokens.would_revoke("press", Micros(12)), Ok(Revoked::Now(item)) if item.id == new.id && item.revoked_at.is_none())
        );
        assert!(matches!(tokens.revoke("press", Micros(12)), Ok(Revoked::Now(item)) if item.id == new.id));
        assert!(matches!(tokens.revoke(secret.reveal(), Micros(13)), Ok(Revoked::Before(item)) if item.revoked_at == Some(Micros(12))));
        assert!(matches!(tokens.revoke(" press", Micros(14)), Ok(Revoked::Now(item)) if item.id == old.id));
        assert!(matches!(tokens.revoke(old.id.as_str(), Micros(15)), Ok(Revoked::Before(_))));
        let Error::NotFound { nearest, .. } = tokens.revoke("pres", Micros(16)).unwrap_err() else { unreachable!() };
        assert_eq!(nearest, ["press"]);
        let unknown = format!("stl_aaaaaaaaaa_{}", "x".repeat(43));
        let said = tokens.revoke(&unknown, Micros(16)).unwrap_err().to_string();
        assert!(said.contains("`aaaaaaaaaa`") && !said.contains("xxx"), "{said}");
    }
}
