//! Opening the file: creating it, bringing its layout up to date, and refusing what is no log of ours.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use super::error::{BUSY_MS, Error, doing};

/// Marks an SQLite file as a log of stances (`PRAGMA application_id`): the letters `STLG`.
const APPLICATION_ID: i32 = 0x5354_4C47;

/// The layouts, oldest first; `PRAGMA user_version` says how many a file has.
const MIGRATIONS: [&str; 3] = [
    include_str!("../../schema/log/0001_log.sql"),
    include_str!("../../schema/log/0002_tree.sql"),
    include_str!("../../schema/log/0003_erasure.sql"),
];

/// The layout that brings the tree; a log that is older has one made for it.
const WITH_TREE: usize = 2;

/// What a writer asks of SQLite. What it frees, it overwrites with zeros, so that erased text does not linger in free space.
const SETTINGS: &str = "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-16000;";
/// Bytes of a page in a new file: an audit, which reads the whole of it, takes a tenth less time than with half of that.
const PAGE_BYTES: i32 = 8192;

/// Opens the log for questions only; the file must be there.
pub(super) fn for_reading(path: &Path) -> Result<Connection, Error> {
    if !path.exists() {
        return Err(Error::Missing { path: path.to_owned() });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|source| cannot_open(path, source))?;
    prepare(&conn)?;
    let version = version_of(&conn, path)?;
    // Questions can be asked of every layout that was ever finished.
    if version == 0 {
        return Err(Error::Foreign { path: path.to_owned(), reason: "its layout is unfinished".to_owned() });
    }
    Ok(conn)
}

/// Opens the log for appending, and creates it where there is none.
pub(super) fn for_writing(path: &Path) -> Result<Connection, Error> {
    let conn = Connection::open(path).map_err(|source| cannot_open(path, source))?;
    prepare(&conn)?;
    let version = version_of(&conn, path)?;
    let sets_up = doing("setting up the log");
    if version == 0 {
        conn.pragma_update(None, "page_size", PAGE_BYTES).map_err(&sets_up)?;
    }
    // A copy that was made by `backup` has another journal until it is first written to.
    conn.pragma_update(None, "journal_mode", "WAL").map_err(&sets_up)?;
    if version < MIGRATIONS.len() {
        migrate(&conn, path, MIGRATIONS.len())?;
    }
    conn.execute_batch(SETTINGS).map_err(sets_up)?;
    Ok(conn)
}

fn prepare(conn: &Connection) -> Result<(), Error> {
    conn.busy_timeout(Duration::from_millis(BUSY_MS)).map_err(doing("setting the time to wait for other processes"))?;
    conn.set_prepared_statement_cache_capacity(32);
    Ok(())
}

/// How many layouts the file has; refuses a database that is not ours or comes from a newer program.
fn version_of(conn: &Connection, path: &Path) -> Result<usize, Error> {
    let read = |name| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(|source| cannot_open(path, source));
    let (application, version) = (read("application_id")?, read("user_version")?);
    let tables: i64 =
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(|source| cannot_open(path, source))?;
    let foreign = |reason: String| Error::Foreign { path: path.to_owned(), reason };
    if application != i64::from(APPLICATION_ID) && tables > 0 {
        return Err(foreign("an SQLite database of another program".to_owned()));
    }
    match usize::try_from(version) {
        Ok(version) if version <= MIGRATIONS.len() => Ok(version),
        Ok(_) | Err(_) => Err(foreign(format!("its layout is {version}; this program knows {}", MIGRATIONS.len()))),
    }
}

/// Brings the layout up to a version, one migration after another, each with its number and the hash of its text.
pub(super) fn migrate(conn: &Connection, path: &Path, to: usize) -> Result<(), Error> {
    let migrates = doing("bringing the log's layout up to date");
    conn.execute_batch("BEGIN IMMEDIATE").map_err(&migrates)?;
    let done = version_of(conn, path)?;
    conn.pragma_update(None, "application_id", APPLICATION_ID).map_err(&migrates)?;
    conn.execute_batch("CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, sha256 BLOB NOT NULL) STRICT")
        .map_err(&migrates)?;
    for (number, sql) in MIGRATIONS.iter().enumerate().take(to).skip(done) {
        conn.execute_batch(sql).map_err(&migrates)?;
        if number + 1 == WITH_TREE {
            super::tree::backfill(conn)?;
        }
        let hash: [u8; 32] = Sha256::digest(sql.as_bytes()).into();
        let version = number as i64 + 1;
        conn.execute("INSERT INTO migration VALUES (?1, ?2)", (version, hash)).map_err(&migrates)?;
        conn.pragma_update(None, "user_version", version).map_err(&migrates)?;
    }
    conn.execute_batch("COMMIT").map_err(migrates)
}

/// SQLite says "unable to open database file" and no more: say what stands in the way.
fn cannot_open(path: &Path, source: rusqlite::Error) -> Error {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
    let reason = match (source.sqlite_error_code(), parent) {
        (Some(rusqlite::ErrorCode::NotADatabase), _) => "it is no SQLite database".to_owned(),
        (_, Some(parent)) if !parent.exists() => format!("the folder {} does not exist; create it first", parent.display()),
        (_, _) if path.is_dir() => "it is a folder".to_owned(),
        (_, _) => source.to_string(),
    };
    Error::Open { path: path.to_owned(), reason, source }
}
