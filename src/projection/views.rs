//! The file of views: opened, made where there is none, made anew where another text of the layout made it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use super::error::{BUSY_MS, Error, doing};
use crate::log::Seq;

/// The layout of the views.
const LAYOUT: &str = include_str!("../../schema/views/views.sql");
/// Raised when the same layout is filled in another way, so that views of an older program are made anew.
const FILLING: u8 = 2;

/// Bytes of a page: a chunk of events touches most pages of the long tables, and half as many of them are handled faster.
const PAGE_BYTES: i64 = 8192;
/// The acts of a chunk come in the order of their table, so that a small cache does.
const SETTINGS: &str = "PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000; PRAGMA wal_autocheckpoint=6000;";

/// How long those who read the views are waited for, before what was erased is left in the file for now, in milliseconds.
const SWEEP_MS: u64 = 2_000;

/// The open views.
pub struct Views {
    pub(crate) conn: Connection,
    path: PathBuf,
}

/// The views of a log stand beside it: its path with `-views` behind.
pub fn views_path(log: &Path) -> PathBuf {
    let mut path = log.as_os_str().to_owned();
    path.push("-views");
    PathBuf::from(path)
}

impl Views {
    /// Opens the views for reading, if they are there and of this layout.
    ///
    /// # Errors
    /// [`Error::Sqlite`]; a file that is missing or of another layout is no error but nothing.
    pub fn open_read_only(path: &Path) -> Result<Option<Self>, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let Ok(conn) = Connection::open_with_flags(path, flags) else { return Ok(None) };
        prepare(&conn)?;
        Ok(is_current(&conn).then(|| Self { conn, path: path.to_owned() }))
    }

    /// Opens the views for catching up; makes them where they are missing or of another layout, and makes the file anew
    /// where it is no database.
    ///
    /// # Errors
    /// [`Error::Open`], [`Error::Busy`], [`Error::Sqlite`].
    pub fn open(path: &Path) -> Result<Self, Error> {
        let cannot_open = |source| Error::Open { path: path.to_owned(), source };
        let mut conn = Connection::open(path).map_err(cannot_open)?;
        if is_no_database(&conn) {
            drop(conn);
            remove(path)?;
            conn = Connection::open(path).map_err(cannot_open)?;
        }
        prepare(&conn)?;
        let makes = doing("making the views");
        let views = Self { conn, path: path.to_owned() };
        if !is_current(&views.conn) {
            // A file that has pages keeps their size.
            views.conn.pragma_update(None, "page_size", PAGE_BYTES).map_err(makes)?;
            views.conn.pragma_update(None, "journal_mode", "WAL").map_err(makes)?;
            views.reset_unless(is_current)?;
        }
        views.conn.execute_batch(SETTINGS).map_err(makes)?;
        Ok(views)
    }

    /// Removes views that do not read, and makes empty ones.
    ///
    /// # Errors
    /// [`Error::Open`], [`Error::Busy`], [`Error::Sqlite`].
    pub fn make_anew(path: &Path) -> Result<Self, Error> {
        remove(path)?;
        Self::open(path)
    }

    /// Empties the views, so that the next catch-up makes them anew. Nothing that stood in them stays in the file, unless
    /// somebody is reading it: then [`Views::sweep`] has to be called once more.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Sqlite`].
    pub fn reset(&self) -> Result<(), Error> {
        self.reset_unless(|_| false)?;
        match self.sweep() {
            Err(Error::Reading) => Ok(()),
            other => other,
        }
    }

    /// Leaves nothing in the file of what stood in views that were emptied, if that is still to be done.
    ///
    /// # Errors
    /// [`Error::Reading`] while another process keeps reading them as they were; [`Error::Busy`], [`Error::Sqlite`].
    pub fn sweep(&self) -> Result<(), Error> {
        if self.is_swept()? {
            return Ok(());
        }
        // Free pages may hold what was deleted before; without them the file is what the layout says, and no more.
        let sweeps = doing("writing the views' file anew");
        self.conn.execute_batch("VACUUM").map_err(sweeps)?;
        // A question is answered soon; who reads for longer is not waited for.
        self.conn.busy_timeout(Duration::from_millis(SWEEP_MS)).map_err(sweeps)?;
        let emptied = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        self.conn.busy_timeout(Duration::from_millis(BUSY_MS)).map_err(sweeps)?;
        if emptied.map_err(sweeps)? != 0 {
            return Err(Error::Reading);
        }
        self.conn.execute("UPDATE cursor SET swept = 1", []).map(|_| ()).map_err(sweeps)
    }

    /// Whether nothing is left in the file of what stood in views that were emptied.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn is_swept(&self) -> Result<bool, Error> {
        let looks = doing("looking whether the views' file is swept");
        self.conn.prepare_cached("SELECT swept FROM cursor").and_then(|mut s| s.query_row([], |row| row.get(0))).map_err(looks)
    }

    fn reset_unless(&self, is_done: impl Fn(&Connection) -> bool) -> Result<(), Error> {
        let empties = doing("emptying the views");
        self.conn.execute_batch("PRAGMA secure_delete=ON; BEGIN IMMEDIATE").map_err(empties)?;
        // Another process may have done it while this one waited for its turn.
        let done = if is_done(&self.conn) { Ok(()) } else { lay_out(&self.conn).map_err(empties) };
        self.conn.execute_batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" }).map_err(empties)?;
        self.conn.execute_batch("PRAGMA secure_delete=OFF").map_err(empties)?;
        done
    }

    /// Gives durability up, for views that nobody needs after this process.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn be_fleeting(&self) -> Result<(), Error> {
        self.conn.execute_batch("PRAGMA synchronous=OFF").map_err(doing("making views for a while"))
    }

    /// Writes a copy of the views as they stand now, while others go on with them.
    ///
    /// # Errors
    /// [`Error::Sqlite`]; a file that is there already is refused.
    pub fn copy_to(&self, path: &Path) -> Result<(), Error> {
        let text = path.to_string_lossy();
        self.conn.execute("VACUUM INTO ?1", [text]).map(|_| ()).map_err(doing("copying the views"))
    }

    /// Makes views in memory, for whoever has no file.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn in_memory() -> Result<Self, Error> {
        let path = PathBuf::from(":memory:");
        let conn = Connection::open_in_memory().map_err(|source| Error::Open { path: path.clone(), source })?;
        prepare(&conn)?;
        let views = Self { conn, path };
        views.reset_unless(|_| false)?;
        Ok(views)
    }

    /// Gives a slug a number, for questions about one that no event names.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn number_slug(&self, slug: &str) -> Result<i64, Error> {
        let numbers = doing("numbering a slug");
        let sql = "INSERT OR IGNORE INTO slug (slug, canon) VALUES (?1, (SELECT ifnull(max(id), 0) + 1 FROM slug))";
        self.conn.execute(sql, [slug]).map_err(numbers)?;
        self.conn.query_row("SELECT id FROM slug WHERE slug = ?1", [slug], |row| row.get(0)).map_err(numbers)
    }

    /// The connection, for those who ask the tables themselves.
    pub(crate) fn connection(&self) -> &Connection {
        &self.conn
    }

    /// Begins a read transaction.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Sqlite`].
    pub fn read(&self) -> Result<Reading<'_>, Error> {
        self.conn.execute_batch("BEGIN").map_err(doing("beginning to read the views"))?;
        Ok(Reading(&self.conn))
    }

    /// Whether they were opened for reading only.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn is_read_only(&self) -> Result<bool, Error> {
        self.conn.is_readonly("main").map_err(doing("looking how the views were opened"))
    }

    /// Where they are.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How far they have come, and the leaf of that event.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn cursor(&self) -> Result<Cursor, Error> {
        let sql = "SELECT seq, leaf, begun_at FROM cursor";
        let read = |row: &rusqlite::Row<'_>| Ok(Cursor { seq: Seq(row.get(0)?), leaf: row.get(1)?, begun_at: Seq(row.get(2)?) });
        let reads = doing("reading how far the views have come");
        self.conn.prepare_cached(sql).and_then(|mut s| s.query_row([], read)).map_err(reads)
    }
}

/// A read transaction on the views: until it is dropped, they look as they did when it began.
pub struct Reading<'a>(&'a Connection);

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        // Ending a read transaction changes nothing, and the connection ends it anyhow when it is closed.
        let _ = self.0.execute_batch("COMMIT");
    }
}

/// How far the views have come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cursor {
    /// The last event that is in them.
    pub seq: Seq,
    /// Its leaf.
    pub leaf: Option<[u8; 32]>,
    /// The log's head when they were begun, or an earlier place from which on events were taken in as they had been stored.
    pub begun_at: Seq,
}

fn prepare(conn: &Connection) -> Result<(), Error> {
    conn.busy_timeout(Duration::from_millis(BUSY_MS)).map_err(doing("setting the time to wait for other processes"))?;
    conn.set_prepared_statement_cache_capacity(128);
    // Without this, SQLite plans a statement anew for each value bound to it where a table has a partial index.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(doing("asking for stable query plans"))?;
    Ok(())
}

/// A number that differs when the layout or the filling does.
fn layout_version() -> i32 {
    let digest = Sha256::new().chain_update([FILLING]).chain_update(LAYOUT).finalize();
    i32::from_be_bytes([digest[0] & 0x7f, digest[1], digest[2], digest[3] | 1])
}

fn is_current(conn: &Connection) -> bool {
    let version = conn.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0));
    version.is_ok_and(|version| version == layout_version())
}

fn is_no_database(conn: &Connection) -> bool {
    let read = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    read.is_err_and(|e| matches!(e.sqlite_error_code(), Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt)))
}

/// The tables, those of full text before the tables behind them, without which they do not open any more.
const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%' \
                      ORDER BY sql NOT LIKE 'CREATE VIRTUAL%'";

/// Drops whatever tables there are and makes those of the layout, inside an open transaction.
fn lay_out(conn: &Connection) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(TABLES)?;
    let tables: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let is_new = tables.is_empty();
    for table in tables {
        // Dropping a full-text table drops the tables behind it, which are listed too.
        conn.execute_batch(&format!("DROP TABLE IF EXISTS \"{table}\""))?;
    }
    conn.execute_batch(LAYOUT)?;
    conn.execute("INSERT INTO cursor VALUES (1, 0, NULL, 0, ?1)", [is_new])?;
    conn.pragma_update(None, "user_version", layout_version())
}

fn remove(path: &Path) -> Result<(), Error> {
    for suffix in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        match std::fs::remove_file(&file) {
            Ok(()) => {}
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => {
                let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
                return Err(Error::Open { path: path.to_owned(), source: rusqlite::Error::SqliteFailure(code, Some(e.to_string())) });
            }
        }
    }
    Ok(())
}
