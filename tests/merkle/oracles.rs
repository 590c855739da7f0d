//! Guards merkle-1 against two crates that do the same: every root, proof and tile must be theirs, and each side accepts the other's.

#![allow(clippy::unwrap_used)] // A failing test may panic.

use super::support::{Random, Tiles, head, index, leaf_data, size, tree_of};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof as CtConsistency, InclusionProof as CtInclusion, RootHash};
use sha2::Sha256;
use stancelog::merkle::{Appender, ConsistencyProof, Hash, InclusionProof, Tile, TileId, TilePath, Tree, TreeHead, TreeSize, leaf_hash};

/// Both oracles, grown leaf by leaf.
struct Oracles {
    ct_merkle: MemoryBackedTree<Sha256, Vec<u8>>,
    tlog: TlogHashes,
}

/// The hashes of `tlog_tiles`, in its own order.
struct TlogHashes(Vec<tlog_tiles::Hash>);

impl tlog_tiles::HashReader for TlogHashes {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|at| self.0[*at as usize]).collect())
    }
}

impl Oracles {
    fn new() -> Self {
        let (ct_merkle, tlog) = (MemoryBackedTree::new(), TlogHashes(Vec::new()));
        Self { ct_merkle, tlog }
    }

    fn grow_to(&mut self, leaves: u64) {
        for at in self.ct_merkle.len()..leaves {
            let data = leaf_data(at);
            let hashes = tlog_tiles::stored_hashes(at, &data, &self.tlog).unwrap();
            self.tlog.0.extend(hashes);
            self.ct_merkle.push(data);
        }
    }

    fn must_have(&self, ours: TreeHead) {
        assert_eq!(self.ct_merkle.len(), ours.size.get());
        assert_eq!(self.ct_merkle.root().as_bytes().as_slice(), ours.root.as_bytes());
        let theirs = tlog_tiles::tree_hash(ours.size.get(), &self.tlog).unwrap();
        assert_eq!(theirs.0, ours.root.0);
    }

    /// Makes the same proof by all three, and lets each verify it.
    fn must_include(&self, tree: &mut Tree<&Tiles>, head: TreeHead, at: u64) {
        let ours = tree.prove_inclusion(index(at)).unwrap();
        let leaf = leaf_hash(&leaf_data(at));
        ours.verify(leaf, head).unwrap();
        let leaves = head.size.get();
        let tlog = tlog_tiles::prove_record(leaves, at, &self.tlog).unwrap();
        assert_eq!(ours.hashes(), of_tlog(&tlog), "{at} in {leaves}");
        let root = tlog_tiles::Hash(head.root.0);
        tlog_tiles::check_record(&tlog, leaves, root, at, tlog_tiles::Hash(leaf.0)).unwrap();
        let bytes = concatenated(ours.hashes());
        if self.ct_merkle.len() == leaves {
            let theirs = self.ct_merkle.prove_inclusion(at as usize);
            assert_eq!(theirs.as_bytes(), bytes, "{at} in {leaves}");
        }
        let proof = CtInclusion::from_bytes(bytes);
        ct_root(head).verify_inclusion(&leaf_data(at), at, &proof).unwrap();
    }

    fn must_extend(&self, tree: &mut Tree<&Tiles>, old: TreeHead, new: TreeHead) {
        let ours = tree.prove_consistency(old.size).unwrap();
        ours.verify(old, new).unwrap();
        let (from, to) = (old.size.get(), new.size.get());
        let tlog = tlog_tiles::prove_tree(to, from, &self.tlog).unwrap();
        assert_eq!(ours.hashes(), of_tlog(&tlog), "{from} to {to}");
        let roots = (tlog_tiles::Hash(old.root.0), tlog_tiles::Hash(new.root.0));
        tlog_tiles::check_tree(&tlog, to, roots.1, from, roots.0).unwrap();
        let bytes = concatenated(ours.hashes());
        if self.ct_merkle.len() == to {
            let theirs = self.ct_merkle.prove_consistency((to - from) as usize);
            assert_eq!(theirs.as_bytes(), bytes, "{from} to {to}");
        }
        let proof = CtConsistency::try_from_bytes(bytes).unwrap();
        ct_root(new).verify_consistency(&ct_root(old), &proof).unwrap();
    }
}

fn of_tlog(hashes: &[tlog_tiles::Hash]) -> Vec<Hash> {
    hashes.iter().map(|hash| Hash(hash.0)).collect()
}

fn concatenated(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

fn ct_root(head: TreeHead) -> RootHash<Sha256> {
    RootHash::new(head.root.0.into(), head.size.get())
}

/// Every size to 1,025 that leaves this remainder by two, at every index, and from every older size.
fn every_size(remainder: u64) -> u64 {
    let tiles = tree_of(1025);
    let mut oracles = Oracles::new();
    let heads: Vec<TreeHead> = (0..=1025).map(|leaves| head(&tiles, leaves)).collect();
    let mut proofs = 0;
    for leaves in (1..=1025).filter(|leaves| leaves % 2 == remainder) {
        oracles.grow_to(leaves);
        let mut tree = Tree::at(&tiles, size(leaves));
        let newest = heads[leaves as usize];
        oracles.must_have(newest);
        for at in 0..leaves {
            oracles.must_include(&mut tree, newest, at);
            oracles.must_extend(&mut tree, heads[at as usize + 1], newest);
            proofs += 2;
        }
        let from_empty = tree.prove_consistency(TreeSize::EMPTY).unwrap();
        from_empty.verify(TreeHead::EMPTY, newest).unwrap();
        assert!(from_empty.hashes().is_empty());
    }
    proofs
}

#[test]
fn every_odd_size_to_1025_at_every_index() {
    assert_eq!(every_size(1), 2 * 513 * 513);
}

#[test]
fn every_even_size_to_1025_at_every_index() {
    assert_eq!(every_size(0), 2 * 512 * 513);
}

/// One tree of 2^20 leaves, grown in random batches, compared at random sizes while it grows and in retrospect.
#[test]
fn random_sizes_to_two_to_the_twentieth() {
    let mut random = Random::seeded("random_sizes_to_two_to_the_twentieth");
    let (mut tiles, mut oracles) = (Tiles::default(), Oracles::new());
    let mut heads = vec![TreeHead::EMPTY];
    let last = 1 << 20;
    while heads[heads.len() - 1].size.get() < last {
        let now = heads[heads.len() - 1].size;
        let batch = random.batch(16);
        let mut appender = Appender::open(&tiles, now).unwrap();
        for at in now.get()..last.min(now.get() + batch) {
            appender.push(leaf_hash(&leaf_data(at))).unwrap();
        }
        tiles.write_all(&mut appender);
        oracles.grow_to(appender.head().size.get());
        oracles.must_have(appender.head());
        heads.push(appender.head());
        compare_at_random(&mut random, &tiles, &oracles, &heads);
    }
    compare_in_retrospect(&mut random, &tiles, &oracles);
    println!("{} batches, {} tiles", heads.len() - 1, tiles.stored.len());
}

/// Proofs in the newest tree, from earlier heads of the same run.
fn compare_at_random(random: &mut Random, tiles: &Tiles, oracles: &Oracles, heads: &[TreeHead]) {
    let newest = heads[heads.len() - 1];
    let mut tree = Tree::at(tiles, newest.size);
    for _ in 0..10 {
        oracles.must_include(&mut tree, newest, random.below(newest.size.get()));
        let old = heads[random.place(heads.len())];
        if old != TreeHead::EMPTY {
            oracles.must_extend(&mut tree, old, newest);
        }
    }
}

/// Proofs in trees of any size that the store once had.
fn compare_in_retrospect(random: &mut Random, tiles: &Tiles, oracles: &Oracles) {
    for _ in 0..1000 {
        let leaves = 1 + random.below(1 << 20);
        let mut tree = Tree::at(tiles, size(leaves));
        let newest = tree.head().unwrap();
        let theirs = tlog_tiles::tree_hash(leaves, &oracles.tlog).unwrap();
        assert_eq!(theirs.0, newest.root.0);
        oracles.must_include(&mut tree, newest, random.below(leaves));
        let old = head(tiles, 1 + random.below(leaves));
        oracles.must_extend(&mut tree, old, newest);
    }
}

/// A batch hands out exactly the tiles that `tlog_tiles` says must be published, with the same bytes and paths.
#[test]
fn tiles_and_paths_are_those_of_tlog_tiles() {
    let mut random = Random::seeded("tiles_and_paths_are_those_of_tlog_tiles");
    let (mut tiles, mut oracles) = (Tiles::default(), Oracles::new());
    let mut leaves = 0;
    while leaves < 70_000 {
        let batch = random.batch(12);
        let mut appender = Appender::open(&tiles, size(leaves)).unwrap();
        for at in leaves..leaves + batch {
            appender.push(leaf_hash(&leaf_data(at))).unwrap();
        }
        oracles.grow_to(leaves + batch);
        let ours = appender.take_changed();
        let theirs = tlog_tiles::Tile::new_tiles(8, leaves, leaves + batch);
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            must_equal(ours, theirs, &oracles, leaves + batch);
        }
        ours.into_iter().for_each(|tile| tiles.write(tile));
        leaves += batch;
    }
}

fn must_equal(ours: &Tile, theirs: &tlog_tiles::Tile, oracles: &Oracles, leaves: u64) {
    let TileId { level, index } = ours.id;
    assert_eq!((level, index), (theirs.level(), theirs.level_index()));
    assert_eq!(ours.bytes, theirs.read_data(&oracles.tlog).unwrap());
    // The published version of `tlog_tiles` still writes the height into its paths.
    let path = TilePath::at(ours.id, size(leaves)).unwrap();
    assert_eq!(path.to_string().replacen("tile/", "tile/8/", 1), theirs.path());
    assert_eq!(path.width(), theirs.width() as usize);
}

/// Where a proof is wrong, the oracles refuse it as well: none of us is stricter by accident.
#[test]
fn wrong_proofs_are_refused_by_all() {
    let mut random = Random::seeded("wrong_proofs_are_refused_by_all");
    let tiles = tree_of(2000);
    for _ in 0..5000 {
        let leaves = 2 + random.below(1998);
        let mut tree = Tree::at(&tiles, size(leaves));
        let (newest, at) = (tree.head().unwrap(), random.below(leaves));
        let old = head(&tiles, 1 + random.below(leaves - 1));
        let mut inclusion = tree.prove_inclusion(index(at)).unwrap().hashes().to_vec();
        let mut consistency = tree.prove_consistency(old.size).unwrap().hashes().to_vec();
        for hashes in [&mut inclusion, &mut consistency] {
            let place = random.place(hashes.len());
            hashes[place].0[random.place(32)] ^= 1 << random.below(8);
        }
        let leaf = leaf_hash(&leaf_data(at));
        let ours = InclusionProof::new(index(at), inclusion.clone()).unwrap();
        ours.verify(leaf, newest).unwrap_err();
        let proof = CtInclusion::from_bytes(concatenated(&inclusion));
        ct_root(newest).verify_inclusion(&leaf_data(at), at, &proof).unwrap_err();
        let ours = ConsistencyProof::new(consistency.clone()).unwrap();
        ours.verify(old, newest).unwrap_err();
        let proof = CtConsistency::try_from_bytes(concatenated(&consistency)).unwrap();
        ct_root(newest).verify_consistency(&ct_root(old), &proof).unwrap_err();
    }
}
