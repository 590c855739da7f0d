//! What the desk shows before it records: what the words mean, what would change, and what would be stored.

use maud::{Markup, html};
use serde_json::Value;

use super::filled::Filled;
use super::form::{Form, meaning};
use super::text;
use crate::Ledger;
use crate::event::{Draft, nearest, printable};
use crate::http::problem::Problem;
use crate::ledger::{ActionItem, Asked, ErrorKind, Foresight, Question};
use crate::stance::Rule;

/// Stances that are shown.
const SHOWN: usize = 50;

impl Form {
    /// What would be appended, and what it would change.
    pub(super) fn preview(&self, ledger: &Ledger, filled: &Filled, (draft, line): (Draft, String)) -> Result<Markup, Problem> {
        let word = if self.is_of_stance() { Some(word(ledger, filled)?) } else { None };
        let tried = match ledger.foresee(draft, Rule::Latest) {
            Err(error) if error.kind() == ErrorKind::Refused => return Err(error.into()),
            tried => tried,
        };
        let (moved, stored) = match &tried {
            Ok(Foresight { moved, stored }) => (Some(moved), stored.iter().map(|one| one.body.as_str()).collect::<Vec<_>>()),
            // What was filled in is all that there is to show.
            Err(_) => (None, vec![line.as_str()]),
        };
        // Those before the event itself; into an empty log comes the vocabulary, too.
        let new = stored.iter().rev().skip(1).filter(|one| one.starts_with(r#"{"type":"entity","#)).count();
        Ok(html! {
            h1 { "Before it is recorded" }
            @if let Some(word) = &word { p class="lead" { b { (text::said(&word.action)) } " means: " (meaning(word)) "." } (now(ledger, filled)) }
            section { h2 { "What it would change" }
                @match moved {
                    Some(moved) if moved.is_empty() => p class="faint" { "No stance." },
                    Some(moved) => ul class="plain rows" { @for one in moved.iter().take(SHOWN) { li { (text::said(&one.actor)) " on " (text::said(&one.target)) ": " (text::stance(one.from.stance)) " → " (text::stance(one.to.stance)) } } @if moved.len() > SHOWN { li class="faint" { "and " (moved.len() - SHOWN) " more" } } },
                    None => p class="faint" { "That cannot be looked at just now." },
                }
            }
            h2 { "What would be stored" }
            @if new > 0 { p { b { (text::number(new, "name is", "names are")) " new" } " to this log, and would be registered first. A known name that is spelled otherwise is none of them: see that it is meant." } }
            @if stored.is_empty() { p class="faint" { "Nothing: the log has this event already." } }
            @for one in &stored { pre tabindex="0" dir="ltr" { @for piece in pretty(one).lines() { (printable(piece)) "\n" } } }
            form method="post" action=(self.place) {
                @for (name, value) in filled.0.iter().filter(|(name, _)| *name != "confirmed") { input type="hidden" name=(name) value=(value); }
                button name="confirmed" value="yes" { "Record it" }
            }
            details { summary { "Change it" } (self.shown(ledger, filled, None)?) }
        })
    }
}

/// An event's JSON, for people.
fn pretty(event: &str) -> String {
    let value = serde_json::from_str::<Value>(event).and_then(|event| serde_json::to_string_pretty(&event));
    value.unwrap_or_else(|_| event.to_owned())
}

/// What the action means that is filled in.
fn word(ledger: &Ledger, filled: &Filled) -> Result<ActionItem, Problem> {
    let (asked, actions) = (filled.get("action").unwrap_or_default(), ledger.actions(None, &Asked::default())?);
    let near = nearest(asked, actions.iter().map(|one| one.action.as_str()));
    let unknown = || Problem { nearest: near, ..Problem::bad_field("action", "no such word is in the vocabulary") };
    actions.into_iter().find(|one| one.action == asked).ok_or_else(unknown)
}

/// Where the actor stands as it is.
fn now(ledger: &Ledger, filled: &Filled) -> Markup {
    let get = |name| filled.get(name).unwrap_or_default();
    let now = ledger.stance(&Question { actor: get("actor"), target: get("target"), asked: Asked::default() }).ok();
    html! {
        p { "Now: " @match &now { Some(now) => (text::stance(now.stance)), None => "nothing is recorded of this pair, or a name is new and will be registered" } "." }
    }
}
