//! `import`: foreign formats, batch by batch; what is refused is kept with reasons.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::call::{Call, Format};
use super::claim_review::ClaimReview;
use super::failure::{Exit, Failure};
use super::input::Source;
use super::list;
use super::one_event::Scratch;
use super::out::{Out, shown};
use super::plain::number;
use super::planned;
use super::progress::Progress;
use super::rejects::Rejects;
use super::votes::Votes;
use crate::Ledger;
use crate::event::Refusal;
use crate::ledger::{BadRow, Encoding, Error, Foreign, ImportOptions, Imported, Map, Mentions, Summary};

/// So many refused rows are shown; all are kept.
const SHOWN_MAX: u64 = 10;
/// So many characters of why a row is refused are shown; all of them are kept.
const SAID_MAX: usize = 400;

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
    /// GDELT event exports: 2.0 with 61 columns, 1.0 with 58
    #[command(after_help = "\
Examples:
  stancelog import gdelt 20151027220000.export.CSV
  stancelog import gdelt 20170701.export.CSV --mentions 20170701.mentions.CSV
  unzip -p 20170701.export.CSV.zip | stancelog import gdelt -

Dates a day, a week, 30 days or a year before a row was added come from words
like `last week` in the source: they are recorded as approximate (`~`). Rows
without an actor or a target are refused. Mentions belong to the first import
of an event: one that is there does not take more evidence.")]
    Gdelt(Gdelt),
    /// POLECAT event data: 40 columns, PLOVER's types and modes
    #[command(after_help = "\
Examples:
  stancelog import polecat ngecEvents.DV.2023.txt")]
    Polecat(Files),
    /// Any table, with a map that says which column tells what
    #[command(after_help = "\
Examples:
  stancelog import csv speeches.csv --map speeches.toml -n --first 5
  stancelog import csv speeches.csv --map speeches.toml

A map is TOML:
  name = \"speeches\"             # part of the ids: another name, other events
  delimiter = \",\"               # and header = false, where there is none
  dates = [\"%d/%m/%Y\", \"%Y\"]    # without it dates are EDTF
  other_action = \"mentions\"     # for values that [actions] does not name
  [columns]                      # by name, or by number from 1
  actor = \"Speaker\"
  action = \"Position\"
  target = \"Topic\"
  occurred = 4
  [constants]                    # the same in every row
  place = \"London\"
  [actions]
  Yes = \"backs\"
  No = \"opposes\"
Columns may tell actor, action, target, occurred, on_behalf_of, place,
confidence, source, url, quote, note and id. The first four are needed.")]
    Csv(Table),
    /// Votes by roll call: rcid, date, country, vote, with a header
    #[command(after_help = super::votes::HELP)]
    Votes(Votes),
    /// Reviews of claims by fact-checkers: ClaimReview as JSON-LD, or a table
    #[command(name = "claimreview", after_help = super::claim_review::HELP)]
    ClaimReview(ClaimReview),
    /// Lists of entities: names, aliases, roles with dates, Wikidata's ids
    #[command(after_help = "\
Examples:
  stancelog import entities people.csv
  stancelog import entities actors.jsonl

Tables have a header. Of these columns `name` is needed:
  name,entity,kind,aliases,wikidata,roles,note,url
  Ann Lee,ann-lee,person,A. Lee; Premier Lee,Q42,Premier | Ruritania | 2019 | 2022
`entity` is the slug; roles are title | of | from | to, with `;` between them.
JSON (lines or a list) has the same fields, aliases and roles as lists:
  {\"name\":\"Ann Lee\",\"roles\":[{\"title\":\"Premier\",\"of\":\"Ruritania\",\"from\":\"2019\"}]}
A row without a slug amends the entity of its name, or makes one. Two rows that
tell one name otherwise are not taken for one: the second is refused. Names that
several bear come in, and are refused where somebody is called so;
`stancelog review` lists them. Where roles have a code instead of a title
(Phoenix), kinds are those of the lists, and are told in the note alone, but
for countries: the first to bear a country's own code is the country.")]
    Entities(Files),
}

#[derive(Args, Debug)]
struct Table {
    #[command(flatten)]
    files: Files,
    /// Which column tells what
    #[arg(long, value_name = "MAP.toml")]
    map: PathBuf,
}

impl Table {
    fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let name = shown(&self.map.display().to_string()).to_string();
        let text = std::fs::read_to_string(&self.map).map_err(|e| Failure::Usage(format!("cannot read {name}: {e}")))?;
        let map = Map::parse(&text).map_err(|refusal| at_its_place(&name, &text, &refusal))?;
        self.files.run(&Foreign::Table(map), call, out)
    }
}

/// What is wrong with a file in TOML, with its line and column.
pub(super) fn at_its_place(name: &str, text: &str, refusal: &Refusal) -> Failure {
    let at = refusal.span.as_ref().map_or(0, |span| span.start.min(text.len()));
    let before = text.get(..at).unwrap_or_default();
    let (line, column) = (before.matches('\n').count() + 1, before.chars().rev().take_while(|c| *c != '\n').count() + 1);
    Failure::Usage(format!("{name}:{line}:{column}: {}", shown(&refusal.to_string())))
}

#[derive(Args, Debug)]
struct Gdelt {
    #[command(flatten)]
    files: Files,
    /// Files of mentions, which become evidence of the events that they mention
    #[arg(long, value_name = "FILE", num_args = 1..)]
    mentions: Vec<PathBuf>,
}

impl Gdelt {
    fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let mentions = if self.mentions.is_empty() { None } else { Some(self.read_mentions(out)?) };
        self.files.run(&Foreign::Gdelt(mentions), call, out)
    }

    fn read_mentions(&self, out: &mut Out) -> Result<Mentions, Failure> {
        let failed = |path: &Path, source| Failure::Ledger(Error::File { doing: "read the mentions in", path: path.to_owned(), source });
        let mut mentions = Mentions::new().map_err(|source| failed(Path::new("a temporary file"), source))?;
        for path in &self.mentions {
            let source = Source::open(path)?;
            let name = source.title();
            let mut refused = 0;
            let reject = |bad: BadRow| {
                refused += 1;
                if refused <= SHOWN_MAX {
                    out.complain(&row(&name, &bad));
                }
            };
            mentions.read(source.into_reader(), self.files.options().encoding, reject).map_err(|source| failed(path, source))?;
            if refused > SHOWN_MAX {
                out.complain(&format!("{}: {refused} mentions refused", shown(&name)));
            }
        }
        Ok(mentions)
    }
}

#[derive(Args, Debug)]
pub(super) struct Files {
    /// Files to import; `-` is stdin
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Commit every N events [default: a few thousand]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    batch: Option<u32>,
    /// Show the events that would be recorded, as JSON Lines, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// With --dry-run: show the first N events only; every row is looked at all the same
    #[arg(long, value_name = "N", requires = "dry_run")]
    first: Option<usize>,
    /// How the characters of the files are written
    #[arg(long, value_enum, default_value_t = Characters::Utf8)]
    encoding: Characters,
}

/// How the characters of a file are written.
#[derive(Clone, Copy, ValueEnum, Debug)]
enum Characters {
    /// UTF-8
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    /// Latin-1, or Windows-1252
    #[value(name = "latin1", aliases = ["latin-1", "windows-1252"])]
    Latin1,
}

impl Import {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        match &self.format {
            Formats::Icews(files) => files.run(&Foreign::Icews, call, out),
            Formats::Gdelt(gdelt) => gdelt.run(call, out),
            Formats::Csv(table) => table.run(call, out),
            Formats::Votes(votes) => votes.run(call, out),
            Formats::ClaimReview(reviews) => reviews.run(call, out),
            Formats::Entities(files) => files.run(&Foreign::Entities, call, out),
            Formats::Polecat(files) => files.run(&Foreign::Polecat, call, out),
        }
    }
}

impl Files {
    pub(super) fn run(&self, format: &Foreign, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let sources = self.files.iter().map(|name| Source::open(name)).collect::<Result<Vec<_>, _>>()?;
        let scratch = if self.dry_run && !call.exists() { Some(Scratch::new()?) } else { None };
        let mut ledger = match &scratch {
            Some(scratch) => scratch.ledger()?,
            None => call.write()?,
        };
        let mut total = Imported::default();
        let mut left = self.first.unwrap_or(usize::MAX);
        for source in sources {
            let name = source.name.clone();
            let imported = if self.dry_run {
                self.rehearse(&mut ledger, format, source, &mut left, out)
            } else {
                self.import(&mut ledger, format, source, out)
            };
            total = total.plus(imported.map_err(|failure| of_file(failure, name))?);
        }
        if self.dry_run {
            let Summary { appended, registered, duplicates, rejected, .. } = total.summary;
            out.note(&format!(
                "dry run: nothing was recorded; {appended} would be appended, {registered} registered, {duplicates} are there, {rejected} rejected"
            ));
            return Ok(Exit::Done);
        }
        print(&total, format, call, out)?;
        let next = match format {
            Foreign::ClaimReview(_) => "claims",
            Foreign::Entities => "review",
            Foreign::Icews | Foreign::Gdelt(_) | Foreign::Polecat | Foreign::Table(_) | Foreign::Votes(_) => "entities",
        };
        out.next(&format!("the log is at {}.", total.summary.head), &call.command(next));
        Ok(Exit::Done)
    }

    fn import(&self, ledger: &mut Ledger, format: &Foreign, source: Source, out: &mut Out) -> Result<Imported, Failure> {
        let mut rejects = Rejects::beside(&source.name);
        let progress = Progress::of_bytes(source.bytes, !out.is_quiet());
        let name = source.title();
        let input = progress.over(source.into_reader());
        let options = self.options();
        out.beside(Some(progress.bar()));
        let (mut refused, mut read) = (0, 0);
        let refuse = |bad: BadRow| {
            refused += 1;
            if refused <= SHOWN_MAX {
                out.complain(&row(&name, &bad));
            }
            rejects.row(&bad)
        };
        let imported = ledger.import_file(format, input, options, refuse, |rows| read = rows);
        progress.finish();
        out.beside(None);
        let path = rejects.path().display().to_string();
        if rejects.finish()? {
            if refused > SHOWN_MAX {
                out.complain(&format!("… and {} more refused rows", refused - SHOWN_MAX));
            }
            out.note(&format!("refused rows, with reasons: {}", shown(&path)));
        }
        if imported.is_err() && read > 0 {
            out.note(&format!("{} of {} recorded or refused before it could not be read on", number(read, "row", "rows"), shown(&name)));
        }
        Ok(imported?)
    }

    pub(super) fn options(&self) -> ImportOptions {
        let encoding = match self.encoding {
            Characters::Utf8 => Encoding::Utf8,
            Characters::Latin1 => Encoding::Latin1,
        };
        let plain = ImportOptions::default();
        ImportOptions { batch: self.batch.map_or(plain.batch, |batch| batch as usize), encoding, ..plain }
    }

    fn rehearse(
        &self,
        ledger: &mut Ledger,
        format: &Foreign,
        source: Source,
        left: &mut usize,
        out: &mut Out,
    ) -> Result<Imported, Failure> {
        let name = source.title();
        let (mut complaints, mut refused) = (Vec::new(), 0);
        let refuse = |bad: BadRow| {
            refused += 1;
            if refused <= SHOWN_MAX {
                complaints.push(row(&name, &bad));
            }
            Ok(())
        };
        let show = |event: crate::ledger::Stored| {
            if *left == 0 {
                return Ok(());
            }
            *left -= 1;
            Ok(planned::print(&event, out)?)
        };
        let imported = ledger.rehearse_file(format, source.into_reader(), self.options(), refuse, show);
        complaints.iter().for_each(|said| out.complain(said));
        if refused > SHOWN_MAX {
            out.complain(&format!("… and {} more refused rows", refused - SHOWN_MAX));
        }
        Ok(imported?)
    }
}

/// A file that cannot be read on is called by its name.
fn of_file(failure: Failure, name: PathBuf) -> Failure {
    match failure {
        Failure::Ledger(Error::File { doing, path, source }) if path.as_os_str() == "-" => {
            Failure::Ledger(Error::File { doing, path: name, source })
        }
        other => other,
    }
}

/// Prints what an import came to.
fn print(imported: &Imported, format: &Foreign, call: &Call, out: &mut Out) -> Result<(), Failure> {
    let Summary { rows, appended, registered, duplicates, rejected, .. } = &imported.summary;
    let reasons: Vec<String> = imported.rejected_by.iter().map(|(kind, rows)| format!("{kind}: {rows}")).collect();
    match call.format() {
        Format::Table => {
            let why = if reasons.is_empty() { String::new() } else { format!(" ({})", shown(&reasons.join(", "))) };
            out.line(&format!(
                "{}: {appended} appended, {}, {rejected} rejected{why}; {}",
                number(*rows, "row", "rows"),
                number(*duplicates, "duplicate", "duplicates"),
                along(*registered, format),
            ))
        }
        Format::Json | Format::Jsonl => out.json(imported),
        Format::Csv => list::csv(imported, out),
    }
}

/// What was recorded besides the rows' own events.
fn along(registered: u64, format: &Foreign) -> String {
    match format {
        Foreign::Icews | Foreign::Gdelt(_) | Foreign::Polecat | Foreign::Table(_) | Foreign::Entities => {
            format!("{} registered along the way", number(registered, "entity", "entities"))
        }
        Foreign::Votes(_) => format!("{} came with them (motions, voters, absences)", number(registered, "event", "events")),
        Foreign::ClaimReview(_) => format!("{} came with them (claims, assertions, names)", number(registered, "event", "events")),
    }
}

/// A refused row in one line, which is not longer than one can read: a value that it quotes may be.
pub(super) fn row(file: &str, bad: &BadRow) -> String {
    let Refusal { field, .. } = &bad.reason;
    let place = if field.is_empty() { String::new() } else { format!("{field}: ") };
    let column = bad.column.map_or(String::new(), |column| format!("{column}:"));
    let mut said = format!("{place}{}", bad.reason);
    if let Some((at, _)) = said.char_indices().nth(SAID_MAX) {
        said.truncate(at);
        said.push('…');
    }
    format!("{}:{}:{column} {}", shown(file), bad.line, shown(&said))
}
