//! What others say that an actor did: apart from what it did, each with who says so.

use maud::{Markup, html};

use super::events::{at, bounds, span};
use super::legend::{Legend, Sign};
use super::measure::{SMALL, isolated, said};
use super::scale::Scale;
use super::shape::{self, RADIUS};
use super::sheet::Drawn;
use super::text::line;
use crate::event::Tier;
use crate::ledger::{AllegedItem, Lanes};

/// How many are shown.
const SHOWN: usize = 8;

/// What others say; nothing where nobody does.
pub(super) fn allegations(lanes: &Lanes, scale: &Scale, legend: &mut Legend) -> Option<Drawn> {
    if lanes.alleged.is_empty() {
        return None;
    }
    legend.uses(Sign::Alleged);
    let (mut height, mut parts) = (0.0, Vec::new());
    for one in lanes.alleged.iter().take(SHOWN) {
        let drawn = allegation(one, lanes, height, scale, legend);
        height += drawn.height;
        parts.push(drawn.body);
    }
    let more = lanes.alleged.len().saturating_sub(SHOWN);
    if more > 0 {
        height += SMALL.line();
        parts.push(line(scale.left, height - 4.0, "sl-small sl-faint", &format!("and {more} more")));
    }
    Some(Drawn { body: html! { @for part in &parts { (part) } }, height })
}

fn allegation(one: &AllegedItem, lanes: &Lanes, y: f64, scale: &Scale, legend: &mut Legend) -> Drawn {
    let (earliest, latest) = bounds(one.occurred.as_deref());
    let x = at(earliest, scale);
    let lines = SMALL.wrap(&told(one, lanes), scale.width(), 3);
    let wide = lines.iter().map(|one| SMALL.width(one)).fold(0.0, f64::max);
    let words_at = (x - RADIUS).min(scale.right - wide).max(scale.left);
    let middle = y + lines.len() as f64 * SMALL.line() + 9.0;
    let body: Markup = html! {
        @for (index, words) in lines.iter().enumerate() { (line(words_at, y + (index as f64 + 1.0) * SMALL.line() - 3.0, "sl-small", words)) }
        @if one.occurred.is_some() { (span(earliest, latest, middle, "sl-soft", scale, legend)) }
        path class="sl-ink sl-hollow" d=(shape::outline(Tier::Intended, x, middle, RADIUS)) stroke="currentColor" stroke-dasharray="2 1.5" {}
        @if one.occurred.is_none() { (line(x + RADIUS + 4.0, middle + 4.0, "sl-small sl-faint", "date not said")) }
    };
    Drawn { body, height: middle + 11.0 - y }
}

/// What is said, by whom, and who denies it.
pub(super) fn told(one: &AllegedItem, lanes: &Lanes) -> String {
    let name = |slug: &String| isolated(&said(lanes.names.get(slug).unwrap_or(slug))).into_owned();
    let who = |slugs: &[String]| match slugs {
        [] => "nobody".to_owned(),
        [one] => name(one),
        [first, rest @ ..] => format!("{} and {} more", name(first), rest.len()),
    };
    let denied = if one.denied_by.is_empty() { String::new() } else { format!(", denied by {}", who(&one.denied_by)) };
    let action = said(&one.action.replace('-', " "));
    format!("{action} {}: said by {}{denied} ({})", name(&one.target), who(&one.alleged_by), one.status)
}
