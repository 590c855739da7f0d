//! `retract`: whoever records takes back an earlier event.

use clap::Args;

use super::call::Call;
use super::failure::{Exit, Failure};
use super::one_event::{self, Recording, Told};
use super::out::Out;
use super::plain::quoted;
use super::sentence;
use crate::event::{self, Body, TargetRef};
use crate::ledger::{Error, Row};

/// Take back an event that was recorded wrongly
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  stancelog retract 0190a3c4 --reason \"wrong person of that name\"

Nothing is deleted: the event stays in the log and no longer counts.
Retracting the retraction restores it. Where an actor takes back his own
words, record that as an act (withdraws).")]
pub(super) struct Retract {
    /// The event: id, beginning of an id, or seq
    event: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    recording: Recording,
}

impl Retract {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let taken_back = call.read()?.event(&self.event)?;
        let retract = event::Retract { event: taken_back.id, reason: self.reason.clone() };
        one_event::record(call, out, &self.recording, |_| Ok(Body::Retract(retract.clone())), |_| told(&taken_back))
    }
}

fn told(taken_back: &Row) -> Result<Told, Failure> {
    let mut told = Told { sentence: format!("Took back event {}.", taken_back.seq), next: format!("event {}", taken_back.seq) };
    if let Some(event) = taken_back.event().map_err(Error::from)? {
        told.sentence = format!("Took back event {}: {}.", taken_back.seq, sentence::of(&event));
        if let Body::Stance(stance) = &event.body
            && let TargetRef::Entity(target) = TargetRef::of(&stance.target)
        {
            told.next = format!("stance {} {}", quoted(&stance.actor), quoted(target));
        }
    }
    Ok(told)
}
