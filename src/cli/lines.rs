//! Appending files of lines: progress while it lasts, a picture of every line that is refused, rejects kept.

use std::path::Path;

use super::bad_line;
use super::failure::{Exit, Failure};
use super::input::{Lines, Source, title};
use super::out::{Out, shown};
use super::plain::number;
use super::progress::Progress;
use super::rejects::Rejects;
use crate::Ledger;
use crate::ledger::{BadLine, BadLineReason, LinesOptions, LinesOutcome};

/// So many refused lines are shown; the others are counted.
const SHOWN_MAX: u64 = 50;

/// Lines that were refused: how many, and where they are kept.
#[derive(Default)]
pub(super) struct Refused {
    wrong: u64,
    reused: u64,
    kept: Option<Rejects>,
}

/// Appends files as one input; shows what is refused, and keeps it where it shall be kept.
pub(super) fn append(
    ledger: &mut Ledger,
    sources: Vec<Source>,
    options: LinesOptions,
    refused: &mut Refused,
    out: &mut Out,
) -> Result<LinesOutcome, Failure> {
    let names: Vec<String> = sources.iter().map(Source::title).collect();
    let bytes = sources.iter().map(|source| source.bytes).sum::<Option<u64>>();
    let mut progress = Progress::of_bytes(bytes, !out.is_quiet());
    let (lines, place) = Lines::of(sources);
    out.beside(Some(progress.bar()));
    let refuse = |mut bad: BadLine| {
        let place = place.get();
        bad.line = place.line;
        if refused.add(&bad) <= SHOWN_MAX {
            out.complain(&bad_line::picture(&shown(&names[place.file]), &bad, out.width));
            out.complain("");
        }
        refused.kept.as_mut().map_or(Ok(()), |kept| kept.line(&bad))
    };
    let outcome = ledger.append_lines(lines, options, refuse, |bytes| progress.reached(bytes));
    progress.finish();
    out.beside(None);
    let outcome = outcome?;
    if refused.count() > SHOWN_MAX {
        out.complain(&format!("… and {}\n", number(refused.count() - SHOWN_MAX, "more refused line", "more refused lines")));
    }
    if let Some(kept) = refused.kept.take() {
        let path = shown(&kept.path().display().to_string()).into_owned();
        if kept.finish()? {
            out.note(&format!("{}, with reasons in {path}: mend and append that file", lines_are(refused.count())));
        }
    }
    Ok(outcome)
}

impl Refused {
    /// None yet; those that come are kept beside the input.
    pub(super) fn kept_beside(input: &Path) -> Self {
        Self { kept: Some(Rejects::beside(input)), ..Self::default() }
    }

    /// Counts a refused line; how many there are now.
    fn add(&mut self, bad: &BadLine) -> u64 {
        match bad.reason {
            BadLineReason::Refused(_) => self.wrong += 1,
            BadLineReason::IdReused(..) => self.reused += 1,
        }
        self.count()
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.wrong + self.reused
    }

    /// Lines whose ids are taken are a conflict; any other line is bad input.
    pub(super) fn exit(&self) -> Exit {
        if self.wrong == 0 { Exit::Conflict } else { Exit::BadInput }
    }

    /// Why a file was not taken, what else was not, and what can be done.
    pub(super) fn say(&self, file: &Path, has_part: bool, left: &[&Path]) -> String {
        let name = |path: &Path| shown(&title(path)).into_owned();
        let file = name(file);
        let kept = if has_part {
            format!("the batch with them was not recorded; what stands before it in {file} was")
        } else {
            format!("nothing of {file} was recorded")
        };
        let mut said = format!("error: {}; {kept}", lines_are(self.count()));
        if !left.is_empty() {
            let left: Vec<String> = left.iter().map(|path| name(path)).collect();
            said.push_str(&format!("; not tried: {}", left.join(", ")));
        }
        said.push_str("\nhint: mend them, or take the good ones with --keep-going");
        said
    }
}

/// So many lines are refused, as the beginning of a sentence.
pub(super) fn lines_are(bad: u64) -> String {
    number(bad, "line is refused", "lines are refused")
}
