//! What a fact-checker's label comes to: true, false, a mixture, or something else that is not guessed at.
//!
//! The words are read as ClaimsKG reads them (what is mostly or half so is a mixture), but for those that speak of a picture,
//! of an attribution or of a missing context instead of what was claimed: these stay `other`, with the label as published.

use crate::event::Rating;

const TRUE: [&str; 11] =
    ["true", "correct", "accurate", "verdadero", "verdadeiro", "vero", "vrai", "wahr", "richtig", "truth", "completely true"];
const FALSE: [&str; 19] = [
    "false",
    "pants on fire",
    "pants fire",
    "incorrect",
    "inaccurate",
    "not true",
    "untrue",
    "wrong",
    "fake",
    "totally false",
    "completely false",
    "falso",
    "falsa",
    "faux",
    "falsch",
    "not correct",
    "not accurate",
    "fiction",
    "fabricated",
];
const MIXTURE: [&str; 8] =
    ["mixture", "mixed", "barely true", "truth and fiction", "mix of true and false", "partlyfalse", "partlytrue", "half truth"];
/// With one of these before it, a word from [`OF_A_MIXTURE`] says that a claim is in part so.
const IN_PART: [&str; 6] = ["mostly", "partly", "partially", "somewhat", "half", "largely"];
const OF_A_MIXTURE: [&str; 6] = ["true", "false", "correct", "incorrect", "accurate", "inaccurate"];

/// What a label comes to.
pub(super) fn of_label(label: &str) -> Rating {
    let words: String = label.chars().map(|c| if c.is_alphanumeric() { c.to_lowercase().next().unwrap_or(c) } else { ' ' }).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_in_part = || words.split_once(' ').is_some_and(|(part, word)| IN_PART.contains(&part) && OF_A_MIXTURE.contains(&word));
    if TRUE.contains(&words.as_str()) {
        Rating::True
    } else if FALSE.contains(&words.as_str()) {
        Rating::False
    } else if MIXTURE.contains(&words.as_str()) || is_in_part() {
        Rating::Mixture
    } else {
        Rating::Other
    }
}

/// What a number comes to that has no label beside it, between the worst and the best of its scale: 1 and 5 where it does not
/// say (schema.org). Between the ends it is a mixture.
pub(super) fn of_number(value: f64, worst: f64, best: f64) -> Rating {
    let is_on_scale = worst < best && (worst..=best).contains(&value);
    match (is_on_scale, value == best, value == worst) {
        (false, ..) => Rating::Other,
        (true, true, _) => Rating::True,
        (true, false, true) => Rating::False,
        (true, false, false) => Rating::Mixture,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_and_none_is_guessed_at() {
        let table = [
            (Rating::True, "True|TRUE|Correct|accurate."),
            (Rating::False, "False|FALSE|pants-fire|Pants on Fire!|Not True|Incorrect|Fake|Faux"),
            (
                Rating::Mixture,
                "half-true|Mostly True|mostly-false|Partly False|Partlyfalse|Somewhat True|Somewhat False|Mixture|Mixed|Barely True",
            ),
            (
                Rating::Other,
                "Misleading|Missing Context|Missing context|Satire|Originated as Satire|Altered Photo/Video|Miscaptioned|Decontextualized|Legend|Unproven|Unknown|Misattributed|Correct Attribution|Other|True story|",
            ),
        ];
        for (rating, labels) in table {
            for label in labels.split('|') {
                assert_eq!(of_label(label), rating, "{label}");
            }
        }
    }

    #[test]
    fn numbers_are_read_on_their_own_scale() {
        let read =
            [(5.0, 1.0, 5.0), (1.0, 1.0, 5.0), (3.0, 1.0, 5.0), (5.0, 1.0, 2.5), (1.0, 5.0, 1.0), (f64::NAN, 1.0, 5.0), (2.5, 1.0, 2.5)];
        let told = read.map(|(value, worst, best)| of_number(value, worst, best));
        use Rating::{False, Mixture, Other, True};
        assert_eq!(told, [True, False, Mixture, Other, Other, Other, True]);
    }
}
