//! Reads a stored tree at any size it ever had: where the tiles come from, the root, and single leaves.

use super::tile::{TILE_HEIGHT, TileNodes};
use super::{Error, Hash, LeafIndex, TileId, TilePath, TreeHead, TreeSize, node_hash};

/// Where tiles are kept. The only thing this room asks of storage.
pub trait TileStore {
    /// Why the store could not answer.
    type Error: Into<Box<dyn std::error::Error + Send + Sync>>;

    /// The bytes last stored for this tile, or `None` if there never were any.
    ///
    /// The last tile of a level may be partial; a tile that holds more hashes than the size being read asks for is cut by the
    /// reader, so old sizes stay readable while the tree grows.
    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Self::Error>;
}

impl<S: TileStore + ?Sized> TileStore for &S {
    type Error = S::Error;

    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Self::Error> {
        (**self).tile(level, index)
    }
}

/// A stored tree read at one size, which may be any that the store has reached.
///
/// It keeps the tiles that it used last, so make many proofs with one `Tree`. It does not check that tiles fit together: a damaged
/// store gives a root or a proof that does not verify, never a wrong one that does.
#[derive(Debug)]
pub struct Tree<S> {
    store: S,
    size: TreeSize,
    kept: Vec<(TileId, TileNodes)>,
}

impl<S: TileStore> Tree<S> {
    /// Tiles kept at most, 16 KiB each; a proof uses no more than two for each of eight levels.
    const KEPT_TILES: usize = 32;

    /// Reads the store as a tree of this size. Nothing is read yet.
    pub const fn at(store: S, size: TreeSize) -> Self {
        Self { store, size, kept: Vec::new() }
    }

    /// The size that is read.
    pub const fn size(&self) -> TreeSize {
        self.size
    }

    /// The tree's size and root, from O(log n) hashes.
    pub fn head(&mut self) -> Result<TreeHead, Error> {
        let root = match self.size.get() {
            0 => Hash::EMPTY_TREE,
            leaves => self.range(0, leaves)?,
        };
        let size = self.size;
        Ok(TreeHead { size, root })
    }

    /// The stored hash of one leaf.
    pub fn leaf(&mut self, index: LeafIndex) -> Result<Hash, Error> {
        self.must_contain(index)?;
        self.node(0, index.get())
    }

    /// The bytes to serve for a tile path; `None` if a tree of this size has no such tile, or it is not that wide.
    pub fn tile(&self, path: TilePath) -> Result<Option<Vec<u8>>, Error> {
        if path.width() > path.id().width_at(self.size) {
            return Ok(None);
        }
        self.read_tile(path.id(), path.width()).map(Some)
    }

    pub(super) fn must_contain(&self, index: LeafIndex) -> Result<(), Error> {
        let size = self.size;
        if size.contains(index) {
            return Ok(());
        }
        Err(Error::LeafOutsideTree { index, size })
    }

    /// The hash over the leaves from `first` up to but not including `end`, which must be a subtree as RFC 6962 splits trees.
    pub(super) fn range(&mut self, first: u64, end: u64) -> Result<Hash, Error> {
        let leaves = end - first;
        if leaves.is_power_of_two() {
            let height = leaves.trailing_zeros();
            return self.node(height, first >> height);
        }
        let middle = first + left_leaves(leaves);
        let left = self.range(first, middle)?;
        let right = self.range(middle, end)?;
        Ok(node_hash(&left, &right))
    }

    /// The hash of the complete subtree of `2^height` leaves with this place among its equals.
    fn node(&mut self, height: u32, index: u64) -> Result<Hash, Error> {
        let (level, height) = (height / TILE_HEIGHT, height % TILE_HEIGHT);
        let nodes_in_tile = TILE_HEIGHT - height;
        let id = TileId { level: u8::try_from(level).unwrap_or(u8::MAX), index: index >> nodes_in_tile };
        let position = index & ((1 << nodes_in_tile) - 1);
        let size = self.size;
        let missing = Error::TileMissing { tile: id, size };
        self.nodes(id)?.get(height, position).ok_or(missing)
    }

    fn nodes(&mut self, id: TileId) -> Result<&TileNodes, Error> {
        let place = match self.kept.iter().position(|(kept, _)| *kept == id) {
            Some(place) => place,
            None => {
                let bytes = self.read_tile(id, id.width_at(self.size))?;
                if self.kept.len() >= Self::KEPT_TILES {
                    self.kept.remove(0);
                }
                self.kept.push((id, TileNodes::of(&bytes)));
                self.kept.len() - 1
            }
        };
        Ok(&self.kept[place].1)
    }

    fn read_tile(&self, id: TileId, width: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = stored_tile(&self.store, id, self.size)?;
        let expected = width * Hash::BYTES;
        if bytes.len() < expected {
            return Err(Error::TileLength { tile: id, size: self.size, expected, found: bytes.len() });
        }
        bytes.truncate(expected);
        Ok(bytes)
    }
}

/// Reads a tile that a tree of this size must have.
pub(super) fn stored_tile<S: TileStore>(store: &S, tile: TileId, size: TreeSize) -> Result<Vec<u8>, Error> {
    store
        .tile(tile.level, tile.index)
        .map_err(|source| Error::ReadTile { tile, source: source.into() })?
        .ok_or(Error::TileMissing { tile, size })
}

/// How many of two or more leaves stand left of the root: the largest power of two below their number.
pub(super) const fn left_leaves(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}
