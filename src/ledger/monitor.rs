//! What monitors and witnesses follow a log by: tiles of its tree and bundles of its entries, as in C2SP tlog-tiles.

use super::Ledger;
use super::error::Error;
use super::key::wrap;
use crate::audit::Consistency;
use crate::event::Refusal;
use crate::log::Seq;
use crate::merkle::{TILE_WIDTH, TilePath, TileStore};

impl Ledger {
    /// A tile of the tree, by its path (`tile/0/x001/067`, `tile/0/068.p/8`); nothing where the log does not go as far.
    ///
    /// # Errors
    /// [`Error::Proof`] for what is no path of a tile; [`Error::Log`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// assert_eq!(ledger.tile("tile/0/000.p/4")?.unwrap().len(), 4 * 32);
    /// assert_eq!(ledger.tile("tile/0/000")?, None);
    /// assert!(ledger.tile("tile/../key").is_err());
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn tile(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let path: TilePath = path.parse().map_err(wrap("reading the path of a tile"))?;
        let log = self.log.borrow();
        let stored = log.reader().tile(path.id().level, path.id().index)?;
        Ok(stored.and_then(|mut hashes| {
            // A tile that has grown since holds the narrower one in front.
            let wanted = path.width() * 32;
            hashes.truncate(wanted);
            (hashes.len() == wanted).then_some(hashes)
        }))
    }

    /// The entries under a tile of leaves, by the bundle's path (`tile/entries/000.p/4`): for each its length in two bytes,
    /// then the header that its leaf is the hash of. Nothing where the log does not go as far.
    ///
    /// # Errors
    /// As for [`Ledger::tile`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, log::HEADER_LEN, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// assert_eq!(ledger.entries("tile/entries/000.p/4")?.unwrap().len(), 4 * (2 + HEADER_LEN));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn entries(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        // The path is that of a tile of leaves, with a word in the place of the level.
        let as_tile = path.replacen("tile/entries/", "tile/0/", 1);
        let tile: TilePath = as_tile.parse().map_err(wrap("reading the path of a bundle of entries"))?;
        let first = i64::try_from(tile.id().index).ok().and_then(|index| index.checked_mul(TILE_WIDTH as i64));
        let log = self.log.borrow();
        let (Some(first), head) = (first, log.reader().head()?) else { return Ok(None) };
        let last = first.saturating_add(tile.width() as i64);
        if last > head.0 {
            return Ok(None);
        }
        let mut bundle = Vec::new();
        for seq in first + 1..=last {
            let header = log.reader().header(Seq(seq))?;
            bundle.extend(u16::try_from(header.len()).unwrap_or(u16::MAX).to_be_bytes());
            bundle.extend(header);
        }
        Ok(Some(bundle))
    }

    /// Proves that the log, as it was when it had so many events, is a prefix of today's.
    ///
    /// # Errors
    /// [`Error::Refused`] for a size that the log has not reached; [`Error::Log`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// assert!(ledger.grown_from(2)?.consistent);
    /// assert!(ledger.grown_from(5).is_err());
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn grown_from(&self, size: i64) -> Result<Consistency, Error> {
        let head = self.head()?;
        if size < 0 || size > head.0 {
            return Err(Refusal::field("from", format!("the log has {head} events, not {size}")).into());
        }
        let old = self.log.borrow().reader().tree_head(Seq(size))?;
        self.consistency(old)
    }
}
