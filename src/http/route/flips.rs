//! `/v1/flips`: who changed sides, with proof.

use axum::extract::State;
use axum::response::Response;

use crate::http::asking::{Params, Wanted, Wants, question};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::respond::{Many, Part, many};
use crate::http::shared::Desk;
use crate::ledger::{FlipItem, FlipsWanted};

question! {
    /// What is asked for.
    Flips {
        /// Only this actor's: slug, name or alias.
        actor: Option<String>,
        /// Only those toward this target, likewise.
        target: Option<String>,
        /// Only those on this date or later: EDTF, `today` or `-30d`.
        from: Option<String>,
        /// Only those on this date or earlier, likewise.
        to: Option<String>,
        /// Only confirmed ones.
        confirmed: Option<bool>,
    }
}

/// Who changed sides, with the events that prove it?
#[utoipa::path(
    get, path = "/v1/flips", tag = "questions", params(Flips),
    responses((status = 200, body = Many<FlipItem>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn list(State(desk): State<Desk>, Params(asks): Params<Flips>, wants: Wants) -> Result<Response, Problem> {
    let given = asks.clone();
    many(&desk, Lane::Long, wants, &asks, move |ledger, wanted: &Wanted| {
        let flips = FlipsWanted {
            actor: given.actor.as_deref(),
            target: given.target.as_deref(),
            from: given.from.as_deref(),
            to: given.to.as_deref(),
            confirmed: given.confirmed == Some(true),
        };
        Ok(Part::of(ledger.flips(&flips, &wanted.asked)?, wanted))
    })
    .await
}
