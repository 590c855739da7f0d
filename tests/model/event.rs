//! Events by their parts, against a reading of the whole log.

use proptest::prelude::*;
use serde_json::Value;
use stancelog::event::EventType;
use stancelog::ledger::{Asked, Direction, Error, ErrorKind, EventsWanted, Seq};

use crate::Built;
use crate::generate::{ENTITIES, SPEECHES, WORDS};
use crate::oracle::{Log, Stored};

/// What is asked of events.
#[derive(Clone, Debug)]
pub struct Wanted {
    actor: Option<&'static str>,
    target: Option<&'static str>,
    event_type: Option<EventType>,
    action: Option<&'static str>,
    after: Option<i64>,
    before: Option<i64>,
    is_newest_first: bool,
    limit: Option<usize>,
}

/// Random questions for events; most ask two things or three.
pub fn wanted() -> impl Strategy<Value = Wanted> {
    let actor = proptest::option::of(proptest::sample::select(&ENTITIES[..]));
    let target = proptest::option::of(proptest::sample::select([&ENTITIES[..], &["claim:leak", "claim:theft"]].concat()));
    let event_type = proptest::option::of(proptest::sample::select(EventType::ALL));
    let action =
        proptest::option::weighted(0.3, proptest::sample::select([&WORDS[..], &SPEECHES[..], &["threatens", "unheard-of"]].concat()));
    let (after, before) = (proptest::option::weighted(0.2, 0..40i64), proptest::option::weighted(0.2, 0..60i64));
    (actor, target, event_type, action, after, before, any::<bool>(), proptest::option::weighted(0.2, 0..5usize)).prop_map(
        |(actor, target, event_type, action, after, before, is_newest_first, limit)| Wanted {
            actor,
            target,
            event_type,
            action,
            after,
            before,
            is_newest_first,
            limit,
        },
    )
}

/// Compares the events that are listed with those that a reading of the log finds.
pub fn compare(built: &Built, asked: &Asked, wanted: &Wanted, known_at: u64) -> Result<(), TestCaseError> {
    let Wanted { actor, target, event_type, action, after, before, is_newest_first, limit } = wanted.clone();
    let direction = if is_newest_first { Direction::NewestFirst } else { Direction::OldestFirst };
    let (after, before) = (after.map(Seq), before.map(Seq));
    let mut got = Vec::new();
    let listed = built.ledger.events(&EventsWanted { actor, target, event_type, action, after, before, direction, limit }, asked, |row| {
        got.push(row.seq.0 as u64);
        Ok(())
    });
    // What no event of the log names is told as such; then there is nothing to be found either.
    let is_unknown = |error: &Error| error.kind() == ErrorKind::NotFound;
    prop_assert!(listed.as_ref().err().is_none_or(is_unknown), "{:?}", listed);
    prop_assert_eq!(got, read(&built.model, wanted, known_at), "{:?} {:?}", wanted, asked);
    Ok(())
}

fn read(log: &Log, wanted: &Wanted, known_at: u64) -> Vec<u64> {
    let is_asked = wanted.actor.is_some() || wanted.target.is_some() || wanted.event_type.is_some() || wanted.action.is_some();
    let is_between = |e: &Stored| {
        let seq = e.seq as i64;
        e.seq <= known_at && wanted.after.is_none_or(|after| seq > after) && wanted.before.is_none_or(|before| seq < before)
    };
    let meets = |e: &Stored| !is_asked || (!e.erased && meets(log, &e.body, wanted, known_at));
    let mut seqs: Vec<u64> = log.events.iter().filter(|e| is_between(e) && meets(e)).map(|e| e.seq).collect();
    if wanted.is_newest_first {
        seqs.reverse();
    }
    seqs.truncate(wanted.limit.unwrap_or(usize::MAX));
    seqs
}

fn meets(log: &Log, body: &Value, wanted: &Wanted, known_at: u64) -> bool {
    let is = |slug: &String, wanted: &str| log.canonical(slug, known_at) == log.canonical(wanted, known_at);
    let [actors, targets, actions] = named(body);
    wanted.event_type.is_none_or(|wanted| body["type"] == wanted.word())
        && wanted.actor.is_none_or(|wanted| actors.iter().any(|slug| is(slug, wanted)))
        && wanted.target.is_none_or(|wanted| targets.iter().any(|slug| is(slug, wanted)))
        && wanted.action.is_none_or(|wanted| actions.iter().any(|word| word == wanted))
}

/// The actors, targets and words that an event names.
fn named(body: &Value) -> [Vec<String>; 3] {
    let texts =
        |of: &Value, fields: &[&str]| -> Vec<String> { fields.iter().flat_map(|field| of[*field].as_str().map(str::to_owned)).collect() };
    let list = |field: &str| body[field].as_array().cloned().unwrap_or_default();
    match body["type"].as_str().unwrap() {
        "stance" => {
            let principals = list("on_behalf_of").iter().map(|slug| slug.as_str().unwrap().to_owned()).collect();
            [[texts(body, &["actor"]), principals].concat(), texts(body, &["target"]), texts(body, &["action"])]
        }
        "claim" => ["actor", "target", "action"].map(|field| texts(&body["about"], &[field])),
        "verdict" => [texts(body, &["reviewer"]), vec![format!("claim:{}", body["claim"].as_str().unwrap())], vec![]],
        "entity" => [texts(body, &["entity"]), texts(body, &["entity"]), vec![]],
        "merge" => [texts(body, &["from", "into"]), texts(body, &["from", "into"]), vec![]],
        "action" => [vec![], vec![], texts(body, &["action"])],
        "vocabulary" => [vec![], vec![], list("actions").iter().flat_map(|action| texts(action, &["action"])).collect()],
        _ => [vec![], vec![], vec![]],
    }
}
