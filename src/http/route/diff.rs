//! `/v1/diff`: what changed between two times.

use axum::extract::State;
use axum::response::Response;

use crate::event::Refusal;
use crate::http::asking::{Params, Wanted, Wants, question};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::respond::{Many, Part, many};
use crate::http::shared::Desk;
use crate::ledger::{Asked, Between, DiffItem};

question! {
    /// What is asked for.
    Diff {
        /// The first date in valid time; with `to`.
        from: Option<String>,
        /// The second date in valid time.
        to: Option<String>,
        /// The first time of knowing: a date, or a seq, written `@45`; with `known_to`.
        known_from: Option<String>,
        /// The second time of knowing.
        known_to: Option<String>,
    }
}

/// Which stances differ between two dates, in valid time or in what was known, and which events caused it?
#[utoipa::path(
    get, path = "/v1/diff", tag = "questions", params(Diff),
    responses((status = 200, body = Many<DiffItem>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn list(State(desk): State<Desk>, Params(asks): Params<Diff>, wants: Wants) -> Result<Response, Problem> {
    let given = asks.clone();
    many(&desk, Lane::Long, wants, &asks, move |ledger, wanted: &Wanted| {
        let between = match (&given.from, &given.to, &given.known_from, &given.known_to) {
            (Some(from), Some(to), None, None) => Between::Valid { from, to },
            (None, None, Some(from), Some(to)) => Between::Known { from, to },
            _ => return Err(Refusal::field("from", "give `from` and `to`, or `known_from` and `known_to`").into()),
        };
        // A later page is of the moment of the first.
        let asked = match (&wanted.cursor, between) {
            (Some(_), Between::Valid { .. }) | (None, _) => wanted.asked.clone(),
            (Some(_), Between::Known { .. }) => Asked { known_at: None, ..wanted.asked.clone() },
        };
        Ok(Part::of(ledger.diff(between, &asked)?, wanted))
    })
    .await
}
