//! Examples made from the description: what a schema gives as an example, else what a field of
//! that name holds in one consistent story. Maya Okafor of Initech asks Acme for its papers.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::docs::html::{list, object, text};

/// Schemas within schemas that an example follows.
const DEPTH_MAX: usize = 12;
/// The one identifier that all ids of the story share behind their prefixes.
const ULID: &str = "01J9ZC0ZJ8Q4W3T9V5N6M7K8P9";
/// How far ahead an expiry lies.
const AHEAD: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Makes examples for the operations of one description.
#[derive(Clone, Copy, Debug)]
pub struct Examples<'a>(
    /// The description.
    pub &'a Value,
);

/// Where in a schema an example stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The type that holds the field; at the top, the area.
    owner: &'a str,
    field: &'a str,
    depth: usize,
}

impl Examples<'_> {
    /// `path` with its parameters filled in, and the query parameters that are needed
    /// or have an example of their own.
    #[must_use]
    pub fn target(&self, path: &str, operation: &Value) -> String {
        let mut target = path.to_owned();
        let mut query = Vec::new();
        for parameter in list(operation.get("parameters")) {
            let name = text(parameter, "name");
            let value = self.parameter(parameter, operation);
            let has_example = parameter.pointer("/schema/examples").is_some();
            let is_needed = has_example || parameter.get("required") == Some(&Value::Bool(true));
            match text(parameter, "in") {
                "path" => target = target.replace(&format!("{{{name}}}"), &value),
                "query" if is_needed || name == "limit" => query.push(format!("{name}={value}")),
                _ => {}
            }
        }
        if query.is_empty() { target } else { format!("{target}?{}", query.join("&")) }
    }

    /// The value of a path, query or header parameter, as text.
    #[must_use]
    pub fn parameter(&self, parameter: &Value, operation: &Value) -> String {
        let place = Place { owner: area(operation), field: text(parameter, "name"), depth: 0 };
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        match self.value(schema, place) {
            Value::String(value) => value,
            value => value.to_string(),
        }
    }

    /// The body of a request, if it has one.
    #[must_use]
    pub fn body(&self, operation: &Value) -> Option<Value> {
        let schema = operation.pointer("/requestBody/content/application~1json/schema")?;
        Some(self.value(schema, Place { owner: area(operation), field: "", depth: 0 }))
    }

    /// The answer when all goes well: its status, and its body if it has one.
    #[must_use]
    pub fn answer(&self, operation: &Value) -> Option<(u16, Option<Value>)> {
        let (status, answer) = success(operation)?;
        let schema = answer.pointer("/content/application~1json/schema");
        let place = Place { owner: area(operation), field: "", depth: 0 };
        Some((status, schema.map(|schema| self.value(schema, place))))
    }

    fn value(self, schema: &Value, place: Place<'_>) -> Value {
        if DEPTH_MAX < place.depth {
            return Value::Null;
        }
        let deeper = Place { depth: place.depth + 1, ..place };
        if let Some(example) = list(schema.get("examples")).next() {
            return example.clone();
        }
        if let Some(default) = schema.get("default").filter(|it| !is_empty(it)) {
            return default.clone();
        }
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let name = name.rsplit('/').next().unwrap_or_default();
            let schema = self.0.pointer(&format!("/components/schemas/{name}"));
            return schema
                .map_or(Value::Null, |it| self.value(it, Place { owner: name, ..deeper }));
        }
        if let Some(only) = schema.get("const") {
            return only.clone();
        }
        if let Some(first) = list(schema.get("enum")).next() {
            return first.clone();
        }
        for several in ["oneOf", "anyOf", "allOf"] {
            let is_null = |one: &&Value| text(one, "type") == "null";
            if let Some(first) = list(schema.get(several)).find(|one| !is_null(one)) {
                return self.value(first, deeper);
            }
        }
        match kind(schema) {
            "object" => self.fields(schema, deeper),
            // Most things are made without a warning.
            "array" if place.field == "warnings" => json!([]),
            "array" => {
                let items = schema.get("items").unwrap_or(&Value::Null);
                json!([self.value(items, deeper)])
            }
            "string" => json!(word(schema, place)),
            "integer" | "number" => number(schema, place.field),
            "boolean" => json!(is_so(place.field)),
            // Anything at all: the only such field is the detail of a line of the trail.
            _ => json!({ "status": ["to_review", "approved"] }),
        }
    }

    fn fields(self, schema: &Value, place: Place<'_>) -> Value {
        let mut fields = Map::new();
        for (name, field) in object(schema.get("properties")) {
            fields.insert(name.clone(), self.value(field, Place { field: name, ..place }));
        }
        if fields.is_empty() && schema.get("additionalProperties").is_some_and(Value::is_object) {
            fields.insert("content-type".to_owned(), json!("application/pdf"));
        }
        Value::Object(fields)
    }
}

/// The answer when all goes well. What only looks ahead answers 200, and comes before what acts.
pub(crate) fn success(operation: &Value) -> Option<(u16, &Value)> {
    let answers = object(operation.get("responses"));
    let good = answers.filter_map(|(status, answer)| {
        let status = status.parse().ok()?;
        (status < 400).then_some((status, answer))
    });
    good.max_by_key(|(status, _)| *status)
}

/// What the act answers, of a schema that may also be the answer to looking ahead.
pub(crate) fn acted(schema: &Value) -> &Value {
    let is_preview = |one: &Value| text(one, "$ref").ends_with("/Preview");
    match schema.get("anyOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([act, preview]) if is_preview(preview) => act,
        _ => schema,
    }
}

fn area(operation: &Value) -> &str {
    operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default()
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// The type of a schema, null aside.
fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default()
        }
        _ => "",
    }
}

fn is_so(field: &str) -> bool {
    ["current", "open", "external_communications"].contains(&field)
}

fn number(schema: &Value, field: &str) -> Value {
    let typical: u64 = match field {
        "size_bytes" => 482_133,
        "quota_bytes" => 50 << 30,
        "device_days" | "resend_after_seconds" => 30,
        "retention_days" => 3_650,
        "limit" => 20,
        "total" => 2,
        "status" => 400,
        "version" | "seq" => 3,
        _ => 1,
    };
    let bound = |name| schema.get(name).and_then(Value::as_u64);
    let least = bound("minimum").unwrap_or(0);
    json!(typical.clamp(least, bound("maximum").unwrap_or(u64::MAX)))
}

/// A text that fits a field of that name.
fn word(schema: &Value, place: Place<'_>) -> String {
    let Place { owner, field, .. } = place;
    match text(schema, "format") {
        "date-time" => return instant(owner, field),
        "date" => return "2026-03-31".to_owned(),
        "email" => return "maya@initech.example".to_owned(),
        "hostname" => return "initech.example".to_owned(),
        "password" => return "correct horse battery staple".to_owned(),
        _ => {}
    }
    if text(schema, "pattern").starts_with("^[a-z]{3}_") {
        let prefix = if field == "about" { "doc" } else { "con" };
        return format!("{prefix}_{ULID}");
    }
    let known = match field {
        "name" => name_of(owner),
        "title" if owner.to_lowercase().starts_with("nda") || owner == "PortalNda" => {
            "Our agreement"
        }
        "title" if owner == "Problem" => "The request has a mistake",
        _ => known(field),
    };
    known.to_owned()
}

fn instant(owner: &str, field: &str) -> String {
    match (owner, field) {
        ("Address" | "CodeSent", "expires_at") => "2026-03-02T09:15:00Z".to_owned(),
        (_, "expires_at" | "access_expires_at") => {
            let end = Timestamp::now() + AHEAD;
            // The end of a day in Zürich, in summer time.
            end.strftime("%Y-%m-%dT21:59:59Z").to_string()
        }
        (_, "seen_at" | "last_activity_at") => "2026-03-09T16:02:11Z".to_owned(),
        _ => "2026-03-02T09:14:00Z".to_owned(),
    }
}

/// How a thing of that type or area is called.
fn name_of(owner: &str) -> &'static str {
    let owner = owner.to_lowercase();
    let is_about = |parts: &[&str]| parts.iter().any(|part| owner.contains(part));
    if is_about(&["account"]) {
        "Initech AG"
    } else if is_about(&["file", "published"]) {
        "penetration-test.pdf"
    } else if is_about(&["tenant", "trust", "portal"]) {
        "Acme AG"
    } else {
        "Jonas Weber"
    }
}

fn known(field: &str) -> &'static str {
    match field {
        "first_name" => "Maya",
        "last_name" => "Okafor",
        "contact_name" => "Maya Okafor",
        "job_title" => "Risk manager",
        "contact_type" => "Customer",
        "company" | "account_name" => "Initech AG",
        "tenant_name" => "Acme AG",
        "slug" => "acme",
        "accent" => "#0b5d66",
        "zone" => "Europe/Zurich",
        "title" => "Penetration test, autumn",
        "category" => "Audit reports",
        "reason" => "Yearly review of our suppliers",
        "question" => "Which region do you host in?",
        "answer" => "Switzerland and Germany.",
        "text" => "What you read here stays between us.",
        "code" => "482913",
        "token" => "AQE5Yw3fT9wqLxk2vPZr7mB1sD5yH8uJ0cNeGtRi6Ka4",
        "device_nonce" => "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA",
        "sha256" => "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "network" => "203.0.113.0",
        "agent" => "Firefox 145 on Linux",
        "verb" => "contacts.create",
        "method" => "PUT",
        "url" => "https://files.acme.example/5c1e?X-Amz-Expires=60&X-Amz-Signature=1b0f…",
        "status" => "ok",
        "version" => env!("CARGO_PKG_VERSION"),
        "type" => "https://vestibule.dev/problems/bad-input",
        "detail" => "/email: expected an address such as `maya@initech.example`",
        "pointer" => "/email",
        "id" | "next" | "cursor" => ULID,
        "instance" => "urn:ulid:01J9ZC0ZJ8Q4W3T9V5N6M7K8P9",
        "If-Match" => "\"3\"",
        "Idempotency-Key" => "0b54ad5e-8c2c-4d5a-9f0e-6b8f2f0d3c11",
        _ => "text",
    }
}
