//! The folder of the tokens: a file for each, one that tells of its last use, and a lock for those who change them.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::item::{self, BadToken, Role, TokenId, TokenItem, TokenState, maybe_time, time};
use crate::event::Micros;
use crate::ledger::error::Error;

/// The form of a token's file that this program writes, and the only one that it reads.
const VERSION: u64 = 1;

/// A token as its file has it.
#[derive(Clone)]
pub(super) struct Stored {
    pub(super) id: TokenId,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) sha256: [u8; 32],
    pub(super) created_at: Micros,
    pub(super) expires_at: Option<Micros>,
    pub(super) revoked_at: Option<Micros>,
}

/// The same as JSON. No field may be missing: a file that lost its end or its revocation must not read as a token
/// without one.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u64,
    id: TokenId,
    name: String,
    role: Role,
    sha256: String,
    #[serde(with = "time")]
    created_at: Micros,
    #[serde(with = "maybe_time")]
    expires_at: Option<Micros>,
    #[serde(with = "maybe_time")]
    revoked_at: Option<Micros>,
}

impl Stored {
    /// What is told of it.
    pub(super) fn item(&self, last_used_at: Option<Micros>) -> TokenItem {
        let Self { id, name, role, created_at, expires_at, revoked_at, sha256: _ } = self.clone();
        TokenItem { id, name, role, created_at, last_used_at, expires_at, revoked_at }
    }

    /// What can be done with it at a time.
    pub(super) fn state(&self, now: Micros) -> TokenState {
        item::state(self.expires_at, self.revoked_at, now)
    }

    fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let Self { id, name, role, sha256, created_at, expires_at, revoked_at } = self.clone();
        let sha256 = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut json = serde_json::to_vec(&Written { version: VERSION, id, name, role, sha256, created_at, expires_at, revoked_at })?;
        json.push(b'\n');
        Ok(json)
    }

    /// Reads a file's content; what is wrong with it, where it is not the token of that id.
    fn parse(json: &[u8], expected: &TokenId) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Version {
            version: u64,
        }
        let Version { version } = serde_json::from_slice(json).map_err(|e| e.to_string())?;
        if version != VERSION {
            return Err(format!("it is of version {version}, and this program knows version {VERSION}"));
        }
        let written: Written = serde_json::from_slice(json).map_err(|e| e.to_string())?;
        let Written { version: _, id, name, role, sha256, created_at, expires_at, revoked_at } = written;
        if id != *expected {
            return Err(format!("it is the token {id} by another name"));
        }
        let sha256 = digest(&sha256).ok_or("its sha256 is not 64 hexadecimal digits")?;
        Ok(Self { id, name, role, sha256, created_at, expires_at, revoked_at })
    }
}

fn digest(hex: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// The folder itself.
#[derive(Clone, Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn beside(db: &Path) -> Self {
        let mut path = db.as_os_str().to_owned();
        path.push("-tokens");
        Self(PathBuf::from(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    fn file(&self, id: &TokenId) -> PathBuf {
        self.0.join(format!("{id}.json"))
    }

    fn use_file(&self, id: &TokenId) -> PathBuf {
        self.0.join(format!("{id}.used"))
    }

    /// Makes the folder where there is none, and waits until nobody else changes its tokens. Dropping the lock gives it
    /// back, and so does dying.
    pub(super) fn lock(&self) -> Result<File, Error> {
        let failed = |doing| move |source| Error::File { doing, path: self.0.clone(), source };
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        match builder.create(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed("make the folder")(error)),
            Ok(()) | Err(_) => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let lock = options.open(self.0.join("lock")).map_err(failed("lock the tokens in"))?;
        lock.lock().map_err(failed("lock the tokens in"))?;
        Ok(lock)
    }

    /// All tokens by the time of their making, and the files that cannot be read as one.
    pub(super) fn all(&self) -> Result<(Vec<Stored>, Vec<BadToken>), Error> {
        let failed = |source| Error::File { doing: "read the folder", path: self.0.clone(), source };
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Default::default()),
            Err(error) => return Err(failed(error)),
        };
        let (mut all, mut bad) = (Vec::new(), Vec::new());
        for entry in entries {
            let file = entry.map_err(failed)?.path();
            if !is_token(&file) {
                continue;
            }
            match file.file_stem().and_then(|stem| TokenId::parse(stem.to_str()?)) {
                None => bad.push(BadToken { file, reason: "its name is no token's id".to_owned() }),
                Some(id) => match self.read(&id) {
                    Ok(found) => all.extend(found),
                    Err(error) => bad.push(bad_token(file, error)),
                },
            }
        }
        all.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        bad.sort_by(|a, b| a.file.cmp(&b.file));
        Ok((all, bad))
    }

    /// Whether there is a file of a token, or no telling.
    pub(super) fn any(&self) -> bool {
        match fs::read_dir(&self.0) {
            Ok(mut entries) => entries.any(|entry| entry.map_or(true, |entry| is_token(&entry.path()))),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        }
    }

    /// The token of an id, read from its file now.
    pub(super) fn read(&self, id: &TokenId) -> Result<Option<Stored>, Error> {
        let file = self.file(id);
        match fs::read(&file) {
            Ok(json) => match Stored::parse(&json, id) {
                Ok(stored) => Ok(Some(stored)),
                Err(reason) => Err(Error::BadToken(BadToken { file, reason })),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Error::File { doing: "read the token file", path: file, source }),
        }
    }

    /// The token of an id for a door, which only has to know that a file cannot be used.
    pub(super) fn look_up(&self, id: &TokenId) -> Result<Option<Stored>, BadToken> {
        self.read(id).map_err(|error| bad_token(self.file(id), error))
    }

    /// Writes a new token; false where the id has a file.
    pub(super) fn add(&self, stored: &Stored) -> Result<bool, Error> {
        let (file, failed) = (self.file(&stored.id), self.failed("write the token file", &stored.id));
        let draft = self.draft(stored).map_err(&failed)?;
        // If we die before this, a draft is left that is no token. After it, the token is there, and its owner may not
        // have seen its secret: it can be revoked by its name.
        match draft.persist_noclobber(file) {
            Ok(_) => self.settle().map_err(failed).map(|()| true),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(failed(error.error)),
        }
    }

    /// Writes a token anew in the place of what it was.
    pub(super) fn replace(&self, stored: &Stored) -> Result<(), Error> {
        let failed = self.failed("write the token file", &stored.id);
        let draft = self.draft(stored).map_err(&failed)?;
        // If we die before this, the token is what it was; after it, it is the new one to every reader.
        draft.persist(self.file(&stored.id)).map_err(|error| failed(error.error))?;
        self.settle().map_err(failed)
    }

    /// A token's file under a name that no reader looks at, on the disk already. Only its owner may read it.
    fn draft(&self, stored: &Stored) -> io::Result<tempfile::NamedTempFile> {
        let mut draft = self.temporary()?;
        draft.write_all(&stored.to_json()?)?;
        draft.as_file().sync_all()?;
        Ok(draft)
    }

    fn temporary(&self) -> io::Result<tempfile::NamedTempFile> {
        // Such files are made with mode 0600.
        tempfile::Builder::new().prefix(".draft-").tempfile_in(&self.0)
    }

    /// Has the disk keep a change of names: a revocation must outlive a power cut.
    fn settle(&self) -> io::Result<()> {
        if cfg!(unix) { File::open(&self.0)?.sync_all() } else { Ok(()) }
    }

    /// When a token was last used; nothing where that was never told, or the file that tells it is damaged.
    pub(super) fn last_use(&self, id: &TokenId) -> Option<Micros> {
        time::parse(fs::read_to_string(self.use_file(id)).ok()?.trim())
    }

    /// Notes a use. It is not forced to the disk: to lose one in a power cut costs nothing.
    pub(super) fn note_use(&self, id: &TokenId, at: Micros) -> Result<(), Error> {
        let failed = self.failed("note the use of the token", id);
        let mut draft = self.temporary().map_err(&failed)?;
        writeln!(draft, "{at}").map_err(&failed)?;
        draft.persist(self.use_file(id)).map_err(|error| failed(error.error))?;
        Ok(())
    }

    fn failed(&self, doing: &'static str, id: &TokenId) -> impl Fn(io::Error) -> Error + use<> {
        let path = self.file(id);
        move |source| Error::File { doing, path: path.clone(), source }
    }
}

fn is_token(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "json")
}

fn bad_token(file: PathBuf, error: Error) -> BadToken {
    match error {
        Error::BadToken(bad) => bad,
        Error::File { source, .. } => BadToken { file, reason: source.to_string() },
        other => BadToken { file, reason: other.to_string() },
    }
}
