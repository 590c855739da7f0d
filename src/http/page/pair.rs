//! A pair: the answer in one sentence, then why.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::picture::{looked_at, picture};
use super::visit::{View, Visit};
use super::{Sheet, answer, text};
use crate::chart;
use crate::event::{Evidence, Selector};
use crate::http::asking::Named;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{Act, Question};

/// Deciding events that are shown.
const SHOWN: usize = 100;

/// `/pairs/{actor}/{target}`.
pub(super) async fn show(
    State(desk): State<Desk>,
    Named((actor, target)): Named<(String, String)>,
    visit: Visit,
) -> Result<Response, Problem> {
    answer(&desk, Lane::Short, visit, move |ledger, visit| {
        let (view, (asked, seen)) = (&visit.view, looked_at(ledger, &visit.view.asked()?)?);
        let lanes = ledger.lanes(&actor, Some(&target), chart::LANES, &asked)?;
        let why = ledger.why(&Question { actor: &actor, target: &target, asked: asked.clone() })?;
        let one = &why.answer;
        let acts = why.events.iter().rev().take(SHOWN).chain(why.retracted.iter().take(SHOWN));
        let named = acts.flat_map(|act| [&act.spoken_by, &act.through, &act.place].into_iter().flatten());
        let names = ledger.called(named.map(String::as_str), &asked)?;
        let acts = why.events.iter().rev().take(SHOWN).chain(why.retracted.iter().take(SHOWN));
        let labels = ledger.labelled(acts.map(|act| act.action.as_str()), &asked)?;
        let title = format!("{} on {}", one.actor_name, one.target_name);
        let body = html! {
            h1 { (text::said(&one.actor_name)) " on " (text::said(&one.target_name)) }
            p class="lead" {
                (text::actor(view, &one.actor, &one.actor_name)) ": " (text::stance(one.stance)) " toward " (text::target(view, &one.target, &one.target_name))
                @if let Some(since) = &one.since { ", since " (text::date(Some(since))) }
                @if let Some(basis) = one.basis { ", by what is " (basis.word()) }
                ", on " (text::number(one.events, "event", "events")) @if one.voices > 0 { " and " (text::number(one.voices, "voice", "voices")) } "."
                @if !one.certain { " Whether all that had happened by then is not certain." }
                @if one.gap { " " span class="mark" { "gap" } " Words and deeds are on opposite sides." }
                @if one.erased > 0 { " " (text::number(one.erased, "event of the log was erased.", "events of the log were erased.")) }
            }
            @if lanes.has_any() { section { h2 { "In time" } (picture(|options| chart::history(&lanes, &seen, options))) } }
            section { h2 { "Events by tier" } dl class="counts" { @for (tier, count) in &one.counts { div { dt { (tier.word()) } dd { (count) } } } } }
            section {
                h2 { "How it changed" }
                @if why.changes.is_empty() { p class="faint" { "It has not changed." } }
                @let earlier = why.changes.len().saturating_sub(SHOWN);
                ol class="plain rows" { @for change in why.changes.iter().rev().take(SHOWN) {
                    li { (text::date(Some(&change.at))) " " (text::stance(change.from)) " → " (text::stance(change.to)) " " (text::basis(change.basis))
                        @if change.order.word() == "unknown" { " " span class="mark" { "order unknown" } }
                        @if let Some(grade) = change.flip { " " span class="mark" { (grade.word()) " flip" @if change.confirmed != Some(true) { ", not confirmed" } } } }
                } }
                @if earlier > 0 { p class="faint" { "and " (text::number(earlier, "earlier change", "earlier changes")) } }
            }
            section { h2 { "What decides it" } @if why.events.is_empty() { p class="faint" { "Nothing decides it." } } @for act in why.events.iter().rev().take(SHOWN) { (told(view, act, &names, &labels)) }
                @if why.events.len() > SHOWN { p class="faint" { "and " (text::number(why.events.len() - SHOWN, "earlier one", "earlier ones")) } }
                p class="more" { a href=(view.link("/events", &[("actor", &one.actor), ("target", &one.target)])) { "All events that name the two, by when they were recorded" } } }
            @if !why.retracted.is_empty() { section { h2 { "Taken back or replaced" } @for act in why.retracted.iter().take(SHOWN) { (told(view, act, &names, &labels)) }
                @if why.retracted.len() > SHOWN { p class="faint" { "and " (why.retracted.len() - SHOWN) " more" } } } }
        };
        Ok(Sheet::of(title, body))
    })
    .await
}

/// One event with everything that it rests on.
fn told(view: &View, act: &Act, names: &text::Names<'_>, labels: &text::Names<'_>) -> Markup {
    html! {
        article class="act" {
            p { (text::date(Some(&act.occurred))) " " (text::verb(labels, &act.action)) " " span class="tier" { (act.tier.word()) }
                @if let Some(side) = act.side { " " (side.word()) }
                @if let Some(by) = &act.spoken_by { " spoken by " (text::actor(view, by, text::name(names, by))) }
                @if let Some(through) = &act.through { " through " (text::target(view, through, text::name(names, through))) }
                @if let Some(place) = &act.place { " at " (text::actor(view, place, text::name(names, place))) } }
            @if let Some(note) = &act.note { p { (text::said(note)) } }
            @for evidence in &act.evidence { (rests_on(evidence)) }
            p class="faint" { a href=(view.link(&text::path(&["events", &act.id.to_string()]), &[])) { "@" (act.seq) } " recorded " (text::instant(&act.recorded_at)) ", leaf hash " code { (act.leaf.get(..16).unwrap_or_default()) "…" } }
        }
    }
}

/// One piece of evidence.
pub(super) fn rests_on(evidence: &Evidence) -> Markup {
    let link = evidence.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    html! {
        figure class="evidence" {
            @match &evidence.selector {
                Some(Selector::TextQuoteSelector { exact, .. }) => blockquote dir="auto" { @for (n, piece) in exact.lines().enumerate() { @if n > 0 { "\n" } (crate::event::printable(piece)) } },
                Some(Selector::TextPositionSelector { .. }) | None => {},
            }
            figcaption {
                @if let Some(source) = &evidence.source { (text::said(source)) " " }
                @match (link, &evidence.url) {
                    (Some(url), _) => a href=(url) rel="noreferrer noopener" { (text::said(url)) },
                    (None, Some(url)) => (text::said(url)),
                    (None, None) => {},
                }
                @if let Some(note) = &evidence.note { " " (text::said(note)) }
                @if let Some(Selector::TextPositionSelector { start, end }) = &evidence.selector { ", characters " (start) " to " (end) ", whose words are not stored" }
            }
        }
    }
}
