//! What is looked up, as rows: entities, words of the vocabulary, hits of a search, weak spots.

use super::{Tabular, joined, or_empty};
use crate::query::{ActionItem, EntityItem, Hit, ReviewPart};

impl Tabular for EntityItem {
    const COLUMNS: &'static [&'static str] = &["entity", "kind", "name", "aliases", "roles", "identifiers", "merged"];

    fn rows(&self) -> Vec<Vec<String>> {
        let EntityItem { entity, kind, name, aliases, limited_aliases, roles, identifiers, merged, .. } = self;
        vec![vec![
            entity.clone(),
            kind.to_string(),
            name.clone(),
            joined(aliases.iter().cloned().chain(limited_aliases.iter().map(|alias| alias.name.clone()))),
            joined(roles.iter().map(|role| role.title.clone())),
            joined(identifiers.iter().map(|(scheme, id)| format!("{scheme}={id}"))),
            merged.join("; "),
        ]]
    }
}

impl Tabular for ActionItem {
    const COLUMNS: &'static [&'static str] = &["action", "label", "toward", "tier", "side", "speech", "formal"];

    fn rows(&self) -> Vec<Vec<String>> {
        let ActionItem { action, label, toward, tier, side, speech, formal } = self;
        vec![vec![
            action.clone(),
            label.clone(),
            toward.to_string(),
            or_empty(*tier),
            or_empty(*side),
            or_empty(*speech),
            formal.to_string(),
        ]]
    }
}

/// For an event, `ref` is its id.
impl Tabular for Hit {
    const COLUMNS: &'static [&'static str] = &["kind", "ref", "seq", "text"];

    fn rows(&self) -> Vec<Vec<String>> {
        vec![match self {
            Hit::Entity { entity, name } => vec!["entity".to_owned(), entity.clone(), String::new(), name.clone()],
            Hit::Claim { claim, text } => vec!["claim".to_owned(), claim.clone(), String::new(), text.clone()],
            Hit::Event { seq, id, note } => vec!["event".to_owned(), id.to_string(), seq.to_string(), note.clone()],
        }]
    }
}

/// One row for each weak spot, with how many there are of its kind.
impl Tabular for ReviewPart {
    const COLUMNS: &'static [&'static str] = &["kind", "count", "subject"];

    fn rows(&self) -> Vec<Vec<String>> {
        self.items.iter().map(|item| vec![item.kind.to_string(), self.count.to_string(), item.subject.join("; ")]).collect()
    }
}
