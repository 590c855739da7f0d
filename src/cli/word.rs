//! Flags whose values are the words of the domain: kinds, tiers, sides, types.

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Reads one of a closed list of words.
pub(super) fn word<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    word: fn(T) -> &'static str,
    from_word: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    let words = PossibleValuesParser::new(all.iter().map(|one| word(*one)));
    words.try_map(move |text| from_word(&text).ok_or("no word of the list"))
}
