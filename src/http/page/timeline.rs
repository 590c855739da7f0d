//! Lines of an actor's timeline: what it did and said, how its stances changed, what others allege.

use std::collections::HashMap;

use maud::{Markup, html};

use super::text;
use super::visit::View;
use crate::event::EventId;
use crate::ledger::{AllegedItem, GapItem, HistoryItem};

/// The events that gaps rest on: the last words and the last deeds that are on opposite sides.
pub(super) struct Parted<'a>(HashMap<&'a EventId, &'a GapItem>);

impl<'a> Parted<'a> {
    /// The events of some gaps.
    pub(super) fn by(gaps: &'a [GapItem]) -> Self {
        Self(gaps.iter().flat_map(|gap| gap.declared_by.iter().chain(&gap.enacted_by).map(move |id| (id, gap))).collect())
    }

    /// The gap that rests on an event.
    fn rest_on(&self, id: &EventId) -> Option<&'a GapItem> {
        self.0.get(id).copied()
    }
}

/// The slugs that a line of a timeline names.
pub(super) fn slugs_in(item: &HistoryItem) -> Vec<&str> {
    match item {
        HistoryItem::Event(act) => {
            [Some(act.target.as_str()), act.spoken_by.as_deref(), act.through.as_deref()].into_iter().flatten().collect()
        }
        HistoryItem::Change(change) => vec![change.target.as_str()],
        HistoryItem::Speech(speech) => speech.spoken_by.as_deref().into_iter().collect(),
        HistoryItem::Alleged(alleged) => vec![alleged.target.as_str()],
    }
}

/// One line of a timeline.
pub(super) fn line(view: &View, item: &HistoryItem, names: &text::Names<'_>, parted: &Parted<'_>) -> Markup {
    let spoken = |by: &Option<String>| html! { @if let Some(by) = by { " spoken by " (text::actor(view, by, text::name(names, by))) } };
    let number = |seq: i64| html! { " " a class="seq" href=(view.link(&text::path(&["events", &seq.to_string()]), &[])) { "@" (seq) } };
    match item {
        HistoryItem::Event(act) => html! {
            (text::date(Some(&act.occurred))) " " b { (text::said(&act.action)) } " " (text::target(view, &act.target, text::name(names, &act.target))) " " (text::basis(Some(act.tier)))
            (spoken(&act.spoken_by)) @if let Some(through) = &act.through { " through " (text::target(view, through, text::name(names, through))) } (number(act.seq))
            @if let Some(gap) = parted.rest_on(&act.id) { " " span class="mark" { "gap: declared " (gap.declared.word()) ", enacted " (gap.enacted.word()) } }
        },
        HistoryItem::Change(change) => html! {
            (text::date(Some(&change.at))) " " (text::stance(change.from)) " → " (text::why(view, &change.actor, &change.target, &text::stance(change.to))) " on " (text::target(view, &change.target, text::name(names, &change.target)))
            @if let Some(grade) = change.flip { " " span class="mark" { (grade.word()) " flip" @if change.confirmed != Some(true) { ", a candidate" } } }
            @if change.order.word() == "unknown" { " " span class="mark" { "order unknown" } }
        },
        HistoryItem::Speech(speech) => html! {
            (text::date(Some(&speech.occurred))) " " b { (speech.speech.word()) } " the claim " a href=(view.link(&text::path(&["claims", &speech.claim]), &[])) { (text::said(&speech.claim)) } (spoken(&speech.spoken_by)) (number(speech.seq))
        },
        HistoryItem::Alleged(one) => said_of(view, one, names),
    }
}

/// What a claim says that the actor did.
pub(super) fn said_of(view: &View, one: &AllegedItem, names: &text::Names<'_>) -> Markup {
    let who = |slugs: &[String]| html! { @for (n, slug) in slugs.iter().enumerate() { @if n > 0 { ", " } (text::actor(view, slug, text::name(names, slug))) } };
    html! {
        (text::status(one.status)) " alleged: " @if let Some(at) = &one.occurred { (text::date(Some(at))) " " }
        b { (text::said(&one.action)) } " " (text::target(view, &one.target, text::name(names, &one.target))) " – "
        a href=(view.link(&text::path(&["claims", &one.claim]), &[])) { "claim " (text::said(&one.claim)) }
        @if !one.alleged_by.is_empty() { ", said by " (who(&one.alleged_by)) }
        @if !one.denied_by.is_empty() { ", denied by " (who(&one.denied_by)) }
    }
}
