//! Stacked steps: how many hold which stance, one above another through time.

use maud::{Markup, html};

use super::measure::SMALL;
use super::paint::Paint;
use super::scale::{Scale, px};
use super::text::{Anchor, anchored};
use crate::ledger::TallyPoint;
use crate::stance::Value;

/// From the bottom to the top: the two sides stand apart.
pub(super) const ORDER: [Value; 5] = [Value::Favor, Value::Mixed, Value::Abstain, Value::Neutral, Value::Against];
/// Steps are no narrower than this.
const STEP: f64 = 1.5;

/// One step on the paper: from where on, and how many hold each stance of [`ORDER`].
struct Step {
    x: f64,
    counts: [u64; 5],
}

/// What the picture reaches up to.
pub(super) fn most(points: &[TallyPoint]) -> u64 {
    points.iter().map(TallyPoint::total).max().unwrap_or(0).max(1)
}

/// The points as steps: the last one within each stretch of [`STEP`].
fn steps(points: &[TallyPoint], scale: &Scale) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for point in points {
        let x = px(scale.left + ((scale.day(point.at) - scale.left) / STEP).floor() * STEP);
        let counts = ORDER.map(|value| point.count(value));
        match steps.last_mut() {
            Some(last) if last.x >= x => last.counts = counts,
            Some(_) | None => steps.push(Step { x, counts }),
        }
    }
    steps
}

/// The areas, drawn between `top` and `bottom`.
pub(super) fn areas(points: &[TallyPoint], scale: &Scale, top: f64, bottom: f64, prefix: &str) -> Markup {
    let (steps, most) = (steps(points, scale), most(points) as f64);
    let level = |counts: &[u64]| px(bottom - counts.iter().sum::<u64>() as f64 / most * (bottom - top));
    let edge = |below: usize| steps.iter().map(|step| (step.x, level(&step.counts[..below]))).collect::<Vec<(f64, f64)>>();
    html! {
        @for (index, value) in ORDER.iter().enumerate() {
            @if let Some(paint) = Paint::of(*value).filter(|_| steps.iter().any(|step| step.counts[index] > 0)) {
                @let (upper, lower) = (edge(index + 1), edge(index));
                path class=(paint.class()) d=(area(&upper, &lower, scale.right)) fill=(paint.fill(prefix)) {}
                path class=(paint.class()) d=(crest(&upper, &lower, scale.right)) fill="none" stroke="currentColor" stroke-width="1.2" {}
            }
        }
    }
}

/// The outline of an area: along its upper steps, and back along its lower ones.
fn area(upper: &[(f64, f64)], lower: &[(f64, f64)], right: f64) -> String {
    let mut path = String::new();
    for (index, (x, y)) in upper.iter().enumerate() {
        match index.checked_sub(1).map(|before| upper[before].1) {
            None => path.push_str(&format!("M{x} {y}")),
            Some(before) if before == *y => {}
            Some(_) => path.push_str(&format!("H{x}V{y}")),
        }
    }
    path.push_str(&format!("H{}", px(right)));
    for (index, (x, y)) in lower.iter().enumerate().rev() {
        if lower.get(index + 1).is_none_or(|after| after.1 != *y) {
            path.push_str(&format!("V{y}"));
        }
        if index == 0 || lower[index - 1].1 != *y {
            path.push_str(&format!("H{x}"));
        }
    }
    path.push('z');
    path
}

/// The upper edge, where there is something below it.
fn crest(upper: &[(f64, f64)], lower: &[(f64, f64)], right: f64) -> String {
    let mut path = String::new();
    let mut drawn_at = None;
    let ends = upper.iter().skip(1).map(|(x, _)| *x).chain([px(right)]);
    for (((x, high), (_, low)), end) in upper.iter().zip(lower).zip(ends) {
        match drawn_at {
            _ if high == low => drawn_at = None,
            Some(level) if level == *high => path.push_str(&format!("H{end}")),
            Some(_) => path.push_str(&format!("V{high}H{end}")),
            None => path.push_str(&format!("M{x} {low}V{high}H{end}")),
        }
        if high != low {
            drawn_at = Some(*high);
        }
    }
    path
}

/// Round numbers up to the most, with lines across.
pub(super) fn levels(points: &[TallyPoint], scale: &Scale, top: f64, bottom: f64) -> Markup {
    let most = most(points);
    let rounds = (0..18).flat_map(|tens| [1, 2, 5].map(|times| times * 10_u64.pow(tens)));
    let step = rounds.into_iter().find(|step| most / step <= 5).unwrap_or(most);
    html! {
        @for level in (0..=most / step).map(|times| times * step) {
            @let y = bottom - level as f64 / most as f64 * (bottom - top);
            path class="sl-grid" d={ "M" (px(scale.left)) " " (px(y)) "H" (px(scale.right)) } {}
            (anchored(scale.left - 6.0, y + 4.0, Anchor::End, "sl-small sl-faint", &level.to_string()))
        }
    }
}

/// How wide the numbers beside the picture are.
pub(super) fn levels_width(points: &[TallyPoint]) -> f64 {
    SMALL.width(&most(points).to_string()) + 8.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_go_along_steps_and_back() {
        let (upper, lower) = ([(0.0, 8.0), (5.0, 6.0), (7.0, 6.0)], [(0.0, 10.0), (5.0, 10.0), (7.0, 9.0)]);
        assert_eq!(area(&upper, &lower, 9.0), "M0 8H5V6H9V9H7V10H0z");
        assert_eq!(crest(&upper, &lower, 9.0), "M0 10V8H5V6H7H9");
    }
}
