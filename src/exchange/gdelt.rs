//! GDELT event exports: 2.0 with 61 columns, 1.0 with 58 (57 in its older files, which have no URL).
//!
//! Tabs separate, nothing is quoted, there is no header. Dates that lie exactly a day, a week, 30 days or a year before the
//! row was added come from words like "last week" in the source, and are marked as approximate.

use std::io::{self, Read};

use chrono::{Days, Months, NaiveDate};
use csv::ByteRecord;

use super::fact::{Fact, Flaw, Told, Trouble, cell, is_missing};
use super::input::Encoding;
use super::mention::Mentions;
use super::row::{Rows, Shape};
use crate::event::{Body, Code, Common, Draft, EventId, Evidence, Occurred, Stance};

const ID: usize = 0;
const DATE: usize = 1;
const ACTOR: [usize; 2] = [5, 6];
const TARGET: [usize; 2] = [15, 16];
const CODE: usize = 26;
const GOLDSTEIN: usize = 30;

/// Where the columns stand that the versions have at different places.
struct Tail {
    place: usize,
    added: usize,
    url: usize,
}

fn tail(count: usize) -> Option<Tail> {
    match count {
        61 => Some(Tail { place: 52, added: 59, url: 60 }),
        57 | 58 => Some(Tail { place: 50, added: 56, url: 57 }),
        _ => None,
    }
}

/// Reads the facts of a GDELT export, with the mentions of each as evidence where they are given.
pub fn facts<'a>(
    input: impl Read + Send + 'a,
    encoding: Encoding,
    mentions: Option<&'a Mentions>,
) -> impl Iterator<Item = Told> + Send + 'a {
    let told = Rows::of(input, encoding, Shape::Bare(b'\t')).telling("globaleventid", draft);
    told.map(move |told| told.and_then(|fact| with_mentions(fact, mentions).map_err(Trouble::File)))
}

fn with_mentions(mut fact: Fact, mentions: Option<&Mentions>) -> io::Result<Fact> {
    let id = fact.record.get(ID).and_then(|id| std::str::from_utf8(id).ok()).and_then(|id| id.parse().ok());
    if let (Some(mentions), Some(id)) = (mentions, id) {
        fact.draft.common.evidence.extend(mentions.of(id)?);
    }
    Ok(fact)
}

/// The event that a row tells.
fn draft(record: &ByteRecord) -> Result<Draft, Flaw> {
    let tail = tail(record.len())
        .ok_or_else(|| Flaw::new("column count", "", format!("{} columns, expected 61 (GDELT 2.0) or 58 (GDELT 1.0)", record.len())))?;
    let (global_id, code) = (cell(record, ID, "GLOBALEVENTID")?, cell(record, CODE, "EventCode")?);
    if is_missing(global_id) {
        return Err(Flaw::new("no id", "GLOBALEVENTID", "the row has no GLOBALEVENTID").at(ID));
    }
    let (actor_code, actor) = party(record, ACTOR, "no actor", "actor")?;
    let (target_code, target) = party(record, TARGET, "no target", "target")?;
    if is_missing(code) {
        return Err(Flaw::new("no code", "EventCode", "the row has no EventCode").at(CODE));
    }
    let occurred = occurred(cell(record, DATE, "SQLDATE")?, cell(record, tail.added, "DATEADDED")?)?;
    let parts = [b"gdelt".as_slice(), global_id.as_bytes(), actor.as_bytes(), code.as_bytes(), target.as_bytes()];
    let id = EventId::of_content(occurred.earliest(), &parts);
    let published = [
        ("gdelt", global_id),
        ("gdelt-actor", actor_code),
        ("gdelt-target", target_code),
        ("goldstein", cell(record, GOLDSTEIN, "GoldsteinScale")?),
    ];
    let codes = published
        .into_iter()
        .filter(|(_, code)| !code.is_empty())
        .map(|(scheme, code)| (scheme.to_owned(), Code::One(code.to_owned())))
        .collect();
    let (on_behalf_of, place, times, confidence, actor_as, target_as) = Default::default();
    let (actor, action, target) = (actor.to_owned(), format!("cameo-{code}"), target.to_owned());
    let stance = Stance { actor, action, target, occurred, on_behalf_of, place, times, confidence, actor_as, target_as, codes };
    let place = cell(record, tail.place, "ActionGeo_FullName")?;
    let note = (!is_missing(place)).then(|| place.to_owned());
    let evidence = vec![source(if tail.url < record.len() { cell(record, tail.url, "SOURCEURL")? } else { "" })];
    Ok(Draft { id: Some(id), body: Body::Stance(stance), common: Common { note, evidence, ..Common::default() } })
}

/// Code and name of an actor; one without a name is called by its code.
fn party<'a>(record: &'a ByteRecord, [code, name]: [usize; 2], kind: &'static str, field: &str) -> Result<(&'a str, &'a str), Flaw> {
    let (given, words) = (cell(record, code, field)?, cell(record, name, field)?);
    match (is_missing(given), is_missing(words)) {
        (_, false) => Ok((given, words)),
        (false, true) => Ok((given, given)),
        (true, true) => Err(Flaw::new(kind, field, format!("the row has no {field}")).at(name)),
    }
}

/// The document that the event was first found in; where it is not on the web, its name.
pub(super) fn source(identifier: &str) -> Evidence {
    if identifier.starts_with("http://") || identifier.starts_with("https://") {
        return Evidence { url: Some(identifier.to_owned()), ..Evidence::default() };
    }
    let note = (!identifier.is_empty()).then(|| identifier.to_owned());
    Evidence { source: Some("gdelt".to_owned()), note, ..Evidence::default() }
}

/// The day of the event; approximate where it is one that relative words make of the day when the row was added.
fn occurred(date: &str, added: &str) -> Result<Occurred, Flaw> {
    let day = |text: &str| text.get(..8).and_then(|day| NaiveDate::parse_from_str(day, "%Y%m%d").ok());
    let bad = |said: String| Flaw::new("bad date", "SQLDATE", said).at(DATE);
    let Some(when) = day(date).filter(|_| date.len() == 8) else { return Err(bad(format!("`{date}` is no date like 20151027"))) };
    let is_relative = day(added).is_some_and(|added| {
        let before = [1, 7, 30].map(|days| added.checked_sub_days(Days::new(days)));
        before.contains(&Some(when)) || added.checked_sub_months(Months::new(12)) == Some(when)
    });
    Occurred::parse(&format!("{when}{}", if is_relative { "~" } else { "" })).map_err(|e| bad(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(count: usize, cells: &[(usize, &str)]) -> String {
        let mut row = vec![""; count];
        cells.iter().for_each(|(at, value)| row[*at] = value);
        row.join("\t") + "\n"
    }

    #[test]
    fn both_versions_tell_the_same_and_relative_dates_are_approximate() {
        let shared = [(0, "7"), (1, "20141027"), (5, "FRA"), (6, "FRANCE"), (15, "MLI"), (16, "MALI"), (26, "010"), (30, "0.0")];
        let two = [&shared[..], &[(52, "Paris"), (59, "20151027220000"), (60, "https://x.example/a")]].concat();
        let one = [&shared[..], &[(50, "Paris"), (56, "20151027"), (57, "https://x.example/a")]].concat();
        let drafts: Vec<Draft> = [row(61, &two), row(58, &one)]
            .iter()
            .map(|row| facts(row.as_bytes(), Encoding::Utf8, None).next().unwrap().unwrap().draft)
            .collect();
        assert_eq!(drafts[0], drafts[1]);
        let Body::Stance(stance) = &drafts[0].body else { panic!() };
        assert_eq!((stance.action.as_str(), stance.occurred.as_str()), ("cameo-010", "2014-10-27~"));
        let day = |date: &str| occurred(date, "20151027").unwrap().as_str().to_owned();
        assert_eq!(
            [day("20151026"), day("20151020"), day("20150927"), day("20151027"), day("20151025")],
            ["2015-10-26~", "2015-10-20~", "2015-09-27~", "2015-10-27", "2015-10-25"]
        );
    }

    #[test]
    fn rows_without_somebody_are_refused_by_reason() {
        let text = [row(61, &[(0, "7"), (16, "MALI")]), row(61, &[(0, "8"), (5, "FRA")]), row(60, &[(0, "9")])].concat();
        let kinds: Vec<String> = facts(text.as_bytes(), Encoding::Utf8, None)
            .map(|told| match told {
                Err(Trouble::Row(bad)) => bad.kind.into_owned(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(kinds, ["no actor", "no target", "column count"]);
    }
}
