//! Around every request: an id, a line in the journal, a count, a place among those under way, and a bound on its time.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::access::{self, Caller};
use super::page::dress;
use super::problem::Problem;
use super::shared::Desk;

/// The id of a request, given or made.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id that is taken over, in bytes.
const ID_MAX: usize = 64;
/// Routes whose answers go on as long as somebody listens.
const STREAMS: [&str; 2] = ["/v1/events/stream", "/v1/stances/stream"];

/// All that is around a request, from the outside in: who may do what is settled before anything is read.
///
/// One layer for all of it: each layer of a router is copied, with all that are inside it, for each request.
pub(super) async fn around(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    note(&desk, request, async |request| {
        dress(request, async |request| {
            bound(&desk, request, async |request| {
                access::check(&desk, request, async |request| check_body(&desk, request, next).await).await
            })
            .await
        })
        .await
    })
    .await
}

/// Gives the request an id, and tells the journal how it went: never its headers nor what it asked, which may be secret.
async fn note(desk: &Desk, request: Request, next: impl AsyncFnOnce(Request) -> Response) -> Response {
    let begun = Instant::now();
    let id = request_id(&request);
    let method = name_of(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("none", |path| path.as_str()).to_owned();
    let mut response = next(request).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    desk.metrics.answered(method, &route, status, took);
    let caller = response.extensions().get::<Caller>().and_then(|caller| caller.name.clone());
    tracing::info!(request = %id, method, route, status, ms = took.as_secs_f64() * 1e3, token = caller.as_deref(), "answered");
    response.headers_mut().extend(HeaderValue::from_str(&id).ok().map(|id| (REQUEST_ID, id)));
    response
}

fn request_id(request: &Request) -> String {
    let given = request.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok());
    let is_plain =
        |id: &&str| id.len() <= ID_MAX && !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    given.filter(is_plain).map_or_else(fresh_id, str::to_owned)
}

fn fresh_id() -> String {
    let mut bytes = [0; 8];
    // Without random bytes requests cannot be told apart in the journal, and that is all.
    let _ = getrandom::fill(&mut bytes);
    format!("{:016x}", u64::from_be_bytes(bytes))
}

fn name_of(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Keeps requests under way within bounds, in number and in time; streams have bounds of their own.
async fn bound(desk: &Desk, request: Request, next: impl AsyncFnOnce(Request) -> Response) -> Response {
    let path = request.uri().path();
    if STREAMS.contains(&path) || is_upload(&request) {
        return next(request).await;
    }
    let Ok(_place) = desk.requests.try_acquire() else {
        desk.metrics.turned_away("requests");
        return Problem::busy("too many requests are under way").into_response();
    };
    let is_append = *request.method() == Method::POST;
    match tokio::time::timeout(desk.options.limits.request_time, next(request)).await {
        Ok(response) => response,
        Err(_) => {
            let said = if is_append {
                "the answer took too long; whether it was stored is not known yet: send it again with the same ids or Idempotency-Key"
            } else {
                "the answer took too long; ask for less at once"
            };
            Problem::new(StatusCode::GATEWAY_TIMEOUT, "too-long", "The answer took too long", said).into_response()
        }
    }
}

/// Refuses a body that is packed in a way that nobody here unpacks, and one that is beyond the limit by its own word.
async fn check_body(desk: &Desk, request: Request, next: Next) -> Response {
    if !is_upload(&request) && length(&request) > desk.options.limits.body_bytes as u64 {
        return Problem::too_large().into_response();
    }
    if is_unpackable(&request) {
        return next.run(request).await;
    }
    let said = "a body comes as it is, or packed with gzip";
    let mut response = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoding", "No such packing", said).into_response();
    response.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    response
}

fn length(request: &Request) -> u64 {
    let given = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    given.and_then(|length| length.parse().ok()).unwrap_or(0)
}

fn is_unpackable(request: &Request) -> bool {
    let packing = request.headers().get(CONTENT_ENCODING).map_or(b"identity".as_slice(), HeaderValue::as_bytes);
    packing.eq_ignore_ascii_case(b"gzip") || packing.eq_ignore_ascii_case(b"identity")
}

/// Whether lines are streamed in.
pub(super) fn is_upload(request: &Request) -> bool {
    let kind = request.headers().get(axum::http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    *request.method() == Method::POST && kind.split(';').next().is_some_and(super::route::events::is_lines)
}
