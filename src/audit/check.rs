//! Checking a bundle: with nothing but the bundle and the public keys that the reader brings along.

use super::bundle::{BUNDLE_FORMAT, Bundle, BundledEvent, strict_note};
use super::error::Error;
use super::finding::{Finding, Kind};
use super::row::hex;
use crate::event::{Body, EventId, FORMAT, Micros};
use crate::log::{Excerpt, HEADER_LEN, Row, SALT_LEN, Seq, body_hash, leaf_hash};
use crate::merkle::{Hash, InclusionProof, LeafIndex, TreeHead, Trust, VerifierKey};
use crate::projection::{Views, catch_up};
use crate::query::{Counted, Detail, Snapshot, When};

/// What a check came to.
#[derive(Clone, PartialEq, Debug)]
pub struct Checked {
    /// The bundle, as far as it reads.
    pub bundle: Option<Bundle>,
    /// Everything that is wrong with it; nothing where it proves what it says.
    pub findings: Vec<Finding>,
}

/// Checks a bundle: form, signatures, proofs, and that the answer follows from the events.
pub fn check_bundle(text: &[u8], key: &VerifierKey, witnesses: &[VerifierKey]) -> Checked {
    let bundle: Bundle = match serde_json::from_slice(text) {
        Ok(bundle) => bundle,
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            return Checked { bundle: None, findings: vec![Finding::of(&place, Kind::Form, "a bundle", error.to_string())] };
        }
    };
    let mut findings = Vec::new();
    check_form(&bundle, text, &mut findings);
    let head = check_checkpoint(&bundle, key, witnesses, &mut findings);
    let rows = check_events(&bundle, head, &mut findings);
    check_seal(&bundle, key, &mut findings);
    // What is not proved to be recorded cannot answer anything.
    if findings.is_empty() {
        match answer_again(&bundle, &rows) {
            Ok((answer, counted)) => compare(&bundle, &answer, &counted, &mut findings),
            Err(said) => findings.push(Finding::of("answer", Kind::Answer, "an answer that follows from the events", said)),
        }
    }
    Checked { bundle: Some(bundle), findings }
}

/// There is one spelling of a bundle, so that every byte of the file is looked at.
fn check_form(bundle: &Bundle, text: &[u8], findings: &mut Vec<Finding>) {
    if bundle.format != BUNDLE_FORMAT {
        findings.push(Finding::of("format", Kind::Form, BUNDLE_FORMAT, bundle.format.clone()));
    }
    let due = bundle.to_text().unwrap_or_default();
    if due.as_bytes() != text {
        let same = due.bytes().zip(text).take_while(|(a, b)| a == *b).count();
        let line = 1 + text[..same].iter().filter(|byte| **byte == b'\n').count();
        findings.push(Finding::of(
            &format!("line {line}"),
            Kind::Form,
            "the one spelling of these values",
            format!("another, from byte {same} on"),
        ));
    }
    let written = bundle.question.as_of_us.map(|end| Micros(end).to_string());
    if written != bundle.question.as_of {
        let (is, due) = (bundle.question.as_of.clone().unwrap_or_default(), written.unwrap_or_default());
        findings.push(Finding::of("question/as_of", Kind::Form, due, is));
    }
}

fn check_checkpoint(bundle: &Bundle, key: &VerifierKey, witnesses: &[VerifierKey], findings: &mut Vec<Finding>) -> Option<TreeHead> {
    let trusted = || {
        let mut trust = Trust::new(key.clone())?;
        for witness in witnesses {
            trust = trust.with_witness(witness.clone())?;
        }
        Ok(trust)
    };
    let opened = strict_note(&bundle.checkpoint, 1 + witnesses.len()).and_then(|note| {
        let verified = trusted().and_then(|trust| trust.verify(&note)).map_err(|error: crate::merkle::Error| error.to_string())?;
        let known = 1 + verified.cosignatures.len();
        strict_note(&bundle.checkpoint, known).map(|_| verified.checkpoint.head())
    });
    opened.map_err(|said| findings.push(Finding::of("checkpoint", Kind::Signature, format!("a checkpoint signed by {key}"), said))).ok()
}

fn check_seal(bundle: &Bundle, key: &VerifierKey, findings: &mut Vec<Finding>) {
    let opened = strict_note(&bundle.seal, 1)
        .and_then(|note| note.verify(std::slice::from_ref(key)).map_err(|error| error.to_string()).map(|_| note.text().to_owned()));
    let signed = match opened {
        Ok(signed) => signed,
        Err(said) => return findings.push(Finding::of("seal", Kind::Signature, format!("a seal signed by {key}"), said)),
    };
    let due = bundle.seal_text().unwrap_or_default();
    let mut same = true;
    for (is, sealed) in due.lines().zip(signed.lines()).filter(|(is, sealed)| is != sealed) {
        let part = is.split(' ').next().unwrap_or("format");
        findings.push(Finding::of(part, Kind::Seal, format!("what was sealed: {sealed}"), is));
        same = false;
    }
    if same && due != signed {
        findings.push(Finding::of("seal", Kind::Seal, due, signed));
    }
}

/// Checks every event against its header, its header against the tree; the rows of those that are in order.
fn check_events(bundle: &Bundle, head: Option<TreeHead>, findings: &mut Vec<Finding>) -> Vec<Row> {
    let (mut rows, mut before) = (Vec::new(), 0);
    for (index, event) in bundle.events.iter().enumerate() {
        let mut found = |part: &str, kind, expected: &str, is: String| {
            let table = format!("events[{index}]{part}");
            findings.push(Finding { seq: Some(event.seq), ..Finding::of(&table, kind, expected, is) });
        };
        if event.seq <= before {
            found("/seq", Kind::Hole, "events by seq, each once", format!("{} after {before}", event.seq));
        }
        before = event.seq;
        match read_event(event) {
            Ok((row, is_body)) => {
                if !is_body {
                    found("/body", Kind::Body, "salt and body that give the hash in the header", "another hash".to_owned());
                }
                if let Some(head) = head
                    && let Err(said) = check_proof(event, &row, head)
                {
                    found("/proof", Kind::Proof, "hashes that lead from the header to the root", said);
                }
                rows.push(row);
            }
            Err((part, expected)) => found(part, Kind::Header, expected, "something else".to_owned()),
        }
    }
    rows
}

/// The row of an event, and whether its body is the one that its header names.
fn read_event(event: &BundledEvent) -> Result<(Row, bool), (&'static str, &'static str)> {
    let header: [u8; HEADER_LEN] = unhex(&event.header).ok_or(("/header", "65 bytes in lowercase hexadecimal"))?;
    let content = match (&event.salt, &event.body) {
        (Some(salt), Some(body)) => {
            let salt: [u8; SALT_LEN] = unhex(salt).ok_or(("/salt", "16 bytes in lowercase hexadecimal"))?;
            Some((salt, body))
        }
        (None, None) => None,
        (_, _) => return Err(("/salt", "salt and body, or neither where the content was erased")),
    };
    let (mut seq, mut id, mut recorded_at) = ([0; 8], [0; 16], [0; 8]);
    seq.copy_from_slice(&header[1..9]);
    id.copy_from_slice(&header[9..25]);
    recorded_at.copy_from_slice(&header[25..33]);
    if header[0] != FORMAT || i64::from_be_bytes(seq) != event.seq {
        return Err(("/seq", "the format and the seq that the header has"));
    }
    let is_body = content.is_none_or(|(salt, body)| body_hash(&salt, body.as_bytes()) == header[33..]);
    let (id, recorded_at) = (EventId::from_bytes(id), Micros(i64::from_be_bytes(recorded_at)));
    Ok((Row { seq: Seq(event.seq), id, recorded_at, leaf: leaf_hash(&header), body: event.body.clone() }, is_body))
}

fn check_proof(event: &BundledEvent, row: &Row, head: TreeHead) -> Result<(), String> {
    let hash = |text: &String| unhex(text).map(Hash).ok_or_else(|| "a hash that is not 32 bytes in lowercase hexadecimal".to_owned());
    let hashes = event.proof.iter().map(hash).collect::<Result<_, _>>()?;
    let index = u64::try_from(row.seq.0 - 1).map_err(|_| "a seq below 1".to_owned())?;
    let proof = LeafIndex::new(index).and_then(|index| InclusionProof::new(index, hashes));
    proof.and_then(|proof| proof.verify(Hash(row.leaf), head)).map_err(|error| error.to_string())
}

/// Bytes written as lowercase hexadecimal digits.
fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().as_chunks::<2>().0) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    (hex(&bytes) == text).then_some(bytes)
}

/// Answers the question from the bundle's events alone, by the same tables and the same fold as a log does.
fn answer_again(bundle: &Bundle, rows: &[Row]) -> Result<(serde_json::Value, Vec<Counted>), String> {
    let said = |error: Error| error.to_string();
    let question = &bundle.question;
    let excerpt = Excerpt::of(rows).map_err(|e| said(e.into()))?;
    let views = Views::in_memory().map_err(|e| said(e.into()))?;
    catch_up(&views, excerpt.reader(), |_| {}).map_err(|e| said(e.into()))?;
    // At an early K, no event of the bundle may name who was asked about.
    let (actor, target) = (views.number_slug(&question.actor), views.number_slug(&question.target));
    let (actor, target) = (actor.map_err(|e| said(e.into()))?, target.map_err(|e| said(e.into()))?);
    let when = When { as_of: question.as_of_us.map(Micros), known_at: Some(Seq(question.known_at)), rule: question.rule };
    let snapshot = Snapshot::take(&views, excerpt.reader(), when).map_err(|e| said(e.into()))?;
    let mut answer = snapshot.answer(actor, target, Detail::Full).map_err(|e| said(e.into()))?;
    answer.erased = erased(bundle, rows)?;
    let counted = snapshot.counted(actor, target).map_err(|e| said(e.into()))?;
    Ok((serde_json::to_value(answer).map_err(|e| e.to_string())?, counted))
}

/// The number of erased events that the answer tells, if the `erase` events name as many, and those of the bundle.
fn erased(bundle: &Bundle, rows: &[Row]) -> Result<u64, String> {
    let mut named = std::collections::BTreeSet::new();
    for row in rows {
        if let Some(Body::Erase(erase)) = row.event().map_err(|e| e.to_string())?.map(|event| event.body) {
            named.extend(erase.events);
        }
    }
    if let Some(row) = rows.iter().find(|row| row.body.is_none() && !named.contains(&row.id)) {
        return Err(format!("event {} without content, which no `erase` event here names", row.seq));
    }
    let told = bundle.answer.get("erased").and_then(serde_json::Value::as_u64).unwrap_or_default();
    if told <= named.len() as u64 { Ok(told) } else { Err(format!("{told} erased events, of which {} are named", named.len())) }
}

fn compare(bundle: &Bundle, answer: &serde_json::Value, counted: &[Counted], findings: &mut Vec<Finding>) {
    let fields = |value: &serde_json::Value| value.as_object().cloned().unwrap_or_default();
    let (due, is) = (fields(answer), fields(&bundle.answer));
    for name in due.keys().chain(is.keys().filter(|name| !due.contains_key(*name))) {
        let (due, is) = (due.get(name), is.get(name));
        if due != is {
            let told = |value: Option<&serde_json::Value>| value.map_or_else(|| "nothing".to_owned(), ToString::to_string);
            findings.push(Finding::of(&format!("answer/{name}"), Kind::Answer, told(due), told(is)));
        }
    }
    for index in 0..counted.len().max(bundle.counted.len()) {
        let (due, is) = (counted.get(index), bundle.counted.get(index));
        if due != is {
            let told = |one: Option<&Counted>| one.map_or_else(|| "nothing".to_owned(), |one| format!("event {}: {one:?}", one.seq));
            findings.push(Finding::of(&format!("counted[{index}]"), Kind::Answer, told(due), told(is)));
        }
    }
}
