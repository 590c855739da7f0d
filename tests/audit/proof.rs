//! Checkpoints, proofs and witnesses.

use ed25519_dalek::{Signer, SigningKey};
use stancelog::Ledger;
use stancelog::ledger::{Key, Origin};
use stancelog::merkle::{KeyId, NoteSignature, SignatureType, TlogProof, Trust, VerifierKey};

use super::support::{folder, some_log};

#[test]
fn the_key_is_made_once_for_its_owner_alone() {
    let folder = folder();
    let ledger = some_log(&folder.path().join("stances.db"));
    let made = ledger.key().unwrap();
    assert_eq!((made.origin, ledger.key().unwrap().origin), (Origin::Made, Origin::Kept));
    assert_eq!(made.public(), ledger.key().unwrap().public());
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&made.path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    let log = std::fs::read(folder.path().join("stances.db")).unwrap();
    let secret = std::fs::read_to_string(&made.path).unwrap();
    assert!(!log.windows(20).any(|window| secret.as_bytes().windows(20).any(|part| part == window)));
    std::fs::write(&made.path, "rubbish").unwrap();
    assert!(Key::open_or_make(&made.path).is_err());
}

#[test]
fn every_event_is_proved_also_an_erased_one() {
    let folder = folder();
    let ledger = some_log(&folder.path().join("stances.db"));
    let key = ledger.key().unwrap();
    let (note, trust) = (ledger.checkpoint(&key).unwrap(), Trust::new(key.public()).unwrap());
    let head = ledger.status().unwrap().head;
    for seq in 1..=head {
        let proof = ledger.prove(&format!("@{seq}"), &note).unwrap();
        let tlog_proof = TlogProof::parse(proof.tlog_proof.as_bytes()).unwrap();
        let leaf = stancelog::merkle::leaf_hash(tlog_proof.extra().unwrap());
        tlog_proof.verify(leaf, &trust).unwrap();
        assert_eq!((leaf.to_string(), proof.index), (proof.leaf, seq as u64 - 1));
    }
}

#[test]
fn a_checkpoint_that_witnesses_have_signed_is_verified_and_kept() {
    let folder = folder();
    let ledger = some_log(&folder.path().join("stances.db"));
    let key = ledger.key().unwrap();
    let note = ledger.checkpoint(&key).unwrap();
    let (secret, other) = (SigningKey::from_bytes(&[9; 32]), SigningKey::from_bytes(&[8; 32]));
    let witness = |key: &SigningKey| {
        VerifierKey::new("witness.example/w".parse().unwrap(), SignatureType::Cosignature, &key.verifying_key().to_bytes()).unwrap()
    };
    let cosigned = |secret: &SigningKey, id: KeyId, text: &str| {
        let time_s = 1_700_000_000_u64;
        let mut bytes = time_s.to_be_bytes().to_vec();
        bytes.extend(secret.sign(format!("cosignature/v1\ntime {time_s}\n{text}").as_bytes()).to_bytes());
        NoteSignature { name: "witness.example/w".parse().unwrap(), id, bytes }.to_string()
    };
    let id = witness(&secret).id();
    let good = note.with_signature_line(&cosigned(&secret, id, note.text())).unwrap();
    let verified = ledger.keep_witnessed(good.to_string().as_bytes(), &key, &[witness(&secret)]).unwrap();
    assert_eq!((verified.cosignatures.len(), verified.cosignatures[0].time_s), (1, 1_700_000_000));
    assert_eq!(ledger.checkpoint(&key).unwrap().to_string(), good.to_string());

    let forged = note.with_signature_line(&cosigned(&other, id, note.text())).unwrap();
    assert!(ledger.keep_witnessed(forged.to_string().as_bytes(), &key, &[witness(&secret)]).is_err());
    assert!(ledger.keep_witnessed(note.to_string().as_bytes(), &key, &[witness(&secret)]).is_err());
    let stranger = some_log(&folder.path().join("other.db"));
    let (their_key, their_note) = (stranger.key().unwrap(), stranger.checkpoint(&stranger.key().unwrap()).unwrap());
    let theirs = their_note.with_signature_line(&cosigned(&secret, id, their_note.text())).unwrap();
    assert!(ledger.keep_witnessed(theirs.to_string().as_bytes(), &key, &[witness(&secret)]).is_err());
    assert!(ledger.keep_witnessed(theirs.to_string().as_bytes(), &their_key, &[witness(&secret)]).is_err());
    // What is appended later is under a new checkpoint, which the witness has not seen.
    ledger.append([stancelog::event::parse(r#"{"actor":"Eve","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()]).unwrap();
    assert_eq!(ledger.checkpoint(&key).unwrap().signatures().len(), 1);
}

#[test]
fn an_old_checkpoint_is_shown_to_be_a_prefix() {
    let folder = folder();
    let ledger = some_log(&folder.path().join("stances.db"));
    let key = ledger.key().unwrap();
    let text = ledger.checkpoint(&key).unwrap().to_string();
    ledger.append([stancelog::event::parse(r#"{"actor":"Eve","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()]).unwrap();
    let old = Ledger::read_checkpoint(text.as_bytes(), Some(&key.public())).unwrap();
    let told = ledger.consistency(old.head()).unwrap();
    assert!(told.consistent && told.said.contains("is a prefix of today's log"), "{}", told.said);
    let hashes = told.proof.iter().map(|hash| hash.parse().unwrap()).collect();
    let new = Ledger::read_checkpoint(ledger.checkpoint(&key).unwrap().to_string().as_bytes(), None).unwrap();
    stancelog::merkle::ConsistencyProof::new(hashes).unwrap().verify(old.head(), new.head()).unwrap();
    let stranger = some_log(&folder.path().join("other.db")).key().unwrap();
    assert!(Ledger::read_checkpoint(text.as_bytes(), Some(&stranger.public())).is_err());
}
