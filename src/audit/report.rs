//! The report of an audit for people: one HTML file that needs nothing else, made to be read and printed.

use std::collections::BTreeMap;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::bundle::{Bundle, BundledEvent};
use super::error::Error;
use crate::event::{Body, Event, EventId, Evidence, Micros, Selector, Source, parse_stored};
use crate::merkle::VerifierKey;
use crate::query::{Answer, ChangeItem, Counted, Why};
use crate::stance::Value;

/// How the page looks, on screen and on paper.
const STYLE: &str = "body{font:16px/1.5 Georgia,serif;max-width:48em;margin:2em auto;padding:0 1em;color:#111;background:#fff}\
h1{font-size:1.5em}h2{font-size:1.2em;margin-top:2em;border-bottom:1px solid #888}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.2em .6em .2em 0;border-bottom:1px solid #ccc}\
code,pre{font:12px/1.4 monospace;overflow-wrap:anywhere;white-space:pre-wrap}blockquote{margin:.3em 1em;font-style:italic}\
.event{break-inside:avoid;margin:1em 0}.answer{font-size:1.2em}\
@media print{body{max-width:none;margin:0}details>pre{display:none}a{color:inherit}}";

/// One event of the bundle, read.
struct Read<'a> {
    bundled: &'a BundledEvent,
    id: EventId,
    /// Nothing where the content was erased.
    event: Option<Event>,
    recorded_at: Micros,
}

/// Writes the report of a question from its bundle.
///
/// # Errors
/// [`Error::Json`] where an event of the bundle does not read.
pub fn report(bundle: &Bundle, why: &Why, key: &VerifierKey) -> Result<String, Error> {
    let events: BTreeMap<i64, Read<'_>> = bundle.events.iter().map(|one| Ok((one.seq, read(one)?))).collect::<Result<_, Error>>()?;
    let title = format!("{} on {}", why.answer.actor_name, why.answer.target_name);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { "Audit: " (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "Audit report: " (title) }
                (answer(bundle, &why.answer))
                h2 { "How the stance came about" }
                (changes(&why.changes, &bundle.counted))
                h2 { "The events that count" }
                @if bundle.counted.is_empty() { p { "None." } }
                @for counted in &bundle.counted {
                    @if let Some(read) = events.get(&counted.seq) { (counting(counted, read, &why.answer, &sources(&events))) }
                }
                h2 { "What else the answer follows from" }
                p { "Definitions of names and words, sources, merges, and events that were taken back or superseded, or that did so." }
                (others(bundle, &events))
                h2 { "The checkpoint" }
                p {
                    "Each event above is proved to be in the log whose size and root the following text states, signed with the log's key. \
                     What this proves begins where a checkpoint has left the machine that made it: compare it with one that you have kept."
                }
                pre { (bundle.checkpoint) }
                p { "Public key of the log: " code { (key) } }
                (how_to_check(bundle)?)
            }
        }
    };
    Ok(page.into_string())
}

fn read(bundled: &BundledEvent) -> Result<Read<'_>, Error> {
    let part = |from: usize, to: usize| u128::from_str_radix(bundled.header.get(2 * from..2 * to).unwrap_or("0"), 16).unwrap_or_default();
    let id = EventId::from_bytes(part(9, 25).to_be_bytes());
    let recorded_at = Micros(part(25, 33) as u64 as i64);
    let event = bundled.body.as_deref().map(|body| parse_stored(id, body)).transpose()?;
    Ok(Read { bundled, id, event, recorded_at })
}

fn answer(bundle: &Bundle, answer: &Answer) -> Markup {
    let said = match answer.stance {
        Value::Favor => "is in favor of",
        Value::Against => "is against",
        Value::Mixed => "is both for and against",
        Value::Abstain => "abstains on",
        Value::Neutral => "takes no side on",
        Value::None => "has no recorded stance on",
    };
    let question = &bundle.question;
    html! {
        p.answer {
            strong { (answer.actor_name) " " (said) " " (answer.target_name) }
            @if let Some(since) = &answer.since { ", since " (if since == ".." { "before the records begin" } else { since }) }
            "."
        }
        table {
            tr { th { "Asked about" } td { (answer.actor) " toward " (answer.target) } }
            tr { th { "As of" } td { @match &question.as_of { Some(end) => (end), None => "all that happened" } } }
            tr { th { "As known at" } td { "event " (question.known_at) " of the log" } }
            tr { th { "Rule" } td {
                @match answer.rule {
                    crate::stance::Rule::Latest => "latest: the last day of the strongest kind of event decides",
                    crate::stance::Rule::Majority => "majority: two thirds of the last 90 days of the strongest kind of event decide",
                }
            } }
            tr { th { "Decided by" } td {
                @match answer.basis { Some(basis) => { "events of the kind " em { (basis) } }, None => "nothing" }
                @if let Some(last) = &answer.last { ", the last on " (last) }
            } }
            tr { th { "Events that count" } td {
                @for (tier, count) in answer.counts.iter().filter(|(_, count)| **count > 0) { (count) " " (tier) "; " }
                (answer.events) " in all"
            } }
            @if !answer.certain { tr { th { "Certain" } td { "no: what decides may have happened after the date asked for" } } }
            @if answer.gap { tr { th { "Words and deeds" } td { "part: what was declared and what was done are on opposite sides" } } }
            tr { th { "Changes of side" } td { (answer.flips) " confirmed" } }
            @if answer.erased > 0 {
                tr { th { "Erased" } td { (answer.erased) " events of this log, under a legal duty that is on record; what they said counts no more" } }
            }
        }
    }
}

fn changes(changes: &[ChangeItem], counted: &[Counted]) -> Markup {
    let places = |ids: &[EventId]| {
        let seqs = ids.iter().filter_map(|id| counted.iter().find(|one| one.id == *id)).map(|one| one.seq.to_string());
        seqs.collect::<Vec<_>>().join(", ")
    };
    html! {
        @if changes.is_empty() { p { "It never changed." } }
        ul {
            @for change in changes {
                li {
                    (change.at) ": from " (change.from) " to " strong { (change.to) }
                    @if let Some(basis) = change.basis { " (" (basis) ")" }
                    @if let Some(grade) = change.flip { ", a " (grade) " flip" @if change.confirmed == Some(false) { " that is not confirmed yet" } }
                    ", by event " (places(&change.events)) " of the log"
                }
            }
        }
    }
}

/// The documents that evidence names, by slug, as the latest definition here has them.
fn sources<'a>(events: &'a BTreeMap<i64, Read<'_>>) -> BTreeMap<&'a str, &'a Source> {
    let source = |read: &'a Read<'_>| match &read.event {
        Some(Event { body: Body::Source(source), .. }) => Some((source.source.as_str(), source)),
        Some(_) | None => None,
    };
    events.values().filter_map(source).collect()
}

fn counting(counted: &Counted, read: &Read<'_>, answer: &Answer, sources: &BTreeMap<&str, &Source>) -> Markup {
    let decides = if answer.decided_by.contains(&counted.id) { "decides" } else { "counts" };
    html! {
        div.event {
            @if let Some(Event { body: Body::Stance(stance), .. }) = &read.event {
                p {
                    strong { (stance.occurred) } " " (stance.actor) " " em { (stance.action) } " " (stance.target)
                    @if !stance.on_behalf_of.is_empty() { ", for " (stance.on_behalf_of.join(", ")) }
                    @if let Some(place) = &stance.place { ", at " (place) }
                    ". It " (decides) " as " (counted.tier)
                    @if let Some(side) = counted.side { ", " (side) }
                    @if counted.formal { ", a formal act" }
                    "."
                }
            }
            @if let Some(event) = &read.event {
                @if let Some(note) = &event.common.note { p { (note) } }
                @for one in &event.common.evidence { (evidence(one, sources)) }
            }
            (record(read))
        }
    }
}

fn evidence(evidence: &Evidence, sources: &BTreeMap<&str, &Source>) -> Markup {
    let named = evidence.source.as_deref().or(evidence.url.as_deref()).unwrap_or("a source without a name");
    html! {
        p {
            "Rests on "
            @match evidence.source.as_deref().and_then(|slug| sources.get(slug)) {
                Some(source) => {
                    em { (source.title) }
                    @for part in [source.publisher.as_deref(), source.url.as_deref()].into_iter().flatten() { ", " (part) }
                    @if let Some(published) = &source.published { ", " (published) }
                }
                None => (named),
            }
            @if let Some(Selector::TextPositionSelector { start, end }) = &evidence.selector { ", characters " (start) " to " (end) }
            @if let Some(note) = &evidence.note { " (" (note) ")" }
            @if let Some(retrieved) = &evidence.retrieved { ", looked at on " (retrieved) }
        }
        @if let Some(Selector::TextQuoteSelector { exact, .. }) = &evidence.selector { blockquote { (exact) } }
    }
}

/// What the log has of an event, and the proof of it.
fn record(read: &Read<'_>) -> Markup {
    html! {
        p {
            "Event " (read.bundled.seq) " of the log, id " code { (read.id) } ", recorded at " (read.recorded_at)
            ". Header " code { (read.bundled.header) }
        }
        p { "Proof, the hashes from this event to the root:" }
        pre { (read.bundled.proof.join("\n")) }
    }
}

fn others(bundle: &Bundle, events: &BTreeMap<i64, Read<'_>>) -> Markup {
    let counts = |seq: &i64| bundle.counted.iter().any(|counted| counted.seq == *seq);
    html! {
        @for (_, read) in events.iter().filter(|(seq, _)| !counts(seq)) {
            div.event {
                @match (&read.event, &read.bundled.body) {
                    (Some(event), Some(body)) => details { summary { (event.body.event_type()) } pre { (body) } },
                    (_, _) => p { "A correction whose content was erased. What it corrects is kept by the record of the erasure." },
                }
                (record(read))
            }
        }
    }
}

fn how_to_check(bundle: &Bundle) -> Result<Markup, Error> {
    Ok(html! {
        h2 { "How to check this report" }
        p {
            "The same as a file for machines stands below. Saved as " code { "bundle.json" } ", it is checked on any machine, without the log and without network, by "
            code { "stancelog audit check bundle.json --key KEY" } ", with the log's public key from a place that you trust. The form is documented \
            with the program, so that anybody can write another checker. A bundle proves that what it holds was recorded, and that the answer \
            follows from it; that nothing was left out, only the log itself can show."
        }
        details { summary { "The bundle" } pre { (bundle.to_text()?) } }
    })
}
