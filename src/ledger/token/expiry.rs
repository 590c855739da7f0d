//! When a token ends, as people write it: EDTF, `today`, `30d`.

use crate::event::{Day, Micros, Occurred, Refusal};
use crate::ledger::error::Error;

/// The most days that a token may have; the end must have a year of four digits besides.
const DAYS_MAX: i32 = 3_650_000;
/// The last microsecond of the year 9999.
const LAST: Micros = Micros(253_402_300_799_999_999);

/// The last moment of a token's time: the end of the date that is written, or of the day so many days from today. Days are
/// UTC days.
///
/// # Errors
/// [`Error::Refused`] for what is no time, has no end, or is past.
///
/// ```
/// use stancelog::ledger::{Clock, SystemClock, expiry};
/// let now = SystemClock.now();
/// assert_eq!(expiry("0d", now)?, now.day().last());
/// assert_eq!(expiry("9000-02", now)?.to_string(), "9000-02-28T23:59:59.999999Z");
/// assert!(expiry("2001", now).is_err() && expiry("2001/..", now).is_err() && expiry("soon", now).is_err());
/// # Ok::<(), stancelog::ledger::Error>(())
/// ```
pub fn expiry(text: &str, now: Micros) -> Result<Micros, Error> {
    let last = last_moment(text, now)?;
    if last > LAST {
        return Err(refuse(text, "has no end within four digits of a year; leave it away for a token without an end"));
    }
    if last <= now {
        return Err(refuse(text, "is past"));
    }
    Ok(last)
}

fn last_moment(text: &str, now: Micros) -> Result<Micros, Error> {
    if text == "today" {
        return Ok(now.day().last());
    }
    if let Some(days) = text.strip_suffix('d').filter(|days| !days.is_empty() && days.bytes().all(|byte| byte.is_ascii_digit())) {
        let days = days.parse().ok().filter(|days| *days <= DAYS_MAX);
        let days = days.ok_or_else(|| refuse(text, "is too long; leave it away for a token without an end"))?;
        return Ok(Day(now.day().0.saturating_add(days)).last());
    }
    if text.starts_with('-') {
        return Err(refuse(text, "is past"));
    }
    let explain = |e: crate::event::DateError| {
        format!("is no time: {} (at its character {}); write EDTF (2027, 2027-01-31), today or 30d", e.reason, e.offset + 1)
    };
    Ok(Occurred::parse(text).map_err(|e| refuse(text, &explain(e)))?.latest())
}

fn refuse(text: &str, reason: &str) -> Error {
    let shown: String = text.chars().take(60).collect();
    Refusal::field("--expires", format!("`{shown}` {reason}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-25, noon.
    const NOW: Micros = Micros(1_795_608_000_000_000);

    #[test]
    fn an_end_is_the_last_moment_of_what_is_written() {
        assert_eq!(NOW.to_string(), "2026-11-25T12:00:00.000000Z");
        let table = [
            ("today", "2026-11-25T23:59:59.999999Z"),
            ("0d", "2026-11-25T23:59:59.999999Z"),
            ("30d", "2026-12-25T23:59:59.999999Z"),
            ("2026", "2026-12-31T23:59:59.999999Z"),
            ("2027-01-31", "2027-01-31T23:59:59.999999Z"),
            ("2026-11-25T12:00:00Z", "2026-11-25T12:00:00.999999Z"),
            ("9999", "9999-12-31T23:59:59.999999Z"),
        ];
        for (text, expected) in table {
            assert_eq!(expiry(text, NOW).unwrap().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_end_is_refused() {
        let table = [
            ("2026-11-24", "is past"),
            ("2026-11-25T11:59:00Z", "is past"),
            ("-30d", "is past"),
            ("2027/..", "has no end"),
            ("2027/", "has no end"),
            ("Y20000", "has no end"),
            ("3650000d", "has no end"),
            ("99999999999d", "is too long"),
            ("soon", "is no time"),
            ("d", "is no time"),
            ("", "is no time"),
            ("2027-02-30", "is no time"),
        ];
        for (text, expected) in table {
            let said = expiry(text, NOW).unwrap_err().to_string();
            assert!(said.contains(expected), "{text}: {said}");
        }
    }
}
