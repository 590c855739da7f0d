//! An actor: where it stands on what, what it did, what others say it did.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::visit::Visit;
use super::{Sheet, answer, event, text};
use crate::http::asking::Named;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{Answer, Direction, EntityItem, EventsWanted, FlipsWanted, StancesWanted};

/// Stances and events on one page.
pub(super) const SHOWN: usize = 50;

/// `/actors/{name}`.
pub(super) async fn show(State(desk): State<Desk>, Named(name): Named, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Short, visit, move |ledger, visit| {
        let (view, asked) = (&visit.view, visit.view.asked()?);
        let entity = ledger.entity(&name, &asked)?;
        let slug = entity.as_ref().map_or(name.as_str(), |entity| entity.entity.as_str());
        let title = entity.as_ref().map_or(slug, |entity| entity.name.as_str());
        let after = visit.get("after").map(|target| (slug.to_owned(), target.to_owned()));
        let wanted = StancesWanted { actor: Some(&name), after, limit: SHOWN, ..StancesWanted::default() };
        let (stances, is_more) = ledger.stances_page(&wanted, &asked)?;
        let next = stances.last().filter(|_| is_more).map(|last| visit.with("after", &last.target));
        let wanted = EventsWanted { actor: Some(&name), direction: Direction::NewestFirst, limit: Some(SHOWN), ..EventsWanted::default() };
        let events = event::rows(ledger, view, &wanted)?;
        let flips = ledger.flips(&FlipsWanted { actor: Some(&name), ..FlipsWanted::default() }, &asked)?;
        let claims = ledger.claims(None, Some(&name), &asked)?;
        let role = ledger.title(&name, &asked)?;
        let alleged = claims.iter().filter_map(|claim| claim.about.as_ref().filter(|about| about.actor == slug).map(|about| (claim, about)));
        let body = html! {
            h1 { (text::said(title)) }
            p class="lead" { @if let Some(role) = &role { (text::said(role)) " · " } "as an actor · "
                a href=(view.link(&text::path(&["targets", slug]), &[])) { "as a target" } }
            @if let Some(entity) = &entity { (about(entity)) }
            section { h2 { "Stances" } (table(visit, &stances, Shown::Targets)) (text::more(next)) }
            @if !flips.is_empty() {
                section { h2 { "Flips" } ul class="plain" {
                    @for flip in flips.iter().take(SHOWN) {
                        li { (text::date(Some(&flip.at))) " " (text::stance(flip.from)) " → " (text::stance(flip.to)) " on "
                            (text::why(view, &flip.actor, &flip.target, &text::said(&flip.target)))
                            " (" (flip.grade.word()) @if !flip.confirmed { ", a candidate" } ")" }
                    }
                } }
            }
            section { h2 { "Said to have done" } p class="faint" { "What claims allege never counts toward a stance." }
                ul class="plain" { @for (claim, about) in alleged {
                    li { (text::status(claim.status)) " " (text::said(&about.action)) " " (text::target(view, &about.target, &about.target)) " – "
                        a href=(view.link(&text::path(&["claims", &claim.claim]), &[])) { (text::said(&claim.text)) } }
                } }
            }
            section { h2 { "Latest events" } (events) p class="more" { a href=(view.link("/events", &[("actor", slug)])) { "All its events" } } }
        };
        Ok(Sheet { follows: Some(view.link("/v1/stances/stream", &[("actor", slug)])), ..Sheet::of(title, body) })
    })
    .await
}

/// What is registered of an entity.
pub(super) fn about(entity: &EntityItem) -> Markup {
    html! {
        p class="faint" { (entity.kind.word()) @if !entity.aliases.is_empty() { "; also " @for (n, alias) in entity.aliases.iter().enumerate() { @if n > 0 { ", " } (text::said(alias)) } } }
        @if !entity.roles.is_empty() {
            ul class="plain roles" { @for role in &entity.roles {
                li { (text::said(&role.title)) " " span class="date" { (role.from.as_ref().map(ToString::to_string).unwrap_or_default()) "–" (role.to.as_ref().map(ToString::to_string).unwrap_or_default()) } }
            } }
        }
    }
}

/// Which side of the pairs a table lists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Targets,
    Actors,
}

/// Stances as a table.
pub(super) fn table(visit: &Visit, stances: &[Answer], shown: Shown) -> Markup {
    let view = &visit.view;
    if stances.is_empty() {
        return html! { p class="faint" { "Nothing is recorded that tells." } };
    }
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Stances" { table {
            thead { tr { th scope="col" { @if shown == Shown::Targets { "Target" } @else { "Actor" } } th scope="col" { "Stance" } th scope="col" { "Basis" } th scope="col" { "Since" } th scope="col" { "Events" } th scope="col" { "Marks" } } }
            tbody { @for one in stances { tr {
                th scope="row" { @if shown == Shown::Targets { (text::target(view, &one.target, &one.target_name)) } @else { (text::actor(view, &one.actor, &one.actor_name)) } }
                td { (text::why(view, &one.actor, &one.target, &text::stance(one.stance))) }
                td { (text::basis(one.basis)) }
                td { (text::date(one.since.as_deref())) @if !one.certain { " " span class="mark" { "uncertain" } } }
                td class="number" { (one.events) }
                td { @if one.gap { span class="mark" { "gap" } " " } @if one.flips > 0 { span class="mark" { (one.flips) " flips" } } }
            } } }
        } }
    }
}
