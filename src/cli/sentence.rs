//! What a recorded event says, in a few words, whatever its type.

use super::out::shown;
use super::plain::number;
use crate::event::{Action, Body, Event};

/// The event in a few words, safe to print.
pub(super) fn of(event: &Event) -> String {
    explained(event, str::to_owned)
}

/// The same, with the words for acts explained.
pub(super) fn explained(event: &Event, explain: impl Fn(&str) -> String) -> String {
    let said = match &event.body {
        Body::Stance(stance) => {
            let mut said = format!("{} {} {}", stance.actor, explain(&stance.action), stance.target);
            if !stance.on_behalf_of.is_empty() {
                said.push_str(&format!(", for {}", stance.on_behalf_of.join(", ")));
            }
            said
        }
        Body::Claim(claim) => format!("claim:{}: {}", claim.claim, claim.text),
        Body::Verdict(verdict) => format!("{} rates claim:{} {} ({})", verdict.reviewer, verdict.claim, verdict.rating, verdict.label),
        Body::Entity(entity) => format!("{}: {}, {}", entity.entity, entity.name, entity.kind),
        Body::Merge(merge) => format!("{} is {}", merge.from, merge.into),
        Body::Action(action) => format!("{}: {}", action.action, meaning(action)),
        Body::Vocabulary(vocabulary) => format!("{} {}: {} words", vocabulary.name, vocabulary.version, vocabulary.actions.len()),
        Body::Source(source) => format!("{}: {}", source.source, source.title),
        Body::Retract(retract) => format!("takes back {}: {}", retract.event, retract.reason),
        Body::Erase(erase) => format!("erases {}: {}", number(erase.events.len() as u64, "event", "events"), erase.reason),
    };
    shown(&said).into_owned()
}

/// When it happened in the world, for a type that has such a time.
pub(super) fn occurred(event: &Event) -> Option<String> {
    match &event.body {
        Body::Stance(stance) => Some(stance.occurred.to_string()),
        Body::Verdict(verdict) => verdict.published.as_ref().map(ToString::to_string),
        Body::Source(source) => source.published.as_ref().map(ToString::to_string),
        Body::Claim(_) | Body::Entity(_) | Body::Merge(_) | Body::Action(_) => None,
        Body::Vocabulary(_) | Body::Retract(_) | Body::Erase(_) => None,
    }
}

/// What a word means, in words.
fn meaning(action: &Action) -> String {
    let tier = action.tier.map(|tier| tier.to_string());
    let side = action.side.map(|side| side.to_string());
    let speech = action.speech.map(|speech| format!("{speech} a claim"));
    [tier, side, speech].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
