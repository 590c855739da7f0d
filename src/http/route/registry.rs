//! `/v1/entities`, `/v1/actions`, `/v1/search`: who and what is registered: entities, words, and all that has some words in it.

use axum::extract::State;
use axum::response::Response;

use crate::http::asking::{Params, Wanted, Wants, question};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::respond::{Many, Part, many};
use crate::http::shared::Desk;
use crate::ledger::{ActionItem, EntityItem, Hit};

/// Hits that are looked at at most.
const HITS_MAX: usize = 1000;

question! {
    /// What is asked for.
    Entities {
        /// Only those whose slug or name contains this.
        q: Option<String>,
    }
}

/// Who is registered?
#[utoipa::path(
    get, path = "/v1/entities", tag = "questions", params(Entities),
    responses((status = 200, body = Many<EntityItem>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn entities(State(desk): State<Desk>, Params(asks): Params<Entities>, wants: Wants) -> Result<Response, Problem> {
    let given = asks.clone();
    many(&desk, Lane::Short, wants, &asks, move |ledger, wanted: &Wanted| {
        Ok(Part::of(ledger.entities(given.q.as_deref(), wanted.enough().min(i64::MAX as usize), &wanted.asked)?, wanted))
    })
    .await
}

question! {
    /// What is asked for.
    Actions {
        /// Only those whose slug or label contains this.
        q: Option<String>,
    }
}

/// Which words are there, and what do they mean?
#[utoipa::path(
    get, path = "/v1/actions", tag = "questions", params(Actions),
    responses((status = 200, body = Many<ActionItem>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn actions(State(desk): State<Desk>, Params(asks): Params<Actions>, wants: Wants) -> Result<Response, Problem> {
    let given = asks.clone();
    many(&desk, Lane::Short, wants, &asks, move |ledger, wanted: &Wanted| {
        Ok(Part::of(ledger.actions(given.q.as_deref(), &wanted.asked)?, wanted))
    })
    .await
}

question! {
    /// What is asked for.
    Search {
        /// The words, all of which must be there.
        q: String,
    }
}

/// Which names, claims and notes have some words, best first?
#[utoipa::path(
    get, path = "/v1/search", tag = "questions", params(Search),
    responses((status = 200, body = Many<Hit>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn search(State(desk): State<Desk>, Params(asks): Params<Search>, wants: Wants) -> Result<Response, Problem> {
    let given = asks.clone();
    many(&desk, Lane::Short, wants, &asks, move |ledger, wanted: &Wanted| {
        Ok(Part::of(ledger.search(&given.q, HITS_MAX, &wanted.asked)?, wanted))
    })
    .await
}
