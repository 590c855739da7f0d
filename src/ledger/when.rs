//! The two times of a question as people write them: EDTF, `today`, `-30d`, and `@45` for a place in the log.

use super::error::Error;
use crate::event::{Day, Micros, Occurred, Refusal};
use crate::log::{Reader, Seq};
use crate::query::When;
use crate::stance::Rule;

/// At which two times and by which rule a question is asked, as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// In valid time: EDTF, `today`, `-30d`; nothing: everything counts.
    pub as_of: Option<String>,
    /// In transaction time: the same, or `@SEQ`; nothing: all that the log knows.
    pub known_at: Option<String>,
    /// How the deciding tier is weighed.
    pub rule: Rule,
}

impl Default for Asked {
    fn default() -> Self {
        Self { as_of: None, known_at: None, rule: Rule::Latest }
    }
}

impl Asked {
    /// The same with its date in valid time written out: `today` and `-30d` move on.
    #[must_use]
    pub fn pinned(&self, now: Micros) -> Self {
        // A year before the common era begins with a minus sign as well.
        let is_relative = |text: &&str| *text == "today" || (text.starts_with('-') && text.ends_with('d'));
        let fixed = |text| end_of("as-of", text, now).ok().map(|end| end.day().to_string());
        let as_of = self.as_of.as_deref().filter(is_relative).and_then(fixed);
        Self { as_of: as_of.or_else(|| self.as_of.clone()), ..self.clone() }
    }

    pub(super) fn resolve(&self, reader: Reader<'_>, now: Micros) -> Result<When, Error> {
        let as_of = self.as_of.as_deref().map(|text| end_of("as-of", text, now)).transpose()?;
        let known_at = self.known_at.as_deref().map(|text| known_at(text, reader, now)).transpose()?;
        Ok(When { as_of, known_at, rule: self.rule })
    }
}

/// The most days that a time may be ago.
const DAYS_MAX: i32 = 3_650_000;

/// The end of a date, as `--as-of`, `--from` and `--to` mean it.
pub(super) fn end_of(flag: &str, text: &str, now: Micros) -> Result<Micros, Error> {
    if text == "today" {
        return Ok(now.day().last());
    }
    if let Some(days) = text.strip_prefix('-').and_then(|rest| rest.strip_suffix('d')) {
        let days: i32 = days.parse().map_err(|_| refuse(flag, text, "expected a number of days, as in -30d"))?;
        if !(0..=DAYS_MAX).contains(&days) {
            return Err(refuse(flag, text, "expected at most 3650000 days"));
        }
        return Ok(Day(now.day().0.saturating_sub(days)).last());
    }
    Occurred::parse_asked(text)
        .map(|at| at.latest())
        .map_err(|e| refuse(flag, text, &format!("{} (at its character {})", e.reason, e.offset + 1)))
}

/// The place in the log that `--known-at` means.
fn known_at(text: &str, reader: Reader<'_>, now: Micros) -> Result<Seq, Error> {
    match text.strip_prefix('@') {
        Some(seq) => match seq.parse() {
            Ok(seq) if seq >= 0 => Ok(Seq(seq)),
            Ok(_) | Err(_) => Err(refuse("known-at", text, "expected a seq behind the @, as in @45")),
        },
        None => Ok(reader.known_at(end_of("known-at", text, now)?)?),
    }
}

fn refuse(flag: &str, text: &str, reason: &str) -> Error {
    Refusal::field(format!("--{flag}"), format!("`{text}` is no time: {reason}; write EDTF (2022, 2022-02-24), today or -30d")).into()
}

/// The first day of a date, as `--from` and `--changed-since` mean it.
pub(super) fn first_day(flag: &str, text: &str, now: Micros) -> Result<Day, Error> {
    match Occurred::parse_asked(text) {
        Ok(at) => Ok(at.earliest().day()),
        Err(_) => Ok(end_of(flag, text, now)?.day()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_on_is_written_out_and_all_else_stays_as_it_was() {
        let pinned = |text: &str| Asked { as_of: Some(text.to_owned()), ..Asked::default() }.pinned(Micros(86_400_000_000)).as_of.unwrap();
        assert_eq!([pinned("today"), pinned("-1d")], ["1970-01-02", "1970-01-01"]);
        for date in ["-0044-03-15", "-0322/", "2022", "../2022"] {
            assert_eq!(pinned(date), date);
        }
    }
}
