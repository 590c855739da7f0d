//! Questions as they come in an address: parameters, the form of answer that is wanted, the tag of the answer one has.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, IF_NONE_MATCH};
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::cursor::{After, Cursor};
use super::problem::Problem;
use crate::event::nearest;
use crate::ledger::{Asked, Seq};
use crate::stance::Rule;

/// Items on a page, unless another number is asked for.
const PAGE: u32 = 100;
/// Items on a page at most.
pub(super) const PAGE_MAX: u32 = 1000;

/// How events decide.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum RuleName {
    /// By their last day.
    Latest,
    /// By two thirds of their last 90 days, for machine-coded data.
    Majority,
}

/// A question's parameters: the two times and the rule, and for a list which page.
pub(super) trait Asks: Sync {
    /// The two times and the rule.
    fn asked(&self) -> Asked;
    /// How many items, and where to go on.
    fn page(&self) -> Page<'_>;
}

/// Which page of a list is asked for, as written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Page<'a> {
    pub(super) limit: Option<u32>,
    pub(super) cursor: Option<&'a str>,
}

/// Which page of a list is asked for, and of the list at which moment.
pub(super) struct Wanted {
    pub(super) asked: Asked,
    pub(super) limit: usize,
    pub(super) cursor: Option<Cursor>,
}

impl Wanted {
    /// Reads limit and cursor. A cursor holds the list at the moment of its first page.
    pub(super) fn read(asks: &dyn Asks) -> Result<Self, Problem> {
        let (mut asked, page) = (asks.asked(), asks.page());
        let limit = page.limit.unwrap_or(PAGE);
        if !(1..=PAGE_MAX).contains(&limit) {
            return Err(Problem::bad_field("limit", format!("a page has 1 to {PAGE_MAX} items, not {limit}")));
        }
        let cursor = page.cursor.map(Cursor::read).transpose()?;
        if let Some(cursor) = &cursor {
            asked.known_at = Some(format!("@{}", cursor.known_at));
            asked.as_of.clone_from(&cursor.as_of);
        }
        Ok(Self { asked, limit: limit as usize, cursor })
    }
}

impl Wanted {
    /// So many items of a list tell what the page shows and whether there are more.
    pub(super) fn enough(&self) -> usize {
        self.begun().saturating_add(self.limit).saturating_add(1)
    }

    /// How many items came before the page, in a list that is counted.
    pub(super) fn begun(&self) -> usize {
        match &self.cursor {
            Some(Cursor { after: After::Items(begun), .. }) => *begun,
            Some(Cursor { after: After::Pair(..) | After::Seq(_), .. }) | None => 0,
        }
    }
}

/// The words behind `rule`.
pub(super) fn rule_of(name: Option<RuleName>) -> Rule {
    match name {
        None | Some(RuleName::Latest) => Rule::Latest,
        Some(RuleName::Majority) => Rule::Majority,
    }
}

/// Defines the parameters of a question: its own, the two times, the rule and the page.
macro_rules! question {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$outer])*
        #[derive(Clone, Debug, serde::Deserialize, utoipa::IntoParams)]
        #[into_params(parameter_in = Query)]
        #[serde(deny_unknown_fields)]
        pub(in crate::http) struct $name {
            $($(#[$inner])* pub(in crate::http) $field: $kind,)*
            /// What happened later does not count: a date in EDTF (`2022`, `2022-02-24`), `today` or `-30d`.
            pub(in crate::http) as_of: Option<String>,
            /// What was recorded later does not count: a date likewise, or a seq, written `@45`.
            pub(in crate::http) known_at: Option<String>,
            /// How events decide: `latest` (the default) or `majority`.
            #[param(inline)]
            pub(in crate::http) rule: Option<$crate::http::asking::RuleName>,
            /// Items on a page, 1 to 1000; 100 unless given.
            #[param(minimum = 1, maximum = 1000)]
            pub(in crate::http) limit: Option<u32>,
            /// Where to go on: `next` of the page before. The pages of one list are all of one moment.
            pub(in crate::http) cursor: Option<String>,
        }

        impl $crate::http::asking::Asks for $name {
            fn asked(&self) -> $crate::ledger::Asked {
                let rule = $crate::http::asking::rule_of(self.rule);
                $crate::ledger::Asked { as_of: self.as_of.clone(), known_at: self.known_at.clone(), rule }
            }

            fn page(&self) -> $crate::http::asking::Page<'_> {
                $crate::http::asking::Page { limit: self.limit, cursor: self.cursor.as_deref() }
            }
        }
    };
}
pub(super) use question;

/// Parameters of an address, with a refusal that names the wrong one.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(params)) => Ok(Self(params)),
            Err(error) => Err(explained(&std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string))),
        }
    }
}

/// What is named in the path of an address: one name, or two.
pub(super) struct Named<T = String>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Sync + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(name) = Path::from_request_parts(parts, state).await.map_err(|_| Problem::bad("the address is no UTF-8"))?;
        Ok(Self(name))
    }
}

/// What is wrong with the parameters of an address: the reader's words, behind the parameter's name where it knows it.
fn explained(said: &str) -> Problem {
    let short = |text: &str| -> String { text.chars().take(300).collect() };
    let mut quoted = said.split('`').skip(1).step_by(2);
    let first: String = quoted.next().unwrap_or_default().chars().take(80).collect();
    let near = nearest(&first, quoted);
    if said.contains("unknown field") {
        return Problem { nearest: near, ..Problem::bad_field(&first, format!("unknown parameter `{first}`")) };
    }
    if said.contains("missing field") {
        return Problem::bad_field(&first, format!("the parameter `{first}` is missing"));
    }
    if said.contains("duplicate field") {
        return Problem::bad_field(&first, format!("the parameter `{first}` is given twice"));
    }
    match said.split_once(": ") {
        Some((name, wrong)) if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
            Problem { nearest: near, ..Problem::bad_field(name, short(wrong)) }
        }
        _ => Problem::bad(short(said)),
    }
}

/// The form of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// One JSON object.
    Json,
    /// One JSON object a line.
    Lines,
    /// Rows under a header.
    Csv,
}

/// In which form an answer is wanted, and which answers the asker has already.
#[derive(Clone, Debug)]
pub(super) struct Wants {
    pub(super) form: Form,
    takes_json: bool,
    have: Vec<String>,
    address: String,
}

impl<S: Sync> FromRequestParts<S> for Wants {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let forms = forms_of(&parts.headers);
        let form = *forms
            .first()
            .ok_or_else(|| no_such_form("answers come as application/json, and lists as text/csv and application/x-ndjson too"))?;
        let takes_json = forms.contains(&Form::Json);
        Ok(Self { form, takes_json, have: tags(&parts.headers), address: parts.uri.to_string() })
    }
}

/// The tags of the answers that the asker has already.
pub(super) fn tags(headers: &HeaderMap) -> Vec<String> {
    let have = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    have.flat_map(|value| value.split(',')).map(|tag| tag.trim().trim_start_matches("W/").to_owned()).collect()
}

/// The forms that the asker accepts and that there are, in the order given.
fn forms_of(headers: &HeaderMap) -> Vec<Form> {
    let accepts: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let accepts = accepts.join(",");
    if accepts.trim().is_empty() {
        return vec![Form::Json];
    }
    let form = |range: &str| match range.split(';').next().unwrap_or_default().trim() {
        "application/json" | "application/*" | "*/*" | "text/html" => Some(Form::Json),
        "application/x-ndjson" | "application/jsonl" => Some(Form::Lines),
        "text/csv" => Some(Form::Csv),
        _ => None,
    };
    accepts.split(',').filter_map(form).collect()
}

fn no_such_form(said: &str) -> Problem {
    Problem::new(axum::http::StatusCode::NOT_ACCEPTABLE, "not-acceptable", "No such form", said)
}

impl Wants {
    /// Refuses an answer that is one object to whoever takes rows or lines alone.
    pub(super) fn one(&self) -> Result<(), Problem> {
        if self.takes_json { Ok(()) } else { Err(no_such_form("this answer is one object, as application/json")) }
    }

    /// The same from somebody who has no answer yet: for what changes while the log does not.
    pub(super) fn afresh(self) -> Self {
        Self { have: Vec::new(), ..self }
    }

    /// The tag of the answer to this address when the log's head is at a place and the day is this one.
    pub(super) fn tag(&self, head: Seq, day: &str) -> String {
        let mut hash = Sha256::new();
        for part in [env!("CARGO_PKG_VERSION"), day, &self.address, &format!("{:?}", self.form)] {
            hash.update(part);
            hash.update([0]);
        }
        let hash: String = hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("\"{head}-{hash}\"")
    }

    /// The address of the next page.
    pub(super) fn next_address(&self, cursor: &str) -> String {
        let (path, query) = self.address.split_once('?').unwrap_or((&self.address, ""));
        let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
        let pairs: Vec<String> = kept.map(str::to_owned).chain([format!("cursor={cursor}")]).collect();
        format!("{path}?{}", pairs.join("&"))
    }

    /// Whether the asker wants to hear only whether there is an answer.
    pub(super) fn has_any(&self) -> bool {
        self.have.iter().any(|have| have == "*")
    }

    /// Whether the asker has the answer with a tag.
    pub(super) fn has(&self, tag: &str) -> bool {
        self.have.iter().any(|have| have == tag)
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, forms_of};
    use axum::http::header::ACCEPT;
    use axum::http::{HeaderMap, HeaderValue};

    #[test]
    fn the_first_form_that_is_accepted_is_taken() {
        let form = |accept: &'static str| {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            forms_of(&headers).first().copied()
        };
        assert_eq!(form("text/csv;q=0.9, */*"), Some(Form::Csv));
        assert_eq!(form("application/x-ndjson"), Some(Form::Lines));
        assert_eq!(form("*/*"), Some(Form::Json));
        assert_eq!(form("image/png"), None);
        assert_eq!(forms_of(&HeaderMap::new()), [Form::Json]);
    }
}
