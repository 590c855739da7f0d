//! `/v1/stances`: where an actor stands on a target, one on everything, everybody on one.

use axum::extract::State;
use axum::response::Response;

use crate::http::asking::{Params, Wanted, Wants, question};
use crate::http::cursor::{After, Cursor};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::respond::{Many, Part, many};
use crate::http::shared::Desk;
use crate::ledger::{Answer, StancesWanted};
use crate::stance::Value;

question! {
    /// Which stances are asked for.
    Stances {
        /// Only this actor's: slug, name or alias.
        actor: Option<String>,
        /// Only those toward this target, likewise.
        target: Option<String>,
        /// Only these: `favor`, `against`, `mixed`, `abstain`, `neutral` or `none`.
        #[param(inline)]
        stance: Option<Value>,
        /// Only those that have been what they are since this date or later.
        changed_since: Option<String>,
    }
}

/// Where does an actor stand on a target? On everything? Where does everybody stand on it?
///
/// Each answer says what it rests on: `decided_by` are the ids of the events. By the actors' slugs, then the targets'.
#[utoipa::path(
    get, path = "/v1/stances", tag = "questions", params(Stances),
    responses((status = 200, body = Many<Answer>), (status = 304), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn list(State(desk): State<Desk>, Params(asks): Params<Stances>, wants: Wants) -> Result<Response, Problem> {
    let Stances { actor, target, stance, changed_since, .. } = asks.clone();
    let lane = if actor.is_some() || target.is_some() { Lane::Short } else { Lane::Long };
    many(&desk, lane, wants, &asks, move |ledger, wanted: &Wanted| {
        let after = match &wanted.cursor {
            Some(Cursor { after: After::Pair(actor, target), .. }) => Some((actor.clone(), target.clone())),
            Some(Cursor { after: After::Items(_) | After::Seq(_), .. }) | None => None,
        };
        let asked = StancesWanted {
            actor: actor.as_deref(),
            target: target.as_deref(),
            stances: stance.into_iter().collect(),
            changed_since: changed_since.as_deref(),
            after,
            limit: wanted.limit,
        };
        let (items, is_more) = ledger.stances_page(&asked, &wanted.asked)?;
        let next = items.last().filter(|_| is_more).map(|last: &Answer| After::Pair(last.actor.clone(), last.target.clone()));
        Ok(Part { items, next })
    })
    .await
}
