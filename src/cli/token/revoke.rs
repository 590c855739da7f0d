//! `token revoke`: takes a token back for good.

use clap::Args;
use serde::Serialize;

use super::known;
use crate::cli::call::{Call, Format};
use crate::cli::failure::{Exit, Failure};
use crate::cli::list::List;
use crate::cli::out::{Out, shown};
use crate::ledger::{Clock, Revoked, SystemClock, Tabular, TokenItem};

/// Take a token back for good: from its next request on, its bearer is denied
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog token revoke newsroom-import
  stancelog token revoke k3f9x2ab

It counts at once for every server of the log. What was recorded with the token
stays.")]
pub(super) struct Revoke {
    /// Its id or its name
    #[arg(value_name = "ID|NAME")]
    token: String,
    /// Say what would be revoked, and revoke nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// What became of it, for programs.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    item: &'a TokenItem,
    /// Whether it could have been used until now.
    changed: bool,
}

impl Revoke {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let (tokens, now) = (known(call)?, SystemClock.now());
        let revoked = if self.dry_run { tokens.would_revoke(&self.token, now)? } else { tokens.revoke(&self.token, now)? };
        let (item, changed) = match &revoked {
            Revoked::Now(item) => (item, true),
            Revoked::Before(item) => (item, false),
        };
        match call.format() {
            Format::Table => {}
            Format::Json | Format::Jsonl => out.json(&Told { item, changed })?,
            Format::Csv => {
                let mut list = List::of::<Told<'_>>(out, Format::Csv)?;
                list.item(&Told { item, changed })?;
                list.end()?;
            }
        }
        let token = format!("{} of {}, role {}", item.id, shown(&item.name), item.role);
        match (self.dry_run, item.revoked_at) {
            (true, None) => out.note(&format!("dry run: nothing was revoked; it would be the token {token}")),
            (false, Some(_)) if changed => {
                let said = format!("Revoked the token {token}: it is denied from now on.");
                out.next(&said, &call.command("token list"));
            }
            (_, at) => {
                let at = at.map(|at| format!(", at {at}")).unwrap_or_default();
                out.note(&format!("The token {token}, was revoked before{at}; nothing changed."));
            }
        }
        Ok(Exit::Done)
    }
}

impl Tabular for Told<'_> {
    const COLUMNS: &'static [&'static str] = &["id", "name", "role", "revoked_at", "changed"];

    fn rows(&self) -> Vec<Vec<String>> {
        let Told { item, changed } = self;
        let at = item.revoked_at.map(|at| at.to_string()).unwrap_or_default();
        vec![vec![item.id.to_string(), item.name.clone(), item.role.to_string(), at, changed.to_string()]]
    }
}
