//! The JSON Schema of the wire form, made from the types; `schema/event.schema.json` is its checked-in copy.

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::body::{self, Common, EventType};

/// The JSON Schema (draft 2020-12) that every line given to `append` satisfies.
pub fn json_schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut variants = variants(&mut generator);
    variants.push(generated(&mut generator, super::gone::Gone::json_schema));
    let definitions = generator.take_definitions(true);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A stancelog event, wire form 1",
        "oneOf": variants,
        "$defs": definitions,
    })
}

/// The schema of each type.
pub(super) fn variants(generator: &mut SchemaGenerator) -> Vec<Value> {
    let common = properties(generator, Common::json_schema);
    EventType::ALL.iter().map(|event_type| variant(generator, *event_type, &common)).collect()
}

/// The schema of one type: its own fields, what every type may carry, and the envelope.
fn variant(generator: &mut SchemaGenerator, event_type: EventType, common: &Map<String, Value>) -> Value {
    let mut schema = generated(generator, |g| body_schema(event_type, g));
    let envelope = json!({
        "type": { "const": event_type.word() },
        "id": { "type": "string", "format": "uuid" },
        "seq": { "type": "integer", "minimum": 1, "description": "Given by the log; ignored on input." },
        "recorded_at": { "type": "string", "description": "Given by the log; ignored on input." },
    });
    if let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        fields.extend(common.clone());
        if let Value::Object(envelope) = envelope {
            fields.extend(envelope);
        }
    }
    if event_type != EventType::Stance
        && let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut)
    {
        required.insert(0, json!("type"));
    }
    schema
}

fn body_schema(event_type: EventType, g: &mut SchemaGenerator) -> schemars::Schema {
    match event_type {
        EventType::Stance => body::Stance::json_schema(g),
        EventType::Claim => body::Claim::json_schema(g),
        EventType::Verdict => body::Verdict::json_schema(g),
        EventType::Entity => super::entity::Entity::json_schema(g),
        EventType::Merge => body::Merge::json_schema(g),
        EventType::Action => super::action::Action::json_schema(g),
        EventType::Vocabulary => super::action::Vocabulary::json_schema(g),
        EventType::Source => body::Source::json_schema(g),
        EventType::Retract => body::Retract::json_schema(g),
        EventType::Erase => body::Erase::json_schema(g),
    }
}

fn generated(g: &mut SchemaGenerator, make: impl FnOnce(&mut SchemaGenerator) -> schemars::Schema) -> Value {
    Value::from(make(g))
}

fn properties(g: &mut SchemaGenerator, make: impl FnOnce(&mut SchemaGenerator) -> schemars::Schema) -> Map<String, Value> {
    match generated(g, make).get("properties") {
        Some(Value::Object(fields)) => fields.clone(),
        Some(_) | None => Map::new(),
    }
}
