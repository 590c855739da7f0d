//! Reviews of claims in a table with a header: PolitiFact's statements as LIAR and LIAR2 collect them, rows scraped from the
//! markup of fact-checkers, and any table whose columns are called like theirs.

use std::collections::BTreeMap;
use std::io;

use csv::ByteRecord;

use super::date::date;
use super::fact::{Fact, Flaw, Told, Trouble, cell, is_missing};
use super::input::{Encoding, Text};
use super::review::{Number, Review};
use super::row::Rows;

/// The fields of a review, and what their columns may be called, the first that is there.
const FIELDS: [(Field, &[&str]); 15] = [
    (Field::Claim, &["claim", "claim_text", "claimreviewed", "claim_reviewed", "statement", "text"]),
    (Field::Claimant, &["claimant", "claim_author", "speaker"]),
    (Field::Said, &["claim_date", "date_claimed"]),
    (Field::Label, &["label", "rating_text", "textual_rating", "rating", "verdict"]),
    (Field::Value, &["rating_value"]),
    (Field::Worst, &["rating_worst", "worst_rating"]),
    (Field::Best, &["rating_best", "best_rating"]),
    (Field::Reviewer, &["reviewer", "review_author", "publisher", "fact_checker", "site"]),
    (Field::Published, &["review_date", "date_published", "date_reviewed"]),
    (Field::Url, &["url", "review_url", "link"]),
    (Field::Title, &["title", "headline"]),
    (Field::Topic, &["topic", "topics", "subject", "tags"]),
    (Field::Context, &["context"]),
    (Field::Number, &["id"]),
    (Field::Site, &["site"]),
];
/// The columns by which LIAR's form is known: its `date` is that of the statement, its reviewer PolitiFact, as far as its
/// verdicts are PolitiFact's.
const LIAR: [&str; 4] = ["date", "speaker", "statement", "verdict"];
const POLITIFACT: (&str, [&str; 8]) =
    ("PolitiFact", ["true", "mostly-true", "half-true", "barely-true", "mostly-false", "false", "pants-fire", "pants-on-fire"]);
/// The column of scraped markup that may hold the writer of the review. Where a row's reviewer is but its site once more, the
/// markup named one person alone, and which of the two that was is not told: nobody is said to have claimed what he debunked.
const CLAIMANT_OR_WRITER: &str = "claim_author";

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Field {
    Claim,
    Claimant,
    Said,
    Label,
    Value,
    Worst,
    Best,
    Reviewer,
    Published,
    Url,
    Title,
    Topic,
    Context,
    Number,
    Site,
}

/// Where the columns stand that matter.
struct Header {
    columns: BTreeMap<Field, (usize, String)>,
    width: usize,
    /// Who reviewed, where no column says so and the user does.
    reviewer: Option<String>,
    is_liar: bool,
}

/// Reads the reviews of a table.
pub(super) fn facts<'a>(table: Text<'a>, reviewer: Option<&'a str>) -> impl Iterator<Item = Told> + Send + 'a {
    let mut rows = Rows::of(table, Encoding::Utf8, None);
    let (mut header, mut record, mut is_done) = (None, ByteRecord::new(), false);
    std::iter::from_fn(move || {
        while !is_done {
            let line = match rows.read(&mut record) {
                Ok(line) => line?,
                Err(trouble) => return Some(Err(trouble)),
            };
            let Some(header) = &header else {
                match header_of(&record, reviewer) {
                    Ok(found) => header = Some(found),
                    Err(said) => {
                        is_done = true;
                        let said = format!("line {line}: {said}");
                        return Some(Err(Trouble::File(io::Error::new(io::ErrorKind::InvalidData, said))));
                    }
                }
                continue;
            };
            let told: Result<Fact, Flaw> =
                header.review(&record).and_then(|review| review.fact(line, &record)).map_err(|flaw| header.located(flaw));
            return Some(told.map_err(|flaw| Trouble::Row(flaw.of_row(line, &record))));
        }
        None
    })
}

/// The header of a table, if it has what a review needs.
fn header_of(record: &ByteRecord, reviewer: Option<&str>) -> Result<Header, String> {
    let names: Vec<String> =
        record.iter().map(|name| String::from_utf8_lossy(name).trim().to_lowercase().replace([' ', '-'], "_")).collect();
    let place = |name: &str| names.iter().position(|one| one == name);
    let found =
        FIELDS.iter().filter_map(|(field, called)| called.iter().find_map(|name| place(name).map(|at| (*field, (at, (*name).to_owned())))));
    let mut columns: BTreeMap<Field, (usize, String)> = found.collect();
    let is_liar = LIAR.iter().all(|name| place(name).is_some());
    if is_liar {
        columns.insert(Field::Said, (place("date").unwrap_or_default(), "date".to_owned()));
    }
    let begins = names.first().map(|name| name.chars().take(40).collect::<String>()).unwrap_or_default();
    let has = |field: Field| columns.contains_key(&field);
    let missing = match (has(Field::Claim), has(Field::Label) || has(Field::Value)) {
        (true, true) => None,
        (false, _) => Some("claim"),
        (true, false) => Some("rating_text` or `verdict"),
    };
    if let Some(what) = missing {
        return Err(format!("expected a header with a column `{what}`, or JSON-LD; it begins with `{begins}`"));
    }
    if !is_liar && place("date").is_some() && !has(Field::Said) && !has(Field::Published) {
        return Err("the column `date` may be the claim's or the review's; call it `claim_date` or `review_date`".to_owned());
    }
    if !has(Field::Reviewer) && reviewer.is_none() && !is_liar {
        return Err("no column says who reviewed the claims; name it with --reviewer".to_owned());
    }
    Ok(Header { columns, width: names.len(), reviewer: reviewer.map(str::to_owned), is_liar })
}

impl Header {
    /// What a row says of a field; values in double quotes are what stands between them.
    fn value(&self, record: &ByteRecord, field: Field) -> Result<String, Flaw> {
        let Some((column, name)) = self.columns.get(&field) else { return Ok(String::new()) };
        let value = cell(record, *column, name)?.trim();
        let quoted =
            value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).filter(|inner| !inner.replace("\"\"", "").contains('"'));
        let value = quoted.map_or(value.to_owned(), |inner| inner.replace("\"\"", "\""));
        Ok(if is_missing(&value) { String::new() } else { value.trim().to_owned() })
    }

    fn review(&self, record: &ByteRecord) -> Result<Review, Flaw> {
        if record.len() != self.width {
            return Err(Flaw::new("column count", "", format!("{} columns, expected {}", record.len(), self.width)));
        }
        let value = |field: Field| self.value(record, field);
        let given = |field: Field| Ok(Some(value(field)?).filter(|value| !value.is_empty()));
        let dated = |field: Field, name: &'static str| date(&value(field)?, name).map_err(|flaw| flaw.in_column(self.place(field)));
        let (claimant, label) = (value(Field::Claimant)?, value(Field::Label)?);
        let is_doubtful = self.is_claimant_or_writer(&value(Field::Reviewer)?, &value(Field::Site)?);
        let topic = given(Field::Topic)?.filter(|topic| topic != "[]").map(|topic| format!("about: {topic}"));
        let reviewer = given(Field::Reviewer)?.or_else(|| self.reviewer_of(&label)).unwrap_or_default();
        let is_told = is_doubtful && !claimant.is_empty() && claimant != reviewer;
        let doubtful = is_told.then(|| format!("claimed or reviewed by: {claimant}"));
        Ok(Review {
            claim: value(Field::Claim)?,
            claimants: if is_doubtful { Vec::new() } else { vec![claimant] },
            said: dated(Field::Said, "claim_date")?,
            label,
            value: Number { value: value(Field::Value)?, worst: value(Field::Worst)?, best: value(Field::Best)? },
            reviewer,
            published: dated(Field::Published, "review_date")?,
            url: given(Field::Url)?,
            appearances: Vec::new(),
            context: given(Field::Context)?,
            number: given(Field::Number)?,
            notes: [given(Field::Title)?, doubtful, topic].into_iter().flatten().collect(),
        })
    }

    /// Whether the claimant that a row names may be the writer of the review.
    fn is_claimant_or_writer(&self, reviewer: &str, site: &str) -> bool {
        let is_scraped = self.columns.get(&Field::Claimant).is_some_and(|(_, name)| name == CLAIMANT_OR_WRITER);
        is_scraped && !site.is_empty() && reviewer == site
    }

    /// Who gave a label, where no column says so.
    fn reviewer_of(&self, label: &str) -> Option<String> {
        let (politifact, labels) = POLITIFACT;
        let is_theirs = || self.is_liar && labels.contains(&label.to_lowercase().replace(' ', "-").trim_end_matches('!'));
        self.reviewer.clone().or_else(|| is_theirs().then(|| politifact.to_owned()))
    }

    /// A flaw of a field that the review itself found, with the column where the field stands.
    fn located(&self, flaw: Flaw) -> Flaw {
        let field = match flaw.field() {
            "claim" => Field::Claim,
            "reviewer" => Field::Reviewer,
            "rating" => Field::Label,
            _ => return flaw,
        };
        flaw.in_column(self.place(field))
    }

    fn place(&self, field: Field) -> Option<usize> {
        self.columns.get(&field).map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Body;

    fn told(text: &str, reviewer: Option<&'static str>) -> Vec<String> {
        facts(Box::new(io::Cursor::new(text.to_owned())), reviewer)
            .map(|told| match told {
                Ok(fact) => {
                    let Body::Verdict(verdict) = &fact.draft.body else { panic!("{fact:?}") };
                    let said = fact.beside.iter().filter_map(|draft| match &draft.body {
                        Body::Stance(stance) => Some(format!("; {} {}", stance.actor, stance.occurred)),
                        _ => None,
                    });
                    format!("{} {} {}{}", verdict.reviewer, verdict.label, verdict.rating, said.collect::<String>())
                }
                Err(Trouble::Row(bad)) => format!("{}:{:?} {}", bad.line, bad.column, bad.kind),
                Err(Trouble::File(error)) => error.to_string(),
            })
            .collect()
    }

    #[test]
    fn statements_of_politifact_are_known_by_their_columns() {
        let text = "id\tdate\tspeaker\tverdict\tstatement\tsubject\n1\t2012-03-04\tann\thalf-true\tShe said \"no\"\ttax\n2\t2012-03-32\tbob\ttrue\tX\t\n";
        assert_eq!(told(text, None), ["PolitiFact half-true mixture; ann 2012-03-04", "3:Some(2) bad date"]);
        assert_eq!(told(text, Some("Gazette"))[0], "Gazette half-true mixture; ann 2012-03-04");
        let others = text.replace("half-true", "Misleading");
        assert_eq!(told(&others, None)[0], "2:None no reviewer", "PolitiFact has no such label");
    }

    #[test]
    fn scraped_markup_does_not_make_writers_claimants() {
        let text = "site\trating_text\tclaim_author\tclaim_date\tclaim\treview_date\treview_author\n\
            snopes\tTrue\tKim\t\tA\t2021-07-09\tsnopes\n\
            vish\tFALSE\t\"Ann B\"\t\t\"A b\"\t2021-7-9\tVish\n\
            aap\tFalse\t\t2021-06-11\t\t\taap\n\
            aap\tFalse\n\
            lupa\tFalse\tBob\t2021-07-01\tB\t2021-07-09\tlupa\n";
        assert_eq!(
            told(text, None),
            ["snopes True true", "Vish FALSE false; Ann B ../2021-07-09", "4:Some(5) no claim", "5:None column count", "lupa False false"],
            "where the site is all that is told of the reviewer, the one name may be the writer's, whatever the site"
        );
        let plain = told(&text.replace("claim_author", "claimant"), None);
        assert_eq!((&*plain[0], &*plain[4]), ("snopes True true; Kim ../2021-07-09", "lupa False false; Bob 2021-07-01"));
    }

    #[test]
    fn a_table_that_does_not_say_enough_is_refused_whole() {
        let refused = |text: &str| told(text, None).pop().unwrap();
        assert!(refused("a,b\n1,2\n").contains("line 1: expected a header with a column `claim`"));
        assert!(refused("claim,rating\nx,true\n").contains("--reviewer"));
        assert!(refused("claim,rating,date,reviewer\nx,true,2021,Us\n").contains("`claim_date` or `review_date`"));
        assert_eq!(told("claim,rating\n\"x, y\",true\n", Some("Us")), ["Us true true"]);
    }
}
