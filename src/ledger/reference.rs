//! What an event points at besides entities has to be there: words, claims, earlier events.

use super::batch::Batch;
use super::error::Error;
use crate::event::{Body, Common, Erase, EventId, EventType, Refusal, TargetRef, Toward};
use crate::log::{Row, Seq};

impl Batch<'_> {
    /// Checks what an event points at besides entities: words, claims, earlier events.
    pub(super) fn check_references(&mut self, body: &Body, common: &Common) -> Result<(), Error> {
        match body {
            Body::Stance(stance) => self.check_action("action", &stance.action, "target", &stance.target)?,
            Body::Claim(claim) => {
                if let Some(about) = &claim.about {
                    self.check_action("about.action", &about.action, "about.target", &about.target)?;
                }
            }
            Body::Verdict(verdict) => self.resolver().claim("claim", &verdict.claim)?,
            Body::Merge(merge) => {
                // A merge that corrects another may name the same two; that one stands aside.
                let is_one = merge.from == merge.into || (common.replaces.is_none() && self.resolver().is_one(&merge.from, &merge.into)?);
                if is_one {
                    let said = format!("`{}` and `{}` are one entity already", merge.from, merge.into);
                    return Err(Refusal::field("from", said).into());
                }
            }
            Body::Retract(retract) => {
                self.earlier("event", retract.event)?;
            }
            // One that comes with an id may come from another log, which has erased what this one never had.
            Body::Erase(_) | Body::Entity(_) | Body::Action(_) | Body::Vocabulary(_) | Body::Source(_) => {}
        }
        let Some(replaced) = common.replaces else { return Ok(()) };
        let row = self.earlier("replaces", replaced)?;
        let replaced_type = row.event()?.map(|event| event.body.event_type());
        if replaced_type != Some(body.event_type()) {
            let what = replaced_type.map_or("erased", EventType::word);
            let said = format!("one of type {} cannot replace one of type {what}: {replaced} is at seq {}", body.event_type(), row.seq);
            return Err(Refusal::field("replaces", said).into());
        }
        Ok(())
    }

    fn check_action(&mut self, field: &str, word: &str, at: &str, target: &str) -> Result<(), Error> {
        let meaning = self.resolver().action(field, word)?;
        match (meaning.toward(), TargetRef::of(target)) {
            (Toward::Claim, TargetRef::Claim(claim)) => self.resolver().claim(at, claim),
            (Toward::Entity, TargetRef::Entity(_)) => Ok(()),
            (Toward::Claim, TargetRef::Entity(entity)) => {
                let said = format!("`{word}` is said of a claim, and `{entity}` is an entity; write the target as claim:SLUG");
                Err(Refusal::field(at, said).into())
            }
            (Toward::Entity, TargetRef::Claim(claim)) => {
                let said = format!("`{word}` is done toward an entity, and `{claim}` is a claim; say asserts, denies, questions …");
                Err(Refusal::field(field, said).into())
            }
        }
    }

    /// What is to be erased must be there; the record of an erasure stays.
    pub(super) fn check_erase(&mut self, body: &Body) -> Result<(), Error> {
        let Body::Erase(erase) = body else { return Ok(()) };
        for (index, id) in erase.events.iter().enumerate() {
            let field = format!("events[{index}]");
            let row = self.earlier(&field, *id)?;
            if row.event()?.is_some_and(|event| event.body.event_type() == EventType::Erase) {
                let said = format!("the event at seq {} records an erasure itself, and stays", row.seq);
                return Err(Refusal::field(field, said).into());
            }
        }
        Ok(())
    }

    /// Destroys what an `erase` event names, in the same transaction; whether there was anything to destroy.
    pub(super) fn erase(&mut self, erase: &Erase, by: Seq) -> Result<bool, Error> {
        let mut erased = false;
        for id in &erase.events {
            let row = self.append.reader().by_id(*id)?.filter(|row| row.seq < by);
            let records = |row: &Row| row.body.as_deref().is_some_and(|body| body.starts_with(r#"{"type":"erase","#));
            if let Some(row) = row.filter(|row| !records(row)) {
                erased |= self.append.erase(row.seq, by)?;
            }
        }
        Ok(erased)
    }

    fn earlier(&mut self, field: &str, id: EventId) -> Result<Row, Error> {
        let found = self.append.reader().by_id(id)?;
        found.ok_or_else(|| Refusal::field(field, format!("no event {id} is in the log")).into())
    }
}
