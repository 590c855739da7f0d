//! A refusal of the user's input: what is wrong, in which field, at which byte of the line, and the nearest right thing.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::Serialize;
use serde_json::value::RawValue;
use serde_path_to_error::Segment;

/// What is wrong with one event as given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Refusal {
    /// The field, as a path (`about.action`, `evidence[0].url`); empty where the whole line is meant.
    pub field: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The nearest right things, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nearest: Vec<String>,
    /// The bytes of the line that are meant.
    #[serde(skip)]
    pub span: Option<Range<usize>>,
}

impl Refusal {
    /// A refusal of one field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into(), nearest: Vec::new(), span: None }
    }

    /// A refusal of the line as a whole, at a byte of it.
    pub fn line(message: impl Into<String>, at: usize) -> Self {
        Self { span: Some(at..at + 1), ..Self::field("", message) }
    }

    /// The same with the nearest right things.
    #[must_use]
    pub fn with_nearest(mut self, nearest: Vec<String>) -> Self {
        self.nearest = nearest;
        self
    }

    /// The same, its field seen from further out: `events[3]` before `occurred` makes `events[3].occurred`.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        let dot = if self.field.is_empty() || self.field.starts_with('[') { "" } else { "." };
        self.field = format!("{outer}{dot}{}", self.field);
        self.span = None;
        self
    }

    /// The same with its field found in the line, where it stands there.
    #[must_use]
    pub fn located_in(mut self, line: &str) -> Self {
        if self.span.is_none() && !self.field.is_empty() {
            self.span = span_of(line, &self.field);
        }
        self
    }

    /// The column, from 1, in characters; nothing where no place in the line is known.
    pub fn column(&self, line: &str) -> Option<usize> {
        let at = self.span.as_ref()?.start.min(line.len());
        let before = line.get(..at).map_or(at, |text| text.chars().count());
        Some(before + 1)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some((last, others)) = self.nearest.split_last() {
            let others = others.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
            let or = if others.is_empty() { "" } else { " or " };
            write!(f, "; did you mean {others}{or}`{last}`?")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

/// The known words nearest to a misspelt one, best first, at most three, none that is far off.
pub fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    if given.len() > 200 {
        return Vec::new();
    }
    let mut scored: Vec<(f64, &str)> = known
        .map(|word| (strsim::jaro_winkler(given, word).max(strsim::normalized_damerau_levenshtein(given, word)), word))
        .filter(|(score, _)| *score >= 0.75)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, word)| word.to_owned()).collect()
}

/// Turns a failure of [`super::wire::parse`] into a refusal with field, place and nearest right thing.
pub fn explain(line: &str, error: &serde_json::Error) -> Refusal {
    if error.is_eof() {
        return Refusal::line("the line ends in the middle of the event (is the file cut off?)", line.trim_end().len());
    }
    if error.is_syntax() {
        let at = error.column().saturating_sub(1).min(line.len());
        return Refusal::line(format!("no JSON: {}", without_place(&error.to_string())), at);
    }
    let (field, message) = super::wire::blame(line).unwrap_or_else(|| (String::new(), error.to_string()));
    let message = without_place(&message).to_owned();
    if let Some(refusal) = explain_unknown(line, &field, &message) {
        return refusal;
    }
    let span = span_of(line, &field).or(Some(0..line.len().min(1)));
    Refusal { span, ..Refusal::field(field, message) }
}

/// An unknown field or type names the nearest known one.
fn explain_unknown(line: &str, field: &str, message: &str) -> Option<Refusal> {
    let mut words = message.split('`').skip(1).step_by(2);
    if message.starts_with("unknown field") {
        let given = words.next()?;
        let near = nearest(given, words);
        let key = serde_json::to_string(given).ok()?;
        let at = line.find(&key)?;
        let parent = field.rsplit_once('.').map_or(String::new(), |(parent, _)| format!("{parent}."));
        let said = format!("unknown field `{}`", super::time::shorten(given));
        let refusal = Refusal::field(format!("{parent}{given}"), said).with_nearest(near);
        return Some(Refusal { span: Some(at..at + key.len()), ..refusal });
    }
    if message.starts_with("unknown variant") || message.starts_with("unknown type") {
        let given = words.next()?;
        let mut known: Vec<&str> = words.collect();
        if known.is_empty() {
            known = super::body::EventType::ALL.iter().map(|t| t.word()).collect();
        }
        let field = if message.starts_with("unknown type") { "type" } else { field };
        let said = format!("unknown {} `{given}`, expected one of {}", last_name(field), known.join(", "));
        return Some(Refusal::field(field, said).with_nearest(nearest(given, known.into_iter())).located_in(line));
    }
    None
}

fn last_name(field: &str) -> &str {
    field.rsplit('.').next().unwrap_or(field)
}

/// serde_json's message without its " at line 1 column 9".
fn without_place(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(said, _)| said)
}

/// A path as serde_path_to_error reports it, written `about.action` and `evidence[0].url`.
pub(super) fn written(path: &serde_path_to_error::Path) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key } => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    text
}

/// The bytes of the line where a field's value stands.
pub fn span_of(line: &str, field: &str) -> Option<Range<usize>> {
    let mut raw: &RawValue = serde_json::from_str(line).ok()?;
    for part in field.split('.').flat_map(|name| name.split('[')) {
        raw = match part.strip_suffix(']') {
            Some(index) => serde_json::from_str::<Vec<&RawValue>>(raw.get()).ok()?.get(index.parse::<usize>().ok()?).copied()?,
            None if part.is_empty() => raw,
            None => serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(raw.get()).ok()?.get(part).copied()?,
        };
    }
    let start = (raw.get().as_ptr() as usize).checked_sub(line.as_ptr() as usize)?;
    Some(start..start + raw.get().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(line: &str) -> (String, String, Option<usize>) {
        let error = super::super::parse(line).unwrap_err();
        let refusal = explain(line, &error);
        (refusal.field.clone(), refusal.to_string(), refusal.column(line))
    }

    #[test]
    fn refusals_name_field_place_and_the_nearest_right_thing() {
        let table = [
            (r#"{"actor":"a","action":"b","target":"c"}"#, "", "missing field `occurred`", 1),
            (r#"{"actr":"a"}"#, "actr", "unknown field `actr`; did you mean `actor`", 2),
            (r#"{"type":"entitty"}"#, "type", "unknown type `entitty`", 9),
            (r#"{"type":"entity","entity":"a","name":"A","kind":"persn"}"#, "kind", "did you mean `person`?", 49),
            (r#"{"actor":5,"action":"b","target":"c","occurred":"2022"}"#, "actor", "expected a string", 10),
            (r#"{"actor":"a","action":"b","target":"c","occurred":"2022-13"}"#, "occurred", "month must be 01-12", 51),
            (
                r#"{"actor":"a","action":"b","target":"c","occurred":"2022","evidence":[{"urll":"x"}]}"#,
                "evidence[0].urll",
                "did you mean `url`",
                71,
            ),
            (r#"{"actor":"a","action":"#, "", "cut off", 23),
            (r#"{"actor":"a",,}"#, "", "no JSON", 14),
            (r#"["no","event"]"#, "", "an event is a JSON object", 1),
        ];
        for (line, field, message, column) in table {
            let got = refusal(line);
            assert!(got.0 == field && got.1.contains(message) && got.2 == Some(column), "{line}\n{got:?}");
        }
    }
}
