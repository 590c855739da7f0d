//! Grows a stored tree: takes leaf hashes, knows the root after each, and hands back the tiles that changed.

use super::tile::{TILE_LEVELS, TileNodes, hashes_at};
use super::tree::{TileStore, stored_tile};
use super::{Error, Hash, LeafIndex, TILE_WIDTH, Tile, TileId, TreeHead, TreeSize, node_hash};

/// The right edge of a tree, where leaves are added. A leaf costs one node hash on average, and eight for each tile level at
/// most.
///
/// The changed tiles and the new size must become visible together, in one transaction of the store. If that transaction fails,
/// drop the appender, or go back to a clone taken before: the tree is then still what the store says.
///
/// ```
/// use std::{collections::HashMap, convert::Infallible};
/// use stancelog::merkle::{Appender, TileStore, Tree, TreeSize, leaf_hash};
///
/// #[derive(Default)]
/// struct Memory(HashMap<(u8, u64), Vec<u8>>);
/// impl TileStore for Memory {
///     type Error = Infallible;
///     fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Infallible> {
///         Ok(self.0.get(&(level, index)).cloned())
///     }
/// }
///
/// let mut store = Memory::default();
/// let mut appender = Appender::open(&store, TreeSize::EMPTY)?;
/// let index = appender.push(leaf_hash(b"first"))?;
/// for tile in appender.take_changed() {
///     store.0.insert((tile.id.level, tile.id.index), tile.bytes);
/// }
/// let head = appender.head();
/// let proof = Tree::at(&store, head.size).prove_inclusion(index)?;
/// proof.verify(leaf_hash(b"first"), head)?;
/// # Ok::<(), stancelog::merkle::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Appender {
    size: TreeSize,
    edge: Vec<EdgeTile>,
    full: Vec<Tile>,
}

/// The last tile of a level, not yet full.
#[derive(Debug, Clone)]
struct EdgeTile {
    id: TileId,
    bytes: Vec<u8>,
    /// Roots of the complete subtrees that the tile's hashes form, largest first: one for each bit of the width.
    peaks: Vec<Hash>,
    changed: bool,
}

impl Appender {
    /// The edge of a tree without leaves.
    pub const fn empty() -> Self {
        Self { size: TreeSize::EMPTY, edge: Vec::new(), full: Vec::new() }
    }

    /// Opens the tree at the size that it has now. Reads at most one tile for each level.
    ///
    /// A stored edge that is shorter or longer than this size is refused, as size and tiles then do not belong together.
    pub fn open<S: TileStore>(store: &S, size: TreeSize) -> Result<Self, Error> {
        let mut edge = Vec::new();
        for level in 0..TILE_LEVELS {
            let hashes = hashes_at(level, size);
            if hashes == 0 {
                break;
            }
            let id = TileId { level, index: hashes / TILE_WIDTH as u64 };
            edge.push(EdgeTile::open(store, id, size)?);
        }
        Ok(Self { size, edge, full: Vec::new() })
    }

    /// Adds a leaf by its hash (see [`super::leaf_hash`]) and says which index it got.
    pub fn push(&mut self, leaf: Hash) -> Result<LeafIndex, Error> {
        let (index, size) = self.size.grow()?;
        let mut carry = Some(leaf);
        for level in 0..TILE_LEVELS {
            let Some(hash) = carry.take() else { break };
            if self.edge.len() <= usize::from(level) {
                self.edge.push(EdgeTile::empty(TileId { level, index: 0 }));
            }
            if let Some(tile) = self.edge.get_mut(usize::from(level)) {
                carry = tile.push(hash);
                self.full.extend(carry.is_some().then(|| tile.take_full()));
            }
        }
        self.size = size;
        Ok(index)
    }

    /// The size and root after the leaves pushed so far.
    pub fn head(&self) -> TreeHead {
        let peaks = self.edge.iter().flat_map(|tile| tile.peaks.iter().rev());
        let root = peaks.copied().reduce(|right, left| node_hash(&left, &right));
        TreeHead { size: self.size, root: root.unwrap_or(Hash::EMPTY_TREE) }
    }

    /// The tiles that changed since opening or since the last call, each once, lowest level first.
    ///
    /// Store them all, replacing what is there, together with the size of [`Appender::head`].
    pub fn take_changed(&mut self) -> Vec<Tile> {
        let mut tiles = std::mem::take(&mut self.full);
        for tile in &mut self.edge {
            if std::mem::take(&mut tile.changed) && !tile.bytes.is_empty() {
                let (id, bytes) = (tile.id, tile.bytes.clone());
                tiles.push(Tile { id, bytes });
            }
        }
        tiles.sort_by_key(|tile| tile.id);
        tiles
    }
}

impl EdgeTile {
    const fn empty(id: TileId) -> Self {
        Self { id, bytes: Vec::new(), peaks: Vec::new(), changed: false }
    }

    fn open<S: TileStore>(store: &S, id: TileId, size: TreeSize) -> Result<Self, Error> {
        let mut tile = Self::empty(id);
        let expected = id.width_at(size) * Hash::BYTES;
        if expected == 0 {
            return Ok(tile);
        }
        tile.bytes = stored_tile(store, id, size)?;
        if tile.bytes.len() != expected {
            return Err(Error::TileLength { tile: id, size, expected, found: tile.bytes.len() });
        }
        tile.peaks = peaks_of(&tile.bytes);
        Ok(tile)
    }

    /// Adds a hash; the root of the tile if that made it full.
    fn push(&mut self, hash: Hash) -> Option<Hash> {
        let mut width = self.bytes.len() / Hash::BYTES;
        let mut peak = hash;
        // As when adding one to a binary number: equal neighbours merge as long as there are any.
        while width & 1 == 1
            && let Some(left) = self.peaks.pop()
        {
            peak = node_hash(&left, &peak);
            width >>= 1;
        }
        self.peaks.push(peak);
        self.bytes.extend_from_slice(hash.as_bytes());
        self.changed = true;
        (self.bytes.len() >= TILE_WIDTH * Hash::BYTES).then_some(peak)
    }

    /// Hands out the full tile and goes on with the next one.
    fn take_full(&mut self) -> Tile {
        let next = TileId { level: self.id.level, index: self.id.index.saturating_add(1) };
        let full = std::mem::replace(self, Self::empty(next));
        let (id, bytes) = (full.id, full.bytes);
        Tile { id, bytes }
    }
}

fn peaks_of(bytes: &[u8]) -> Vec<Hash> {
    let nodes = TileNodes::of(bytes);
    let width = (bytes.len() / Hash::BYTES) as u64;
    let heights = (0..u64::BITS).rev().filter(|bit| width >> bit & 1 == 1);
    heights.filter_map(|height| nodes.get(height, (width >> height) - 1)).collect()
}
