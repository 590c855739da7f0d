//! Taking an event back from its own page, with a reason.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::filled::Filled;
use super::record::append;
use super::text;
use super::visit::View;
use crate::event::{Body, Common, Draft, Event, EventId, Retract};
use crate::http::access::Caller;
use crate::http::asking::Named;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{Clock, SystemClock};

/// What an event's page offers to those who record. The id of the retraction is in the form, so that it can be sent twice.
pub(super) fn forms(view: &View, event: &Event) -> Markup {
    let id = event.id.to_string();
    html! {
        section { h2 { "Put it right" }
            p { a href=(view.link(&text::path(&["events", &id, "correct"]), &[])) { "Correct it" } }
            form method="post" action=(text::path(&["events", &id, "retract"])) class="asks" {
                input type="hidden" name="id" value=(SystemClock.fresh_id());
                label { "Take it back, because " input name="reason" required; }
                button { "Retract" }
            }
        }
    }
}

/// Takes an event back, with a reason.
pub(super) async fn save(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Named(name): Named,
    filled: Filled,
) -> Result<Response, Problem> {
    let reason = filled.get("reason").ok_or_else(|| Problem::bad_field("reason", "a reason is needed"))?.to_owned();
    let id = filled.get("id").map(str::parse::<EventId>).transpose();
    let id = id.map_err(|_| Problem::bad_field("id", "an id is a UUID"))?;
    let event = desk.readers.ask(Lane::Short, move |ledger| Ok(ledger.event(&name)?.id)).await?;
    let draft = Draft { id, body: Body::Retract(Retract { event, reason }), common: Common::default() };
    Ok(Redirect::to(&append(&desk, &caller, draft).await?).into_response())
}
