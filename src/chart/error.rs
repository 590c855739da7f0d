//! What can go wrong when a picture becomes pixels.

use std::path::PathBuf;

/// Why a chart could not be drawn as pixels.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No font is installed.
    #[error("no font is installed to write the picture's text with")]
    NoFont,
    /// The file that is to hold a font cannot be read.
    #[error("cannot read the font {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file that is to hold a font holds none.
    #[error("{} holds no font; expected TrueType or OpenType (.ttf, .otf, .ttc)", path.display())]
    NotAFont {
        /// The file.
        path: PathBuf,
    },
    /// The renderer does not take the picture.
    #[error("cannot draw the picture as pixels: {reason}")]
    Undrawable {
        /// Why.
        reason: String,
    },
}
