//! `record`: one stance event, as a sentence.

use clap::Args;

use super::call::Call;
use super::date;
use super::failure::{Exit, Failure};
use super::one_event::{self, Recording, Told};
use super::out::{Out, shown};
use super::plain::quoted;
use crate::Ledger;
use crate::event::{Body, Stance, TargetRef};
use crate::ledger::Row;

/// Record that an actor did something toward a target
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog record \"Boris Johnson\" visits Ukraine --on 2023-01-22 --at Kyiv
  stancelog record Peskov denies claim:missile-threat --on 2023-01-30 \\
      --for Kremlin --source https://example.org/report --quote \"no threat\"

Actor, target and place may be given as slug, name or alias; a name that
nobody registered is registered along the way. `stancelog actions` lists the
words for what they did.")]
pub(super) struct Record {
    /// Who
    actor: String,
    /// What they did: a word of the vocabulary, as in `backs`, `opposes`, `visits`, `denies`
    action: String,
    /// Toward whom or what; a claim is written claim:SLUG
    target: String,
    /// When, in the world: EDTF (2022-02-24, 2022-02, 2022-02-24/..), `today` or `-1d` (days by UTC)
    #[arg(long, value_name = "EDTF", allow_hyphen_values = true)]
    on: String,
    /// For whom the actor spoke or acted; may be given several times
    #[arg(long = "for", value_name = "PRINCIPAL")]
    principals: Vec<String>,
    /// Where
    #[arg(long, value_name = "PLACE")]
    at: Option<String>,
    /// At least so many times
    #[arg(long, value_name = "N")]
    times: Option<u32>,
    /// How sure you are, 0 to 1
    #[arg(long, value_name = "X")]
    confidence: Option<f64>,
    #[command(flatten)]
    recording: Recording,
}

impl Record {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        one_event::record(call, out, &self.recording, |ledger| self.body(ledger), |row| self.told(row))
    }

    fn body(&self, ledger: &Ledger) -> Result<Body, Failure> {
        Ok(Body::Stance(Stance {
            actor: self.actor.clone(),
            action: self.action.clone(),
            target: self.target.clone(),
            occurred: date::occurred("--on", &self.on, ledger)?,
            on_behalf_of: self.principals.clone(),
            place: self.at.clone(),
            times: self.times,
            confidence: self.confidence,
            actor_as: None,
            target_as: None,
            codes: Default::default(),
        }))
    }

    fn told(&self, row: &Row) -> Result<Told, Failure> {
        let Some(Body::Stance(stance)) = row.event().map_err(crate::ledger::Error::from)?.map(|event| event.body) else {
            return Ok(Told { sentence: format!("Event {}.", row.seq), next: format!("event {}", row.seq) });
        };
        let (actor, action, target) = (shown(&self.actor), shown(&self.action), shown(&self.target));
        let next = match TargetRef::of(&stance.target) {
            TargetRef::Entity(target) => format!("stance {} {}", quoted(&stance.actor), quoted(target)),
            TargetRef::Claim(_) => format!("event {}", row.seq),
        };
        Ok(Told { sentence: format!("{actor} {action} {target}, {}.", stance.occurred), next })
    }
}
