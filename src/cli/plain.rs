//! Makes text of the user's harmless: what could move the cursor, ring a bell or turn the reading order is shown as
//! an escape, never done.

use std::borrow::Cow;
use std::fmt::Write;

pub(super) use crate::event::{is_treacherous, printable};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// JSON with the same meaning, in which treacherous characters are written as JSON's own escapes.
pub(super) fn json_safe(json: &str) -> Cow<'_, str> {
    // Below U+0080 JSON has escaped all but DEL, and outside strings there is nothing of the kind.
    if json.bytes().all(|byte| byte < 0x7f) || !json.chars().any(|c| is_treacherous(c) && c != '\n') {
        return Cow::Borrowed(json);
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_treacherous(c) && c != '\n' {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// The text in lines of at most so many columns, broken between words where that is possible.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(10);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        for piece in pieces(word, columns) {
            let room = columns.saturating_sub(line.width());
            if !line.is_empty() && piece.width() + 1 > room {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&piece);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A word in pieces that fit into so many columns.
fn pieces(word: &str, columns: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut left = columns;
    for c in word.chars() {
        let width = c.width().unwrap_or(0);
        if width > left {
            pieces.push(String::new());
            left = columns;
        }
        left -= width;
        if let Some(last) = pieces.last_mut() {
            last.push(c);
        }
    }
    pieces
}

/// A word as a shell reads it back: quoted where it has to be.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "-_./:@,+=%".contains(c));
    if is_plain {
        return word.to_owned();
    }
    if !word.contains(['"', '$', '`', '\\', '!']) {
        return format!("\"{word}\"");
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A number with its noun.
pub(super) fn number(count: impl Into<u64>, one: &str, many: &str) -> String {
    match count.into() {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn treacherous_characters_are_shown_and_never_done() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c\u{9b}d\ne"), "a\\u{1b}[31mb\\u{202e}c\\u{9b}d e");
        assert_eq!(printable("Zoë 中文 🙂"), "Zoë 中文 🙂");
        let json = serde_json::to_string("x\u{202e}\u{7f}\u{e0041}").unwrap();
        let safe = json_safe(&json);
        assert_eq!(safe, r#""x\u202e\u007f\udb40\udc41""#);
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), "x\u{202e}\u{7f}\u{e0041}");
    }

    #[test]
    fn text_is_wrapped_by_columns() {
        assert_eq!(wrapped("one two  three", 10), ["one two", "three"]);
        assert_eq!(wrapped("abcdefghijklmno", 10), ["abcdefghij", "klmno"]);
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("kyiv"), "kyiv");
        assert_eq!(quoted("Boris Johnson"), "\"Boris Johnson\"");
        assert_eq!(quoted("a$b's"), "'a$b'\\''s'");
        assert_eq!(quoted("--on"), "--on");
    }
}
