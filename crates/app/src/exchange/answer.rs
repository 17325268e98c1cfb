//! Answers: what a handler gives, how it is sent, and how it is kept for a repeat.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, LOCATION,
    SET_COOKIE,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::picture::Format;
use schemars::JsonSchema;
use serde::Serialize;

use crate::exchange::reissue::Reissue;
use crate::house::cookie::Cookie;

/// An answer before it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// HTTP status.
    pub status: u16,
    /// Headers worth repeating.
    pub headers: Vec<(&'static str, String)>,
    /// JSON body; empty if there is none.
    pub body: String,
    /// Cookies to set, never kept.
    pub cookies: Vec<Cookie>,
    /// From what the secrets that are not kept can be made again.
    pub reissue: Option<Reissue>,
}

/// What a handler may answer.
pub trait Answer {
    /// The answer as it will be sent and kept.
    fn parts(&self) -> Parts;
}

/// 200 with a thing.
#[derive(Clone, Debug)]
pub struct Found<T> {
    body: T,
    version: Option<u64>,
}

impl<T> Found<T> {
    /// A thing that has no version.
    pub fn new(body: T) -> Self {
        Self { body, version: None }
    }

    /// A thing at a version, which `If-Match` must name to change it.
    pub fn at(body: T, version: u64) -> Self {
        Self { body, version: Some(version) }
    }
}

/// 201 with the new thing.
#[derive(Clone, Debug)]
pub struct Created<T> {
    body: T,
    location: String,
    version: Option<u64>,
}

impl<T> Created<T> {
    /// A new thing at `location`, at its first version.
    pub fn new(body: T, location: String) -> Self {
        Self { body, location, version: Some(1) }
    }
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// 202: heard. The answer is alike whatever is known.
#[derive(Clone, Copy, Debug)]
pub struct Accepted;

/// 202 with what to expect, alike whatever is known.
#[derive(Clone, Debug)]
pub struct AcceptedWith<T> {
    /// What to expect.
    pub body: T,
}

/// 204: done.
#[derive(Clone, Copy, Debug)]
pub struct Done;

/// 200 with a picture, for the eyes of whoever asked. It is never kept for a repeat.
#[derive(Clone, Debug)]
pub struct Painted {
    /// How it is written.
    pub format: Format,
    /// The picture.
    pub bytes: Vec<u8>,
}

/// 200 with a table for a spreadsheet, as comma-separated values (RFC 4180). It is never kept for a
/// repeat.
#[derive(Debug)]
pub struct Table {
    name: &'static str,
    rows: usize,
    text: csv::Writer<Vec<u8>>,
}

impl Table {
    /// A table called `name`, with what its columns are called.
    #[must_use]
    pub fn new<const N: usize>(name: &'static str, columns: &[&str; N]) -> Self {
        let mut writer = csv::WriterBuilder::new();
        writer.terminator(csv::Terminator::CRLF).quote_style(csv::QuoteStyle::Always);
        let mut table = Self { name, rows: 0, text: writer.from_writer(Vec::new()) };
        table.write(columns);
        table
    }

    /// Rows so far, without the first one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Adds a row. What a spreadsheet would run as a formula, whoever typed it, is made a text.
    pub fn push<const N: usize>(&mut self, cells: &[String; N]) {
        self.rows += 1;
        let is_formula = |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let safe = cells
            .each_ref()
            .map(|cell| if is_formula(cell) { format!("'{cell}") } else { cell.clone() });
        self.write(&safe.each_ref().map(String::as_str));
    }

    fn write<const N: usize>(&mut self, cells: &[&str; N]) {
        // Every row has as many cells, and a vector takes all of them.
        let _ = self.text.write_record(cells);
    }
}

/// An answer that also sets cookies.
#[derive(Clone, Debug)]
pub struct WithCookies<A> {
    /// The answer.
    pub answer: A,
    /// What to set.
    pub cookies: Vec<Cookie>,
    /// From what they can be made again after a lost reply; absent if they cannot.
    pub reissue: Option<Reissue>,
}

impl<A: Answer> Answer for &A {
    fn parts(&self) -> Parts {
        (**self).parts()
    }
}

impl<T: Serialize> Answer for Found<T> {
    fn parts(&self) -> Parts {
        let headers = self.version.map(|version| ("etag", etag(version)));
        Parts { headers: headers.into_iter().collect(), ..body(200, &self.body) }
    }
}

impl<T: Serialize> Answer for Created<T> {
    fn parts(&self) -> Parts {
        let etag = self.version.map(|version| ("etag", etag(version)));
        let headers = [Some(("location", self.location.clone())), etag];
        Parts { headers: headers.into_iter().flatten().collect(), ..body(201, &self.body) }
    }
}

impl Answer for Accepted {
    fn parts(&self) -> Parts {
        Parts { status: 202, ..Parts::default() }
    }
}

impl<T: Serialize> Answer for AcceptedWith<T> {
    fn parts(&self) -> Parts {
        body(202, &self.body)
    }
}

impl Answer for Done {
    fn parts(&self) -> Parts {
        Parts { status: 204, ..Parts::default() }
    }
}

impl<A: Answer> Answer for WithCookies<A> {
    fn parts(&self) -> Parts {
        let parts = self.answer.parts();
        Parts { cookies: self.cookies.clone(), reissue: self.reissue.clone(), ..parts }
    }
}

fn body<T: Serialize>(status: u16, body: &T) -> Parts {
    // Our own types have string keys and no failing serialisers.
    let body = serde_json::to_string(body).unwrap_or_default();
    Parts { status, body, ..Parts::default() }
}

fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

impl IntoResponse for Parts {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, self.body.clone()).into_response();
        let headers = response.headers_mut();
        headers.remove(CONTENT_TYPE);
        if !self.body.is_empty() {
            let is_problem = status.is_client_error() || status.is_server_error();
            let kind = if is_problem { "application/problem+json" } else { "application/json" };
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in self.headers {
            let name = if name == "etag" { ETAG } else { LOCATION };
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        for cookie in self.cookies {
            if let Ok(value) = HeaderValue::from_str(&cookie.header) {
                headers.append(SET_COOKIE, value);
            }
        }
        response
    }
}

macro_rules! responds {
    ($([$($generic:tt)*] $answer:ty;)*) => { $(
        impl<$($generic)*> IntoResponse for $answer {
            fn into_response(self) -> Response {
                self.parts().into_response()
            }
        }
    )* };
}

impl IntoResponse for Painted {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_TYPE, self.format.as_str()),
            (CACHE_CONTROL, "private, no-store"),
            (CONTENT_DISPOSITION, "inline"),
            (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        ];
        (headers, self.bytes).into_response()
    }
}

impl IntoResponse for Table {
    fn into_response(self) -> Response {
        let file = format!("attachment; filename=\"{}\"", self.name);
        let headers = [
            (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (CACHE_CONTROL, "private, no-store".to_owned()),
            (CONTENT_DISPOSITION, file),
        ];
        // A vector takes whatever is still to be flushed.
        (headers, self.text.into_inner().unwrap_or_default()).into_response()
    }
}

responds! {
    [T: Serialize] Found<T>;
    [T: Serialize] Created<T>;
    [] Accepted;
    [T: Serialize] AcceptedWith<T>;
    [] Done;
    [A: Answer] WithCookies<A>;
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        body(200, &self).into_response()
    }
}

#[cfg(test)]
mod tests;
