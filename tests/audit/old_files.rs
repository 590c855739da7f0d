//! Files that earlier programs wrote open and verify for ever, and the bytes that are hashed never change.

use stancelog::Ledger;
use stancelog::event::{EventId, Micros};
use stancelog::ledger::VerifyWanted;
use stancelog::log::{Seq, body_hash, header, leaf_hash};

use super::support::{findings, folder};

fn golden(name: &str) -> String {
    format!("{}/fixtures/golden/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn every_layout_opens_and_verifies() {
    let text = std::fs::read_to_string(golden("roots.txt")).unwrap();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, root) = line.split_once(' ').unwrap();
        let folder = folder();
        let path = folder.path().join("stances.db");
        std::fs::copy(golden(name), &path).unwrap();
        // A reader changes nothing, whatever the layout; the first writer brings it up to date.
        assert_eq!(findings(&Ledger::open_read_only(&path).unwrap(), &VerifyWanted::default()), [], "{name}");
        let ledger = Ledger::open(&path).unwrap();
        assert_eq!(ledger.status().unwrap().root.as_deref(), Some(root), "{name}");
        assert_eq!(findings(&ledger, &VerifyWanted::default()), [], "{name}");
        ledger
            .append([stancelog::event::parse(r#"{"actor":"Eve","action":"backs","target":"Ukraine","occurred":"2024"}"#).unwrap()])
            .unwrap();
        assert_eq!(findings(&ledger, &VerifyWanted::default()), [], "{name}");
    }
}

#[test]
fn what_is_hashed_for_an_event_is_pinned() {
    let text = std::fs::read_to_string(golden("headers.txt")).unwrap();
    let mut lines = 0;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let [seq, id, recorded_at, salt, body, pinned_header, pinned_leaf] = line.splitn(7, ' ').collect::<Vec<_>>().try_into().unwrap();
        let hash = body_hash(&unhex(salt), &unhex(body));
        let id = EventId::from_bytes(unhex(id).try_into().unwrap());
        let bytes = header(Seq(seq.parse().unwrap()), id, Micros(recorded_at.parse().unwrap()), &hash);
        assert_eq!((hex(&bytes).as_str(), hex(&leaf_hash(&bytes)).as_str()), (pinned_header, pinned_leaf), "{line}");
        lines += 1;
    }
    assert_eq!(lines, 6);
}
