//! An act and what it rests on, in a few lines.

use super::failure::Failure;
use super::label::Labels;
use super::out::{Out, shown};
use crate::event::{Evidence, Selector};
use crate::ledger::Act;

/// An act: when, what, for whom, where; then its note and its evidence.
pub(super) fn act(act: &Act, labels: &Labels, out: &mut Out) -> Result<(), Failure> {
    out.paragraph("  ", &format!("{} {} [event {}]", shown(&act.occurred), deed(act, labels), act.seq))?;
    grounds(act, out)
}

/// The note of an act and its evidence.
pub(super) fn grounds(act: &Act, out: &mut Out) -> Result<(), Failure> {
    if let Some(note) = &act.note {
        out.paragraph("      ", &shown(note))?;
    }
    for item in &act.evidence {
        out.paragraph("      - ", &source(item))?;
    }
    Ok(())
}

/// What was done toward whom, where, and through whom or what it counts.
pub(super) fn deed(act: &Act, labels: &Labels) -> String {
    let mut said = format!("{} {}", labels.explain(&act.action), shown(&act.target));
    if let Some(place) = &act.place {
        said.push_str(&format!(", at {}", shown(place)));
    }
    if let Some(speaker) = &act.spoken_by {
        said.push_str(&format!(", spoken by {}", shown(speaker)));
    }
    if let Some(motion) = &act.through {
        said.push_str(&format!(", by the vote on {}", shown(motion)));
    }
    said
}

/// A piece of evidence: the document, the place in it, a remark.
pub(super) fn source(evidence: &Evidence) -> String {
    let document = evidence.source.as_deref().or(evidence.url.as_deref()).unwrap_or("(no source)");
    let mut said = shown(document).into_owned();
    match &evidence.selector {
        Some(Selector::TextQuoteSelector { exact, .. }) => said.push_str(&format!(": \"{}\"", shown(exact))),
        Some(Selector::TextPositionSelector { start, end }) => said.push_str(&format!(", characters {start} to {end}")),
        None => {}
    }
    if let Some(note) = &evidence.note {
        said.push_str(&format!(" ({})", shown(note)));
    }
    if let Some(retrieved) = &evidence.retrieved {
        said.push_str(&format!(", retrieved {retrieved}"));
    }
    said
}
