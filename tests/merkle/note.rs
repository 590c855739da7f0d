//! Guards merkle-4 and merkle-6, and the texts of C2SP: notes, keys, checkpoints, cosignatures and proofs, by vectors and tables.

#![allow(clippy::unwrap_used)] // A failing test may panic.

mod checkpoint;

use super::support::{golden, golden_note, head, index, leaf_data, size, tree_of};
use ed25519_dalek::{Signer, SigningKey};
use stancelog::merkle::{
    Checkpoint, Error, Hash, InclusionProof, KeyId, KeyName, MAX_EXTRA_BYTES, MAX_NOTE_BYTES, MAX_PROOF_HASHES, MAX_SIGNATURES,
    SignatureType, SignedNote, SignerKey, TlogProof, Tree, TreeHead, Trust, VerifierKey, leaf_hash,
};

/// From the documentation of Go's `sumdb/note`; a test key, known to all.
const PETER: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

fn name(text: &str) -> KeyName {
    text.parse().unwrap()
}

fn golden_key(note: &str) -> VerifierKey {
    let lines = golden("notes/keys.txt");
    let line = lines.iter().find(|line| line[0] == note).unwrap();
    line[1].parse().unwrap()
}

/// A witness as `tlog-cosignature` describes it, with no code of the room: this is what a cosignature is.
struct Witness {
    name: &'static str,
    key: SigningKey,
}

impl Witness {
    fn new(name: &'static str, seed: u8) -> Self {
        let key = SigningKey::from_bytes(&[seed; 32]);
        Self { name, key }
    }

    fn verifier(&self) -> VerifierKey {
        let key = self.key.verifying_key().to_bytes();
        VerifierKey::new(name(self.name), SignatureType::Cosignature, &key).unwrap()
    }

    fn line(&self, text: &str, time_s: u64) -> String {
        let message = format!("cosignature/v1\ntime {time_s}\n{text}");
        let signature = self.key.sign(message.as_bytes()).to_bytes();
        let id = self.verifier().id().0;
        let bytes = [id.as_slice(), &time_s.to_be_bytes(), &signature].concat();
        format!("— {} {}", self.name, base64(&bytes))
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}

/// A log with a signed checkpoint over ten leaves.
struct Log {
    signer: SignerKey,
    checkpoint: Checkpoint,
    note: SignedNote,
}

fn log() -> Log {
    let signer = SignerKey::generate(name("example.com/log")).unwrap();
    let checkpoint = Checkpoint::new("example.com/log", head(&tree_of(10), 10)).unwrap();
    let note = signer.sign(&checkpoint.to_string()).unwrap();
    Log { signer, checkpoint, note }
}

fn proof_of(at: u64) -> InclusionProof {
    Tree::at(&tree_of(10), size(10)).prove_inclusion(index(at)).unwrap()
}

#[test]
fn golden_notes_print_back_and_verify() {
    let known = ["spec_example", "peter_neumann", "reference_cosignature"];
    for file in ["spec_example", "quasimodo", "behind_the_sofa", "peter_neumann", "reference_cosignature"] {
        let bytes = golden_note(file);
        let note = SignedNote::parse(&bytes).unwrap();
        assert_eq!(note.to_string().as_bytes(), bytes, "{file}");
        if known.contains(&file) {
            let verified = note.verify(&[golden_key(file)]).unwrap();
            assert_eq!(verified.len(), 1, "{file}");
        }
        for other in known.into_iter().filter(|other| *other != file) {
            let refused = note.verify(&[golden_key(other)]);
            assert!(matches!(refused, Err(Error::NotSigned { .. })), "{file} by {other}");
        }
    }
}

#[test]
fn the_example_of_signed_note_keeps_its_empty_line() {
    let note = SignedNote::parse(&golden_note("quasimodo")).unwrap();
    assert!(note.text().ends_with("sole:\n\ned è subito sera.\n"));
}

#[test]
fn the_example_of_tlog_cosignature_has_its_time() {
    let note = SignedNote::parse(&golden_note("behind_the_sofa")).unwrap();
    let checkpoint: Checkpoint = note.text().parse().unwrap();
    assert_eq!(checkpoint.origin(), "example.com/behind-the-sofa");
    assert_eq!(checkpoint.head(), TreeHead { size: size(20_852_163), root: ROOT.parse().unwrap() });
    let witness = &note.signatures()[1];
    assert_eq!((witness.name.as_str(), witness.bytes.len()), ("witness.example.com/w1", 72));
    assert_eq!(witness.bytes[..8], 1_679_315_147_u64.to_be_bytes());
}

/// Made by `transparency-dev/formats`, so that we do not only understand ourselves.
#[test]
fn the_reference_cosignature_says_when() {
    let note = SignedNote::parse(&golden_note("reference_cosignature")).unwrap();
    let key = golden_key("reference_cosignature");
    assert_eq!(key.kind(), SignatureType::Cosignature);
    let verified = note.verify(std::slice::from_ref(&key)).unwrap();
    assert_eq!(verified[0].time_s, Some(1_785_511_504));
    // The same public key may not pass for a log's: it has another type, and so another id.
    let by_witness_alone = Trust::new(golden_key("spec_example")).unwrap().with_witness(key).unwrap();
    let refused = by_witness_alone.verify(&note);
    assert!(matches!(refused, Err(Error::NotSigned { .. })), "{refused:?}");
}

#[test]
fn signing_writes_what_go_writes() {
    let signer: SignerKey = PETER.parse().unwrap();
    let text = "If you think cryptography is the answer to your problem,\n\
                then you don't know what your problem is.\n";
    let note = signer.sign(text).unwrap();
    assert_eq!(note.to_string().as_bytes(), golden_note("peter_neumann"));
    assert_eq!(signer.to_secret_text(), PETER);
    assert_eq!(signer.verifier(), golden_key("peter_neumann"));
}

/// The oracle reads our keys and notes, and we read the oracle's.
#[test]
fn signed_note_agrees_on_keys_and_notes() {
    let ours = SignerKey::generate(name("example.com/log")).unwrap();
    let theirs = signed_note::StandardSigner::new(&ours.to_secret_text()).unwrap();
    let text = "First line\n\nlast line, ünïcode\n";
    let mut note = signed_note::Note::new(text.as_bytes(), &[]).unwrap();
    note.add_sigs(&[&theirs]).unwrap();
    let bytes = note.to_bytes();
    assert_eq!(ours.sign(text).unwrap().to_string().as_bytes(), bytes);
    SignedNote::parse(&bytes).unwrap().verify(&[ours.verifier()]).unwrap();
    let verifier = signed_note::StandardVerifier::new(&ours.verifier().to_string()).unwrap();
    let known = signed_note::VerifierList::new(vec![Box::new(verifier)]);
    assert_eq!(note.verify(&known).unwrap().0.len(), 1);
}

#[test]
fn generated_keys_print_back_and_differ() {
    let (one, two) = (log().signer, log().signer);
    assert_ne!(one.to_secret_text(), two.to_secret_text());
    let again: SignerKey = one.to_secret_text().parse().unwrap();
    assert_eq!(again.verifier(), one.verifier());
    let public = one.verifier().to_string();
    assert_eq!(public.parse::<VerifierKey>().unwrap(), one.verifier());
}

/// merkle-6.
#[test]
fn debug_does_not_show_the_secret() {
    let signer: SignerKey = PETER.parse().unwrap();
    let shown = format!("{signer:?} {signer:#?}");
    assert!(shown.contains("PeterNeumann+c74f20a3"));
    assert!(!shown.contains("AYEKFALVFGyNhPJEMzD1QIDr") && !shown.contains("129, 10, 20"), "{shown}");
}

#[test]
fn key_texts_that_are_refused() {
    let good = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    assert_eq!(good.parse::<VerifierKey>().unwrap().to_string(), good);
    let mut bad: Vec<String> = [
        "",
        "+",
        "++",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a3+",
        // Of Go's tests: a key of wrong length, and an unknown type, each with the fitting id.
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ]
    .map(str::to_owned)
    .to_vec();
    bad.push(good.replace("c74f20a3", "c74f20a4"));
    bad.push(good.replace("c74f20a3", "C74F20A3"));
    bad.push(good.replace("c74f20a3", "+74f20a3"));
    bad.push(good.replace("c74f20a3", "0c74f20a3"));
    bad.push(good.replace("Peter", "Pet er"));
    bad.push(good.replace("Peter", "Pet+er"));
    bad.push(good.replace("Peter", "Pet\u{a0}er"));
    bad.push(good.replace("Peter", "peter"));
    bad.push(good.replace("+ARpc", "+BBpc"));
    bad.push(good.replace("10TW", "10TX"));
    bad.push(format!("{good}\n"));
    bad.push(format!("{good}="));
    bad.push(format!(" {good}"));
    bad.push("a".repeat(10_000_000));
    for key in &bad {
        assert!(key.parse::<VerifierKey>().is_err(), "{key:.100?}");
        assert!(format!("PRIVATE+KEY+{key}").parse::<SignerKey>().is_err(), "{key:.100?}");
    }
    assert!(PETER[8..].parse::<SignerKey>().is_err());
    assert!(PETER.replace("c74f20a3", "c74f20a4").parse::<SignerKey>().is_err());
    assert!(PETER.replace("+AYEK", "+BIEK").parse::<SignerKey>().is_err());
}

/// Points of low order verify almost anything, and not every 32 bytes are a point.
#[test]
fn unusable_keys_are_refused() {
    let (zero, mut one) = ([0; 32], [0; 32]);
    one[0] = 1;
    for key in [zero, one, [2; 32]] {
        let refused = VerifierKey::new(name("weak"), SignatureType::Ed25519, &key);
        assert!(matches!(refused, Err(Error::UnusableKey { .. })), "{key:?}");
    }
}

#[test]
fn key_names_that_are_refused() {
    for good in ["a", "example.com/log", "ä", "日本", &"n".repeat(255)] {
        assert_eq!(name(good).as_str(), good);
    }
    for bad in ["", " ", "a b", "a+b", "a\tb", "a\nb", "a\u{85}b", "a\u{2003}b", "\u{1}", &"n".repeat(256)] {
        assert!(bad.parse::<KeyName>().is_err(), "{bad:?}");
    }
}

/// The table of malformed notes of Go's tests, and more.
#[test]
fn notes_that_are_not_well_formed() {
    let good = String::from_utf8(golden_note("peter_neumann")).unwrap();
    let (text, line) = good.split_once("\n\n").unwrap();
    let bad = [
        String::new(),
        "\n".to_owned(),
        "\n\n".to_owned(),
        text.to_owned(),
        format!("{text}\n"),
        format!("{text}\n\n"),
        format!("{text}\n{line}"),
        good.trim_end().to_owned(),
        format!("{good}\n"),
        format!("{good}Unexpected line.\n"),
        format!("\u{1}{good}"),
        good.replace('\n', "\r\n"),
        good.replace("your", "your\t"),
        good.replace("— ", "- "),
        good.replace("— ", "—"),
        good.replace("— ", " — "),
        good.replace("PeterNeumann ", "PeterNeumann  "),
        good.replace("PeterNeumann", "Bad Name"),
        good.replace("PeterNeumann", "Bad+Name"),
        good.replace("PeterNeumann", ""),
        good.replace("AM=\n", "AN=\n"),
        good.replace("AM=\n", "AM\n"),
        good.replace("AM=\n", "AM= \n"),
        good.replace("AM=\n", "AM==\n"),
        format!("{text}\n\n— PeterNeumann x08gow==\n"),
        format!("{text}\n\n— PeterNeumann \n"),
        format!("{text}\n\n— PeterNeumann\n"),
    ];
    for note in &bad {
        let refused = SignedNote::parse(note.as_bytes());
        assert!(matches!(refused, Err(Error::Malformed { .. })), "{note:?}: {refused:?}");
        assert!(signed_note::Note::from_bytes(note.as_bytes()).is_err(), "{note:?}");
    }
    let not_utf8 = [b"\xff", golden_note("peter_neumann").as_slice()].concat();
    assert!(SignedNote::parse(&not_utf8).is_err());
    let Err(Error::Malformed { line, .. }) = SignedNote::parse(bad[24].as_bytes()) else {
        panic!("no line");
    };
    assert_eq!(line, 4, "the line that is wrong is named");
    for (note, wrong) in [(&b"a\nb\xff"[..], 2), (b"a\n\nb\tc\xff", 3), (b"\x00", 1)] {
        let refused = SignedNote::parse(note);
        assert!(matches!(refused, Err(Error::Malformed { line, .. }) if line == wrong), "{refused:?}");
    }
}

#[test]
fn texts_that_are_not_signed() {
    let signer = log().signer;
    for bad in ["", "no newline", "a\tb\n", "a\r\n", "a\0\n", &format!("{}\n", "x".repeat(MAX_NOTE_BYTES))] {
        assert!(signer.sign(bad).is_err(), "{bad:.20?}");
    }
    for odd in ["\n", "\n\n", "a\n\n\n", "— looks like a signature AAAAAAA=\n"] {
        let note = signer.sign(odd).unwrap();
        let again = SignedNote::parse(note.to_string().as_bytes()).unwrap();
        assert_eq!(again, note, "{odd:?}");
        again.verify(&[signer.verifier()]).unwrap();
    }
}

#[test]
fn signatures_of_unknown_keys_are_kept_and_ignored() {
    let Log { signer, note, .. } = log();
    let crowded = note
        .with_signature_line("— example.com/log AAAAAAAA")
        .and_then(|note| note.with_signature_line("— somebody.else AAAAAAAAAAA=\n"))
        .unwrap();
    assert_eq!(crowded.signatures().len(), 3);
    assert_eq!(crowded.verify(&[signer.verifier()]).unwrap().len(), 1);
    for bad in ["", "— x", "— x AAAA", "- x AAAAAAAA", "— x AAAAAAAA\n\n", "— x AAAAAAAA\n— y AAAAAAAA"] {
        assert!(note.with_signature_line(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn one_bad_signature_of_a_trusted_key_refuses_the_note() {
    let Log { signer, note, .. } = log();
    let witness = Witness::new("witness.example/w", 7);
    let line = witness.line("another text\n", 1);
    let both = note.with_signature_line(&line).unwrap();
    both.verify(&[signer.verifier()]).unwrap();
    let refused = both.verify(&[signer.verifier(), witness.verifier()]);
    assert!(matches!(refused, Err(Error::BadSignature { .. })), "{refused:?}");
}

#[test]
fn a_trusted_key_signs_once() {
    let Log { signer, note, checkpoint } = log();
    let line = note.signatures()[0].to_string();
    let twice = format!("{note}{line}\n");
    let twice = SignedNote::parse(twice.as_bytes()).unwrap();
    let refused = twice.verify(&[signer.verifier()]);
    assert!(matches!(refused, Err(Error::RepeatedSignature { .. })), "{refused:?}");
    // Otherwise one witness could pass for a quorum, with as many times as are wanted.
    let witness = Witness::new("witness.example/w", 7);
    let [early, late] = [1, 2].map(|time_s| witness.line(&checkpoint.to_string(), time_s));
    let crowd = SignedNote::parse(format!("{note}{early}\n{late}\n").as_bytes()).unwrap();
    assert!(matches!(crowd.verify(&[witness.verifier()]), Err(Error::RepeatedSignature { .. })));
    let newest = note.with_signature_line(&early).unwrap().with_signature_line(&late).unwrap();
    assert_eq!(newest.verify(&[witness.verifier()]).unwrap()[0].time_s, Some(2));
}

#[test]
fn keys_that_cannot_be_told_apart_are_refused() {
    let Log { signer, note, .. } = log();
    let key = signer.verifier();
    note.verify(&[key.clone(), key.clone()]).unwrap();
    assert!(matches!(note.verify(&[]), Err(Error::NotSigned { .. })));
    let other = SignerKey::generate(name("example.com/log")).unwrap();
    note.verify(&[other.verifier(), key]).unwrap();
    // Found by trial: two keys of this name that share their id.
    let [one, two] = [1497_u64, 55_170].map(|number| {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&number.to_be_bytes());
        SigningKey::from_bytes(&seed)
    });
    let [first, second] = [&one, &two].map(|key| {
        let key = key.verifying_key().to_bytes();
        VerifierKey::new(name("example.com/log"), SignatureType::Ed25519, &key).unwrap()
    });
    assert_eq!(first.id(), second.id());
    let bytes = [first.id().0.as_slice(), &one.sign(note.text().as_bytes()).to_bytes()].concat();
    let line = format!("— example.com/log {}", base64(&bytes));
    let note = note.with_signature_line(&line).unwrap();
    note.verify(std::slice::from_ref(&first)).unwrap();
    let refused = note.verify(std::slice::from_ref(&second));
    assert!(matches!(refused, Err(Error::BadSignature { .. })));
    assert!(matches!(note.verify(&[first, second]), Err(Error::AmbiguousKey { .. })));
}

#[test]
fn sixteen_post_quantum_signatures_fit_and_limits_hold() {
    let Log { signer, note, .. } = log();
    let large = base64(&[7; 5000]);
    let lines: String = (0..16).map(|at| format!("— witness{at} {large}\n")).collect();
    let heavy = SignedNote::parse(format!("{note}{lines}").as_bytes()).unwrap();
    heavy.verify(&[signer.verifier()]).unwrap();
    let crowd = |count: usize| format!("{note}{}", "— someone AAAAAAAA\n".repeat(count));
    SignedNote::parse(crowd(MAX_SIGNATURES - 1).as_bytes()).unwrap();
    assert!(matches!(SignedNote::parse(crowd(MAX_SIGNATURES).as_bytes()), Err(Error::TooLong { .. })));
    let longest = "x".repeat(MAX_NOTE_BYTES - note.to_string().len());
    SignedNote::parse(format!("{longest}{note}").as_bytes()).unwrap();
    assert!(matches!(SignedNote::parse(format!("{longest}x{note}").as_bytes()), Err(Error::TooLong { .. })));
    let full = SignedNote::parse(crowd(MAX_SIGNATURES - 1).as_bytes()).unwrap();
    assert!(full.with_signature_line("— one-more AAAAAAAA").is_err());
}
