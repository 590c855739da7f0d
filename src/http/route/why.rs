//! `/v1/why`, `/v1/compare`, `/v1/allies`: an answer with its evidence, and actors beside each other.

use axum::extract::State;
use axum::response::Response;

use crate::http::asking::{Asks, Params, Wanted, Wants, question};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::respond::{Many, One, Part, many, one};
use crate::http::shared::Desk;
use crate::ledger::{Ally, Comparison, Question, Why as Answered};

question! {
    /// What is asked for.
    Why {
        /// Who: slug, name or alias.
        actor: String,
        /// Toward whom or what, likewise.
        target: String,
    }
}

/// Why is a stance what it is? From the answer down to the deciding events, their evidence, seq and leaf hash.
#[utoipa::path(
    get, path = "/v1/why", tag = "questions", params(Why),
    responses((status = 200, body = One<Answered>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn why(State(desk): State<Desk>, Params(asks): Params<Why>, wants: Wants) -> Result<Response, Problem> {
    let asked = asks.asked();
    one(&desk, Lane::Short, wants, asked, move |ledger, asked| {
        ledger.why(&Question { actor: &asks.actor, target: &asks.target, asked: asked.clone() })
    })
    .await
}

question! {
    /// What is asked for.
    Compare {
        /// One of the two: slug, name or alias.
        a: String,
        /// The other, likewise.
        b: String,
    }
}

/// Where do two actors agree, and where do they differ?
#[utoipa::path(
    get, path = "/v1/compare", tag = "questions", params(Compare),
    responses((status = 200, body = One<Comparison>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn compare(State(desk): State<Desk>, Params(asks): Params<Compare>, wants: Wants) -> Result<Response, Problem> {
    let asked = asks.asked();
    one(&desk, Lane::Short, wants, asked, move |ledger, asked| ledger.compare(&asks.a, &asks.b, asked)).await
}

question! {
    /// What is asked for.
    Allies {
        /// Whose: slug, name or alias.
        actor: String,
    }
}

/// Who takes the same sides as an actor, and who the others?
#[utoipa::path(
    get, path = "/v1/allies", tag = "questions", params(Allies),
    responses((status = 200, body = Many<Ally>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn allies(State(desk): State<Desk>, Params(asks): Params<Allies>, wants: Wants) -> Result<Response, Problem> {
    let given = asks.clone();
    many(&desk, Lane::Long, wants, &asks, move |ledger, wanted: &Wanted| Ok(Part::of(ledger.allies(&given.actor, &wanted.asked)?, wanted)))
        .await
}
