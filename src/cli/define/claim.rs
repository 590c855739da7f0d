//! `define claim`: a proposition that actors assert or deny.

use clap::Args;

use super::told;
use crate::Ledger;
use crate::cli::call::Call;
use crate::cli::date;
use crate::cli::failure::{Exit, Failure};
use crate::cli::one_event::{self, Recording};
use crate::cli::out::Out;
use crate::cli::plain::quoted;
use crate::event::{self, Body, Relation, RelationKind};

/// A claim: a proposition that actors assert or deny
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog define claim missile-threat \"Putin menaced Johnson\" \\
      --about Putin threatens Johnson --about-on 2022-02
  stancelog record Johnson asserts claim:missile-threat --on 2023-01-30")]
pub(super) struct Claim {
    /// Its slug: a-z, 0-9 and single dashes
    claim: String,
    /// What it says
    text: String,
    /// What it alleges: who did what toward whom
    #[arg(long, num_args = 3, value_names = ["ACTOR", "ACTION", "TARGET"])]
    about: Option<Vec<String>>,
    /// When that is said to have happened
    #[arg(long, value_name = "EDTF", requires = "about", allow_hyphen_values = true)]
    about_on: Option<String>,
    /// It is a part of this claim; may be given several times, as the next two
    #[arg(long, value_name = "CLAIM")]
    part_of: Vec<String>,
    /// It and this claim explain the same; either may be so
    #[arg(long, value_name = "CLAIM")]
    alternative_to: Vec<String>,
    /// It and this claim cannot both be so
    #[arg(long, value_name = "CLAIM")]
    contradicts: Vec<String>,
    #[command(flatten)]
    recording: Recording,
}

impl Claim {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let body = |ledger: &Ledger| {
            let occurred = self.about_on.as_deref().map(|text| date::occurred("--about-on", text, ledger)).transpose()?;
            let about = match self.about.as_deref() {
                Some([actor, action, target]) => {
                    Some(event::About { actor: actor.clone(), action: action.clone(), target: target.clone(), occurred })
                }
                Some(_) | None => None,
            };
            Ok(Body::Claim(event::Claim { claim: self.claim.clone(), text: self.text.clone(), about, relations: self.relations() }))
        };
        let next = format!("record ACTOR asserts claim:{} --on DATE", quoted(&self.claim));
        one_event::record(call, out, &self.recording, body, |row| told(row, next))
    }

    fn relations(&self) -> Vec<Relation> {
        let of = |kind, claims: &[String]| claims.iter().map(|claim| Relation { kind, claim: claim.clone() }).collect::<Vec<_>>();
        let (part, alternative) = (of(RelationKind::PartOf, &self.part_of), of(RelationKind::AlternativeTo, &self.alternative_to));
        [part, alternative, of(RelationKind::Contradicts, &self.contradicts)].concat()
    }
}
