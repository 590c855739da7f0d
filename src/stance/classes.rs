//! Identity: which slugs name one entity, by the merges that are in force.

use std::collections::{BTreeMap, BTreeSet};

/// Slugs (by their numbers) joined by merges; a slug that no merge names stands for itself.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    parent: BTreeMap<i64, i64>,
}

impl Classes {
    /// Joins by merges `(from, into)` in log order. Chains are followed; a merge of two slugs that are one already does
    /// nothing, so that a circle can do no harm.
    pub fn of(merges: impl IntoIterator<Item = (i64, i64)>) -> Self {
        let mut classes = Self::default();
        for (from, into) in merges {
            let (root_from, root_into) = (classes.canonical(from), classes.canonical(into));
            classes.parent.entry(from).or_insert(from);
            classes.parent.entry(into).or_insert(into);
            classes.parent.insert(root_from, root_into);
        }
        classes
    }

    /// The slug that stands for the entity.
    pub fn canonical(&self, slug: i64) -> i64 {
        let mut at = slug;
        while let Some(&up) = self.parent.get(&at)
            && up != at
        {
            at = up;
        }
        at
    }

    /// All slugs of the entity, the canonical one included.
    pub fn members(&self, slug: i64) -> BTreeSet<i64> {
        let root = self.canonical(slug);
        let mut members: BTreeSet<i64> = self.parent.keys().copied().filter(|one| self.canonical(*one) == root).collect();
        members.insert(root);
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_are_followed_and_circles_do_no_harm() {
        let classes = Classes::of([(1, 2), (2, 3), (3, 1), (5, 1)]);
        assert_eq!([1, 2, 3, 5, 9].map(|slug| classes.canonical(slug)), [3, 3, 3, 3, 9]);
        assert_eq!(classes.members(5), BTreeSet::from([1, 2, 3, 5]));
        assert_eq!(classes.members(9), BTreeSet::from([9]));
    }
}
