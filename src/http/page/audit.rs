//! The audit: what the log's record is now, and how to check it for oneself.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::visit::Visit;
use super::{Sheet, answer};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;

/// `/audit`.
pub(super) async fn show(State(desk): State<Desk>, visit: Visit) -> Result<Response, Problem> {
    let key = desk.key.clone();
    answer(&desk, Lane::Short, visit, move |ledger, _| {
        let status = ledger.status()?;
        let note = key.as_ref().map(|key| ledger.checkpoint(key)).transpose()?.map(|note| note.to_string());
        let body = html! {
            h1 { "Audit" }
            dl class="facts" {
                dt { "Events" } dd { (status.events) }
                dt { "Root of the tree" } dd { code { (status.root.as_deref().unwrap_or("none: a log of the first layout")) } }
                dt { "Erased" } dd { (status.erased) }
            }
            section { h2 { "Checkpoint" }
                @match &note {
                    Some(note) => pre tabindex="0" { (note) },
                    None => p { "This log has no signing key; " code { "stancelog audit key" } " makes one, and the server has to be started again." },
                }
            }
            section { h2 { "Check it for yourself" }
                p { "Every event is a leaf of one Merkle tree. A whole check reads the log from its first event, and so it is no page:" }
                pre tabindex="0" { "stancelog audit verify\nstancelog audit checkpoint\nstancelog audit prove ID" }
                p { "Monitors read the same over HTTP: " a href="/v1/audit/checkpoint" { "checkpoint" } ", " a href="/docs" { "inclusion, consistency and tiles" } "." }
            }
        };
        Ok(Sheet::of("Audit", body))
    })
    .await
}
