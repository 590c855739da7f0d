//! `completions` and `man`: what shells and `man` need to know of the command line, made from the command line itself.

use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;
use super::failure::{Exit, Failure};
use super::out::Out;

/// Print the completions of a shell
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  stancelog completions bash > /etc/bash_completion.d/stancelog")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, out: &mut Out) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "stancelog", &mut script);
        out.bytes(&script)?;
        Ok(Exit::Done)
    }
}

/// Print the manual page, or write the pages of all commands
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  stancelog man | man -l -\n  stancelog man --out ~/.local/share/man/man1")]
pub(super) struct Man {
    /// Write a page for each command into this folder, which must be there
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(&self, out: &mut Out) -> Result<Exit, Failure> {
        let Some(folder) = &self.out else {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            out.bytes(&page)?;
            return Ok(Exit::Done);
        };
        let cannot = |e: std::io::Error| Failure::Usage(format!("cannot write to {}: {e}", folder.display()));
        clap_mangen::generate_to(Cli::command(), folder).map_err(cannot)?;
        out.note(&format!("the pages are in {}", folder.display()));
        Ok(Exit::Done)
    }
}
