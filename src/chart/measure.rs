//! How much room a text takes, guessed so that it never takes more, and texts cut and broken to the room that there is.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

use crate::event::printable;

/// Hundredths of the size that the characters from the blank to `~` take in DejaVu Sans, the widest of the usual fonts.
const ASCII: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53, 100,
    68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63,
    55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];
/// How much wider bold text is at most.
const BOLD: f64 = 1.16;
/// Of a text of others, more than this is never looked at.
const CHARS_MAX: usize = 400;

/// A size of text, and whether it is bold.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Type {
    pub(super) size: f64,
    bold: bool,
}

/// The types of a chart, as the style sheet has them.
pub(super) const TITLE: Type = Type { size: 18.0, bold: true };
pub(super) const NAME: Type = Type { size: 13.0, bold: true };
pub(super) const PLAIN: Type = Type { size: 12.0, bold: false };
pub(super) const SMALL: Type = Type { size: 11.0, bold: false };

impl Type {
    /// How wide a text is at most.
    pub(super) fn width(self, text: &str) -> f64 {
        let hundredths: u32 = text.chars().map(hundredths).sum();
        f64::from(hundredths) / 100.0 * self.size * if self.bold { BOLD } else { 1.0 }
    }

    /// How far lines are apart.
    pub(super) fn line(self) -> f64 {
        (self.size * 1.35).round()
    }

    /// The text, cut with … where it is wider than the room.
    pub(super) fn cut(self, text: &str, room: f64) -> String {
        if self.width(text) <= room {
            return text.to_owned();
        }
        let (mut kept, mut used) = (String::new(), self.width("…"));
        for c in text.chars() {
            used += self.width(c.encode_utf8(&mut [0; 4]));
            if used > room {
                break;
            }
            kept.push(c);
        }
        format!("{}…", kept.trim_end())
    }

    /// The text in at most so many lines, broken between words where that is possible, the last one cut.
    pub(super) fn wrap(self, text: &str, room: f64, lines_max: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() && lines.len() + 1 < lines_max && self.width(rest) > room {
            let fits = self.prefix(rest, room);
            // A word that no line has room for is broken anywhere.
            let end = rest[..fits].rfind(char::is_whitespace).filter(|_| !rest[fits..].starts_with(char::is_whitespace)).unwrap_or(fits);
            lines.push(rest[..end].trim_end().to_owned());
            rest = rest[end..].trim_start();
        }
        if !rest.is_empty() {
            lines.push(self.cut(rest, room));
        }
        lines
    }

    /// How many bytes of a text a line has room for; never none.
    fn prefix(self, text: &str, room: f64) -> usize {
        let mut used = 0.0;
        for (index, c) in text.char_indices() {
            used += self.width(c.encode_utf8(&mut [0; 4]));
            if used > room && index > 0 {
                return index;
            }
        }
        text.len()
    }
}

fn hundredths(c: char) -> u32 {
    if let Some(width) = u32::from(c).checked_sub(32).and_then(|index| ASCII.get(index as usize)) {
        return u32::from(*width);
    }
    match c.width() {
        None | Some(0) => 0,
        Some(1) if c == '…' => 100,
        Some(1) if c.is_uppercase() => 95,
        Some(1) if c.is_lowercase() => 72,
        Some(1) => 80,
        Some(_) => 110,
    }
}

/// A text of others: its beginning, with what neither people nor XML can read made visible.
pub(super) fn said(text: &str) -> String {
    beginning(text, CHARS_MAX)
}

fn beginning(text: &str, chars_max: usize) -> String {
    let beginning: String = text.chars().take(chars_max).collect();
    let cut = if beginning.len() < text.len() { "…" } else { "" };
    let shown = printable(&beginning).replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}");
    format!("{shown}{cut}")
}

/// So many characters of a name in a title, so that the words around it have room.
const TITLED_MAX: usize = 36;

/// A name in a title: its beginning where it is long.
pub(super) fn titled(name: &str) -> String {
    isolated(&beginning(name, TITLED_MAX)).into_owned()
}

/// The text, set apart from the text around it where it runs from right to left.
pub(super) fn isolated(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_right_to_left) { Cow::Owned(format!("\u{2068}{text}\u{2069}")) } else { Cow::Borrowed(text) }
}

fn is_right_to_left(c: char) -> bool {
    matches!(u32::from(c), 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_and_broken_to_the_room() {
        assert_eq!(PLAIN.cut("short", 100.0), "short");
        let cut = PLAIN.cut("a name that is much too long for this", 100.0);
        assert!(cut.ends_with('…') && PLAIN.width(&cut) <= 100.0, "{cut}");
        let lines = PLAIN.wrap("one two three four five six", 70.0, 2);
        assert!(lines.len() == 2 && lines[0] == "one two" && lines[1].ends_with('…'), "{lines:?}");
        let broken = PLAIN.wrap(&"x".repeat(50), 70.0, 5);
        assert!(broken.len() > 2 && broken.iter().all(|line| PLAIN.width(line) <= 70.0), "{broken:?}");
    }

    #[test]
    fn texts_of_others_are_bounded_and_visible() {
        assert_eq!(said("a\u{202e}b\0"), "a\\u{202e}b\\u{0}");
        assert_eq!(said("a\u{ffff}"), "a\\u{ffff}");
        assert_eq!(said(&"x".repeat(1 << 20)).chars().count(), CHARS_MAX + 1);
        assert_eq!(titled("Kyiv"), "Kyiv");
        assert_eq!(titled(&"x".repeat(37)), format!("{}…", "x".repeat(36)));
        assert_eq!(titled("روسيا"), "\u{2068}روسيا\u{2069}");
        assert_eq!(isolated("Kyiv"), "Kyiv");
        assert_eq!(isolated("روسيا"), "\u{2068}روسيا\u{2069}");
    }
}
