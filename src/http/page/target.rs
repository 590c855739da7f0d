//! A target: how many stand where on it, and who.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::actor::{SHOWN, Shown, about, table};
use super::picture::{looked_at, picture};
use super::visit::Visit;
use super::{Sheet, answer, text};
use crate::chart;
use crate::event::CLAIM_PREFIX;
use crate::http::asking::Named;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::StancesWanted;
use crate::stance::Value;

/// `/targets/{name}`.
pub(super) async fn show(State(desk): State<Desk>, Named(name): Named, visit: Visit) -> Result<Response, Problem> {
    if let Some(claim) = name.strip_prefix(CLAIM_PREFIX) {
        return Ok(Redirect::to(&visit.view.link(&text::path(&["claims", claim]), &[])).into_response());
    }
    answer(&desk, Lane::Short, visit, move |ledger, visit| {
        let (view, (asked, seen)) = (&visit.view, looked_at(ledger, &visit.view.asked()?)?);
        let entity = ledger.entity(&name, &asked)?;
        let slug = entity.as_ref().map_or(name.as_str(), |entity| entity.entity.as_str());
        let title = entity.as_ref().map_or(slug, |entity| entity.name.as_str());
        let stance = match visit.get("stance") {
            Some(word) => Some(Value::from_word(word).ok_or_else(|| Problem::bad_field("stance", format!("`{word}` is no stance")))?),
            None => None,
        };
        let tally = ledger.tally(&name, &asked)?;
        let after = visit.get("after").map(|actor| (actor.to_owned(), slug.to_owned()));
        // Who has no stance is not counted, and so not listed.
        let stances = stance.map_or_else(|| Value::ALL.iter().copied().filter(|one| *one != Value::None).collect(), |one| vec![one]);
        let wanted = StancesWanted { target: Some(&name), stances, after, limit: SHOWN, ..StancesWanted::default() };
        let (stances, is_more) = ledger.stances_page(&wanted, &asked)?;
        let next = stances.last().filter(|_| is_more).map(|last| visit.with("after", &last.actor));
        let numbers = ledger.numbers(&name, chart::NAMES, &asked)?;
        let place = text::path(&["targets", slug]);
        let body = html! {
            h1 { (text::said(title)) }
            p class="lead" { "as a target · " a href=(view.link(&text::path(&["actors", slug]), &[])) { "as an actor" } }
            @if let Some(entity) = &entity { (about(entity)) }
            nav class="tally" aria-label="By stance" {
                a href=(view.link(&place, &[])) aria-current=[stance.is_none().then_some("true")] { "all " b { (tally.values().sum::<u64>()) } }
                @for value in Value::ALL.iter().filter(|value| tally.contains_key(value)) {
                    a href=(view.link(&place, &[("stance", value.word())])) aria-current=[(stance == Some(*value)).then_some("true")] { (text::stance(*value)) " " b { (tally[value]) } }
                }
            }
            @if !numbers.points.is_empty() { section { h2 { "How the numbers moved" } (picture(|options| chart::sides(&numbers, &seen, options))) } }
            section { h2 { "Who stands where" } (table(visit, &stances, Shown::Actors)) (text::more(next)) }
        };
        Ok(Sheet::of(title, body))
    })
    .await
}
