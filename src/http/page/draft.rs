//! What a filled form of the desk tells: an event, of which a correction changes what was asked and keeps the rest.

use serde_json::{Map, Value, json};

use super::field::{Field, Shape};
use super::filled::Filled;
use super::form::{Form, at, kept, written};
use crate::event::{Draft, check, explain, parse};
use crate::http::problem::Problem;

impl Form {
    /// The event that the filled form tells, and its JSON.
    pub(super) fn draft(&self, filled: &Filled) -> Result<(Draft, String), Problem> {
        if let Some(empty) = self.fields.iter().find(|field| field.required && filled.get(field.name).is_none()) {
            return Err(Problem::bad_field(empty.path, "this is needed"));
        }
        let before = self.told();
        let mut told = before.clone();
        for field in self.fields {
            put(&mut told, field, filled);
        }
        told.retain(|_, value| value.as_object().is_none_or(|inner| !inner.is_empty()));
        // The words that named somebody go with the name.
        for (words, name) in [("actor_as", "actor"), ("target_as", "target")] {
            if told.get(name) != before.get(name) {
                told.remove(words);
            }
        }
        let evidence = self.evidence(filled)?;
        if evidence.is_empty() {
            told.remove("evidence");
        } else {
            told.insert("evidence".to_owned(), Value::Array(evidence));
        }
        if let Some(old) = &self.old {
            if told == before {
                return Err(Problem::bad("nothing differs from the event that is to be corrected"));
            }
            told.remove("recorded_by");
            told.insert("replaces".to_owned(), json!(old.id));
        }
        told.extend(filled.get("id").map(|id| ("id".to_owned(), json!(id))));
        let line = Value::Object(told).to_string();
        let draft = parse(&line).map_err(|error| Problem::refused(&explain(&line, &error)))?;
        check(&draft.body, &draft.common).map_err(|refusal| Problem::refused(&refusal))?;
        Ok((draft, line))
    }

    /// The evidence that is kept, and what is added.
    fn evidence(&self, filled: &Filled) -> Result<Vec<Value>, Problem> {
        let old = self.old.iter().flat_map(|old| old.common.evidence.iter().enumerate());
        let old = old.filter(|(n, _)| filled.get(&kept(*n)).is_some());
        let mut evidence: Vec<Value> = old.filter_map(|(_, one)| serde_json::to_value(one).ok()).collect();
        let place: Map<String, Value> =
            ["source", "url"].into_iter().filter_map(|name| Some((name.to_owned(), json!(filled.get(name)?)))).collect();
        let mut add = |selector: Option<Value>| {
            let selector = selector.map(|selector| ("selector".to_owned(), selector));
            evidence.push(Value::Object(place.clone().into_iter().chain(selector).collect()));
        };
        let (quote, offsets) = (quote(filled)?, offsets(filled)?);
        if place.is_empty() && (quote.is_some() || offsets.is_some()) {
            return Err(Problem::bad_field("evidence.source", "a quote is told with its source: a registered one, or an address"));
        }
        if quote.is_none() && offsets.is_none() && !place.is_empty() {
            add(None);
        }
        [quote, offsets].into_iter().flatten().for_each(|selector| add(Some(selector)));
        Ok(evidence)
    }
}

/// Puts what a field says in its place, or takes away what stood there. What comes back as it was shown stays as it was, to
/// the last blank.
fn put(told: &mut Map<String, Value>, field: &Field, filled: &Filled) {
    let text = filled.get(field.name);
    let stood = at(told, field.path).map(|value| shown(&written(value), field.shape));
    if stood.filter(|stood| !stood.is_empty()) == text.map(|text| shown(text, field.shape)) {
        return;
    }
    let value = text.map(|text| match field.shape {
        Shape::Line | Shape::Text | Shape::Action | Shape::Choice(_) => json!(text),
        // What is no number is refused as what it is.
        Shape::Number => text.parse::<serde_json::Number>().map_or_else(|_| json!(text), Value::Number),
        Shape::Names => text.lines().map(str::trim).filter(|name| !name.is_empty()).collect(),
    });
    let (object, key) = match field.path.split_once('.') {
        Some((first, rest)) => (told.entry(first).or_insert_with(|| json!({})).as_object_mut(), rest),
        None => (Some(told), field.path),
    };
    let Some(object) = object else { return };
    match value {
        Some(value) => drop(object.insert(key.to_owned(), value)),
        None => drop(object.remove(key)),
    }
}

/// A text as it comes back from a browser: a line holds no ends of lines, and a text holds plain ones.
fn shown(text: &str, shape: Shape) -> String {
    let plain = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain = match shape {
        Shape::Line | Shape::Number | Shape::Action => plain.replace('\n', ""),
        Shape::Text | Shape::Names | Shape::Choice(_) => plain,
    };
    plain.trim().to_owned()
}

/// The words that are quoted.
fn quote(filled: &Filled) -> Result<Option<Value>, Problem> {
    let Some(exact) = filled.get("exact") else {
        return match filled.get("prefix").or(filled.get("suffix")) {
            Some(_) => Err(Problem::bad_field("evidence.selector.exact", "what stands around a quote is told with the quote")),
            None => Ok(None),
        };
    };
    let mut selector = Map::from_iter([("type".to_owned(), json!("TextQuoteSelector")), ("exact".to_owned(), json!(exact))]);
    // The space at their ends belongs to them.
    for name in ["prefix", "suffix"] {
        selector.extend(filled.0.get(name).filter(|value| !value.is_empty()).map(|value| (name.to_owned(), json!(value))));
    }
    Ok(Some(Value::Object(selector)))
}

/// The offsets of the words that are quoted.
fn offsets(filled: &Filled) -> Result<Option<Value>, Problem> {
    let wrong = |name: &str, said: &str| Problem::bad_field(&format!("evidence.selector.{name}"), said);
    let number = |name: &str, text: &str| text.parse::<u64>().map_err(|_| wrong(name, "an offset is a whole number"));
    match (filled.get("start"), filled.get("end")) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(wrong("start", "a quote has both its offsets, or neither")),
        (Some(_), None) => Err(wrong("end", "a quote has both its offsets, or neither")),
        (Some(start), Some(end)) => {
            Ok(Some(json!({"type": "TextPositionSelector", "start": number("start", start)?, "end": number("end", end)?})))
        }
    }
}
