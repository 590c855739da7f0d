//! Shapes: one for each tier of events, with the sign of their side in it, and one for each way of speaking of a claim.

use maud::{Markup, html};

use super::scale::px;
use crate::event::{Side, Speech, Tier};

/// Half the size of a shape.
pub(super) const RADIUS: f64 = 5.5;

/// The class that gives the colour of a side.
pub(super) fn class(side: Option<Side>) -> &'static str {
    match side {
        Some(Side::Favor) => "sl-favor",
        Some(Side::Against) => "sl-against",
        Some(Side::Neutral) => "sl-neutral",
        Some(Side::Abstain) => "sl-abstain",
        None => "sl-spoken",
    }
}

/// The outline of a tier's shape around a point.
pub(super) fn outline(tier: Tier, x: f64, y: f64, radius: f64) -> String {
    let (left, top, r, d) = (px(x - radius), px(y - radius), px(radius), px(2.0 * radius));
    match tier {
        Tier::Declared | Tier::Spoken => circle(left, px(y), r, d),
        Tier::Enacted => format!("M{} {}h{s}v{s}h-{s}z", px(left + 0.5), px(top + 0.5), s = px(d - 1.0)),
        Tier::Intended => format!("M{} {}l{s} {s}l-{s} {s}l-{s} -{s}z", px(x), px(y - radius - 0.8), s = px(radius + 0.8)),
        Tier::Implied => format!("M{} {}l{w} {h}h-{b}z", px(x), px(top - 1.2), w = px(radius + 1.2), h = px(d + 0.8), b = px(d + 2.4)),
        Tier::Contact => {
            let (s, e) = (px(1.2 * radius), px(0.6 * radius));
            format!("M{} {}l{s} {s}m0 -{s}l-{s} {s}", px(x - e), px(y - e))
        }
    }
}

fn circle(left: f64, y: f64, r: f64, d: f64) -> String {
    format!("M{left} {y}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z")
}

/// The sign of a side: a plus, a minus, a ring or a dot.
fn sign(side: Side, x: f64, y: f64) -> String {
    match side {
        Side::Favor => format!("M{} {}h6M{} {}v6", px(x - 3.0), px(y), px(x), px(y - 3.0)),
        Side::Against => format!("M{} {}h6", px(x - 3.0), px(y)),
        Side::Abstain => circle(px(x - 2.0), px(y), 2.0, 4.0),
        Side::Neutral => circle(px(x - 0.8), px(y), 0.8, 1.6),
    }
}

/// The mark of an event: its tier's shape in the colour and with the sign of its side.
pub(super) fn event(tier: Tier, side: Option<Side>, x: f64, y: f64) -> Markup {
    let path = outline(tier, x, y, RADIUS);
    // The middle of a triangle lies lower than that of its box.
    let middle = if tier == Tier::Implied { y + 1.6 } else { y };
    match tier {
        Tier::Declared | Tier::Enacted | Tier::Intended | Tier::Implied => html! {
            path class=(class(side)) d=(path) fill="currentColor" {}
            @if let Some(side) = side { path class="sl-sign" d=(sign(side, x, middle)) {} }
        },
        Tier::Spoken => html! { path class="sl-spoken sl-hollow" d=(path) stroke="currentColor" {} },
        Tier::Contact => html! { path class="sl-spoken" d=(path) fill="none" stroke="currentColor" stroke-width="1.6" {} },
    }
}

/// The mark of an utterance about a claim: hollow, as it is no event for or against anybody.
pub(super) fn speech(speech: Speech, x: f64, y: f64) -> Markup {
    let signed = |class: &str, path: String, side: Side| {
        html! {
            path class={ (class) " sl-hollow" } d=(path) stroke="currentColor" {}
            path class=(class) d=(sign(side, x, y)) fill="none" stroke="currentColor" stroke-width="1.4" {}
        }
    };
    let circle = |radius: f64| outline(Tier::Declared, x, y, radius);
    let hollow = |class: &str| html! { path class={ (class) " sl-hollow" } d=(circle(RADIUS)) stroke="currentColor" {} };
    match speech {
        Speech::Assert => signed("sl-favor", circle(RADIUS), Side::Favor),
        Speech::Confirm => html! {
            path class="sl-favor" d=(circle(RADIUS + 1.2)) fill="none" stroke="currentColor" {}
            (signed("sl-favor", circle(RADIUS - 0.8), Side::Favor))
        },
        Speech::Concede => signed("sl-favor", outline(Tier::Intended, x, y, RADIUS + 0.7), Side::Favor),
        Speech::Suggest => html! { (hollow("sl-abstain")) path class="sl-abstain" d=(circle(1.8)) fill="currentColor" {} },
        Speech::Deny => signed("sl-against", outline(Tier::Enacted, x, y, RADIUS), Side::Against),
        Speech::Question => html! {
            (hollow("sl-spoken"))
            path class="sl-spoken" d={ "M" (px(x - 1.7)) " " (px(y - 1.2)) "a1.7 1.7 0 1 1 1.7 1.7v1M" (px(x)) " " (px(y + 2.4)) "v1" } fill="none" stroke="currentColor" stroke-width="1.2" {}
        },
        Speech::Comment => {
            html! { (hollow("sl-spoken")) path class="sl-spoken" d={ "M" (px(x - 2.5)) " " (px(y)) "h5" } stroke="currentColor" stroke-width="1.2" stroke-dasharray="1.2 0.7" {} }
        }
        Speech::Withdraw => {
            html! { path class="sl-neutral" d=(outline(Tier::Contact, x, y, RADIUS + 1.5)) fill="none" stroke="currentColor" stroke-width="2" {} }
        }
    }
}
