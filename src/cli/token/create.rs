//! `token create`: a new token, shown once.

use clap::Args;
use serde::Serialize;

use crate::cli::call::{Call, Format};
use crate::cli::failure::{Exit, Failure};
use crate::cli::list::List;
use crate::cli::out::{Out, shown};
use crate::cli::word::word;
use crate::ledger::{Clock, Role, SystemClock, Tabular, TokenId, Tokens, expiry};

/// Make a token and show it, only this once
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog token create newsroom-import --role append
  TOKEN=$(stancelog token create press --role read --expires 2027-01-31)
  curl -H \"Authorization: Bearer $TOKEN\" http://HOST:PORT/v1/events

The token alone goes to stdout. It cannot be shown again: only its hash is kept.
The log need not be there yet.")]
pub(super) struct Create {
    /// Who will use it; what it records has this name as `recorded_by`
    name: String,
    /// What it may do: `read` asks, `append` records too, `admin` does all
    #[arg(long, value_name = "ROLE", value_parser = word(Role::ALL, Role::word, Role::from_word))]
    role: Role,
    /// The last day of its use: a date in EDTF (2027, 2027-01-31), `today`, or `30d` from today [default: no end]
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    expires: Option<String>,
    /// Say what would be made, and make nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// A token as it is told to programs; one that was not made has neither id nor token.
#[derive(Serialize)]
struct Told<'a> {
    id: Option<TokenId>,
    name: &'a str,
    role: Role,
    token: Option<&'a str>,
    created_at: Option<String>,
    expires_at: Option<String>,
}

impl Create {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let (tokens, clock) = (Tokens::beside(&call.db), SystemClock);
        let expires_at = self.expires.as_deref().map(|text| expiry(text, clock.now())).transpose()?;
        let ends = expires_at.map(|at| at.to_string());
        let until = expires_at.map_or_else(|| "without an end".to_owned(), |at| format!("until {at}"));
        if self.dry_run {
            let name = tokens.would_create(&self.name, expires_at, clock.now())?;
            tell(&Told { id: None, name: &name, role: self.role, token: None, created_at: None, expires_at: ends }, call, out)?;
            out.note(&format!("dry run: nothing was made; it would be a token of {}, role {}, {until}", shown(&name), self.role));
            return Ok(Exit::Done);
        }
        let (item, secret) = tokens.create(&self.name, self.role, expires_at, &clock)?;
        let created_at = Some(item.created_at.to_string());
        let (id, name, token) = (Some(item.id.clone()), item.name.as_str(), Some(secret.reveal()));
        tell(&Told { id, name, role: item.role, token, created_at, expires_at: ends }, call, out)?;
        out.note(&format!("Made the token {} of {}: role {}, {until}.", item.id, shown(name), item.role));
        out.note("It is shown only this once. Send it with each request as this header:\n  Authorization: Bearer TOKEN");
        if !call.exists() {
            out.note(&format!("There is no log at {} yet; `serve` and the first write make it.", shown(&call.db.display().to_string())));
        }
        out.next("", &call.command("token list"));
        Ok(Exit::Done)
    }
}

/// Prints the token, alone on its line; of one that was not made there is nothing to print for people.
fn tell(told: &Told<'_>, call: &Call, out: &mut Out) -> Result<(), Failure> {
    match call.format() {
        Format::Table => told.token.map_or(Ok(()), |token| out.line(token)),
        Format::Json | Format::Jsonl => out.json(told),
        Format::Csv => {
            let mut list = List::of::<Told<'_>>(out, Format::Csv)?;
            list.item(told)?;
            list.end()
        }
    }
}

impl Tabular for Told<'_> {
    const COLUMNS: &'static [&'static str] = &["id", "name", "role", "token", "created_at", "expires_at"];

    fn rows(&self) -> Vec<Vec<String>> {
        let Told { id, name, role, token, created_at, expires_at } = self;
        let id = id.as_ref().map(TokenId::as_str).unwrap_or_default();
        let time = |at: &Option<String>| at.clone().unwrap_or_default();
        let cells = [id, name, role.word(), token.unwrap_or_default()].map(str::to_owned);
        vec![cells.into_iter().chain([time(created_at), time(expires_at)]).collect()]
    }
}
