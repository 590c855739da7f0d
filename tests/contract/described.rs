//! The schemas that answers are described by: gathered, and closed, so that a field that they do not know is found.

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// Schemas by name.
#[derive(Default)]
pub struct Described(BTreeMap<String, Value>);

impl Described {
    /// Adds what describes a type and its parts; two types of one name would hide each other.
    pub fn add<T: ToSchema>(mut self) -> Self {
        let mut schemas = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut schemas);
        for (name, schema) in schemas {
            let schema = serde_json::to_value(schema).unwrap();
            let before = self.0.insert(name.clone(), schema.clone());
            assert!(before.is_none_or(|before| before == schema), "{name} is two things");
        }
        self
    }

    /// What checks that a value is as the schema of a name says, and has no field that it does not know.
    pub fn validator(&self, name: &str) -> Validator {
        let mut all = Map::new();
        for (name, schema) in &self.0 {
            let mut open = schema.clone();
            close(&mut open, Level::Top);
            let is_object = schema.get("properties").is_some() || schema.get("allOf").is_some();
            let closed = if is_object { json!({ "$ref": place(name, "open/"), "unevaluatedProperties": false }) } else { open.clone() };
            all.insert(format!("open {name}"), open);
            all.insert(format!("closed {name}"), closed);
        }
        let schema = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": all, "$ref": place(name, "closed/") });
        jsonschema::options().should_validate_formats(true).build(&schema).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Every field of every object, with its schema's name, and whether it is always there.
    pub fn fields(&self) -> Vec<Field<'_>> {
        let mut fields = Vec::new();
        for (name, schema) in &self.0 {
            gather(name, schema, &mut fields);
        }
        fields
    }
}

/// A field of an object.
pub struct Field<'a> {
    pub of: &'a str,
    pub name: &'a str,
    pub required: Vec<&'a str>,
    pub schema: &'a Value,
}

impl Field<'_> {
    pub fn is_required(&self) -> bool {
        self.required.contains(&self.name)
    }

    pub fn may_be_null(&self) -> bool {
        let is_null = |schema: &Value| schema["type"] == "null";
        let types = self.schema["type"].as_array().is_some_and(|types| types.iter().any(|one| one == "null"));
        types || self.schema["oneOf"].as_array().is_some_and(|schemas| schemas.iter().any(is_null))
    }
}

fn gather<'a>(of: &'a str, schema: &'a Value, fields: &mut Vec<Field<'a>>) {
    let texts = |list: &'a Value| list.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        fields.push(Field { of, name, required: texts(&schema["required"]), schema: field });
    }
    for list in ["oneOf", "allOf"] {
        schema[list].as_array().into_iter().flatten().for_each(|schema| gather(of, schema, fields));
    }
}

fn place(name: &str, kind: &str) -> String {
    format!("#/$defs/{}%20{name}", kind.trim_end_matches('/'))
}

#[derive(Clone, Copy, PartialEq)]
enum Level {
    Top,
    Part,
    Inside,
}

/// Leads references to where the validator has them, and closes the objects inside.
fn close(schema: &mut Value, level: Level) {
    match schema {
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix("#/components/schemas/")) {
                let to = place(name, if level == Level::Part { "open/" } else { "closed/" });
                fields.insert("$ref".to_owned(), json!(to));
            }
            let is_object = fields.contains_key("properties") || fields.contains_key("allOf");
            if is_object && level == Level::Inside && !fields.contains_key("additionalProperties") {
                fields.insert("unevaluatedProperties".to_owned(), json!(false));
            }
            for (name, field) in fields.iter_mut() {
                close(field, if name == "allOf" { Level::Part } else { Level::Inside });
            }
        }
        Value::Array(items) => {
            items.iter_mut().for_each(|item| close(item, if level == Level::Part { Level::Part } else { Level::Inside }));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
