//! Text as HTML, and reading a description without minding what is absent.

use serde_json::{Map, Value};

/// Text that stands in a page, or in an attribute between double quotes.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Text in which backticks stand around code.
pub(crate) fn prose(text: &str) -> String {
    let text = escaped(text);
    let parts = text.split('`').enumerate().map(|(place, part)| match place % 2 {
        0 => part.to_owned(),
        _ => format!("<code>{part}</code>"),
    });
    parts.collect()
}

/// What a schema or an answer says of itself.
pub(crate) fn described(value: &Value) -> String {
    prose(text(value, "description"))
}

/// A text field, empty if it is absent.
pub(crate) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// The fields of an object; none if it is no object.
pub(crate) fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// The items of a list; none if it is no list.
pub(crate) fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_stays_text_and_backticks_make_code() {
        assert_eq!(escaped("<b>\"&"), "&lt;b&gt;&quot;&amp;");
        assert_eq!(prose("either `<a>` or b"), "either <code>&lt;a&gt;</code> or b");
    }
}
