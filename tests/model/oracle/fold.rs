//! Of one pair: what is held after its entries, under both rules, and how it came to that, step by step.

use super::*;

/// The strongest tier that takes a side decides; without one, something spoken is `neutral`, else `none`.
pub(super) fn held(entries: &[Entry], rule: Rule) -> Held {
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
pub(super) fn by_rule(of: &[Entry], rule: Rule) -> (&'static str, Vec<Entry>) {
    match rule {
        Rule::Latest => latest(of),
        Rule::Majority => majority(of),
    }
}

/// Rule `latest`: the outcome of the last day, decided by its entries of the winning side, or of both.
pub(super) fn latest(of: &[Entry]) -> (&'static str, Vec<Entry>) {
    let day = on_day(of, last_day(of));
    let stance = day_outcome(&day);
    let mixed = stance == "mixed";
    (stance, pick(&day, |entry| entry.side == stance || (mixed && definite(&entry.side))))
}

/// Of one day: both sides are `mixed`, one side beats abstain, abstain beats neutral.
pub(super) fn day_outcome(day: &[Entry]) -> &'static str {
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
pub(super) fn majority(of: &[Entry]) -> (&'static str, Vec<Entry>) {
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
pub(super) fn sign(day: &[Entry]) -> i64 {
    (count(day, "favor") - count(day, "against")).signum()
}

/// Gap: declared alone and enacted alone are opposite sides.
pub(super) fn gap(entries: &[Entry], rule: Rule) -> bool {
    let said = held(&of_tier(entries, DECLARED), rule).stance;
    let done = held(&of_tier(entries, ENACTED), rule).stance;
    [said, done] == ["favor", "against"] || [said, done] == ["against", "favor"]
}

/// The fold: nothing held before the first day (step 0), then what holds after each day with an entry.
pub(super) fn steps(entries: &[Entry], rule: Rule) -> Vec<Step> {
    let mut steps = vec![Step { day: None, held: held(&[], rule) }];
    for day in days(entries) {
        let up_to = pick(entries, |entry| entry.day() <= day);
        steps.push(Step { day, held: held(&up_to, rule) });
    }
    steps
}

/// A step is a change when the stance differs; a change of basis alone is none.
pub(super) fn is_change(steps: &[Step], i: usize) -> bool {
    steps[i].held.stance != steps[i - 1].held.stance
}

/// A change: its events are the basis tier's of that day, certain when all that decided before ended before them.
pub(super) fn change(entries: &[Entry], steps: &[Step], i: usize, rule: Rule) -> Change {
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
pub(super) fn is_full(steps: &[Step], i: usize) -> bool {
    let after = &steps[i].held;
    let sided = |step: &&Step| step.held.tier == after.tier && definite(step.held.stance);
    let last = steps[..i].iter().rev().find(sided).map(|step| step.held.stance);
    definite(after.stance) && last.is_some_and(|last| last != after.stance)
}

/// Flip: confirmed when, before the next change, two days of the basis took the new side, or a formal entry did.
pub(super) fn is_confirmed(entries: &[Entry], steps: &[Step], i: usize, rule: Rule) -> bool {
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
pub(super) fn is_told(change: &Change) -> bool {
    change.flip.as_ref().is_some_and(|flip| flip.full && flip.confirmed)
}

/// The voices of an answer: who spoke, not for whom.
pub(super) fn speakers(entries: &[Entry]) -> BTreeSet<&str> {
    entries.iter().map(|entry| entry.speaker.as_str()).collect()
}

/// What one day of a tier took: for `latest` its outcome, for `majority` its sign first.
pub(super) fn took(day: &[Entry], rule: Rule) -> &'static str {
    match (rule, sign(day)) {
        (Rule::Majority, 1) => "favor",
        (Rule::Majority, -1) => "against",
        _ => day_outcome(day),
    }
}

/// The seqs of entries that are already in valid order.
pub(super) fn seqs(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.order.2).collect()
}

/// Those of a list that are wanted, in their order.
pub(super) fn pick<T: Clone>(all: &[T], wanted: impl Fn(&T) -> bool) -> Vec<T> {
    all.iter().filter(|one| wanted(one)).cloned().collect()
}

/// The entries of one tier.
pub(super) fn of_tier(entries: &[Entry], tier: usize) -> Vec<Entry> {
    pick(entries, |entry| entry.tier == tier)
}

/// The entries of one day.
pub(super) fn on_day(entries: &[Entry], day: Day) -> Vec<Entry> {
    pick(entries, |entry| entry.day() == day)
}

/// The days that have an entry, in order.
pub(super) fn days(entries: &[Entry]) -> BTreeSet<Day> {
    entries.iter().map(Entry::day).collect()
}

/// The last day of entries (at least one).
pub(super) fn last_day(entries: &[Entry]) -> Day {
    days(entries).into_iter().next_back().flatten()
}

/// How many entries have this side.
pub(super) fn count(entries: &[Entry], side: &str) -> i64 {
    pick(entries, |entry| entry.side == side).len() as i64
}

/// The two definite sides are favor and against.
pub(super) fn definite(side: &str) -> bool {
    side == "favor" || side == "against"
}
