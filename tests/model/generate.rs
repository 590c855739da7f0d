//! Random logs: events of every type over few actors, targets, words and dates, so that they meet.

use proptest::prelude::*;
use serde_json::{Value, json};

/// One step of a random history.
#[derive(Clone, Debug)]
pub enum Step {
    /// An event, as JSON; `{id}` stands for its own id.
    Event(Value),
    /// Takes back the n-th event so far.
    Retract(usize),
    /// Supersedes the n-th event so far by this one, where the types agree.
    Replace(usize, Value),
    /// Destroys the content of the n-th event so far.
    Erase(usize),
    /// Ends a batch and asks a question, so that the views catch up in between.
    Commit,
}

pub const ENTITIES: [&str; 7] = ["ann", "bob", "cid", "dan", "tax", "war", "motion-1"];
pub const CLAIMS: [&str; 2] = ["leak", "theft"];
pub const DATES: [&str; 16] = [
    "2022-01-01",
    "2022-01-02",
    "2022-01-03",
    "2022-01-03",
    "2022-01-04",
    "2022-01-05",
    "2022-01",
    "2022",
    "../2022-01-03",
    "2022-01-02/..",
    "2022-04-02",
    "2022-04-15",
    "2022-07-01",
    "2022-01-02T12:00:00Z",
    "2022-01-02T18:00:00Z",
    "2022-01-02/2022-01-04",
];
pub const WORDS: [&str; 16] = [
    "backs",
    "opposes",
    "backs",
    "opposes",
    "neutral-on",
    "abstains-on",
    "votes-for",
    "votes-against",
    "aids",
    "sanctions",
    "promises",
    "visits",
    "dislikes",
    "forecasts",
    "meets",
    "absent-from",
];
pub const SPEECHES: [&str; 8] = ["asserts", "confirms", "concedes", "suggests", "denies", "questions", "remarks-on", "withdraws"];

fn one_of(list: &'static [&'static str]) -> impl Strategy<Value = &'static str> + Clone {
    proptest::sample::select(list)
}

fn principals() -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![4 => Just(vec![]), 1 => proptest::collection::vec(one_of(&ENTITIES[..4]), 1..3)]
}

fn stance() -> impl Strategy<Value = Value> {
    let target = prop_oneof![3 => one_of(&ENTITIES[4..]), 1 => one_of(&ENTITIES[..4])];
    (one_of(&ENTITIES[..4]), one_of(&WORDS), target, one_of(&DATES), principals()).prop_map(|(actor, action, target, occurred, behalf)| {
        json!({"actor": actor, "action": action, "target": target, "occurred": occurred, "on_behalf_of": behalf})
    })
}

fn speech() -> impl Strategy<Value = Value> {
    (one_of(&ENTITIES[..4]), one_of(&SPEECHES), one_of(&CLAIMS), one_of(&DATES), principals()).prop_map(|(actor, action, claim, occurred, behalf)| {
        json!({"actor": actor, "action": action, "target": format!("claim:{claim}"), "occurred": occurred, "on_behalf_of": behalf})
    })
}

fn definition() -> impl Strategy<Value = Value> {
    let tier = prop_oneof![
        Just(("declared", Some("favor"))),
        Just(("declared", Some("against"))),
        Just(("enacted", Some("against"))),
        Just(("implied", Some("favor"))),
        Just(("spoken", None)),
        Just(("contact", None)),
        Just(("declared", Some("abstain"))),
    ];
    (one_of(&WORDS), tier, any::<bool>()).prop_map(|(word, (tier, side), formal)| {
        let mut action = json!({"type": "action", "action": word, "label": word, "toward": "entity", "tier": tier, "formal": formal});
        if let Some(side) = side {
            action["side"] = json!(side);
        }
        action
    })
}

fn motion() -> impl Strategy<Value = Value> {
    (proptest::collection::vec((one_of(&ENTITIES[3..6]), one_of(&["favor", "against"])), 0..3)).prop_map(|stands| {
        let stands: Vec<Value> = stands.into_iter().map(|(target, side)| json!({"target": target, "side": side})).collect();
        json!({"type": "entity", "entity": "motion-1", "kind": "motion", "name": "Motion 1", "stands_for": stands})
    })
}

fn claim() -> impl Strategy<Value = Value> {
    (one_of(&CLAIMS), proptest::option::of(one_of(&ENTITIES[..4]))).prop_map(|(claim, about)| {
        let mut event = json!({"type": "claim", "claim": claim, "text": "It is so."});
        if let Some(actor) = about {
            event["about"] = json!({"actor": actor, "action": "threatens", "target": "tax"});
        }
        event
    })
}

/// Several words at once, each as one definition has it.
fn vocabulary() -> impl Strategy<Value = Value> {
    proptest::collection::vec(definition(), 1..4).prop_map(|mut actions| {
        let mut words = std::collections::HashSet::new();
        actions.retain(|action| words.insert(action["action"].to_string()));
        for action in &mut actions {
            action.as_object_mut().unwrap().remove("type");
        }
        json!({"type": "vocabulary", "name": "more", "version": "1", "actions": actions})
    })
}

/// What stands beside the answers and never changes them.
fn aside() -> impl Strategy<Value = Value> {
    let verdict = one_of(&CLAIMS).prop_map(
        |claim| json!({"type": "verdict", "claim": claim, "reviewer": "dan", "label": "False", "rating": "false", "published": "2022-02"}),
    );
    prop_oneof![Just(json!({"type": "source", "source": "paper", "title": "A paper"})), verdict]
}

fn event() -> impl Strategy<Value = Value> {
    let merge = (one_of(&ENTITIES), one_of(&ENTITIES)).prop_map(|(from, into)| json!({"type": "merge", "from": from, "into": into}));
    prop_oneof![12 => stance(), 5 => speech(), 1 => merge, 1 => definition(), 1 => motion(), 1 => claim(), 1 => vocabulary(), 1 => aside()]
}

/// A random history, at most `longest` steps.
pub fn history(longest: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        16 => event().prop_map(Step::Event),
        2 => (0..64usize).prop_map(Step::Retract),
        2 => (0..64usize, event()).prop_map(|(which, event)| Step::Replace(which, event)),
        3 => Just(Step::Commit),
        1 => (0..64usize).prop_map(Step::Erase),
    ];
    proptest::collection::vec(step, 1..longest)
}
