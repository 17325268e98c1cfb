//! `/v1/docs`: every route on one page, for people; programs read `/v1/openapi.json`.
//!
//! Written from the same description on the server's side. It is whole without its script, which
//! only searches and copies.

pub mod example;
mod html;
mod operation;
mod schema;

use std::fmt::Write;
use std::sync::LazyLock;

use app::exchange::problem::{Kind, TYPE_BASE};
use axum::Router;
use axum::routing::get;
use functions::routes::openapi;
use serde_json::Value;

use crate::docs::html::{described, escaped, list, object, prose, text};
use crate::docs::operation::Operation;
use crate::docs::schema::{fields, kind, meanings};
use crate::pages;

/// The page, made when somebody first looks.
static PAGE: LazyLock<String> = LazyLock::new(|| page(&openapi()));

/// Serves the page.
pub(crate) fn router() -> Router {
    Router::new().route("/v1/docs", get(async || pages::html(PAGE.as_str())))
}

fn page(api: &Value) -> String {
    let mut body = String::new();
    let mut contents = String::new();
    for (area, about) in areas(api) {
        let (id, title) = (escaped(area), escaped(&titled(area)));
        let of_area = || operations(api).filter(|operation| operation.area() == area);
        let links: String = of_area().map(|operation| operation.link()).collect();
        // Writing to a text does not fail.
        let _ = write!(
            contents,
            "<section><h2><a href=\"#area-{id}\">{title}</a></h2><ul>{links}</ul></section>"
        );
        let sections: String = of_area().map(|operation| operation.section()).collect();
        let _ = write!(
            body,
            "<section class=\"area\"><h2 id=\"area-{id}\">{title}</h2><p class=\"area-about\">{}</p>{sections}</section>",
            prose(about)
        );
    }
    include_str!("docs/docs.html")
        .replace("{version}", &escaped(text(api.get("info").unwrap_or(&Value::Null), "version")))
        .replace("{contents}", &contents)
        .replace("{problems}", &problems())
        .replace("{types}", &types(api))
        .replace("{body}", &body)
}

fn areas(api: &Value) -> impl Iterator<Item = (&str, &str)> {
    list(api.get("tags")).map(|tag| (text(tag, "name"), text(tag, "description")))
}

/// The area as a title; three have names that are no words.
fn titled(area: &str) -> String {
    match area {
        "me" => "You".to_owned(),
        "nda_versions" => "Agreement".to_owned(),
        "openapi" => "OpenAPI".to_owned(),
        _ => {
            let (first, rest) = area.split_at(area.len().min(1));
            first.to_uppercase() + &rest.replace('_', " ")
        }
    }
}

fn operations(api: &Value) -> impl Iterator<Item = Operation<'_>> {
    object(api.get("paths")).flat_map(move |(path, methods)| {
        object(Some(methods)).map(move |(method, told)| Operation { api, path, method, told })
    })
}

/// Every kind of problem, under the end of its type URI.
fn problems() -> String {
    let one = |kind: &Kind| {
        let ((status, slug, title), (when, then)) = (kind.row(), kind.advice());
        format!(
            "<section class=\"problem\" id=\"{slug}\"><h3><span class=\"verb\">{status}</span> <a href=\"#{slug}\">{slug}</a></h3>\
             <p><b>{}</b></p><p>{}</p><p>{}</p><p class=\"mut\"><code>{TYPE_BASE}{slug}</code></p></section>",
            escaped(title),
            prose(when),
            prose(then),
        )
    };
    Kind::ALL.iter().map(one).collect()
}

/// Every type that operations refer to.
fn types(api: &Value) -> String {
    let one = |(name, schema): (&String, &Value)| {
        let (name, words) = (escaped(name), described(schema));
        let has_own_rows = schema.get("properties").is_some() || schema.get("oneOf").is_some();
        let kind = if has_own_rows {
            String::new()
        } else {
            format!("<p class=\"kind\">{}</p>", kind(schema))
        };
        let (fields, meanings) = (fields(api, schema), meanings(schema));
        format!(
            "<section class=\"type\"><h3 id=\"{name}\">{name}</h3><p>{words}</p>{kind}{fields}{meanings}</section>"
        )
    };
    object(api.pointer("/components/schemas")).map(one).collect()
}

#[cfg(test)]
mod tests;
