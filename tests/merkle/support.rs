//! What the tests of the merkle room share: a strict store, a printed seed, and the golden files.
#![allow(dead_code)] // Each test binary uses its own part of this.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::convert::Infallible;

pub use crate::random::Random;
use stancelog::merkle::{Appender, Hash, LeafIndex, Tile, TileId, TileStore, Tree, TreeHead, TreeSize, leaf_hash};

/// A store in memory, stricter than the contract: tiles only grow, keep what they had, and come without gaps.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Tiles {
    pub stored: BTreeMap<TileId, Vec<u8>>,
    pub reads: Cell<u64>,
    pub writes: u64,
}

impl Tiles {
    pub fn write(&mut self, tile: Tile) {
        let Tile { id, bytes } = tile;
        assert!(bytes.len().is_multiple_of(32) && (32..=8192).contains(&bytes.len()), "{id}");
        let before = TileId { index: id.index.wrapping_sub(1), ..id };
        if id.index > 0 {
            assert_eq!(self.stored.get(&before).map(Vec::len), Some(8192), "gap before {id}");
        }
        if let Some(old) = self.stored.get(&id) {
            assert!(bytes.len() > old.len() && bytes.starts_with(old), "{id} was rewritten");
        }
        self.writes += 1;
        self.stored.insert(id, bytes);
    }

    pub fn write_all(&mut self, appender: &mut Appender) {
        for tile in appender.take_changed() {
            self.write(tile);
        }
    }
}

impl TileStore for Tiles {
    type Error = Infallible;

    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Infallible> {
        self.reads.set(self.reads.get() + 1);
        Ok(self.stored.get(&TileId { level, index }).cloned())
    }
}

/// The leaves of all tests but the golden ones: short, and all different.
pub fn leaf_data(index: u64) -> Vec<u8> {
    format!("leaf {index}").into_bytes()
}

/// A stored tree of `leaf_data`, written in one batch.
pub fn tree_of(leaves: u64) -> Tiles {
    let mut tiles = Tiles::default();
    let mut appender = Appender::open(&tiles, TreeSize::EMPTY).unwrap();
    for index in 0..leaves {
        appender.push(leaf_hash(&leaf_data(index))).unwrap();
    }
    tiles.write_all(&mut appender);
    tiles
}

pub fn size(leaves: u64) -> TreeSize {
    TreeSize::new(leaves).unwrap()
}

pub fn index(index: u64) -> LeafIndex {
    LeafIndex::new(index).unwrap()
}

pub fn head(tiles: &Tiles, leaves: u64) -> TreeHead {
    Tree::at(tiles, size(leaves)).head().unwrap()
}

impl Random {
    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }

    pub fn place(&mut self, end: usize) -> usize {
        self.below(end as u64) as usize
    }

    pub fn byte(&mut self) -> u8 {
        self.number() as u8
    }

    pub fn hash(&mut self) -> Hash {
        Hash(std::array::from_fn(|_| self.byte()))
    }

    /// A number from 1 to 2^bits, of any magnitude as often as of any other.
    pub fn batch(&mut self, bits: u64) -> u64 {
        let bits = self.below(bits + 1);
        1 + self.below(1 << bits)
    }

    /// A number of any magnitude: small, huge, and around powers of two.
    pub fn wild(&mut self) -> u64 {
        let (wide, bits) = (self.number(), self.below(64));
        match self.below(4) {
            0 => 1 << bits,
            1 => (1 << bits) - 1,
            _ => wide >> bits,
        }
    }
}

/// The lines of a golden file, as words, without comments.
pub fn golden(file: &str) -> Vec<Vec<String>> {
    let path = format!("{}/fixtures/merkle/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split(' ').map(str::to_owned).collect()).collect()
}

pub fn golden_note(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/merkle/notes/{name}.note", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn hashes(words: &[String]) -> Vec<Hash> {
    words.iter().map(|word| word.parse().unwrap()).collect()
}
