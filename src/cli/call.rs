//! What every command is told besides its own arguments: which log, which form of answer.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::plain::quoted;
use crate::Ledger;
use crate::event::TargetRef;
use crate::ledger::Asked;
use crate::stance::Rule;

/// The log that is meant when none is named.
const DEFAULT_DB: &str = "stances.db";

/// Flags that every command takes.
#[derive(Args, Clone, Debug)]
pub(super) struct Call {
    /// The log; the first write makes it, a question never does
    #[arg(long, value_name = "PATH", env = "STANCELOG_DB", default_value = DEFAULT_DB, global = true, help_heading = "Global options")]
    pub(super) db: PathBuf,
    /// The form of the answer [default: table; for export: jsonl]
    #[arg(long, value_name = "FORMAT", global = true, help_heading = "Global options")]
    pub(super) format: Option<Form>,
    /// Say nothing but the answer and what is wrong
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(super) quiet: bool,
    /// Whether it goes without saying which log is meant.
    #[arg(skip)]
    pub(super) implied: bool,
}

/// What `--format` takes: the forms of an answer, and what `export` alone writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Form {
    Table,
    Json,
    Jsonl,
    Csv,
    #[value(hide = true)]
    Parquet,
    #[value(name = "cloudevents", hide = true)]
    CloudEvents,
    #[value(name = "graphml", hide = true)]
    GraphMl,
}

/// The forms of an answer: for people; one JSON value, an object or an array of them; one JSON object a line; rows
/// under a header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    Table,
    Json,
    Jsonl,
    Csv,
}

impl Call {
    /// The form that was asked for, or the one for people.
    pub(super) fn format(&self) -> Format {
        match self.format {
            None | Some(Form::Table) => Format::Table,
            Some(Form::Json) => Format::Json,
            // With the forms of files only `export` is let in, which looks at them itself.
            Some(Form::Jsonl | Form::Parquet | Form::CloudEvents | Form::GraphMl) => Format::Jsonl,
            Some(Form::Csv) => Format::Csv,
        }
    }

    /// The form that was asked for, as it was.
    pub(super) fn form(&self) -> Option<Form> {
        self.format
    }

    /// Refuses the forms that only files of an export have.
    pub(super) fn must_be_an_answer(&self) -> Result<(), Failure> {
        match self.format {
            None | Some(Form::Table | Form::Json | Form::Jsonl | Form::Csv) => Ok(()),
            Some(form @ (Form::Parquet | Form::CloudEvents | Form::GraphMl)) => {
                let name = form.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
                Err(Failure::Usage(format!("only `export` writes {name}; answers come as table, json, jsonl or csv")))
            }
        }
    }

    /// Opens the log for questions.
    pub(super) fn read(&self) -> Result<Ledger, Failure> {
        self.must_exist()?;
        Ok(Ledger::open_read_only(&self.db)?)
    }

    /// Opens the log for writing; makes it where there is none.
    pub(super) fn write(&self) -> Result<Ledger, Failure> {
        Ok(Ledger::open(&self.db)?)
    }

    /// Refuses to go on where there is no log.
    pub(super) fn must_exist(&self) -> Result<(), Failure> {
        if self.exists() { Ok(()) } else { Err(Failure::Missing(self.db.clone())) }
    }

    /// Whether there is a log.
    pub(super) fn exists(&self) -> bool {
        self.db.exists()
    }

    /// A command line to try next, about the same log.
    pub(super) fn command(&self, rest: &str) -> String {
        let known = std::env::var_os("STANCELOG_DB").map_or_else(|| PathBuf::from(DEFAULT_DB), PathBuf::from);
        if self.implied || self.db == known {
            format!("stancelog {rest}")
        } else {
            format!("stancelog --db {} {rest}", quoted_path(&self.db))
        }
    }
}

fn quoted_path(path: &Path) -> String {
    quoted(&path.display().to_string())
}

/// Refuses a claim where an entity is asked about: nobody takes sides toward a claim.
pub(super) fn no_claim(target: &str, call: &Call) -> Result<(), Failure> {
    match TargetRef::of(target) {
        TargetRef::Entity(_) => Ok(()),
        TargetRef::Claim(claim) => {
            let shows = call.command(&format!("claim {}", quoted(claim)));
            Err(Failure::Usage(format!("`{target}` is a claim, which one asserts or denies: `{shows}` shows who does")))
        }
    }
}

/// The two times and the rule of a question.
#[derive(Args, Clone, Debug)]
pub(super) struct When {
    /// What happened later does not count: a date in EDTF (2022, 2022-02-24), `today` or `-30d`
    #[arg(long, value_name = "T", allow_hyphen_values = true, help_heading = "When and how")]
    as_of: Option<String>,
    /// What was recorded later does not count: a date likewise, or a seq, written @45
    #[arg(long, value_name = "K", allow_hyphen_values = true, help_heading = "When and how")]
    known_at: Option<String>,
    /// How events decide: `latest`, by their last day; `majority`, by two thirds of their last 90 days, for
    /// machine-coded data
    #[arg(long, value_name = "RULE", default_value = "latest", help_heading = "When and how")]
    rule: RuleName,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum RuleName {
    Latest,
    Majority,
}

impl When {
    /// The same for the ledger.
    pub(super) fn asked(&self) -> Asked {
        let rule = match self.rule {
            RuleName::Latest => Rule::Latest,
            RuleName::Majority => Rule::Majority,
        };
        Asked { as_of: self.as_of.clone(), known_at: self.known_at.clone(), rule }
    }

    /// Whether something is asked that only answers have, and events have not.
    pub(super) fn is_of_answers(&self) -> bool {
        self.as_of.is_some() || self.rule != RuleName::Latest
    }

    /// The flags as they were given, for a command to try next.
    pub(super) fn flags(&self) -> String {
        let mut flags = String::new();
        for (flag, value) in [("--as-of", &self.as_of), ("--known-at", &self.known_at)] {
            if let Some(value) = value {
                flags.push_str(&format!(" {flag} {}", quoted(value)));
            }
        }
        if self.rule == RuleName::Majority {
            flags.push_str(" --rule majority");
        }
        flags
    }
}
