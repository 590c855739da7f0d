//! The oracle: DOMAIN.md's derivations as a plain function of the list of events (in seq order),
//! written to be checked by eye. It keeps nothing between two questions and reads no production code.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

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
#[derive(Clone)]
struct Entry {
    pair: (String, String),
    speaker: String,
    tier: usize,
    side: String,
    formal: bool,
    order: Order,
}

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
    /// Which events are out: `seq` is, when something known at K retracts or replaces it and is in force.
    pub fn out(&self, seq: u64, k: u64) -> bool {
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

    /// The entries of every pair, in valid order: actions toward an entity, as meant at K.
    fn entries(&self, when: &When) -> Vec<Entry> {
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
        let pairs: BTreeSet<_> = self.entries(when).into_iter().map(|entry| entry.pair).collect();
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

    /// The claim ledger: status, and who stands where; None without a definition in force at K.
    pub fn claim(&self, claim: &str, when: &When) -> Option<Ledgered> {
        let about = self.about(claim, when.known_at)?;
        let speeches = self.speeches(claim, when);
        let voices = voices(&speeches);
        let (stands_by, denies) = camps(&voices, &speeches);
        let conceded = voices.iter().any(|voice| concedes(voice, &speeches, &about));
        let questioned_by = actors_who(&speeches, |actor| said(&speeches, actor, &["question"]));
        let suggested_by = actors_who(&speeches, |actor| says(&speeches, actor, &["suggest"]));
        Some(Ledgered {
            status: status(conceded, &stands_by, &denies, &speeches).to_owned(),
            stands_by: sorted(stands_by),
            denies: sorted(denies),
            questioned_by,
            suggested_by,
        })
    }

    /// The actor that a claim's latest definition in force alleges something of; "" is nobody.
    fn about(&self, claim: &str, k: u64) -> Option<String> {
        let defined = self.in_force("claim", k).filter(|e| text(&e.body, "claim") == claim);
        let about = defined.last()?.body.get("about");
        Some(about.map_or_else(String::new, |about| self.canonical(text(about, "actor"), k)))
    }

    /// The speeches on one claim, in valid order, for the speaker and each principal.
    fn speeches(&self, claim: &str, when: &When) -> Vec<Speech> {
        let mut speeches = Vec::new();
        for (e, word, actors) in self.counting(when) {
            let here = text(&e.body, "target").strip_prefix("claim:") == Some(claim);
            if !here || text(word, "toward") != "claim" {
                continue;
            }
            for actor in &actors {
                let (actor, speaker) = (actor.clone(), actors[0].clone());
                let (word, order) = (text(word, "speech").to_owned(), order(e));
                speeches.push(Speech { actor, speaker, word, order });
            }
        }
        speeches.sort_by_key(|speech| speech.order);
        speeches
    }
}

/// The strongest tier that takes a side decides; without one, something spoken is `neutral`, else `none`.
fn held(entries: &[Entry], rule: Rule) -> Held {
    let tier = (0..=SPOKEN).find(|tier| !of_tier(entries, *tier).is_empty());
    let of = pick(entries, |entry| Some(entry.tier) == tier);
    let (stance, decided) = match tier {
        None => ("none", Vec::new()),
        Some(SPOKEN) => ("neutral", on_day(&of, last_day(&of))),
        Some(_) => by_rule(&of, rule),
    };
    Held { stance, tier, decided }
}

/// The answer of one tier's entries (at least one), by the rule asked for.
fn by_rule(of: &[Entry], rule: Rule) -> (&'static str, Vec<Entry>) {
    match rule {
        Rule::Latest => latest(of),
        Rule::Majority => majority(of),
    }
}

/// Rule `latest`: the outcome of the last day, decided by its entries of the winning side, or of both.
fn latest(of: &[Entry]) -> (&'static str, Vec<Entry>) {
    let day = on_day(of, last_day(of));
    let stance = day_outcome(&day);
    let mixed = stance == "mixed";
    (stance, pick(&day, |entry| entry.side == stance || (mixed && definite(&entry.side))))
}

/// Of one day: both sides are `mixed`, one side beats abstain, abstain beats neutral.
fn day_outcome(day: &[Entry]) -> &'static str {
    let has = |side: &str| count(day, side) > 0;
    match (has("favor"), has("against"), has("abstain")) {
        (true, true, _) => "mixed",
        (true, false, _) => "favor",
        (false, true, _) => "against",
        (false, false, true) => "abstain",
        (false, false, false) => "neutral",
    }
}

/// Rule `majority`: of the signed days in the 90 that end at the last day, the share of favor.
fn majority(of: &[Entry]) -> (&'static str, Vec<Entry>) {
    let end = last_day(of);
    let window = pick(of, |entry| match (entry.day(), end) {
        (Some(day), Some(end)) => end - 89 <= day,
        (day, end) => day == end,
    });
    let signs: Vec<i64> = days(&window).iter().map(|day| sign(&on_day(&window, *day))).collect();
    let favor = signs.iter().filter(|sign| **sign > 0).count();
    let signed = signs.iter().filter(|sign| **sign != 0).count();
    let sided = pick(&window, |entry| definite(&entry.side));
    let decided = if sided.is_empty() { window } else { sided };
    match signed {
        0 => ("mixed", decided),
        _ if 3 * favor >= 2 * signed => ("favor", decided),
        _ if 3 * favor <= signed => ("against", decided),
        _ => ("mixed", decided),
    }
}

/// A day's sign is the sign of its sum of +1 (favor) and -1 (against).
fn sign(day: &[Entry]) -> i64 {
    (count(day, "favor") - count(day, "against")).signum()
}

/// Gap: declared alone and enacted alone are opposite sides.
fn gap(entries: &[Entry], rule: Rule) -> bool {
    let said = held(&of_tier(entries, DECLARED), rule).stance;
    let done = held(&of_tier(entries, ENACTED), rule).stance;
    [said, done] == ["favor", "against"] || [said, done] == ["against", "favor"]
}

/// The fold: nothing held before the first day (step 0), then what holds after each day with an entry.
fn steps(entries: &[Entry], rule: Rule) -> Vec<Step> {
    let mut steps = vec![Step { day: None, held: held(&[], rule) }];
    for day in days(entries) {
        let up_to = pick(entries, |entry| entry.day() <= day);
        steps.push(Step { day, held: held(&up_to, rule) });
    }
    steps
}

/// A step is a change when the stance differs; a change of basis alone is none.
fn is_change(steps: &[Step], i: usize) -> bool {
    steps[i].held.stance != steps[i - 1].held.stance
}

/// A change: its events are the basis tier's of that day, certain when all that decided before ended before them.
fn change(entries: &[Entry], steps: &[Step], i: usize, rule: Rule) -> Change {
    let (day, before, after) = (steps[i].day, &steps[i - 1].held, &steps[i].held);
    let events = pick(&on_day(entries, day), |entry| Some(entry.tier) == after.tier);
    let precedes = |a: &Entry, b: &Entry| b.order.0.is_some_and(|start| a.order.1 < start);
    let certain_order = before.decided.iter().all(|a| events.iter().all(|b| precedes(a, b)));
    let sharp = [Some(DECLARED), Some(ENACTED)].contains(&after.tier);
    let is_flip = sharp && before.tier == after.tier && certain_order;
    let (full, confirmed) = (is_full(steps, i), is_confirmed(entries, steps, i, rule));
    Change {
        at: day_name(day),
        from: before.stance.to_owned(),
        to: after.stance.to_owned(),
        basis: after.tier.map(|tier| TIERS[tier].to_owned()),
        events: seqs(&events),
        certain_order,
        flip: is_flip.then_some(Flip { full, confirmed }),
    }
}

/// Flip: full from one definite side to the other, looking past the rest, all on one basis.
fn is_full(steps: &[Step], i: usize) -> bool {
    let after = &steps[i].held;
    let sided = |step: &&Step| step.held.tier == after.tier && definite(step.held.stance);
    let last = steps[..i].iter().rev().find(sided).map(|step| step.held.stance);
    definite(after.stance) && last.is_some_and(|last| last != after.stance)
}

/// Flip: confirmed when, before the next change, two days of the basis took the new side, or a formal entry did.
fn is_confirmed(entries: &[Entry], steps: &[Step], i: usize, rule: Rule) -> bool {
    let (start, to) = (steps[i].day, steps[i].held.stance);
    let next = (i + 1..steps.len()).find(|&j| is_change(steps, j)).map(|j| steps[j].day);
    let of = pick(entries, |entry| {
        let before_next = next.is_none_or(|next| entry.day() < next);
        Some(entry.tier) == steps[i].held.tier && entry.day() >= start && before_next
    });
    let took_to = |day: Day| took(&on_day(&of, day), rule) == to;
    let formal = |entry: &Entry| {
        let mixed = to == "mixed" && definite(&entry.side) && took_to(entry.day());
        entry.formal && (entry.side == to || mixed)
    };
    days(&of).into_iter().filter(|day| took_to(*day)).count() >= 2 || of.iter().any(formal)
}

/// The flips that an answer counts are the full ones that are confirmed.
fn is_told(change: &Change) -> bool {
    change.flip.as_ref().is_some_and(|flip| flip.full && flip.confirmed)
}

/// The voices of an answer: who spoke, not for whom.
fn speakers(entries: &[Entry]) -> BTreeSet<&str> {
    entries.iter().map(|entry| entry.speaker.as_str()).collect()
}

/// What one day of a tier took: for `latest` its outcome, for `majority` its sign first.
fn took(day: &[Entry], rule: Rule) -> &'static str {
    match (rule, sign(day)) {
        (Rule::Majority, 1) => "favor",
        (Rule::Majority, -1) => "against",
        _ => day_outcome(day),
    }
}

/// Where an actor stands on a claim: the last speech but `comment` and `question`; `withdraw` clears it.
fn current<'a>(speeches: &'a [Speech], actor: &str) -> Option<&'a Speech> {
    let takes_place = |word: &str| word != "comment" && word != "question";
    let own = |speech: &&Speech| speech.actor == actor && takes_place(&speech.word);
    speeches.iter().rfind(own).filter(|speech| speech.word != "withdraw")
}

/// Whether an actor stands where one of these words puts it.
fn says(speeches: &[Speech], actor: &str, words: &[&str]) -> bool {
    current(speeches, actor).is_some_and(|speech| words.contains(&speech.word.as_str()))
}

/// Whether an actor ever said one of these words on the claim.
fn said(speeches: &[Speech], actor: &str, words: &[&str]) -> bool {
    let own = |speech: &Speech| speech.actor == actor && words.contains(&speech.word.as_str());
    speeches.iter().any(own)
}

/// The actors on a claim of whom something holds, sorted.
fn actors_who(speeches: &[Speech], holds: impl Fn(&str) -> bool) -> Vec<String> {
    let actors: BTreeSet<&String> = speeches.iter().map(|speech| &speech.actor).collect();
    actors.into_iter().filter(|actor| holds(actor)).cloned().collect()
}

/// Voices: the actors on a claim, those joined by `on_behalf_of` (directly or through others) together.
fn voices(speeches: &[Speech]) -> Vec<Voice> {
    let mut voices: Vec<Voice> = Vec::new();
    for speech in speeches {
        let ends = Voice::from([speech.actor.clone(), speech.speaker.clone()]);
        let touched = pick(&voices, |voice| !voice.is_disjoint(&ends));
        voices.retain(|voice| voice.is_disjoint(&ends));
        voices.push(touched.into_iter().flatten().chain(ends).collect());
    }
    voices
}

/// The voices that stand by a claim and those that deny it; one that does both, alone, does what it said last.
fn camps(voices: &[Voice], speeches: &[Speech]) -> (Vec<Voice>, Vec<Voice>) {
    let does = |voice: &Voice, words: &[&str]| voice.iter().any(|actor| says(speeches, actor, words));
    let stands_by = pick(voices, |voice| does(voice, &STANDS));
    let denies = pick(voices, |voice| does(voice, &["deny"]));
    if stands_by.len() != 1 || stands_by != denies {
        return (stands_by, denies);
    }
    let now = stands_by[0].iter().filter_map(|actor| current(speeches, actor));
    let last = now.filter(|speech| speech.word != "suggest").max_by_key(|speech| speech.order);
    match last.is_some_and(|speech| speech.word == "deny") {
        true => (Vec::new(), denies),
        false => (stands_by, Vec::new()),
    }
}

/// A voice concedes when it denied the claim, or is the one that the claim is about, and stands at `concede`.
fn concedes(voice: &Voice, speeches: &[Speech], about: &str) -> bool {
    let denied = voice.iter().any(|actor| said(speeches, actor, &["deny"]));
    (denied || voice.contains(about)) && voice.iter().any(|actor| says(speeches, actor, &["concede"]))
}

/// The status of a claim: the first that fits, in the order of DOMAIN.md.
fn status(conceded: bool, stands_by: &[Voice], denies: &[Voice], speeches: &[Speech]) -> &'static str {
    let two_voices = stands_by.iter().any(|a| denies.iter().any(|b| a != b));
    let withdrew = |actor: &str| said(speeches, actor, &STANDS) && current(speeches, actor).is_none();
    match (stands_by.len(), denies.len()) {
        _ if conceded => "conceded",
        _ if two_voices => "disputed",
        (_, 1..) => "denied",
        (2.., 0) => "corroborated",
        (1, 0) => "asserted",
        _ if !actors_who(speeches, |actor| says(speeches, actor, &["suggest"])).is_empty() => "suggested",
        _ if !actors_who(speeches, withdrew).is_empty() => "withdrawn",
        _ => "open",
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

/// The seqs of entries that are already in valid order.
fn seqs(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.order.2).collect()
}

/// Those of a list that are wanted, in their order.
fn pick<T: Clone>(all: &[T], wanted: impl Fn(&T) -> bool) -> Vec<T> {
    all.iter().filter(|one| wanted(one)).cloned().collect()
}

/// The entries of one tier.
fn of_tier(entries: &[Entry], tier: usize) -> Vec<Entry> {
    pick(entries, |entry| entry.tier == tier)
}

/// The entries of one day.
fn on_day(entries: &[Entry], day: Day) -> Vec<Entry> {
    pick(entries, |entry| entry.day() == day)
}

/// The days that have an entry, in order.
fn days(entries: &[Entry]) -> BTreeSet<Day> {
    entries.iter().map(Entry::day).collect()
}

/// The last day of entries (at least one).
fn last_day(entries: &[Entry]) -> Day {
    days(entries).into_iter().next_back().flatten()
}

/// How many entries have this side.
fn count(entries: &[Entry], side: &str) -> i64 {
    pick(entries, |entry| entry.side == side).len() as i64
}

/// The two definite sides are favor and against.
fn definite(side: &str) -> bool {
    side == "favor" || side == "against"
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
