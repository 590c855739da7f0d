//! `audit`: what can be proved about a log, and to whom.

mod key;
pub(super) mod verify;
mod checkpoint;
mod prove;
mod consistency;
mod bundle;
mod check;

use clap::{Args, Subcommand};

use super::call::Call;
use super::failure::{Exit, Failure};
use super::out::Out;

/// Verify the log, and prove to others what is in it
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog audit verify --trusted-checkpoint kept-elsewhere.txt
  stancelog audit checkpoint -o today.txt
  stancelog audit bundle \"Boris Johnson\" Ukraine -o answer.json
  stancelog audit check answer.json --key PUBLIC-KEY

Whoever owns this machine and the key can rewrite the log and sign it again. Evidence
begins where a checkpoint has left the machine: an auditor's copy, a witness, a mail.
So the check that counts is `audit verify --trusted-checkpoint FILE`.")]
pub(super) struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Verify(verify::Verify),
    Checkpoint(checkpoint::Checkpoint),
    Prove(prove::Prove),
    Consistency(consistency::Consistency),
    Bundle(bundle::Bundle),
    Check(check::Check),
    Report(bundle::Report),
    Key(key::Key),
}

impl Audit {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        match &self.command {
            Command::Verify(command) => command.run(call, out),
            Command::Checkpoint(command) => command.run(call, out),
            Command::Prove(command) => command.run(call, out),
            Command::Consistency(command) => command.run(call, out),
            Command::Bundle(command) => command.run(call, out),
            Command::Check(command) => command.run(call, out),
            Command::Report(command) => command.run(call, out),
            Command::Key(command) => command.run(call, out),
        }
    }
}
