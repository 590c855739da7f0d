//! The vocabularies that come with the program: everyday words, CAMEO's codes, and PLOVER's types.

use super::action::Vocabulary;
use super::body::Body;
use super::id::EventId;
use super::time::Micros;
use super::wire;

/// Everyday words; the first event of every new log.
const BUILT_IN: &str = include_str!("../../schema/vocabulary/builtin.json");
/// CAMEO's codes; recorded by the importers that need them.
const CAMEO: &str = include_str!("../../schema/vocabulary/cameo.json");
/// PLOVER's event types and modes; recorded by the importer that needs them.
const PLOVER: &str = include_str!("../../schema/vocabulary/plover.json");

/// The everyday words that every new log begins with.
///
/// # Errors
/// None, as long as the file under `schema/vocabulary` is whole; a test reads it.
pub fn built_in() -> Result<Vocabulary, serde_json::Error> {
    read(BUILT_IN)
}

/// CAMEO's codes as actions `cameo-042`.
///
/// # Errors
/// As for [`built_in`].
pub fn cameo() -> Result<Vocabulary, serde_json::Error> {
    read(CAMEO)
}

/// PLOVER's event types as actions `plover-consult`, and with their modes as `plover-consult-visit`.
///
/// # Errors
/// As for [`built_in`].
pub fn plover() -> Result<Vocabulary, serde_json::Error> {
    read(PLOVER)
}

/// The fixed id of a vocabulary: the same name, version and words have the same id in every log.
///
/// # Errors
/// None in practice: a vocabulary can always be written as JSON.
pub fn vocabulary_id(vocabulary: &Vocabulary) -> Result<EventId, serde_json::Error> {
    let actions = serde_json::to_vec(&vocabulary.actions)?;
    let parts: [&[u8]; 4] = [b"vocabulary", vocabulary.name.as_bytes(), vocabulary.version.as_bytes(), &actions];
    Ok(EventId::of_content(Micros(0), &parts))
}

fn read(json: &str) -> Result<Vocabulary, serde_json::Error> {
    match wire::parse(json)?.body {
        Body::Vocabulary(vocabulary) => Ok(vocabulary),
        other => Err(serde::de::Error::custom(format!("expected a vocabulary, found a {}", other.event_type()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Common, check};

    #[test]
    fn built_in_vocabularies_are_whole_and_keep_their_ids() {
        for (vocabulary, least) in [(built_in().unwrap(), 40), (cameo().unwrap(), 290), (plover().unwrap(), 80)] {
            assert!(vocabulary.actions.len() >= least, "{} has {}", vocabulary.name, vocabulary.actions.len());
            check(&Body::Vocabulary(vocabulary), &Common::default()).unwrap();
        }
    }
}
