//! A fact-checker's review of a claim, from whatever form it was read: the claim, who asserts it, the verdict.

use std::fmt::Write;

use csv::ByteRecord;

use super::fact::{Fact, Flaw};
use super::rating::{of_label, of_number};
use crate::event::{
    Body, Claim, Common, Draft, EventId, Evidence, Micros, Occurred, Rating, Stance, TEXT_MAX, Verdict, fold_name, slug_of,
};

/// So much of a claim's words is in its slug.
const STEM_MAX: usize = 60;
/// A claim that more than so many are told to make is refused: each of them is an event with all that the claim rests on.
const CLAIMANTS_MAX: usize = 100;
/// Names that name nobody begin so, or are these.
const SEVERAL: &str = "multiple";
const NOBODY: [&str; 8] = ["anonymous", "n/a", "none", "several sources", "unknown", "various", "various sources", "various users"];

/// A review, as read.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Review {
    /// What is claimed, in words.
    pub(super) claim: String,
    /// Those who claim it.
    pub(super) claimants: Vec<String>,
    /// When it was claimed.
    pub(super) said: Option<Occurred>,
    /// The reviewer's words for what he found, and his number for it.
    pub(super) label: String,
    pub(super) value: Number,
    pub(super) reviewer: String,
    pub(super) published: Option<Occurred>,
    pub(super) url: Option<String>,
    /// Where the claim was found.
    pub(super) appearances: Vec<String>,
    /// On what occasion it was claimed.
    pub(super) context: Option<String>,
    /// The row's own number in its collection.
    pub(super) number: Option<String>,
    /// What else the review tells, for readers.
    pub(super) notes: Vec<String>,
}

/// A rating as a number on a scale, as it is written.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Number {
    pub(super) value: String,
    pub(super) worst: String,
    pub(super) best: String,
}

impl Number {
    /// The number with its scale, for readers; nothing where there is none.
    fn told(&self) -> Option<String> {
        let mut told = self.value.clone();
        if !self.worst.is_empty() && !self.best.is_empty() {
            let _ = write!(told, " on a scale from {} to {}", self.worst, self.best);
        }
        (!self.value.is_empty()).then_some(told)
    }

    fn rating(&self) -> Rating {
        let read = |text: &str, missing: f64| if text.is_empty() { Some(missing) } else { text.parse().ok() };
        match (self.value.parse(), read(&self.worst, 1.0), read(&self.best, 5.0)) {
            (Ok(value), Some(worst), Some(best)) => of_number(value, worst, best),
            _ => Rating::Other,
        }
    }
}

impl Review {
    /// The review as a fact: the verdict, and before it the claim and those who assert it.
    ///
    /// # Errors
    /// What it lacks to be one.
    pub(super) fn fact(mut self, line: u64, record: &ByteRecord) -> Result<Fact, Flaw> {
        self.claim = fold_name(&self.claim);
        self.reviewer = fold_name(&self.reviewer);
        for (value, kind, what) in [(&self.claim, "no claim", "what is claimed"), (&self.reviewer, "no reviewer", "who reviewed it")] {
            if value.is_empty() {
                return Err(Flaw::new(kind, &kind[3..], format!("the review does not say {what}")));
            }
        }
        let (label, rating) = match self.value.told() {
            _ if !self.label.is_empty() => (self.label.clone(), of_label(&self.label)),
            Some(number) => (number, self.value.rating()),
            None => return Err(Flaw::new("no rating", "rating", "the review has neither a label nor a number")),
        };
        let told = std::mem::take(&mut self.claimants);
        let (claimants, nobody): (Vec<String>, Vec<String>) =
            told.iter().map(|name| fold_name(name)).filter(|name| !name.is_empty()).partition(|name| self.is_claimant(name));
        if claimants.len() > CLAIMANTS_MAX {
            let said = format!("{} claimants; a claim has at most {CLAIMANTS_MAX}", claimants.len());
            return Err(Flaw::new("too many claimants", "claimant", said));
        }
        self.notes.extend(nobody.into_iter().filter(|name| *name != self.reviewer).map(|name| format!("claimed by: {name}")));
        let slug = slug(&self.claim, &claimants);
        let parts: [&[u8]; 3] = [b"claim", slug.as_bytes(), self.claim.as_bytes()];
        let claim = Claim { claim: slug.clone(), text: self.claim.clone(), about: None, relations: Vec::new() };
        let mut beside =
            vec![Draft { id: Some(EventId::of_content(Micros(0), &parts)), body: Body::Claim(claim), common: Common::default() }];
        match self.occurred() {
            Some(occurred) => beside.extend(claimants.into_iter().map(|claimant| self.assertion(claimant, &slug, &occurred))),
            None => self.notes.extend(claimants.into_iter().map(|name| format!("claimed at an unknown time by: {name}"))),
        }
        if beside.len() == 1 {
            self.notes.extend(self.said.as_ref().map(|said| format!("claimed on: {said}")));
        }
        if !self.label.is_empty() {
            self.notes.extend(self.value.told().map(|number| format!("rated: {number}")));
        }
        Ok(Fact { draft: self.verdict(slug, label, rating), beside, line, rows: 1, record: record.clone() })
    }

    /// Whether a name is somebody's who may have claimed it: not the reviewer's own, nor a word for nobody in particular.
    fn is_claimant(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        *name != *self.reviewer && !NOBODY.contains(&lower.as_str()) && !lower.starts_with(SEVERAL)
    }

    /// When it was claimed: where that is not said, at some time until the review was published.
    fn occurred(&self) -> Option<Occurred> {
        if self.said.is_some() {
            return self.said.clone();
        }
        let latest = self.published.as_ref().map(Occurred::latest).filter(|latest| *latest < Micros::MAX)?;
        Occurred::parse(&format!("../{}", latest.day())).ok()
    }

    /// Where it is told: the address, else the reviewer's collection.
    fn source(&self) -> Evidence {
        let note = self.number.as_ref().map(|number| format!("no. {number}"));
        let source = self.url.is_none().then(|| slug_of(&self.reviewer));
        Evidence { url: self.url.clone(), source, note, ..Evidence::default() }
    }

    fn assertion(&self, claimant: String, slug: &str, occurred: &Occurred) -> Draft {
        let context = self.context.as_deref().unwrap_or_default();
        let (url, number) = (self.url.as_deref().unwrap_or_default(), self.number.as_deref().unwrap_or_default());
        let mut parts: Vec<&str> = vec!["assertion", &claimant, slug, occurred.as_str(), &self.reviewer, url, number, context];
        parts.extend(self.appearances.iter().map(String::as_str));
        let parts: Vec<&[u8]> = parts.into_iter().map(str::as_bytes).collect();
        let id = EventId::of_content(occurred.earliest(), &parts);
        let appearances = self.appearances.iter().map(|url| Evidence { url: Some(url.clone()), ..Evidence::default() });
        let evidence = appearances.chain([self.source()]).collect();
        let (on_behalf_of, place, times, confidence, actor_as, target_as, codes) = Default::default();
        let (action, target, occurred) = ("asserts".to_owned(), format!("claim:{slug}"), occurred.clone());
        let stance =
            Stance { actor: claimant, action, target, occurred, on_behalf_of, place, times, confidence, actor_as, target_as, codes };
        Draft { id: Some(id), body: Body::Stance(stance), common: Common { note: self.context.clone(), evidence, ..Common::default() } }
    }

    fn verdict(&self, claim: String, label: String, rating: Rating) -> Draft {
        let note = Some(shortened(self.notes.join("; "))).filter(|note| !note.is_empty());
        let published = self.published.as_ref();
        let given = [
            "verdict",
            &self.reviewer,
            &claim,
            &label,
            self.url.as_deref().unwrap_or_default(),
            published.map_or("", Occurred::as_str),
            self.number.as_deref().unwrap_or_default(),
            note.as_deref().unwrap_or_default(),
        ];
        let id = EventId::of_content(published.map_or(Micros(0), Occurred::earliest), &given.map(str::as_bytes));
        let (reviewer, url, published) = (self.reviewer.clone(), self.url.clone(), self.published.clone());
        let body = Body::Verdict(Verdict { claim, reviewer, label, rating, url, published });
        Draft { id: Some(id), body, common: Common { note, evidence: vec![self.source()], ..Common::default() } }
    }
}

/// The slug of a claim: its first words, and a mark of all of them and of who says so. The same words of somebody else may
/// say another thing ("I never voted for it"), and are another claim.
fn slug(text: &str, claimants: &[String]) -> String {
    let stem = slug_of(text);
    let stem = match stem.get(..STEM_MAX).and_then(|cut| cut.rsplit_once('-')) {
        Some((cut, _)) => cut,
        None => stem.get(..STEM_MAX).unwrap_or(&stem),
    };
    let parts: Vec<&[u8]> = [text].into_iter().chain(claimants.iter().map(String::as_str)).map(str::as_bytes).collect();
    let id = EventId::of_content(Micros(0), &parts);
    // Version and variant stand before these bytes.
    let mark: String = id.as_bytes()[10..].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}", stem.trim_end_matches('-'), &mark[..10])
}

/// A note that is not longer than one may be.
fn shortened(mut note: String) -> String {
    if note.len() > TEXT_MAX {
        note.truncate((0..=TEXT_MAX - 4).rev().find(|at| note.is_char_boundary(*at)).unwrap_or(0));
        note.push('…');
    }
    note
}

#[cfg(test)]
mod tests {
    use super::super::date::date;
    use super::*;

    fn review() -> Review {
        let (claim, reviewer, label) = ("The  tax falls.".to_owned(), "Gazette".to_owned(), "Mostly False".to_owned());
        Review { claim, reviewer, label, claimants: vec!["Ann".to_owned()], published: day("2021-3-9"), ..Review::default() }
    }

    fn day(text: &str) -> Option<Occurred> {
        date(text, "date").unwrap()
    }

    fn fact(review: Review) -> Fact {
        review.fact(1, &ByteRecord::new()).unwrap()
    }

    fn told(fact: &Fact) -> Vec<String> {
        let tell = |draft: &Draft| match &draft.body {
            Body::Claim(claim) => claim.text.clone(),
            Body::Stance(stance) => format!("{} {} on {}", stance.actor, stance.action, stance.occurred),
            Body::Verdict(verdict) => format!("{} {} {}", verdict.reviewer, verdict.label, verdict.rating),
            other => panic!("{other:?}"),
        };
        let mut all: Vec<String> = fact.beside.iter().chain([&fact.draft]).map(tell).collect();
        all.extend(fact.draft.common.note.clone());
        all
    }

    #[test]
    fn a_review_is_a_claim_an_assertion_and_a_verdict() {
        assert_eq!(told(&fact(review())), ["The tax falls.", "Ann asserts on ../2021-03-09", "Gazette Mostly False mixture"]);
        let dated = Review { said: day("2021-02"), ..review() };
        assert_eq!(told(&fact(dated))[1], "Ann asserts on 2021-02");
        let number = Number { value: "1".to_owned(), ..Number::default() };
        let unlabelled = fact(Review { label: String::new(), value: number.clone(), ..review() });
        assert_eq!(told(&unlabelled)[2], "Gazette 1 false");
        assert_eq!(told(&fact(Review { value: number, ..review() }))[3], "rated: 1");
    }

    #[test]
    fn who_claimed_it_is_not_guessed() {
        for (name, note) in [("Gazette", None), ("Multiple sources", Some("claimed by: Multiple sources")), ("", None)] {
            let fact = fact(Review { claimants: vec![name.to_owned()], ..review() });
            assert_eq!((fact.beside.len(), fact.draft.common.note.as_deref()), (1, note), "{name}");
        }
        let undated = fact(Review { published: None, ..review() });
        assert_eq!(told(&undated)[2], "claimed at an unknown time by: Ann");
    }

    #[test]
    fn the_same_words_of_somebody_else_are_another_claim() {
        let slug_of = |name: &str| match &fact(Review { claimants: vec![name.to_owned()], ..review() }).beside[0].body {
            Body::Claim(claim) => claim.claim.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(slug_of("Ann"), slug_of("Ann"));
        assert!(slug_of("Ann").starts_with("the-tax-falls-") && slug_of("Ann") != slug_of("Bob"));
        assert!(crate::event::is_slug(&slug("x".repeat(500).as_str(), &[])) && crate::event::is_slug(&slug("—", &[])));
    }

    #[test]
    fn what_is_missing_is_named() {
        let kinds = [
            Review { claim: " ".to_owned(), ..review() },
            Review { reviewer: String::new(), ..review() },
            Review { label: String::new(), ..review() },
        ]
        .map(|review| review.fact(7, &ByteRecord::new()).unwrap_err().of_row(7, &ByteRecord::new()).kind);
        assert_eq!(kinds, ["no claim", "no reviewer", "no rating"]);
    }

    #[test]
    fn a_crowd_of_claimants_is_refused() {
        let of = |number: usize| Review { claimants: (0..number).map(|n| format!("Ann {n}")).collect(), ..review() };
        assert_eq!(fact(of(CLAIMANTS_MAX)).beside.len(), CLAIMANTS_MAX + 1);
        assert_eq!(of(CLAIMANTS_MAX + 1).fact(1, &ByteRecord::new()).unwrap_err().field(), "claimant");
    }
}
