//! Taking an event back, or correcting it, from its own page.

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
    let correct = match &event.body {
        Body::Stance(it) => {
            let note = event.common.note.as_deref().unwrap_or_default();
            let (day, old) = (it.occurred.to_string(), id.as_str());
            let fields = [("actor", it.actor.as_str()), ("action", &it.action), ("target", &it.target), ("occurred", &day)];
            let fields: Vec<(&str, &str)> = fields.into_iter().chain([("note", note), ("replaces", old)]).collect();
            Some(view.link("/record", &fields))
        }
        Body::Claim(_) | Body::Verdict(_) | Body::Entity(_) | Body::Merge(_) | Body::Action(_) => None,
        Body::Vocabulary(_) | Body::Source(_) | Body::Retract(_) | Body::Erase(_) => None,
    };
    html! {
        section { h2 { "Put it right" }
            @if let Some(address) = correct { p { a href=(address) { "Correct it" } } }
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
