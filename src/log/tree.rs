//! The log's Merkle tree: its tiles in the file, read, grown with an append, and made for a log of the first layout.

use rusqlite::{Connection, OptionalExtension};

use super::error::{Error, doing};
use super::read::Reader;
use super::seq::Seq;
use crate::merkle::{self, Appender, Hash, Tile, TileStore, Tree, TreeHead, TreeSize};

/// Leaves that are pushed between two writes of tiles when a whole tree is made, so that memory stays flat.
const BACKFILL: i64 = 65_536;

impl Seq {
    /// The size of the tree whose last leaf is this event.
    ///
    /// # Errors
    /// [`Error::Tree`] for a place below zero, which no log has.
    pub fn tree_size(self) -> Result<TreeSize, Error> {
        // A place below zero becomes a number above the largest that a tree may have, which is refused.
        Ok(TreeSize::new(self.0 as u64)?)
    }
}

impl From<merkle::Error> for Error {
    fn from(source: merkle::Error) -> Self {
        // A store that failed says so itself: "the tree is damaged" would be a lie about a busy file.
        match source {
            merkle::Error::ReadTile { source, tile } => match source.downcast::<Error>() {
                Ok(error) => *error,
                Err(source) => Error::Tree { source: merkle::Error::ReadTile { source, tile } },
            },
            source => Error::Tree { source },
        }
    }
}

impl TileStore for Reader<'_> {
    type Error = Error;

    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Error> {
        let reads = doing("reading a tile of the log's tree");
        let place = i64::try_from(index).unwrap_or(i64::MAX);
        let mut statement = self.conn.prepare_cached("SELECT hashes FROM tile WHERE level = ?1 AND place = ?2").map_err(&reads)?;
        statement.query_row((level, place), |row| row.get(0)).optional().map_err(reads)
    }
}

impl<'a> Reader<'a> {
    /// Whether the file has a tree; one of the first layout gets it with the first write of this program.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn has_tree(&self) -> Result<bool, Error> {
        self.has_table("tile")
    }

    /// The tree over the events up to a place.
    ///
    /// # Errors
    /// [`Error::Treeless`], [`Error::Tree`], [`Error::Sqlite`].
    pub fn tree(self, at: Seq) -> Result<Tree<Reader<'a>>, Error> {
        if self.has_tree()? { Ok(Tree::at(self, at.tree_size()?)) } else { Err(Error::Treeless) }
    }

    /// Size and root of the tree over the events up to a place.
    ///
    /// # Errors
    /// As for [`Reader::tree`].
    pub fn tree_head(self, at: Seq) -> Result<TreeHead, Error> {
        Ok(self.tree(at)?.head()?)
    }
}

/// Opens the edge of the tree that ends with the log's head.
pub(super) fn open(conn: &Connection, head: Seq) -> Result<Appender, Error> {
    Ok(Appender::open(&Reader { conn }, head.tree_size()?)?)
}

/// Writes the tiles that changed, each once.
pub(super) fn write(conn: &Connection, tree: &mut Appender) -> Result<(), Error> {
    let writes = doing("storing the log's tree");
    // Not INSERT OR REPLACE: that would be a change of what stands there, which the file refuses.
    let mut grow = conn.prepare_cached("UPDATE tile SET hashes = ?3 WHERE level = ?1 AND place = ?2").map_err(&writes)?;
    let mut begin = conn.prepare_cached("INSERT INTO tile (level, place, hashes) VALUES (?1, ?2, ?3)").map_err(&writes)?;
    for Tile { id, bytes } in tree.take_changed() {
        let row = (id.level, id.index as i64, bytes);
        if grow.execute((row.0, row.1, &row.2)).map_err(&writes)? == 0 {
            begin.execute(row).map_err(&writes)?;
        }
    }
    Ok(())
}

/// Makes the tree of a log that has none yet, inside an open transaction.
pub(super) fn backfill(conn: &Connection) -> Result<(), Error> {
    let reads = doing("reading the log's leaves");
    let mut tree = open(conn, Seq::START)?;
    let mut statement = conn.prepare("SELECT seq, leaf FROM event ORDER BY seq").map_err(&reads)?;
    let mut rows = statement.query([]).map_err(&reads)?;
    let mut reached = Seq::START;
    while let Some(row) = rows.next().map_err(&reads)? {
        let (seq, leaf) = (Seq(row.get(0).map_err(&reads)?), Hash(row.get(1).map_err(&reads)?));
        if seq != reached.next() {
            return Err(Error::Damaged { seq: reached.next(), reason: "it is missing".to_owned() });
        }
        tree.push(leaf)?;
        reached = seq;
        if seq.0 % BACKFILL == 0 {
            write(conn, &mut tree)?;
        }
    }
    write(conn, &mut tree)
}
