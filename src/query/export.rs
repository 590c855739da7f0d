//! Exports: the changes of stance of every pair, pair by pair; kinds of entities.

use super::error::Error;
use super::history::ChangeItem;
use super::snapshot::Snapshot;
use crate::event::Kind;
use crate::projection::Span;
use crate::stance::Fold;

impl Snapshot<'_> {
    /// The kind of the entity of a slug; nothing where no definition of it is in force.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn kind(&self, slug: &str) -> Result<Option<Kind>, Error> {
        let Some(known) = self.registry().slug(slug)? else { return Ok(None) };
        Ok(self.entity(known.number)?.map(|entity| entity.kind))
    }

    /// The changes of stance of every pair, by the actors' slugs, then the targets', then by day.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`], and the visitor's own.
    pub fn every_change<E: From<Error>>(&self, mut visit: impl FnMut(ChangeItem) -> Result<(), E>) -> Result<(), E> {
        for actor in self.numbers("SELECT id FROM slug WHERE id > ?1 ORDER BY slug", 0)? {
            if self.world.canonical(actor).map_err(Error::from)? == actor {
                self.changes_of(actor, &mut visit)?;
            }
        }
        Ok(())
    }

    fn changes_of<E: From<Error>>(&self, actor: i64, visit: &mut impl FnMut(ChangeItem) -> Result<(), E>) -> Result<(), E> {
        let of = self.world.class(actor).map_err(Error::from)?;
        let mut targets = Vec::new();
        for target in self.targets_of(&of)? {
            targets.push((self.slug(target)?, target));
        }
        targets.sort();
        for (_, target) in targets {
            let toward = self.world.class(target).map_err(Error::from)?;
            let entries = self.entries(&of, &toward, Span::ALL)?;
            let mut fold = Fold::default();
            entries.iter().for_each(|entry| fold.add(entry));
            for change in fold.changes(self.when.rule) {
                // The entries are in valid order: those of the day stand together.
                let first = entries.partition_point(|entry| entry.day() < change.at);
                let end = entries.partition_point(|entry| entry.day() <= change.at);
                visit(self.change_item(&change, &of, &toward, &entries[first..end])?)?;
            }
        }
        Ok(())
    }
}
