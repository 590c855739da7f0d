//! What a JSON-LD document says once and points at elsewhere: things by their `@id`.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::event::NAME_MAX;

/// Type and name of everything that has an `@id`: what others need to know of it who point at it.
pub(super) fn named(value: &Value) -> HashMap<String, Map<String, Value>> {
    let (mut found, mut open) = (HashMap::new(), vec![value]);
    while let Some(value) = open.pop() {
        match value {
            Value::Array(values) => open.extend(values),
            Value::Object(fields) => {
                if let (Some(Value::String(id)), Some(Value::String(name))) = (fields.get("@id"), fields.get("name"))
                    && name.len() <= NAME_MAX
                {
                    let kept = ["@type", "name"].into_iter().filter_map(|key| Some((key.to_owned(), fields.get(key)?.clone())));
                    found.insert(id.clone(), kept.filter(|(_, value)| value.is_string()).collect());
                }
                open.extend(fields.values());
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    found
}

/// Puts what is known of a thing where it is pointed at by its `@id` alone.
pub(super) fn resolve(value: &mut Value, references: &HashMap<String, Map<String, Value>>) {
    if references.is_empty() {
        return;
    }
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| resolve(value, references)),
        Value::Object(fields) => {
            if let Some(Value::String(id)) = fields.get("@id")
                && fields.len() == 1
                && let Some(known) = references.get(id)
            {
                fields.extend(known.clone());
            }
            fields.values_mut().for_each(|value| resolve(value, references));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
