//! `import`: foreign formats, batch by batch; what is refused is kept with reasons.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::append::print_summary;
use super::call::Call;
use super::failure::{Exit, Failure};
use super::input::Source;
use super::one_event::Scratch;
use super::out::{Out, shown};
use super::planned;
use super::progress::Progress;
use super::rejects::Rejects;
use crate::Ledger;
use crate::event::Refusal;
use crate::ledger::{BadRow, Foreign, ImportOptions, Summary};

/// So many refused rows are shown; all are kept.
const SHOWN_MAX: u64 = 10;

/// Import events of a foreign format
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  stancelog import icews events.2018.tab")]
pub(super) struct Import {
    #[command(subcommand)]
    format: Formats,
}

/// The formats, each with its own arguments.
#[derive(Subcommand, Debug)]
enum Formats {
    /// ICEWS event data: raw files of 20 columns, or date, actor, relation, target, code
    #[command(after_help = "\
Examples:
  stancelog import icews events.2018.tab
  stancelog import icews -n sample.tsv | head

The same row has the same id for ever: importing a file again adds nothing.
An import that was interrupted is simply run again. Refused rows go with
reasons to FILE.rejects.jsonl.")]
    Icews(Files),
}

#[derive(Args, Debug)]
struct Files {
    /// Files to import; `-` is stdin
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Commit every N events [default: a few thousand]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    batch: Option<u32>,
    /// Show the events that would be recorded, as JSON Lines, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

impl Import {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        match &self.format {
            Formats::Icews(files) => files.run(Foreign::Icews, call, out),
        }
    }
}

impl Files {
    fn run(&self, format: Foreign, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let sources = self.files.iter().map(|name| Source::open(name)).collect::<Result<Vec<_>, _>>()?;
        let scratch = if self.dry_run && !call.exists() { Some(Scratch::new()?) } else { None };
        let mut ledger = match &scratch {
            Some(scratch) => scratch.ledger()?,
            None => call.write()?,
        };
        let mut total = Summary::default();
        for source in sources {
            let summary =
                if self.dry_run { rehearse(&mut ledger, format, source, out)? } else { self.import(&mut ledger, format, source, out)? };
            total = total.plus(summary);
        }
        if self.dry_run {
            let Summary { appended, registered, duplicates, rejected, .. } = total;
            out.note(&format!(
                "dry run: nothing was recorded; {appended} would be appended, {registered} registered, {duplicates} are there, {rejected} rejected"
            ));
            return Ok(Exit::Done);
        }
        print_summary(&total, call, out)?;
        out.next(&format!("the log is at {}.", total.head), &call.command("entities"));
        Ok(Exit::Done)
    }

    fn import(&self, ledger: &mut Ledger, format: Foreign, source: Source, out: &mut Out) -> Result<Summary, Failure> {
        let mut rejects = Rejects::beside(&source.name);
        let progress = Progress::of_bytes(source.bytes, !out.is_quiet());
        let name = source.title();
        let input = progress.over(source.into_reader());
        let options = ImportOptions { batch: self.batch.map_or(ImportOptions::default().batch, |batch| batch as usize) };
        out.beside(Some(progress.bar()));
        let mut refused = 0;
        let refuse = |bad: BadRow| {
            refused += 1;
            if refused <= SHOWN_MAX {
                out.complain(&row(&name, &bad));
            }
            rejects.row(&bad)
        };
        let summary = ledger.import_file(format, input, options, refuse, |_| {});
        progress.finish();
        out.beside(None);
        let summary = summary?;
        let path = rejects.path().display().to_string();
        if rejects.finish()? {
            if refused > SHOWN_MAX {
                out.complain(&format!("… and {} more refused rows", refused - SHOWN_MAX));
            }
            out.note(&format!("refused rows, with reasons: {}", shown(&path)));
        }
        Ok(summary)
    }
}

fn rehearse(ledger: &mut Ledger, format: Foreign, source: Source, out: &mut Out) -> Result<Summary, Failure> {
    let name = source.title();
    let mut complaints = Vec::new();
    let refuse = |bad: BadRow| {
        complaints.push(row(&name, &bad));
        Ok(())
    };
    let show = |event: crate::ledger::Stored| Ok(planned::print(&event, out)?);
    let summary = ledger.rehearse_file(format, source.into_reader(), refuse, show)?;
    complaints.iter().for_each(|said| out.complain(said));
    Ok(summary)
}

/// A refused row in one line.
fn row(file: &str, bad: &BadRow) -> String {
    let Refusal { field, .. } = &bad.reason;
    let place = if field.is_empty() { String::new() } else { format!("{field}: ") };
    format!("{}:{}: {}", shown(file), bad.line, shown(&format!("{place}{}", bad.reason)))
}
