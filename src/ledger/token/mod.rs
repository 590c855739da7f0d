//! Tokens: who may use a log from afar, as what, and for how long. One small file each in a folder beside the log.
//!
//! Promises:
//! - token-1: the secret of a token is shown once and stands in no file; a file holds its hash.
//! - token-2: a revoked token is denied from the next check on, whichever process revoked it.
//! - token-3: a reader never sees half a file, and no two live tokens have one name, whoever writes at the same time.
//! - token-4: whatever is presented as a token, nothing outside the folder is looked at, and nothing panics.
//!
//! Not here: the door that asks for tokens, and what each role may do there. A backup of the log has no tokens.

mod item;
mod secret;
mod folder;
mod create;
mod revoke;
mod check;
mod expiry;

use std::path::Path;

use super::error::Error;
use folder::{Folder, Stored};

pub use check::Denied;
pub use expiry::expiry;
pub use item::{BadToken, Role, TokenId, TokenItem, TokenList, TokenState};
pub use revoke::Revoked;
pub use secret::Secret;

/// The tokens of one log.
///
/// ```
/// use stancelog::ledger::{Clock, Denied, Role, SystemClock, Tokens};
/// # let dir = tempfile::tempdir().unwrap(); let db = dir.path().join("stances.db");
/// let tokens = Tokens::beside(&db);
/// assert!(!tokens.any());
/// let (item, secret) = tokens.create("newsroom-import", Role::Append, None, &SystemClock)?;
/// let now = SystemClock.now();
/// let checked = tokens.check(secret.reveal(), now).unwrap();
/// assert!(checked.id == item.id && checked.role >= Role::Read && checked.role < Role::Admin);
/// tokens.revoke("newsroom-import", now)?;
/// assert_eq!(tokens.check(secret.reveal(), now), Err(Denied::Revoked));
/// # Ok::<(), stancelog::ledger::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tokens {
    folder: Folder,
}

impl Tokens {
    /// The tokens of the log at `db`: in the folder that is its path with `-tokens` behind, which the first token makes.
    pub fn beside(db: &Path) -> Self {
        Self { folder: Folder::beside(db) }
    }

    /// Where they are kept.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// All tokens by the time of their making, with when they were last used; and the files that cannot be read as one.
    ///
    /// # Errors
    /// [`Error::File`] when the folder cannot be read; one that is not there holds no tokens.
    ///
    /// ```
    /// use stancelog::ledger::{Role, SystemClock, Tokens};
    /// # let dir = tempfile::tempdir().unwrap(); let db = dir.path().join("stances.db");
    /// let tokens = Tokens::beside(&db);
    /// tokens.create("press", Role::Read, None, &SystemClock)?;
    /// let list = tokens.list()?;
    /// assert!(list.items[0].name == "press" && list.items[0].last_used_at.is_none() && list.bad.is_empty());
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn list(&self) -> Result<TokenList, Error> {
        let (known, bad) = self.folder.all()?;
        Ok(TokenList { items: known.iter().map(|one| self.item(one)).collect(), bad })
    }

    /// Whether there is any token, revoked and damaged ones included. A folder that cannot be looked into counts as one
    /// with tokens: a door must not open because of that.
    pub fn any(&self) -> bool {
        self.folder.any()
    }

    fn item(&self, stored: &Stored) -> TokenItem {
        stored.item(self.folder.last_use(&stored.id))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use base64::Engine;

    use super::*;
    use crate::event::Micros;
    use crate::ledger::{Clock, ErrorKind, SystemClock};

    /// A clock that stands, with ids from the machine.
    pub(super) struct At(pub(super) i64);

    impl Clock for At {
        fn now(&self) -> Micros {
            Micros(self.0)
        }

        fn random(&self) -> [u8; 10] {
            SystemClock.random()
        }
    }

    pub(super) fn desk() -> (tempfile::TempDir, Tokens) {
        let dir = tempfile::tempdir().unwrap();
        let tokens = Tokens::beside(&dir.path().join("stances.db"));
        (dir, tokens)
    }

    fn files(dir: &Path) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    #[test]
    fn a_token_comes_back_as_it_was_made() {
        let (_dir, tokens) = desk();
        assert!(!tokens.any() && tokens.list().unwrap() == TokenList::default());
        let (second, _) = tokens.create(" Desk  two ", Role::Admin, Some(Micros(9_000_000)), &At(2_000_000)).unwrap();
        let (first, _) = tokens.create("first", Role::Append, None, &At(1_000_000)).unwrap();
        assert!(tokens.any());
        assert_eq!((second.name.as_str(), second.expires_at), ("Desk two", Some(Micros(9_000_000))));
        let list = tokens.list().unwrap();
        assert_eq!(list.items, [first.clone(), second]);
        let json = serde_json::to_string(&first).unwrap();
        let expected = format!(
            r#"{{"id":"{}","name":"first","role":"append","created_at":"1970-01-01T00:00:01.000000Z","last_used_at":null,"expires_at":null,"revoked_at":null}}"#,
            first.id
        );
        assert_eq!(json, expected);
    }

    /// Guards token-1.
    #[test]
    fn the_secret_is_in_no_file() {
        let (_dir, tokens) = desk();
        let (item, secret) = tokens.create("press", Role::Read, None, &At(1)).unwrap();
        tokens.used(&item.id, Micros(2)).unwrap();
        tokens.revoke("press", Micros(3)).unwrap();
        let (_, text) = secret.reveal().strip_prefix("stl_").unwrap().split_once('_').unwrap();
        let raw = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap();
        assert_eq!(raw.len(), 32);
        let hash: String = secret.hash().iter().map(|byte| format!("{byte:02x}")).collect();
        let mut hashes = 0;
        for file in files(tokens.folder()) {
            let bytes = fs::read(&file).unwrap();
            let holds = |sought: &[u8]| bytes.windows(sought.len()).any(|window| window == sought);
            assert!(!holds(text.as_bytes()) && !holds(&raw), "{}", file.display());
            hashes += usize::from(holds(hash.as_bytes()));
        }
        assert_eq!(hashes, 1);
    }

    #[test]
    fn damaged_files_are_told_and_hide_no_other() {
        let (_dir, tokens) = desk();
        let (item, secret) = tokens.create("press", Role::Read, None, &At(1)).unwrap();
        let file = tokens.folder().join(format!("{}.json", item.id));
        let good = fs::read_to_string(&file).unwrap();
        tokens.create("other", Role::Read, None, &At(2)).unwrap();
        let table = [
            (String::new(), "EOF"),
            (good[..good.len() / 2].to_owned(), "EOF"),
            (good.replace(r#""version":1"#, r#""version":2"#), "of version 2"),
            (good.replace(r#","revoked_at":null"#, ""), "missing field `revoked_at`"),
            (good.replace(r#","expires_at":null"#, ""), "missing field `expires_at`"),
            (good.replace(r#""role":"read""#, r#""role":"root""#), "unknown variant `root`"),
            (good.replace(item.id.as_str(), "aaaaaaaa"), "the token aaaaaaaa"),
            (good.replace(r#""sha256":""#, r#""sha256":"é"#), "sha256"),
            (good.replace(r#""name""#, r#""only_from":"::1","name""#), "unknown field"),
        ];
        for (text, expected) in table {
            fs::write(&file, &text).unwrap();
            let list = tokens.list().unwrap();
            assert_eq!((list.items.len(), list.bad.len()), (1, 1), "{text}");
            assert!(list.bad[0].to_string().contains(expected), "{text}: {}", list.bad[0]);
            assert!(matches!(tokens.check(secret.reveal(), Micros(3)), Err(Denied::Unreadable(_))), "{text}");
            assert!(matches!(tokens.revoke(item.id.as_str(), Micros(3)), Err(Error::BadToken(_))), "{text}");
        }
        fs::write(&file, good).unwrap();
        assert!(tokens.check(secret.reveal(), Micros(3)).is_ok());
        fs::write(tokens.folder().join("Press!.json"), "{}").unwrap();
        assert!(tokens.list().unwrap().bad[0].reason.contains("no token's id"));
    }

    #[test]
    fn a_folder_that_cannot_be_looked_into_counts_as_one_with_tokens() {
        let (_dir, tokens) = desk();
        fs::write(tokens.folder(), "no folder").unwrap();
        assert!(tokens.any() && tokens.list().is_err());
        assert_eq!(tokens.create("press", Role::Read, None, &At(1)).unwrap_err().kind(), ErrorKind::Unavailable);
    }

    #[cfg(unix)]
    #[test]
    fn folder_and_files_are_their_owner_s_alone() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (_dir, tokens) = desk();
        let (item, _) = tokens.create("press", Role::Read, None, &At(1)).unwrap();
        tokens.used(&item.id, Micros(2)).unwrap();
        tokens.revoke("press", Micros(3)).unwrap();
        assert_eq!(mode(tokens.folder()), 0o700);
        let files = files(tokens.folder());
        assert_eq!(files.len(), 3, "the lock, the token and its last use: {files:?}");
        for file in files {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }
}
