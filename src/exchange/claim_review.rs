//! ClaimReview of schema.org as JSON-LD, and tables of reviews: what is claimed, who asserts it, the reviewer's verdict.
//!
//! JSON-LD comes as one object, a list, a `@graph`, a `DataFeed` or JSON Lines; things of other types in lists and graphs are
//! passed over. The label stays as published beside what it comes to.

use std::io::{self, Read};

use serde_json::{Map, Value};

use super::claim_table;
use super::date::date;
use super::document::{Content, Object, Objects, content};
use super::fact::{Flaw, Told, Trouble};
use super::input::Encoding;
use super::review::{Number, Review};

/// So many appearances of a claim are kept.
const APPEARANCES_MAX: usize = 100;

/// Reads the reviews of a file; where they do not say who reviewed, it was `reviewer`.
pub fn facts<'a>(
    input: impl Read + Send + 'a,
    encoding: Encoding,
    reviewer: Option<&'a str>,
) -> Box<dyn Iterator<Item = Told> + Send + 'a> {
    match content(input, encoding) {
        Ok(Content::Objects(objects)) => Box::new(Reviews { objects, reviewer, has_told: false, has_passed: false, is_done: false }),
        Ok(Content::Table(table)) => Box::new(claim_table::facts(table, reviewer)),
        Err(error) => Box::new(std::iter::once(Err(Trouble::File(error)))),
    }
}

struct Reviews<'a> {
    objects: Objects<'a>,
    reviewer: Option<&'a str>,
    /// Whether there were reviews or refused rows, and whether there was anything else.
    has_told: bool,
    has_passed: bool,
    is_done: bool,
}

impl Iterator for Reviews<'_> {
    type Item = Told;

    fn next(&mut self) -> Option<Told> {
        while !self.is_done {
            let told = match self.objects.read() {
                Ok(Some(object)) => self.told_of(&object),
                Ok(None) => {
                    self.is_done = true;
                    let said = "no ClaimReview is in it";
                    (self.has_passed && !self.has_told).then(|| Err(Trouble::File(io::Error::new(io::ErrorKind::InvalidData, said))))
                }
                Err(trouble) => {
                    self.is_done = matches!(trouble, Trouble::File(_));
                    Some(Err(trouble))
                }
            };
            if told.is_some() {
                self.has_told = true;
                return told;
            }
            self.has_passed = true;
        }
        None
    }
}

impl Reviews<'_> {
    /// What an object tells; nothing where it is one of the other things in a graph.
    fn told_of(&self, object: &Object) -> Option<Told> {
        let fields = &object.fields;
        let record = object.record();
        let told = if is_review(fields) {
            review(fields, self.reviewer).and_then(|review| review.fact(object.line, &record))
        } else if object.is_part {
            return None;
        } else {
            let types = types(fields).collect::<Vec<_>>().join(", ");
            let said = if types.is_empty() { "nothing says what it is".to_owned() } else { format!("it is `{types}`") };
            Err(Flaw::new("no ClaimReview", "@type", format!("expected a ClaimReview; {said}")))
        };
        Some(told.map_err(|flaw| Trouble::Row(flaw.of_row(object.line, &record))))
    }
}

fn types(fields: &Map<String, Value>) -> impl Iterator<Item = &str> {
    all(fields.get("@type")).filter_map(Value::as_str).map(|word| word.rsplit(['/', ':', '#']).next().unwrap_or(word))
}

fn is_review(fields: &Map<String, Value>) -> bool {
    types(fields).any(|word| word == "ClaimReview") || (!fields.contains_key("@type") && fields.contains_key("claimReviewed"))
}

/// A review as its markup tells it.
fn review(fields: &Map<String, Value>, reviewer: Option<&str>) -> Result<Review, Flaw> {
    let item = |name: &str| all(fields.get("itemReviewed")).find_map(|item| item.get(name));
    let ratings: Vec<&Value> = all(fields.get("reviewRating")).collect();
    let rating = match ratings[..] {
        [] => None,
        [rating] => Some(rating),
        [..] => return Err(Flaw::new("several ratings", "reviewRating", "the review has several ratings; which is the verdict?")),
    };
    let of_rating = |name: &str| rating.and_then(|rating| text(rating.get(name))).unwrap_or_default();
    let (author, publisher) = (all(fields.get("author")).next(), all(fields.get("publisher")).find_map(name));
    // A review is its publisher's; where a person wrote it, the markup may name both.
    let written = author.and_then(name);
    let is_person = author.is_some_and(|author| author.get("@type").and_then(Value::as_str).is_some_and(|word| word.ends_with("Person")));
    let (by, writer) = match (written, publisher) {
        (Some(writer), Some(publisher)) if is_person => (Some(publisher), Some(writer)),
        (Some(author), _) => (Some(author), None),
        (None, publisher) => (publisher, None),
    };
    let claimants = all(item("author")).filter_map(name).collect();
    let appearances = all(item("firstAppearance")).chain(all(item("appearance"))).filter_map(address).take(APPEARANCES_MAX);
    let title = text(fields.get("headline")).or_else(|| text(fields.get("name")));
    let notes = [title, writer.map(|name| format!("by {name}")), Some(of_rating("ratingExplanation"))];
    Ok(Review {
        claim: text(fields.get("claimReviewed")).or_else(|| text(item("text"))).unwrap_or_default(),
        claimants,
        said: date(&text(item("datePublished")).unwrap_or_default(), "itemReviewed.datePublished")?,
        label: of_rating("alternateName"),
        value: Number { value: of_rating("ratingValue"), worst: of_rating("worstRating"), best: of_rating("bestRating") },
        reviewer: by.or_else(|| reviewer.map(str::to_owned)).unwrap_or_default(),
        published: date(&text(fields.get("datePublished")).unwrap_or_default(), "datePublished")?,
        url: fields.get("url").and_then(address).or_else(|| fields.get("@id").and_then(address)),
        appearances: appearances.collect(),
        context: None,
        number: None,
        notes: notes.into_iter().flatten().filter(|note| !note.is_empty()).collect(),
    })
}

/// The values that stand under a name: those of a list, or the one.
fn all(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    match value {
        Some(Value::Array(values)) => values.iter(),
        Some(Value::Null) | None => [].iter(),
        Some(one) => std::slice::from_ref(one).iter(),
    }
}

/// A text, a number, or the first of a list of them; `{"@value": …}` is how JSON-LD writes one with its language.
fn text(value: Option<&Value>) -> Option<String> {
    all(value).find_map(|value| match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(fields) => fields.get("@value").and_then(Value::as_str).map(str::to_owned),
        Value::Null | Value::Bool(_) | Value::Array(_) => None,
    })
}

/// What somebody is called.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => text(fields.get("name")).or_else(|| text(Some(value))),
        other => text(Some(other)),
    }
}

/// An address on the web.
fn address(value: &Value) -> Option<String> {
    let text = match value {
        Value::Object(fields) => text(fields.get("url")).or_else(|| text(fields.get("@id"))),
        other => text(Some(other)),
    };
    text.filter(|text| text.starts_with("https://") || text.starts_with("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Body, Draft};

    const REVIEW: &str = r##"{"@context":"https://schema.org","@type":["ClaimReview"],"url":"https://gazette.example/tax","claimReviewed":{"@value":"The tax falls.","@language":"en"},"author":{"@type":"Person","name":"Cid"},"publisher":{"@type":"Organization","name":"Gazette"},"datePublished":"2021-03-09T10:00:00+01:00","reviewRating":{"@type":"Rating","ratingValue":2,"bestRating":"5","worstRating":1,"alternateName":"Mostly False"},"itemReviewed":{"@type":"Claim","author":[{"@type":"Person","name":"Ann"},{"name":"Bob"}],"datePublished":"2021-03-01","appearance":[{"@type":"CreativeWork","url":"https://x.example/1"},"https://x.example/2"]}}"##;

    fn drafts(text: &str) -> Vec<Result<Vec<Draft>, String>> {
        facts(text.as_bytes(), Encoding::Utf8, None)
            .map(|told| match told {
                Ok(fact) => Ok(fact.beside.into_iter().chain([fact.draft]).collect()),
                Err(Trouble::Row(bad)) => Err(format!("{} {}", bad.line, bad.kind)),
                Err(Trouble::File(error)) => Err(error.to_string()),
            })
            .collect()
    }

    #[test]
    fn markup_is_read_whatever_it_stands_in() {
        let alone = drafts(REVIEW);
        let told = alone[0].as_ref().unwrap();
        assert_eq!(told.len(), 4, "{told:#?}");
        let (Body::Claim(claim), Body::Stance(ann), Body::Verdict(verdict)) = (&told[0].body, &told[1].body, &told[3].body) else {
            panic!()
        };
        assert_eq!((claim.text.as_str(), ann.actor.as_str(), ann.occurred.as_str()), ("The tax falls.", "Ann", "2021-03-01"));
        assert_eq!((verdict.reviewer.as_str(), verdict.rating.word()), ("Gazette", "mixture"));
        assert_eq!(told[3].common.note.as_deref(), Some("by Cid; rated: 2 on a scale from 1 to 5"));
        assert_eq!(told[1].common.evidence.len(), 3);
        let forms = [
            format!("[{REVIEW}]"),
            format!("{{\"@graph\":[{{\"@type\":\"WebPage\"}},{REVIEW}]}}"),
            format!("{{\"@type\":\"DataFeed\",\"dataFeedElement\":[\n{{\"@type\":\"DataFeedItem\",\"item\":[{REVIEW}]}}]}}"),
            format!("\n{REVIEW}\n"),
            serde_json::to_string_pretty(&serde_json::from_str::<Value>(REVIEW).unwrap()).unwrap(),
        ];
        for form in forms {
            assert_eq!(drafts(&form), alone, "{form}");
        }
    }

    #[test]
    fn what_is_no_review_is_refused_or_passed_over() {
        let text = format!("{REVIEW}\n{{\"@type\":\"Article\"}}\n{{\"@type\":\"ClaimReview\",\"author\":\"G\"}}\n{{\n");
        let told: Vec<String> = drafts(&text).into_iter().map(|one| one.map_or_else(|bad| bad, |_| "good".to_owned())).collect();
        assert_eq!(told, ["good", "2 no ClaimReview", "3 no claim", "4 no JSON"]);
        assert!(drafts("[]").is_empty() && drafts("").is_empty());
        assert_eq!(drafts("[{\"@type\":\"Article\"}]"), [Err("no ClaimReview is in it".to_owned())]);
        let two = REVIEW
            .replace("\"reviewRating\":{", "\"reviewRating\":[{\"ratingValue\":5},{")
            .replace("\"itemReviewed\"", "],\"itemReviewed\"");
        let two = two.replace("},],", "}],");
        assert_eq!(drafts(&two), [Err("1 several ratings".to_owned())]);
    }
}
