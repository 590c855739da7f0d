//! Changes as rows: changes of stance, flips, gaps.

use super::{Tabular, ids, or_empty};
use crate::query::{ChangeItem, FlipItem, GapItem};

impl Tabular for ChangeItem {
    const COLUMNS: &'static [&'static str] = &["actor", "target", "at", "from", "to", "basis", "order", "flip", "confirmed", "events"];

    fn rows(&self) -> Vec<Vec<String>> {
        let ChangeItem { actor, target, at, from, to, basis, order, flip, confirmed, events } = self;
        vec![vec![
            actor.clone(),
            target.clone(),
            at.clone(),
            from.to_string(),
            to.to_string(),
            or_empty(*basis),
            order.to_string(),
            or_empty(*flip),
            or_empty(*confirmed),
            ids(events),
        ]]
    }
}

impl Tabular for FlipItem {
    const COLUMNS: &'static [&'static str] = &["actor", "target", "grade", "confirmed", "from", "to", "at", "basis", "order", "events"];

    fn rows(&self) -> Vec<Vec<String>> {
        let FlipItem { actor, target, grade, confirmed, from, to, at, basis, order, events } = self;
        vec![vec![
            actor.clone(),
            target.clone(),
            grade.to_string(),
            confirmed.to_string(),
            from.to_string(),
            to.to_string(),
            at.clone(),
            basis.to_string(),
            order.to_string(),
            ids(events),
        ]]
    }
}

impl Tabular for GapItem {
    const COLUMNS: &'static [&'static str] =
        &["actor", "target", "declared", "enacted", "declared_last", "enacted_last", "declared_by", "enacted_by"];

    fn rows(&self) -> Vec<Vec<String>> {
        let GapItem { actor, target, declared, enacted, declared_last, enacted_last, declared_by, enacted_by } = self;
        vec![vec![
            actor.clone(),
            target.clone(),
            declared.to_string(),
            enacted.to_string(),
            declared_last.clone(),
            enacted_last.clone(),
            ids(declared_by),
            ids(enacted_by),
        ]]
    }
}
