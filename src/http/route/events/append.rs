//! Appending: one event or many in one request, stored together; or a stream of lines, each by itself.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::header::{CONTENT_TYPE, IF_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{self, CloudEvent, Kind, Posted, Posting};
use super::upload;
use crate::event::{Body, Draft, EventId, Micros};
use crate::http::access::Caller;
use crate::http::asking::Params;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::respond::KNOWN_AT;
use crate::http::shared::Desk;
use crate::ledger::{self, Outcome, Receipt, Role, Seq, Strictness, Summary, Unity};

/// Longest `Idempotency-Key`, in bytes.
const KEY_MAX: usize = 255;

/// How events are appended.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Appending {
    /// Refuse names that nobody registered, rather than registering them.
    pub(super) strict: Option<bool>,
    /// For streams of lines: which results are told, `all` (the default) or those of `rejected` lines only.
    #[param(inline)]
    pub(super) results: Option<Results>,
}

/// Which results of a stream are told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::http) enum Results {
    /// Of every line.
    #[default]
    All,
    /// Of lines that were refused.
    Rejected,
}

impl Appending {
    pub(super) fn strictness(&self) -> Strictness {
        if self.strict == Some(true) { Strictness::Strict } else { Strictness::Registers }
    }
}

/// What became of one event.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Told {
    /// Its place in the log.
    pub(super) seq: i64,
    /// Its id.
    #[schema(value_type = String)]
    pub(super) id: EventId,
    /// `appended`, or `duplicate` where the log had it with the same content.
    #[schema(value_type = String)]
    pub(super) outcome: &'static str,
}

impl From<&Outcome> for Told {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Appended { seq, id } => Self { seq: seq.0, id: *id, outcome: "appended" },
            Outcome::Duplicate { seq, id } => Self { seq: seq.0, id: *id, outcome: "duplicate" },
        }
    }
}

/// What an append came to.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Appended {
    #[serde(flatten)]
    summary: Summary,
    /// What became of each event, in the order given.
    events: Vec<Told>,
}

/// Append events.
///
/// One object, a list, or `{"events": […], "condition": {"after": SEQ, "query": […]}}` is stored whole or not at all. The answer comes when it
/// is on disk. With an `Idempotency-Key`, or with ids of their own, events can be sent again without harm. `If-Match` holds the head that
/// the caller saw. A `condition` refuses the append when anything that matches was appended behind a seq. With
/// `application/x-ndjson`, lines are stored as they come, each by itself, and the answer is a stream of results, a line each.
#[utoipa::path(
    post, path = "/v1/events", tag = "events",
    params(
        Appending,
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a retry safe: the same key with the same events stores them once"),
        ("If-Match" = Option<String>, Header, description = "The head that the caller saw, in quotes"),
    ),
    request_body(content(
        (Posting = "application/json"), (String = "application/x-ndjson"),
        (Vec<CloudEvent> = "application/cloudevents-batch+json")
    )),
    responses(
        (status = 201, description = "Stored", body = Appended),
        (status = 200, description = "All of it was stored before; or the results of a stream of lines", content((Appended = "application/json"), (String = "application/x-ndjson"))),
        (status = "default", content_type = "application/problem+json", body = Problem)
    )
)]
pub(in crate::http) async fn append(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Params(appending): Params<Appending>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let content_type = headers.get(CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or("unreadable"));
    let kind = Kind::of(content_type)?;
    if kind == Kind::Lines {
        return upload::upload(desk, caller, &appending, &headers, request.into_body());
    }
    let bytes = whole(request).await?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let said = format!("the body is no UTF-8 from its byte {} on", error.valid_up_to() + 1);
        Problem::bad(said)
    })?;
    let Posted { mut drafts, condition } = body::read(kind, text)?;
    let key = headers.get("idempotency-key").map(|key| key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= KEY_MAX));
    let key = match key {
        None => None,
        Some(Some(key)) => Some(key),
        Some(None) => return Err(Problem::bad_field("Idempotency-Key", "a key has 1 to 255 visible characters")),
    };
    for (index, draft) in drafts.iter_mut().enumerate() {
        sign(draft, &caller)?;
        identify(draft, key, &caller, index);
    }
    let expect_head = expected(&headers)?;
    let condition = match condition {
        Some(condition) => Some(settle(&desk, condition, &drafts).await?),
        None => None,
    };
    let condition = condition.flatten();
    let request = ledger::Request { drafts, unity: Unity::Whole, strictness: appending.strictness(), expect_head, condition };
    Ok(told(&desk.writer.append(request).await.map_err(|problem| problem.placed_in(text))?))
}

/// The body of a request as a whole, within the limit.
async fn whole(request: Request) -> Result<Bytes, Problem> {
    Bytes::from_request(request, &()).await.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        _ => Problem::bad(error.body_text()),
    })
}

/// Has the token's name stand under the event. What erases takes another role than what records.
pub(super) fn sign(draft: &mut Draft, caller: &Caller) -> Result<(), Problem> {
    if matches!(draft.body, Body::Erase(_)) {
        caller.must_be(Role::Admin)?;
    }
    if let Some(name) = &caller.name {
        draft.common.recorded_by = Some(name.clone());
    }
    Ok(())
}

/// Gives an event without an id one that the same request gives it again.
fn identify(draft: &mut Draft, key: Option<&str>, caller: &Caller, index: usize) {
    let Some(key) = key else { return };
    let (name, index) = (caller.name.as_deref().unwrap_or_default(), index.to_string());
    let id = || EventId::of_content(Micros(0), &[b"idempotency-key", name.as_bytes(), key.as_bytes(), index.as_bytes()]);
    draft.id = Some(draft.id.unwrap_or_else(id));
}

/// The head that the caller saw, by `If-Match`.
pub(super) fn expected(headers: &HeaderMap) -> Result<Option<Seq>, Problem> {
    let Some(value) = headers.get(IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let head = text.trim_matches('"').parse().ok().filter(|head| *head >= 0);
    head.map(|head| Some(Seq(head))).ok_or_else(|| Problem::bad_field("If-Match", "expected the head in quotes, as in \"45\""))
}

/// Checks a condition against what the log has; nothing is left to check for events that are all there.
async fn settle(desk: &Desk, condition: ledger::Condition, drafts: &[Draft]) -> Result<Option<ledger::Settled>, Problem> {
    let ids: Option<Vec<EventId>> = drafts.iter().map(|draft| draft.id).collect();
    let settled = desk.readers.ask(Lane::Short, move |ledger| {
        let are_there = |ids: Vec<EventId>| ids.iter().all(|id| ledger.event(&id.to_string()).is_ok());
        if ids.is_some_and(are_there) {
            return Ok(None);
        }
        Ok(Some(ledger.settle(&condition)?))
    });
    settled.await
}

fn told(receipt: &Receipt) -> Response {
    let events = receipt.outcomes.iter().flatten().map(Told::from).collect();
    let status = if receipt.summary.appended > 0 { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = (status, Json(Appended { summary: receipt.summary, events })).into_response();
    response.headers_mut().insert(KNOWN_AT, HeaderValue::from(receipt.summary.head));
    response
}
