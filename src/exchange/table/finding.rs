//! What an audit finds, as rows.

use super::{Tabular, or_empty};
use crate::audit::Finding;

impl Tabular for Finding {
    const COLUMNS: &'static [&'static str] = &["seq", "table", "kind", "expected", "found"];

    fn rows(&self) -> Vec<Vec<String>> {
        let Finding { seq, table, kind, expected, found } = self;
        vec![vec![or_empty(*seq), table.clone(), kind.to_string(), expected.clone(), found.clone()]]
    }
}
