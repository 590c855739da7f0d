//! Rubbish and damage: proofs, texts, keys and stores that nobody made are refused, without panic.

use super::*;

/// merkle-3 for the verifiers, at sizes and lengths of any magnitude.
#[test]
fn rubbish_proofs_are_refused_without_panic() {
    let mut random = Random::seeded("rubbish_proofs_are_refused_without_panic");
    for _ in 0..CHANGES {
        let hashes: Vec<Hash> = (0..random.below(70)).map(|_| random.hash()).collect();
        let mut head = || {
            let size = TreeSize::new(random.wild()).unwrap_or(TreeSize::EMPTY);
            TreeHead { size, root: random.hash() }
        };
        let (old, new) = (head(), head());
        if let Ok(index) = LeafIndex::new(random.wild()) {
            let inclusion = InclusionProof::new(index, hashes.clone());
            inclusion.and_then(|it| it.verify(random.hash(), new)).unwrap_err();
        }
        let consistency = ConsistencyProof::new(hashes);
        consistency.and_then(|it| it.verify(old, new)).unwrap_err();
    }
}

/// merkle-3 for every reader of text, and merkle-4 for what they take.
#[test]
fn rubbish_texts_are_refused_without_panic() {
    let mut random = Random::seeded("rubbish_texts_are_refused_without_panic");
    let pieces = [
        "c2sp.org/tlog-proof@v1",
        "\n",
        "\n\n",
        "index ",
        "extra ",
        "0",
        "42",
        "— ",
        "name",
        " ",
        "+",
        "PRIVATE+KEY+",
        "AAAAAAAA",
        "=",
        "530d903a",
        "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "tile/",
        "x001/",
        "000",
        ".p/",
        "/",
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "\u{0}",
        "é",
        "\u{2003}",
        "18446744073709551616",
        "-",
    ];
    for _ in 0..CHANGES {
        let mut bytes = Vec::new();
        for _ in 0..random.below(20) {
            bytes.extend_from_slice(pieces[random.place(pieces.len())].as_bytes());
        }
        if random.below(4) == 0 {
            bytes = change_text(&mut random, &bytes);
        }
        let _ = SignedNote::parse(&bytes).map(|it| assert_eq!(it.to_string().as_bytes(), bytes));
        let _ = TlogProof::parse(&bytes).map(|it| assert_eq!(it.to_string().as_bytes(), bytes));
        let Ok(text) = std::str::from_utf8(&bytes) else {
            continue;
        };
        let _ = text.parse::<Checkpoint>().map(|it| assert_eq!(it.to_string(), text));
        let _ = text.parse::<VerifierKey>().map(|it| assert_eq!(it.to_string(), text));
        let _ = text.parse::<SignerKey>().map(|it| assert_eq!(it.to_secret_text(), text));
        let _ = text.parse::<TilePath>().map(|it| assert_eq!(it.to_string(), text));
        let _ = text.parse::<KeyName>().map(|it| assert_eq!(it.to_string(), text));
        let _ = text.parse::<TreeSize>().map(|it| assert_eq!(it.to_string(), text));
        let _ = text.parse::<LeafIndex>().map(|it| assert_eq!(it.to_string(), text));
        let _ = text.parse::<Hash>();
    }
}

/// Key texts are short, so every byte is tried.
#[test]
fn no_changed_key_is_taken_for_the_same() {
    let mut random = Random::seeded("no_changed_key_is_taken_for_the_same");
    let good = &golden("notes/keys.txt")[0][1];
    let key: VerifierKey = good.parse().unwrap();
    for place in 0..good.len() {
        for byte in 0..=255 {
            let mut changed = good.clone().into_bytes();
            changed[place] = byte;
            let Some(text) = String::from_utf8(changed).ok().filter(|text| text != good) else {
                continue;
            };
            assert!(text.parse::<VerifierKey>().is_err(), "{text}");
        }
    }
    for _ in 0..CHANGES / 10 {
        let changed = change_text(&mut random, good.as_bytes());
        let read = String::from_utf8(changed).ok().and_then(|text| text.parse().ok());
        assert!(read.is_none_or(|read: VerifierKey| read == key));
    }
}

/// A damaged store may not prove what is not so: whatever bytes it holds, a proof from it fails, or proves the truth.
#[test]
fn a_damaged_store_proves_nothing_wrong() {
    let mut random = Random::seeded("a_damaged_store_proves_nothing_wrong");
    let tiles = tree_of(LEAVES);
    let honest = head(&tiles, LEAVES);
    let (mut noticed, mut harmless) = (0, 0);
    for _ in 0..500 {
        let mut damaged = tiles.clone();
        damage(&mut random, &mut damaged);
        let _ = Appender::open(&damaged, size(LEAVES)).map(|appender| appender.head());
        let mut tree = Tree::at(&damaged, size(LEAVES));
        let at = index(random.below(LEAVES));
        let proof = tree.prove_inclusion(at);
        let (leaf, false_leaf) = (leaf_hash(&leaf_data(at.get())), tree.leaf(at));
        match proof.and_then(|proof| proof.verify(leaf, honest).map(|()| proof)) {
            Ok(proof) => {
                harmless += 1;
                let false_leaf = false_leaf.unwrap();
                assert_eq!(proof.verify(false_leaf, honest).is_ok(), false_leaf == leaf);
            }
            Err(_) => noticed += 1,
        }
    }
    assert!(noticed > 0 && harmless > 0);
    println!("{noticed} proofs failed, {harmless} did not touch the damage");
}

fn damage(random: &mut Random, tiles: &mut Tiles) {
    let ids: Vec<TileId> = tiles.stored.keys().copied().collect();
    let id = ids[random.place(ids.len())];
    let bytes = tiles.stored.get_mut(&id).unwrap();
    let place = random.place(bytes.len());
    match random.below(4) {
        0 => drop(tiles.stored.remove(&id)),
        1 => bytes.truncate(place),
        2 => bytes.extend_from_slice(&[7; 33]),
        _ => bytes[place] ^= 1 << random.below(8),
    }
}

/// A store that answers with anything, read at any size: errors at worst.
#[test]
fn a_store_of_rubbish_does_not_panic() {
    struct Rubbish(u64);
    impl TileStore for Rubbish {
        type Error = std::convert::Infallible;
        fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Self::Error> {
            let length = self.0.rotate_left(u32::from(level)) ^ index;
            Ok((!length.is_multiple_of(5)).then(|| vec![level; (length % 9000) as usize]))
        }
    }
    let mut random = Random::seeded("a_store_of_rubbish_does_not_panic");
    for _ in 0..2000 {
        let Ok(leaves) = TreeSize::new(random.wild()) else {
            continue;
        };
        let store = Rubbish(random.number());
        let _ = Appender::open(&store, leaves).and_then(|mut it| it.push(random.hash()));
        let mut tree = Tree::at(&store, leaves);
        let _ = tree.head();
        let _ = LeafIndex::new(random.wild()).and_then(|at| tree.prove_inclusion(at));
        let _ = TreeSize::new(random.wild()).and_then(|old| tree.prove_consistency(old));
        let id = TileId { level: random.byte(), index: random.wild() };
        let _ = TilePath::at(id, leaves).map(|path| tree.tile(path));
    }
}
