//! `merge`: two slugs name one entity.

use clap::Args;

use super::call::Call;
use super::failure::{Exit, Failure};
use super::one_event::{self, Recording, Told};
use super::out::Out;
use super::plain::quoted;
use crate::event::{self, Body};
use crate::ledger::{Error, Row};

/// Record that two registered entities are one
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  stancelog merge kiev kyiv --reason \"another spelling\"

Events of both count for the second from now on; `stancelog retract` of the
merge undoes it.")]
pub(super) struct Merge {
    /// The one that redirects from now on: slug, name or alias
    from: String,
    /// The one that stays
    into: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    recording: Recording,
}

impl Merge {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        call.must_exist()?;
        let merge = event::Merge { from: self.from.clone(), into: self.into.clone(), reason: self.reason.clone() };
        one_event::record(call, out, &self.recording, |_| Ok(Body::Merge(merge.clone())), told)
    }
}

fn told(row: &Row) -> Result<Told, Failure> {
    let Some(Body::Merge(event::Merge { from, into, .. })) = row.event().map_err(Error::from)?.map(|event| event.body) else {
        return Ok(Told { sentence: format!("Event {}.", row.seq), next: format!("event {}", row.seq) });
    };
    Ok(Told { sentence: format!("{from} counts as {into} from now on."), next: format!("entities {}", quoted(&into)) })
}
