//! The numbers for and against a target as a picture, beside who holds what in the end.

use maud::{Markup, html};

use super::measure::{NAME, PLAIN, SMALL, isolated, said, titled};
use super::paint::Paint;
use super::picture::{Chart, Options};
use super::scale::{Stretch, px};
use super::seen::Seen;
use super::sheet::{Drawn, MARGIN, Sheet, labels, uprights};
use super::stack::{ORDER, areas, levels, levels_width, most};
use super::telling;
use super::text::line;
use super::tick::ticks;
use crate::event::Day;
use crate::ledger::{Holders, Numbers};
use crate::stance::Value;

/// The air above the stack, for half a number.
const AIR: f64 = 6.0;

/// How the numbers for and against a target moved.
pub fn sides(numbers: &Numbers, seen: &Seen, options: &Options) -> Chart {
    let mut sheet = Sheet::of(options);
    let title = format!("Who is for and against {}", titled(&numbers.target_name));
    sheet.head(&title, &format!("How many actors hold which stance. {}", seen.sentence()));
    if numbers.points.is_empty() {
        sheet.paragraph("Nobody has a stance toward it.", PLAIN, "sl-plain", 2);
    } else if sheet.is_wide() {
        let column = (sheet.room() * 0.28).clamp(180.0, 320.0).round();
        let stack = stack(numbers, seen, &sheet, sheet.room() - column - 24.0);
        let list = list(numbers, sheet.prefix(), column);
        let height = stack.height.max(list.height);
        let body = html! { (stack.body) g transform={ "translate(" (px(MARGIN + sheet.room() - column)) " 0)" } { (list.body) } };
        sheet.put(Drawn { body, height });
    } else {
        let stack = stack(numbers, seen, &sheet, sheet.room());
        let list = list(numbers, sheet.prefix(), sheet.room());
        sheet.put(stack);
        sheet.space(8.0);
        sheet.put(Drawn { body: html! { g transform={ "translate(" (MARGIN) " 0)" } { (list.body) } }, height: list.height });
    }
    let description = format!("{} {}", telling::numbers(numbers), seen.sentence());
    sheet.finish(title, description, seen)
}

/// The stack with its axes.
fn stack(numbers: &Numbers, seen: &Seen, sheet: &Sheet, width: f64) -> Drawn {
    let days = numbers.points.iter().filter(|point| point.at != Day::BEFORE_ALL).map(|point| (point.at.first(), point.at.last()));
    let until = seen.until().into_iter().map(|until| (until, until));
    let is_dated_by_days = Stretch::of(days.clone().chain(until), seen.until());
    let scale =
        super::scale::Scale { has_hours: false, ..is_dated_by_days.between(MARGIN + levels_width(&numbers.points), MARGIN + width) };
    // A few actors make no tower.
    let height = (most(&numbers.points) as f64 * 40.0).clamp(120.0, 260.0);
    let (top, bottom, ticks) = (AIR, AIR + height, ticks(&scale));
    let body = html! {
        (uprights(&ticks, top, bottom + 4.0))
        (levels(&numbers.points, &scale, top, bottom))
        (areas(&numbers.points, &scale, top, bottom, sheet.prefix()))
        path class="sl-rule" d={ "M" (px(scale.left)) " " (px(bottom)) "H" (px(scale.right)) } {}
        (labels(&ticks, &scale, bottom + 17.0))
    };
    Drawn { body, height: bottom + 24.0 }
}

/// Who holds what in the end: each stance with its paint, its number and some names, in the order of the stack.
fn list(numbers: &Numbers, prefix: &str, width: f64) -> Drawn {
    let (mut y, mut parts) = (0.0, Vec::new());
    for value in ORDER.iter().rev() {
        let held = numbers.holders.iter().find(|one| one.value == *value);
        let was_held = numbers.points.iter().any(|point| point.count(*value) > 0);
        let Some(paint) = Paint::of(*value).filter(|_| was_held) else { continue };
        y += NAME.line();
        parts.push(swatch(paint, prefix, y - 4.0));
        parts.push(line(30.0, y - 4.0, "sl-name", &format!("{} {}", held.map_or(0, |one| one.count), word(*value))));
        for one in held.map(|one| names(one, width - 34.0)).unwrap_or_default() {
            y += SMALL.line();
            parts.push(line(30.0, y - 4.0, "sl-small sl-faint", &one));
        }
        y += 6.0;
    }
    Drawn { body: html! { @for part in &parts { (part) } }, height: y }
}

fn swatch(paint: Paint, prefix: &str, y: f64) -> Markup {
    html! { rect class=(paint.class()) x="1" y=(px(y - 11.0)) width="20" height="12" fill=(paint.fill(prefix)) stroke="currentColor" {} }
}

/// Some names, and how many more there are.
fn names(holders: &Holders, room: f64) -> Vec<String> {
    let mut names: Vec<String> = holders.names.iter().map(|name| isolated(&SMALL.cut(&said(name), room)).into_owned()).collect();
    let more = holders.count.saturating_sub(names.len() as u64);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    SMALL.wrap(&names.join(", "), room, 6)
}

/// How a number of those who hold a stance reads.
fn word(value: Value) -> &'static str {
    match value {
        Value::Favor => "in favor",
        Value::Against => "against",
        Value::Mixed => "mixed",
        Value::Abstain => "abstaining",
        Value::Neutral => "neutral",
        Value::None => "without a stance",
    }
}
