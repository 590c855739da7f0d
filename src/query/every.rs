//! Folding everything: each pair, or each of an actor or toward a target, at (T, K).

use std::collections::BTreeSet;

use super::error::Error;
use super::snapshot::Snapshot;
use crate::projection::Span;
use crate::stance::Fold;

/// The pair that a sweep is at, with its fold so far.
type Open = Option<((i64, i64), Fold)>;

impl Snapshot<'_> {
    /// Folds every pair that has a counting entry, or those of an actor or toward a target, at (T, K); in no order.
    pub(super) fn every_fold(
        &self,
        actor: Option<i64>,
        target: Option<i64>,
        mut visit: impl FnMut(i64, i64, &Fold) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let tangled = self.world.tangled()?;
        let swept = match (actor, target) {
            (None, None) => Some(None),
            (None, Some(target)) if !tangled.contains(&target) => Some(Some(target)),
            (Some(_), _) | (None, Some(_)) => None,
        };
        let apart = match swept {
            Some(target) => {
                self.sweep_folds(target, &mut visit)?;
                self.tangled_pairs(target)?
            }
            None => self.pairs(actor, target)?,
        };
        for (actor, target) in apart {
            let (of, toward) = (self.world.class(actor)?, self.world.class(target)?);
            let mut fold = Fold::default();
            self.world.entries(&of, &toward, Span::ALL.until(self.when.as_of), |entry| fold.add(&entry))?;
            if fold.events() > 0 {
                visit(actor, target, &fold)?;
            }
        }
        Ok(())
    }

    /// Folds the pairs that one sweep can tell.
    fn sweep_folds(&self, target: Option<i64>, visit: &mut dyn FnMut(i64, i64, &Fold) -> Result<(), Error>) -> Result<(), Error> {
        let mut open: Open = None;
        self.world.sweep(target, Span::ALL.until(self.when.as_of), |actor, target, entry| match &mut open {
            Some((pair, fold)) if *pair == (actor, target) => {
                fold.add(&entry);
                Ok(())
            }
            Some(_) | None => match open.replace(((actor, target), Fold::of([entry]))) {
                Some(((actor, target), fold)) => visit(actor, target, &fold),
                None => Ok::<(), Error>(()),
            },
        })?;
        open.map_or(Ok(()), |((actor, target), fold)| visit(actor, target, &fold))
    }

    /// The canonical pairs, at K, that a sweep leaves out: of all, or toward a target that is not tangled itself.
    pub(super) fn tangled_pairs(&self, target: Option<i64>) -> Result<BTreeSet<(i64, i64)>, Error> {
        let mut pairs = BTreeSet::new();
        for slug in self.world.tangled()?.iter() {
            let slug = self.world.canonical(*slug)?;
            match target {
                Some(target) => drop(pairs.insert((slug, target))),
                None => {
                    pairs.extend(self.pairs(Some(slug), None)?);
                    pairs.extend(self.pairs(None, Some(slug))?);
                }
            }
        }
        Ok(pairs)
    }
}
