//! Lines of an actor's timeline: what it did and said, how its stances changed, what others allege.

use std::collections::HashMap;

use maud::{Markup, html};

use super::text;
use super::visit::View;
use crate::event::EventId;
use crate::ledger::{AllegedItem, GapItem, HistoryItem};

/// What the lines of a timeline are written with.
pub(super) struct Timeline<'a> {
    pub(super) view: &'a View,
    /// How entities are called, and what claims say.
    pub(super) names: &'a text::Names<'a>,
    /// How actions read.
    pub(super) labels: &'a text::Names<'a>,
    /// The actor's gaps by the events that they rest on: the last words and the last deeds that are on opposite sides.
    pub(super) parted: HashMap<&'a EventId, &'a GapItem>,
}

/// Gaps by the events that they rest on.
pub(super) fn parted(gaps: &[GapItem]) -> HashMap<&EventId, &GapItem> {
    gaps.iter().flat_map(|gap| gap.declared_by.iter().chain(&gap.enacted_by).map(move |id| (id, gap))).collect()
}

/// The actions that a line of a timeline names.
pub(super) fn action_in(item: &HistoryItem) -> Option<&str> {
    match item {
        HistoryItem::Event(act) => Some(&act.action),
        HistoryItem::Alleged(alleged) => Some(&alleged.action),
        HistoryItem::Change(_) | HistoryItem::Speech(_) => None,
    }
}

/// The claim that a line of a timeline names.
pub(super) fn claim_in(item: &HistoryItem) -> Option<&str> {
    match item {
        HistoryItem::Speech(speech) => Some(&speech.claim),
        HistoryItem::Alleged(alleged) => Some(&alleged.claim),
        HistoryItem::Event(_) | HistoryItem::Change(_) => None,
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

impl Timeline<'_> {
    /// One line of a timeline.
    pub(super) fn line(&self, item: &HistoryItem) -> Markup {
        let Self { view, names, labels, parted } = self;
        let spoken = |by: &Option<String>| html! { @if let Some(by) = by { " spoken by " (text::actor(view, by, text::name(names, by))) } };
        let number = |seq: i64| html! { " " a class="seq" href=(view.link(&text::path(&["events", &seq.to_string()]), &[])) { "@" (seq) } };
        match item {
            HistoryItem::Event(act) => html! {
                (text::date(Some(&act.occurred))) " " (text::verb(labels, &act.action)) " " (text::target(view, &act.target, text::name(names, &act.target))) " " (text::basis(Some(act.tier)))
                (spoken(&act.spoken_by)) @if let Some(through) = &act.through { " through " (text::target(view, through, text::name(names, through))) } (number(act.seq))
                @if let Some(gap) = parted.get(&act.id) { " " span class="mark" { "gap: declared " (gap.declared.word()) ", enacted " (gap.enacted.word()) } }
            },
            HistoryItem::Change(change) => html! {
                (text::date(Some(&change.at))) " " (text::stance(change.from)) " → " (text::why(view, &change.actor, &change.target, &text::stance(change.to))) " on " (text::target(view, &change.target, text::name(names, &change.target)))
                @if let Some(grade) = change.flip { " " span class="mark" { (grade.word()) " flip" @if change.confirmed != Some(true) { ", not confirmed" } } }
                @if change.order.word() == "unknown" { " " span class="mark" { "order unknown" } }
            },
            HistoryItem::Speech(speech) => html! {
                (text::date(Some(&speech.occurred))) " " b { (speech.speech.verb()) } " " (text::claim(view, names, &speech.claim)) (spoken(&speech.spoken_by)) (number(speech.seq))
            },
            HistoryItem::Alleged(one) => self.said_of(one),
        }
    }

    /// What a claim says that the actor did.
    pub(super) fn said_of(&self, one: &AllegedItem) -> Markup {
        let Self { view, names, labels, .. } = self;
        let who = |slugs: &[String]| html! { @for (n, slug) in slugs.iter().enumerate() { @if n > 0 { ", " } (text::actor(view, slug, text::name(names, slug))) } };
        html! {
            (text::status(one.status)) " alleged: " @if let Some(at) = &one.occurred { (text::date(Some(at))) " " }
            (text::verb(labels, &one.action)) " " (text::target(view, &one.target, text::name(names, &one.target))) " – "
            (text::claim(view, names, &one.claim))
            @if !one.alleged_by.is_empty() { ", said by " (who(&one.alleged_by)) }
            @if !one.denied_by.is_empty() { ", denied by " (who(&one.denied_by)) }
        }
    }
}
