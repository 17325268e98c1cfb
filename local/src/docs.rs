//! `/v1/docs`: every route on one page, for people; programs read `/v1/openapi.json`.
//!
//! Written from the same description on the server's side, so that the page needs no script.

use std::fmt::Write;

use axum::Router;
use axum::routing::get;
use functions::routes::openapi;
use serde_json::{Map, Value};

use crate::pages;

/// Serves the page.
pub(crate) fn router() -> Router {
    // A few milliseconds of work, done only if somebody looks.
    Router::new().route("/v1/docs", get(async || pages::html(page(&openapi()))))
}

fn page(api: &Value) -> String {
    let mut body = String::new();
    for area in areas(api) {
        // Writing to a text does not fail.
        let _ = write!(body, "<h2 id=\"{0}\">{0}</h2>", escaped(&area));
        for (path, method, operation) in operations(api) {
            if area_of(operation) == area {
                body.push_str(&section(path, method, operation));
            }
        }
    }
    body.push_str("<h2 id=\"schemas\">Types</h2>");
    for (name, schema) in object(api.pointer("/components/schemas")) {
        let text = described(schema);
        let fields = fields(schema);
        let _ = write!(
            body,
            "<section><h3 id=\"{0}\">{0}</h3><p>{text} {1}</p>{fields}</section>",
            escaped(name),
            kind(schema)
        );
    }
    include_str!("pages/docs.html").replace("{contents}", &contents(api)).replace("{body}", &body)
}

fn contents(api: &Value) -> String {
    let link = |area: &String| format!("<a class=\"a\" href=\"#{0}\">{0}</a>", escaped(area));
    areas(api).iter().map(link).collect::<Vec<_>>().join(" · ")
}

fn areas(api: &Value) -> Vec<String> {
    let mut areas: Vec<String> = operations(api).map(|(.., of)| area_of(of)).collect();
    areas.sort_unstable();
    areas.dedup();
    areas
}

fn operations(api: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    object(api.get("paths")).flat_map(|(path, methods)| {
        object(Some(methods)).map(move |(method, operation)| (path, method, operation))
    })
}

fn area_of(operation: &Value) -> String {
    operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn section(path: &str, method: &str, operation: &Value) -> String {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let mut text = format!(
        "<section><h3 id=\"{}\"><code>{} {}</code></h3>",
        escaped(id),
        method.to_uppercase(),
        escaped(path)
    );
    let proofs: Vec<String> = list(operation.get("security"))
        .flat_map(|proof| object(Some(proof)).map(|(name, _)| escaped(name)))
        .collect();
    if !proofs.is_empty() {
        let _ = write!(text, "<p class=\"mut\">Needs a {}.</p>", proofs.join(" or "));
    }
    let parameters: String = list(operation.get("parameters"))
        .map(|parameter| {
            let place = parameter.get("in").and_then(Value::as_str).unwrap_or_default();
            let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
            let schema = parameter.get("schema").unwrap_or(&Value::Null);
            row(&format!("{name} ({place})"), parameter.get("required"), schema)
        })
        .collect();
    if !parameters.is_empty() {
        let _ = write!(text, "<h4>Parameters</h4><dl class=\"facts\">{parameters}</dl>");
    }
    let json = "application~1json/schema";
    if let Some(schema) = operation.pointer(&format!("/requestBody/content/{json}")) {
        let _ = write!(text, "<h4>Body</h4><p>{}</p>{}", kind(schema), fields(schema));
    }
    let kinds: Vec<&str> = object(operation.pointer("/requestBody/content"))
        .map(|(kind, _)| kind.as_str())
        .filter(|kind| kind.starts_with("image/"))
        .collect();
    if !kinds.is_empty() {
        let _ = write!(text, "<h4>Body</h4><p>A picture: {}.</p>", kinds.join(", "));
    }
    text.push_str("<h4>Answers</h4><dl class=\"facts\">");
    let mut responses: Vec<_> = object(operation.get("responses")).collect();
    responses.sort_unstable_by_key(|(status, _)| *status);
    for (status, response) in responses {
        let schema = response.pointer(&format!("/content/{json}")).map(kind).unwrap_or_default();
        let words = described(response);
        let _ = write!(text, "<dt>{}</dt><dd>{words} {schema}</dd>", escaped(status));
    }
    text.push_str("</dl></section>");
    text
}

/// The fields of an object, one a row.
fn fields(schema: &Value) -> String {
    let required: Vec<&str> = list(schema.get("required")).filter_map(Value::as_str).collect();
    let rows: String = object(schema.get("properties"))
        .map(|(name, field)| row(name, Some(&required.contains(&name.as_str()).into()), field))
        .collect();
    if rows.is_empty() { rows } else { format!("<dl class=\"facts\">{rows}</dl>") }
}

fn row(name: &str, required: Option<&Value>, schema: &Value) -> String {
    let optional = if required == Some(&Value::Bool(true)) { "" } else { ", optional" };
    let (name, kind, words) = (escaped(name), kind(schema), described(schema));
    format!("<dt><code>{name}</code></dt><dd>{kind}{optional}. {words}</dd>")
}

/// What a value looks like, in a few words.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = escaped(reference.rsplit('/').next().unwrap_or_default());
        return format!("<a class=\"a\" href=\"#{name}\">{name}</a>");
    }
    if let Some(value) = schema.get("const").and_then(Value::as_str) {
        return format!("<code>{}</code>", escaped(value));
    }
    for several in ["oneOf", "anyOf", "enum"] {
        let kinds: Vec<String> = list(schema.get(several))
            .map(|one| {
                one.as_str()
                    .map_or_else(|| kind(one), |word| format!("<code>{}</code>", escaped(word)))
            })
            .collect();
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
        _ => String::new(),
    };
    let format = schema.get("format").and_then(Value::as_str).map(|it| format!(" ({it})"));
    escaped(&words) + &escaped(&format.unwrap_or_default()) + &items.unwrap_or_default()
}

/// A description; what stands between backticks is code.
fn described(value: &Value) -> String {
    let text = escaped(value.get("description").and_then(Value::as_str).unwrap_or_default());
    let parts = text.split('`').enumerate().map(|(place, part)| match place % 2 {
        0 => part.to_owned(),
        _ => format!("<code>{part}</code>"),
    });
    parts.collect()
}

fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_stands_on_the_page_and_every_link_on_it_leads_somewhere() {
        let api = openapi();
        let page = page(&api);
        for (path, method, _) in operations(&api) {
            let title = format!("<code>{} {}</code></h3>", method.to_uppercase(), escaped(path));
            assert_eq!(page.matches(&title).count(), 1, "{title}");
        }
        for link in page.split("href=\"#").skip(1) {
            let target = link.split('"').next().unwrap();
            assert!(page.contains(&format!("id=\"{target}\"")), "#{target}");
        }
    }

    #[test]
    fn markup_in_a_description_stays_text() {
        assert_eq!(escaped("<b>\"&"), "&lt;b&gt;&quot;&amp;");
    }
}
