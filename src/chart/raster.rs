//! Pixels: a chart as PNG, drawn with the fonts of the machine or with one that is given.

use std::path::Path;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{FontResolver, Options, Tree, fontdb};

use super::error::Error;
use super::picture::{Chart, Theme};

/// Pixels for each unit of length: screens are dense nowadays, and text stays sharp in print.
const DENSITY: f32 = 2.0;
/// Families to write with, the first that is there.
const FAMILIES: [&str; 7] = ["DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica", "Segoe UI", "Roboto"];

/// The fonts that text is drawn with.
pub struct Fonts {
    database: Arc<fontdb::Database>,
    /// The faces of the font that was asked for: they go before all others.
    asked: Vec<fontdb::ID>,
}

impl Fonts {
    /// The fonts of the machine, and before them the one in a file.
    ///
    /// # Errors
    /// [`Error::NoFont`], [`Error::Unreadable`], [`Error::NotAFont`].
    pub fn load(file: Option<&Path>) -> Result<Self, Error> {
        let mut database = fontdb::Database::new();
        let mut asked = Vec::new();
        if let Some(path) = file {
            let bytes = std::fs::read(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
            asked.extend(database.load_font_source(fontdb::Source::Binary(Arc::new(bytes))));
            if asked.is_empty() {
                return Err(Error::NotAFont { path: path.to_owned() });
            }
        }
        database.load_system_fonts();
        Self::of(database, asked)
    }

    fn of(mut database: fontdb::Database, asked: Vec<fontdb::ID>) -> Result<Self, Error> {
        let families = |face: &fontdb::FaceInfo| face.families.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let known: Vec<String> = database.faces().flat_map(families).collect();
        let usual = FAMILIES.iter().find(|family| known.iter().any(|name| name == *family)).map(|family| (*family).to_owned());
        let Some(family) = usual.or_else(|| known.into_iter().next()) else { return Err(Error::NoFont) };
        database.set_sans_serif_family(family);
        Ok(Self { database: Arc::new(database), asked })
    }

    fn resolver(&self) -> FontResolver<'static> {
        if self.asked.is_empty() {
            return FontResolver::default();
        }
        let (asked, usual) = (self.asked.clone(), FontResolver::default_font_selector());
        let select_font = move |font: &resvg::usvg::Font, database: &mut Arc<fontdb::Database>| {
            let far = |id: &&fontdb::ID| database.face(**id).map_or(u16::MAX, |face| face.weight.0.abs_diff(font.weight()));
            asked.iter().min_by_key(far).copied().or_else(|| usual(font, database))
        };
        FontResolver { select_font: Box::new(select_font), select_fallback: FontResolver::default_fallback_selector() }
    }
}

/// The chart as PNG, two pixels for each unit of its width.
///
/// # Errors
/// [`Error::Undrawable`].
pub fn png(chart: &Chart, theme: Theme, fonts: &Fonts) -> Result<Vec<u8>, Error> {
    let undrawable = |reason: String| Error::Undrawable { reason };
    let theme = match theme {
        Theme::Light | Theme::Auto => Theme::Light,
        Theme::Dark => Theme::Dark,
    };
    let options = Options { fontdb: Arc::clone(&fonts.database), font_resolver: fonts.resolver(), ..Options::default() };
    let tree = Tree::from_str(&chart.standalone(theme), &options).map_err(|error| undrawable(error.to_string()))?;
    let size = tree.size().to_int_size().scale_by(DENSITY).ok_or_else(|| undrawable("it is too large".to_owned()))?;
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or_else(|| undrawable("it is too large".to_owned()))?;
    resvg::render(&tree, Transform::from_scale(DENSITY, DENSITY), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| undrawable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_fonts_is_told_so() {
        assert!(matches!(Fonts::of(fontdb::Database::new(), Vec::new()), Err(Error::NoFont)));
    }
}
