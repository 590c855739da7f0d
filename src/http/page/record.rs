//! The desk: a form that records a stance from a source, and shows what it would append before it does.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::filled::Filled;
use super::form::Form;
use super::visit::Visit;
use super::{Sheet, frame, kept_nowhere, once, sent, text};
use crate::event::{Draft, EventId};
use crate::http::access::Caller;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{Clock, Request, Role, Strictness, SystemClock, Unity};

/// `/record`: the form, with what the address fills in.
pub(super) async fn show(State(desk): State<Desk>, Extension(caller): Extension<Caller>, visit: Visit) -> Result<Response, Problem> {
    caller.must_be(Role::Append)?;
    if let Some(old) = visit.get("replaces") {
        return Ok(Redirect::to(&visit.view.link(&text::path(&["events", old, "correct"]), &[])).into_response());
    }
    // The id of what will be recorded is in the form: two tabs must not have one.
    once(&desk, Lane::Short, visit, |ledger, visit| {
        let (form, filled) = (Form::recording(), Filled(visit.own.clone()));
        Ok(Sheet::of("Record", html! { h1 { (form.title()) } (form.shown(ledger, &filled, None)?) }))
    })
    .await
}

/// Shows what would be recorded, and records it once that is confirmed.
pub(super) async fn save(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    visit: Visit,
    filled: Filled,
) -> Result<Response, Problem> {
    taken(&desk, &caller, visit, Form::recording(), filled, None).await
}

/// Takes a filled form: records what is confirmed, shows what is not, and gives back what is refused, or hindered already.
pub(super) async fn taken(
    desk: &Desk,
    caller: &Caller,
    visit: Visit,
    form: Form,
    filled: Filled,
    hindrance: Option<Problem>,
) -> Result<Response, Problem> {
    let told = hindrance.map_or_else(|| form.draft(&filled), Err).map(|(mut draft, line)| {
        draft.common.recorded_by = caller.name.clone();
        (draft, line)
    });
    let told = match (told, filled.get("confirmed").is_some()) {
        (Ok((draft, _)), true) => match append(desk, caller, draft).await {
            Ok(address) => return Ok(Redirect::to(&address).into_response()),
            Err(problem) => Err(problem),
        },
        (told, _) => told,
    };
    let (status, page) = desk
        .readers
        .ask(Lane::Short, move |ledger| {
            let shown = told.and_then(|told| form.preview(ledger, &filled, told));
            let (status, body) = match shown {
                Ok(body) => (StatusCode::OK, body),
                Err(wrong) => (wrong.status(), html! { h1 { (form.title()) } (form.shown(ledger, &filled, Some(&wrong))?) }),
            };
            Ok((status, frame::whole(&Sheet::of(form.title(), body), &visit, Some(ledger.head()?)).into_string()))
        })
        .await?;
    Ok(kept_nowhere(sent(status, page)))
}

/// Appends an event under the caller's name; the address of its page.
pub(super) async fn append(desk: &Desk, caller: &Caller, mut draft: Draft) -> Result<String, Problem> {
    caller.must_be(Role::Append)?;
    if let Some(name) = &caller.name {
        draft.common.recorded_by = Some(name.clone());
    }
    let id: EventId = *draft.id.get_or_insert_with(|| SystemClock.fresh_id());
    let (strictness, unity) = (Strictness::Registers, Unity::Whole);
    desk.writer.append(Request { drafts: vec![draft], unity, strictness, expect_head: None, condition: None }).await?;
    Ok(text::path(&["events", &id.to_string()]))
}
