//! `define source`: a document that evidence points at.

use clap::Args;

use super::told;
use crate::Ledger;
use crate::cli::call::Call;
use crate::cli::date;
use crate::cli::failure::{Exit, Failure};
use crate::cli::one_event::{self, Recording};
use crate::cli::out::Out;
use crate::cli::plain::quoted;
use crate::event::{self, Body};

/// A document that evidence points at
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  stancelog define source report-2023 \"A report\" --published 2023-01-31 \\
      --url https://example.org/report")]
pub(super) struct Source {
    /// Its slug: a-z, 0-9 and single dashes
    slug: String,
    /// Its title
    title: String,
    /// Where it is
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Who published it
    #[arg(long, value_name = "NAME")]
    publisher: Option<String>,
    /// When
    #[arg(long, value_name = "EDTF", allow_hyphen_values = true)]
    published: Option<String>,
    /// SHA-256 of its bytes, 64 hexadecimal digits
    #[arg(long, value_name = "HEX")]
    sha256: Option<String>,
    #[command(flatten)]
    recording: Recording,
}

impl Source {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let body = |ledger: &Ledger| {
            Ok(Body::Source(event::Source {
                source: self.slug.clone(),
                title: self.title.clone(),
                url: self.url.clone(),
                publisher: self.publisher.clone(),
                published: self.published.as_deref().map(|text| date::occurred("--published", text, ledger)).transpose()?,
                sha256: self.sha256.clone(),
            }))
        };
        let next = format!("record ACTOR ACTION TARGET --on DATE --source {}", quoted(&self.slug));
        one_event::record(call, out, &self.recording, body, |row| told(row, next))
    }
}
