//! Schemas as rows: a field, its type, its bounds, what it means.

use std::fmt::Write;

use serde_json::Value;

use crate::docs::html::{described, escaped, list, object, text};

/// The type that a reference names.
pub(crate) fn resolved<'a>(api: &'a Value, schema: &'a Value) -> &'a Value {
    let Some(name) = referred(schema) else { return schema };
    api.pointer(&format!("/components/schemas/{name}")).unwrap_or(schema)
}

/// The name of the type that a schema refers to.
pub(crate) fn referred(schema: &Value) -> Option<&str> {
    schema.get("$ref").and_then(Value::as_str)?.rsplit('/').next()
}

/// The fields of an object, one a row; nothing if it has none.
pub(crate) fn fields(api: &Value, schema: &Value) -> String {
    let required: Vec<&str> = list(schema.get("required")).filter_map(Value::as_str).collect();
    let rows: String = object(schema.get("properties"))
        .map(|(name, field)| row(api, name, required.contains(&name.as_str()).into(), field))
        .collect();
    if rows.is_empty() { rows } else { format!("<dl class=\"fields\">{rows}</dl>") }
}

/// Whether a field must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
}

impl From<bool> for Need {
    fn from(is_required: bool) -> Self {
        if is_required { Self::Required } else { Self::Optional }
    }
}

/// One field.
pub(crate) fn row(api: &Value, name: &str, need: Need, schema: &Value) -> String {
    let optional = match need {
        Need::Required => "",
        Need::Optional => " <span class=\"mut\">optional</span>",
    };
    let (kind, bounds, words) = (kind(schema), bounds(schema), described(schema));
    let values = values(resolved(api, not_null(schema)));
    let name = escaped(name);
    let words = if words.is_empty() { words } else { format!("<p>{words}</p>") };
    format!(
        "<dt><code>{name}</code>{optional}</dt><dd><p class=\"kind\">{kind}{values}{bounds}</p>{words}</dd>"
    )
}

/// What a value looks like, in a few words.
pub(crate) fn kind(schema: &Value) -> String {
    if let Some(name) = referred(schema) {
        return format!("<a class=\"a\" href=\"#{0}\">{0}</a>", escaped(name));
    }
    if let Some(value) = schema.get("const") {
        return code(value);
    }
    for several in ["oneOf", "anyOf"] {
        let kinds: Vec<String> = list(schema.get(several)).map(kind).collect();
        if !kinds.is_empty() {
            return kinds.join(" or ");
        }
    }
    let items = schema.get("items").map(|items| format!(" of {}", kind(items)));
    let words = match schema.get("type") {
        Some(Value::String(word)) => word.clone(),
        Some(Value::Array(words)) => {
            words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")
        }
        _ => "any JSON".to_owned(),
    };
    // Sizes of integers are told by their bounds.
    let format = Some(text(schema, "format")).filter(|it| !it.is_empty() && !it.contains("int"));
    let format = format.map(|format| format!(" ({})", escaped(format)));
    escaped(&words) + &format.unwrap_or_default() + &items.unwrap_or_default()
}

/// The values that a text may have, where they are few.
fn values(schema: &Value) -> String {
    let consts = list(schema.get("oneOf")).filter_map(|one| one.get("const"));
    let values: Vec<String> = consts.chain(list(schema.get("enum"))).map(code).collect();
    if values.is_empty() { String::new() } else { format!(" ({})", values.join(", ")) }
}

/// The values with what each means, one a row.
pub(crate) fn meanings(schema: &Value) -> String {
    let mut rows = String::new();
    for one in list(schema.get("oneOf")) {
        if let Some(value) = one.get("const") {
            // Writing to a text does not fail.
            let _ = write!(rows, "<dt>{}</dt><dd><p>{}</p></dd>", code(value), described(one));
        }
    }
    if rows.is_empty() { values(schema) } else { format!("<dl class=\"fields\">{rows}</dl>") }
}

/// Lengths, numbers, form and default, as far as they are bounded.
fn bounds(schema: &Value) -> String {
    let schema = not_null(schema);
    let number = |name| schema.get(name).and_then(Value::as_u64);
    let mut said = Vec::new();
    said.extend(range(number("minLength"), number("maxLength"), " characters"));
    let (least, most) = (number("minimum").filter(|least| 0 < *least), number("maximum"));
    said.extend(range(least, most, ""));
    said.extend(range(number("minItems"), number("maxItems"), " items"));
    if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
        said.push("no two alike".to_owned());
    }
    if let Some(pattern) = schema.get("pattern") {
        said.push(format!("matches {}", code(pattern)));
    }
    if let Some(default) = schema.get("default") {
        said.push(format!("default {}", code(default)));
    }
    said.iter().flat_map(|said| [", ", said]).collect()
}

fn range(least: Option<u64>, most: Option<u64>, what: &str) -> Option<String> {
    match (least, most) {
        (Some(least), Some(most)) if least == most => Some(format!("{least}{what}")),
        (Some(least), Some(most)) => Some(format!("{least} to {most}{what}")),
        (Some(least), None) => Some(format!("at least {least}{what}")),
        (None, Some(most)) => Some(format!("at most {most}{what}")),
        (None, None) => None,
    }
}

/// The one schema that is not null, where null is the only other.
fn not_null(schema: &Value) -> &Value {
    let mut others = list(schema.get("anyOf")).filter(|one| text(one, "type") != "null");
    match (others.next(), others.next()) {
        (Some(only), None) => only,
        _ => schema,
    }
}

fn code(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    format!("<code>{}</code>", escaped(&text))
}
