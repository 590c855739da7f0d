//! Until when a page looks, as people say it: a day, the end of a month, a time of day.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::event::{Day, Micros, Occurred};

/// The end of a time that is asked, by how it is said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Until {
    /// A day, which counts whole.
    Day(String),
    /// A time of day.
    Moment(String),
    /// A month or a year, which counts to its end.
    End(String),
    /// Any other, as it is written.
    Written(String),
}

impl Until {
    /// Reads a date in EDTF, `today` or `-30d`; the last two need a day to count from.
    pub(super) fn read(text: &str, today: Option<Day>) -> Self {
        let said = ago(text).map_or_else(|| exact(text), |days| today.and_then(|today| day(today.minus(days))));
        said.unwrap_or_else(|| Self::Written(text.to_owned()))
    }

    /// What happened until then, happened ….
    pub(super) fn by(&self) -> String {
        match self {
            Self::Day(said) | Self::Moment(said) | Self::Written(said) => format!("by {said}"),
            Self::End(said) => format!("by the end of {said}"),
        }
    }

    /// What was so then, was so ….
    pub(super) fn on(&self) -> String {
        match self {
            Self::Day(said) => format!("on {said}"),
            Self::Moment(said) => format!("at {said}"),
            Self::End(said) => format!("at the end of {said}"),
            Self::Written(said) => format!("as of {said}"),
        }
    }
}

/// How many days ago a relative date is.
fn ago(text: &str) -> Option<i32> {
    if text == "today" { Some(0) } else { text.strip_prefix('-')?.strip_suffix('d')?.parse().ok().filter(|days| *days >= 0) }
}

fn day(day: Day) -> Option<Until> {
    // Before the year 0, people count otherwise.
    let date = NaiveDate::parse_from_str(&day.to_string(), "%Y-%m-%d").ok().filter(|date| date.year() >= 0)?;
    Some(Until::Day(date.format("%-d %B %Y").to_string()))
}

/// A plain day, month or year, or a time of day in UTC; nothing for what is less plain.
fn exact(text: &str) -> Option<Until> {
    let asked = Occurred::parse_asked(text).ok()?;
    let read = |Micros(us): Micros| DateTime::<Utc>::from_timestamp_micros(us);
    let (at, begun) = (read(asked.latest())?, read(asked.earliest())?);
    let is_plain = |shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(byte, due)| if due == b'0' { byte.is_ascii_digit() } else { byte == due })
    };
    if is_plain("0000") {
        return Some(Until::End(at.format("%Y").to_string()));
    }
    // Behind a year, 21 and more are seasons.
    if is_plain("0000-00") && text[5..].parse().is_ok_and(|month: u32| month <= 12) {
        return Some(Until::End(at.format("%B %Y").to_string()));
    }
    if is_plain("0000-00-00") {
        return Some(Until::Day(at.format("%-d %B %Y").to_string()));
    }
    let is_time = text.get(..11).is_some_and(|date| date.ends_with('T')) && !text.contains('/');
    // Seconds are told where they were asked.
    let shape = if begun.timestamp() < at.timestamp() { "%H:%M UTC on %-d %B %Y" } else { "%H:%M:%S UTC on %-d %B %Y" };
    is_time.then(|| Until::Moment(at.format(shape).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_as_finely_as_it_is_asked() {
        let today = Day::parse("2024-03-02");
        for (text, by, on) in [
            ("2024-05-03", "by 3 May 2024", "on 3 May 2024"),
            ("2024-05", "by the end of May 2024", "at the end of May 2024"),
            ("2024", "by the end of 2024", "at the end of 2024"),
            ("0999", "by the end of 0999", "at the end of 0999"),
            ("2024-05-03T14:30Z", "by 14:30 UTC on 3 May 2024", "at 14:30 UTC on 3 May 2024"),
            ("2024-05-03T14:30:00Z", "by 14:30:00 UTC on 3 May 2024", "at 14:30:00 UTC on 3 May 2024"),
            ("2024-05-03T00:30:09+02:00", "by 22:30:09 UTC on 2 May 2024", "at 22:30:09 UTC on 2 May 2024"),
            ("2024-21", "by 2024-21", "as of 2024-21"),
            ("2024-02~", "by 2024-02~", "as of 2024-02~"),
            ("2024-05-03/..", "by 2024-05-03/..", "as of 2024-05-03/.."),
            ("today", "by 2 March 2024", "on 2 March 2024"),
            ("-2d", "by 29 February 2024", "on 29 February 2024"),
            ("-0044", "by -0044", "as of -0044"),
            ("\0", "by \0", "as of \0"),
        ] {
            let until = Until::read(text, today);
            assert_eq!((until.by().as_str(), until.on().as_str()), (by, on), "{text}");
        }
        assert_eq!(Until::read("today", None).on(), "as of today");
        assert_eq!(Until::read("-9999999d", today).by(), "by -9999999d");
    }
}
