//! Touching: what an event makes stale that takes back or supersedes others.

use super::error::Error;
use super::intake::Intake;
use crate::event::{Body, CLAIM_PREFIX, EventId, Kept, Stance, TargetRef};
use crate::log::{self, Seq};

impl Intake<'_> {
    /// Notes that a later event takes back or supersedes an earlier one.
    pub(super) fn supersede(&mut self, earlier: EventId, by: Seq, how: i64) -> Result<(), Error> {
        let Some(row) = self.reader.by_id(earlier)?.filter(|row| row.seq < by) else { return Ok(()) };
        self.run("INSERT INTO supersession VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET how = min(how, ?3)", (row.seq.0, by.0, how))?;
        self.touch(row)
    }

    /// Marks as stale what an event says, and what the events say that it takes back or supersedes.
    fn touch(&mut self, row: log::Row) -> Result<(), Error> {
        let mut open = vec![row];
        while let Some(row) = open.pop() {
            // What it says is stale once and for the whole chunk, and so is all that it takes back or supersedes.
            if !self.stale.seen.insert(row.seq) {
                continue;
            }
            let corrects = match row.event()? {
                Some(event) => {
                    self.touch_body(row.seq, &event.body)?;
                    Kept::of(&event)
                }
                None => self.kept.of(self.reader, &row)?,
            };
            for earlier in corrects.iter().flat_map(Kept::targets) {
                open.extend(self.reader.by_id(earlier)?.filter(|earlier| earlier.seq < row.seq));
            }
        }
        Ok(())
    }

    fn touch_body(&mut self, seq: Seq, body: &Body) -> Result<(), Error> {
        match body {
            Body::Stance(stance) => self.touch_stance(seq, stance)?,
            Body::Claim(claim) => {
                let slug = self.slug(&format!("{CLAIM_PREFIX}{}", claim.claim))?;
                self.stale.claims.insert(slug);
            }
            Body::Entity(entity) => {
                let slug = self.slug(&entity.entity)?;
                self.stale.named.insert(slug);
                if !entity.stands_for.is_empty() {
                    self.stale.motions.insert(slug);
                }
            }
            Body::Merge(merge) => {
                let merged = [self.slug(&merge.from)?, self.slug(&merge.into)?];
                self.stale.merged.extend(merged);
            }
            Body::Action(action) => {
                let number = self.action_number(&action.action)?;
                self.touch_action(number);
            }
            Body::Vocabulary(vocabulary) => {
                for action in &vocabulary.actions {
                    let number = self.action_number(&action.action)?;
                    self.touch_action(number);
                }
            }
            Body::Verdict(_) | Body::Source(_) | Body::Retract(_) | Body::Erase(_) => {}
        }
        Ok(())
    }

    fn touch_action(&mut self, action: i64) {
        self.stale.actions.insert(action);
        self.stale.touched_actions.insert(action);
    }

    fn touch_stance(&mut self, seq: Seq, stance: &Stance) -> Result<(), Error> {
        let target = self.slug(&stance.target)?;
        self.stale.touched.insert(seq.0);
        for actor in std::iter::once(&stance.actor).chain(&stance.on_behalf_of) {
            let actor = self.slug(actor)?;
            let key = (actor, target, stance.occurred.earliest().0, stance.occurred.latest().0, seq.0);
            if matches!(TargetRef::of(&stance.target), TargetRef::Claim(_)) {
                let sql = "UPDATE speech SET touched = 1 WHERE actor = ?1 AND claim = ?2 AND earliest = ?3 AND latest = ?4 AND seq = ?5";
                self.run(sql, key)?;
                self.stale.claims.insert(target);
            } else {
                let sql = "UPDATE act SET touched = 1 WHERE actor = ?1 AND target = ?2 AND earliest = ?3 AND latest = ?4 AND seq = ?5";
                self.run(sql, key)?;
                self.stale.pairs.insert((actor, target));
            }
        }
        Ok(())
    }
}
