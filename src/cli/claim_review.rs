//! `import claimreview`: what fact-checkers reviewed, with who did where the file does not say.

use clap::Args;

use super::call::Call;
use super::failure::{Exit, Failure};
use super::import::Files;
use super::out::Out;
use crate::ledger::Foreign;

pub(super) const HELP: &str = "\
Examples:
  stancelog import claimreview reviews.jsonl
  stancelog import claimreview liar2.tsv
  stancelog import claimreview checks.csv --reviewer \"The Gazette\"

JSON-LD is read as one object, a list, a @graph, a DataFeed or JSON Lines.
Tables have a header, and need a claim and a rating: columns are called
  claim (or statement)         claimant (or claim_author, speaker)
  claim_date                   rating_text (or label, rating, verdict)
  rating_value, rating_worst, rating_best    reviewer (or review_author)
  review_date, url, title, topic (or subject, tags), context, id
A review becomes the claim, its claimant asserting it, and the verdict: the
label as published, and beside it true, false, mixture or other. Where the
date of the claim is not told, it was claimed until the review's date. Nobody
is made a claimant who is the reviewer or `Multiple sources`: a note says so;
nor is a claim_author where the review_author is the site once more: the name
may be that of the review's writer (call the column `claimant` if it is not).
In tables with date, speaker, statement and verdict, labels that PolitiFact
uses are PolitiFact's, unless another reviewer is named.";

#[derive(Args, Debug)]
pub(super) struct ClaimReview {
    #[command(flatten)]
    files: Files,
    /// Who reviewed the claims, where the files do not say
    #[arg(long, value_name = "NAME")]
    reviewer: Option<String>,
}

impl ClaimReview {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        self.files.run(&Foreign::ClaimReview(self.reviewer.clone()), call, out)
    }
}
