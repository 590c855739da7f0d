//! A picture told in plain sentences, for whoever does not see it.

use super::allegation;
use super::events::when;
use super::measure::said;
use crate::event::Day;
use crate::ledger::{Course, Holders, Lane, Lanes, Numbers, SpeechItem, TallyPoint, Turn};
use crate::stance::{Grade, Order, Value};

/// Of a long list, so many are told.
const TOLD: usize = 6;
/// Of the changes of one stance, so many.
const TURNS: usize = 4;

/// An actor's stances.
pub(super) fn lanes(lanes: &Lanes) -> String {
    let mut told: Vec<String> = lanes.lanes.iter().take(TOLD).map(lane).collect();
    let others = lanes.lanes.len().saturating_sub(TOLD) as u64 + lanes.others;
    if others > 0 {
        told.push(format!("There are {others} more targets."));
    }
    if told.is_empty() && lanes.speeches.is_empty() {
        told.push("No event that counts is recorded.".to_owned());
    }
    let speech = |one: &SpeechItem| format!("On the claim {}: {} ({}).", said(&one.claim), one.speech, one.occurred);
    told.extend(lanes.speeches.iter().take(TOLD).map(speech));
    let more = lanes.speeches.len().saturating_sub(TOLD);
    if more > 0 {
        told.push(format!("Claims were spoken of {more} more times."));
    }
    told.extend(lanes.alleged.iter().take(TOLD).map(|one| format!("Alleged, and not counted: {}.", allegation::told(one, lanes))));
    told.join(" ")
}

fn lane(lane: &Lane) -> String {
    let name = said(&lane.target_name);
    let mut told = match &lane.turns[..] {
        [] => format!("Toward {name}: no stance."),
        turns if turns.len() <= TURNS => format!("Toward {name}: {}.", turns.iter().map(turn).collect::<Vec<_>>().join(", then ")),
        turns => {
            let flips = turns.iter().filter(|turn| turn.flip == Some(Grade::Full) && turn.confirmed).count();
            let last = turns.last().map(turn).unwrap_or_default();
            format!("Toward {name}: {} changes, {flips} of them confirmed full flips; in the end {last}.", turns.len())
        }
    };
    if let Some(gap) = lane.gap {
        told.push_str(&format!(" Words and deeds part: declared {}, enacted {}.", gap.declared, gap.enacted));
    }
    told
}

fn turn(turn: &Turn) -> String {
    let mut told = format!("{} {}", turn.to, since(turn.at));
    if let Some(grade) = turn.flip {
        let confirmed = if turn.confirmed { "" } else { ", not confirmed" };
        told.push_str(&format!(" ({grade} flip{confirmed})"));
    }
    if turn.order == Order::Unknown {
        told.push_str(" (order unknown)");
    }
    told
}

fn since(at: Day) -> String {
    if at == Day::BEFORE_ALL { "since before all dates".to_owned() } else { format!("from {at}") }
}

/// Where everybody stood.
pub(super) fn numbers(numbers: &Numbers) -> String {
    let (Some(first), Some(last)) = (numbers.points.first(), numbers.points.last()) else {
        return "Nobody has a stance toward it.".to_owned();
    };
    let mut told = vec![format!("In the end: {}.", tally(last))];
    told.extend(numbers.holders.iter().map(|one| format!("{}: {}.", capital(one.value.word()), holders(one))));
    told.push(format!("The numbers begin {} and change for the last time {}.", on(first.at), on(last.at)));
    told.join(" ")
}

fn on(at: Day) -> String {
    if at == Day::BEFORE_ALL { "before all dates".to_owned() } else { format!("on {at}") }
}

fn tally(point: &TallyPoint) -> String {
    let held = Value::ALL.iter().filter(|value| point.count(**value) > 0);
    let counts: Vec<String> = held.map(|value| format!("{} {value}", point.count(*value))).collect();
    if counts.is_empty() { "nobody holds a stance".to_owned() } else { counts.join(", ") }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn holders(holders: &Holders) -> String {
    let more = holders.count.saturating_sub(holders.names.len() as u64);
    let mut names: Vec<String> = holders.names.iter().map(|name| said(name)).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

/// What became of a claim.
pub(super) fn course(course: &Course) -> String {
    let stood: Vec<String> = course.statuses.iter().take(TOLD).map(|point| format!("{} {}", point.status, since(point.at))).collect();
    let more = if course.statuses.len() > TOLD { ", and so on" } else { "" };
    let mut told = vec![match stood.is_empty() {
        true => "Nobody has taken it up.".to_owned(),
        false => format!("Where it stood: {}{more}; in the end {}.", stood.join(", then "), course.claim.status),
    }];
    for voice in course.voices.iter().take(TOLD) {
        let names: Vec<String> = voice.names.iter().take(TOLD).map(|name| said(name)).collect();
        let words: Vec<String> =
            voice.utterances.iter().take(TURNS).map(|one| format!("{} ({})", one.speech, when(one.earliest, one.latest))).collect();
        told.push(format!("{}: {}.", names.join(" with "), words.join(", ")));
    }
    let more = course.voices.len().saturating_sub(TOLD);
    if more > 0 {
        told.push(format!("There are {more} more voices."));
    }
    for verdict in course.claim.verdicts.iter().take(TOLD) {
        let reviewer = course.reviewers.get(&verdict.reviewer).unwrap_or(&verdict.reviewer);
        told.push(format!("Verdict of {}: {} ({}).", said(reviewer), said(&verdict.label), verdict.rating));
    }
    told.join(" ")
}
