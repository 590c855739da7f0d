//! The command line: a door to the ledger, one file per command.
//!
//! Promises:
//! - cli-1: answers go to stdout, everything else to stderr; only `out` prints.
//! - cli-2: the exit code tells how it ended: 0 done, 1 the answer is "no", 2 bad input, 3 conflict, 4 unavailable.
//! - cli-3: a question never creates a log, nor does a refused event, unless it comes by stdin or in a file of megabytes.
//! - cli-4: what users wrote cannot move the cursor or turn the reading order, in any form of answer but CSV.
//! - cli-5: a reader who closes the pipe ends the command quietly.
//!
//! Not here: what a command means; that is one function of [`crate::Ledger`] each.

mod failure;
mod call;
mod plain;
mod out;
mod list;
mod table;
mod progress;
mod bad_line;
mod input;
mod rejects;
mod lines;
mod planned;
mod answer;
mod label;
mod evidence;
mod one_event;
mod date;
mod word;
mod sentence;
mod record;
mod append;
mod import;
mod define;
mod merge;
mod retract;
mod erase;
mod stance;
mod sides;
mod history;
mod votes;
mod why;
mod limit;
mod title;
mod flips;
mod gaps;
mod compare;
mod allies;
mod review;
mod diff;
mod claim_review;
mod claims;
mod claim;
mod search;
mod replay;
mod entities;
mod actions;
mod events;
mod event;
mod destination;
mod export;
mod chart;
mod audit;
mod token;
mod backup;
mod status;
mod rebuild;
mod serve;
mod demo;
mod manual;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use call::Call;
use failure::{Exit, Failure};
use out::Out;
pub use serve::{Serve, Serving, Trouble};

/// Who stands where: an append-only log of stance events, answered at any time, as known at any time
#[derive(Parser, Debug)]
#[command(
    name = "stancelog",
    version,
    max_term_width = 100,
    after_help = "\
Start with `stancelog demo`, or with a record of your own:
  stancelog record \"Boris Johnson\" backs Ukraine --on 2022-02-24
  stancelog stance \"Boris Johnson\" Ukraine

Exit codes: 0 done, 1 the answer is no, 2 bad usage or input, 3 conflict (the
log moved on, an id is taken), 4 damaged, missing or unavailable."
)]
struct Cli {
    #[command(flatten)]
    call: Call,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Record(record::Record),
    Append(append::Append),
    Import(import::Import),
    Define(define::Define),
    Merge(merge::Merge),
    Retract(retract::Retract),
    Erase(erase::Erase),
    Stance(stance::Stance),
    Sides(sides::Sides),
    History(history::History),
    Why(why::Why),
    Flips(flips::Flips),
    Gaps(gaps::Gaps),
    Compare(compare::Compare),
    Allies(allies::Allies),
    Review(review::Review),
    Diff(diff::Diff),
    Claims(claims::Claims),
    Claim(claim::Claim),
    Entities(entities::Entities),
    Actions(actions::Actions),
    Events(events::Events),
    Event(event::Event),
    Search(search::Search),
    Replay(replay::Replay),
    Export(export::Export),
    Chart(chart::Chart),
    Audit(audit::Audit),
    Token(token::Token),
    Backup(backup::Backup),
    Status(status::Status),
    Rebuild(rebuild::Rebuild),
    Serve(serve::ServeCommand),
    Demo(demo::Demo),
    Completions(manual::Completions),
    Man(manual::Man),
}

impl Command {
    fn run(&self, call: &Call, out: &mut Out, serve: Serve) -> Result<Exit, Failure> {
        match self {
            Command::Record(command) => command.run(call, out),
            Command::Append(command) => command.run(call, out),
            Command::Import(command) => command.run(call, out),
            Command::Define(command) => command.run(call, out),
            Command::Merge(command) => command.run(call, out),
            Command::Retract(command) => command.run(call, out),
            Command::Erase(command) => command.run(call, out),
            Command::Stance(command) => command.run(call, out),
            Command::Sides(command) => command.run(call, out),
            Command::History(command) => command.run(call, out),
            Command::Why(command) => command.run(call, out),
            Command::Flips(command) => command.run(call, out),
            Command::Gaps(command) => command.run(call, out),
            Command::Compare(command) => command.run(call, out),
            Command::Allies(command) => command.run(call, out),
            Command::Review(command) => command.run(call, out),
            Command::Diff(command) => command.run(call, out),
            Command::Claims(command) => command.run(call, out),
            Command::Claim(command) => command.run(call, out),
            Command::Entities(command) => command.run(call, out),
            Command::Actions(command) => command.run(call, out),
            Command::Events(command) => command.run(call, out),
            Command::Event(command) => command.run(call, out),
            Command::Search(command) => command.run(call, out),
            Command::Replay(command) => command.run(call, out),
            Command::Export(command) => command.run(call, out),
            Command::Chart(command) => command.run(call, out),
            Command::Audit(command) => command.run(call, out),
            Command::Token(command) => command.run(call, out),
            Command::Backup(command) => command.run(call, out),
            Command::Status(command) => command.run(call, out),
            Command::Rebuild(command) => command.run(call, out),
            Command::Serve(command) => command.run(call, out, serve),
            Command::Demo(command) => command.run(call, out, serve),
            Command::Completions(command) => command.run(out),
            Command::Man(command) => command.run(out),
        }
    }
}

/// Runs the command line of this process; `serve` starts a server.
pub fn main(serve: Serve) -> ExitCode {
    let mut out = Out::of_process();
    ExitCode::from(run(std::env::args_os(), &mut out, serve) as u8)
}

/// Runs one command line, its program's name in front.
fn run(words: impl IntoIterator<Item = OsString>, out: &mut Out, serve: Serve) -> Exit {
    let Cli { call, command } = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, out),
    };
    out.hush(call.quiet);
    carry_out(&command, &call, out, serve)
}

/// Carries out a command, hands its answer on, and says what went wrong.
fn carry_out(command: &Command, call: &Call, out: &mut Out, serve: Serve) -> Exit {
    let may_run = if matches!(command, Command::Export(_)) { Ok(()) } else { call.must_be_an_answer() };
    let ended = may_run.and_then(|()| command.run(call, out, serve));
    // What was answered before a failure is handed on, and stands before what is said about it.
    let flushed = out.flush();
    match ended.and_then(|exit| flushed.map(|()| exit)) {
        Ok(exit) => exit,
        Err(failure) => {
            failure.say(call, out);
            failure.exit()
        }
    }
}

/// Help and version are answers; anything else is bad usage.
fn usage(error: &clap::Error, out: &mut Out) -> Exit {
    let text = error.render().to_string();
    if error.use_stderr() {
        out.complain(&text);
        return Exit::BadInput;
    }
    match out.bytes(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Exit::Done,
        Err(failure) if failure.exit() == Exit::Done => Exit::Done,
        Err(failure) => {
            out.complain("error: cannot write the answer");
            failure.exit()
        }
    }
}
