//! How routes describe themselves in `OpenAPI` 3.1. Built only when asked for.

use domain::picture::Format;
use files::picture::PICTURE_BYTES_MAX;
use schemars::generate::{Contract, SchemaSettings};
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::exchange::answer::{
    Accepted, AcceptedWith, Created, Done, Found, Page, Painted, Table, WithCookies,
};
use crate::exchange::cx::{Cx, KEY_BYTES_MAX, Principal};
use crate::exchange::extract::{IfMatch, Image, Json, Path, Query};
use crate::exchange::problem::{Kind, Problem};
use crate::preview::Preview;

/// Collects the schemas that operations refer to: bodies as they are read, answers as they are
/// written.
pub struct Spec {
    /// Schemas of what is sent to us.
    pub input: SchemaGenerator,
    /// Schemas of what we answer.
    pub output: SchemaGenerator,
}

impl Default for Spec {
    fn default() -> Self {
        let generator = |contract| {
            let settings = SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
                settings.contract = contract;
            });
            settings.into_generator()
        };
        Self { input: generator(Contract::Deserialize), output: generator(Contract::Serialize) }
    }
}

/// One operation of the description.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    #[serde(skip)]
    path: &'static str,
    /// `verb_noun`, for clients.
    pub operation_id: String,
    /// What it does.
    pub summary: &'static str,
    /// The area.
    pub tags: Vec<String>,
    /// In the path, the query and headers.
    pub parameters: Vec<Value>,
    /// The body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_body: Option<Value>,
    /// Answers and problems by status.
    pub responses: Map<String, Value>,
    /// What proves the caller.
    pub security: Vec<Value>,
}

impl Operation {
    pub(crate) fn at(path: &'static str) -> Self {
        Self { path, ..Self::default() }
    }

    pub(crate) fn problem(&mut self, kind: Kind) {
        let (status, slug, _) = kind.row();
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        let response = self.responses.entry(status.to_string()).or_insert_with(|| {
            json!({
                "description": "",
                "content": { "application/problem+json": { "schema": schema } },
            })
        });
        let Some(Value::String(text)) = response.get_mut("description") else { return };
        let name = format!("`{slug}`");
        if !text.contains(&name) {
            let gap = if text.is_empty() { "" } else { ", " };
            *text = format!("{text}{gap}{name}");
        }
    }

    pub(crate) fn answer(&mut self, status: u16, description: &str, schema: Option<Value>) {
        let content = schema.map(|schema| json!({ "application/json": { "schema": schema } }));
        let mut response = json!({ "description": description });
        if let (Some(content), Some(response)) = (content, response.as_object_mut()) {
            response.insert("content".to_owned(), content);
        }
        self.responses.insert(status.to_string(), response);
    }

    /// Takes `?preview=true` too, and answers 200 with what would happen beside what else 200 may
    /// hold.
    pub(crate) fn previews(&mut self, spec: &mut Spec) {
        let schema = json!({
            "type": "boolean",
            "default": false,
            "description": "With `true`, answers 200 with what would happen and who would be mailed, \
                            and does nothing.",
        });
        self.parameter("query", "preview", Need::Optional, &schema);
        let schema = spec.output.subschema_for::<Preview>().to_value();
        let place = "/content/application~1json/schema";
        let own = self.responses.get("200").and_then(|response| response.pointer(place)).cloned();
        let (words, schema) = match own {
            Some(own) => {
                ("Done; or, with `preview`, what would be.", json!({ "anyOf": [own, schema] }))
            }
            None => ("With `preview`: what would be.", schema),
        };
        self.answer(200, words, Some(schema));
    }

    pub(crate) fn parameter(&mut self, place: &str, name: &str, need: Need, schema: &Value) {
        let required = need == Need::Required;
        let parameter =
            json!({ "in": place, "name": name, "required": required, "schema": schema });
        self.parameters.push(parameter);
    }
}

/// Whether a parameter must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
}

/// What an argument says in the contract.
pub trait Input {
    /// Adds it.
    fn describe(spec: &mut Spec, operation: &mut Operation);
}

/// What an answer says in the contract.
pub trait Output {
    /// Adds it.
    fn describe(spec: &mut Spec, operation: &mut Operation);
}

/// A handler whose every argument and answer says what it is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a route",
    note = "a route is `async fn(Cx<_>, inputs…) -> Result<Output, Problem>`; each input implements `Input`, the answer `Output`"
)]
pub trait Described<Arguments> {
    /// Adds all of them.
    fn describe(spec: &mut Spec, operation: &mut Operation);
}

macro_rules! described {
    ($($argument:ident)*) => {
        impl<F, Fut, P, O, $($argument,)*> Described<(P, $($argument,)*)> for F
        where
            F: Fn(Cx<P>, $($argument),*) -> Fut,
            Fut: Future<Output = Result<O, Problem>>,
            P: Principal,
            O: Output,
            $($argument: Input,)*
        {
            fn describe(spec: &mut Spec, operation: &mut Operation) {
                caller::<P>(operation);
                $($argument::describe(spec, operation);)*
                O::describe(spec, operation);
            }
        }
    };
}

described!();
described!(A);
described!(A B);
described!(A B C);

fn caller<P: Principal>(operation: &mut Operation) {
    if let Some(scheme) = P::SECURITY {
        operation.security.push(json!({ scheme: [] }));
        operation.problem(Kind::SignIn);
        operation.problem(if scheme == "portal" { Kind::AccessEnded } else { Kind::ChooseTenant });
    }
    for name in parameter_names(operation.path) {
        if name == "slug" {
            operation.problem(Kind::NotFound);
        }
    }
}

/// The names in braces.
pub(crate) fn parameter_names(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

impl<T: JsonSchema> Input for Json<T> {
    fn describe(spec: &mut Spec, operation: &mut Operation) {
        let schema = T::json_schema(&mut spec.input);
        let content = json!({ "application/json": { "schema": schema } });
        operation.request_body = Some(json!({ "required": true, "content": content }));
        operation.problem(Kind::BadInput);
        operation.problem(Kind::NotJson);
        operation.problem(Kind::TooLarge);
    }
}

impl Input for Image {
    fn describe(_: &mut Spec, operation: &mut Operation) {
        let schema =
            json!({ "type": "string", "format": "binary", "maxLength": PICTURE_BYTES_MAX });
        let content: Map<String, Value> = Format::ALL
            .into_iter()
            .map(|format| (format.to_string(), json!({ "schema": schema })))
            .collect();
        operation.request_body = Some(json!({ "required": true, "content": content }));
        operation.problem(Kind::BadInput);
        operation.problem(Kind::NotPicture);
        operation.problem(Kind::TooLarge);
    }
}

impl<T: JsonSchema> Input for Query<T> {
    fn describe(spec: &mut Spec, operation: &mut Operation) {
        let schema = T::json_schema(&mut spec.input).to_value();
        let required =
            schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let is_required = required.iter().any(|needed| needed.as_str() == Some(name));
            let need = if is_required { Need::Required } else { Need::Optional };
            operation.parameter("query", name, need, property);
        }
        operation.problem(Kind::BadInput);
    }
}

impl<T: JsonSchema> Input for Path<T> {
    fn describe(spec: &mut Spec, operation: &mut Operation) {
        let whole = spec.input.subschema_for::<T>().to_value();
        for (place, name) in parameter_names(operation.path).enumerate() {
            let items = whole.get("prefixItems").and_then(|items| items.get(place));
            let schema = items.unwrap_or(&whole).clone();
            operation.parameter("path", name, Need::Required, &schema);
        }
        operation.problem(Kind::NotFound);
    }
}

impl Input for IfMatch {
    fn describe(_: &mut Spec, operation: &mut Operation) {
        operation.parameter("header", "If-Match", Need::Required, &json!({ "type": "string" }));
        operation.problem(Kind::Stale);
        operation.problem(Kind::IfMatchMissing);
    }
}

impl<T: JsonSchema> Output for Found<T> {
    fn describe(spec: &mut Spec, operation: &mut Operation) {
        let schema = spec.output.subschema_for::<T>().to_value();
        operation.answer(200, "Found.", Some(schema));
    }
}

impl<T: JsonSchema> Output for Created<T> {
    fn describe(spec: &mut Spec, operation: &mut Operation) {
        let schema = spec.output.subschema_for::<T>().to_value();
        operation.answer(201, "Made; `Location` names it.", Some(schema));
    }
}

impl<T: JsonSchema> Output for Page<T> {
    fn describe(spec: &mut Spec, operation: &mut Operation) {
        let item = spec.output.subschema_for::<T>().to_value();
        let items = json!({ "type": "array", "items": item });
        let schema = json!({
            "type": "object",
            "required": ["items"],
            "properties": { "items": items, "next": { "type": "string" } },
        });
        operation.answer(200, "A page; `next` begins the one after.", Some(schema));
    }
}

impl Output for Accepted {
    fn describe(_: &mut Spec, operation: &mut Operation) {
        operation.answer(202, "Heard; the answer is alike whatever is known.", None);
    }
}

impl<T: JsonSchema> Output for AcceptedWith<T> {
    fn describe(spec: &mut Spec, operation: &mut Operation) {
        let schema = spec.output.subschema_for::<T>().to_value();
        operation.answer(202, "Heard; the answer is alike whatever is known.", Some(schema));
    }
}

impl Output for Done {
    fn describe(_: &mut Spec, operation: &mut Operation) {
        operation.answer(204, "Done.", None);
    }
}

impl Output for Painted {
    fn describe(_: &mut Spec, operation: &mut Operation) {
        let schema = json!({ "type": "string", "format": "binary" });
        let content: Map<String, Value> = Format::ALL
            .into_iter()
            .map(|format| (format.to_string(), json!({ "schema": schema })))
            .collect();
        let response = json!({ "description": "The picture.", "content": content });
        operation.responses.insert("200".to_owned(), response);
    }
}

impl Output for Table {
    fn describe(_: &mut Spec, operation: &mut Operation) {
        let content = json!({ "text/csv": { "schema": { "type": "string" } } });
        let response = json!({ "description": "The table.", "content": content });
        operation.responses.insert("200".to_owned(), response);
    }
}

impl<A: Output> Output for WithCookies<A> {
    fn describe(spec: &mut Spec, operation: &mut Operation) {
        A::describe(spec, operation);
    }
}

/// The header that every mutation takes.
pub fn idempotency_key(operation: &mut Operation) {
    let schema = json!({ "type": "string", "minLength": 1, "maxLength": KEY_BYTES_MAX });
    operation.parameter("header", "Idempotency-Key", Need::Optional, &schema);
    operation.problem(Kind::KeyReused);
}
