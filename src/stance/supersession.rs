//! Which events are out: taken back or superseded by later ones that are themselves in force.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// How a later event puts an earlier one out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// A `retract` names it.
    Retracts,
    /// A later event of its type `replaces` it.
    Replaces,
}

/// What is known of one event: whether it is out, and whether by a retraction.
#[derive(Clone, Copy, Default)]
struct Fate {
    out: bool,
    retracted: bool,
}

/// Whether the event at `seq` is out, by what `later(seq)` says targets it (each later than what it targets).
///
/// A retraction counts unless it is itself out. A replacement counts unless it is retracted: one that was itself replaced
/// goes on superseding what it replaced.
///
/// # Errors
/// Those of `later`.
pub fn is_out<E>(seq: i64, mut later: impl FnMut(i64) -> Result<Vec<(i64, How)>, E>) -> Result<bool, E> {
    let mut targeting: BTreeMap<i64, Vec<(i64, How)>> = BTreeMap::new();
    let mut open = vec![seq];
    while let Some(at) = open.pop() {
        if let Entry::Vacant(unknown) = targeting.entry(at) {
            let by: Vec<(i64, How)> = later(at)?.into_iter().filter(|(by, _)| *by > at).collect();
            open.extend(by.iter().map(|(by, _)| *by));
            unknown.insert(by);
        }
    }
    // What targets an event is later than it, so from the latest on backwards every fate that is needed is known.
    let mut fates: BTreeMap<i64, Fate> = BTreeMap::new();
    for (at, by) in targeting.iter().rev() {
        let fate_of = |by: &i64| fates.get(by).copied().unwrap_or_default();
        let retracted = by.iter().any(|(by, how)| *how == How::Retracts && !fate_of(by).out);
        let replaced = by.iter().any(|(by, how)| *how == How::Replaces && !fate_of(by).retracted);
        fates.insert(*at, Fate { out: retracted || replaced, retracted });
    }
    Ok(fates.get(&seq).is_some_and(|fate| fate.out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn out(seq: i64, log: &[(i64, How, i64)]) -> bool {
        let later = |at| Ok::<_, Infallible>(log.iter().filter(|(_, _, of)| *of == at).map(|(by, how, _)| (*by, *how)).collect());
        is_out(seq, later).unwrap()
    }

    #[test]
    fn retractions_restore_and_replacements_chain() {
        use How::{Replaces, Retracts};
        let table: [(&[(i64, How, i64)], bool); 6] = [
            (&[], false),
            (&[(2, Retracts, 1)], true),
            (&[(2, Retracts, 1), (3, Retracts, 2)], false),
            (&[(2, Retracts, 1), (3, Retracts, 2), (4, Retracts, 3)], true),
            (&[(2, Replaces, 1), (3, Replaces, 2)], true),
            (&[(2, Replaces, 1), (3, Retracts, 2)], false),
        ];
        for (log, expected) in table {
            assert_eq!(out(1, log), expected, "{log:?}");
        }
        let chain: Vec<_> = (2..100_001).map(|seq| (seq, Retracts, seq - 1)).collect();
        let later =
            |at| Ok::<_, Infallible>(chain.get(usize::try_from(at - 1).unwrap()).map(|(by, how, _)| (*by, *how)).into_iter().collect());
        assert!(is_out(1, later).unwrap(), "a chain of a hundred thousand does not overflow");
    }
}
