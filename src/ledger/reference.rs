//! What an event points at besides entities has to be there: words, claims, earlier events.

use super::batch::Batch;
use super::error::Error;
use crate::event::{self, Body, Common, Erase, EventId, Kept, Refusal, TargetRef, Toward};
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
            Body::Verdict(_) if self.is_told => {}
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
            Body::Erase(erase) => self.check_erase(erase)?,
            Body::Entity(_) | Body::Action(_) | Body::Vocabulary(_) | Body::Source(_) => {}
        }
        let Some(replaced) = common.replaces else { return Ok(()) };
        let row = self.earlier("replaces", replaced)?;
        // Of one that was erased nobody can tell the type; it does not count, whatever supersedes it.
        match row.event()?.map(|event| event.body.event_type()).filter(|replaced| *replaced != body.event_type()) {
            Some(other) => {
                let said =
                    format!("one of type {} cannot replace one of type {other}: {replaced} is at seq {}", body.event_type(), row.seq);
                Err(Refusal::field("replaces", said).into())
            }
            None => Ok(()),
        }
    }

    fn check_action(&mut self, field: &str, word: &str, at: &str, target: &str) -> Result<(), Error> {
        let meaning = match self.resolver().action(field, word) {
            Err(Error::Refused(_)) if self.is_told => return Ok(()),
            other => other?,
        };
        match (meaning.toward(), TargetRef::of(target)) {
            (Toward::Claim, TargetRef::Claim(_)) if self.is_told => Ok(()),
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

    /// What is to be erased must be there; the record of an erasure stays. What is kept must be what the log itself keeps.
    fn check_erase(&mut self, erase: &Erase) -> Result<(), Error> {
        for (index, id) in erase.events.iter().enumerate() {
            let field = format!("events[{index}]");
            let row = self.earlier(&field, *id)?;
            let stays = match row.event()?.map(|event| event.body) {
                Some(Body::Erase(_)) => "records an erasure itself",
                Some(Body::Vocabulary(vocabulary)) if event::vocabulary_id(&vocabulary).ok() == Some(row.id) => {
                    "is a vocabulary that comes with the program, without which no event means anything"
                }
                Some(_) | None => continue,
            };
            return Err(Refusal::field(field, format!("the event at seq {} {stays}, and stays", row.seq)).into());
        }
        for (index, kept) in erase.keeps.iter().enumerate() {
            let event = self.append.reader().by_id(kept.event)?.map(|row| row.event()).transpose()?.flatten();
            let is_due = event.is_none_or(|event| Kept::of(&event) == Some(*kept));
            if !is_due || !erase.events.contains(&kept.event) {
                let said =
                    format!("{} is not an event of this erasure that corrects so; leave it out, as the log writes it itself", kept.event);
                return Err(Refusal::field(format!("keeps[{index}]"), said).into());
            }
        }
        Ok(())
    }

    /// Has an `erase` event keep what those of its events corrected whose content it is about to destroy.
    pub(super) fn keep_corrections(&mut self, erase: &mut Erase) -> Result<(), Error> {
        let given = std::mem::take(&mut erase.keeps);
        for id in &erase.events {
            let event = self.append.reader().by_id(*id)?.map(|row| row.event()).transpose()?.flatten();
            let kept = match event {
                Some(event) => Kept::of(&event),
                None => given.iter().find(|kept| kept.event == *id).copied(),
            };
            erase.keeps.extend(kept);
        }
        Ok(())
    }

    /// Destroys what an `erase` event names, in the same transaction; whether anything was erased for the first time.
    pub(super) fn erase(&mut self, erase: &Erase, by: Seq) -> Result<bool, Error> {
        let mut erased = false;
        for id in &erase.events {
            if let Some(row) = self.append.reader().by_id(*id)? {
                erased |= self.append.erase(row.seq, by)?;
                self.gone.remove(id);
            }
        }
        Ok(erased)
    }

    fn earlier(&mut self, field: &str, id: EventId) -> Result<Row, Error> {
        let found = self.append.reader().by_id(id)?;
        found.ok_or_else(|| Refusal::field(field, format!("no event {id} is in the log")).into())
    }
}
