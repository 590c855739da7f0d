//! What every importer has to keep, whatever stands in the file.

use std::collections::HashMap;

use stancelog::event::{EventId, parse_stored, stored_json};
use stancelog::exchange::{Told, Trouble};

/// Reads a file twice: each row is told once, as part of a fact or as refused with a reason; a fact can be stored and read
/// again; both readings say the same, so that ids are made of content alone.
pub fn told<I: Iterator<Item = Told>>(read: impl Fn() -> I, bytes: &[u8]) {
    let (mut rows, mut ids) = (0, Vec::new());
    let mut drafts: HashMap<EventId, String> = HashMap::new();
    for one in read() {
        match one {
            Ok(fact) => {
                assert!(fact.rows > 0 && fact.line > 0);
                rows += fact.rows;
                let id = fact.draft.id.expect("a fact has an id of its content");
                for draft in fact.beside.iter().chain([&fact.draft]) {
                    let stored = stored_json(&draft.body, &draft.common).expect("a fact can be written");
                    parse_stored(id, &stored).expect("and read again");
                    drafts.insert(draft.id.expect("what comes with a fact has an id"), stored);
                }
                ids.push(id);
            }
            Err(Trouble::Row(bad)) => {
                assert!(bad.rows > 0 && bad.line > 0 && !bad.kind.is_empty() && !bad.reason.message.is_empty(), "{bad:?}");
                rows += bad.rows;
            }
            Err(Trouble::File(_)) => break,
        }
    }
    // Packed files have more lines than they seem to.
    let is_packed = bytes.starts_with(&[0x1f, 0x8b]) || bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    let lines = bytes.split(|byte| *byte == b'\n').count() as u64;
    // In JSON a line may hold many objects.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_json = matches!(text.trim_ascii_start().first(), Some(b'{' | b'['));
    let objects = if is_json { bytes.iter().filter(|byte| **byte == b'{').count() as u64 } else { 0 };
    assert!(is_packed || rows <= lines + objects, "{rows} rows of {lines} lines and {objects} objects");
    let again: Vec<EventId> = read()
        .map_while(|one| match one {
            Ok(fact) => Some(Some(fact)),
            Err(Trouble::Row(_)) => Some(None),
            Err(Trouble::File(_)) => None,
        })
        .flatten()
        .filter_map(|fact| fact.draft.id)
        .collect();
    assert_eq!(ids, again);
}
