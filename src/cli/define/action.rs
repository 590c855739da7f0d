//! `define action`: a word of the vocabulary, new or with another meaning from now on.

use std::collections::BTreeMap;

use clap::Args;

use super::{pair, told};
use crate::Ledger;
use crate::cli::call::Call;
use crate::cli::failure::{Exit, Failure};
use crate::cli::one_event::{self, Recording};
use crate::cli::out::Out;
use crate::cli::plain::quoted;
use crate::cli::word::word;
use crate::event::{self, Body, Code, Side, Speech, Tier, Toward};

/// A word of the vocabulary, new or with another meaning from now on
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog define action endorses --tier declared --side favor
  stancelog define action doubts --speech question --label \"casts doubt on\"")]
pub(super) struct Action {
    /// The word: a-z, 0-9 and single dashes
    action: String,
    /// How it reads in a sentence [default: the word with blanks for dashes]
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
    /// For an act toward an entity: how strongly it tells
    #[arg(long, value_name = "TIER", required_unless_present = "speech", value_parser = word(Tier::ALL, Tier::word, Tier::from_word))]
    tier: Option<Tier>,
    /// For an act toward an entity: the side it takes; none for spoken and contact
    #[arg(long, value_name = "SIDE", value_parser = word(Side::ALL, Side::word, Side::from_word))]
    side: Option<Side>,
    /// For a word about claims: what is done with the claim
    #[arg(long, value_name = "SPEECH", conflicts_with_all = ["tier", "side", "formal"], value_parser = word(Speech::ALL, Speech::word, Speech::from_word))]
    speech: Option<Speech>,
    /// It is a formal act: a vote, a signature, a law
    #[arg(long)]
    formal: bool,
    /// A published code with the same meaning, as in cameo=051; may be given several times
    #[arg(long = "code", value_name = "SCHEME=CODE", value_parser = pair)]
    codes: Vec<(String, String)>,
    #[command(flatten)]
    recording: Recording,
}

impl Action {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let body = |_: &Ledger| {
            Ok(Body::Action(event::Action {
                action: self.action.clone(),
                label: self.label.clone().unwrap_or_else(|| self.action.replace('-', " ")),
                toward: if self.speech.is_some() { Toward::Claim } else { Toward::Entity },
                tier: self.tier,
                side: self.side,
                speech: self.speech,
                formal: self.formal,
                codes: self.codes(),
            }))
        };
        let next = format!("actions {}", quoted(&self.action));
        one_event::record(call, out, &self.recording, body, |row| told(row, next))
    }

    /// The codes by scheme: one as itself, several as a list.
    fn codes(&self) -> BTreeMap<String, Code> {
        let mut codes: BTreeMap<String, Code> = BTreeMap::new();
        for (scheme, code) in &self.codes {
            let code = match codes.remove(scheme) {
                None => Code::One(code.clone()),
                Some(Code::One(first)) => Code::Many(vec![first, code.clone()]),
                Some(Code::Many(mut others)) => {
                    others.push(code.clone());
                    Code::Many(others)
                }
            };
            codes.insert(scheme.clone(), code);
        }
        codes
    }
}
