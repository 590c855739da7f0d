//! What is held through time: a bar of stances, one after another, with soft beginnings, flips and unknown orders marked.

use maud::{Markup, html};

use super::legend::{Legend, Sign, flag};
use super::measure::SMALL;
use super::paint::Paint;
use super::scale::{Scale, px};
use super::sheet::Drawn;
use super::text::line;
use crate::stance::Grade;

/// What is drawn narrower than this is drawn together with its neighbours.
const NARROW: f64 = 2.0;
/// The height of the words above the bar, and of the bar.
const WORDS: f64 = 15.0;
const BAR: f64 = 12.0;

/// Something held from one place on the paper to another.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Held {
    /// Where it begins at the earliest.
    pub(super) from: f64,
    /// From where on it has certainly begun.
    pub(super) settled: f64,
    /// Where it ends.
    pub(super) to: f64,
    /// How it is painted; nothing is drawn where nothing is held.
    pub(super) paint: Option<Paint>,
    /// What is held, in words, the longest first.
    pub(super) words: Vec<String>,
    /// The flip that it begins with, and whether it is confirmed.
    pub(super) flip: Option<(Grade, bool)>,
    /// Whether the order of what it begins with and what was before is unknown.
    pub(super) is_unknown: bool,
    /// Whether it began before all that is shown.
    pub(super) is_open: bool,
}

/// The bar, from the top of its words to below its brackets. What is held last goes on.
pub(super) fn bar(held: &[Held], scale: &Scale, prefix: &str, legend: &mut Legend) -> Drawn {
    let mut pieces = together(held);
    thin(&mut pieces);
    let flags = |pieces: &[Held]| pieces.iter().filter(|piece| piece.flip.is_some()).count();
    if flags(&pieces) < flags(held) {
        legend.uses(Sign::Unflagged);
    }
    let has_brackets = pieces.iter().any(|piece| piece.is_unknown);
    let body = html! {
        @for piece in &pieces { (drawn(piece, scale, prefix, legend)) }
        @for (x, words) in labels(&pieces, scale) { (line(x, WORDS - 4.0, "sl-small", &words)) }
    };
    Drawn { body, height: WORDS + BAR + if has_brackets { 9.0 } else { 4.0 } }
}

/// The pieces with runs of narrow ones drawn together.
fn together(held: &[Held]) -> Vec<Held> {
    let mut pieces: Vec<Held> = Vec::new();
    let mut run: Vec<&Held> = Vec::new();
    for (index, one) in held.iter().enumerate() {
        let is_last = index + 1 == held.len();
        if one.to - one.from < NARROW && !is_last {
            run.push(one);
            continue;
        }
        pieces.extend(joined(&run));
        run.clear();
        pieces.push(one.clone());
    }
    pieces
}

/// A run of narrow pieces as one; a single one stays what it is.
fn joined(run: &[&Held]) -> Option<Held> {
    let (first, last) = (*run.first()?, *run.last()?);
    if run.len() == 1 {
        return Some(first.clone());
    }
    let flips = run.iter().filter_map(|one| one.flip);
    let flip = flips.max_by_key(|flip| rank(*flip));
    let (to, settled, paint) = (last.to.max(first.from + NARROW), first.from, Some(Paint::Often));
    Some(Held { to, settled, paint, words: Vec::new(), flip, is_unknown: false, ..first.clone() })
}

/// Which of two flips has its flag: a confirmed one, then a full one.
fn rank((grade, confirmed): (Grade, bool)) -> (bool, bool) {
    (confirmed, grade == Grade::Full)
}

/// Takes down flags that would stand in another's way, and the words that tell of them.
fn thin(pieces: &mut [Held]) {
    let mut kept: Option<usize> = None;
    for index in 0..pieces.len() {
        let Some(flip) = pieces[index].flip else { continue };
        if let Some(before) = kept.filter(|before| pieces[index].from - pieces[*before].from < POLE - 2.0) {
            let gives_way = pieces[before].flip.is_some_and(|other| rank(other) < rank(flip));
            let down = &mut pieces[if gives_way { before } else { index }];
            down.flip = None;
            // The shortest words tell the stance alone.
            down.words = down.words.pop().into_iter().collect();
            if !gives_way {
                continue;
            }
        }
        kept = Some(index);
    }
}

fn drawn(piece: &Held, scale: &Scale, prefix: &str, legend: &mut Legend) -> Markup {
    let Some(paint) = piece.paint else { return html! {} };
    let from = piece.from.min(scale.right - NARROW);
    let to = piece.to.max(from + NARROW);
    let settled = piece.settled.clamp(from, to);
    let is_soft = settled - from > 3.0;
    let begun = if is_soft { settled } else { from };
    if paint == Paint::Often {
        legend.uses(Sign::Often);
    }
    if is_soft {
        legend.uses(Sign::Soft);
    }
    if let Some((grade, confirmed)) = piece.flip {
        legend.uses(Sign::Flip(grade, confirmed));
    }
    let (class, fill) = (paint.class(), paint.fill(prefix));
    let (top, half) = (WORDS + 1.0, BAR / 2.0 - 1.0);
    html! {
        @if is_soft {
            rect class=(class) x=(px(from)) y=(WORDS) width=(px(settled - from)) height=(BAR) fill=(fill) fill-opacity="0.4" {}
            path class=(class) d={ "M" (px(settled)) " " (WORDS) "H" (px(from)) "v" (BAR) "H" (px(settled)) } fill="none" stroke="currentColor" stroke-dasharray="3 2" {}
        }
        @if to - begun > 0.5 { rect class=(class) x=(px(begun)) y=(WORDS) width=(px(to - begun)) height=(BAR) fill=(fill) stroke="currentColor" {} }
        @if to > scale.right - 0.1 { path class=(class) d={ "M" (px(scale.right + 2.0)) " " (top) "l6 " (half) "l-6 " (half) "z" } fill="currentColor" {} }
        @if piece.is_open { path class=(class) d={ "M" (px(scale.left - 2.0)) " " (top) "l-6 " (half) "l6 " (half) "z" } fill="currentColor" {} }
        @if let Some((grade, confirmed)) = piece.flip { (flag(px(from), WORDS - 0.5, grade, confirmed)) }
        @if piece.is_unknown { (bracket(from, settled.max(from + 12.0), scale, legend)) }
    }
}

/// The bracket under a change whose order is unknown.
fn bracket(from: f64, to: f64, scale: &Scale, legend: &mut Legend) -> Markup {
    legend.uses(Sign::Unknown);
    let to = to.min(scale.right);
    let from = from.min(to - 12.0);
    html! { path class="sl-ink" d={ "M" (px(from)) " " (WORDS + BAR + 2.5) "v4H" (px(to)) "v-4" } fill="none" stroke="currentColor" stroke-width="1.4" {} }
}

/// The words that have room above the pieces, with where they begin. The last piece is what is held now: its words go
/// before others.
fn labels(pieces: &[Held], scale: &Scale) -> Vec<(f64, String)> {
    let told: Vec<&Held> = pieces.iter().filter(|piece| piece.paint.is_some()).collect();
    let Some((last, others)) = told.split_last() else { return Vec::new() };
    let now = now(last, &told, scale);
    let limit = now.as_ref().map_or(last.from, |(x, _)| *x).min(last.from);
    let mut placed: Vec<(f64, String)> = Vec::new();
    for piece in others {
        let Some(x) = begin(piece, &told) else { continue };
        let room = piece.to.min(limit) - x - 4.0;
        let fitting = piece.words.iter().find(|words| SMALL.width(words) <= room);
        placed.extend(fitting.map(|words| (x, words.clone())));
    }
    placed.extend(now);
    placed
}

/// The words of what is held now: behind its beginning, or before it where the paper ends and no flag is in the way.
fn now(last: &Held, told: &[&Held], scale: &Scale) -> Option<(f64, String)> {
    let fits =
        |behind: f64| last.words.iter().find(|words| behind + SMALL.width(words) <= scale.right).map(|words| (behind, words.clone()));
    if let Some(placed) = begin(last, told).and_then(fits) {
        return Some(placed);
    }
    let end = if last.flip.is_some() { last.from - 4.0 } else { scale.right };
    let others = told.iter().filter(|other| other.flip.is_some() && other.from < last.from);
    // Nearer to another's flag, they would be read as its own.
    let free = others.map(|other| other.from + POLE + NEAR).fold(scale.left, f64::max);
    let words = last.words.iter().find(|words| end - SMALL.width(words) >= free)?;
    Some((end - SMALL.width(words), words.clone()))
}

/// The room that a flag takes, and how far words keep from a flag that they do not tell of.
const POLE: f64 = 13.0;
const NEAR: f64 = 12.0;

/// Where words behind the beginning of a piece begin: behind its flag; nowhere just behind the flag of another.
fn begin(piece: &Held, told: &[&Held]) -> Option<f64> {
    let (at, apart) = if piece.flip.is_some() { (piece.from + POLE, 0.0) } else { (piece.from, NEAR) };
    let mut others = told.iter().filter(|other| other.flip.is_some() && other.from < piece.from);
    let is_near = others.any(|other| other.from + POLE + apart > at);
    (!is_near).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(from: f64, to: f64) -> Held {
        let words = vec!["favor, declared".to_owned(), "favor".to_owned()];
        Held { from, settled: from, to, paint: Some(Paint::Favor), words, flip: None, is_unknown: false, is_open: false }
    }

    #[test]
    fn narrow_pieces_are_drawn_together_and_the_last_one_never() {
        let held = [piece(0.0, 1.0), piece(1.0, 2.0), piece(2.0, 40.0), piece(40.0, 40.5), piece(40.5, 90.0), piece(99.5, 100.0)];
        let paints: Vec<Option<Paint>> = together(&held).iter().map(|piece| piece.paint).collect();
        let favor = Some(Paint::Favor);
        assert_eq!(paints, [Some(Paint::Often), favor, favor, favor, favor]);
    }

    #[test]
    fn flags_stand_apart_and_a_confirmed_flip_keeps_its_own() {
        let flipped = |from: f64, grade, confirmed| Held { flip: Some((grade, confirmed)), ..piece(from, from + 5.0) };
        let mut held = [
            flipped(0.0, Grade::Half, false),
            flipped(5.0, Grade::Full, true),
            flipped(8.0, Grade::Half, true),
            flipped(60.0, Grade::Half, true),
        ];
        thin(&mut held);
        assert_eq!(held.map(|piece| piece.flip.is_some()), [false, true, false, true]);
    }

    #[test]
    fn words_stand_beside_their_own_flag_or_nowhere() {
        let scale = super::super::scale::Stretch::of([], None).between(0.0, 400.0);
        let flagged = |from: f64, to: f64, confirmed| Held { flip: Some((Grade::Half, confirmed)), ..piece(from, to) };
        // The second begins just behind the first one's flag; the third's flag gives way, and so do its words of a flip.
        let mut held =
            [flagged(0.0, 4.0, true), piece(4.0, 100.0), flagged(100.0, 105.0, true), flagged(105.0, 300.0, false), piece(300.0, 400.0)];
        held[3].words = vec!["favor, half flip?".to_owned(), "favor".to_owned()];
        thin(&mut held);
        assert_eq!((held[3].flip, &held[3].words[..]), (None, &["favor".to_owned()][..]));
        assert_eq!(labels(&held, &scale), [(300.0, "favor, declared".to_owned())]);
    }

    #[test]
    fn words_never_overlap_and_what_is_held_now_has_its_own() {
        let scale = super::super::scale::Stretch::of([], None).between(0.0, 300.0);
        let held = [piece(0.0, 120.0), piece(120.0, 160.0), piece(160.0, 280.0), piece(280.0, 300.0)];
        let placed = labels(&held, &scale);
        assert_eq!(placed.last().map(|(x, words)| x + SMALL.width(words)), Some(300.0));
        for pair in placed.windows(2) {
            assert!(pair[0].0 + SMALL.width(&pair[0].1) < pair[1].0, "{placed:?}");
        }
    }
}
