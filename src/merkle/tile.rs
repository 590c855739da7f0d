//! Tiles: 256 neighbouring hashes of one height, the unit in which a tree is stored and served (C2SP `tlog-tiles`).

use std::fmt;
use std::str::FromStr;

use super::{Error, Format, Hash, TreeSize, node_hash};

/// Hashes in a full tile.
pub const TILE_WIDTH: usize = 256;
/// Tree levels from one tile level to the next: 256 hashes of one are one hash of the next.
pub(super) const TILE_HEIGHT: u32 = 8;
/// Tile levels that a tree of [`super::MAX_TREE_SIZE`] leaves can reach.
pub(super) const TILE_LEVELS: u8 = 8;

/// Which tile: hashes `256 * index` up to `256 * index + 255` of the nodes that span `256^level` leaves each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// Tile level; level 0 holds leaf hashes.
    pub level: u8,
    /// Place within its level, from 0.
    pub index: u64,
}

impl TileId {
    /// How many hashes this tile has in a tree of the given size, from 0 (there is no such tile) to [`TILE_WIDTH`].
    pub fn width_at(self, size: TreeSize) -> usize {
        let hashes = hashes_at(self.level, size);
        let Some(before) = self.index.checked_mul(TILE_WIDTH as u64) else {
            return 0;
        };
        let width = hashes.saturating_sub(before).min(TILE_WIDTH as u64);
        usize::try_from(width).unwrap_or(0)
    }
}

/// How many hashes a whole tile level has in a tree of the given size.
pub(super) fn hashes_at(level: u8, size: TreeSize) -> u64 {
    size.get().checked_shr(u32::from(level) * TILE_HEIGHT).unwrap_or(0)
}

impl fmt::Display for TileId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.level, self.index)
    }
}

/// A tile to be stored: it replaces whatever is stored under its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Which tile.
    pub id: TileId,
    /// Its hashes one after the other: 32 to 8,192 bytes.
    pub bytes: Vec<u8>,
}

/// A tile as it is asked for over HTTP: `tile/<level>/<index>` when full, with `.p/<width>` when partial.
///
/// ```
/// use stancelog::merkle::TilePath;
///
/// let path: TilePath = "tile/0/x001/x234/067.p/8".parse()?;
/// assert_eq!((path.id().level, path.id().index, path.width()), (0, 1_234_067, 8));
/// assert_eq!(path.to_string(), "tile/0/x001/x234/067.p/8");
/// # Ok::<(), stancelog::merkle::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TilePath {
    id: TileId,
    width: usize,
}

impl TilePath {
    /// Longest text that is looked at; the longest valid one has 47 bytes.
    const MAX_BYTES: usize = 64;

    /// The path of the tile as a tree of the given size has it; `None` if that tree has no such tile.
    pub fn at(id: TileId, size: TreeSize) -> Option<Self> {
        let width = id.width_at(size);
        (width > 0).then_some(Self { id, width })
    }

    /// Which tile.
    pub const fn id(self) -> TileId {
        self.id
    }

    /// How many hashes are asked for, from 1 to [`TILE_WIDTH`].
    pub const fn width(self) -> usize {
        self.width
    }

    fn read(text: &str) -> Option<Self> {
        let (level, rest) = text.strip_prefix("tile/")?.split_once('/')?;
        let (groups, width) = match rest.split_once(".p/") {
            Some((groups, width)) => (groups, width.parse().ok()?),
            None => (rest, TILE_WIDTH),
        };
        let index = groups.split('/').try_fold(0_u64, |index, group| {
            let digits: u64 = group.trim_start_matches('x').parse().ok()?;
            index.checked_mul(1000)?.checked_add(digits)
        })?;
        let level = level.parse().ok().filter(|level| *level < 64)?;
        let id = TileId { level, index };
        (1..=TILE_WIDTH).contains(&width).then_some(Self { id, width })
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "tile/{}/", self.id.level)?;
        let mut unit = 1_000_000_000_000_000_000_u64;
        while unit > 1 {
            if self.id.index >= unit {
                write!(formatter, "x{:03}/", self.id.index / unit % 1000)?;
            }
            unit /= 1000;
        }
        write!(formatter, "{:03}", self.id.index % 1000)?;
        if self.width < TILE_WIDTH {
            write!(formatter, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

impl FromStr for TilePath {
    type Err = Error;

    /// Reads loosely and keeps only what prints back the same, so that signs, zeros and groups need no rules of their own.
    fn from_str(text: &str) -> Result<Self, Error> {
        Some(text).filter(|text| text.len() <= Self::MAX_BYTES).and_then(Self::read).filter(|path| path.to_string() == text).ok_or(
            Error::Malformed {
                format: Format::TilePath,
                line: 1,
                expected: "tile/<level>/<index in groups of three digits>, with .p/<width> if partial",
            },
        )
    }
}

/// A tile with all complete nodes above its hashes worked out, so that many proofs can share them.
#[derive(Debug)]
pub(super) struct TileNodes {
    rows: Vec<Vec<Hash>>,
}

impl TileNodes {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut rows = vec![Hash::all_in(bytes)];
        while let Some(row) = rows.last().filter(|row| row.len() > 1) {
            let (pairs, _) = row.as_chunks();
            let above = pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
            rows.push(above);
        }
        Self { rows }
    }

    /// The node over `2^height` of the tile's hashes; `None` where the tile is not that wide.
    pub(super) fn get(&self, height: u32, position: u64) -> Option<Hash> {
        let row = self.rows.get(usize::try_from(height).ok()?)?;
        row.get(usize::try_from(position).ok()?).copied()
    }
}
