//! What went wrong, as RFC 9457 problem documents.

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::event::{Refusal, span_of};
use crate::ledger::{Error, ErrorKind};

/// A problem document (RFC 9457), `application/problem+json`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// The kind of problem: `urn:stancelog:problem:` and a word.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// The kind in words.
    pub(super) title: &'static str,
    /// The HTTP status.
    pub(super) status: u16,
    /// What is wrong, in one sentence.
    pub(super) detail: String,
    /// The field or parameter that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) field: Option<String>,
    /// The line of an upload that is wrong, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<u64>,
    /// The column in that line or body, from 1, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) column: Option<usize>,
    /// The nearest right things.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) nearest: Vec<String>,
    /// The place in the log that stands in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seq: Option<i64>,
    /// Seconds after which to try again.
    #[serde(skip)]
    pub(super) retry_after_s: Option<u32>,
}

/// Longest `detail`, in characters: what was asked may be long, and stands in it.
const DETAIL_MAX: usize = 600;

fn cut(detail: String) -> String {
    match detail.char_indices().nth(DETAIL_MAX) {
        Some((end, _)) => format!("{}…", &detail[..end]),
        None => detail,
    }
}

impl Problem {
    /// A problem of a kind, in one sentence.
    pub(super) fn new(status: StatusCode, word: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:stancelog:problem:{word}"),
            title,
            status: status.as_u16(),
            detail: cut(detail.into()),
            field: None,
            line: None,
            column: None,
            nearest: Vec::new(),
            seq: None,
            retry_after_s: None,
        }
    }

    /// The request is not right.
    pub(super) fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "refused", "The request is not right", detail)
    }

    /// A parameter or field is not right.
    pub(super) fn bad_field(field: &str, detail: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), ..Self::bad(detail) }
    }

    /// What the log has stands in the way.
    pub(super) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", "The log has it otherwise", detail)
    }

    /// Its HTTP status.
    pub(super) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// A body is beyond the limit.
    pub(super) fn too_large() -> Self {
        let said = "send less at once, or stream lines as application/x-ndjson";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large", said)
    }

    /// The server has too much to do just now.
    pub(super) fn busy(detail: impl Into<String>) -> Self {
        let busy = Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Not just now", detail);
        Self { retry_after_s: Some(1), ..busy }
    }

    /// Nothing is at this address.
    pub(super) fn no_route(path: &str) -> Self {
        let path: String = path.chars().take(200).collect();
        Self::new(StatusCode::NOT_FOUND, "no-route", "Nothing is here", format!("nothing is at `{path}`; /docs lists what is"))
    }

    /// Something is at this address, but does not take this method.
    pub(super) fn no_method(method: &Method, path: &str) -> Self {
        let (method, path): (String, String) = (method.as_str().chars().take(20).collect(), path.chars().take(200).collect());
        let said = format!("`{path}` does not take {method}; the header `allow` lists what it takes");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "no-method", "No such method here", said)
    }

    /// What the request is refused for.
    pub(super) fn refused(refusal: &Refusal) -> Self {
        let field = (!refusal.field.is_empty()).then(|| refusal.field.trim_start_matches("--").replace('-', "_"));
        Self { field, nearest: refusal.nearest.clone(), ..Self::bad(refusal.to_string()) }
    }

    /// A refusal with its place in a line.
    pub(super) fn refused_in(refusal: &Refusal, line: &str) -> Self {
        Self { column: refusal.column(line), ..Self::refused(refusal) }.placed_in(line)
    }

    /// The same with the column of its field in what was sent, where it has none yet.
    pub(super) fn placed_in(self, text: &str) -> Self {
        let place = || {
            let span = span_of(text, self.field.as_deref()?)?;
            Some(text.get(..span.start)?.chars().count() + 1)
        };
        Self { column: self.column.or_else(place), ..self }
    }

    /// What the ledger says, by its five kinds.
    pub(super) fn of(error: &Error) -> Self {
        if let Some(head) = error.moved_head() {
            let moved = Self::new(StatusCode::PRECONDITION_FAILED, "head-moved", "The log moved on", error.to_string());
            return Self { seq: Some(head.0), ..moved };
        }
        match error {
            Error::Refused(refusal) => return Self::refused(refusal),
            Error::NotFound { nearest, .. } => {
                let missing = Self::new(StatusCode::NOT_FOUND, "not-found", "Not in the log", error.to_string());
                return Self { nearest: nearest.clone(), ..missing };
            }
            Error::IdReused { seq, .. } => {
                let reused = Self::new(StatusCode::CONFLICT, "id-reused", "The id stands for something else", error.to_string());
                return Self { seq: Some(seq.0), ..reused };
            }
            Error::Overtaken { seq, .. } => {
                let overtaken = Self::new(StatusCode::CONFLICT, "overtaken", "The condition does not hold", error.to_string());
                return Self { seq: Some(seq.0), ..overtaken };
            }
            Error::Behind { .. } | Error::Log(_) | Error::Projection(_) | Error::File { .. } | Error::Proof { .. } => {}
            Error::BadToken(_) | Error::Random { .. } | Error::BuiltIn(_) => {}
        }
        match error.kind() {
            ErrorKind::Refused => Self::bad(error.to_string()),
            ErrorKind::NotFound => Self::new(StatusCode::NOT_FOUND, "not-found", "Not in the log", error.to_string()),
            ErrorKind::Conflict => Self::new(StatusCode::CONFLICT, "conflict", "The log moved on", error.to_string()),
            ErrorKind::Damaged => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "damaged", "Stored bytes are not what they were", error.to_string())
            }
            ErrorKind::Unavailable => Self::busy(error.to_string()),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::of(&error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // Whoever asked with a browser is told the same as a page.
        let told = self.clone();
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"stancelog\""));
        }
        response.extensions_mut().insert(told);
        response
    }
}
