//! `/v1/gaps`: where words and deeds are on opposite sides.

use axum::extract::State;
use axum::response::Response;

use crate::http::asking::{Params, Wanted, Wants, question};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::respond::{Many, Part, many};
use crate::http::shared::Desk;
use crate::ledger::GapItem;

question! {
    /// What is asked for.
    Gaps {
        /// Only this actor's: slug, name or alias.
        actor: Option<String>,
        /// Only those toward this target, likewise.
        target: Option<String>,
    }
}

/// Where do words and deeds part?
#[utoipa::path(
    get, path = "/v1/gaps", tag = "questions", params(Gaps),
    responses((status = 200, body = Many<GapItem>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn list(State(desk): State<Desk>, Params(asks): Params<Gaps>, wants: Wants) -> Result<Response, Problem> {
    let given = asks.clone();
    many(&desk, Lane::Long, wants, &asks, move |ledger, wanted: &Wanted| {
        Ok(Part::of(ledger.gaps(given.actor.as_deref(), given.target.as_deref(), &wanted.asked)?, wanted))
    })
    .await
}
