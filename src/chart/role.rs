//! Roles through time: offices and the like, each a bar from when to when it was held.

use maud::{Markup, html};

use super::events::packed;
use super::measure::{SMALL, said};
use super::scale::{Scale, px};
use super::sheet::Drawn;
use super::text::line;
use crate::event::{Micros, Role};

/// How high a role is, and how many rows of them there are at most.
const ROW: f64 = 20.0;
const ROWS_MAX: usize = 4;

/// Where a role stands on the paper.
struct Placed {
    from: f64,
    to: f64,
    /// From where on it may have ended.
    ending: f64,
    /// Whether it is known when it began, and when it ended: a bar is closed there alone.
    begins: bool,
    ends: bool,
    words: String,
    words_at: f64,
}

/// The roles that were held within the scale; nothing where none was.
pub(super) fn roles(roles: &[Role], scale: &Scale) -> Option<Drawn> {
    let mut placed: Vec<Placed> = roles.iter().filter_map(|role| place(role, scale)).collect();
    placed.sort_by(|a, b| a.from.total_cmp(&b.from).then_with(|| a.words.cmp(&b.words)));
    let extent = |one: &Placed| (one.from.min(one.words_at - 4.0), one.to.max(one.words_at + SMALL.width(&one.words) + 4.0));
    let rows = packed(placed.iter().map(extent));
    let shown: Vec<(&Placed, usize)> = placed.iter().zip(rows).filter(|(_, row)| *row < ROWS_MAX).collect();
    let last = shown.iter().map(|(_, row)| *row).max()?;
    let body = html! { @for (one, row) in &shown { (bar(one, *row as f64 * ROW)) } };
    Some(Drawn { body, height: (last as f64 + 1.0) * ROW })
}

fn place(role: &Role, scale: &Scale) -> Option<Placed> {
    let begins = role.from.as_ref().map_or(Micros::MIN, |from| from.earliest());
    let ends = role.to.as_ref().map_or((Micros::MAX, Micros::MAX), |to| (to.earliest(), to.latest()));
    if scale.is_dated && (begins.0 as f64 > scale.to || (ends.1.0 as f64) < scale.from) {
        return None;
    }
    let words = SMALL.cut(&said(&role.title), scale.width() - 10.0);
    let (from, to) = (scale.x(begins), scale.x(ends.1).max(scale.x(begins) + 2.0));
    let words_at = (from + 5.0).min(scale.right - 4.0 - SMALL.width(&words)).max(scale.left + 4.0);
    let ending = scale.x(ends.0).clamp(from, to);
    Some(Placed { from, to, ending, begins: begins != Micros::MIN, ends: ends.1 != Micros::MAX, words, words_at })
}

fn bar(one: &Placed, y: f64) -> Markup {
    let is_soft = one.to - one.ending > 3.0;
    let (top, ending) = (y + 1.0, if is_soft { one.ending } else { one.to });
    // Along the upper edge to the beginning, down where it is known, back along the lower edge.
    let down = if one.begins { "v" } else { "m0 " };
    html! {
        rect class="sl-band" x=(px(one.from)) y=(top) width=(px(one.to - one.from)) height="16" {}
        path class="sl-rule" d={ "M" (px(ending)) " " (top) "H" (px(one.from)) (down) "16H" (px(ending)) @if !is_soft && one.ends { "v-16" } } {}
        @if is_soft { path class="sl-rule" d={ "M" (px(ending)) " " (top) "H" (px(one.to)) @if one.ends { "v" } @else { "m0 " } "16H" (px(ending)) } stroke-dasharray="3 2" {} }
        (line(one.words_at, y + 13.0, "sl-small", &one.words))
    }
}
