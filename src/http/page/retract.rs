//! Taking an event back from its own page, with a reason.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::correct::{found, own_id, still_counts};
use super::field::{Field, Shape, alert};
use super::filled::Filled;
use super::record::append;
use super::visit::{View, Visit};
use super::{event, kept_nowhere, sent, text, written};
use crate::Ledger;
use crate::event::{Body, Common, Draft, Event, Retract};
use crate::http::access::Caller;
use crate::http::asking::Named;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{Clock, Role, SystemClock};

const REASON: Field = Field::needed("reason", "Take it back, because", Shape::Line);

/// A retraction that was refused: what was filled in, and what is wrong with it.
pub(super) struct Refused {
    filled: Filled,
    wrong: Problem,
}

/// What an event's page offers to those who record. The id of the retraction is in the form, so that it can be sent twice.
pub(super) fn forms(view: &View, event: &Event, refused: Option<&Refused>) -> Markup {
    let id = event.id.to_string();
    let (filled, wrong) = (refused.map(|refused| refused.filled.clone()).unwrap_or_default(), refused.map(|refused| &refused.wrong));
    // Whose id stands for something else needs another.
    let own = filled.get("id").filter(|_| wrong.is_none_or(|wrong| wrong.status != StatusCode::CONFLICT));
    let own = own.map_or_else(|| SystemClock.fresh_id().to_string(), str::to_owned);
    html! {
        section id="right" { h2 { "Put it right" }
            p { a href=(view.link(&text::path(&["events", &id, "correct"]), &[])) { "Correct it" } }
            (alert(wrong, &[REASON]))
            form method="post" action=(format!("{}#right", text::path(&["events", &id, "retract"]))) class="asks" {
                input type="hidden" name="id" value=(own);
                (REASON.shown(&filled, wrong))
                button { "Retract" }
            }
        }
    }
}

/// Takes an event back; what is refused comes back with the page.
pub(super) async fn save(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Named(name): Named,
    visit: Visit,
    filled: Filled,
) -> Result<Response, Problem> {
    caller.must_be(Role::Append)?;
    let (of, as_filled) = (name.clone(), filled.clone());
    let told = desk.readers.ask(Lane::Short, move |ledger| Ok(draft(ledger, &of, &as_filled))).await?;
    let outcome = match told {
        Ok(draft) => append(&desk, &caller, draft).await,
        Err(wrong) => Err(wrong),
    };
    let wrong = match outcome {
        Ok(address) => return Ok(Redirect::to(&address).into_response()),
        Err(wrong) if wrong.status == StatusCode::NOT_FOUND => return Err(wrong),
        Err(wrong) => wrong,
    };
    let (status, key, refused) = (wrong.status(), desk.key.clone(), Refused { filled, wrong });
    let write = move |ledger: &Ledger, visit: &Visit| event::sheet(ledger, visit, &name, key.as_ref(), Some(&refused));
    let page = desk.readers.ask(Lane::Long, move |ledger| written(ledger, &visit, write)).await?;
    Ok(kept_nowhere(sent(status, page)))
}

/// The retraction that a filled form tells.
fn draft(ledger: &Ledger, name: &str, filled: &Filled) -> Result<Draft, Problem> {
    let (seq, event) = found(ledger, name)?;
    let reason = filled.get("reason").ok_or_else(|| Problem::bad_field("reason", "a reason is needed"))?.to_owned();
    let id = own_id(filled)?;
    still_counts(ledger, seq, id)?;
    Ok(Draft { id, body: Body::Retract(Retract { event: event.id, reason }), common: Common::default() })
}
