//! `/v1/history`: what an actor did and said, in order.

use axum::extract::State;
use axum::response::Response;

use crate::http::asking::{Params, Wanted, Wants, question};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::respond::{Many, Part, many};
use crate::http::shared::Desk;
use crate::ledger::{HistoryItem, Retracted};

question! {
    /// What is asked for.
    History {
        /// Whose: slug, name or alias.
        actor: String,
        /// Only those toward this target, likewise.
        target: Option<String>,
        /// Show what was taken back or replaced too.
        with_retracted: Option<bool>,
    }
}

/// What did an actor do and say, in order, and which changes of stance did it make?
#[utoipa::path(
    get, path = "/v1/history", tag = "questions", params(History),
    responses((status = 200, body = Many<HistoryItem>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn list(State(desk): State<Desk>, Params(asks): Params<History>, wants: Wants) -> Result<Response, Problem> {
    let given = asks.clone();
    many(&desk, Lane::Short, wants, &asks, move |ledger, wanted: &Wanted| {
        let retracted = if given.with_retracted == Some(true) { Retracted::Shown } else { Retracted::Hidden };
        Ok(Part::of(ledger.history(&given.actor, given.target.as_deref(), retracted, &wanted.asked)?, wanted))
    })
    .await
}
