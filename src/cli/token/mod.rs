//! `token`: who may use the log from afar, as what, and for how long.

mod create;
mod list;
mod revoke;

use clap::{Args, Subcommand};

use super::call::Call;
use super::failure::{Exit, Failure};
use super::out::Out;
use crate::ledger::Tokens;

/// Give out and take back the tokens that `serve` lets in
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog token create newsroom-import --role append --expires 90d
  stancelog token list
  stancelog token revoke newsroom-import

Each token has a file in the folder `stances.db-tokens` beside the log. It holds
a hash: what a client presents is with the client alone. `stancelog backup`
copies no tokens: where a copy is served, give out new ones.")]
pub(super) struct Token {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Create(create::Create),
    List(list::List),
    Revoke(revoke::Revoke),
}

impl Token {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        match &self.command {
            Command::Create(command) => command.run(call, out),
            Command::List(command) => command.run(call, out),
            Command::Revoke(command) => command.run(call, out),
        }
    }
}

/// The tokens of the log that is meant, where there is a log, or tokens for one to come.
fn known(call: &Call) -> Result<Tokens, Failure> {
    let tokens = Tokens::beside(&call.db);
    if !tokens.any() {
        call.must_exist()?;
    }
    Ok(tokens)
}
