//! A visit: what a page's address asks for, at which two times, by which rule, and who asks.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use form_urlencoded::Serializer;
use sha2::{Digest, Sha256};

use super::until::Until;
use crate::event::Day;
use crate::http::access::Caller;
use crate::http::asking::tags;
use crate::http::problem::Problem;
use crate::ledger::{Asked, Role, Seq};
use crate::stance::Rule;

/// The parameters that every page carries on, in the order in which they are written.
const TIMES: [&str; 3] = ["as_of", "known_at", "rule"];

/// Where in a list a page begins: nothing that another form or link keeps.
const PLACES: [&str; 3] = ["after", "before", "page"];

/// At which two times and by which rule a page looks.
#[derive(Clone, Default, Debug)]
pub(in crate::http) struct View {
    pub(in crate::http) as_of: Option<String>,
    pub(in crate::http) known_at: Option<String>,
    pub(in crate::http) rule: Option<String>,
}

/// What is asked for, and by whom.
#[derive(Clone)]
pub(in crate::http) struct Visit {
    pub(in crate::http) path: String,
    pub(in crate::http) view: View,
    /// The page's own parameters that are not empty.
    pub(in crate::http) own: BTreeMap<String, String>,
    /// What the caller may do; nothing on pages that anybody may see.
    pub(in crate::http) role: Option<Role>,
    /// The token's name, where one is needed.
    pub(in crate::http) name: Option<String>,
    have: Vec<String>,
    has_empty: bool,
    /// What else a page shows than the log, so that it can be told apart from an older one.
    pub(super) beside: String,
    /// On which day the page is written, where a ledger tells.
    pub(super) today: Option<Day>,
    /// Which of the two times or the rule is none, and what was asked: no link carries it on.
    mistaken: Option<(&'static str, String)>,
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::read(parts))
    }
}

impl View {
    /// The two times and the rule as the ledger is asked.
    pub(in crate::http) fn asked(&self) -> Result<Asked, Problem> {
        let rule = match self.rule.as_deref() {
            None => Rule::Latest,
            Some(word) => Rule::from_word(word).ok_or_else(|| Problem::bad_field("rule", "a rule is `latest` or `majority`"))?,
        };
        Ok(Asked { as_of: self.as_of.clone(), known_at: self.known_at.clone(), rule })
    }

    /// Whether it looks at the present: all that is recorded about all times.
    pub(in crate::http) fn is_present(&self) -> bool {
        self.as_of.is_none() && self.known_at.is_none()
    }

    /// An address that carries the two times and the rule on, behind parameters of its own; empty ones are left out.
    pub(in crate::http) fn link(&self, path: &str, own: &[(&str, &str)]) -> String {
        let times = TIMES.iter().copied().zip([&self.as_of, &self.known_at, &self.rule].map(|one| one.as_deref().unwrap_or_default()));
        let pairs: Vec<(&str, &str)> = own.iter().copied().chain(times).filter(|(_, value)| !value.is_empty()).collect();
        if pairs.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{}", Serializer::new(String::new()).extend_pairs(pairs).finish())
    }

    /// What is being looked at, in one sentence; on which day, so that it can say when `today` and `-30d` are.
    pub(in crate::http) fn sentence(&self, today: Option<Day>) -> String {
        let known = match self.known_at.as_deref() {
            None => "Everything recorded so far".to_owned(),
            Some(known) => format!("What was recorded {}", recorded_by(known, today)),
        };
        let world = self.as_of.as_deref().map(|date| format!(" about the world {}", Until::read(date, today).on())).unwrap_or_default();
        let rule = if self.rule.as_deref() == Some("majority") { ", by the majority of its last 90 days" } else { "" };
        format!("{known}{world}{rule}.")
    }
}

/// What was recorded at a place or time, was recorded ….
pub(super) fn recorded_by(known: &str, today: Option<Day>) -> String {
    match known.strip_prefix('@') {
        Some(seq) => format!("up to event {seq}"),
        None => Until::read(known, today).by(),
    }
}

/// The path that links of the page lead to. Browsers read `//` and `/\` at its beginning as another server; and where a form
/// is only sent to, the page that has the form is meant.
fn plain(path: &str, method: &Method) -> String {
    let page = if *method == Method::POST { path.strip_suffix("/retract").or(path.strip_suffix("/verify")) } else { None };
    format!("/{}", page.unwrap_or(path).trim_start_matches(['/', '\\']))
}

impl Visit {
    /// Reads what a request asks for.
    pub(in crate::http) fn read(parts: &Parts) -> Self {
        let (mut view, mut own, mut has_empty) = (View::default(), BTreeMap::new(), false);
        for (name, value) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            let value = value.trim();
            if value.is_empty() || (name == "rule" && value == Rule::Latest.word()) {
                has_empty = true;
                continue;
            }
            match &*name {
                "as_of" => view.as_of = Some(value.to_owned()),
                "known_at" => view.known_at = Some(value.to_owned()),
                "rule" => view.rule = Some(value.to_owned()),
                _ => drop(own.insert(name.into_owned(), value.to_owned())),
            }
        }
        let have = tags(&parts.headers);
        let caller = parts.extensions.get::<Caller>();
        let (role, name) = (caller.map(|caller| caller.role), caller.and_then(|caller| caller.name.clone()));
        let (path, beside, today) = (plain(parts.uri.path(), &parts.method), String::new(), None);
        Self { path, view, own, role, name, have, has_empty, beside, today, mistaken: None }
    }

    /// The same on a day.
    pub(super) fn on(&self, today: Day) -> Self {
        Self { today: Some(today), ..self.clone() }
    }

    /// The same where one of the two times, or the rule, turned out to be none.
    pub(super) fn without(mut self, field: &str) -> Self {
        let View { as_of, known_at, rule } = &mut self.view;
        let asked = TIMES.into_iter().zip([as_of, known_at, rule]).find(|(name, _)| *name == field);
        self.mistaken = asked.and_then(|(name, value)| Some((name, value.take()?)));
        self
    }

    /// One of the two times as it was asked, and whether it is one.
    pub(super) fn asked(&self, name: &str) -> (Option<&str>, bool) {
        let mistaken = self.mistaken.as_ref().filter(|(mistaken, _)| *mistaken == name).map(|(_, value)| value.as_str());
        let view = if name == "as_of" { &self.view.as_of } else { &self.view.known_at };
        (mistaken.or(view.as_deref()), mistaken.is_none())
    }

    /// A parameter of the page's own.
    pub(in crate::http) fn get(&self, name: &str) -> Option<&str> {
        self.own.get(name).map(String::as_str)
    }

    /// A number among the parameters: a page of a list, from 1.
    fn number(&self) -> usize {
        self.get("page").and_then(|page| page.parse().ok()).filter(|page| (1..=100_000).contains(page)).unwrap_or(1)
    }

    /// Where in a list this page begins, where each shows so many.
    pub(super) fn begun(&self, shown: usize) -> usize {
        (self.number() - 1) * shown
    }

    /// The address of the next page, where there is more.
    pub(super) fn next(&self, is_more: bool) -> Option<String> {
        is_more.then(|| self.with("page", &(self.number() + 1).to_string()))
    }

    /// The part of a whole list that this page shows, and the address of the next, where each shows so many.
    pub(super) fn part<'a, T>(&self, all: &'a [T], shown: usize) -> (&'a [T], Option<String>) {
        let behind = all.get(self.begun(shown)..).unwrap_or_default();
        (&behind[..behind.len().min(shown)], self.next(behind.len() > shown))
    }

    /// The page's own parameters, from the beginning of its list.
    pub(super) fn asks(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.own.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        own.filter(|(name, _)| !PLACES.contains(name))
    }

    /// This page of the present.
    pub(super) fn now(&self) -> String {
        View::default().link(&self.path, &self.asks().collect::<Vec<_>>())
    }

    /// This page with one of its own parameters changed.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let kept = self.own.iter().filter(|(known, _)| *known != name).map(|(known, value)| (known.as_str(), value.as_str()));
        let own: Vec<(&str, &str)> = kept.chain([(name, value)]).collect();
        self.view.link(&self.path, &own)
    }

    /// The same address without what says nothing, where it has any of that: forms send their empty fields too.
    pub(super) fn plainer(&self) -> Option<String> {
        self.has_empty.then(|| self.with("", ""))
    }

    /// The tag of this page while the log's head is at a place and the day is this one.
    pub(super) fn tag(&self, head: Seq, day: Day) -> String {
        let mut hash = Sha256::new();
        let role = self.role.map(|role| role.to_string()).unwrap_or_default();
        let name = self.name.as_deref().unwrap_or_default();
        for part in [super::asset::run(), &day.to_string(), &self.with("", ""), &role, name, &self.beside] {
            hash.update(part);
            hash.update([0]);
        }
        let hash: String = hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("\"{head}-{hash}\"")
    }

    /// Whether the asker has the page with a tag.
    pub(super) fn has(&self, tag: &str) -> bool {
        self.have.iter().any(|have| have == tag)
    }
}
