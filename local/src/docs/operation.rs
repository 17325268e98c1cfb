//! One operation: what it does, who may call it, what goes in and comes out, with an example.

use std::fmt::Write;

use app::exchange::problem::Kind;
use http::StatusCode;
use serde_json::{Value, json};

use crate::docs::example::{Examples, acted, success};
use crate::docs::html::{described, escaped, list, object, prose, text};
use crate::docs::schema::{Need, fields, kind, referred, resolved, row};

/// The JSON of a body, as a pointer into a request or an answer.
const JSON: &str = "/content/application~1json/schema";

/// An operation with its place.
#[derive(Clone, Copy)]
pub(crate) struct Operation<'a> {
    pub(crate) api: &'a Value,
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    pub(crate) told: &'a Value,
}

impl Operation<'_> {
    /// The area it belongs to.
    pub(crate) fn area(&self) -> &str {
        self.told.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default()
    }

    /// Its line in the contents.
    pub(crate) fn link(&self) -> String {
        let (id, method) = (escaped(text(self.told, "operationId")), self.method);
        let short = escaped(self.path.strip_prefix("/v1").unwrap_or(self.path));
        let short = short.replace('/', "<wbr />/");
        format!(
            "<li data-find=\"{}\"><a href=\"#{id}\"><span class=\"verb {method}\">{}</span> <span>{short}</span></a></li>",
            self.findable(),
            method.to_uppercase()
        )
    }

    /// Its section.
    pub(crate) fn section(&self) -> String {
        let id = escaped(text(self.told, "operationId"));
        let (method, path) = (self.method, escaped(self.path));
        format!(
            "<section class=\"op\" id=\"{id}\" data-find=\"{}\"><div class=\"op-says\">\
             <h3><span class=\"verb {method}\">{}</span> <a href=\"#{id}\"><code>{path}</code></a></h3>\
             <p class=\"op-summary\">{}</p><p class=\"op-who\">{}</p>{}{}{}{}</div>\
             <div class=\"op-shows\">{}</div></section>",
            self.findable(),
            method.to_uppercase(),
            prose(text(self.told, "summary")),
            self.who(),
            self.parameters(),
            self.body(),
            self.answer(),
            self.problems(),
            self.example(),
        )
    }

    /// What a search looks at.
    fn findable(&self) -> String {
        let (path, summary) = (self.path, text(self.told, "summary"));
        escaped(&format!("{} {path} {} {summary}", self.method, self.area()).to_lowercase())
    }

    fn who(&self) -> String {
        let schemes = list(self.told.get("security"))
            .flat_map(|proof| object(Some(proof)).map(|(name, _)| name.as_str()));
        let who: Vec<String> = schemes
            .map(|scheme| match scheme {
                "session" => "staff, by the session cookie".to_owned(),
                "portal" => "a contact in their portal, by the portal’s cookie".to_owned(),
                other => escaped(other),
            })
            .collect();
        let who = if who.is_empty() { "anyone".to_owned() } else { who.join(", or ") };
        format!("<b>Who:</b> {who}")
    }

    fn parameters(&self) -> String {
        let rows: String = list(self.told.get("parameters"))
            .map(|parameter| {
                let need = Need::from(parameter.get("required") == Some(&Value::Bool(true)));
                let name = format!("{} ({})", text(parameter, "name"), text(parameter, "in"));
                row(self.api, &name, need, parameter.get("schema").unwrap_or(&Value::Null))
            })
            .collect();
        if rows.is_empty() {
            return rows;
        }
        format!("<h4>Parameters</h4><dl class=\"fields\">{rows}</dl>")
    }

    fn body(&self) -> String {
        let Some(schema) = self.told.pointer(&format!("/requestBody{JSON}")) else {
            return self.picture();
        };
        let fields = fields(self.api, resolved(self.api, schema));
        let words = match described(schema) {
            _ if fields.is_empty() => "An empty object, or no body.".to_owned(),
            words => words,
        };
        let words = if words.is_empty() { words } else { format!("<p>{words}</p>") };
        format!("<h4>Request body</h4>{words}{fields}")
    }

    /// What is sent that is not JSON.
    fn picture(&self) -> String {
        let kinds: Vec<_> = object(self.told.pointer("/requestBody/content")).collect();
        let Some((_, told)) = kinds.first() else { return String::new() };
        let names: Vec<String> =
            kinds.iter().map(|(name, _)| format!("<code>{}</code>", escaped(name))).collect();
        let most = told.pointer("/schema/maxLength").and_then(Value::as_u64).unwrap_or_default();
        format!(
            "<h4>Request body</h4><p>The picture itself: {}; at most {most} bytes.</p>",
            names.join(" or ")
        )
    }

    fn answer(&self) -> String {
        let Some((status, answer)) = success(self.told) else { return String::new() };
        let mut html = format!("<h4>Answer</h4><p><b>{status}</b> {}", described(answer));
        if let Some(schema) = answer.pointer(JSON).map(acted) {
            // Writing to a text does not fail.
            let _ = match referred(schema) {
                Some(_) => write!(html, " Body: {}.", kind(schema)),
                None => write!(html, " Body:"),
            };
            let whole = resolved(self.api, schema);
            let _ = write!(html, "</p>{}", fields(self.api, whole));
            if let Some(item) = whole.pointer("/properties/items/items").filter(|_| whole == schema)
            {
                let _ = write!(
                    html,
                    "<h4>Each item</h4>{}",
                    fields(self.api, resolved(self.api, item))
                );
            }
        } else {
            html.push_str(" No body.</p>");
        }
        if list(self.told.get("parameters")).any(|parameter| text(parameter, "name") == "preview") {
            let preview = kind(&json!({ "$ref": "#/components/schemas/Preview" }));
            let _ = write!(
                html,
                "<p>With <code>preview=true</code>: <b>200</b> Body: {preview}. Nothing is done.</p>"
            );
        }
        html
    }

    fn problems(&self) -> String {
        let mut answers: Vec<_> = object(self.told.get("responses")).collect();
        answers.sort_unstable_by_key(|(status, _)| *status);
        let slugs = answers
            .into_iter()
            .flat_map(|(_, answer)| text(answer, "description").split('`').skip(1).step_by(2));
        let known = slugs.filter_map(|slug| Kind::ALL.iter().find(|kind| kind.row().1 == slug));
        let rows = known
            .map(|kind| {
                let (status, slug, title) = kind.row();
                let title = escaped(title);
                format!("<li><span>{status}</span> <a class=\"a\" href=\"#{slug}\">{slug}</a> <span class=\"mut\">{title}</span></li>")
            })
            .collect::<Vec<_>>()
            .concat();
        if rows.is_empty() {
            return rows;
        }
        format!("<h4>Problems of its own</h4><ul class=\"op-problems\">{rows}</ul>")
    }

    fn example(&self) -> String {
        let examples = Examples(self.api);
        let mut html = format!(
            "<h4>Example</h4><pre class=\"code-block\" data-copy><code>{}</code></pre>",
            escaped(&self.curl(examples))
        );
        if let Some((status, body)) = examples.answer(self.told) {
            let reason = StatusCode::from_u16(status).ok().and_then(|it| it.canonical_reason());
            let body = body.map(|body| format!("\n\n{}", pretty(&body))).unwrap_or_default();
            let answer = format!("{status} {}{body}", reason.unwrap_or_default());
            let _ = write!(
                html,
                "<h4>Answers</h4><pre class=\"code-block\"><code>{}</code></pre>",
                escaped(&answer)
            );
        }
        html
    }

    /// The request as it would be typed, `$base` being where the service is.
    pub(crate) fn curl(&self, examples: Examples<'_>) -> String {
        let target = examples.target(self.path, self.told);
        let mut lines = vec![format!("curl -b jar -c jar \"$base{target}\"")];
        if self.method != "get" {
            lines.push(format!("-X {} -H 'X-Vestibule: 1'", self.method.to_uppercase()));
            lines.push("-H \"Idempotency-Key: $(uuidgen)\"".to_owned());
        }
        for parameter in list(self.told.get("parameters")) {
            if text(parameter, "in") == "header" && parameter["required"] == Value::Bool(true) {
                let value = examples.parameter(parameter, self.told);
                lines.push(format!("-H '{}: {value}'", text(parameter, "name")));
            }
        }
        if let Some(body) = examples.body(self.told) {
            lines.push("-H 'Content-Type: application/json'".to_owned());
            // A single quote would end the shell's text.
            lines.push(format!("-d '{}'", pretty(&body).replace('\'', "'\\''")));
        } else if let Some((kind, _)) = object(self.told.pointer("/requestBody/content")).next() {
            lines.push(format!("-H 'Content-Type: {kind}' --data-binary @picture"));
        }
        lines.join(" \\\n  ")
    }
}

fn pretty(value: &Value) -> String {
    // A value that was read as JSON is written as JSON.
    serde_json::to_string_pretty(value).unwrap_or_default()
}
