//! `/v1/claims`: the claim ledger.

use axum::extract::State;
use axum::response::Response;

use crate::http::asking::{Asks, Named, Params, Wanted, Wants, question};
use crate::http::cursor::After;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::respond::{Many, One, Part, many, one};
use crate::http::shared::Desk;
use crate::ledger::ClaimItem;
use crate::stance::Status;

question! {
    /// What is asked for.
    Claims {
        /// Only claims of this status.
        #[param(inline)]
        status: Option<Status>,
        /// Only claims that this actor spoke of, or that are about it.
        actor: Option<String>,
    }
}

/// Which claims are there, and how do they stand?
#[utoipa::path(
    get, path = "/v1/claims", tag = "questions", params(Claims),
    responses((status = 200, body = Many<ClaimItem>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn list(State(desk): State<Desk>, Params(asks): Params<Claims>, wants: Wants) -> Result<Response, Problem> {
    let given = asks.clone();
    many(&desk, Lane::Short, wants, &asks, move |ledger, wanted: &Wanted| {
        let (begun, limit) = (wanted.begun(), wanted.limit);
        let (items, is_more) = ledger.claims_part(given.status, given.actor.as_deref(), begun, limit, &wanted.asked)?;
        Ok(Part { items, next: is_more.then(|| After::Items(begun + limit)) })
    })
    .await
}

question! {
    /// When and how is asked.
    When {}
}

/// One claim: who asserts, denies and questions it, in how many voices, verdicts, alternatives.
#[utoipa::path(
    get, path = "/v1/claims/{claim}", tag = "questions", params(("claim" = String, Path, description = "The claim's slug"), When),
    responses((status = 200, body = One<ClaimItem>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn show(
    State(desk): State<Desk>,
    Named(claim): Named,
    Params(asks): Params<When>,
    wants: Wants,
) -> Result<Response, Problem> {
    one(&desk, Lane::Short, wants, asks.asked(), move |ledger, asked| ledger.claim(&claim, asked)).await
}
