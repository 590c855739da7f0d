//! Checkpoints and proofs that travel alone: printed back, trusted for one log, refused when they are not well formed.

use super::*;

#[test]
fn checkpoints_print_back() {
    let head = TreeHead { size: size(42), root: ROOT.parse().unwrap() };
    let plain = Checkpoint::new("example.com/log", head).unwrap();
    assert_eq!(plain.to_string(), format!("example.com/log\n42\n{ROOT}\n"));
    let extended = plain.clone().with_extension("one").unwrap().with_extension("two words").unwrap();
    assert_eq!(extended.extensions(), ["one", "two words"]);
    for checkpoint in [plain, extended, Checkpoint::new("a log + more", TreeHead::EMPTY).unwrap()] {
        let text = checkpoint.to_string();
        assert_eq!(text.parse::<Checkpoint>().unwrap(), checkpoint);
        let theirs = tlog_tiles::Checkpoint::from_bytes(text.as_bytes()).unwrap();
        assert_eq!(theirs.size(), checkpoint.head().size.get());
        assert_eq!(theirs.hash().0, checkpoint.head().root.0);
    }
}

#[test]
fn checkpoints_that_are_refused() {
    let head = TreeHead { size: size(42), root: ROOT.parse().unwrap() };
    for (origin, extension) in [("", "x"), ("a\nb", "x"), ("a\tb", "x"), ("a", ""), ("a", "x\n"), ("a", "x\0")] {
        let made = Checkpoint::new(origin, head).and_then(|it| it.with_extension(extension));
        assert!(made.is_err(), "{origin:?} {extension:?}");
    }
    assert!(Checkpoint::new(&"o".repeat(256), head).is_err());
    let false_empty = TreeHead { size: size(0), ..head };
    assert!(Checkpoint::new("log", false_empty).is_err());
    let bad = [
        String::new(),
        "\n".to_owned(),
        "log\n".to_owned(),
        "log\n42\n".to_owned(),
        format!("log\n42\n{ROOT}"),
        format!("\n42\n{ROOT}\n"),
        format!("log\n\n{ROOT}\n"),
        format!("log\n42\n\n{ROOT}\n"),
        format!("log\n42\n{ROOT}\n\n"),
        format!("log\n42\n{ROOT}\nx\n\n"),
        format!("log\n42\n{ROOT}\n\nx\n"),
        format!("log\n042\n{ROOT}\n"),
        format!("log\n+42\n{ROOT}\n"),
        format!("log\n-42\n{ROOT}\n"),
        format!("log\n 42\n{ROOT}\n"),
        format!("log\n42 \n{ROOT}\n"),
        format!("log\n4_2\n{ROOT}\n"),
        format!("log\n9223372036854775808\n{ROOT}\n"),
        format!("log\n18446744073709551616\n{ROOT}\n"),
        format!("log\n0\n{ROOT}\n"),
        format!("log\n00\n{ROOT}\n"),
        format!("log\n42\n{ROOT} \n"),
        format!("log\r\n42\r\n{ROOT}\r\n"),
        format!("log\n42\n{}\n", ROOT.replace("2I=", "2J=")),
        format!("log\n42\n{}\n", ROOT.replace('=', "")),
        format!("log\n42\n{}\n", &ROOT[4..]),
        format!("log\n42\n{}\n", leaf_hash(b"in hexadecimal")),
        format!("log\n42\nAAAA{ROOT}\n"),
    ];
    for text in &bad {
        assert!(text.parse::<Checkpoint>().is_err(), "{text:?}");
    }
}

#[test]
fn a_checkpoint_is_trusted_for_its_log_alone() {
    let Log { signer, checkpoint, note } = log();
    let bytes = note.to_string();
    let trust = Trust::new(signer.verifier()).unwrap();
    let verified = trust.open(bytes.as_bytes()).unwrap();
    assert_eq!((verified.checkpoint, verified.cosignatures.len()), (checkpoint, 0));
    let elsewhere = trust.clone().with_origin("example.com/another");
    assert!(matches!(elsewhere.open(bytes.as_bytes()), Err(Error::OtherOrigin { .. })));
    let stranger = Trust::new(log().signer.verifier()).unwrap();
    assert!(matches!(stranger.open(bytes.as_bytes()), Err(Error::NotSigned { .. })));
    let no_checkpoint = signer.sign("example.com/log\nsigned, but no checkpoint\n").unwrap();
    assert!(matches!(trust.verify(&no_checkpoint), Err(Error::Malformed { line: 2, .. })));
}

#[test]
fn an_origin_may_differ_from_the_key_name() {
    let signer = log().signer;
    let head = TreeHead { size: size(42), root: ROOT.parse().unwrap() };
    let checkpoint = Checkpoint::new("a name with spaces", head).unwrap();
    let note = signer.sign(&checkpoint.to_string()).unwrap();
    let trust = Trust::new(signer.verifier()).unwrap();
    assert!(matches!(trust.verify(&note), Err(Error::OtherOrigin { .. })));
    trust.with_origin("a name with spaces").verify(&note).unwrap();
}

#[test]
fn cosignatures_are_verified_and_kept() {
    let Log { signer, checkpoint, note } = log();
    let (known, unknown) = (Witness::new("known.example/w", 1), Witness::new("unknown.example/w", 2));
    let text = checkpoint.to_string();
    let note = note
        .with_signature_line(&known.line(&text, 1_700_000_000))
        .and_then(|note| note.with_signature_line(&unknown.line(&text, 1_700_000_001)))
        .unwrap();
    let trust = Trust::new(signer.verifier()).unwrap().with_witness(known.verifier()).unwrap();
    let verified = trust.open(note.to_string().as_bytes()).unwrap();
    let [cosignature] = &verified.cosignatures[..] else {
        panic!("one witness is known: {verified:?}");
    };
    assert_eq!(cosignature.witness.as_str(), "known.example/w");
    assert_eq!((cosignature.id, cosignature.time_s), (known.verifier().id(), 1_700_000_000));
    let nobody_home = SignedNote::parse(note.to_string().replace("— example.com/log", "— example.org/log").as_bytes());
    let refused = trust.verify(&nobody_home.unwrap());
    assert!(matches!(refused, Err(Error::NotSigned { .. })), "a witness is not the log: {refused:?}");
}

#[test]
fn times_of_cosignatures() {
    let Log { note, checkpoint, .. } = log();
    let witness = Witness::new("witness.example/w", 1);
    let verify = |line: String| note.with_signature_line(&line).unwrap().verify(&[witness.verifier()]);
    let text = checkpoint.to_string();
    for time_s in [0, 1, 1_679_315_147, i64::MAX as u64] {
        assert_eq!(verify(witness.line(&text, time_s)).unwrap()[0].time_s, Some(time_s));
    }
    for time_s in [i64::MAX as u64 + 1, u64::MAX] {
        assert!(matches!(verify(witness.line(&text, time_s)), Err(Error::BadSignature { .. })));
    }
}

#[test]
fn extension_lines_are_signed_too() {
    let Log { signer, checkpoint, .. } = log();
    let witness = Witness::new("witness.example/w", 1);
    let extended = checkpoint.with_extension("an extension").unwrap();
    let note = signer.sign(&extended.to_string()).unwrap();
    let note = note.with_signature_line(&witness.line(&extended.to_string(), 5)).unwrap();
    let trust = Trust::new(signer.verifier()).unwrap().with_witness(witness.verifier()).unwrap();
    assert_eq!(trust.verify(&note).unwrap().checkpoint.extensions(), ["an extension"]);
    let changed = note.to_string().replace("an extension", "no extension");
    assert!(matches!(trust.open(changed.as_bytes()), Err(Error::BadSignature { .. })));
}

#[test]
fn keys_are_for_one_purpose() {
    let (signer, witness) = (log().signer, Witness::new("witness.example/w", 1));
    let as_log = Trust::new(witness.verifier());
    assert!(matches!(as_log, Err(Error::WrongSignatureType { .. })));
    let as_witness = Trust::new(signer.verifier()).unwrap().with_witness(signer.verifier());
    assert!(matches!(as_witness, Err(Error::WrongSignatureType { .. })));
    let text = witness.verifier().to_string();
    assert_eq!(text.parse::<VerifierKey>().unwrap(), witness.verifier());
    let id = |kind| VerifierKey::new(name("n"), kind, &witness.key.verifying_key().to_bytes()).unwrap().id();
    let ids: [KeyId; 2] = [SignatureType::Ed25519, SignatureType::Cosignature].map(id);
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_tlog_proof_travels_alone() {
    let Log { signer, note, checkpoint } = log();
    let trust = Trust::new(signer.verifier()).unwrap();
    for at in 0..10 {
        let proof = TlogProof::new(proof_of(at), note.clone());
        let text = proof.to_string();
        assert!(text.starts_with(&format!("c2sp.org/tlog-proof@v1\nindex {at}\n")));
        let read = TlogProof::parse(text.as_bytes()).unwrap();
        assert_eq!(read, proof);
        assert_eq!(read.verify(leaf_hash(&leaf_data(at)), &trust).unwrap().checkpoint, checkpoint);
        let other = read.verify(leaf_hash(&leaf_data(at + 1)), &trust);
        assert!(matches!(other, Err(Error::RootMismatch { .. })), "{other:?}");
    }
}

/// Its signature covers everything but the extra data, as the specification says.
#[test]
fn extra_data_is_carried_and_not_signed() {
    let Log { signer, note, .. } = log();
    let trust = Trust::new(signer.verifier()).unwrap();
    for extra in [&b""[..], b"any bytes \x00\xff", &[1; MAX_EXTRA_BYTES]] {
        let proof = TlogProof::new(proof_of(3), note.clone()).with_extra(extra.to_vec()).unwrap();
        let read = TlogProof::parse(proof.to_string().as_bytes()).unwrap();
        assert_eq!((read.extra(), read.to_string()), (Some(extra), proof.to_string()));
        read.verify(leaf_hash(&leaf_data(3)), &trust).unwrap();
    }
    let too_long = vec![1; MAX_EXTRA_BYTES + 1];
    assert!(TlogProof::new(proof_of(3), note).with_extra(too_long).is_err());
}

/// The tables of malformed proofs of `transparency-dev/formats` and `torchwood`, and more.
#[test]
fn tlog_proofs_that_are_refused() {
    let Log { note, .. } = log();
    let hash = leaf_hash(b"hash").to_base64();
    let proof = |head: &str| format!("c2sp.org/tlog-proof@v1\n{head}\n{note}");
    TlogProof::parse(proof(&format!("index 0\n{hash}\n")).as_bytes()).unwrap();
    TlogProof::parse(proof(&format!("extra \nindex 0\n{hash}\n")).as_bytes()).unwrap();
    let bad = [
        String::new(),
        "c2sp.org/tlog-proof@v1".to_owned(),
        "c2sp.org/tlog-proof@v1\n".to_owned(),
        note.to_string(),
        format!("wrong-header\nindex 0\n\n{note}"),
        format!("c2sp.org/tlog-proof@v2\nindex 0\n\n{note}"),
        format!("\nc2sp.org/tlog-proof@v1\nindex 0\n\n{note}"),
        format!("c2sp.org/tlog-proof@v1\nindex 0\n{note}"),
        "c2sp.org/tlog-proof@v1\nindex 0\n\n".to_owned(),
        "c2sp.org/tlog-proof@v1\nindex 0\n".to_owned(),
        "c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n".to_owned(),
        proof(""),
        proof("\n"),
        proof("extra AAAA\n"),
        proof(&format!("{hash}\n")),
        proof("index\n"),
        proof("index \n"),
        proof("index 0"),
        proof("index notanumber\n"),
        proof("index -5\n"),
        proof("index +1\n"),
        proof("index 007\n"),
        proof("index  1\n"),
        proof("index 1 \n"),
        proof("Index 1\n"),
        proof("index 18446744073709551616\n"),
        proof("index 9223372036854775807\n"),
        proof("extra\nindex 0\n"),
        proof("extra !!notbase64!!\nindex 0\n"),
        proof("extra YR==\nindex 0\n"),
        proof("extra YQ\nindex 0\n"),
        proof("extra YQ==\nextra YQ==\nindex 0\n"),
        proof("index 0\nextra YQ==\n"),
        proof("index 0\nindex 0\n"),
        proof("index 0\n!!notbase64!!\n"),
        proof(&format!("index 0\n{}\n", base64(&[0; 64]))),
        proof(&format!("index 0\n{}\n", base64(&[0; 16]))),
        proof(&format!("index 0\n{} \n", hash)),
        proof(&format!("index 0\n{}\n", leaf_hash(b"in hexadecimal"))),
        proof(&format!("index 0\n{}", format!("{hash}\n").repeat(MAX_PROOF_HASHES + 1))),
        proof(&format!("index 0\n{hash}\n")).replace('\n', "\r\n"),
        format!("{}\n", proof("index 0\n")),
        proof(&format!("index 0\n{}\n", "a".repeat(1 << 20))),
    ];
    for text in &bad {
        assert!(TlogProof::parse(text.as_bytes()).is_err(), "{text:.200?}");
    }
}

#[test]
fn errors_read_as_sentences() {
    let Log { signer, note, .. } = log();
    let trust = Trust::new(signer.verifier()).unwrap();
    let refused = |result: Result<_, Error>| match result {
        Err(error) => error.to_string(),
        Ok(()) => panic!("was accepted"),
    };
    let shown = refused(trust.clone().with_origin("b").verify(&note).map(drop));
    assert_eq!(shown, "the checkpoint is of log `example.com/log`, not of `b`");
    let shown = refused("log\n042\n".parse::<Checkpoint>().map(drop));
    assert_eq!(shown, "not a checkpoint: line 2 should be the tree size, a decimal number without sign or leading zeros");
    let shown = refused(note.verify(&[golden_key("peter_neumann")]).map(drop));
    assert_eq!(shown, "the note is not signed by `PeterNeumann`");
    let head = TreeHead { size: size(10), root: Hash::EMPTY_TREE };
    let shown = refused(proof_of(0).verify(leaf_hash(&leaf_data(0)), head));
    let right = super::head(&tree_of(10), 10).root;
    let empty = Hash::EMPTY_TREE;
    assert_eq!(shown, format!("inclusion proof leads to root {right} where the tree of 10 leaves has {empty}"));
}
