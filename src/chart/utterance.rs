//! Utterances through time: marks with words beside them, in as many rows as that takes.

use maud::{Markup, html};

use super::events::{at, packed, span, when};
use super::legend::{Legend, Sign};
use super::measure::SMALL;
use super::scale::{Scale, px};
use super::shape::{self, RADIUS};
use super::sheet::Drawn;
use super::text::{Anchor, anchored};
use crate::event::{Micros, Speech};

/// How high a row is, and how many rows there are at most.
const ROW: f64 = 16.0;
const ROWS_MAX: usize = 8;
/// What is said again within so many pixels is drawn once.
const NEAR: f64 = 14.0;

/// Something that was said.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Said {
    pub(super) earliest: Micros,
    pub(super) latest: Micros,
    pub(super) speech: Speech,
    /// What stands beside the mark.
    pub(super) words: String,
}

/// One mark with its words on the paper.
struct Placed<'a> {
    said: &'a Said,
    times: usize,
    words: String,
    /// Where the words stand, and as what part of them.
    at: (f64, Anchor),
    extent: (f64, f64),
    /// Whether the words stand on the span.
    is_on_span: bool,
}

/// All that was said, in valid order.
pub(super) fn utterances(said: &[Said], scale: &Scale, legend: &mut Legend) -> Drawn {
    let once = gathered(said, scale);
    let placed = |words: Words| once.iter().map(|(one, times)| place(one, *times, words, scale)).collect::<Vec<Placed<'_>>>();
    let packed = |placed: &[Placed<'_>]| packed(placed.iter().map(|one| one.extent));
    let (mut shown, mut left) = (placed(Words::Shown), 0);
    let mut rows = packed(&shown);
    if rows.iter().any(|row| *row >= ROWS_MAX) {
        shown = placed(Words::Left);
        rows = packed(&shown);
        left = rows.iter().filter(|row| **row >= ROWS_MAX).count();
    }
    for (one, _) in &once {
        legend.uses(Sign::Speech(one.speech));
    }
    let mut height = rows.iter().filter(|row| **row < ROWS_MAX).max().map_or(0.0, |last| (*last as f64 + 1.0) * ROW);
    let more = (left > 0)
        .then(|| anchored(scale.left, height + 11.0, Anchor::Start, "sl-small sl-faint", &format!("and {left} more at the same time")));
    let body = html! {
        @for (one, row) in shown.iter().zip(&rows).filter(|(_, row)| **row < ROWS_MAX) { (mark(one, *row as f64 * ROW + ROW / 2.0, scale, legend)) }
        @if let Some(more) = &more { (more) }
    };
    if more.is_some() {
        height += ROW;
    }
    Drawn { body, height }
}

fn mark(one: &Placed<'_>, y: f64, scale: &Scale, legend: &mut Legend) -> Markup {
    let Said { earliest, latest, speech, words } = one.said;
    html! {
        g {
            title { (words) ", " (when(*earliest, *latest)) @if one.times > 1 { " ×" (one.times) } }
            (span(*earliest, *latest, y, "sl-soft", scale, legend))
            @if one.is_on_span { rect class="sl-paper" x=(px(one.at.0 - 2.0)) y=(px(y - 7.0)) width=(px(SMALL.width(&one.words) + 4.0)) height="14" {} }
            (shape::speech(*speech, at(*earliest, scale), y))
            @if !one.words.is_empty() { (anchored(one.at.0, y + 4.0, one.at.1, "sl-small", &one.words)) }
        }
    }
}

/// What is said again nearby, once, with how many times.
fn gathered<'a>(said: &'a [Said], scale: &Scale) -> Vec<(&'a Said, usize)> {
    let mut once: Vec<(&Said, usize)> = Vec::new();
    for one in said {
        let x = scale.x(one.earliest);
        let mut near = once.iter_mut().rev().take_while(|(other, _)| x - scale.x(other.earliest) <= NEAR);
        match near.find(|(other, _)| other.speech == one.speech && other.words == one.words) {
            Some((_, times)) => *times += 1,
            None => once.push((one, 1)),
        }
    }
    once
}

/// Whether words stand beside the marks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    Shown,
    Left,
}

fn place<'a>(said: &'a Said, times: usize, words: Words, scale: &Scale) -> Placed<'a> {
    let x = at(said.earliest, scale);
    let (from, to) = (x - RADIUS - 2.0, scale.x(said.latest).max(x + RADIUS + 1.0));
    let again = if times > 1 { format!("×{times}") } else { String::new() };
    let words = match words {
        Words::Shown => SMALL.cut(format!("{} {again}", said.words).trim_end(), scale.width() - 4.0 * RADIUS - 12.0),
        Words::Left => again,
    };
    let wide = if words.is_empty() { 0.0 } else { SMALL.width(&words) + 6.0 };
    if to + wide <= scale.right {
        return Placed { said, times, words, at: (to + 4.0, Anchor::Start), extent: (from, to + wide), is_on_span: false };
    }
    if from - wide >= scale.left {
        return Placed { said, times, words, at: (from - 2.0, Anchor::End), extent: (from - wide, to), is_on_span: false };
    }
    // A span from edge to edge leaves room on itself alone; its words interrupt it.
    let words = SMALL.cut(&words, scale.right - x - RADIUS - 8.0);
    Placed { said, times, words, at: (x + RADIUS + 4.0, Anchor::Start), extent: (from, scale.right), is_on_span: true }
}
