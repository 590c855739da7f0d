//! Guards merkle-1 and merkle-2: what the tree is, at every size and however it is written, and what a broken store leads to.

#![allow(clippy::unwrap_used)] // A failing test may panic.

use std::error::Error as _;
use std::fmt;

use super::support::{Random, Tiles, golden, hashes, head, index, leaf_data, size, tree_of};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use stancelog::merkle::{
    Appender, ConsistencyProof, Error, Hash, InclusionProof, MAX_TREE_SIZE, TILE_WIDTH, TileId, TilePath, TileStore, Tree, TreeHead,
    TreeSize, leaf_hash, node_hash,
};

fn number(word: &str) -> u64 {
    word.parse().unwrap()
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2);
    pairs.filter(|pair| pair.len() == 2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// merkle-1, by values that an implementation without a line in common has written.
#[test]
fn golden_values_of_the_tree() {
    let lines = golden("tree.txt");
    let mut tiles = reference_tree(&lines);
    for line in &lines {
        let words: Vec<&str> = line.iter().map(String::as_str).collect();
        match words[..] {
            ["set", "reference"] => {}
            ["set", "counted"] => tiles = tree_of(70_000),
            ["leaf", at, data, hash] => {
                let expected: Hash = hash.parse().unwrap();
                assert_eq!(leaf_hash(&unhex(data)), expected, "leaf {at}");
                let mut tree = Tree::at(&tiles, size(number(at) + 1));
                assert_eq!(tree.leaf(index(number(at))).unwrap(), expected);
            }
            ["root", leaves, root] => {
                assert_eq!(head(&tiles, number(leaves)).root.to_string(), root, "root {leaves}");
            }
            ["inclusion", leaves, at, ..] => {
                let mut tree = Tree::at(&tiles, size(number(leaves)));
                let proof = tree.prove_inclusion(index(number(at))).unwrap();
                assert_eq!(proof.hashes(), hashes(&line[3..]), "{at} in {leaves}");
            }
            ["consistency", old, new, ..] => {
                let mut tree = Tree::at(&tiles, size(number(new)));
                let proof = tree.prove_consistency(size(number(old))).unwrap();
                assert_eq!(proof.hashes(), hashes(&line[3..]), "{old} to {new}");
            }
            ["tile", leaves, level, at, width, digest] => {
                let id = TileId { level: level.parse().unwrap(), index: number(at) };
                let path = TilePath::at(id, size(number(leaves))).unwrap();
                assert_eq!(path.width().to_string(), width, "{path}");
                let bytes = Tree::at(&tiles, size(number(leaves))).tile(path).unwrap().unwrap();
                assert_eq!(sha256(&bytes), digest, "{path}");
            }
            _ => panic!("unknown line: {line:?}"),
        }
    }
    assert!(lines.len() >= 142, "the golden file lost lines");
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    Hash(sha2::Sha256::digest(bytes).into()).to_string()
}

/// The tree of the eight leaves whose data stand in the file.
fn reference_tree(lines: &[Vec<String>]) -> Tiles {
    let mut tiles = Tiles::default();
    let mut appender = Appender::open(&tiles, TreeSize::EMPTY).unwrap();
    for line in lines.iter().filter(|line| line[0] == "leaf").take(8) {
        appender.push(leaf_hash(&unhex(&line[2]))).unwrap();
    }
    tiles.write_all(&mut appender);
    tiles
}

/// merkle-1, in a real log of 961,984,011 leaves.
#[test]
fn golden_proofs_of_a_large_log() {
    let lines = golden("argon2020.txt");
    let heads: Vec<TreeHead> =
        lines[..2].iter().map(|line| TreeHead { size: line[1].parse().unwrap(), root: line[2].parse().unwrap() }).collect();
    let leaf: Hash = lines[2][2].parse().unwrap();
    let inclusion = InclusionProof::new(lines[2][1].parse().unwrap(), hashes(&lines[3][1..]));
    inclusion.unwrap().verify(leaf, heads[1]).unwrap();
    let consistency = ConsistencyProof::new(hashes(&lines[4][1..])).unwrap();
    consistency.verify(heads[0], heads[1]).unwrap();
}

/// The tree hash as RFC 6962 defines it, from the leaves, without a tile.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::EMPTY_TREE,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&defined_root(left), &defined_root(right))
        }
    }
}

/// merkle-1: the appender's root after each leaf, and the stored tree's at each size, are the defined ones.
#[test]
fn the_root_at_every_size_is_the_defined_one() {
    let leaves: Vec<Hash> = (0..800).map(|at| leaf_hash(&leaf_data(at))).collect();
    let tiles = tree_of(800);
    let mut appender = Appender::open(&Tiles::default(), TreeSize::EMPTY).unwrap();
    for (at, leaf) in leaves.iter().enumerate() {
        let expected = defined_root(&leaves[..at]);
        assert_eq!(appender.head(), TreeHead { size: size(at as u64), root: expected });
        assert_eq!(head(&tiles, at as u64).root, expected, "{at}");
        assert_eq!(appender.push(*leaf).unwrap(), index(at as u64));
    }
}

/// merkle-2, for random batches, each opened from what the last one stored.
#[test]
fn any_batching_writes_the_same_tiles() {
    let seed = Random::seeded("any_batching_writes_the_same_tiles").number();
    let config = Config { cases: 40, failure_persistence: None, rng_seed: RngSeed::Fixed(seed), ..Config::default() };
    let batches = prop::collection::vec(prop_oneof![1..5_u64, 200..300_u64, 1..1500_u64], 1..12);
    let run = TestRunner::new(config).run(&batches, |batches| {
        let mut tiles = Tiles::default();
        let mut leaves = 0;
        for batch in batches {
            let mut appender = Appender::open(&tiles, size(leaves)).unwrap();
            for at in leaves..leaves + batch {
                appender.push(leaf_hash(&leaf_data(at))).unwrap();
            }
            leaves += batch;
            tiles.write_all(&mut appender);
            prop_assert!(appender.take_changed().is_empty(), "a tile was handed out twice");
            prop_assert_eq!(head(&tiles, leaves), appender.head());
        }
        prop_assert_eq!(tiles.stored, tree_of(leaves).stored);
        Ok(())
    });
    run.unwrap();
}

/// merkle-2: one appender may go on after each batch, and a clone goes back to before it.
#[test]
fn an_appender_outlives_its_batches() {
    let mut tiles = Tiles::default();
    let mut appender = Appender::open(&tiles, TreeSize::EMPTY).unwrap();
    for at in 0..1000 {
        let before = appender.clone();
        appender.push(leaf_hash(b"of a transaction that failed")).unwrap();
        appender = before;
        appender.push(leaf_hash(&leaf_data(at))).unwrap();
        if at % 7 == 0 {
            tiles.write_all(&mut appender);
        }
    }
    tiles.write_all(&mut appender);
    assert_eq!(tiles.stored, tree_of(1000).stored);
}

/// merkle-2: the cost of a batch, in tiles, at a size of three levels.
#[test]
fn a_batch_reads_the_edge_and_writes_what_changed() {
    let mut tiles = tree_of(70_000);
    (tiles.writes, tiles.reads) = (0, 0.into());
    let mut appender = Appender::open(&tiles, size(70_000)).unwrap();
    assert_eq!(tiles.reads.get(), 3, "one tile for each level");
    appender.push(leaf_hash(b"one")).unwrap();
    tiles.write_all(&mut appender);
    assert_eq!(tiles.writes, 1, "one leaf changes one tile");
    for _ in 0..999 {
        appender.push(leaf_hash(b"many")).unwrap();
    }
    tiles.write_all(&mut appender);
    assert_eq!(tiles.writes, 1 + 5 + 1, "five leaf tiles and one above");
}

#[test]
fn a_tree_keeps_the_tiles_it_used_last_and_no_more() {
    let tiles = tree_of(70_000);
    let mut tree = Tree::at(&tiles, size(70_000));
    let mut read = |at: u64| {
        let before = tiles.reads.get();
        tree.leaf(index(at)).unwrap();
        tiles.reads.get() - before
    };
    assert_eq!((read(0), read(255), read(0)), (1, 0, 0));
    assert_eq!((1..32).map(|tile| read(tile * 256)).sum::<u64>(), 31);
    assert_eq!(read(0), 0, "32 tiles are kept");
    assert_eq!((read(32 * 256), read(0)), (1, 1), "the oldest made room");
}

/// C2SP tlog-tiles gives these numbers.
#[test]
fn the_tiles_of_70_000_and_of_256_leaves() {
    let widths = |leaves: u64, level: u8| -> Vec<usize> {
        let stored = tree_of(leaves).stored;
        let tiles = stored.iter().filter(|(id, _)| id.level == level);
        tiles.map(|(_, bytes)| bytes.len() / 32).collect()
    };
    let leaf_tiles = widths(70_000, 0);
    assert_eq!(leaf_tiles.len(), 274);
    assert!(leaf_tiles[..273].iter().all(|width| *width == TILE_WIDTH));
    assert_eq!(leaf_tiles[273], 112);
    assert_eq!(widths(70_000, 1), [256, 17]);
    assert_eq!(widths(70_000, 2), [1]);
    assert_eq!((widths(256, 0), widths(256, 1)), (vec![256], vec![1]));
}

#[test]
fn tiles_are_served_at_every_width_they_had() {
    let tiles = tree_of(600);
    let tree = Tree::at(&tiles, size(600));
    let serve = |path: &str| tree.tile(path.parse().unwrap()).unwrap().map(|bytes| bytes.len());
    assert_eq!(serve("tile/0/000"), Some(8192));
    assert_eq!(serve("tile/0/000.p/3"), Some(96));
    assert_eq!(serve("tile/0/002.p/88"), Some(88 * 32));
    assert_eq!(serve("tile/0/002.p/89"), None);
    assert_eq!(serve("tile/0/002"), None);
    assert_eq!(serve("tile/1/000.p/2"), Some(64));
    assert_eq!(serve("tile/2/000.p/1"), None);
    assert_eq!(serve("tile/63/000.p/1"), None);
    assert_eq!(serve("tile/0/x018/x446/x744/x073/x709/x551/615"), None);
    let old = Tree::at(&tiles, size(3));
    let path = "tile/0/000.p/4".parse().unwrap();
    assert_eq!(old.tile(path).unwrap(), None, "an old size does not show what came later");
}

#[test]
fn tile_paths_have_one_spelling() {
    for good in ["tile/0/000", "tile/63/999.p/255", "tile/3/x001/x234/067.p/1", "tile/1/x001/000"] {
        assert_eq!(good.parse::<TilePath>().unwrap().to_string(), good);
    }
    let bad = [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/1000",
        "tile/00/000",
        "tile/+1/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/001",
        "tile/0/x001/1",
        "tile/0/001/x002",
        "tile/0/001/002",
        "tile/0/xx01/002",
        "tile/0/x01/002",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/257",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000.p/1/",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/ 00",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/entries/000",
        "tile/8/0/000",
        "tile/10/100/1",
        "tile/0/000.p/1.p/1",
        "tile/0/０００",
    ];
    for path in bad {
        assert!(path.parse::<TilePath>().is_err(), "{path:?}");
    }
    assert!("tile/0/".repeat(100_000).parse::<TilePath>().is_err());
}

#[test]
fn hashes_and_numbers_have_one_spelling_each() {
    let hash = leaf_hash(b"");
    assert_eq!(hash.to_string().parse::<Hash>().unwrap(), hash);
    assert_eq!(hash.to_base64().parse::<Hash>().unwrap(), hash);
    assert_eq!(format!("{hash:?}"), format!("Hash({hash})"));
    let (hex, base64) = (hash.to_string(), hash.to_base64());
    let bad = [
        "",
        "00",
        "=",
        &hex[1..],
        &hex.to_uppercase(),
        &format!(" {hex}"),
        &format!("{hex}\n"),
        &base64[1..],
        &base64.replace('=', ""),
        &base64.replace("0=", "1="),
        &format!("{base64}="),
        &base64.replace('+', "-").replace('/', "_").replacen('b', "-", 1),
    ];
    for text in bad {
        assert!(text.parse::<Hash>().is_err(), "{text:?}");
    }
    assert_eq!("0".parse::<TreeSize>().unwrap(), TreeSize::EMPTY);
    assert_eq!(MAX_TREE_SIZE.to_string().parse::<TreeSize>().unwrap(), size(MAX_TREE_SIZE));
    for text in ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "0x1", "9223372036854775808", "99999999999999999999"] {
        assert!(text.parse::<TreeSize>().is_err(), "{text:?}");
    }
}

#[test]
fn what_is_not_in_the_tree_is_refused() {
    let tiles = tree_of(10);
    let mut tree = Tree::at(&tiles, size(10));
    assert!(matches!(tree.leaf(index(10)), Err(Error::LeafOutsideTree { .. })));
    assert!(matches!(tree.prove_inclusion(index(10)), Err(Error::LeafOutsideTree { .. })));
    assert!(matches!(tree.prove_consistency(size(11)), Err(Error::TreeShrank { .. })));
    let mut beyond = Tree::at(&tiles, size(11));
    assert!(matches!(beyond.head(), Err(Error::TileLength { expected: 352, found: 320, .. })));
    let mut far = Tree::at(&tiles, size(MAX_TREE_SIZE));
    assert!(matches!(far.head(), Err(Error::TileMissing { .. })));
}

#[test]
fn an_edge_that_does_not_fit_the_size_is_refused() {
    let tiles = tree_of(300);
    for wrong in [299, 301] {
        let opened = Appender::open(&tiles, size(wrong));
        assert!(matches!(opened, Err(Error::TileLength { .. })), "{wrong}: {opened:?}");
    }
    for (wrong, tile) in [(600, (0, 2)), (65_536 + 44, (0, 256))] {
        let Err(Error::TileMissing { tile: missing, .. }) = Appender::open(&tiles, size(wrong)) else {
            panic!("{wrong} was opened");
        };
        assert_eq!((missing.level, missing.index), tile);
    }
}

/// A store that fails is not a damaged tree: the message says what was read, the source why not.
#[test]
fn a_failing_store_is_named_as_such() {
    #[derive(Debug)]
    struct DiskIsGone;
    impl fmt::Display for DiskIsGone {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("disk is gone")
        }
    }
    impl std::error::Error for DiskIsGone {}
    struct Broken;
    impl TileStore for Broken {
        type Error = DiskIsGone;
        fn tile(&self, _: u8, _: u64) -> Result<Option<Vec<u8>>, DiskIsGone> {
            Err(DiskIsGone)
        }
    }
    let failures = [Tree::at(Broken, size(3)).head().unwrap_err(), Appender::open(&Broken, size(3)).unwrap_err()];
    for error in failures {
        assert_eq!(error.to_string(), "reading tile 0/0 from the store failed");
        assert_eq!(error.source().unwrap().to_string(), "disk is gone");
    }
}

/// The largest tree: a store that makes up its tiles, to see that no arithmetic runs over.
#[test]
fn the_largest_tree_can_be_read_proved_and_filled() {
    struct MadeUp(TreeSize);
    impl TileStore for MadeUp {
        type Error = std::convert::Infallible;
        fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Self::Error> {
            Ok(Some(vec![7; 32 * TileId { level, index }.width_at(self.0)]))
        }
    }
    let (full, almost) = (size(MAX_TREE_SIZE), size(MAX_TREE_SIZE - 1));
    let mut tree = Tree::at(MadeUp(full), full);
    assert_eq!(tree.head().unwrap().size, full);
    assert_eq!(tree.prove_inclusion(index(MAX_TREE_SIZE - 1)).unwrap().hashes().len(), 62);
    assert_eq!(tree.prove_inclusion(index(0)).unwrap().hashes().len(), 63);
    assert!(tree.prove_consistency(almost).unwrap().hashes().len() <= 64);
    let mut appender = Appender::open(&MadeUp(almost), almost).unwrap();
    assert_eq!(appender.push(leaf_hash(b"the last")).unwrap(), index(MAX_TREE_SIZE - 1));
    assert!(matches!(appender.push(leaf_hash(b"one more")), Err(Error::TooLarge { .. })));
    assert_eq!(appender.head().size, full);
    assert!(TreeSize::new(MAX_TREE_SIZE + 1).is_err() && TreeSize::new(u64::MAX).is_err());
}
