//! An answer in words: what `stance`, `sides` and `why` have in common.

use super::out::shown;
use super::plain::number;
use crate::event::Tier;
use crate::ledger::Answer;
use crate::stance::Value;

/// What the stance is, in a sentence; `title` stands behind the actor's name, between commas.
pub(super) fn sentence(answer: &Answer, title: &str) -> String {
    let (actor, target) = (format!("{}{}", shown(&answer.actor_name), shown(title)), shown(&answer.target_name));
    let says = match (answer.stance, answer.basis) {
        (Value::Favor, _) => format!("{actor} favors {target}"),
        (Value::Against, _) => format!("{actor} is against {target}"),
        (Value::Mixed, _) => format!("{actor} is both for and against {target}"),
        (Value::Abstain, _) => format!("{actor} abstains on {target}"),
        (Value::Neutral, Some(Tier::Spoken)) => format!("{actor} has spoken about {target} and taken no side"),
        (Value::Neutral, _) => format!("{actor} is neutral on {target}"),
        (Value::None, _) => return format!("{actor} has no recorded stance on {target}."),
    };
    let basis = answer.basis.map(|basis| format!(" ({basis})")).unwrap_or_default();
    format!("{says}{basis}, {}.", times(answer))
}

/// Since when, and when last.
fn times(answer: &Answer) -> String {
    let since = match answer.since.as_deref() {
        Some("..") | None => "since before the records begin".to_owned(),
        Some(since) => format!("since {since}"),
    };
    match answer.last.as_deref() {
        Some("..") | None => since,
        Some(last) if Some(last) == answer.since.as_deref() => since,
        Some(last) => format!("{since}; last {last}"),
    }
}

/// A day as a table shows it.
pub(super) fn day(day: Option<&str>) -> &str {
    match day {
        Some("..") => "before all",
        Some(day) => day,
        None => "-",
    }
}

/// How many events count, by tier: `3 declared, 3 implied`.
pub(super) fn counts(answer: &Answer) -> String {
    let given = answer.counts.iter().filter(|(_, count)| **count > 0);
    given.map(|(tier, count)| format!("{count} {tier}")).collect::<Vec<_>>().join(", ")
}

/// What a reader should know besides the stance, in short words.
pub(super) fn marks(answer: &Answer) -> String {
    let mut marks = Vec::new();
    if !answer.certain {
        marks.push("uncertain".to_owned());
    }
    if answer.gap {
        marks.push("gap".to_owned());
    }
    if answer.flips > 0 {
        marks.push(number(answer.flips, "flip", "flips"));
    }
    marks.join(", ")
}

/// The same in sentences.
pub(super) fn remarks(answer: &Answer) -> Vec<String> {
    let mut said = Vec::new();
    if !answer.certain {
        said.push("Not certain: what decides may have happened after the date asked for.".to_owned());
    }
    if answer.gap {
        said.push("Words and deeds part: what was declared and what was done are on opposite sides.".to_owned());
    }
    match answer.flips {
        0 => {}
        1 => said.push("Changed sides once (confirmed).".to_owned()),
        flips => said.push(format!("Changed sides {flips} times (confirmed).")),
    }
    if answer.erased > 0 {
        said.push(format!("Erased in this log: {}; what was said there cannot count.", number(answer.erased, "event", "events")));
    }
    said
}
