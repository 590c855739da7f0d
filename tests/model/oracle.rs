//! The oracle: DOMAIN.md's derivations as a plain function of the list of events (in seq order),
//! written to be checked by eye. It reads no production code, and keeps nothing between two questions but which events
//! were out at a place and what counted at a (T, K), of which every one of them asks.

mod claim;
mod fold;

use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use fold::*;

/// The tiers of DOMAIN.md, strongest first; `counts` has this order.
const TIERS: [&str; 6] = ["declared", "enacted", "intended", "implied", "spoken", "contact"];
const DECLARED: usize = 0;
const ENACTED: usize = 1;
const SPOKEN: usize = 4;
const STANDS: [&str; 3] = ["assert", "confirm", "concede"];
const DAY_MICROS: i64 = 86_400_000_000;

#[derive(Clone, Debug)]
pub struct Stored {
    pub seq: u64,
    pub id: String,
    /// The wire form, slugs resolved, `type` present; once erased, `type` and what it took back or superseded.
    pub body: Value,
    /// `occurred` in microseconds, both ends inclusive, None = open.
    pub bounds: (Option<i64>, Option<i64>),
    pub erased: bool,
}

#[derive(Clone, Debug)]
pub struct Log {
    pub events: Vec<Stored>,
    /// What was found out of an event (by seq) at a place.
    out: RefCell<HashMap<(u64, u64), bool>>,
    /// The entries that were found at a (T, K).
    entries: RefCell<HashMap<(Option<i64>, u64), Entries>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    Latest,
    Majority,
}

#[derive(Clone, Copy, Debug)]
pub struct When {
    /// The end of T in microseconds; None = no limit.
    pub as_of: Option<i64>,
    pub known_at: u64,
}

#[derive(Debug, PartialEq)]
pub struct Answer {
    pub stance: String,
    pub basis: Option<String>,
    pub since: Option<String>,
    pub last: Option<String>,
    pub certain: bool,
    pub decided_by: Vec<u64>,
    pub counts: [u64; 6],
    pub gap: bool,
    pub flips: u64,
    pub voices: u64,
}

#[derive(Debug, PartialEq)]
pub struct Change {
    pub at: String,
    pub from: String,
    pub to: String,
    pub basis: Option<String>,
    pub events: Vec<u64>,
    pub certain_order: bool,
    pub flip: Option<Flip>,
}

#[derive(Debug, PartialEq)]
pub struct Flip {
    pub full: bool,
    pub confirmed: bool,
}

#[derive(Debug, PartialEq)]
pub struct Ledgered {
    pub status: String,
    pub stands_by: Vec<Vec<String>>,
    pub denies: Vec<Vec<String>>,
    pub questioned_by: Vec<String>,
    pub suggested_by: Vec<String>,
}

/// A day since 1970-01-01; None is the open start, which sorts before all days.
type Day = Option<i64>;
/// The valid order: (`earliest`, `latest`, `seq`); an open start sorts first, an open end last.
type Order = (Option<i64>, i64, u64);
type Voice = BTreeSet<String>;

/// A counting stance event, what its action means, and the actors it counts for, the speaker first.
type Meant<'a> = (&'a Stored, &'a Value, Vec<String>);

/// One stance event as it counts for one pair.
#[derive(Clone, Debug)]
struct Entry {
    pair: (String, String),
    speaker: String,
    tier: usize,
    side: String,
    formal: bool,
    order: Order,
}

/// The entries of every pair, in valid order.
type Entries = Rc<Vec<Entry>>;

/// What a set of entries says: the stance, the tier that is its basis, the entries that decide.
struct Held {
    stance: &'static str,
    tier: Option<usize>,
    decided: Vec<Entry>,
}

/// What holds after a day.
struct Step {
    day: Day,
    held: Held,
}

/// One stance event as it counts for one actor on one claim.
#[derive(Clone)]
struct Speech {
    actor: String,
    speaker: String,
    word: String,
    order: Order,
}

impl Log {
    pub fn new(events: Vec<Stored>) -> Self {
        Self { events, out: RefCell::default(), entries: RefCell::default() }
    }

    pub fn out(&self, seq: u64, k: u64) -> bool {
        let known = self.out.borrow().get(&(seq, k)).copied();
        known.unwrap_or_else(|| {
            let out = self.is_out(seq, k);
            self.out.borrow_mut().insert((seq, k), out);
            out
        })
    }

    /// Which events are out: `seq` is, when something known at K retracts or replaces it and is in force.
    fn is_out(&self, seq: u64, k: u64) -> bool {
        let retracted = |e| self.retracted(e, k);
        let names = |r: &Stored, e: &Stored| text(&r.body, "replaces") == e.id;
        let replaced = |e| self.later(e, k).into_iter().any(|r| names(r, e) && !retracted(r));
        self.events.iter().any(|e| e.seq == seq && (retracted(e) || replaced(e)))
    }

    /// A `retract` takes back what it names unless it is itself out; a replacement, unless it is retracted.
    fn retracted(&self, e: &Stored, k: u64) -> bool {
        let names = |r: &Stored| is(r, "retract") && text(&r.body, "event") == e.id;
        self.later(e, k).into_iter().any(|r| names(r) && !self.out(r.seq, k))
    }

    /// Only a later event, known at K, can take anything back; it goes on doing so when its content is erased.
    fn later(&self, e: &Stored, k: u64) -> Vec<&Stored> {
        self.events.iter().filter(|r| r.seq > e.seq && r.seq <= k).collect()
    }

    /// The events of one type that are known at K, not erased and not out, in seq order.
    fn in_force(&self, kind: &str, k: u64) -> impl Iterator<Item = &Stored> {
        let known = self.events.iter().filter(move |e| e.seq <= k && !e.erased);
        known.filter(move |e| is(e, kind) && !self.out(e.seq, k))
    }

    /// Identity: the merges in force at K, in seq order, each hang the root of `from` under that of `into`.
    pub fn canonical(&self, slug: &str, k: u64) -> String {
        let mut parent = BTreeMap::new();
        for merge in self.in_force("merge", k) {
            let from = root(&parent, text(&merge.body, "from"));
            let into = root(&parent, text(&merge.body, "into"));
            if from != into {
                parent.insert(from, into);
            }
        }
        root(&parent, slug)
    }

    /// Definitions: an action means what its latest definition in force at K says, alone or in a vocabulary.
    fn meaning(&self, action: &str, k: u64) -> Option<&Value> {
        let alone = self.in_force("action", k).map(|e| (e.seq, &e.body));
        let many = self.in_force("vocabulary", k).map(|e| (e.seq, list(&e.body, "actions")));
        let many = many.flat_map(|(seq, words)| words.iter().map(move |word| (seq, word)));
        let words = alone.chain(many).filter(|(_, word)| text(word, "action") == action);
        words.max_by_key(|(seq, _)| *seq).map(|(_, word)| word)
    }

    /// Definitions: what each motion stands for: its latest list in force at K that is not empty.
    fn motions(&self, k: u64) -> BTreeMap<&str, &[Value]> {
        let given = self.in_force("entity", k);
        let lists = given.map(|e| (text(&e.body, "entity"), list(&e.body, "stands_for")));
        lists.filter(|(_, sides)| !sides.is_empty()).collect()
    }

    /// Which events count at (T, K): stances in force, begun by the end of T, whose action has a meaning.
    fn counting(&self, when: &When) -> Vec<Meant<'_>> {
        let k = when.known_at;
        let begun = |e: &&Stored| when.as_of.is_none_or(|end| e.bounds.0.is_none_or(|at| at <= end));
        let stances = self.in_force("stance", k).filter(begun);
        let meant = stances.map(|e| (e, self.meaning(text(&e.body, "action"), k)));
        meant.filter_map(|(e, word)| Some((e, word?, self.actors(e, k)))).collect()
    }

    /// `on_behalf_of`: an event counts once for its actor and once for each principal, the actor first.
    fn actors(&self, e: &Stored, k: u64) -> Vec<String> {
        let mut actors = vec![self.canonical(text(&e.body, "actor"), k)];
        for principal in list(&e.body, "on_behalf_of") {
            let principal = self.canonical(principal.as_str().unwrap_or_default(), k);
            if !actors.contains(&principal) {
                actors.push(principal);
            }
        }
        actors
    }

    /// Motions: (target, side) directly, then for a vote what the target stands for, each target once.
    fn targets(&self, e: &Stored, word: &Value, k: u64) -> Vec<(String, String)> {
        let target = self.canonical(text(&e.body, "target"), k);
        let side = text(word, "side");
        let mut reached = vec![(target.clone(), side.to_owned())];
        let vote = formal(word) && ["favor", "against", "abstain"].contains(&side);
        let motions = self.motions(k).into_iter();
        for (_, meant) in motions.filter(|(slug, _)| vote && self.canonical(slug, k) == target) {
            for one in meant {
                let other = self.canonical(text(one, "target"), k);
                if reached.iter().all(|(seen, _)| *seen != other) {
                    reached.push((other, carried(side, text(one, "side"))));
                }
            }
        }
        reached
    }

    fn entries(&self, when: &When) -> Entries {
        let key = (when.as_of, when.known_at);
        let known = self.entries.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let entries = Rc::new(self.find_entries(when));
            self.entries.borrow_mut().insert(key, Rc::clone(&entries));
            entries
        })
    }

    /// The entries of every pair, in valid order: actions toward an entity, as meant at K.
    fn find_entries(&self, when: &When) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (e, word, actors) in self.counting(when) {
            let Some(tier) = tier(e, word) else { continue };
            for actor in &actors {
                for (target, side) in self.targets(e, word, when.known_at) {
                    let pair = (actor.clone(), target);
                    let (speaker, formal, order) = (actors[0].clone(), formal(word), order(e));
                    entries.push(Entry { pair, speaker, tier, side, formal, order });
                }
            }
        }
        entries.sort_by_key(|entry| entry.order);
        entries
    }

    /// The entries of one pair, in valid order; the slugs go through the merges known at K.
    fn pair(&self, actor: &str, target: &str, when: &When) -> Vec<Entry> {
        let pair = (self.canonical(actor, when.known_at), self.canonical(target, when.known_at));
        pick(&self.entries(when), |entry| entry.pair == pair)
    }

    /// The canonical pairs that have a counting entry of whatever tier, sorted.
    pub fn pairs(&self, when: &When) -> Vec<(String, String)> {
        let pairs: BTreeSet<_> = self.entries(when).iter().map(|entry| entry.pair.clone()).collect();
        pairs.into_iter().collect()
    }

    /// The stance of an actor toward an entity, with all that an answer carries.
    pub fn answer(&self, actor: &str, target: &str, rule: Rule, when: &When) -> Answer {
        let entries = self.pair(actor, target, when);
        let changes = self.changes(actor, target, rule, when);
        let held = held(&entries, rule);
        let last = held.tier.map(|tier| last_day(&of_tier(&entries, tier)));
        let beyond = |entry: &Entry| when.as_of.is_some_and(|end| entry.order.1 > end);
        Answer {
            stance: held.stance.to_owned(),
            basis: held.tier.map(|tier| TIERS[tier].to_owned()),
            since: changes.last().map(|change| change.at.clone()),
            last: last.map(day_name),
            certain: !held.decided.iter().any(beyond),
            decided_by: seqs(&held.decided),
            counts: std::array::from_fn(|tier| of_tier(&entries, tier).len() as u64),
            gap: gap(&entries, rule),
            flips: changes.iter().filter(|change| is_told(change)).count() as u64,
            voices: speakers(&held.decided).len() as u64,
        }
    }

    /// Changes: each day after which the stance differs from before; before the first day it is `none`.
    pub fn changes(&self, actor: &str, target: &str, rule: Rule, when: &When) -> Vec<Change> {
        let entries = self.pair(actor, target, when);
        let steps = steps(&entries, rule);
        let changed = (1..steps.len()).filter(|&i| is_change(&steps, i));
        changed.map(|i| change(&entries, &steps, i, rule)).collect()
    }
}

impl Entry {
    /// A day is the UTC date of `earliest`.
    fn day(&self) -> Day {
        self.order.0.map(|earliest| earliest.div_euclid(DAY_MICROS))
    }
}

/// The tier of an action toward an entity; a claim is no entity.
fn tier(e: &Stored, word: &Value) -> Option<usize> {
    let entity = text(word, "toward") == "entity" && !text(&e.body, "target").starts_with("claim:");
    TIERS.iter().position(|tier| entity && *tier == text(word, "tier"))
}

/// The place of an event in valid time; an open end is after every instant.
fn order(e: &Stored) -> Order {
    (e.bounds.0, e.bounds.1.unwrap_or(i64::MAX), e.seq)
}

/// Motions: voting for gives the listed side, against the other one, abstaining abstains.
fn carried(vote: &str, listed: &str) -> String {
    let side = match (vote, listed) {
        ("abstain", _) => "abstain",
        ("favor", "favor") | ("against", "against") => "favor",
        _ => "against",
    };
    side.to_owned()
}

/// An action is a vote, a signature or a law when it is `formal`.
fn formal(word: &Value) -> bool {
    word.get("formal").and_then(Value::as_bool).unwrap_or(false)
}

/// Merges are followed to the end of the chain.
fn root(parent: &BTreeMap<String, String>, slug: &str) -> String {
    parent.get(slug).map_or_else(|| slug.to_owned(), |up| root(parent, up))
}

/// Voices as sorted lists of slugs, sorted.
fn sorted(mut voices: Vec<Voice>) -> Vec<Vec<String>> {
    voices.sort();
    voices.into_iter().map(|voice| voice.into_iter().collect()).collect()
}

/// Whether an event is of this type.
fn is(e: &Stored, kind: &str) -> bool {
    text(&e.body, "type") == kind
}

/// A text field of the wire form; "" where it is missing or null (no id, slug or side is empty).
fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// A list field of the wire form; empty where it is missing.
fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A day is written YYYY-MM-DD, the open start "..".
fn day_name(day: Day) -> String {
    let Some(day) = day else {
        return "..".to_owned();
    };
    let start = chrono::DateTime::from_timestamp_micros(day * DAY_MICROS);
    start.map_or_else(String::new, |start| start.format("%Y-%m-%d").to_string())
}
