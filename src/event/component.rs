//! Parts of events as components of an OpenAPI description: the very schemas that `schemars` makes of the types, so that
//! there is one source; and the times and ids that answers are written with.

use std::borrow::Cow;

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::body::{About, EventType};
use super::entity::{LimitedAlias, Role, StandsFor};
use super::evidence::Evidence;
use super::id::EventId;
use super::schema;
use super::time::{Day, Micros, Occurred};
use super::wire::Draft;

/// Where a description keeps its schemas.
const PLACE: &str = "/components/schemas";

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = PLACE.into()).into_generator()
}

/// The schema of a type that refers to no other.
pub(crate) fn schema_of<T: JsonSchema>() -> RefOr<Schema> {
    written(T::json_schema(&mut generator()).into())
}

/// The same schema in the types of `utoipa`.
fn written(mut schema: Value) -> RefOr<Schema> {
    plain(&mut schema);
    // Whatever is an object is a schema; a test compares what comes of it with what went in.
    serde_json::from_value(schema).unwrap_or_else(|_| RefOr::T(Schema::default()))
}

/// Puts a schema as `utoipa` and programs that make clients understand it: words that are described one by one go into one
/// list, what each of them means follows the description of them all; a constant is a list of one; bounds are whole.
fn plain(schema: &mut Value) {
    let is_word = |one: &Value| one["type"] == "string" && one["const"].is_string();
    if let Some(words) = schema["oneOf"].as_array().filter(|all| all.iter().all(is_word)) {
        let text = |of: &Value| of["description"].as_str().unwrap_or_default().to_owned();
        let meaning = |word: &Value| format!("- `{}`: {}", word["const"].as_str().unwrap_or_default(), text(word));
        let description = format!("{}\n\n{}", text(schema), words.iter().map(meaning).collect::<Vec<_>>().join("\n"));
        let words: Vec<&Value> = words.iter().map(|word| &word["const"]).collect();
        *schema = json!({ "type": "string", "enum": words, "description": description });
    }
    match schema {
        Value::Object(fields) => {
            if let Some(constant) = fields.get_mut("const").map(Value::take).filter(Value::is_string) {
                fields.remove("const");
                fields.extend([("type".to_owned(), json!("string")), ("enum".to_owned(), json!([constant]))]);
            }
            for name in ["minimum", "maximum"] {
                if let Some(bound) = fields.get_mut(name).filter(|bound| bound.is_number()) {
                    *bound = json!(bound.as_f64().unwrap_or_default() as i64);
                }
            }
            fields.values_mut().for_each(plain);
        }
        Value::Array(items) => items.iter_mut().for_each(plain),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The schemas that a schema refers to, by name.
fn parts(mut generator: SchemaGenerator) -> Vec<(String, RefOr<Schema>)> {
    generator.take_definitions(true).into_iter().map(|(name, schema)| (name, written(schema))).collect()
}

/// Gives types the schemas that `schemars` makes of them, under the same names.
macro_rules! as_schemars_has_them {
    ($($part:ident),+) => { $(
        impl PartialSchema for $part {
            fn schema() -> RefOr<Schema> {
                schema_of::<Self>()
            }
        }

        impl ToSchema for $part {
            fn name() -> Cow<'static, str> {
                $part::schema_name()
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                let mut generator = generator();
                $part::json_schema(&mut generator);
                schemas.extend(parts(generator));
            }
        }
    )+ };
}

as_schemars_has_them!(About, LimitedAlias, Role, StandsFor, Evidence, EventId, Occurred);

/// An event as it is given: the schema of [`super::json_schema`], one for each type.
impl PartialSchema for Draft {
    fn schema() -> RefOr<Schema> {
        written(json!({ "oneOf": schema::variants(&mut generator()), "description": "An event to be recorded." }))
    }
}

impl ToSchema for Draft {
    fn name() -> Cow<'static, str> {
        "Event".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        let mut generator = generator();
        schema::variants(&mut generator);
        schemas.extend(parts(generator));
    }
}

/// A type that answers have as a text.
macro_rules! as_text {
    ($($part:ident, $name:literal: $schema:tt;)+) => { $(
        impl PartialSchema for $part {
            fn schema() -> RefOr<Schema> {
                written(json!($schema))
            }
        }

        impl ToSchema for $part {
            fn name() -> Cow<'static, str> {
                $name.into()
            }
        }
    )+ };
}

as_text! {
    Day, "Day": {
        "type": "string",
        "pattern": r"^(\.\.|[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2})$",
        "description": "A UTC day; `..` where it is before all days.",
        "examples": ["2022-02-24", ".."],
    };
    Micros, "Instant": {
        "type": "string",
        "format": "date-time",
        "description": "A point in time (RFC 3339), UTC, to the microsecond.",
        "examples": ["2022-02-24T05:00:00.000000Z"],
    };
}

/// An event as it is stored, with its place, id and time of recording: then the fields of its type.
///
/// Only what every one of them has is described here; the rest is as in the schema of [`Draft`], and an event whose content
/// was erased has nothing more.
pub(crate) fn recorded() -> RefOr<Schema> {
    let types: Vec<&str> = EventType::ALL.iter().map(|event_type| event_type.word()).chain(["erased"]).collect();
    written(json!({
        "type": "object",
        "description": "An event as it is stored: place, id and time of recording, then the fields of its type as in `Event`.",
        "required": ["seq", "id", "recorded_at", "type"],
        "properties": {
            "seq": { "type": "integer", "format": "int64", "minimum": 1, "description": "Its place in the log." },
            "id": { "$ref": format!("#{PLACE}/{}", EventId::name()) },
            "recorded_at": { "$ref": format!("#{PLACE}/{}", Micros::name()) },
            "type": { "type": "string", "enum": types, "description": "Its type; `erased` for one whose content was erased." },
        },
        "additionalProperties": true,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_one_list() {
        let schema = serde_json::to_value(crate::event::Toward::schema()).unwrap();
        let described =
            "What an action points at.\n\n- `entity`: A person, organization, country, topic, motion …\n- `claim`: A proposition.";
        assert_eq!(schema, json!({ "type": "string", "enum": ["entity", "claim"], "description": described }));
    }

    #[test]
    fn nothing_of_a_schema_is_lost_on_the_way() {
        let mut generator = generator();
        let mut schemas = vec![json!({ "oneOf": schema::variants(&mut generator) })];
        schemas.extend(generator.take_definitions(true).into_values());
        assert!(schemas.len() > 15);
        for mut schema in schemas {
            plain(&mut schema);
            assert_eq!(serde_json::to_value(written(schema.clone())).unwrap(), schema);
        }
        for schema in [Day::schema(), Micros::schema(), recorded()] {
            assert!(serde_json::to_value(schema).unwrap().get("type").is_some());
        }
    }
}
