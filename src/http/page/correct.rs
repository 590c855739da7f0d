//! Correcting an event: its form filled in with what it says, and what replaces it.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::filled::Filled;
use super::form::Form;
use super::record::taken;
use super::visit::{View, Visit};
use super::{Sheet, once, text};
use crate::Ledger;
use crate::event::{Body, Event, EventId};
use crate::http::access::Caller;
use crate::http::asking::Named;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{Asked, Role, Seq};

/// `/events/{id}/correct`.
pub(super) async fn show(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Named(name): Named,
    visit: Visit,
) -> Result<Response, Problem> {
    caller.must_be(Role::Append)?;
    once(&desk, Lane::Short, visit, move |ledger, visit| {
        let (seq, event) = found(ledger, &name)?;
        let id = event.id;
        if let Some(out) = counts_no_more(ledger, &visit.view, seq, &Asked::default())? {
            return Ok(Sheet::of("Correct", html! { h1 { "Correct @" (seq) } (out) p { "What stands in its place is corrected instead." } }));
        }
        let outside = otherwise(&event.body, id);
        let Some(form) = Form::correcting(event) else {
            return Ok(Sheet::of("Correct", html! { h1 { "Correct @" (seq) } (outside) }));
        };
        let filled = form.begun();
        let body = html! {
            h1 { (form.title()) }
            p class="lead" { "What is recorded now replaces " a href=(visit.view.link(&text::path(&["events", &seq.to_string()]), &[])) { "@" (seq) } ", which stays in the log and no longer counts." }
            (form.shown(ledger, &filled, None)?)
            details { summary { "What this form does not ask" } (outside) }
        };
        Ok(Sheet::of(form.title(), body))
    })
    .await
}

/// Shows what would replace the event, and records it once that is confirmed.
pub(super) async fn save(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Named(name): Named,
    visit: Visit,
    filled: Filled,
) -> Result<Response, Problem> {
    caller.must_be(Role::Append)?;
    let id = own_id(&filled);
    let look = move |ledger: &Ledger| {
        let (seq, event) = found(ledger, &name)?;
        let hindrance = id.and_then(|id| still_counts(ledger, seq, id)).err();
        Ok((event, hindrance))
    };
    let (event, hindrance) = desk.readers.ask(Lane::Short, look).await?;
    let form = Form::correcting(event).ok_or_else(|| Problem::bad("no form corrects an event of this type"))?;
    taken(&desk, &caller, visit, form, filled, hindrance).await
}

/// The id that a form gives to what it will record.
pub(super) fn own_id(filled: &Filled) -> Result<Option<EventId>, Problem> {
    filled.get("id").map(str::parse::<EventId>).transpose().map_err(|_| Problem::bad_field("id", "an id is a UUID"))
}

/// Refuses to put right what counts no more, for two corrections of one event would both count. Unless what is recorded with
/// this id put it out: then the form was sent again.
pub(super) fn still_counts(ledger: &Ledger, seq: Seq, id: Option<EventId>) -> Result<(), Problem> {
    let by = ledger.put_out_by(seq, &Asked::default())?;
    for one in &by {
        if Some(ledger.event(&one.to_string())?.id) == id {
            return Ok(());
        }
    }
    match by.first() {
        Some(one) => Err(Problem::conflict(format!("it counts no more already: the event at seq {one} takes it back or replaces it"))),
        None => Ok(()),
    }
}

/// The event of a name, and its place.
pub(super) fn found(ledger: &Ledger, name: &str) -> Result<(Seq, Event), Problem> {
    let row = ledger.event(name)?;
    let event = row.event().map_err(crate::ledger::Error::from)?;
    Ok((row.seq, event.ok_or_else(|| Problem::bad("what this event said was erased"))?))
}

/// How an event is corrected without a form.
fn otherwise(body: &Body, id: EventId) -> Markup {
    if matches!(body, Body::Erase(_)) {
        return html! { p { "An erasure cannot be corrected: what it destroyed is gone for good. Record in a note of another event what has to be said about it." } };
    }
    html! {
        p { "The command line corrects any event, whole. Write it to a file:" }
        pre tabindex="0" { "stancelog event " (id) " --format jsonl > event.json" }
        p { "Take " code { "id" } " out of it, put " code { "\"replaces\":\"" (id) "\"" } " into it, change what is wrong, and append it:" }
        pre tabindex="0" { "stancelog append event.json" }
    }
}

/// Says that an event counts no more, and because of which.
pub(super) fn counts_no_more(ledger: &Ledger, view: &View, seq: Seq, asked: &Asked) -> Result<Option<Markup>, Problem> {
    let by = ledger.put_out_by(seq, asked)?;
    let link = |seq: &Seq| html! { a class="seq" href=(view.link(&text::path(&["events", &seq.to_string()]), &[])) { "@" (seq) } };
    let said = html! { p class="mark" { "It no longer counts: taken back or replaced by " @for (n, one) in by.iter().enumerate() { @if n > 0 { ", " } (link(one)) } "." } };
    Ok((!by.is_empty()).then_some(said))
}
