//! Timelines: the latest of what an actor did, and of how its stances changed, without reading all that came before.

use std::rc::Rc;

use super::error::Error;
use super::history::HistoryItem;
use super::snapshot::Snapshot;
use crate::event::Micros;
use crate::projection::{Class, Span};
use crate::stance::{Change, Entry};

/// A line before it is written out: looking up its events is what takes time.
enum Line {
    Event(Rc<Class>, Rc<Class>, Entry),
    Change(Rc<Class>, Rc<Class>, Box<Change>),
    Speech(HistoryItem),
}

impl Line {
    fn order(&self) -> (Micros, Micros, u8, i64) {
        match self {
            Line::Event(_, _, entry) => (entry.earliest, entry.latest, 0, entry.seq),
            Line::Change(_, _, change) => (change.at.last(), Micros::MAX, 2, 0),
            Line::Speech(item) => item.order(),
        }
    }
}

impl Snapshot<'_> {
    /// What an actor did and said and how its stances changed, the latest first: a part, and whether there is more. What
    /// others allege is not among it.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn timeline(&self, actor: i64, skip: usize, limit: usize) -> Result<(Vec<HistoryItem>, bool), Error> {
        let mut lines: Vec<Line> =
            self.speech_items(actor, None)?.into_iter().map(|item| Line::Speech(HistoryItem::Speech(item))).collect();
        for (actor, target) in self.pairs(Some(actor), None)? {
            let (of, toward) = (self.world.class(actor)?, self.world.class(target)?);
            let mut fold = crate::stance::Fold::default();
            self.world.entries(&of, &toward, Span::ALL.until(self.when.as_of), |entry| {
                fold.add(&entry);
                lines.push(Line::Event(Rc::clone(&of), Rc::clone(&toward), entry));
            })?;
            let changes = fold.changes(self.when.rule).into_iter();
            lines.extend(changes.map(|change| Line::Change(Rc::clone(&of), Rc::clone(&toward), Box::new(change))));
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.order()));
        let is_more = lines.len() > skip.saturating_add(limit);
        let part = lines.into_iter().skip(skip).take(limit);
        Ok((part.map(|line| self.written_out(line)).collect::<Result<_, _>>()?, is_more))
    }

    fn written_out(&self, line: Line) -> Result<HistoryItem, Error> {
        match line {
            Line::Event(of, toward, entry) => Ok(HistoryItem::Event(Box::new(self.act(&entry, &of, &toward)?))),
            Line::Change(of, toward, change) => {
                let entries = self.entries(&of, &toward, Span::days(change.at, change.at))?;
                Ok(HistoryItem::Change(self.change_item(&change, &of, &toward, &entries)?))
            }
            Line::Speech(item) => Ok(item),
        }
    }
}
