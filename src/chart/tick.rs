//! Ticks: round points of time, from hours to ages, as many as a scale has room for.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

use super::measure::SMALL;
use super::scale::Scale;

/// A labelled point of a scale.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Tick {
    pub(super) x: f64,
    pub(super) label: String,
}

/// How far ticks are apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Hours(u32),
    Days(u32),
    Months(u32),
    Years(i32),
}

/// From the finest to the coarsest; ages follow by tens.
const STEPS: [Step; 18] = [
    Step::Hours(1),
    Step::Hours(3),
    Step::Hours(6),
    Step::Hours(12),
    Step::Days(1),
    Step::Days(2),
    Step::Days(5),
    Step::Days(10),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
    Step::Years(20),
    Step::Years(50),
];
/// Labels are at least so far apart.
const BETWEEN: f64 = 18.0;
/// No scale has more ticks.
const TICKS_MAX: usize = 40;

/// The ticks of a scale: the finest that do not crowd.
pub(super) fn ticks(scale: &Scale) -> Vec<Tick> {
    if !scale.is_dated {
        return Vec::new();
    }
    let ages = (2..=5).flat_map(|tens| [1, 2, 5].map(|times| Step::Years(times * 10_i32.pow(tens))));
    let fits = |step: &Step| {
        let label = SMALL.width(widest(*step)) + BETWEEN;
        let is_told = scale.has_hours || !matches!(step, Step::Hours(_));
        is_told && (scale.to - scale.from) / length(*step) * label <= scale.width()
    };
    let step = STEPS.into_iter().chain(ages).find(fits).unwrap_or(Step::Years(1_000_000));
    let mut ticks = Vec::new();
    let Some(mut at) = DateTime::from_timestamp_micros(scale.from as i64).and_then(|from| floor(from, step)) else { return ticks };
    while ticks.len() < TICKS_MAX {
        let us = at.timestamp_micros() as f64;
        if us > scale.to {
            break;
        }
        if us >= scale.from {
            ticks.push(Tick { x: scale.place(us), label: label(at, step) });
        }
        match next(at, step) {
            Some(later) => at = later,
            None => break,
        }
    }
    ticks
}

/// About how many microseconds a step is.
fn length(step: Step) -> f64 {
    const HOUR: f64 = 3_600_000_000.0;
    match step {
        Step::Hours(hours) => HOUR * f64::from(hours),
        Step::Days(days) => HOUR * 24.0 * f64::from(days),
        Step::Months(months) => HOUR * 24.0 * 30.0 * f64::from(months),
        Step::Years(years) => HOUR * 24.0 * 365.0 * f64::from(years),
    }
}

/// A label as wide as any of the step.
fn widest(step: Step) -> &'static str {
    match step {
        Step::Hours(_) | Step::Days(_) => "2022-02-24",
        Step::Months(_) => "2022-02",
        Step::Years(..=999) => "2022 BCE",
        Step::Years(_) => "200000 BCE",
    }
}

/// The last round point at or before an instant.
fn floor(at: DateTime<Utc>, step: Step) -> Option<DateTime<Utc>> {
    let date = at.date_naive();
    let begun = |date: Option<NaiveDate>| Some(date?.and_hms_opt(0, 0, 0)?.and_utc());
    match step {
        Step::Hours(hours) => Some(date.and_hms_opt(at.hour() / hours * hours, 0, 0)?.and_utc()),
        Step::Days(days) => begun(NaiveDate::from_ymd_opt(date.year(), date.month(), (date.day() - 1) / days * days + 1)),
        Step::Months(months) => begun(NaiveDate::from_ymd_opt(date.year(), date.month0() / months * months + 1, 1)),
        Step::Years(years) => {
            let round = counted(date.year(), years).div_euclid(years) * years;
            // The first years that can be written may have no round one before them.
            begun(new_year(round).or_else(|| new_year(round + years)))
        }
    }
}

/// The round point after one.
fn next(at: DateTime<Utc>, step: Step) -> Option<DateTime<Utc>> {
    match step {
        Step::Hours(hours) => at.checked_add_signed(chrono::TimeDelta::hours(hours.into())),
        Step::Days(days) => {
            let later = at.checked_add_days(chrono::Days::new(days.into()))?;
            // The last step of a month is as long as it takes for the next month to begin with a tick.
            let is_too_near = days > 1 && 31 - later.day() < days.div_ceil(2);
            let is_within = later.month() == at.month() && !is_too_near;
            if is_within { Some(later) } else { next(floor(at, Step::Months(1))?, Step::Months(1)) }
        }
        Step::Months(months) => at.checked_add_months(chrono::Months::new(months)),
        Step::Years(years) => Some(new_year(counted(at.year(), years).checked_add(years)?)?.and_hms_opt(0, 0, 0)?.and_utc()),
    }
}

fn label(at: DateTime<Utc>, step: Step) -> String {
    match step {
        Step::Hours(_) if at.hour() > 0 => at.format("%H:%M").to_string(),
        Step::Hours(_) | Step::Days(_) => at.date_naive().to_string(),
        Step::Months(_) => format!("{}-{:02}", at.year(), at.month()),
        Step::Years(_) => year(at.year()),
    }
}

/// A year as people count it, 1 BCE as -1; where ticks are several years apart, the one at the turn of the era is 0.
fn counted(year: i32, step: i32) -> i32 {
    match year {
        1 if step > 1 => 0,
        ..=0 => year - 1,
        _ => year,
    }
}

/// The first day of a year as people count it.
fn new_year(counted: i32) -> Option<NaiveDate> {
    let year = match counted {
        0 => 1,
        ..0 => counted + 1,
        _ => counted,
    };
    NaiveDate::from_ymd_opt(year, 1, 1)
}

/// A year as people write it: there is no year 0.
fn year(number: i32) -> String {
    if number > 0 { number.to_string() } else { format!("{} BCE", 1 - i64::from(number)) }
}

#[cfg(test)]
mod tests {
    use super::super::scale::Stretch;
    use super::*;
    use crate::event::Occurred;

    fn on(dates: &[&str], width: f64) -> Vec<Tick> {
        let bounds = dates.iter().map(|date| Occurred::parse(date).unwrap()).map(|at| (at.earliest(), at.latest()));
        ticks(&Stretch::of(bounds, None).between(0.0, width))
    }

    fn labels(dates: &[&str], width: f64) -> Vec<String> {
        on(dates, width).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round_from_hours_to_ages() {
        assert_eq!(labels(&["2022-02-24T06:30:00Z", "2022-02-24T09:10:00Z"], 500.0), ["06:00", "07:00", "08:00", "09:00"]);
        assert_eq!(labels(&["2022-02-26", "2022-02-28"], 700.0), ["2022-02-26", "2022-02-27", "2022-02-28", "2022-03-01"]);
        assert_eq!(labels(&["2021-11", "2022-02"], 400.0), ["2021-11", "2021-12", "2022-01", "2022-02", "2022-03"]);
        assert_eq!(labels(&["1914", "1945"], 600.0), ["1915", "1920", "1925", "1930", "1935", "1940", "1945"]);
        assert_eq!(labels(&["-0100", "0100"], 400.0), ["100 BCE", "50 BCE", "1", "50", "100"]);
        let ages = on(&["Y-200000", "2000"], 300.0).len();
        assert!((2..8).contains(&ages), "{ages}");
    }

    #[test]
    fn labels_never_touch() {
        for dates in [["2022-01-29", "2022-02-03"], ["2021-12", "2022-04"], ["2000", "2021"], ["2022-01", "2022-03"], ["-0044", "2022"]] {
            for width in [200.0, 330.0, 700.0] {
                let ticks = on(&dates, width);
                for pair in ticks.windows(2) {
                    let wide = (SMALL.width(&pair[0].label) + SMALL.width(&pair[1].label)) / 2.0;
                    assert!(pair[1].x - pair[0].x > wide, "{dates:?} {width}: {pair:?}");
                }
            }
        }
    }
}
