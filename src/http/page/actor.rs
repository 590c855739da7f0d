//! An actor: where it stands on what, what it did, what others say it did.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::picture::{looked_at, picture};
use super::timeline::{Timeline, action_in, claim_in, parted, slugs_in};
use super::visit::{View, Visit};
use super::{Sheet, answer, text};
use crate::chart;
use crate::event::Kind;
use crate::http::asking::Named;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{Answer, EntityItem, FlipsWanted, StancesWanted};

/// Stances and events on one page.
pub(super) const SHOWN: usize = 50;
/// Targets in the picture: those with the most events.
const LANES: usize = 6;

/// `/actors/{name}`.
pub(super) async fn show(State(desk): State<Desk>, Named(name): Named, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Short, visit, move |ledger, visit| {
        let (view, (asked, seen)) = (&visit.view, looked_at(ledger, &visit.view.asked()?)?);
        let entity = ledger.entity(&name, &asked)?;
        let slug = entity.as_ref().map_or(name.as_str(), |entity| entity.entity.as_str());
        let title = entity.as_ref().map_or(slug, |entity| entity.name.as_str());
        let after = visit.get("after").map(|target| (slug.to_owned(), target.to_owned()));
        let wanted = StancesWanted { actor: Some(&name), after, limit: SHOWN, ..StancesWanted::default() };
        let (stances, is_more) = ledger.stances_page(&wanted, &asked)?;
        let next = stances.last().filter(|_| is_more).map(|last| visit.with("after", &last.target));
        let (lines, has_older) = ledger.timeline(&name, visit.begun(SHOWN), SHOWN, &asked)?;
        let flips = ledger.flips(&FlipsWanted { actor: Some(&name), ..FlipsWanted::default() }, &asked)?;
        let gaps = ledger.gaps(Some(&name), None, &asked)?;
        let lanes = ledger.lanes(&name, None, LANES, &asked)?;
        let alleged = ledger.alleged(&name, &asked)?;
        let role = ledger.title(&name, &asked)?;
        let named = flips.iter().rev().take(SHOWN).map(|flip| flip.target.as_str()).chain(lines.iter().flat_map(slugs_in));
        let named = named.chain(gaps.iter().take(SHOWN).map(|gap| gap.target.as_str()));
        let others = alleged.iter().take(SHOWN).flat_map(|one| [&one.target].into_iter().chain(&one.alleged_by).chain(&one.denied_by));
        let claims = lines.iter().filter_map(claim_in).chain(alleged.iter().take(SHOWN).map(|one| one.claim.as_str()));
        let claims: Vec<String> = claims.map(text::as_target).collect();
        let names = ledger.called(named.chain(others.chain(&claims).map(String::as_str)), &asked)?;
        let actions = lines.iter().filter_map(action_in).chain(alleged.iter().take(SHOWN).map(|one| one.action.as_str()));
        let labels = ledger.labelled(actions, &asked)?;
        let timeline = Timeline { view, names: &names, labels: &labels, parted: parted(&gaps) };
        let body = html! {
            h1 { (text::said(title)) }
            p class="lead" { @if let Some(role) = &role { (text::said(role)) " · " } "as an actor · "
                a href=(view.link(&text::path(&["targets", slug]), &[])) { "as a target" } }
            @if let Some(entity) = &entity { (about(entity)) }
            @if lanes.has_any() { section { h2 { "In time" } (picture(|options| chart::history(&lanes, &seen, options))) } }
            section { h2 { "Stances" } (table(visit, &stances, Shown::Targets)) (text::more(next)) }
            @if !flips.is_empty() {
                section { h2 { "Flips" } ul class="plain rows" {
                    @for flip in flips.iter().rev().take(SHOWN) {
                        li { (text::date(Some(&flip.at))) " " (text::stance(flip.from)) " → " (text::stance(flip.to)) " on "
                            (text::why(view, &flip.actor, &flip.target, &text::said(text::name(&names, &flip.target))))
                            " (" (flip.grade.word()) @if !flip.confirmed { ", not confirmed" } ")" }
                    }
                }
                @if flips.len() > SHOWN { p class="more" { a href=(view.link("/flips", &[("actor", slug)])) { "All its " (flips.len()) " flips" } } } }
            }
            @if !gaps.is_empty() {
                section { h2 { "Gaps" } p class="faint" { "Words on one side, deeds on the other." } ul class="plain rows" {
                    @for gap in gaps.iter().take(SHOWN) {
                        li { "declared " (text::stance(gap.declared)) " " (text::date(Some(&gap.declared_last))) ", enacted " (text::stance(gap.enacted)) " " (text::date(Some(&gap.enacted_last))) " on "
                            (text::why(view, &gap.actor, &gap.target, &text::said(text::name(&names, &gap.target)))) }
                    }
                }
                @if gaps.len() > SHOWN { p class="more" { a href=(view.link("/gaps", &[("actor", slug)])) { "All its " (gaps.len()) " gaps" } } } }
            }
            section { h2 { "Timeline" } p class="faint" { "By when it happened, the latest first." }
                @if lines.is_empty() { p class="faint" { "Nothing is recorded that had happened by then." } }
                ol class="plain rows events" { @for one in &lines { li { (timeline.line(one)) } } }
                (text::more(visit.next(has_older)))
                p class="more" { a href=(view.link("/events", &[("actor", slug)])) { "All events that name it as actor, by when they were recorded" } }
            }
            @if !alleged.is_empty() {
                section { h2 { "Said to have done" } p class="faint" { "What claims allege never counts toward a stance." }
                    ul class="plain rows" { @for one in alleged.iter().take(SHOWN) { li { (timeline.said_of(one)) } } }
                    @if alleged.len() > SHOWN { p class="more" { a href=(view.link("/claims", &[("actor", slug)])) { "All claims that concern it" } } }
                }
            }
        };
        // What it does, and what moves its stances: a merge, a new meaning of a word, something taken back.
        let own = View { rule: None, ..view.clone() };
        let follows = vec![own.link("/v1/events/stream", &[("actor", slug)]), view.link("/v1/stances/stream", &[("actor", slug)])];
        Ok(Sheet { follows, ..Sheet::of(title, body) })
    })
    .await
}

/// What is registered of an entity.
pub(super) fn about(entity: &EntityItem) -> Markup {
    html! {
        p class="faint" { @if entity.kind == Kind::Unknown { "of unknown kind" } @else { (entity.kind.word()) } @if !entity.aliases.is_empty() { "; also " @for (n, alias) in entity.aliases.iter().enumerate() { @if n > 0 { ", " } (text::said(alias)) } } }
        @if !entity.roles.is_empty() {
            ul class="plain" { @for role in &entity.roles {
                li { (text::said(&role.title)) @if let Some(from) = &role.from { " from " (text::date(Some(&from.to_string()))) } @if let Some(to) = &role.to { " to " (text::date(Some(&to.to_string()))) } }
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
                td { @if one.basis.is_some() { (text::basis(one.basis)) } }
                td data-label=[one.since.as_ref().map(|_| "since")] { @if let Some(since) = &one.since { (text::date(Some(since))) } }
                td class="number" data-label="events" { (one.events) }
                td { @if !one.certain { span class="mark" { "perhaps not yet" } " " } @if one.gap { span class="mark" { "gap" } " " } @if one.flips > 0 { span class="mark" { (text::number(one.flips, "flip", "flips")) } } }
            } } }
        } }
    }
}
