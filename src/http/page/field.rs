//! A field of a form at the desk: its words, what is filled in, and what is wrong with it.

use maud::{Markup, html};

use super::filled::Filled;
use super::text;
use crate::http::problem::Problem;

/// How a field is filled in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// With one line.
    Line,
    /// With a number.
    Number,
    /// With a text of several lines.
    Text,
    /// With names, one on each line.
    Names,
    /// With a word of the vocabulary.
    Action,
    /// With one of these words, or none of them.
    Choice(fn() -> Vec<&'static str>),
}

/// A field of a form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// What it is called in the form.
    pub(super) name: &'static str,
    /// Where it stands in the event, as in `about.actor`; in a list, without its place there.
    pub(super) path: &'static str,
    /// What is asked.
    pub(super) words: &'static str,
    /// Whether an event cannot do without.
    pub(super) required: bool,
    pub(super) shape: Shape,
}

impl Field {
    /// A field that an event cannot do without.
    pub(super) const fn needed(name: &'static str, words: &'static str, shape: Shape) -> Self {
        Self { name, path: name, words, required: true, shape }
    }

    /// A field that may stay empty.
    pub(super) const fn free(name: &'static str, words: &'static str, shape: Shape) -> Self {
        Self { name, path: name, words, required: false, shape }
    }

    /// The same under another name in the form, where what evidence asks has that name.
    pub(super) const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// The same at another place in the event.
    pub(super) const fn at(self, path: &'static str) -> Self {
        Self { path, ..self }
    }

    /// Whether a problem is with this field.
    pub(super) fn is_wrong(&self, wrong: Option<&Problem>) -> bool {
        let Some(field) = wrong.and_then(|wrong| wrong.field.as_deref()) else { return false };
        // `evidence[0].url` is about the field at `evidence.url`.
        let path: String = field.split('[').map(|part| part.split_once(']').map_or(part, |(_, behind)| behind)).collect();
        path == self.path
    }

    /// The field, filled in, with what is wrong beside it.
    pub(super) fn shown(&self, filled: &Filled, wrong: Option<&Problem>) -> Markup {
        let Self { name, words, required, .. } = *self;
        let wrong = wrong.filter(|wrong| self.is_wrong(Some(wrong)));
        let id = format!("wrong-{name}");
        let (value, invalid, said) = (filled.get(name), wrong.map(|_| "true"), wrong.map(|_| &*id));
        html! {
            label { (words) @if required { " (needed)" } " "
                @match self.shape {
                    Shape::Line | Shape::Number => input name=(name) required[required] value=[value] aria-invalid=[invalid] aria-describedby=[said];,
                    Shape::Action => input name=(name) list="actions" required[required] value=[value] aria-invalid=[invalid] aria-describedby=[said];,
                    Shape::Text | Shape::Names => textarea name=(name) rows="2" required[required] aria-invalid=[invalid] aria-describedby=[said] { (value.unwrap_or_default()) },
                    Shape::Choice(choices) => select name=(name) required[required] aria-invalid=[invalid] aria-describedby=[said] {
                        @if !required { option value="" { "–" } }
                        @for one in choices() { option selected[value == Some(one)] { (one) } }
                    },
                }
                @if let Some(wrong) = wrong { (beside(&id, wrong)) }
            }
        }
    }
}

/// What is wrong, for the field that says by this id that it is described by it.
pub(super) fn beside(id: &str, wrong: &Problem) -> Markup {
    html! {
        span id=(id) role="alert" {
            (text::said(&wrong.detail))
            @if !wrong.nearest.is_empty() { " Near: " (text::said(&wrong.nearest.join(", "))) }
        }
    }
}

/// What is wrong with a form, where none of its fields says it.
pub(super) fn alert(wrong: Option<&Problem>, fields: &[Field]) -> Markup {
    let wrong = wrong.filter(|wrong| !fields.iter().any(|field| field.is_wrong(Some(wrong))));
    html! { @if let Some(wrong) = wrong { p class="lead" { (beside("wrong", wrong)) } } }
}
