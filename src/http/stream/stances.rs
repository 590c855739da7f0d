//! `/v1/stances/stream`: the changes of stance that events cause, as they are stored.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use utoipa::{IntoParams, ToSchema};

use super::place::{Next, Place, resumed};
use crate::event::EventId;
use crate::http::access::Caller;
use crate::http::asking::{Params, RuleName, rule_of};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::http::tail::Sent;
use crate::ledger::{DiffItem, Pattern, Seq};
use crate::stance::Rule;

/// Events whose changes are kept in memory.
const KEPT_MAX: usize = 4096;

/// Whose changes are followed.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Changes {
    /// Begin behind this seq: 0 for the whole log. Unless given, with what is stored from now on.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// Only this actor's stances: slug, name or alias.
    actor: Option<String>,
    /// Only stances toward this target, likewise.
    target: Option<String>,
    /// How events decide: `latest` (the default) or `majority`.
    #[param(inline)]
    rule: Option<RuleName>,
}

/// The changes that one event caused.
#[derive(Serialize, ToSchema)]
struct Caused<'a> {
    /// The event's place in the log.
    seq: i64,
    /// The event's id.
    #[schema(value_type = String)]
    event: EventId,
    /// The stances that it changed.
    changes: Vec<&'a DiffItem>,
}

/// The changes of the last events, found once for all who follow.
#[derive(Default)]
pub(in crate::http) struct Moved {
    kept: Mutex<Kept>,
}

/// Changes by the event's seq and whether the majority decides, as long as nothing is erased.
struct Kept {
    erasures: (Seq, u64),
    changes: BTreeMap<(Seq, bool), Arc<Vec<DiffItem>>>,
}

impl Default for Kept {
    fn default() -> Self {
        Self { erasures: (Seq(0), 0), changes: BTreeMap::new() }
    }
}

impl Moved {
    /// What an event changed.
    async fn by(&self, desk: &Desk, seq: Seq, rule: Rule) -> Result<Arc<Vec<DiffItem>>, Problem> {
        // Those who follow come for the same event at the same time: the first finds, the others wait for it.
        let mut kept = self.kept.lock().await;
        // This process's own erasures are known before they are acknowledged, others' as soon as they are read.
        let erasures = (desk.follower.erased_at(), desk.tail.erasures());
        if kept.erasures != erasures {
            *kept = Kept { erasures, changes: BTreeMap::new() };
        }
        let kept = &mut kept.changes;
        let key = (seq, rule == Rule::Majority);
        if let Some(moved) = kept.get(&key) {
            return Ok(Arc::clone(moved));
        }
        let moved = Arc::new(desk.readers.ask(Lane::Long, move |ledger| Ok(ledger.moved_by(seq, rule)?)).await?);
        kept.insert(key, Arc::clone(&moved));
        if kept.len() > KEPT_MAX {
            kept.pop_first();
        }
        Ok(moved)
    }
}

/// Follow the stances.
///
/// Server-sent events named `stance-changed`, one for each event that changed stances: `id` is its seq, `data` says which stances changed
/// from what to what, and which events cause the new one. The same for the same log, whenever it is followed.
#[utoipa::path(
    get, path = "/v1/stances/stream", tag = "questions", params(Changes, ("Last-Event-ID" = Option<String>, Header, description = "The last seq that was seen")),
    responses((status = 200, content_type = "text/event-stream", body = String), (status = "default", content_type = "application/problem+json", body = Problem))
)]
pub(in crate::http) async fn changes(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Params(asked): Params<Changes>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let after = resumed(&headers, asked.after)?;
    let rule = rule_of(asked.rule);
    let place = Place::open(desk, caller, Pattern { actor: asked.actor, target: asked.target, ..Pattern::default() }, after).await?;
    Ok(Sse::new(stream::unfold((place, rule), async |(mut place, rule)| {
        loop {
            let told = match place.next().await {
                // Whether a change is about whom one asks for, only the change tells.
                Ok(Next::Event(sent, _)) => told(&place, &sent, rule).await,
                Ok(Next::Silence) => Ok(Some(Event::default().comment(""))),
                Ok(Next::End) => return None,
                Err(problem) => Err(problem),
            };
            match told {
                Ok(Some(event)) => return Some((Ok::<_, std::convert::Infallible>(event), (place, rule))),
                Ok(None) => {}
                // The reader comes back with the last id that it has seen.
                Err(_) => return None,
            }
        }
    })))
}

async fn told(place: &Place, sent: &Sent, rule: Rule) -> Result<Option<Event>, Problem> {
    let Some(event) = &sent.event else { return Ok(None) };
    let moved = place.desk.moved.by(&place.desk, sent.seq, rule).await?;
    let changes: Vec<&DiffItem> = moved.iter().filter(|change| place.sieve.is_about(&change.actor, &change.target)).collect();
    if changes.is_empty() {
        return Ok(None);
    }
    let caused = Caused { seq: sent.seq.0, event: event.id, changes };
    let json = serde_json::to_string(&caused).map_err(|error| Problem::bad(error.to_string()))?;
    Ok(Some(Event::default().event("stance-changed").id(sent.seq.to_string()).data(json)))
}
