//! Upkeep: whether the server is alive and ready, what it counts, what the log is like.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::asking::Wants;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::respond::one;
use crate::http::shared::Desk;
use crate::ledger::Asked;

/// Events that the views may be behind while the server calls itself ready.
const LAG_MAX: i64 = 10_000;

/// Whether the server is there.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Health {
    /// `ok`.
    status: &'static str,
}

/// Whether the server can do its work.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Readiness {
    /// Whether all of the below is well.
    ready: bool,
    /// Whether the log reads.
    log: bool,
    /// How many events the views are behind the log.
    lag: i64,
    /// Whether files can be written beside the log.
    writable: bool,
}

/// Is the server alive?
#[utoipa::path(get, path = "/healthz", tag = "upkeep", responses((status = 200, body = Health)), security(()))]
pub(in crate::http) async fn health() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Is the server ready: does the log read, have the views caught up, can the disk be written?
#[utoipa::path(get, path = "/readyz", tag = "upkeep", responses((status = 200, body = Readiness), (status = 503, body = Readiness)), security(()))]
pub(in crate::http) async fn readiness(State(desk): State<Desk>) -> Response {
    let log = desk.readers.ask(Lane::Short, |ledger| Ok(ledger.head()?)).await.is_ok();
    let folder = desk.options.db.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| ".".into(), ToOwned::to_owned);
    let writes = move || tempfile::tempfile_in(folder).and_then(|mut file| std::io::Write::write_all(&mut file, b"stancelog"));
    let writable = tokio::task::spawn_blocking(writes).await.is_ok_and(|written| written.is_ok());
    let lag = desk.follower.lag();
    let ready = log && writable && lag <= LAG_MAX;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, log, lag, writable })).into_response()
}

/// What the server counts, in Prometheus's text form.
#[utoipa::path(get, path = "/metrics", tag = "upkeep", responses((status = 200, content_type = "application/openmetrics-text", body = String)))]
pub(in crate::http) async fn metrics(State(desk): State<Desk>) -> Response {
    let text = desk.metrics.text();
    ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
}

/// What the log and its views are.
#[utoipa::path(get, path = "/v1/status", tag = "upkeep", responses((status = 200, body = crate::http::respond::One<crate::ledger::Status>), (status = "default", content_type = "application/problem+json", body = Problem)))]
pub(in crate::http) async fn status(State(desk): State<Desk>, wants: Wants) -> Result<Response, Problem> {
    let mut response = one(&desk, Lane::Short, wants.afresh(), Asked::default(), |ledger, _| ledger.status()).await?;
    response.headers_mut().remove(ETAG);
    Ok(response)
}
