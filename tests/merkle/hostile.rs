//! Guards merkle-3 and merkle-5: 100,000 changed proofs and 100,000 changed texts, of which none may pass, and rubbish that may not
//! make anything panic.
//!
//! The seed is printed; `STANCELOG_SEED` repeats a run.

#![allow(clippy::unwrap_used)] // A failing test may panic.

mod rubbish;

use std::collections::BTreeMap;

use super::support::{Random, Tiles, golden, golden_note, head, index, leaf_data, size, tree_of};
use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer, SigningKey};
use stancelog::merkle::{
    Appender, Checkpoint, ConsistencyProof, Error, Hash, InclusionProof, KeyName, LeafIndex, NoteSignature, SignatureType, SignedNote,
    SignerKey, TileId, TilePath, TileStore, TlogProof, Tree, TreeHead, TreeSize, Trust, VerifierKey, leaf_hash,
};

const CHANGES: u64 = 100_000;
const LEAVES: u64 = 3000;

/// A way to change a proof's hashes; `None` where it would change nothing.
fn change_hashes(random: &mut Random, hashes: &[Hash]) -> Option<Vec<Hash>> {
    let mut changed = hashes.to_vec();
    let place = random.place(hashes.len().max(1));
    match random.below(8) {
        0 => changed.insert(place, random.hash()),
        1 => changed.push(random.hash()),
        2 => changed.insert(place, *hashes.get(place)?),
        3 => drop((!hashes.is_empty()).then(|| changed.remove(place))),
        4 => changed.truncate(place),
        5 => changed.swap(place, hashes.len().checked_sub(1)?),
        6 => changed.reverse(),
        _ => changed.get_mut(place)?.0[random.place(32)] ^= 1 << random.below(8),
    }
    (changed != hashes).then_some(changed)
}

/// Another hash, or one that stands elsewhere in the same proof or tree.
fn other_hash(random: &mut Random, hash: Hash, known: &[Hash]) -> Hash {
    let mut other = match known {
        [] => random.hash(),
        _ => known[random.place(known.len())],
    };
    if other == hash || random.below(2) == 0 {
        other = hash;
        other.0[random.place(32)] ^= 1 << random.below(8);
    }
    other
}

/// Each change is to leaf, index, hashes or root; each unchanged proof is accepted before.
#[test]
fn no_changed_inclusion_proof_is_accepted() {
    let mut random = Random::seeded("no_changed_inclusion_proof_is_accepted");
    let tiles = tree_of(LEAVES);
    let mut refused = BTreeMap::new();
    let mut tried = 0;
    while tried < CHANGES / 2 {
        let leaves = 1 + random.below(LEAVES);
        let mut tree = Tree::at(&tiles, size(leaves));
        let mut newest = tree.head().unwrap();
        for _ in 0..20 {
            let mut at = index(random.below(leaves));
            let mut leaf = leaf_hash(&leaf_data(at.get()));
            let proof = tree.prove_inclusion(at).unwrap();
            proof.verify(leaf, newest).unwrap();
            let root = newest.root;
            let mut hashes = proof.hashes().to_vec();
            match random.below(6) {
                0 => at = LeafIndex::new(at.get() ^ (1 << random.below(12))).unwrap(),
                1 => leaf = other_hash(&mut random, leaf, &hashes),
                2 => newest.root = other_hash(&mut random, root, &hashes),
                _ => match change_hashes(&mut random, &hashes) {
                    Some(changed) => hashes = changed,
                    None => continue,
                },
            }
            let result = InclusionProof::new(at, hashes).and_then(|it| it.verify(leaf, newest));
            count(&mut refused, result);
            newest.root = root;
            tried += 1;
        }
    }
    println!("{tried} changed inclusion proofs: {refused:?}");
}

#[test]
fn no_changed_consistency_proof_is_accepted() {
    let mut random = Random::seeded("no_changed_consistency_proof_is_accepted");
    let tiles = tree_of(LEAVES);
    let heads: Vec<TreeHead> = (0..=LEAVES).map(|leaves| head(&tiles, leaves)).collect();
    let mut refused = BTreeMap::new();
    let mut tried = 0;
    while tried < CHANGES / 2 {
        let newest = heads[1 + random.place(LEAVES as usize)];
        let mut tree = Tree::at(&tiles, newest.size);
        for _ in 0..20 {
            let (mut old, mut new) = (heads[random.place(newest.size.get() as usize + 1)], newest);
            let proof = tree.prove_consistency(old.size).unwrap();
            proof.verify(old, new).unwrap();
            let mut hashes = proof.hashes().to_vec();
            match random.below(6) {
                0 => old.root = other_hash(&mut random, old.root, &hashes),
                1 if old.size > TreeSize::EMPTY => {
                    new.root = other_hash(&mut random, new.root, &hashes);
                }
                2 if old != new => std::mem::swap(&mut old.root, &mut new.root),
                3 if old != new => std::mem::swap(&mut old, &mut new),
                _ => match change_hashes(&mut random, &hashes) {
                    Some(changed) => hashes = changed,
                    None => continue,
                },
            }
            let result = ConsistencyProof::new(hashes).and_then(|it| it.verify(old, new));
            count(&mut refused, result);
            tried += 1;
        }
    }
    println!("{tried} changed consistency proofs: {refused:?}");
}

/// Counts refusals by kind; panics where a changed proof passed.
fn count<T>(refused: &mut BTreeMap<String, u64>, result: Result<T, Error>) {
    let Err(error) = result else {
        panic!("a changed proof or text was accepted");
    };
    let shown = format!("{error:?}");
    let kind = shown.split([' ', '(']).next().unwrap_or_default();
    *refused.entry(kind.to_owned()).or_default() += 1;
}

/// What binds a size is the signature on the checkpoint: the hashes alone may fit several sizes.
#[test]
fn the_same_hashes_may_fit_another_size() {
    let tiles = tree_of(8);
    let (leaf, at) = (leaf_hash(&leaf_data(0)), index(0));
    let head = head(&tiles, 7);
    let proof = Tree::at(&tiles, size(7)).prove_inclusion(at).unwrap();
    let claimed = TreeHead { size: size(8), ..head };
    proof.verify(leaf, claimed).unwrap();
    let claimed = TreeHead { size: size(9), ..head };
    proof.verify(leaf, claimed).unwrap_err();
}

/// A head may not claim more leaves than the proof spans, even if its root is one that the hashes lead to.
#[test]
fn a_proof_that_ends_below_the_root_is_refused() {
    let tiles = tree_of(8);
    let (old, new) = (head(&tiles, 3), head(&tiles, 4));
    let proof = Tree::at(&tiles, size(4)).prove_consistency(old.size).unwrap();
    proof.verify(old, new).unwrap();
    let claimed = TreeHead { size: size(8), ..new };
    let refused = proof.verify(old, claimed);
    assert!(matches!(refused, Err(Error::ProofLength { .. })), "{refused:?}");
    let nothing = ConsistencyProof::new(Vec::new()).unwrap();
    assert!(matches!(nothing.verify(new, claimed), Err(Error::ProofLength { .. })));
}

/// A log with a witness, whose signature the reader asks for too.
struct World {
    trust: Trust,
    texts: Vec<Text>,
}

/// A proof as a file, and the leaf that it proves.
struct Text {
    file: String,
    leaf: Hash,
}

impl World {
    fn new(random: &mut Random) -> Self {
        let signer = signer(&random.hash().0);
        let witness = SigningKey::from_bytes(&random.hash().0);
        let key = witness.verifying_key().to_bytes();
        let name: KeyName = "witness.example/w".parse().unwrap();
        let verifier = VerifierKey::new(name, SignatureType::Cosignature, &key).unwrap();
        let tiles = tree_of(LEAVES);
        let texts = (0..40).map(|_| {
            let leaves = 1 + random.below(LEAVES);
            let mut tree = Tree::at(&tiles, size(leaves));
            let checkpoint = Checkpoint::new("example.com/log", tree.head().unwrap()).unwrap();
            let note = signer.sign(&checkpoint.to_string()).unwrap();
            let line = cosigned(&witness, &verifier, note.text(), random.below(1 << 40));
            let note = note.with_signature_line(&line).unwrap();
            let at = random.below(leaves);
            let proof = TlogProof::new(tree.prove_inclusion(index(at)).unwrap(), note);
            let leaf = leaf_hash(&leaf_data(at));
            Text { file: proof.to_string(), leaf }
        });
        let texts = texts.collect();
        let trust = Trust::new(signer.verifier()).unwrap().with_witness(verifier).unwrap();
        Self { trust, texts }
    }

    /// The reader's whole check: read, signed by the log, seen by the witness, leaf included.
    fn check(&self, file: &[u8], leaf: Hash) -> Result<(), Error> {
        let verified = TlogProof::parse(file)?.verify(leaf, &self.trust)?;
        if verified.cosignatures.is_empty() {
            let wanted = "the witness".to_owned();
            return Err(Error::NotSigned { wanted });
        }
        Ok(())
    }

    /// Whether all that was signed and proved is as before: signatures stand in another order, or some of keys outside `trust`
    /// came along.
    fn means_the_same(&self, file: &str, changed: &[u8]) -> bool {
        let (Ok(before), Ok(after)) = (TlogProof::parse(file.as_bytes()), TlogProof::parse(changed)) else {
            return false;
        };
        let known = before.note().signatures();
        let is_known = |one: &&NoteSignature| known.iter().any(|it| it.name == one.name && it.id == one.id);
        let kept: Vec<_> = after.note().signatures().iter().filter(is_known).collect();
        kept.len() == known.len()
            && known.iter().all(|one| kept.contains(&one))
            && after.note().text() == before.note().text()
            && (after.inclusion(), after.extra()) == (before.inclusion(), before.extra())
    }
}

/// A log's key from a seed, so that a run can be repeated.
fn signer(seed: &[u8; 32]) -> SignerKey {
    let name: KeyName = "example.com/log".parse().unwrap();
    let key = SigningKey::from_bytes(seed).verifying_key().to_bytes();
    let id = VerifierKey::new(name, SignatureType::Ed25519, &key).unwrap().id();
    let secret = STANDARD.encode([&[1], seed.as_slice()].concat());
    format!("PRIVATE+KEY+example.com/log+{id}+{secret}").parse().unwrap()
}

fn cosigned(witness: &SigningKey, verifier: &VerifierKey, text: &str, time_s: u64) -> String {
    let message = format!("cosignature/v1\ntime {time_s}\n{text}");
    let signature = witness.sign(message.as_bytes()).to_bytes();
    let bytes = [verifier.id().0.as_slice(), &time_s.to_be_bytes(), &signature].concat();
    format!("— {} {}", verifier.name(), STANDARD.encode(bytes))
}

/// A way to change a text, from single bits to whole lines.
fn change_text(random: &mut Random, text: &[u8]) -> Vec<u8> {
    let mut changed = text.to_vec();
    if text.is_empty() {
        return vec![random.byte()];
    }
    let place = random.place(text.len());
    match random.below(10) {
        0 => changed[place] ^= 1 << random.below(8),
        1 => changed[place] = random.byte(),
        2 => changed[place] = b"0123456789+/=AZaz \n"[random.place(19)],
        3 => drop(changed.remove(place)),
        4 => changed.insert(place, random.byte()),
        5 => changed.insert(place, text[place]),
        6 => changed.truncate(place),
        7 => drop(changed.drain(place..text.len().min(place + 1 + random.place(50)))),
        8 => changed.extend_from_slice(&text[place..]),
        _ => change_lines(random, &mut changed),
    }
    changed
}

/// Doubles, drops or exchanges lines; signature lines are not exchanged, as their order means nothing.
fn change_lines(random: &mut Random, text: &mut Vec<u8>) {
    let mut lines: Vec<Vec<u8>> = text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let (one, two) = (random.place(lines.len()), random.place(lines.len()));
    let is_signature = |line: &[u8]| line.starts_with("—".as_bytes());
    match random.below(3) {
        0 => lines.insert(two, lines[one].clone()),
        1 => drop(lines.remove(one)),
        _ if is_signature(&lines[one]) && is_signature(&lines[two]) => {}
        _ => lines.swap(one, two),
    }
    *text = lines.concat();
}

/// merkle-4 and merkle-5: no changed text passes, and those that are still well formed print back as they are.
///
/// Two changes are none: `signed-note` has verifiers ignore signatures of unknown keys, so anybody may add one, and the order
/// of signatures means nothing: a line that is doubled elsewhere and then dropped has only moved.
#[test]
fn no_changed_text_is_accepted() {
    let mut random = Random::seeded("no_changed_text_is_accepted");
    let world = World::new(&mut random);
    let mut refused = BTreeMap::new();
    let (mut tried, mut well_formed, mut same) = (0, 0, 0);
    while tried < CHANGES {
        let Text { file, leaf } = &world.texts[random.place(world.texts.len())];
        world.check(file.as_bytes(), *leaf).unwrap();
        for _ in 0..100 {
            let mut changed = change_text(&mut random, file.as_bytes());
            if random.below(4) == 0 {
                changed = change_text(&mut random, &changed);
            }
            if changed == file.as_bytes() {
                continue;
            }
            if let Ok(read) = TlogProof::parse(&changed) {
                assert_eq!(read.to_string().as_bytes(), changed);
                well_formed += 1;
            }
            if world.means_the_same(file, &changed) {
                world.check(&changed, *leaf).unwrap();
                same += 1;
                continue;
            }
            let result = world.check(&changed, *leaf);
            assert!(result.is_err(), "accepted: {}", String::from_utf8_lossy(&changed));
            count(&mut refused, result);
            tried += 1;
        }
    }
    println!("{tried} changed texts, {well_formed} well formed: {refused:?}");
    println!("{same} more only moved a signature or added one of an unknown key, which must be accepted");
}

/// merkle-5 without chance: each byte of one file, changed to each other value, and each byte left out.
#[test]
fn no_single_changed_byte_is_accepted() {
    let mut random = Random::seeded("no_single_changed_byte_is_accepted");
    let world = World::new(&mut random);
    let Text { file, leaf } = &world.texts[0];
    for place in 0..file.len() {
        let mut changed = file.clone().into_bytes();
        let original = changed[place];
        for byte in (0..=255).filter(|byte| *byte != original) {
            changed[place] = byte;
            assert!(world.check(&changed, *leaf).is_err(), "byte {place} as {byte}: {file}");
        }
        changed.remove(place);
        assert!(world.check(&changed, *leaf).is_err(), "byte {place} left out: {file}");
    }
}

/// `signed_note` must accept every note that we accept, and refuse a note that we refuse but for reasons that we can name.
#[test]
fn we_accept_no_note_that_the_oracle_refuses() {
    let mut random = Random::seeded("we_accept_no_note_that_the_oracle_refuses");
    let key = &golden("notes/keys.txt")[1][1];
    let ours: VerifierKey = key.parse().unwrap();
    let theirs = signed_note::StandardVerifier::new(key).unwrap();
    let theirs = signed_note::VerifierList::new(vec![Box::new(theirs)]);
    let good = golden_note("peter_neumann");
    let (mut accepted, mut stricter) = (0, 0);
    for _ in 0..CHANGES / 2 {
        let changed = change_text(&mut random, &good);
        let we = SignedNote::parse(&changed).and_then(|note| note.verify(std::slice::from_ref(&ours)));
        let they = signed_note::Note::from_bytes(&changed).is_ok_and(|note| note.verify(&theirs).is_ok());
        match (we, they) {
            (Ok(_), they) => {
                assert!(they, "{}", String::from_utf8_lossy(&changed));
                assert_eq!(changed, good);
                accepted += 1;
            }
            (Err(Error::RepeatedSignature { .. }), true) => stricter += 1,
            (Err(error), they) => assert!(!they, "{error}: {}", String::from_utf8_lossy(&changed)),
        }
    }
    println!("{accepted} unchanged ones accepted, {stricter} refused for a doubled signature that the oracle skips");
}
