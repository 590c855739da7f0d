//! Shows a line that was refused: where it stands, the words that are meant, what was expected, what comes near.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use unicode_width::UnicodeWidthStr;

use super::plain::is_treacherous;
use crate::event::{Refusal, span_of};
use crate::ledger::{BadLine, BadLineReason};

/// Why a line was refused, in the words that both kinds of reason share.
pub(super) fn refusal_of(bad: &BadLine) -> Refusal {
    match &bad.reason {
        BadLineReason::Refused(refusal) => refusal.clone(),
        BadLineReason::IdReused(id, seq) => {
            let said = format!("the log holds an event {id} with other content, at seq {seq}");
            Refusal { span: span_of(&bad.text, "id"), ..Refusal::field("id", said) }
        }
    }
}

/// The refusal as a picture of the line in so many columns.
pub(super) fn picture(file: &str, bad: &BadLine, columns: usize) -> String {
    let refusal = refusal_of(bad);
    let line = usize::try_from(bad.line).unwrap_or(usize::MAX);
    let gutter = bad.line.to_string().len() + 3;
    let span = refusal.span.clone().unwrap_or(0..bad.text.len());
    let (shown, span) = window(&bad.text, span, columns.saturating_sub(gutter).max(20));
    let columns_as = (shown[..span.start].chars().count() + 1, refusal.column(&bad.text).unwrap_or(1));
    let label = did_you_mean(&refusal.nearest);
    let message = readable(&refusal.message);
    let title = if refusal.field.is_empty() || refusal.message.contains(&refusal.field) {
        message
    } else {
        format!("{}: {message}", readable(&refusal.field))
    };
    let annotation = AnnotationKind::Primary.span(span).label(label);
    let snippet = Snippet::source(shown).path(file).line_start(line).annotation(annotation);
    let report = [Level::ERROR.primary_title(title).element(snippet)];
    // The line was cut to the width already; the renderer must not cut it once more.
    let picture = Renderer::plain().term_width(10 * columns.max(20)).render(&report);
    // The renderer counts columns in what it was given; the user counts them in the file.
    picture.replacen(&format!("{file}:{line}:{}\n", columns_as.0), &format!("{file}:{line}:{}\n", columns_as.1), 1)
}

fn did_you_mean(nearest: &[String]) -> Option<String> {
    let (last, others) = nearest.split_last()?;
    let others: Vec<String> = others.iter().map(|one| format!("`{}`", readable(one))).collect();
    let or = if others.is_empty() { "" } else { " or " };
    Some(format!("did you mean {}{or}`{}`?", others.join(", "), readable(last)))
}

/// One printable character for each that is not, so that places hold.
fn readable(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '\t' {
                ' '
            } else if is_treacherous(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

/// The part of a line around a span, at most so many columns wide, and the span in it.
fn window(text: &str, span: Range<usize>, columns: usize) -> (String, Range<usize>) {
    let start = floor(text, span.start);
    let end = floor(text, span.end.max(start)).max(next(text, start));
    // A third of the room stands before the span; what a short line leaves free goes to the other side.
    let from = if text.len() <= columns { 0 } else { reach(text[..start].chars().rev(), columns / 3, start, |at, len| at - len) };
    let before = readable(&text[from..start]);
    let front = if from > 0 { "…" } else { "" };
    let room = columns.saturating_sub(before.width() + 2);
    let to = reach(text[start..].chars(), room, start, |at, len| at + len).max(next(text, start));
    let (meant, after) = (readable(&text[start..end.min(to)]), readable(&text[end.min(to)..to]));
    let back = if to < text.len() { "…" } else { "" };
    let begins = front.len() + before.len();
    let ends = (begins + meant.len()).max(begins + 1);
    let shown = format!("{front}{before}{meant}{after}{back}");
    let shown = if shown.is_empty() || begins == shown.len() { format!("{shown} ") } else { shown };
    (shown, begins..ends)
}

/// How far one comes from a place through characters, within so many columns.
fn reach(chars: impl Iterator<Item = char>, columns: usize, from: usize, step: impl Fn(usize, usize) -> usize) -> usize {
    let (mut at, mut left) = (from, columns);
    for c in chars {
        let width = readable(c.encode_utf8(&mut [0; 4])).width();
        if width > left {
            break;
        }
        left -= width;
        at = step(at, c.len_utf8());
    }
    at
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn next(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_stands_around_what_is_meant() {
        assert_eq!(window("short", 1..3, 40), ("short".to_owned(), 1..3));
        let long = format!("{}XY{}", "a".repeat(500), "b".repeat(500));
        let (shown, span) = window(&long, 500..502, 40);
        assert_eq!((&shown[span], shown.starts_with('…'), shown.ends_with('…')), ("XY", true, true));
        assert!(shown.width() <= 40, "{shown}");
        assert_eq!(window("abc", 3..3, 40), ("abc ".to_owned(), 3..4));
        assert_eq!(window("", 0..0, 40), (" ".to_owned(), 0..1));
    }

    #[test]
    fn a_picture_names_the_place_in_the_whole_line() {
        let text = format!("{{\"note\":\"{}\",\"actor\":5}}", "é".repeat(300));
        let refusal = Refusal::field("actor", "expected a string").located_in(&text);
        let bad = BadLine { line: 12, text, reason: BadLineReason::Refused(refusal) };
        let picture = picture("f.jsonl", &bad, 80);
        assert!(picture.contains("f.jsonl:12:320") && picture.contains("error: actor: expected a string"), "{picture}");
        assert!(picture.lines().all(|line| line.width() <= 80), "{picture}");
    }
}
