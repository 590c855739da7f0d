//! Lines of text on the paper.

use maud::{Markup, html};

use super::measure::isolated;
use super::scale::px;

/// Which part of a line stands at its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn word(self) -> Option<&'static str> {
        match self {
            Anchor::Start => None,
            Anchor::Middle => Some("middle"),
            Anchor::End => Some("end"),
        }
    }
}

/// A line that begins at a place.
pub(super) fn line(x: f64, y: f64, class: &str, text: &str) -> Markup {
    anchored(x, y, Anchor::Start, class, text)
}

/// A line that stands at a place as it is anchored.
pub(super) fn anchored(x: f64, y: f64, anchor: Anchor, class: &str, text: &str) -> Markup {
    html! { text class=(class) x=(px(x)) y=(px(y)) text-anchor=[anchor.word()] { (isolated(text)) } }
}
