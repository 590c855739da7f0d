//! Paints: a colour and a pattern for each stance, so that either of them alone tells it.

use maud::{Markup, html};

use crate::stance::{Status, Value};

/// A colour with its pattern.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Paint {
    /// Full.
    Favor,
    /// Slanting stripes.
    Against,
    /// Upright stripes.
    Mixed,
    /// Dots.
    Abstain,
    /// Lines that lie.
    Neutral,
    /// Crossed lines: stances that change too often to be drawn one by one.
    Often,
}

impl Paint {
    /// The paint of a stance; `none` has none.
    pub(super) fn of(value: Value) -> Option<Paint> {
        match value {
            Value::Favor => Some(Paint::Favor),
            Value::Against => Some(Paint::Against),
            Value::Mixed => Some(Paint::Mixed),
            Value::Abstain => Some(Paint::Abstain),
            Value::Neutral => Some(Paint::Neutral),
            Value::None => None,
        }
    }

    /// The paint of where a claim stands; an open one has none.
    pub(super) fn of_status(status: Status) -> Option<Paint> {
        match status {
            Status::Asserted | Status::Corroborated | Status::Conceded => Some(Paint::Favor),
            Status::Denied => Some(Paint::Against),
            Status::Disputed => Some(Paint::Mixed),
            Status::Suggested => Some(Paint::Abstain),
            Status::Withdrawn => Some(Paint::Neutral),
            Status::Open => None,
        }
    }

    /// The class that gives the colour.
    pub(super) fn class(self) -> &'static str {
        match self {
            Paint::Favor => "sl-favor",
            Paint::Against => "sl-against",
            Paint::Mixed => "sl-mixed",
            Paint::Abstain => "sl-abstain",
            Paint::Neutral => "sl-neutral",
            Paint::Often => "sl-often",
        }
    }

    /// The id of its pattern in a chart.
    fn id(self, prefix: &str) -> String {
        self.class().replacen("sl", prefix, 1)
    }

    /// What an area is filled with.
    pub(super) fn fill(self, prefix: &str) -> String {
        match self {
            Paint::Favor => "currentColor".to_owned(),
            Paint::Against | Paint::Mixed | Paint::Abstain | Paint::Neutral | Paint::Often => format!("url(#{})", self.id(prefix)),
        }
    }
}

/// The patterns that fills refer to.
pub(super) fn patterns(prefix: &str) -> Markup {
    let pattern = |paint: Paint, size: u32, turned: Option<&str>, figure: Markup| {
        html! {
            pattern id=(paint.id(prefix)) class=(paint.class()) width=(size) height=(size) patternUnits="userSpaceOnUse" patternTransform=[turned] {
                (figure)
            }
        }
    };
    let ground = |size: u32, paint: Paint| html! { rect class=(paint.class()) width=(size) height=(size) fill="currentColor" {} };
    let paper = |width: f64, height: f64| html! { rect class="sl-paper" width=(width) height=(height) {} };
    html! {
        (pattern(Paint::Against, 6, Some("rotate(45)"), html! { (ground(6, Paint::Against)) (paper(2.4, 6.0)) }))
        (pattern(Paint::Mixed, 6, None, html! { (ground(6, Paint::Mixed)) (paper(2.6, 6.0)) }))
        (pattern(Paint::Abstain, 5, None, html! { (paper(5.0, 5.0)) circle class=(Paint::Abstain.class()) cx="2.5" cy="2.5" r="1.5" fill="currentColor" {} }))
        (pattern(Paint::Neutral, 4, None, html! { (paper(4.0, 4.0)) rect class=(Paint::Neutral.class()) y="1.5" width="4" height="1" fill="currentColor" {} }))
        (pattern(Paint::Often, 5, Some("rotate(45)"), html! {
            (paper(5.0, 5.0)) path class=(Paint::Often.class()) d="M0 2.5h5M2.5 0v5" stroke="currentColor" stroke-width="1.2" {}
        }))
    }
}
