//! Events: a list of them, and everything about one.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::correct::counts_no_more;
use super::pair::rests_on;
use super::retract::Refused;
use super::visit::{View, Visit};
use super::{Sheet, answer, text};
use crate::Ledger;
use crate::event::{Body, Code, Event, EventId, EventType, printable};
use crate::http::asking::Named;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{Direction, EventsWanted, Key, Role, Row, Seq, recorded_json};

/// Events on one page.
const SHOWN: usize = 50;

/// What an event says, in one line.
fn line(view: &View, event: Option<&Event>, names: &text::Names<'_>, labels: &text::Names<'_>) -> Markup {
    let Some(event) = event else { return html! { span class="faint" { "erased" } } };
    let kind = event.body.event_type().word();
    match &event.body {
        Body::Stance(it) => {
            html! { (text::actor(view, &it.actor, text::name(names, &it.actor))) " " (text::verb(labels, &it.action)) " " (text::target(view, &it.target, text::name(names, &it.target))) " " (text::date(Some(&it.occurred.to_string()))) }
        }
        Body::Claim(it) => html! { (kind) " " a href=(view.link(&text::path(&["claims", &it.claim]), &[])) { (text::said(&it.text)) } },
        Body::Verdict(it) => {
            html! { (kind) " " (text::said(&it.reviewer)) ": " (text::said(&it.label)) " on " a href=(view.link(&text::path(&["claims", &it.claim]), &[])) { (text::said(&it.claim)) } }
        }
        Body::Entity(it) => html! { (kind) " " (text::actor(view, &it.entity, &it.name)) },
        Body::Merge(it) => html! { (kind) " " (text::said(&it.from)) " into " (text::actor(view, &it.into, &it.into)) },
        Body::Action(it) => html! { (kind) " " (text::said(&it.action)) },
        Body::Vocabulary(it) => html! { (kind) " " (text::said(&it.name)) ", version " (text::said(&it.version.to_string())) },
        Body::Source(it) => html! { (kind) " " (text::said(&it.title)) },
        Body::Retract(it) => html! { (kind) " " (text::event(view, &it.event.to_string())) ": " (text::said(&it.reason)) },
        Body::Erase(it) => html! { (kind) " " (text::number(it.events.len(), "event", "events")) ": " (text::said(&it.reason)) },
    }
}

/// The events that are wanted; nothing beside one whose content was erased.
pub(super) fn found(ledger: &Ledger, view: &View, wanted: &EventsWanted<'_>) -> Result<Vec<(Row, Option<Event>)>, Problem> {
    let mut rows = Vec::new();
    ledger.events(wanted, &view.asked()?, |row| {
        let event = row.event()?;
        rows.push((row, event));
        Ok(())
    })?;
    Ok(rows)
}

/// A link to an event of which the id is known, by its place in the log.
pub(super) fn numbered(ledger: &Ledger, view: &View, id: &EventId) -> Result<Markup, Problem> {
    let seq = ledger.event(&id.to_string())?.seq;
    Ok(html! { a class="seq" href=(view.link(&text::path(&["events", &seq.to_string()]), &[])) { "@" (seq) } })
}

/// Some events, as a list.
pub(super) fn listed(ledger: &Ledger, view: &View, rows: &[(Row, Option<Event>)]) -> Result<Markup, Problem> {
    let stances = || {
        rows.iter().filter_map(|(_, event)| match event.as_ref().map(|event| &event.body) {
            Some(Body::Stance(it)) => Some(it),
            Some(_) | None => None,
        })
    };
    let names = ledger.called(stances().flat_map(|it| [it.actor.as_str(), it.target.as_str()]), &view.asked()?)?;
    let labels = ledger.labelled(stances().map(|it| it.action.as_str()), &view.asked()?)?;
    Ok(html! {
        ol class="plain rows events" { @for (row, event) in rows {
            li { a class="seq" href=(view.link(&text::path(&["events", &row.seq.to_string()]), &[])) { "@" (row.seq) } " " (line(view, event.as_ref(), &names, &labels)) }
        } }
    })
}

/// Says that a list of events is not cut by the date in the world, where one is asked for.
pub(super) fn by_recording(view: &View) -> Markup {
    html! { @if let Some(date) = &view.as_of {
        p class="faint" { "This list goes by when events were recorded: it also shows what happened after " (text::said(date)) "." }
    } }
}

/// `/events`.
pub(super) async fn list(State(desk): State<Desk>, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Short, visit, |ledger, visit| {
        let event_type = match visit.get("type") {
            Some(word) => Some(EventType::from_word(word).ok_or_else(|| Problem::bad_field("type", format!("`{word}` is no type of event")))?),
            None => None,
        };
        let before = visit.get("before").map(|seq| seq.trim_start_matches('@').parse().map(Seq)).transpose();
        let before = before.map_err(|_| Problem::bad_field("before", "a seq is a number"))?;
        let (actor, target, action) = (visit.get("actor"), visit.get("target"), visit.get("action"));
        let wanted =
            EventsWanted { actor, target, event_type, action, after: None, before, direction: Direction::NewestFirst, limit: Some(SHOWN + 1) };
        let mut rows = found(ledger, &visit.view, &wanted)?;
        let is_more = rows.len() > SHOWN;
        rows.truncate(SHOWN);
        let next = rows.last().filter(|_| is_more).map(|(row, _)| visit.with("before", &row.seq.to_string()));
        let body = html! {
            h1 { "Events" }
            form class="asks" action="/events" {
                label { "Actor " input name="actor" value=[actor]; }
                label { "Target " input name="target" value=[target]; }
                label { "Action " input name="action" value=[action]; }
                label { "Type " select name="type" { option value="" { "any" } @for one in EventType::ALL { option selected[event_type == Some(*one)] { (one.word()) } } } }
                (super::frame::kept(visit))
                button { "Find" }
            }
            p class="faint" { "By when they were recorded, the last first." }
            (by_recording(&visit.view))
            @if rows.is_empty() { p class="faint" { "None." } }
            (listed(ledger, &visit.view, &rows)?)
            (text::more(next))
        };
        Ok(Sheet::of("Events", body))
    })
    .await
}

/// What an event says, field by field.
fn fields(view: &View, event: &Event, names: &text::Names<'_>, labels: &text::Names<'_>) -> Markup {
    let common = &event.common;
    html! {
        section { h2 { "What it says" } dl class="facts" {
            @if let Body::Stance(it) = &event.body {
                dt { "Actor" } dd { (text::actor(view, &it.actor, text::name(names, &it.actor))) @if let Some(words) = &it.actor_as { ", named " (text::said(words)) } }
                @if !it.on_behalf_of.is_empty() {
                    dt { "On behalf of" } dd { @for (n, slug) in it.on_behalf_of.iter().enumerate() { @if n > 0 { ", " } (text::actor(view, slug, text::name(names, slug))) } }
                }
                dt { "Action" } dd { a href=(view.link("/actions", &[("q", &it.action)])) { (text::said(text::name(labels, &it.action))) } @if text::name(labels, &it.action) != it.action { " " code { (text::said(&it.action)) } } }
                dt { "Target" } dd { (text::target(view, &it.target, text::name(names, &it.target))) @if let Some(words) = &it.target_as { ", named " (text::said(words)) } }
                dt { "Occurred" } dd { (text::date(Some(&it.occurred.to_string()))) }
                @if let Some(place) = &it.place { dt { "Place" } dd { (text::actor(view, place, text::name(names, place))) } }
                @if let Some(times) = it.times { dt { "Times" } dd { "at least " (times) } }
                @if let Some(confidence) = it.confidence { dt { "Confidence" } dd { (confidence) } }
                @for (scheme, code) in &it.codes { dt { "Code, " (text::said(scheme)) } dd { @match code { Code::One(code) => (text::said(code)), Code::Many(codes) => (text::said(&codes.join(", "))) } } }
            }
            @if let Some(note) = &common.note { dt { "Note" } dd { (text::said(note)) } }
            @if !common.evidence.is_empty() { dt { "Evidence" } dd { @for evidence in &common.evidence { (rests_on(evidence)) } } }
            @if let Some(old) = &common.replaces { dt { "Replaces" } dd { (text::event(view, &old.to_string())) } }
            @if let Some(by) = &common.recorded_by { dt { "Recorded by" } dd { (text::said(by)) } }
        } }
    }
}

/// `/events/{id}`.
pub(super) async fn show(State(desk): State<Desk>, Named(id): Named, visit: Visit) -> Result<Response, Problem> {
    let key = desk.key.clone();
    answer(&desk, Lane::Long, visit, move |ledger, visit| sheet(ledger, visit, &id, key.as_ref(), None)).await
}

/// Everything about an event, with a retraction of it that was refused.
pub(super) fn sheet(ledger: &Ledger, visit: &Visit, id: &str, key: Option<&Key>, refused: Option<&Refused>) -> Result<Sheet, Problem> {
    let (view, asked) = (&visit.view, visit.view.asked()?);
    let row = ledger.event(id)?;
    let event = row.event().map_err(crate::ledger::Error::from)?;
    let proof = key.map(|key| ledger.checkpoint(key).and_then(|note| ledger.prove(&row.seq.to_string(), &note))).transpose()?;
    let proof = proof.and_then(|proof| serde_json::to_string_pretty(&proof).ok());
    let moved = ledger.moved_by(row.seq, asked.rule)?;
    let json: serde_json::Value = serde_json::from_str(&recorded_json(&row)).unwrap_or_default();
    let json = serde_json::to_string_pretty(&json).unwrap_or_default();
    let leaf: String = row.leaf.iter().map(|byte| format!("{byte:02x}")).collect();
    let shown = moved.iter().take(SHOWN);
    let stance = event.iter().filter_map(|event| match &event.body {
        Body::Stance(it) => Some(it),
        Body::Claim(_) | Body::Verdict(_) | Body::Entity(_) | Body::Merge(_) | Body::Action(_) => None,
        Body::Vocabulary(_) | Body::Source(_) | Body::Retract(_) | Body::Erase(_) => None,
    });
    let labels = ledger.labelled(stance.clone().map(|it| it.action.as_str()), &asked)?;
    let slugs = stance.flat_map(|it| it.on_behalf_of.iter().chain(&it.place).chain([&it.actor, &it.target])).map(String::as_str);
    let names = ledger.called(shown.flat_map(|one| [one.actor.as_str(), one.target.as_str()]).chain(slugs), &asked)?;
    let line = listed(ledger, view, std::slice::from_ref(&(row.clone(), event.clone())))?;
    let body = html! {
        h1 { "Event @" (row.seq) }
        (line)
        @if row.seq.0 > ledger.stamp(&asked)?.known_at { p class="mark" { "It was recorded later than what is looked at." } }
        @if let Some(out) = counts_no_more(ledger, view, row.seq, &asked)? { (out) }
        dl class="facts" {
            dt { "Id" } dd { code { (row.id) } }
            dt { "Recorded" } dd { (text::instant(&row.recorded_at.to_string())) }
            dt { "Leaf hash" } dd { code { (leaf) } }
        }
        @if let Some(event) = &event { (fields(view, event, &names, &labels)) }
        section { h2 { "What it changed" }
            @if moved.is_empty() { p class="faint" { "No stance, when it was recorded." } }
            ul class="plain rows" { @for one in moved.iter().take(SHOWN) {
                li { (text::actor(view, &one.actor, text::name(&names, &one.actor))) " on " (text::target(view, &one.target, text::name(&names, &one.target))) ": " (text::stance(one.from.stance)) " → " (text::why(view, &one.actor, &one.target, &text::stance(one.to.stance))) }
            } }
            @if moved.len() > SHOWN { p class="faint" { "and " (text::number(moved.len() - SHOWN, "other stance", "other stances")) } }
        }
        @if visit.role >= Some(Role::Append) { @if let Some(event) = &event { (super::retract::forms(view, event, refused)) } }
        section { h2 { "Proof that it is in the log" }
            @match &proof { Some(proof) => details { summary { "Inclusion proof" } pre tabindex="0" { (proof) } }, None => p class="faint" { "This log has no signing key; " code { "stancelog audit key" } " makes one." } } }
        section { h2 { "As it is stored" } pre tabindex="0" dir="ltr" { @for piece in json.split_inclusive('\n') { (printable(piece.trim_end_matches('\n'))) "\n" } } }
    };
    Ok(Sheet::of(format!("Event @{}", row.seq), body))
}
