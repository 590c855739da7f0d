//! How the words of the vocabulary read: `cameo-051` says little, `cameo-051 (Praise or endorse)` says it.

use std::collections::HashMap;

use super::failure::Failure;
use super::out::shown;
use crate::Ledger;
use crate::ledger::Asked;

/// The labels of the words that do not explain themselves.
pub(super) struct Labels(HashMap<String, String>);

impl Labels {
    /// The labels as they are known at the time asked.
    pub(super) fn of(ledger: &Ledger, asked: &Asked) -> Result<Self, Failure> {
        let mut labels = HashMap::new();
        for item in ledger.actions(None, asked)? {
            if item.label != item.action.replace('-', " ") {
                labels.insert(item.action, item.label);
            }
        }
        Ok(Self(labels))
    }

    /// A word, explained where it needs it; safe to print.
    pub(super) fn explain(&self, action: &str) -> String {
        match self.0.get(action) {
            Some(label) => format!("{} ({})", shown(action), shown(label)),
            None => shown(action).into_owned(),
        }
    }
}
