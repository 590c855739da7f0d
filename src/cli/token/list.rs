//! `token list`: all tokens, and what can be done with each.

use clap::Args;
use serde::Serialize;

use super::known;
use crate::cli::call::{Call, Format};
use crate::cli::failure::{Exit, Failure};
use crate::cli::list;
use crate::cli::out::{Out, shown};
use crate::cli::table::Table;
use crate::event::Micros;
use crate::ledger::{Clock, SystemClock, Tabular, TokenItem, TokenState};

/// List the tokens, with what each may do and when it was last used
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog token list
  stancelog token list --format json

The table tells days; the other forms tell times, that of the last use to the
minute. A file that cannot be read as a token is named on stderr, and the exit
code is 4.")]
pub(super) struct List {}

/// A token with its state now.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    item: &'a TokenItem,
    state: TokenState,
}

impl List {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let found = known(call)?.list()?;
        let now = SystemClock.now();
        match call.format() {
            Format::Table if found.items.is_empty() => {
                out.line("There are no tokens.")?;
                out.next("", &call.command("token create NAME --role read"));
            }
            Format::Table => print(&found.items, now, out)?,
            format @ (Format::Json | Format::Jsonl | Format::Csv) => {
                let mut list = list::List::of::<Listed<'_>>(out, format)?;
                for item in &found.items {
                    let listed = Listed { item, state: item.state(now) };
                    list.item(&listed)?;
                }
                list.end()?;
            }
        }
        for bad in &found.bad {
            out.complain(&format!("error: {}", shown(&bad.to_string())));
        }
        if found.bad.is_empty() {
            return Ok(Exit::Done);
        }
        out.complain("hint: whoever presents such a token is denied; put the file right, or remove it and give out a new token");
        Ok(Exit::Unavailable)
    }
}

fn print(items: &[TokenItem], now: Micros, out: &mut Out) -> Result<(), Failure> {
    let mut table = Table::new(&["id", "name", "role", "created", "last used", "state"], &[0, 2, 3, 4, 5]);
    for item in items {
        let used = item.last_used_at.map_or_else(|| "never".to_owned(), |at| at.day().to_string());
        table.row(&[item.id.as_str(), &item.name, item.role.word(), &item.created_at.day().to_string(), &used, &state(item, now)]);
    }
    table.print(out)
}

/// The state with the day that belongs to it.
fn state(item: &TokenItem, now: Micros) -> String {
    let state = item.state(now);
    match (state, item.revoked_at, item.expires_at) {
        (TokenState::Live, _, Some(at)) => format!("live to {}", at.day()),
        (TokenState::Revoked, Some(at), _) | (TokenState::Expired, _, Some(at)) => format!("{state} {}", at.day()),
        (TokenState::Live | TokenState::Expired | TokenState::Revoked, _, _) => state.to_string(),
    }
}

impl Tabular for Listed<'_> {
    const COLUMNS: &'static [&'static str] = &["id", "name", "role", "created_at", "last_used_at", "expires_at", "revoked_at", "state"];

    fn rows(&self) -> Vec<Vec<String>> {
        let TokenItem { id, name, role, created_at, last_used_at, expires_at, revoked_at } = self.item;
        let time = |at: &Option<Micros>| at.map(|at| at.to_string()).unwrap_or_default();
        let times = [created_at.to_string(), time(last_used_at), time(expires_at), time(revoked_at)];
        let first = [id.to_string(), name.clone(), role.to_string()];
        vec![first.into_iter().chain(times).chain([self.state.to_string()]).collect()]
    }
}
