//! What is nearly right: a route's own schema filled in, and one place of it broken.

use serde_json::{Value, json};
use tests::chance::Chance;

use super::written::{Known, prefix, random, text};

/// How deep a schema is followed.
const SCHEMA_DEPTH_MAX: usize = 12;

/// A value as `schema` wants it.
pub(super) fn valid(
    api: &Value,
    schema: &Value,
    known: &Known,
    chance: &Chance,
    depth: usize,
) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or_default();
        return valid(api, &api["components"]["schemas"][name], known, chance, depth + 1);
    }
    if SCHEMA_DEPTH_MAX < depth {
        return Value::Null;
    }
    if let Some(only) = schema.get("const") {
        return only.clone();
    }
    if let Some(all) = schema["enum"].as_array() {
        return chance.one(all);
    }
    if let Some(all) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        return valid(api, &chance.one(all), known, chance, depth + 1);
    }
    let kinds: Vec<Value> = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        kind => vec![kind.clone()],
    };
    match chance.one(&kinds).as_str() {
        Some("object") => object(api, schema, known, chance, depth),
        Some("array") => {
            let least = schema["minItems"].as_u64().unwrap_or(0);
            let items = least..least + 1 + u64::from(chance.once_in(2));
            items.map(|_| valid(api, &schema["items"], known, chance, depth + 1)).collect()
        }
        Some("boolean") => json!(chance.once_in(2)),
        Some("integer" | "number") => {
            let least = schema["minimum"].as_i64().unwrap_or(0);
            json!(least + i64::from(chance.once_in(2)))
        }
        Some("string") => json!(string(schema, known, chance)),
        _ => Value::Null,
    }
}

fn object(api: &Value, schema: &Value, known: &Known, chance: &Chance, depth: usize) -> Value {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    let wanted = properties.into_iter().filter(|(name, _)| {
        required.iter().any(|needed| needed == name.as_str()) || chance.once_in(2)
    });
    let field = |(name, schema): (String, Value)| {
        let value = match name.as_str() {
            "token" if !known.tokens.is_empty() => json!(chance.one(&known.tokens)),
            "slug" => json!("acme"),
            "code" => json!("123456"),
            _ => valid(api, &schema, known, chance, depth + 1),
        };
        (name, value)
    };
    Value::Object(wanted.map(field).collect())
}

fn string(schema: &Value, known: &Known, chance: &Chance) -> String {
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    if let Some(prefix) = prefix(pattern) {
        return known.id(prefix, chance);
    }
    if pattern.contains("{64}") {
        return "a1".repeat(32);
    }
    if pattern.contains("[a-z]{3}_") {
        return known.id(chance.one(&["con_", "doc_", "acc_", "req_", "mem_", "ten_"]), chance);
    }
    match (schema["format"].as_str(), schema["examples"].as_array()) {
        (Some("date-time"), _) => "2030-01-01T00:00:00Z".to_owned(),
        (Some("email"), _) => format!("p{}@outside.example", chance.below(1 << 20)),
        (_, Some(examples)) if !examples.is_empty() => {
            chance.one(examples).as_str().unwrap_or_default().to_owned()
        }
        _ => {
            let words = ["Acme", "Quarterly report", "p@outside.example", "A".repeat(43).leak()];
            chance.one(&words).to_owned()
        }
    }
}

/// Breaks one place of `value`: another value, a field too many or too few, once too often.
pub(super) fn break_one(value: &mut Value, chance: &Chance) {
    let goes_on = !chance.once_in(3);
    match value {
        Value::Object(fields) if goes_on && !fields.is_empty() => {
            let names: Vec<String> = fields.keys().cloned().collect();
            let name = chance.one(&names);
            match chance.below(8) {
                0 => drop(fields.remove(&name)),
                1 => drop(fields.insert(text(chance), random(chance, 0))),
                2 => drop(fields.insert(name.to_uppercase(), json!(1))),
                _ => break_one(&mut fields[&name], chance),
            }
        }
        Value::Array(items) if goes_on && !items.is_empty() => match chance.below(4) {
            0 => {
                let many = chance.one(&[2, 51, 101, 2000]);
                *items = items.iter().cycle().take(many).cloned().collect();
            }
            1 => items.clear(),
            _ => {
                let place = chance.below(items.len());
                break_one(&mut items[place], chance);
            }
        },
        value => *value = random(chance, 1),
    }
}
