//! A finished chart: on a page, where the page's style sheet paints it, or on its own with a style for a theme.

use maud::{Markup, PreEscaped, Render, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::paint::patterns;
use super::scale::px;
use crate::event::words;

/// The style sheet of charts on a page. Every class begins with `sl-`; a chart carries no style of its own there.
pub const STYLE: &str = concat!(include_str!("light.css"), "@media (prefers-color-scheme:dark){\n", include_str!("dark.css"), "}\n");
/// The same for light paper alone, and what dark paper changes.
const LIGHT: &str = include_str!("light.css");
const DARK: &str = include_str!("dark.css");

/// The widths that charts can be made for, in pixels: from a phone to a poster.
pub const WIDTHS: std::ops::RangeInclusive<u32> = 320..=4000;

words! {
    /// The paper that a chart is made for.
    Theme {
        /// Dark on light.
        Light = "light",
        /// Light on dark.
        Dark = "dark",
        /// As the reader's device wants it; light where nothing is known of that.
        Auto = "auto",
    }
}

/// For what a chart is made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// How wide it is, in pixels; brought into [`WIDTHS`].
    pub width: u32,
    /// What all its ids begin with: another for each chart of one page. Letters, digits and `-`, a letter first.
    pub prefix: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { width: 960, prefix: "chart".to_owned() }
    }
}

/// A finished chart.
pub struct Chart {
    pub(super) prefix: String,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) body: Markup,
}

impl Chart {
    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it shows, in plain sentences.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The chart as an element of a page that has [`STYLE`].
    pub fn inline(&self) -> Markup {
        self.element(None)
    }

    /// The chart as a file, in UTF-8.
    pub fn standalone(&self, theme: Theme) -> String {
        let style = match theme {
            Theme::Light => LIGHT.to_owned(),
            Theme::Dark => format!("{LIGHT}{DARK}"),
            Theme::Auto => STYLE.to_owned(),
        };
        let mut file = self.element(Some(&style)).into_string();
        file.push('\n');
        file
    }

    fn element(&self, style: Option<&str>) -> Markup {
        let (title, description) = (format!("{}-title", self.prefix), format!("{}-desc", self.prefix));
        let (width, height) = (px(self.width), px(self.height));
        html! {
            svg xmlns="http://www.w3.org/2000/svg" class="sl-chart" role="img" aria-labelledby={ (title) " " (description) }
                width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } {
                title id=(title) { (self.title) }
                desc id=(description) { (self.description) }
                @if let Some(style) = style { style { (PreEscaped(style)) } }
                defs { (patterns(&self.prefix)) }
                @if style.is_some() { rect class="sl-paper" width=(width) height=(height) {} }
                (self.body)
            }
        }
    }
}

impl Render for Chart {
    fn render(&self) -> Markup {
        self.inline()
    }
}
