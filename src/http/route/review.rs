//! `/v1/review`: weak spots of what is recorded.

use axum::extract::State;
use axum::response::Response;

use crate::event::Refusal;
use crate::http::asking::PAGE_MAX;
use crate::http::asking::{Params, Wanted, Wants, question};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::respond::{Many, Part, many};
use crate::http::shared::Desk;
use crate::ledger::ReviewPart;

question! {
    /// What is asked for.
    Review {
        /// So many of each kind at most, 1 to 1000; 20 unless given.
        #[param(minimum = 1, maximum = 1000)]
        each: Option<u32>,
    }
}

/// Where is the record weak: one voice, names that fit several, order unknown?
#[utoipa::path(
    get, path = "/v1/review", tag = "questions", params(Review),
    responses((status = 200, body = Many<ReviewPart>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn list(State(desk): State<Desk>, Params(asks): Params<Review>, wants: Wants) -> Result<Response, Problem> {
    let given = asks.clone();
    many(&desk, Lane::Long, wants, &asks, move |ledger, wanted: &Wanted| {
        let each = given.each.unwrap_or(20);
        if !(1..=PAGE_MAX).contains(&each) {
            return Err(Refusal::field("each", format!("1 to {PAGE_MAX}, not {each}")).into());
        }
        Ok(Part::of(ledger.review(each as usize, &wanted.asked)?, wanted))
    })
    .await
}
