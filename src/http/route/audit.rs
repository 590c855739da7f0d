//! `/v1/audit`: the signed checkpoint, proofs, and the tree in tiles (C2SP tlog-tiles), for monitors and witnesses.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::asking::{Named, Params, Wants};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::respond::{One, one};
use crate::http::shared::Desk;
use crate::ledger::{Asked, Consistency, Proof};

/// Which event is proved.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Inclusion {
    /// Id, unique beginning of an id, or seq.
    id: String,
}

/// From when on growth is proved.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Growth {
    /// The size of the log then: the second line of its checkpoint.
    #[param(minimum = 0)]
    from: i64,
}

/// Today's checkpoint: origin, size and root, signed (C2SP tlog-checkpoint).
#[utoipa::path(
    get, path = "/v1/audit/checkpoint", tag = "audit",
    responses((status = 200, content_type = "text/plain", body = String), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn checkpoint(State(desk): State<Desk>) -> Result<Response, Problem> {
    let key = desk.key.clone().ok_or_else(no_key)?;
    let note = desk.readers.ask(Lane::Short, move |ledger| Ok(ledger.checkpoint(&key)?.to_string())).await?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-cache")], note).into_response())
}

/// Proves that an event is in the log of today's checkpoint.
#[utoipa::path(
    get, path = "/v1/audit/inclusion", tag = "audit", params(Inclusion),
    responses((status = 200, body = One<Proof>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn inclusion(
    State(desk): State<Desk>,
    Params(asks): Params<Inclusion>,
    wants: Wants,
) -> Result<Response, Problem> {
    let key = desk.key.clone().ok_or_else(no_key)?;
    one(&desk, Lane::Short, wants, Asked::default(), move |ledger, _| ledger.prove(&asks.id, &ledger.checkpoint(&key)?)).await
}

/// Proves that the log as it was at a size is a prefix of today's.
#[utoipa::path(
    get, path = "/v1/audit/consistency", tag = "audit", params(Growth),
    responses((status = 200, body = One<Consistency>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn consistency(
    State(desk): State<Desk>,
    Params(asks): Params<Growth>,
    wants: Wants,
) -> Result<Response, Problem> {
    one(&desk, Lane::Short, wants, Asked::default(), move |ledger, _| ledger.grown_from(asks.from)).await
}

/// A tile of the tree, or with `entries` in the place of the level the entries under it, as in C2SP tlog-tiles.
#[utoipa::path(
    get, path = "/v1/audit/tile/{level}/{index}", tag = "audit",
    params(
        ("level" = String, Path, description = "Tile level from 0, or `entries`"),
        ("index" = String, Path, description = "Place in groups of three digits (`x001/067`), with `.p/<width>` if partial")
    ),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn tile(State(desk): State<Desk>, Named(tile): Named) -> Result<Response, Problem> {
    let path = format!("tile/{tile}");
    let bytes = desk.readers.ask(Lane::Short, move |ledger| {
        let read = if path.starts_with("tile/entries/") { ledger.entries(&path)? } else { ledger.tile(&path)? };
        read.ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "not-found", "Not in the log", format!("the log has no `{path}` yet")))
    });
    // What stands in a tile never changes.
    let cached = HeaderValue::from_static("private, max-age=31536000, immutable");
    Ok(([(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")), (CACHE_CONTROL, cached)], bytes.await?).into_response())
}

fn no_key() -> Problem {
    let said = "this log has no signing key; `stancelog audit key` makes one, and the server has to be started again";
    Problem::new(StatusCode::NOT_FOUND, "no-key", "Nothing is signed here", said)
}
