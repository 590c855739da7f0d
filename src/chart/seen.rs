//! What a picture looks at: the two times, the rule, and how far the log had come.

use crate::event::{Micros, Occurred};
use crate::ledger::{Asked, Seq};
use crate::stance::Rule;

/// What a picture looks at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    as_of: Option<String>,
    known_at: Option<String>,
    rule: Rule,
    head: Seq,
}

impl Seen {
    /// What is looked at by a question, its dates written out (see [`Asked::pinned`]), of a log with this head.
    pub fn of(asked: &Asked, head: Seq) -> Self {
        Self { as_of: asked.as_of.clone(), known_at: asked.known_at.clone(), rule: asked.rule, head }
    }

    /// The end of the time that is looked at, where that is said by a date.
    pub(super) fn until(&self) -> Option<Micros> {
        Occurred::parse_asked(self.as_of.as_deref()?).ok().map(|at| at.latest())
    }

    /// The two times, in one sentence.
    pub(super) fn times(&self) -> String {
        let known = match self.known_at.as_deref() {
            None => "Everything recorded so far".to_owned(),
            Some(known) => match known.strip_prefix('@') {
                Some(seq) => format!("What was recorded up to event {seq}"),
                None => format!("What was recorded by {known}"),
            },
        };
        let world = self.as_of.as_deref().map(|date| format!(" about the world as of {date}")).unwrap_or_default();
        format!("{known}{world}.")
    }

    /// The two times and the rule.
    pub(super) fn sentence(&self) -> String {
        let rule = match self.rule {
            Rule::Latest => "Rule latest: the last day of the strongest kind of event decides.",
            Rule::Majority => "Rule majority: most of the last 90 days of the strongest kind of event decide.",
        };
        format!("{} {rule}", self.times())
    }

    /// Where the picture is from.
    pub(super) fn source(&self) -> String {
        match self.known_at.as_deref().and_then(|known| known.strip_prefix('@')) {
            Some(seq) => format!("stancelog, event {seq} of {}", self.head),
            None => format!("stancelog, head {}", self.head),
        }
    }
}
