//! The legend: each sign that a picture uses, once, with what it says.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::paint::Paint;
use super::shape::{self, RADIUS};
use crate::event::{Side, Speech, Tier};
use crate::stance::{Grade, Value};

/// How wide the sample of a sign is.
pub(super) const SAMPLE: f64 = 22.0;

/// What a legend explains.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Sign {
    /// A stance that is held.
    Stance(Value),
    /// Stances that change too often.
    Often,
    /// A stance that may have begun later.
    Soft,
    /// A change whose order is not known.
    Unknown,
    /// A change of side, and whether it is confirmed.
    Flip(Grade, bool),
    /// Flips that have no room for a flag.
    Unflagged,
    /// Words and deeds part.
    Gap,
    /// An event of a tier.
    Tier(Tier),
    /// The sign of a side.
    Side(Side),
    /// An event at some time within a span.
    Span,
    /// Many events in one row.
    Dense,
    /// An utterance about a claim.
    Speech(Speech),
    /// Something that others say was done.
    Alleged,
}

/// The signs that a picture uses.
pub(super) struct Legend {
    signs: BTreeSet<Sign>,
    prefix: String,
}

impl Legend {
    /// An empty legend of a chart whose ids begin so.
    pub(super) fn of(prefix: &str) -> Self {
        Self { signs: BTreeSet::new(), prefix: prefix.to_owned() }
    }

    /// Notes that a sign is used.
    pub(super) fn uses(&mut self, sign: Sign) {
        self.signs.insert(sign);
    }

    /// A sample of each sign, drawn into [`SAMPLE`] by 12, with what it says.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Markup, &'static str)> {
        self.signs.iter().map(|sign| (self.sample(*sign), words(*sign)))
    }

    fn swatch(&self, paint: Paint) -> Markup {
        html! { rect class=(paint.class()) x="1" y="1" width="20" height="10" fill=(paint.fill(&self.prefix)) stroke="currentColor" {} }
    }

    fn sample(&self, sign: Sign) -> Markup {
        let drawn = |path: &str| html! { path class="sl-ink" d=(path) fill="none" stroke="currentColor" stroke-width="1.4" {} };
        match sign {
            Sign::Stance(value) => html! { @if let Some(paint) = Paint::of(value) { (self.swatch(paint)) } },
            Sign::Often => self.swatch(Paint::Often),
            Sign::Soft => {
                html! { rect class="sl-ink" x="1" y="1" width="20" height="10" fill="currentColor" fill-opacity="0.25" stroke="currentColor" stroke-dasharray="3 2" {} }
            }
            Sign::Unknown => drawn("M2 2v5h18v-5"),
            Sign::Flip(grade, confirmed) => flag(6.0, 11.0, grade, confirmed),
            Sign::Gap => drawn("M2 6h18m-4 -3.5l4 3.5l-4 3.5M2 2v8M8 10l4 -8"),
            Sign::Unflagged => drawn("M3 6h3M9.5 6h3M16 6h3"),
            Sign::Tier(tier) => html! { g class="sl-ink" { (plain(tier)) } },
            Sign::Side(side) => shape::event(Tier::Declared, Some(side), 11.0, 6.0),
            Sign::Span => drawn("M2 6h18M2 3v6M20 3v6"),
            Sign::Dense => html! {
                path class="sl-favor" d="M3 0v5.5M7 0v5.5M14 0v5.5" stroke="currentColor" stroke-width="2" {}
                path class="sl-against" d="M10 6.5v5.5M14 6.5v5.5M18 6.5v5.5" stroke="currentColor" stroke-width="2" {}
            },
            Sign::Speech(speech) => shape::speech(speech, 11.0, 6.0),
            Sign::Alleged => {
                html! { path class="sl-ink sl-hollow" d=(shape::outline(Tier::Intended, 11.0, 6.0, RADIUS)) stroke="currentColor" stroke-dasharray="2 1.5" {} }
            }
        }
    }
}

/// The shape of a tier without a side.
fn plain(tier: Tier) -> Markup {
    match tier {
        Tier::Declared | Tier::Enacted | Tier::Intended | Tier::Implied => {
            html! { path d=(shape::outline(tier, 11.0, 6.0, RADIUS)) fill="currentColor" {} }
        }
        Tier::Spoken | Tier::Contact => shape::event(tier, None, 11.0, 6.0),
    }
}

/// A flag on a pole that stands on a point: full flips fly a flag, half ones a pennant; only confirmed ones are filled.
pub(super) fn flag(x: f64, foot: f64, grade: Grade, confirmed: bool) -> Markup {
    let top = foot - 10.0;
    let cloth = match grade {
        Grade::Full => format!("M{x} {top}h9l-2.5 3l2.5 3h-9z"),
        Grade::Half => format!("M{x} {top}l8 3l-8 3z"),
    };
    html! {
        path class="sl-ink" d={ "M" (x) " " (foot) "v-10" } fill="none" stroke="currentColor" stroke-width="1.4" {}
        path class="sl-ink" d=(cloth) fill=(if confirmed { "currentColor" } else { "none" }) stroke="currentColor" {}
    }
}

fn words(sign: Sign) -> &'static str {
    match sign {
        Sign::Stance(value) => value.word(),
        Sign::Often => "changes too often to draw",
        Sign::Soft => "may have begun later",
        Sign::Unknown => "order of events unknown",
        Sign::Flip(Grade::Full, true) => "flip",
        Sign::Flip(Grade::Full, false) => "flip, not confirmed",
        Sign::Flip(Grade::Half, true) => "half flip",
        Sign::Flip(Grade::Half, false) => "half flip, not confirmed",
        Sign::Unflagged => "more flips, with no room for a flag",
        Sign::Gap => "words and deeds part",
        Sign::Tier(tier) => tier.word(),
        Sign::Side(Side::Favor) => "event for it",
        Sign::Side(Side::Against) => "event against it",
        Sign::Side(Side::Neutral) => "event without a side",
        Sign::Side(Side::Abstain) => "abstains",
        Sign::Span => "some time within",
        Sign::Dense => "events for it (above), against it (below)",
        Sign::Speech(speech) => speech.word(),
        Sign::Alleged => "alleged",
    }
}
