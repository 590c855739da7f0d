//! Answers as they go out: in the form that is wanted, with the seq that they were computed at and a tag.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LINK, VARY};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use super::asking::{Asks, Form, Wanted, Wants};
use super::cursor::{After, Cursor};
use super::problem::Problem;
use super::reader::Lane;
use super::shared::Desk;
use crate::Ledger;
use crate::ledger::{Asked, Error, Seq, Tabular, csv_row};

/// Tells the seq that an answer was computed at, in every form.
pub(super) const KNOWN_AT: HeaderName = HeaderName::from_static("stancelog-known-at");

/// One answer, with the seq that it was computed at.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it describes what `with_known_at` writes")]
pub(super) struct One<T> {
    /// The seq that the answer was computed at.
    known_at: i64,
    #[serde(flatten)]
    answer: T,
}

/// A page of a list, with the seq that it was computed at.
#[derive(Serialize, ToSchema)]
pub(super) struct Many<T> {
    /// The seq that the list was computed at.
    known_at: i64,
    /// The items of this page.
    items: Vec<T>,
    /// What to give as `cursor` for the next page; null at the end of the list.
    next: Option<String>,
}

/// Items of a list from one place on, and where the next page begins.
pub(super) struct Part<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<After>,
}

impl<T> Part<T> {
    /// The part of a whole list that a page shows.
    pub(super) fn of(all: Vec<T>, wanted: &Wanted) -> Self {
        let begun = wanted.begun();
        let is_more = all.len() > begun.saturating_add(wanted.limit);
        let items = all.into_iter().skip(begun).take(wanted.limit).collect();
        Self { items, next: is_more.then(|| After::Items(begun + wanted.limit)) }
    }
}

/// An answer that is written out, or the news that the asker has it.
struct Written {
    known_at: Option<Seq>,
    tag: String,
    content_type: &'static str,
    next: Option<String>,
    body: Option<Bytes>,
}

/// What writes an answer out, on a reader's thread.
type Question = Box<dyn FnOnce(&Ledger, &Wants) -> Result<Written, Problem> + Send>;

/// Answers a question that has one answer.
pub(super) async fn one<T: Serialize>(
    desk: &Desk,
    lane: Lane,
    wants: Wants,
    asked: Asked,
    question: impl FnOnce(&Ledger, &Asked) -> Result<T, Error> + Send + 'static,
) -> Result<Response, Problem> {
    wants.one()?;
    let written: Question = Box::new(move |ledger, _| {
        let answer = json(&question(ledger, &asked)?)?;
        let known_at = ledger.answered_at();
        let body = with_known_at(known_at, &answer);
        Ok(Written { known_at: Some(known_at), tag: String::new(), content_type: "application/json", next: None, body: Some(body) })
    });
    answer(desk, lane, wants, written).await
}

/// Answers a question that has many answers, page by page.
pub(super) async fn many<T: Serialize + Tabular>(
    desk: &Desk,
    lane: Lane,
    wants: Wants,
    asks: &dyn Asks,
    question: impl FnOnce(&Ledger, &Wanted) -> Result<Part<T>, Error> + Send + 'static,
) -> Result<Response, Problem> {
    let wanted = Wanted::read(asks)?;
    let written: Question = Box::new(move |ledger, wants| {
        let Part { items, next } = question(ledger, &wanted)?;
        let known_at = ledger.answered_at();
        let as_of = wanted.asked.pinned(ledger.now()).as_of;
        let next = next.map(|after| Cursor { known_at: known_at.0, as_of, after }.written());
        let (content_type, body) = match wants.form {
            Form::Json => ("application/json", json(&Many { known_at: known_at.0, items, next: next.clone() })?),
            Form::Lines => ("application/x-ndjson", lines(&items)?),
            Form::Csv => ("text/csv; charset=utf-8; header=present", csv(&items)?),
        };
        let next = next.map(|cursor| wants.next_address(&cursor));
        Ok(Written { known_at: Some(known_at), tag: String::new(), content_type, next, body: Some(body) })
    });
    answer(desk, lane, wants, written).await
}

/// Has a question answered, unless the asker has the answer already.
async fn answer(desk: &Desk, lane: Lane, wants: Wants, question: Question) -> Result<Response, Problem> {
    let written = desk.readers.ask(lane, move |ledger| {
        let (head, day) = (ledger.head()?, ledger.now().day().to_string());
        let tag = wants.tag(head, &day);
        if wants.has(&tag) {
            return Ok(Written { known_at: None, tag, content_type: "", next: None, body: None });
        }
        let written = question(ledger, &wants)?;
        // What was stored in between is in the answer: the tag says so.
        let head = written.known_at.map_or(head, |known_at| known_at.max(head));
        let tag = wants.tag(head, &day);
        if wants.has_any() {
            return Ok(Written { known_at: None, tag, content_type: "", next: None, body: None });
        }
        Ok(Written { tag, ..written })
    });
    Ok(written.await?.into_response())
}

/// An object with the seq that it was computed at before its own fields, which stay as they are written.
fn with_known_at(known_at: Seq, answer: &[u8]) -> Bytes {
    let mut text = format!("{{\"known_at\":{known_at},").into_bytes();
    text.extend_from_slice(answer.strip_prefix(b"{").unwrap_or(answer));
    text.into()
}

fn json(value: &impl Serialize) -> Result<Bytes, Problem> {
    serde_json::to_vec(value).map(Bytes::from).map_err(unwritable)
}

fn lines<T: Serialize>(items: &[T]) -> Result<Bytes, Problem> {
    let mut text = Vec::new();
    for item in items {
        serde_json::to_writer(&mut text, item).map_err(unwritable)?;
        text.push(b'\n');
    }
    Ok(text.into())
}

fn csv<T: Tabular>(items: &[T]) -> Result<Bytes, Problem> {
    let mut text = csv_row(T::COLUMNS).map_err(unwritable)?;
    for cells in items.iter().flat_map(Tabular::rows) {
        text.extend(csv_row(cells).map_err(unwritable)?);
    }
    Ok(text.into())
}

fn unwritable(error: impl std::fmt::Display) -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "unwritable", "The answer cannot be written", error.to_string())
}

impl IntoResponse for Written {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Some(body) => Body::from(body).into_response(),
            None => StatusCode::NOT_MODIFIED.into_response(),
        };
        let headers = response.headers_mut();
        if !self.content_type.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(VARY, HeaderValue::from_static("Accept, Authorization"));
        headers.extend(HeaderValue::from_str(&self.tag).ok().map(|tag| (ETAG, tag)));
        headers.extend(self.known_at.map(|known_at| (KNOWN_AT, HeaderValue::from(known_at.0))));
        let link = self.next.and_then(|address| HeaderValue::from_str(&format!("<{address}>; rel=\"next\"")).ok());
        headers.extend(link.map(|link| (LINK, link)));
        response
    }
}
