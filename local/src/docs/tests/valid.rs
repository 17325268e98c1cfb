//! As much of JSON Schema 2020-12 as the description uses. A word it does not know fails the test,
//! so that no example passes unseen.

use regex::Regex;
use serde_json::{Map, Value};

/// Words that tell people something and bind nobody.
const WORDS: [&str; 4] = ["description", "default", "examples", "title"];

/// What is wrong with `value`, each with where.
pub(super) fn mistakes(api: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Check { api, found: &mut found }.check(schema, value, "");
    found
}

struct Check<'a> {
    api: &'a Value,
    found: &'a mut Vec<String>,
}

impl Check<'_> {
    fn check(&mut self, schema: &Value, value: &Value, at: &str) {
        let Some(schema) = schema.as_object() else {
            return self.hold(schema == &Value::Bool(true), at, "nothing may stand here");
        };
        for (word, rule) in schema.iter().filter(|(word, _)| !WORDS.contains(&word.as_str())) {
            match word.as_str() {
                "$ref" => {
                    let pointer = rule.as_str().unwrap().trim_start_matches('#');
                    let target = self.api.pointer(pointer).expect("a reference leads somewhere");
                    self.check(target, value, at);
                }
                "oneOf" => self.choose(rule, value, at, 1..=1),
                "anyOf" => self.choose(rule, value, at, 1..=usize::MAX),
                "type" => self.hold(is_any(rule, value), at, &format!("{value} is no {rule}")),
                "const" => self.hold(rule == value, at, &format!("{value} is not {rule}")),
                "enum" => {
                    let is_one = rule.as_array().unwrap().contains(value);
                    self.hold(is_one, at, &format!("{value} is none of {rule}"));
                }
                "format" => self.hold(fits(rule, value), at, &format!("{value} is no {rule}")),
                _ => self.bound(word, rule, value, at),
            }
        }
        if let Some(fields) = value.as_object() {
            self.fields(schema, fields, at);
        }
        for (place, item) in value.as_array().into_iter().flatten().enumerate() {
            self.check(
                schema.get("items").unwrap_or(&Value::Bool(true)),
                item,
                &format!("{at}/{place}"),
            );
        }
    }

    fn bound(&mut self, word: &str, rule: &Value, value: &Value, at: &str) {
        let chars = value.as_str().map(|text| text.chars().count() as u64);
        let items = value.as_array().map(|items| items.len() as u64);
        let limit = rule.as_u64().unwrap_or_default();
        let holds = match word {
            "minLength" => chars.is_none_or(|chars| limit <= chars),
            "maxLength" => chars.is_none_or(|chars| chars <= limit),
            "minItems" => items.is_none_or(|items| limit <= items),
            "maxItems" => items.is_none_or(|items| items <= limit),
            "minimum" => value.as_u64().is_none_or(|number| limit <= number),
            "maximum" => value.as_u64().is_none_or(|number| number <= limit),
            "pattern" => {
                let pattern = Regex::new(rule.as_str().unwrap()).expect("a pattern");
                value.as_str().is_none_or(|text| pattern.is_match(text))
            }
            "uniqueItems" => value.as_array().is_none_or(|items| {
                items.iter().enumerate().all(|(place, item)| !items[..place].contains(item))
            }),
            // Looked at with the fields or the items.
            "properties" | "required" | "additionalProperties" | "items" => true,
            _ => panic!("the check does not know `{word}`: teach it"),
        };
        self.hold(holds, at, &format!("{value} against {word} {rule}"));
    }

    fn fields(&mut self, schema: &Map<String, Value>, fields: &Map<String, Value>, at: &str) {
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            self.hold(fields.contains_key(name.as_str().unwrap()), at, &format!("no {name}"));
        }
        let known = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties").unwrap_or(&Value::Bool(true));
        for (name, value) in fields {
            let rule = known.and_then(|known| known.get(name)).unwrap_or(others);
            self.check(rule, value, &format!("{at}/{name}"));
        }
    }

    fn choose(
        &mut self,
        rules: &Value,
        value: &Value,
        at: &str,
        count: std::ops::RangeInclusive<usize>,
    ) {
        let rules = rules.as_array().unwrap();
        let fitting =
            rules.iter().filter(|rule| mistakes(self.api, rule, value).is_empty()).count();
        self.hold(count.contains(&fitting), at, &format!("{value} fits {fitting} of {rules:?}"));
    }

    fn hold(&mut self, holds: bool, at: &str, else_said: &str) {
        if !holds {
            self.found.push(format!("{at}: {else_said}"));
        }
    }
}

fn is_any(rule: &Value, value: &Value) -> bool {
    let is = |kind: &Value| match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the check does not know the type `{other}`"),
    };
    rule.as_array().map_or_else(|| is(rule), |kinds| kinds.iter().any(is))
}

fn fits(rule: &Value, value: &Value) -> bool {
    let Some(text) = value.as_str() else { return true };
    match rule.as_str().unwrap() {
        "date-time" => text.parse::<jiff::Timestamp>().is_ok() && text.ends_with('Z'),
        "date" => text.parse::<jiff::civil::Date>().is_ok(),
        "email" => text.parse::<domain::email::Email>().is_ok(),
        "hostname" => text.parse::<domain::email::Domain>().is_ok(),
        _ => true,
    }
}
