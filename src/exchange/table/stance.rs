//! Stances as rows: answers, what they have in common, in what they differ.

use super::{Tabular, ids, or_empty};
use crate::query::{Ally, Answer, Comparison, DiffItem, Held, Shared};

impl Tabular for Answer {
    const COLUMNS: &'static [&'static str] =
        &["actor", "actor_name", "target", "target_name", "stance", "basis", "rule", "since", "last", "certain", "gap", "flips", "events"];

    fn rows(&self) -> Vec<Vec<String>> {
        vec![vec![
            self.actor.clone(),
            self.actor_name.clone(),
            self.target.clone(),
            self.target_name.clone(),
            self.stance.to_string(),
            or_empty(self.basis),
            self.rule.to_string(),
            or_empty(self.since.as_deref()),
            or_empty(self.last.as_deref()),
            self.certain.to_string(),
            self.gap.to_string(),
            self.flips.to_string(),
            self.events.to_string(),
        ]]
    }
}

/// A stance with what decides it and since when, in three cells.
fn held(held: &Held) -> [String; 3] {
    let Held { stance, basis, since } = held;
    [stance.to_string(), or_empty(*basis), or_empty(since.as_deref())]
}

impl Tabular for Shared {
    const COLUMNS: &'static [&'static str] =
        &["target", "agree", "since", "a_stance", "a_basis", "a_since", "b_stance", "b_basis", "b_since"];

    fn rows(&self) -> Vec<Vec<String>> {
        let Shared { target, agree, since, a, b } = self;
        let mut cells = vec![target.clone(), or_empty(*agree), or_empty(since.as_deref())];
        cells.extend([a, b].into_iter().flat_map(held));
        vec![cells]
    }
}

/// The targets where both have a stance.
impl Tabular for Comparison {
    const COLUMNS: &'static [&'static str] = Shared::COLUMNS;

    fn rows(&self) -> Vec<Vec<String>> {
        self.targets.iter().flat_map(Tabular::rows).collect()
    }
}

impl Tabular for Ally {
    const COLUMNS: &'static [&'static str] = &["actor", "both", "agree", "differ", "share"];

    fn rows(&self) -> Vec<Vec<String>> {
        let Ally { actor, both, agree, differ, share } = self;
        vec![vec![actor.clone(), both.to_string(), agree.to_string(), differ.to_string(), share.to_string()]]
    }
}

impl Tabular for DiffItem {
    const COLUMNS: &'static [&'static str] =
        &["actor", "target", "from_stance", "from_basis", "from_since", "to_stance", "to_basis", "to_since", "events"];

    fn rows(&self) -> Vec<Vec<String>> {
        let DiffItem { actor, target, from, to, events } = self;
        let mut cells = vec![actor.clone(), target.clone()];
        cells.extend([from, to].into_iter().flat_map(held));
        cells.push(ids(events));
        vec![cells]
    }
}
