//! Events through time: each with its shape and its span where there are few, drawn together by tier where there are many.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::legend::{Legend, Sign};
use super::measure::SMALL;
use super::scale::{Scale, px};
use super::shape::{self, RADIUS};
use super::sheet::Drawn;
use super::text::line;
use crate::event::{Micros, Occurred, Side, Tier};
use crate::ledger::Mark;

/// How high a row of events is.
const ROW: f64 = 15.0;
/// More marks than these, or more rows, are drawn together.
const MARKS_MAX: usize = 60;
const ROWS_MAX: usize = 6;
/// What is no wider on the paper is drawn as a point.
const POINT: f64 = 5.0;
/// Events drawn together stand on a grid of this width.
const BIN: f64 = 3.0;

/// The events of one lane.
pub(super) fn events(marks: &[Mark], scale: &Scale, legend: &mut Legend) -> Drawn {
    match spread(marks, scale) {
        Some(rows) => few(marks, &rows, scale, legend),
        None => many(marks, scale, legend),
    }
}

/// The row of each mark, so that none covers another; nothing where that takes too many.
fn spread(marks: &[Mark], scale: &Scale) -> Option<Vec<usize>> {
    if marks.len() > MARKS_MAX {
        return None;
    }
    let rows = packed(marks.iter().map(|mark| {
        let (from, to) = (at(mark.earliest, scale) - RADIUS - 1.0, end(mark, scale));
        match times(mark).map(|times| (place(mark, &times, scale), SMALL.width(&times))) {
            Some((x, wide)) => (from.min(x), to.max(x + wide)),
            None => (from, to),
        }
    }));
    rows.iter().all(|row| *row < ROWS_MAX).then_some(rows)
}

/// Where the shape of something that happened then stands: wholly on the paper.
pub(super) fn at(earliest: Micros, scale: &Scale) -> f64 {
    scale.x(earliest).clamp(scale.left + RADIUS, scale.right - RADIUS)
}

/// The first row for each extent in which nothing before it is in its way.
pub(super) fn packed(extents: impl Iterator<Item = (f64, f64)>) -> Vec<usize> {
    let mut taken: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut rows = Vec::new();
    for (from, to) in extents {
        let is_free = |row: &Vec<(f64, f64)>| row.iter().all(|(start, end)| end + 2.0 <= from || to + 2.0 <= *start);
        let row = taken.iter().position(is_free).unwrap_or(taken.len());
        if row == taken.len() {
            taken.push(Vec::new());
        }
        taken[row].push((from, to));
        rows.push(row);
    }
    rows
}

/// Where the shape and the span of a mark end.
fn end(mark: &Mark, scale: &Scale) -> f64 {
    scale.x(mark.latest).max(at(mark.earliest, scale) + RADIUS) + 1.0
}

/// Where the number of times stands: behind the mark, or before it where the paper ends.
fn place(mark: &Mark, times: &str, scale: &Scale) -> f64 {
    let (behind, wide) = (end(mark, scale) + 3.0, SMALL.width(times));
    if behind + wide <= scale.right { behind } else { at(mark.earliest, scale) - RADIUS - 3.0 - wide }
}

fn times(mark: &Mark) -> Option<String> {
    (mark.count > 1).then(|| format!("×{}", mark.count))
}

fn few(marks: &[Mark], rows: &[usize], scale: &Scale, legend: &mut Legend) -> Drawn {
    let body = html! {
        @for (mark, row) in marks.iter().zip(rows) { (one(mark, (*row as f64) * ROW + ROW / 2.0, scale, legend)) }
    };
    Drawn { body, height: rows.iter().max().map_or(0.0, |last| (*last as f64 + 1.0) * ROW) }
}

fn one(mark: &Mark, y: f64, scale: &Scale, legend: &mut Legend) -> Markup {
    let x = at(mark.earliest, scale);
    legend.uses(Sign::Tier(mark.tier));
    if let Some(side) = mark.side {
        legend.uses(Sign::Side(side));
    }
    html! {
        g {
            title { (told(mark)) }
            (span(mark.earliest, mark.latest, y, shape::class(mark.side), scale, legend))
            (shape::event(mark.tier, mark.side, x, y))
            @if let Some(times) = times(mark) { (line(place(mark, &times, scale), y + 4.0, "sl-small sl-faint", &times)) }
        }
    }
}

/// The span within which something happened, with an arrow at an open end; nothing where it is a point.
pub(super) fn span(earliest: Micros, latest: Micros, y: f64, class: &str, scale: &Scale, legend: &mut Legend) -> Markup {
    let (from, to) = (scale.x(earliest), scale.x(latest));
    if to - from <= POINT {
        return html! {};
    }
    legend.uses(Sign::Span);
    let is_cut = latest.0 as f64 > scale.to;
    let end = if is_cut { "m-4 -4l4 4l-4 4" } else { "m0 -3v6" };
    let start = if earliest == Micros::MIN { format!("M{} {}l-4 4l4 4", px(from + 4.0), px(y - 4.0)) } else { String::new() };
    html! { path class=(class) d={ "M" (px(from)) " " (px(y)) "H" (px(to)) (end) (start) } fill="none" stroke="currentColor" stroke-width="1.4" {} }
}

/// What a mark is, for whoever points at it.
fn told(mark: &Mark) -> String {
    let side = mark.side.map(|side| format!(" {side}")).unwrap_or_default();
    let times = times(mark).map(|times| format!(" {times}")).unwrap_or_default();
    format!("{}{side}{times}, {}", mark.tier, when(mark.earliest, mark.latest))
}

/// When something happened, as EDTF writes it.
pub(super) fn when(earliest: Micros, latest: Micros) -> String {
    let day = |at: Micros| if at == Micros::MAX { "..".to_owned() } else { at.day().to_string() };
    let (first, last) = (day(earliest), day(latest));
    if first == last { first } else { format!("{first}/{last}") }
}

/// An occurrence's bounds; open on both sides where there is none.
pub(super) fn bounds(occurred: Option<&str>) -> (Micros, Micros) {
    let read = occurred.and_then(|text| Occurred::parse(text).ok());
    read.map_or((Micros::MIN, Micros::MAX), |at| (at.earliest(), at.latest()))
}

/// The events of one tier, drawn together: the places of each side, and the stretches that spans cover.
#[derive(Default)]
struct Together {
    places: BTreeMap<Option<Side>, BTreeSet<i64>>,
    stretches: Vec<(f64, f64)>,
}

fn many(marks: &[Mark], scale: &Scale, legend: &mut Legend) -> Drawn {
    let mut tiers: BTreeMap<Tier, Together> = BTreeMap::new();
    for mark in marks {
        let together = tiers.entry(mark.tier).or_default();
        let (from, to) = (scale.x(mark.earliest), scale.x(mark.latest));
        together.places.entry(mark.side).or_default().insert(((from - scale.left) / BIN) as i64);
        if to - from > POINT {
            match together.stretches.last_mut() {
                Some(last) if from <= last.1 + 1.0 => last.1 = last.1.max(to),
                Some(_) | None => together.stretches.push((from, to)),
            }
        }
        legend.uses(Sign::Tier(mark.tier));
    }
    legend.uses(Sign::Dense);
    let height = tiers.len() as f64 * ROW;
    let body = html! {
        @for (index, (tier, together)) in tiers.iter().enumerate() { (row(*tier, together, index as f64 * ROW, scale)) }
    };
    Drawn { body, height }
}

fn row(tier: Tier, together: &Together, y: f64, scale: &Scale) -> Markup {
    let middle = y + ROW / 2.0;
    let stretches: String = together.stretches.iter().map(|(from, to)| format!("M{} {middle}H{}", px(*from), px(*to))).collect();
    let ticks = |side: Option<Side>, places: &BTreeSet<i64>| {
        let (top, length) = match side {
            Some(Side::Favor) => (middle - 6.0, 5.5),
            Some(Side::Against) => (middle + 0.5, 5.5),
            Some(Side::Neutral | Side::Abstain) | None => (middle - 2.0, 4.0),
        };
        let mut path = String::new();
        let mut before = None;
        for place in places {
            match before.replace(*place) {
                None => path.push_str(&format!("M{} {top}v{length}", px(scale.left + (*place as f64 + 0.5) * BIN))),
                Some(before) => path.push_str(&format!("m{} -{length}v{length}", (*place - before) as f64 * BIN)),
            }
        }
        path
    };
    html! {
        g class="sl-soft" {
            title { (tier.word()) }
            path d=(shape::outline(tier, scale.left - 9.0, middle, 4.0)) fill=(if tier.takes_side() { "currentColor" } else { "none" }) stroke="currentColor" {}
        }
        path class="sl-grid" d={ "M" (px(scale.left)) " " (middle) "H" (px(scale.right)) } {}
        @if !stretches.is_empty() { path class="sl-rule" d=(stretches) {} }
        @for (side, places) in &together.places {
            path class=(shape::class(*side)) d=(ticks(*side, places)) fill="none" stroke="currentColor" stroke-width="2" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_overlap_stands_in_another_row() {
        let rows = packed([(0.0, 10.0), (5.0, 15.0), (12.0, 20.0), (13.0, 14.0), (30.0, 40.0), (22.0, 27.0)].into_iter());
        assert_eq!(rows, [0, 1, 0, 2, 0, 0]);
    }
}
