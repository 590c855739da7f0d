//! Answers as SVG: who stood where through time, how the numbers moved, what became of a claim.
//!
//! Promises:
//! - chart-1: the same answer gives the same bytes.
//! - chart-2: nothing is told by colour alone: a pattern, a shape, a place or a word tells it too.
//! - chart-3: what others wrote comes out as text, cut where it is long, and never as markup.
//! - chart-4: a chart for a page has no script, no style of its own and no id without the given prefix.
//! - chart-5: the picture does not grow with the number of events: what does not fit is drawn together, and that is said.
//!
//! Not here: finding answers (`ledger`), writing files (`cli`).

mod error;
mod measure;
mod scale;
mod tick;
mod paint;
mod shape;
mod text;
mod seen;
mod sheet;
mod legend;
mod held;
mod events;
mod lane;
mod role;
mod allegation;
mod utterance;
mod telling;
mod history;
mod stack;
mod sides;
mod voice;
mod claim;
mod picture;
mod raster;

pub use claim::claim;
pub use error::Error;
pub use history::history;
pub use picture::{Chart, Options, STYLE, Theme, WIDTHS};
pub use raster::{Fonts, png};
pub use seen::Seen;
pub use sides::sides;

/// How many targets a history shows at most: as many as `Ledger::lanes` should be asked for.
pub const LANES: usize = 12;
/// How many names of each side the picture of numbers shows at most: as many as `Ledger::numbers` should be asked for.
pub const NAMES: usize = 5;
