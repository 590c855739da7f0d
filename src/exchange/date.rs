//! Dates as reviews and lists write them, looser than EDTF.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::fact::Flaw;
use crate::event::Occurred;

/// Reads a date: EDTF, or a day or a time of ISO 8601 in looser forms (`2021-3-9`, `2021-03-09 10:00:00`).
///
/// # Errors
/// A flaw that calls the field by its name.
pub(super) fn date(text: &str, field: &'static str) -> Result<Option<Occurred>, Flaw> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let said = match Occurred::parse(text) {
        Ok(occurred) => return Ok(Some(occurred)),
        Err(error) => error.to_string(),
    };
    let at = |time: DateTime<Utc>| time.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let zoned = || DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)).ok().map(|time| at(time.to_utc()));
    let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    let local = || formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok()).map(|time| at(time.and_utc()));
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.format("%Y-%m-%d").to_string());
    let found = zoned().or_else(local).or_else(day).and_then(|edtf| Occurred::parse(&edtf).ok());
    found.map(Some).ok_or_else(|| Flaw::new("bad date", field, said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_forms_that_such_files_have() {
        let table = [
            ("2021-3-9", "2021-03-09"),
            ("2021-03-09T23:30:00.000+02:00", "2021-03-09T21:30:00Z"),
            ("2021-03-09 10:00:00", "2021-03-09T10:00:00Z"),
            ("Tue, 09 Mar 2021 10:00:00 GMT", "2021-03-09T10:00:00Z"),
            ("2021", "2021"),
        ];
        for (given, read) in table {
            assert_eq!(date(given, "date").unwrap().unwrap().as_str(), read);
        }
        assert!(date("03/09/2021", "date").is_err() && date("2021-02-30", "date").is_err() && date(" ", "date").unwrap().is_none());
    }
}
