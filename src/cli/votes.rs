//! `import votes`: roll calls, with what is known of motions and members beside the votes.

use std::path::{Path, PathBuf};

use clap::Args;

use super::call::Call;
use super::failure::{Exit, Failure};
use super::import::{Files, at_its_place, row};
use super::input::Source;
use super::out::{Out, shown};
use crate::ledger::{BadRow, Error, Foreign, RollCalls};

pub(super) const HELP: &str = "\
Examples:
  stancelog import votes votes.tsv --rolls roll_calls.tsv
  stancelog import votes votes.tsv --motions motions.toml --members members.csv

Votes are yes, no, abstain or absent. The roll calls' file has rcid and short
or title, and where there are, date and descr. Motions say in TOML what a vote
for them is a vote for or against:
  [motions]
  5180 = [{ target = \"Ukraine\", side = \"favor\" }]
With the members' names, written as in the votes (member, and from and to where
they were not always members), those of whom a roll call has no row are told
to be absent from it; the rows of a roll call have to stand together then.";

#[derive(Args, Debug)]
pub(super) struct Votes {
    #[command(flatten)]
    files: Files,
    /// What the roll calls are called
    #[arg(long, value_name = "FILE")]
    rolls: Option<PathBuf>,
    /// What the motions stand for
    #[arg(long, value_name = "FILE.toml")]
    motions: Option<PathBuf>,
    /// Who could have voted
    #[arg(long, value_name = "FILE")]
    members: Option<PathBuf>,
    /// Whose roll calls these are: a part of the motions' slugs
    #[arg(long, value_name = "NAME", default_value = "un")]
    assembly: String,
}

impl Votes {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let mut calls = RollCalls::of(&self.assembly);
        let encoding = self.files.options().encoding;
        let failed = |path: &Path, source| Failure::Ledger(Error::File { doing: "read", path: path.to_owned(), source });
        if let Some(path) = &self.rolls {
            let source = Source::open(path)?;
            let name = source.title();
            let reject = |bad: BadRow| out.complain(&row(&name, &bad));
            calls.read_titles(source.into_reader(), encoding, reject).map_err(|source| failed(path, source))?;
        }
        if let Some(path) = &self.members {
            let source = Source::open(path)?;
            let name = source.title();
            let reject = |bad: BadRow| out.complain(&row(&name, &bad));
            calls.read_members(source.into_reader(), encoding, reject).map_err(|source| failed(path, source))?;
        }
        if let Some(path) = &self.motions {
            let name = shown(&path.display().to_string()).to_string();
            let text = std::fs::read_to_string(path).map_err(|source| failed(path, source))?;
            calls.read_motions(&text).map_err(|refusal| at_its_place(&name, &text, &refusal))?;
        }
        self.files.run(&Foreign::Votes(calls), call, out)
    }
}
