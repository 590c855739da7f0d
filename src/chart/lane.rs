//! A lane: a name, what is held through time, and the events that it follows from.

use maud::{Markup, html};

use super::events::events;
use super::held::{Held, bar};
use super::legend::{Legend, Sign};
use super::measure::{NAME, SMALL, said};
use super::paint::Paint;
use super::scale::{Scale, px};
use super::sheet::{Drawn, MARGIN, Sheet};
use super::text::{Anchor, anchored, line};
use crate::event::Day;
use crate::ledger::{Lane, Parting, Turn};
use crate::stance::{Grade, Order, Value};

/// The air above and below what a lane shows.
const AIR: f64 = 8.0;

/// A row with a name and a remark beside what it shows, or above it where the sheet is narrow.
pub(super) fn row(sheet: &Sheet, name: &str, remarks: &[String], shown: Drawn) -> Drawn {
    let (room, lines_max) = if sheet.is_wide() { (sheet.column(), 3) } else { (sheet.room(), 2) };
    let (mut y, mut parts) = (AIR, Vec::new());
    for one in NAME.wrap(name, room, lines_max) {
        y += NAME.line();
        parts.push(line(MARGIN, y - 4.0, "sl-name", &one));
    }
    for remark in remarks {
        for one in SMALL.wrap(remark, room, 2) {
            y += SMALL.line();
            parts.push(line(MARGIN, y - 3.0, "sl-small sl-faint", &one));
        }
    }
    let top = if sheet.is_wide() { AIR } else { y + 2.0 };
    let height = y.max(top + shown.height) + AIR;
    let body = html! {
        @for part in &parts { (part) }
        g transform={ "translate(0 " (px(top)) ")" } { (shown.body) }
    };
    Drawn { body, height }
}

/// Things drawn one below another.
pub(super) fn column(parts: Vec<Drawn>) -> Drawn {
    let (mut y, mut placed) = (0.0, Vec::new());
    for part in parts.into_iter().filter(|part| part.height > 0.0) {
        placed.push(html! { g transform={ "translate(0 " (px(y)) ")" } { (part.body) } });
        y += part.height;
    }
    Drawn { body: html! { @for part in &placed { (part) } }, height: y }
}

/// The lane of one target.
pub(super) fn lane(lane: &Lane, sheet: &Sheet, scale: &Scale, legend: &mut Legend) -> Drawn {
    let held = held(&lane.turns, scale, legend);
    let mut shown = Vec::new();
    if !held.is_empty() {
        shown.push(bar(&held, scale, sheet.prefix(), legend));
    }
    shown.push(events(&lane.marks, scale, legend));
    shown.extend(lane.gap.as_ref().map(|gap| parting(gap, scale, legend)));
    row(sheet, &said(&lane.target_name), &[now(lane)], column(shown))
}

/// What is held in the end, and on how many events that rests.
fn now(lane: &Lane) -> String {
    let held = match (lane.value, lane.basis) {
        (Value::None, _) => "no stance".to_owned(),
        (value, Some(basis)) => format!("{value}, {basis}"),
        (value, None) => value.to_string(),
    };
    let events = if lane.events == 1 { "1 event".to_owned() } else { format!("{} events", lane.events) };
    format!("{held} · {events}")
}

fn held(turns: &[Turn], scale: &Scale, legend: &mut Legend) -> Vec<Held> {
    let ends = turns.iter().skip(1).map(|turn| scale.day(turn.at)).chain([scale.right]);
    let mut held = Vec::new();
    for (turn, to) in turns.iter().zip(ends) {
        if turn.to != Value::None {
            legend.uses(Sign::Stance(turn.to));
        }
        held.push(Held {
            from: scale.day(turn.at),
            settled: settled(turn, scale).min(to),
            to,
            paint: Paint::of(turn.to),
            words: words(turn),
            flip: turn.flip.map(|grade| (grade, turn.confirmed)),
            is_unknown: turn.order == Order::Unknown,
            is_open: turn.at == Day::BEFORE_ALL,
        });
    }
    held
}

/// From where on a change has certainly come; on the day itself where its events are dated to the day.
fn settled(turn: &Turn, scale: &Scale) -> f64 {
    if turn.settled <= turn.at.last() && turn.at != Day::BEFORE_ALL { scale.day(turn.at) } else { scale.x(turn.settled) }
}

/// What a change came to, in words, the longest first.
fn words(turn: &Turn) -> Vec<String> {
    let more = match (turn.flip, turn.confirmed, turn.order) {
        (Some(Grade::Full), true, _) => ", flip",
        (Some(Grade::Full), false, _) => ", flip?",
        (Some(Grade::Half), true, _) => ", half flip",
        (Some(Grade::Half), false, _) => ", half flip?",
        (None, _, Order::Unknown) => ", order unknown",
        (None, _, Order::Certain) => "",
    };
    let basis = turn.basis.map(|basis| format!(", {basis}")).unwrap_or_default();
    let mut words = vec![format!("{}{basis}{more}", turn.to), format!("{}{more}", turn.to), turn.to.to_string()];
    words.dedup();
    words
}

/// Where words and deeds part: at the latest from when the last of both was said or done, and on.
fn parting(gap: &Parting, scale: &Scale, legend: &mut Legend) -> Drawn {
    legend.uses(Sign::Gap);
    let (from, to) = (scale.day(gap.declared_last.max(gap.enacted_last)).min(scale.right - 14.0), scale.right);
    let (middle, y) = ((from + to) / 2.0, 9.0);
    let told = format!("declared {}, enacted {}", gap.declared, gap.enacted);
    let is_beside = from - 6.0 - SMALL.width(&told) >= scale.left;
    let body: Markup = html! {
        path class="sl-ink" d={
            "M" (px(from)) " " (y) "H" (px(to + 4.0)) "m-4 -3.5l4 3.5l-4 3.5M" (px(from)) " " (y - 4.0) "v8M" (px(middle - 2.0)) " " (y + 4.0) "l4 -8"
        } fill="none" stroke="currentColor" stroke-width="1.4" {}
        @if is_beside { (anchored(from - 6.0, y + 4.0, Anchor::End, "sl-small", &told)) }
        @else { (anchored(scale.right, y + 18.0, Anchor::End, "sl-small", &SMALL.cut(&told, scale.width()))) }
    };
    Drawn { body, height: if is_beside { 18.0 } else { 32.0 } }
}
