//! Recording a single event: in the log, or with `--dry-run` only shown.

use clap::Args;
use serde::Serialize;

use super::call::{Call, Format};
use super::failure::{Exit, Failure};
use super::out::Out;
use super::planned;
use crate::Ledger;
use crate::event::{Body, Common, Draft, EventId, Evidence, Selector};
use crate::ledger::{BatchOptions, Outcome, Row};

/// What every command that records one event takes.
#[derive(Args, Clone, Debug)]
pub(super) struct Recording {
    /// A remark for readers
    #[arg(long, value_name = "TEXT", help_heading = "About the record")]
    note: Option<String>,
    /// What it rests on: a source's slug, or an address (https://…)
    #[arg(long, value_name = "SOURCE", help_heading = "About the record")]
    source: Option<String>,
    /// The source's own words
    #[arg(long, value_name = "WORDS", requires = "source", help_heading = "About the record")]
    quote: Option<String>,
    /// An earlier event of the same type that this one supersedes: id, beginning of an id, or seq
    #[arg(long, value_name = "EVENT", help_heading = "About the record")]
    replaces: Option<String>,
    /// The event's id [default: a fresh one]
    #[arg(long, value_name = "UUID", help_heading = "About the record")]
    id: Option<EventId>,
    /// Show the events that would be recorded, as JSON Lines, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

impl Recording {
    /// The event with what was said about its record.
    fn draft(&self, ledger: &Ledger, body: Body) -> Result<Draft, Failure> {
        let replaces = self.replaces.as_deref().map(|event| ledger.event(event)).transpose()?.map(|row| row.id);
        let evidence = self.evidence().into_iter().collect();
        Ok(Draft { id: self.id, body, common: Common { note: self.note.clone(), evidence, replaces, recorded_by: None } })
    }

    fn evidence(&self) -> Option<Evidence> {
        let given = self.source.clone()?;
        let (source, url) = if given.contains("://") { (None, Some(given)) } else { (Some(given), None) };
        let quote = |exact: &String| Selector::TextQuoteSelector { exact: exact.clone(), prefix: None, suffix: None };
        Some(Evidence { source, url, selector: self.quote.as_ref().map(quote), ..Evidence::default() })
    }
}

/// What became of it, for programs.
#[derive(Serialize)]
struct Recorded {
    seq: i64,
    id: EventId,
}

/// Records one event and says so: `sentence` for people, `next` what to run next.
pub(super) fn record(
    call: &Call,
    out: &mut Out,
    recording: &Recording,
    body: impl Fn(&Ledger) -> Result<Body, Failure>,
    told: impl FnOnce(&Row) -> Result<Told, Failure>,
) -> Result<Exit, Failure> {
    let draft = |ledger: &Ledger| recording.draft(ledger, body(ledger)?);
    if !call.exists() {
        // A refused event must not leave an empty log behind: it is tried on one that nobody keeps.
        let scratch = Scratch::new()?;
        let mut ledger = scratch.ledger()?;
        let draft = draft(&ledger)?;
        if recording.dry_run {
            return show(&mut ledger, draft, out);
        }
        ledger.append([draft])?;
    }
    let mut ledger = call.write()?;
    let draft = draft(&ledger)?;
    if recording.dry_run {
        return show(&mut ledger, draft, out);
    }
    let mut batch = ledger.begin(BatchOptions::default())?;
    let outcome = batch.add(draft)?;
    let summary = batch.commit()?;
    let (seq, id, is_new) = match outcome {
        Outcome::Appended { seq, id } => (seq, id, true),
        Outcome::Duplicate { seq, id } => (seq, id, false),
    };
    let row = ledger.event(&format!("@{seq}"))?;
    let told = told(&row)?;
    match call.format() {
        Format::Table => out.line(&told.sentence)?,
        Format::Json | Format::Jsonl => out.json(&Recorded { seq: seq.0, id })?,
        Format::Csv => out.bytes(format!("seq,id\n{},{id}\n", seq.0).as_bytes())?,
    }
    let changed = match (is_new, summary.registered) {
        (false, _) => format!("in the log already, as event {seq}; nothing changed"),
        (true, 0) => format!("recorded as event {seq}"),
        (true, 1) => format!("recorded as event {seq}; 1 entity is new"),
        (true, new) => format!("recorded as event {seq}; {new} entities are new"),
    };
    out.next(&format!("{changed}."), &call.command(&told.next));
    Ok(Exit::Done)
}

/// What is told of a recorded event.
pub(super) struct Told {
    /// What it says, in a sentence.
    pub(super) sentence: String,
    /// A command that shows what came of it.
    pub(super) next: String,
}

fn show(ledger: &mut Ledger, draft: Draft, out: &mut Out) -> Result<Exit, Failure> {
    let mut batch = ledger.begin(BatchOptions::default())?;
    batch.keep_stored();
    let outcome = batch.add(draft)?;
    for event in &batch.stored {
        planned::print(event, out)?;
    }
    batch.abandon();
    match outcome {
        Outcome::Appended { seq, .. } => out.note(&format!("dry run: nothing was recorded; it would be event {seq}")),
        Outcome::Duplicate { seq, .. } => out.note(&format!("dry run: it is in the log already, as event {seq}")),
    }
    Ok(Exit::Done)
}

/// A log that nobody keeps, for trying things out where there is none yet.
pub(super) struct Scratch(tempfile::TempDir);

impl Scratch {
    /// Makes one.
    pub(super) fn new() -> Result<Self, Failure> {
        tempfile::tempdir().map(Self).map_err(|e| Failure::Usage(format!("no temporary folder can be made: {e}")))
    }

    /// Opens it.
    pub(super) fn ledger(&self) -> Result<Ledger, Failure> {
        Ok(Ledger::open(self.path())?)
    }

    /// Where it is.
    pub(super) fn path(&self) -> std::path::PathBuf {
        self.0.path().join("stances.db")
    }
}
