//! The sheet of a chart: its title and caption, rows under one axis of time, the legend, and where it is from.

use maud::{Markup, html};

use super::legend::{Legend, SAMPLE};
use super::measure::{PLAIN, SMALL, TITLE, Type};
use super::picture::{Chart, Options, WIDTHS};
use super::scale::{Scale, Stretch, px};
use super::seen::Seen;
use super::text::{Anchor, anchored, line};
use super::tick::{Tick, ticks};

/// The air around everything.
pub(super) const MARGIN: f64 = 16.0;
/// From this width on, names stand beside the picture; below it, above.
const WIDE: f64 = 640.0;
/// The height of the axis.
pub(super) const AXIS: f64 = 22.0;

/// Something drawn from its own top left corner on, and how high it is.
pub(super) struct Drawn {
    pub(super) body: Markup,
    pub(super) height: f64,
}

/// A sheet while it fills from top to bottom.
pub(super) struct Sheet {
    prefix: String,
    width: f64,
    y: f64,
    parts: Vec<Markup>,
}

impl Sheet {
    /// An empty sheet.
    pub(super) fn of(options: &Options) -> Self {
        let width = options.width.clamp(*WIDTHS.start(), *WIDTHS.end());
        Self { prefix: options.prefix.clone(), width: f64::from(width), y: MARGIN, parts: Vec::new() }
    }

    /// What its ids begin with.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// How wide what stands on it may be.
    pub(super) fn room(&self) -> f64 {
        self.width - 2.0 * MARGIN
    }

    /// Whether names have room beside the picture.
    pub(super) fn is_wide(&self) -> bool {
        self.width >= WIDE
    }

    /// How wide the column of names is; nothing where they stand above.
    pub(super) fn column(&self) -> f64 {
        if self.is_wide() { (self.room() * 0.22).clamp(150.0, 240.0).round() } else { 0.0 }
    }

    /// The place of the picture beside the column of names.
    pub(super) fn scale(&self, stretch: Stretch) -> Scale {
        let column = self.column();
        let left = if column > 0.0 { MARGIN + column + 16.0 } else { MARGIN };
        stretch.between(left, self.width - MARGIN)
    }

    /// Writes the title, and what is looked at under it.
    pub(super) fn head(&mut self, title: &str, caption: &str) {
        self.paragraph(title, TITLE, "sl-title", 5);
        self.y += 2.0;
        self.paragraph(caption, PLAIN, "sl-plain sl-faint", 4);
        self.y += 10.0;
    }

    /// Writes a text over the whole width.
    pub(super) fn paragraph(&mut self, text: &str, size: Type, class: &str, lines_max: usize) {
        for one in size.wrap(text, self.room(), lines_max) {
            self.y += size.line();
            self.parts.push(line(MARGIN, self.y - size.size * 0.28, class, &one));
        }
    }

    /// Leaves some room free.
    pub(super) fn space(&mut self, height: f64) {
        self.y += height;
    }

    /// Puts something down as it is.
    pub(super) fn put(&mut self, drawn: Drawn) {
        self.parts.push(html! { g transform={ "translate(0 " (px(self.y)) ")" } { (drawn.body) } });
        self.y += drawn.height;
    }

    /// Puts rows down under an axis, one below another, with the lines of the axis behind them.
    pub(super) fn rows(&mut self, scale: &Scale, rows: Vec<Drawn>) {
        let (top, edge) = (self.y + AXIS, px(self.width - MARGIN));
        let bottom = top + rows.iter().map(|row| row.height).sum::<f64>();
        let ticks = ticks(scale);
        self.parts.push(html! {
            (uprights(&ticks, top - 4.0, bottom))
            (labels(&ticks, scale, top - 8.0))
            path class="sl-rule" d={ "M" (px(scale.left)) " " (px(top)) "H" (px(scale.right)) } {}
        });
        self.y = top;
        for (index, row) in rows.into_iter().enumerate() {
            if index > 0 {
                self.parts.push(html! { path class="sl-grid" d={ "M" (MARGIN) " " (px(self.y)) "H" (edge) } {} });
            }
            self.parts.push(html! { g class="sl-lane" transform={ "translate(0 " (px(self.y)) ")" } { (row.body) } });
            self.y += row.height;
        }
        self.parts.push(html! { path class="sl-rule" d={ "M" (MARGIN) " " (px(self.y)) "H" (edge) } {} });
        self.y += 8.0;
    }

    /// Explains the signs that the picture uses.
    pub(super) fn legend(&mut self, legend: &Legend) {
        let (mut x, step) = (MARGIN, 18.0);
        for (index, (sample, words)) in legend.entries().enumerate() {
            let words = SMALL.cut(words, self.room() - SAMPLE - 6.0);
            let wide = SAMPLE + 6.0 + SMALL.width(&words);
            if index == 0 || x + wide > self.width - MARGIN {
                (x, self.y) = (MARGIN, self.y + step);
            }
            self.parts.push(html! {
                g transform={ "translate(" (px(x)) " " (px(self.y - 10.0)) ")" } { (sample) }
                (line(x + SAMPLE + 6.0, self.y, "sl-small", &words))
            });
            x += wide + 14.0;
        }
        self.y += 6.0;
    }

    /// Says where the picture is from, and finishes it.
    pub(super) fn finish(mut self, title: String, description: String, seen: &Seen) -> Chart {
        self.y += 16.0;
        self.parts.push(anchored(self.width - MARGIN, self.y, Anchor::End, "sl-small sl-faint", &seen.source()));
        let body = html! { @for part in &self.parts { (part) } };
        Chart { prefix: self.prefix, width: self.width, height: (self.y + MARGIN - 4.0).ceil(), title, description, body }
    }
}

/// The lines of ticks, from top to bottom.
pub(super) fn uprights(ticks: &[Tick], top: f64, bottom: f64) -> Markup {
    let lines: String = ticks.iter().map(|tick| format!("M{} {}V{}", px(tick.x), px(top), px(bottom))).collect();
    html! { @if !lines.is_empty() { path class="sl-grid" d=(lines) {} } }
}

/// The labels of ticks, each moved so that it stays within the scale, and left out where it would touch the one before.
pub(super) fn labels(ticks: &[Tick], scale: &Scale, y: f64) -> Markup {
    let mut end = f64::MIN;
    let mut placed = Vec::new();
    for tick in ticks {
        let half = SMALL.width(&tick.label) / 2.0;
        let (x, anchor) = if tick.x - half < scale.left {
            (scale.left, Anchor::Start)
        } else if tick.x + half > scale.right {
            (scale.right, Anchor::End)
        } else {
            (tick.x, Anchor::Middle)
        };
        let from = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - half,
            Anchor::End => x - 2.0 * half,
        };
        if from > end {
            placed.push(anchored(x, y, anchor, "sl-small sl-faint", &tick.label));
            end = from + 2.0 * half + 2.0;
        }
    }
    html! { @for label in &placed { (label) } }
}
