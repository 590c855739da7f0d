//! How much of a long list is shown: all of it to programs, its beginning to people.

use clap::Args;

use super::call::{Call, Format};
use super::out::Out;

/// So many items are shown to people unless another number is asked for.
const SHOWN_MAX: usize = 100;

/// How many items of a list are wanted.
#[derive(Args, Clone, Debug)]
pub(super) struct Limit {
    /// At most so many [default: 100 in a table, all otherwise]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

impl Limit {
    /// The number itself.
    pub(super) fn items(&self, call: &Call) -> usize {
        match (self.limit, call.format()) {
            (Some(limit), _) => limit,
            (None, Format::Table) => SHOWN_MAX,
            (None, Format::Json | Format::Jsonl | Format::Csv) => usize::MAX,
        }
    }

    /// As much of the list as is shown.
    pub(super) fn cut<'a, T>(&self, items: &'a [T], call: &Call) -> &'a [T] {
        &items[..items.len().min(self.items(call))]
    }

    /// Says that there are more, where there are.
    pub(super) fn note(&self, all: usize, call: &Call, out: &mut Out) {
        let shown = self.items(call);
        if all > shown {
            out.note(&format!("the first {shown} of {all} are shown; --limit shows more"));
        }
    }
}
