//! Facts into a batch: the event, and before it the events that come with it; both are stored, or neither.

use super::batch::{Batch, Outcome};
use super::error::Error;
use crate::event::Draft;
use crate::projection::Arrivals;

impl Batch<'_> {
    /// Adds the event of a fact behind those that come with it. What comes with it is no row: where it is new it counts as
    /// registered, where it is there it is passed over. After a refusal the batch is as it was before.
    ///
    /// # Errors
    /// As for [`Batch::add`].
    pub(super) fn add_with(&mut self, beside: Vec<Draft>, draft: Draft) -> Result<Outcome, Error> {
        if beside.is_empty() {
            return self.add(draft);
        }
        // The vocabulary that begins a log stays, whatever becomes of the fact.
        self.begin_log(None)?;
        let mark = self.append.mark()?;
        self.memory.overlay.mark();
        let (summary, stored, needs_views) = (self.summary, self.stored.len(), self.needs_views);
        let arrived = self.arrivals.as_ref().map(Arrivals::mark);
        match self.add_all(beside, draft) {
            Ok(outcome) => {
                self.memory.overlay.keep();
                self.append.keep(mark)?;
                Ok(outcome)
            }
            Err(error) => {
                self.append.back_to(mark)?;
                self.memory.overlay.back();
                // A name may be remembered as that of an entity that was undone.
                self.memory.forget_names();
                (self.summary, self.needs_views) = (summary, needs_views);
                self.stored.truncate(stored);
                if let (Some(arrivals), Some(mark)) = (&mut self.arrivals, arrived) {
                    arrivals.back_to(mark);
                }
                Err(error)
            }
        }
    }

    fn add_all(&mut self, beside: Vec<Draft>, draft: Draft) -> Result<Outcome, Error> {
        for one in beside {
            let before = self.summary;
            let outcome = self.add(one)?;
            self.summary.appended = before.appended;
            self.summary.duplicates = before.duplicates;
            self.summary.registered += u64::from(matches!(outcome, Outcome::Appended { .. }));
        }
        self.add(draft)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ImportOptions, Imported, Ledger, StancesWanted};
    use crate::event::{EventId, Micros, parse};
    use crate::exchange::Fact;

    fn fact(line: u64, beside: &[&str], event: &str) -> Fact {
        let with_id = |json: &str| {
            let mut draft = parse(json).unwrap();
            draft.id = Some(EventId::of_content(Micros(0), &[json.as_bytes()]));
            draft
        };
        let beside = beside.iter().map(|json| with_id(json)).collect();
        Fact { draft: with_id(event), beside, line, rows: 1, record: csv::ByteRecord::new() }
    }

    fn import(ledger: &mut Ledger, facts: Vec<Fact>) -> Imported {
        ledger.import(facts.into_iter().map(Ok), ImportOptions::default(), |_| Ok(()), |_| {}).unwrap()
    }

    #[test]
    fn the_views_never_see_what_came_with_a_refused_fact() {
        let dir = tempfile::tempdir().unwrap();
        let toward = |actor: &str| format!(r#"{{"actor":"{actor}","action":"backs","target":"Peace","occurred":"2024"}}"#);
        let many = (0..40).map(|n| fact(2 * n + 2, &[], &toward(&format!("Actor {n}"))));
        for batch in [1, 2, 3, 50] {
            let mut ledger = Ledger::open(dir.path().join(format!("{batch}.db"))).unwrap();
            // Each row is refused behind events that come with it, and the next is good.
            let facts: Vec<_> = many.clone().flat_map(|good| [fact(good.line - 1, &[CLAIM, TAX], TYPO), good]).map(Ok).collect();
            let options = ImportOptions { batch, ..ImportOptions::default() };
            let imported = ledger.import(facts.into_iter(), options, |_| Ok(()), |_| {}).unwrap();
            assert_eq!((imported.summary.appended, imported.summary.rejected), (40, 40));
            let stances = |ledger: &Ledger| {
                let wanted = StancesWanted { target: Some("peace"), limit: 50, ..StancesWanted::default() };
                ledger.stances_page(&wanted, &Default::default()).unwrap().0
            };
            let followed = stances(&ledger);
            assert_eq!((followed.len(), ledger.called(["tax"], &Default::default()).unwrap()["tax"].as_str()), (40, "tax"));
            ledger.rebuild(|_| {}).unwrap();
            assert_eq!(followed, stances(&ledger), "{batch}");
        }
    }

    const CLAIM: &str = r#"{"type":"claim","claim":"tax-falls","text":"The tax falls."}"#;
    const TAX: &str = r#"{"type":"entity","entity":"tax","kind":"topic","name":"The Tax"}"#;
    const GOOD: &str = r#"{"actor":"Ann","action":"asserts","target":"claim:tax-falls","occurred":"2024"}"#;
    const TYPO: &str = r#"{"actor":"Ann","action":"aserts","target":"claim:tax-falls","occurred":"2024"}"#;

    #[test]
    fn what_comes_with_a_fact_is_counted_apart_and_only_once() {
        let dir = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(dir.path().join("stances.db")).unwrap();
        let facts = || {
            vec![
                fact(1, &[CLAIM, TAX], GOOD),
                fact(2, &[CLAIM], r#"{"actor":"Bob","action":"backs","target":"The Tax","occurred":"2024"}"#),
            ]
        };
        let first = import(&mut ledger, facts()).summary;
        assert_eq!((first.rows, first.appended, first.registered, first.duplicates, first.head), (2, 2, 4, 0, 7));
        let second = import(&mut ledger, facts()).summary;
        assert_eq!((second.rows, second.appended, second.registered, second.duplicates, second.head), (2, 0, 0, 2, 7));
    }

    #[test]
    fn what_came_with_a_refused_fact_is_undone_and_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("stances.db");
        let mut ledger = Ledger::open(&path).unwrap();
        let toward = r#"{"actor":"Bob","action":"backs","target":"The Tax","occurred":"2024"}"#;
        let facts = vec![fact(1, &[CLAIM, TAX], TYPO), fact(2, &[], GOOD), fact(3, &[], toward)];
        let imported = import(&mut ledger, facts);
        assert_eq!((imported.summary.appended, imported.summary.registered, imported.summary.rejected), (1, 2, 2));
        assert_eq!(imported.rejected_by.values().sum::<u64>(), 2);
        assert_eq!(imported.rejected_by["refused by the log: unknown action"], 1);
        // The name is registered anew, not taken for the entity that was undone.
        assert_eq!(ledger.entities(Some("the-tax"), 9, &Default::default()).unwrap()[0].entity, "the-tax");
        assert!(ledger.verify(&Default::default(), |_| {}, |found| panic!("{found:?}")).unwrap().findings == 0);
    }
}
