//! Claims as rows; the actors of one voice stand with `+` between.

use super::{Tabular, ids, joined, or_empty};
use crate::query::{ClaimItem, VoiceItem};

impl Tabular for ClaimItem {
    const COLUMNS: &'static [&'static str] =
        &["claim", "text", "status", "voices", "holdings", "questioned_by", "withdrawn_by", "about", "verdicts", "relations", "defined_by"];

    fn rows(&self) -> Vec<Vec<String>> {
        let ClaimItem { claim, text, status, voices, holdings, questioned_by, withdrawn_by, about, verdicts, relations, defined_by } = self;
        vec![vec![
            claim.clone(),
            text.clone(),
            status.to_string(),
            joined(voices.iter().map(|voice| format!("{}={}", voice.actors.join("+"), stand(voice)))),
            joined(holdings.iter().map(|holding| format!("{}={}", holding.actor, holding.speech))),
            questioned_by.join("; "),
            withdrawn_by.join("; "),
            or_empty(about.as_ref().map(|about| format!("{} {} {}", about.actor, about.action, about.target))),
            joined(verdicts.iter().map(|verdict| format!("{}={}", verdict.reviewer, verdict.rating))),
            joined(relations.iter().map(|other| format!("{}={}", other.kind, other.claim))),
            ids(defined_by),
        ]]
    }
}

/// What a voice does with a claim.
fn stand(voice: &VoiceItem) -> &'static str {
    match (voice.stands_by, voice.denies) {
        (true, true) => "both",
        (true, false) => "stands-by",
        (false, true) => "denies",
        (false, false) => "neither",
    }
}
