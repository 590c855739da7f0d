//! Valid time: EDTF occurrences with their bounds, points in time, days.
//!
//! EDTF (ISO 8601-2) is read by `edtf-core`, levels 0 to 2. What it does not cover, and is refused: fractions of a
//! second, times without seconds, times as ends of an interval, and 24:00. A time without a shift is read as UTC, and
//! an unknown end (`2022/`) has no bound on that side, like an open one (`2022/..`); the text keeps the difference.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeDelta, Utc};
use edtf_core::{Bound, BoundDate, Edtf, TimeShift};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Micros(pub i64);

/// Microseconds in a day.
const DAY_US: i64 = 86_400_000_000;
/// Days from 0001-01-01 (day 1 of the common era) to 1970-01-01.
const EPOCH_FROM_CE: i32 = 719_163;

impl Micros {
    /// Before every other point: the lower end of an occurrence that has none.
    pub const MIN: Micros = Micros(i64::MIN);
    /// After every other point: the upper end of an occurrence that has none.
    pub const MAX: Micros = Micros(i64::MAX);

    /// The UTC day that holds this point.
    pub fn day(self) -> Day {
        if self == Self::MIN {
            return Day::BEFORE_ALL;
        }
        Day(i32::try_from(self.0.div_euclid(DAY_US)).unwrap_or(i32::MAX))
    }
}

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::<Utc>::from_timestamp_micros(self.0) {
            Some(at) => f.write_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true)),
            None => f.write_str(".."),
        }
    }
}

/// A UTC day, counted from 1970-01-01; [`Day::BEFORE_ALL`] is the day of an open start and is written `..`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// The day before all days: where an occurrence without a beginning stands.
    pub const BEFORE_ALL: Day = Day(i32::MIN);

    /// The first microsecond of the day.
    pub fn first(self) -> Micros {
        if self == Self::BEFORE_ALL { Micros::MIN } else { Micros(i64::from(self.0).saturating_mul(DAY_US)) }
    }

    /// The last microsecond of the day; for [`Day::BEFORE_ALL`] the same as its first.
    pub fn last(self) -> Micros {
        if self == Self::BEFORE_ALL { Micros::MIN } else { Micros(i64::from(self.0).saturating_mul(DAY_US).saturating_add(DAY_US - 1)) }
    }

    /// The day `days` earlier; an open start stays where it is, and nothing reaches back to it.
    pub fn minus(self, days: i32) -> Day {
        if self == Self::BEFORE_ALL { self } else { Day(self.0.saturating_sub(days).max(i32::MIN + 1)) }
    }

    /// Reads `YYYY-MM-DD`, or `..` for the open start.
    pub fn parse(text: &str) -> Option<Day> {
        if text == ".." {
            return Some(Self::BEFORE_ALL);
        }
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self::of)
    }

    /// The day of a calendar date.
    pub fn of(date: NaiveDate) -> Day {
        Day(date.num_days_from_ce() - EPOCH_FROM_CE)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::BEFORE_ALL {
            return f.write_str("..");
        }
        match self.0.checked_add(EPOCH_FROM_CE).and_then(NaiveDate::from_num_days_from_ce_opt) {
            Some(date) => write!(f, "{date}"),
            None => f.write_str(".."),
        }
    }
}

/// When something happened: the EDTF text as it was given, and the interval that it denotes, both ends inclusive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Occurred {
    text: Box<str>,
    earliest: Micros,
    latest: Micros,
}

/// Why a text is no occurrence: what is wrong, and at which byte of it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{text}` is no EDTF date: {reason}")]
pub struct DateError {
    /// The text as given, shortened when it is very long.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
    /// Byte of the text where reading stopped.
    pub offset: usize,
}

impl Occurred {
    /// Reads EDTF; the bounds are in microseconds, UTC.
    ///
    /// # Errors
    /// [`DateError`] when the text is no EDTF, names no day that exists, or lies outside the years ±262,000.
    ///
    /// ```
    /// use stancelog::event::Occurred;
    /// let spring = Occurred::parse("2022-21").unwrap();
    /// assert_eq!(spring.earliest().to_string(), "2022-03-01T00:00:00.000000Z");
    /// assert_eq!(spring.latest().to_string(), "2022-05-31T23:59:59.999999Z");
    /// assert!(Occurred::parse("2023-02-30").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let refuse = |reason: &str, offset| DateError { text: shorten(text), reason: reason.to_owned(), offset };
        if text.len() > 200 {
            return Err(refuse("longer than 200 bytes", 200));
        }
        let edtf = Edtf::parse(text).map_err(|e| refuse(e.message, e.offset))?;
        let bounds = match &edtf {
            Edtf::DateTime(at) => second_of(at),
            Edtf::Date(_) | Edtf::Interval(_) | Edtf::Set(_) => days_of(&edtf),
        };
        let (earliest, latest) = bounds.ok_or_else(|| refuse("the year is out of range (-262000 to 262000)", 0))?;
        Ok(Self { text: text.into(), earliest, latest })
    }

    /// Reads a time that somebody asks for: EDTF, and a time of day without seconds, which EDTF does not have; it is a minute.
    ///
    /// # Errors
    /// As for [`Occurred::parse`].
    ///
    /// ```
    /// use stancelog::event::Occurred;
    /// let minute = Occurred::parse_asked("2024-05-03T14:30Z").unwrap();
    /// assert_eq!(minute.latest().to_string(), "2024-05-03T14:30:59.999999Z");
    /// assert!(Occurred::parse("2024-05-03T14:30Z").is_err());
    /// ```
    pub fn parse_asked(text: &str) -> Result<Self, DateError> {
        let given = Self::parse(text);
        let Some((hours, shift)) =
            text.split_once('T').and_then(|(date, time)| text.split_at_checked(date.len() + 6).filter(|_| time.len() >= 5))
        else {
            return given;
        };
        let at = |seconds: &str| Self::parse(&format!("{hours}:{seconds}{shift}"));
        given.or_else(|error| match (at("00"), at("59")) {
            (Ok(first), Ok(last)) => Ok(Self { text: text.into(), earliest: first.earliest, latest: last.latest }),
            (Ok(_) | Err(_), _) => Err(error),
        })
    }

    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The first microsecond that it may have happened at; [`Micros::MIN`] where the start is open.
    pub fn earliest(&self) -> Micros {
        self.earliest
    }

    /// The last microsecond that it may have happened at; [`Micros::MAX`] where the end is open.
    pub fn latest(&self) -> Micros {
        self.latest
    }
}

/// A text of the user's, short enough to stand in a message.
pub(crate) fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn days_of(edtf: &Edtf) -> Option<(Micros, Micros)> {
    let bounds = edtf.bounds();
    let earliest = match bounds.earliest {
        Bound::Date(date) => day_of(date)?.first(),
        Bound::NegativeInfinity | Bound::PositiveInfinity => Micros::MIN,
        Bound::Unknown => open_end(edtf)?.0,
    };
    let latest = match bounds.latest {
        Bound::Date(date) => day_of(date)?.last(),
        Bound::NegativeInfinity | Bound::PositiveInfinity => Micros::MAX,
        Bound::Unknown => open_end(edtf)?.1,
    };
    Some((earliest, latest))
}

/// The bounds that an unknown end of an interval leaves; nothing for a year too large to count with.
fn open_end(edtf: &Edtf) -> Option<(Micros, Micros)> {
    match edtf {
        Edtf::Interval(_) => Some((Micros::MIN, Micros::MAX)),
        Edtf::Date(_) | Edtf::DateTime(_) | Edtf::Set(_) => None,
    }
}

fn day_of(date: BoundDate) -> Option<Day> {
    NaiveDate::from_ymd_opt(i32::try_from(date.year).ok()?, date.month.into(), date.day.into()).map(Day::of)
}

fn second_of(at: &edtf_core::DateTime) -> Option<(Micros, Micros)> {
    let Bound::Date(date) = Edtf::Date(at.date).bounds().earliest else { return None };
    let day = NaiveDate::from_ymd_opt(i32::try_from(date.year).ok()?, date.month.into(), date.day.into())?;
    // A leap second has no place of its own in UTC microseconds; it shares the second before it.
    let clock = day.and_hms_opt(at.time.hour.into(), at.time.minute.into(), u32::from(at.time.second).min(59))?;
    let shift_min = match at.time.shift {
        Some(TimeShift::Offset { minutes, .. }) => i64::from(minutes),
        Some(TimeShift::Utc) | None => 0,
    };
    let start = clock.and_utc().checked_sub_signed(TimeDelta::minutes(shift_min))?.timestamp_micros();
    Some((Micros(start), Micros(start + 999_999)))
}

impl fmt::Display for Occurred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Occurred {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Occurred {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Occurred {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Edtf".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "minLength": 4, "maxLength": 200,
            "description": "A date in EDTF (ISO 8601-2), levels 0 to 2: 2022-02-24, 2022-02, 2022~, 2022-02-24/.., ../2022-09, 2022-02-24T18:00:00Z, 2022-21"
        })
    }
}
