//! A voice on a claim: what it stands by, denies or suggests through time, and the words that say so.

use super::held::{Held, bar};
use super::lane::{column, row};
use super::legend::Legend;
use super::measure::{isolated, said};
use super::paint::Paint;
use super::scale::Scale;
use super::sheet::{Drawn, Sheet};
use super::utterance::{Said, utterances};
use crate::event::{Micros, Speech};
use crate::ledger::VoiceCourse;

/// How many of those who speak as one are named.
const NAMED: usize = 6;

/// How a voice stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// It says that it is so.
    By,
    /// It says that it is not so.
    Against,
    /// It says that it may be so.
    Perhaps,
    /// It took back what it said.
    Nowhere,
}

impl Stand {
    /// How a voice stands after an utterance; nothing where the utterance changes nothing.
    fn after(speech: Speech) -> Option<Stand> {
        match speech {
            Speech::Assert | Speech::Confirm | Speech::Concede => Some(Stand::By),
            Speech::Deny => Some(Stand::Against),
            Speech::Suggest => Some(Stand::Perhaps),
            Speech::Withdraw => Some(Stand::Nowhere),
            Speech::Question | Speech::Comment => None,
        }
    }

    fn paint(self) -> Option<Paint> {
        match self {
            Stand::By => Some(Paint::Favor),
            Stand::Against => Some(Paint::Against),
            Stand::Perhaps => Some(Paint::Abstain),
            Stand::Nowhere => None,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Stand::By => "stands by it",
            Stand::Against => "denies it",
            Stand::Perhaps => "suggests it",
            Stand::Nowhere => "took it back",
        }
    }
}

/// The row of one voice.
pub(super) fn voice(voice: &VoiceCourse, sheet: &Sheet, scale: &Scale, legend: &mut Legend) -> Drawn {
    let held = held(voice, scale);
    let mut shown = Vec::new();
    if !held.is_empty() {
        shown.push(bar(&held, scale, sheet.prefix(), legend));
    }
    let uttered = voice.utterances.iter();
    let uttered: Vec<Said> = uttered
        .map(|one| Said { earliest: one.earliest, latest: one.latest, speech: one.speech, words: one.speech.word().to_owned() })
        .collect();
    shown.push(utterances(&uttered, scale, legend));
    let name = voice.names.first().map(|name| said(name)).unwrap_or_default();
    row(sheet, &name, &others(voice), column(shown))
}

/// Those who speak with the first as one voice.
fn others(voice: &VoiceCourse) -> Vec<String> {
    let others: Vec<String> = voice.names.iter().skip(1).take(NAMED).map(|name| isolated(&said(name)).into_owned()).collect();
    let more = voice.names.len().saturating_sub(NAMED + 1);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    if others.is_empty() { Vec::new() } else { vec![format!("one voice with {}{more}", others.join(", "))] }
}

/// What the voice holds from utterance to utterance. Where it takes the same stand again, that goes on.
fn held(voice: &VoiceCourse, scale: &Scale) -> Vec<Held> {
    let mut held: Vec<Held> = Vec::new();
    let mut last = Stand::Nowhere;
    for one in &voice.utterances {
        let Some(stand) = Stand::after(one.speech).filter(|stand| *stand != last) else { continue };
        last = stand;
        let from = scale.x(one.earliest);
        if let Some(before) = held.last_mut() {
            before.to = from;
            before.settled = before.settled.min(from);
        }
        held.push(Held {
            from,
            settled: if one.latest <= one.earliest.day().last() { from } else { scale.x(one.latest) },
            to: scale.right,
            paint: stand.paint(),
            words: vec![stand.words().to_owned()],
            flip: None,
            is_unknown: false,
            is_open: one.earliest == Micros::MIN,
        });
    }
    held
}
