//! `append`: events as JSON Lines, each file whole or not at all.

use std::path::{Path, PathBuf};

use clap::Args;

use super::call::{Call, Format};
use super::failure::{Exit, Failure};
use super::input::Source;
use super::lines::{Refused, append, lines_are};
use super::list;
use super::one_event::Scratch;
use super::out::Out;
use super::plain::number;
use super::planned;
use crate::ledger::{BadLines, LinesOptions, Seq, Strictness, Summary};

/// A first file of up to so many bytes is tried before a log is made for it.
const TRIED_MAX_BYTES: u64 = 4 << 20;

/// Append events given as JSON Lines, each file whole or not at all
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog append registry.jsonl events.jsonl
  stancelog --db old.db export | stancelog --db new.db append -

A line is one event of any type; without `type` it is a stance event:
  {\"actor\":\"Ann\",\"action\":\"backs\",\"target\":\"Tax\",\"occurred\":\"2022-02-24\"}
Without `id` it gets a fresh one, so that appending the same file again
records it again. An event with an id that is there already, with the same
content, is a duplicate and changes nothing.

With --keep-going each refused line goes to FILE.rejects.jsonl, or for stdin
to stdin.rejects.jsonl, which is written anew each time, as
  {\"reject\":{\"line\":3,\"column\":24,\"reason\":\"…\"},\"event\":{…}}
Mend what stands under `event` and append that file: `append` takes the event
out of such a line. A line that is no JSON is kept under `text`; write what
it should have been under `event`.")]
pub(super) struct Append {
    /// Files of JSON Lines; `-`, or none, is stdin
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Refuse names that nobody registered, instead of registering them
    #[arg(long)]
    strict: bool,
    /// Refuse to append unless the log's head is this seq
    #[arg(long, value_name = "SEQ", value_parser = clap::value_parser!(i64).range(0..))]
    expect_head: Option<i64>,
    /// Show the events that would be recorded, as JSON Lines, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Take the good lines; write the others with reasons to FILE.rejects.jsonl
    #[arg(long)]
    keep_going: bool,
    /// Commit every N lines instead of once a file
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    batch: Option<u64>,
}

impl Append {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let stdin = [PathBuf::from("-")];
        let names = if self.files.is_empty() { &stdin[..] } else { &self.files[..] };
        // Every file is opened before anything is written: a misspelt name is found out first.
        let mut sources = names.iter().map(|name| Source::open(name)).collect::<Result<Vec<_>, _>>()?;
        if self.dry_run {
            return self.rehearse(call, out, sources);
        }
        if let Some(exit) = self.try_first(names, call, out)? {
            return Ok(exit);
        }
        let mut ledger = call.write()?;
        let before = ledger.status()?.head;
        let mut total = Summary { head: before, ..Summary::default() };
        let mut options = self.options();
        sources.reverse();
        while let Some(source) = sources.pop() {
            let mut refused = if self.keep_going { Refused::kept_beside(&source.name) } else { Refused::default() };
            let name = source.name.clone();
            let outcome = append(&mut ledger, vec![source], options, &mut refused, out)?;
            let has_part = outcome.summary.appended + outcome.summary.registered > 0;
            total = total.plus(outcome.summary);
            options.expect_head = options.expect_head.map(|_| Seq(total.head));
            if outcome.refused {
                print_summary(&total, call, out)?;
                let left: Vec<&Path> = sources.iter().rev().map(|source| source.name.as_path()).collect();
                out.complain(&refused.say(&name, has_part, &left));
                return Ok(refused.exit());
            }
        }
        print_summary(&total, call, out)?;
        if total.head > before {
            out.next(&format!("the log is at {}.", total.head), &call.command(&format!("events --after {before}")));
        } else {
            out.note(&format!("nothing changed; the log is at {}", total.head));
        }
        Ok(Exit::Done)
    }

    fn options(&self) -> LinesOptions {
        LinesOptions {
            strictness: if self.strict { Strictness::Strict } else { Strictness::Registers },
            expect_head: self.expect_head.map(Seq),
            bad_lines: if self.keep_going { BadLines::KeepGoing } else { BadLines::RefuseAll },
            commit_every: self.batch,
            dry_run: false,
        }
    }

    /// Where there is no log yet, a first file that is refused must leave none behind: it is tried on one that nobody
    /// keeps, unless that would take long. Gives the exit when it was refused.
    fn try_first(&self, names: &[PathBuf], call: &Call, out: &mut Out) -> Result<Option<Exit>, Failure> {
        let Some(first) = names.first().filter(|name| name.as_path() != Path::new("-")) else { return Ok(None) };
        if call.exists() || self.keep_going || self.batch.is_some() {
            return Ok(None);
        }
        let source = Source::open(first)?;
        if source.bytes.is_none_or(|bytes| bytes > TRIED_MAX_BYTES) {
            return Ok(None);
        }
        let scratch = Scratch::new()?;
        let options = LinesOptions { dry_run: true, ..self.options() };
        let mut refused = Refused::default();
        let outcome = append(&mut scratch.ledger()?, vec![source], options, &mut refused, out)?;
        if !outcome.refused {
            return Ok(None);
        }
        print_summary(&outcome.summary, call, out)?;
        let left: Vec<&Path> = names[1..].iter().map(PathBuf::as_path).collect();
        out.complain(&refused.say(first, false, &left));
        Ok(Some(refused.exit()))
    }

    /// Shows what would be appended: all files as one input, so that the later ones know what the earlier ones define,
    /// and in one batch, for nothing is committed between two.
    fn rehearse(&self, call: &Call, out: &mut Out, sources: Vec<Source>) -> Result<Exit, Failure> {
        let scratch = if call.exists() { None } else { Some(Scratch::new()?) };
        let mut ledger = match &scratch {
            Some(scratch) => scratch.ledger()?,
            None => call.write()?,
        };
        let mut refused = Refused::default();
        let options = LinesOptions { dry_run: true, commit_every: None, ..self.options() };
        let outcome = append(&mut ledger, sources, options, &mut refused, out)?;
        for event in &outcome.stored {
            planned::print(event, out)?;
        }
        if outcome.refused {
            out.complain(&format!("error: {}; with these nothing would be recorded", lines_are(refused.count())));
            return Ok(refused.exit());
        }
        let Summary { appended, registered, duplicates, rejected, .. } = outcome.summary;
        out.note(&format!(
            "dry run: nothing was recorded; {appended} would be appended, {registered} registered, {duplicates} are there, {rejected} rejected"
        ));
        Ok(Exit::Done)
    }
}

/// Prints what an append or an import came to.
pub(super) fn print_summary(summary: &Summary, call: &Call, out: &mut Out) -> Result<(), Failure> {
    let Summary { rows, appended, registered, duplicates, rejected, .. } = summary;
    match call.format() {
        Format::Table => out.line(&format!(
            "{}: {appended} appended, {}, {rejected} rejected; {} registered along the way",
            number(*rows, "row", "rows"),
            number(*duplicates, "duplicate", "duplicates"),
            number(*registered, "entity", "entities"),
        )),
        Format::Json | Format::Jsonl => out.json(summary),
        Format::Csv => list::csv(summary, out),
    }
}
