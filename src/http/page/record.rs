//! The desk: a form that records a stance from a source, and shows what it would append before it does.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::filled::Filled;
use super::visit::Visit;
use super::{Sheet, frame, kept_nowhere, once, sent, text};
use crate::Ledger;
use crate::event::{Draft, EventId, explain, parse, printable};
use crate::http::access::Caller;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{ActionItem, Asked, Clock, ErrorKind, Question, Request, Role, Strictness, SystemClock, Unity};
use crate::stance::Rule;

/// The fields of one line: name, words, and whether an event cannot do without.
const LINES: [(&str, &str, bool); 8] = [
    ("actor", "Actor", true),
    ("target", "Target", true),
    ("occurred", "Date (EDTF: 2022-03-01, 2022-03, 2022-03~)", true),
    ("source", "Source", false),
    ("url", "Address of the source", false),
    ("start", "First character of the quote", false),
    ("end", "Character behind the quote", false),
    ("replaces", "Corrects event", false),
];

/// What a word will mean, in short.
fn meaning(one: &ActionItem) -> String {
    let words = [one.tier.map(|tier| tier.word()), one.side.map(|side| side.word()), one.speech.map(|speech| speech.word())];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The form, filled in, with what is wrong with it.
fn form(ledger: &Ledger, filled: &Filled, wrong: Option<&Problem>) -> Result<Markup, Problem> {
    let actions = ledger.actions(None, &Asked::default())?;
    let wrong_field = wrong.and_then(|wrong| wrong.field.as_deref());
    let is_wrong = |name: &str| (wrong_field == Some(name)).then_some("true");
    let id = filled.get("id").map_or_else(|| SystemClock.fresh_id().to_string(), str::to_owned);
    Ok(html! {
        @if let Some(wrong) = wrong {
            div role="alert" class="lead" {
                p { (text::said(&wrong.detail)) }
                @if !wrong.nearest.is_empty() { p { "Near: " (text::said(&wrong.nearest.join(", "))) } }
            }
        }
        form method="post" action="/record" class="asks" {
            input type="hidden" name="id" value=(id);
            label { "Action " input name="action" list="actions" required value=[filled.get("action")] aria-invalid=[is_wrong("action")]; }
            datalist id="actions" { @for one in &actions { option value=(one.action) label=(meaning(one)) {} } }
            @for (name, words, required) in LINES {
                label { (words) " " input name=(name) required[required] value=[filled.get(name)] aria-invalid=[is_wrong(name)]; }
            }
            label { "Text of the source, not stored: select the words in it, and they fill the fields below " textarea id="text" rows="6" {} }
            label { "Quote " textarea name="exact" rows="3" { (filled.get("exact").unwrap_or_default()) } }
            label { "Before it " input name="prefix" value=[filled.get("prefix")]; }
            label { "Behind it " input name="suffix" value=[filled.get("suffix")]; }
            label { "Note " textarea name="note" rows="2" { (filled.get("note").unwrap_or_default()) } }
            button { "Preview" }
        }
    })
}

/// The event that a filled form tells.
fn draft(filled: &Filled) -> Result<(Draft, String), Problem> {
    let mut event = Map::new();
    for name in ["id", "actor", "action", "target", "occurred", "note", "replaces"] {
        event.extend(filled.get(name).map(|value| (name.to_owned(), Value::from(value))));
    }
    let mut place = Map::new();
    for name in ["source", "url"] {
        place.extend(filled.get(name).map(|value| (name.to_owned(), Value::from(value))));
    }
    let mut evidence = Vec::new();
    if let Some(exact) = filled.get("exact") {
        let mut selector = Map::from_iter([("type".to_owned(), json!("TextQuoteSelector")), ("exact".to_owned(), json!(exact))]);
        for name in ["prefix", "suffix"] {
            selector.extend(filled.0.get(name).filter(|value| !value.is_empty()).map(|value| (name.to_owned(), json!(value))));
        }
        let mut quoted = place.clone();
        quoted.insert("selector".to_owned(), Value::Object(selector));
        evidence.push(Value::Object(quoted));
    }
    if let (Some(start), Some(end)) = (filled.get("start"), filled.get("end")) {
        let number = |name: &str, text: &str| text.parse::<u64>().map_err(|_| Problem::bad_field(name, "an offset is a whole number"));
        let mut quoted = place.clone();
        let selector = json!({"type": "TextPositionSelector", "start": number("start", start)?, "end": number("end", end)?});
        quoted.insert("selector".to_owned(), selector);
        evidence.push(Value::Object(quoted));
    }
    if evidence.is_empty() && !place.is_empty() {
        evidence.push(Value::Object(place));
    }
    if !evidence.is_empty() {
        event.insert("evidence".to_owned(), Value::Array(evidence));
    }
    let line = Value::Object(event).to_string();
    let draft = parse(&line).map_err(|error| Problem::refused(&explain(&line, &error)))?;
    crate::event::check(&draft.body, &draft.common).map_err(|refusal| Problem::refused(&refusal))?;
    Ok((draft, line))
}

/// `/record`: the form, with what the address fills in.
pub(super) async fn show(State(desk): State<Desk>, Extension(caller): Extension<Caller>, visit: Visit) -> Result<Response, Problem> {
    caller.must_be(Role::Append)?;
    // The id of what will be recorded is in the form: two tabs must not have one.
    once(&desk, Lane::Short, visit, |ledger, visit| {
        let filled = Filled(visit.own.clone());
        Ok(Sheet::of("Record", html! { h1 { "Record a stance" } (form(ledger, &filled, None)?) }))
    })
    .await
}

/// What would be appended, and what it is about.
fn preview(ledger: &Ledger, filled: &Filled, (draft, line): (Draft, String)) -> Result<Markup, Problem> {
    let get = |name| filled.get(name).unwrap_or_default();
    let actions = ledger.actions(None, &Asked::default())?;
    let Some(word) = actions.iter().find(|one| one.action == get("action")) else {
        let near = crate::event::nearest(get("action"), actions.iter().map(|one| one.action.as_str()));
        let unknown = Problem::bad_field("action", "no such word is in the vocabulary");
        return Err(Problem { nearest: near, ..unknown });
    };
    let question = Question { actor: get("actor"), target: get("target"), asked: Asked::default() };
    // A handle of its own, which may begin to append; what it appends is taken back.
    let moved = match Ledger::open(ledger.path()).and_then(|own| own.foresee(draft, Rule::Latest)) {
        Err(error) if error.kind() == ErrorKind::Refused => return Err(error.into()),
        moved => moved,
    };
    let now = ledger.stance(&question).ok();
    let event: Value = serde_json::from_str(&line).unwrap_or_default();
    let pretty = serde_json::to_string_pretty(&event).unwrap_or_default();
    Ok(html! {
        h1 { "Before it is recorded" }
        p class="lead" { b { (text::said(&word.action)) } " means: " (meaning(word)) "." }
        p { "Now: " @match &now { Some(now) => (text::stance(now.stance)), None => "nothing is recorded of this pair, or a name is new and will be registered" } "." }
        section { h2 { "What it would change" }
            @match &moved {
                Ok(moved) if moved.is_empty() => p class="faint" { "No stance." },
                Ok(moved) => ul class="plain rows" { @for one in moved { li { (text::said(&one.actor)) " on " (text::said(&one.target)) ": " (text::stance(one.from.stance)) " → " (text::stance(one.to.stance)) } } },
                Err(_) => p class="faint" { "That cannot be looked at just now." },
            }
        }
        h2 { "What would be stored" }
        pre tabindex="0" dir="ltr" { @for piece in pretty.lines() { (printable(piece)) "\n" } }
        form method="post" action="/record" {
            @for (name, value) in filled.0.iter().filter(|(name, _)| *name != "confirmed") { input type="hidden" name=(name) value=(value); }
            button name="confirmed" value="yes" { "Record it" }
        }
        details { summary { "Change it" } (form(ledger, filled, None)?) }
    })
}

/// Shows what would be recorded, and records it once that is confirmed.
pub(super) async fn save(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    visit: Visit,
    filled: Filled,
) -> Result<Response, Problem> {
    let told = match (draft(&filled), filled.get("confirmed").is_some()) {
        (Ok((draft, _)), true) => match append(&desk, &caller, draft).await {
            Ok(address) => return Ok(Redirect::to(&address).into_response()),
            Err(problem) => Err(problem),
        },
        (Ok(told), false) => Ok(told),
        (Err(problem), _) => Err(problem),
    };
    let (status, page) = desk
        .readers
        .ask(Lane::Short, move |ledger| {
            let shown = told.and_then(|told| preview(ledger, &filled, told));
            let (status, body) = match shown {
                Ok(body) => (StatusCode::OK, body),
                Err(wrong) => {
                    let status = StatusCode::from_u16(wrong.status).unwrap_or(StatusCode::BAD_REQUEST);
                    (status, html! { h1 { "Record a stance" } (form(ledger, &filled, Some(&wrong))?) })
                }
            };
            Ok((status, frame::whole(&Sheet::of("Record", body), &visit, Some(ledger.head()?)).into_string()))
        })
        .await?;
    Ok(kept_nowhere(sent(status, page)))
}

/// Appends an event under the caller's name; the address of its page.
pub(super) async fn append(desk: &Desk, caller: &Caller, mut draft: Draft) -> Result<String, Problem> {
    caller.must_be(Role::Append)?;
    if let Some(name) = &caller.name {
        draft.common.recorded_by = Some(name.clone());
    }
    let id: EventId = *draft.id.get_or_insert_with(|| SystemClock.fresh_id());
    let (strictness, unity) = (Strictness::Registers, Unity::Whole);
    desk.writer.append(Request { drafts: vec![draft], unity, strictness, expect_head: None, condition: None }).await?;
    Ok(text::path(&["events", &id.to_string()]))
}
