//! `define`: entities, claims, words of the vocabulary and sources, one by one.

mod entity;
mod claim;
mod action;
mod source;

use clap::{Args, Subcommand};

use super::call::Call;
use super::failure::{Exit, Failure};
use super::one_event::Told;
use super::out::Out;
use super::sentence;
use crate::ledger::Row;

/// Define an entity, a claim, a word of the vocabulary or a source
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog define entity \"Boris Johnson\" --kind person --alias Johnson
  stancelog define claim missile-threat \"Putin menaced Johnson\"
  stancelog define action endorses --tier declared --side favor
  stancelog define source report-2023 \"A report\" --published 2023-01-31")]
pub(super) struct Define {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    Entity(entity::Entity),
    Claim(claim::Claim),
    Action(action::Action),
    Source(source::Source),
}

impl Define {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        match &self.what {
            What::Entity(entity) => entity.run(call, out),
            What::Claim(claim) => claim.run(call, out),
            What::Action(action) => action.run(call, out),
            What::Source(source) => source.run(call, out),
        }
    }
}

/// What is told of a definition.
fn told(row: &Row, next: String) -> Result<Told, Failure> {
    let event = row.event().map_err(crate::ledger::Error::from)?;
    let sentence =
        event.map_or_else(|| format!("event {}", row.seq), |event| format!("{} {}", event.body.event_type(), sentence::of(&event)));
    Ok(Told { sentence: format!("Defined {sentence}."), next })
}

/// Two words with `=` between.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((scheme, value)) if !scheme.is_empty() && !value.is_empty() => Ok((scheme.to_owned(), value.to_owned())),
        Some(_) | None => Err("expected two words with = between, as in wikidata=Q159".to_owned()),
    }
}
