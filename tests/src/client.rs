//! A browser or program that calls the API: keeps cookies, names its network, sends JSON.

use std::collections::BTreeMap;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::Method;
use reqwest::header::{HeaderMap, SET_COOKIE};
use serde_json::Value;

/// A client of the API. Clones share their cookies.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base_url: String,
    network: String,
    tenant: Option<String>,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

/// A call that is sent when awaited.
#[derive(Debug)]
#[must_use = "a call is sent when awaited"]
pub struct Call {
    client: Client,
    method: Method,
    path: String,
    body: Body,
    headers: Vec<(String, String)>,
}

#[derive(Debug)]
enum Body {
    None,
    Json(Value),
    Raw { kind: String, bytes: Vec<u8> },
}

/// An answer, read whole.
#[derive(Clone, Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body as JSON; null if it is none.
    pub body: Value,
}

impl Client {
    /// A client at `base_url` that says it calls from `network`.
    #[must_use]
    pub fn new(http: reqwest::Client, base_url: &str, network: &str) -> Self {
        Self {
            http,
            base_url: base_url.to_owned(),
            network: network.to_owned(),
            tenant: None,
            cookies: Arc::default(),
        }
    }

    /// The same browser, calling from another network.
    #[must_use]
    pub fn from_network(&self, network: &str) -> Self {
        Self { network: network.to_owned(), ..self.clone() }
    }

    /// The network it says it calls from.
    #[must_use]
    pub fn network(&self) -> &str {
        &self.network
    }

    /// The same browser, calling over other connections.
    #[must_use]
    pub fn over(&self, http: reqwest::Client) -> Self {
        Self { http, ..self.clone() }
    }

    /// The same browser, meaning the portal of the company `tenant`.
    #[must_use]
    pub fn in_portal_of(&self, tenant: impl ToString) -> Self {
        Self { tenant: Some(tenant.to_string()), ..self.clone() }
    }

    /// Keeps a cookie.
    pub fn keep_cookie(&self, name: &str, value: &str) {
        self.cookies().insert(name.to_owned(), value.to_owned());
    }

    /// The value of a cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies().get(name).cloned()
    }

    /// Names of the cookies kept.
    #[must_use]
    pub fn cookie_names(&self) -> Vec<String> {
        self.cookies().keys().cloned().collect()
    }

    /// Forgets all cookies.
    pub fn forget_cookies(&self) {
        self.cookies().clear();
    }

    /// `GET`.
    pub fn get(&self, path: impl AsRef<str>) -> Call {
        self.call(Method::GET, path, Body::None)
    }

    /// `POST`.
    pub fn post(&self, path: impl AsRef<str>, body: Value) -> Call {
        self.call(Method::POST, path, Body::Json(body))
    }

    /// `PUT`.
    pub fn put(&self, path: impl AsRef<str>, body: Value) -> Call {
        self.call(Method::PUT, path, Body::Json(body))
    }

    /// `PATCH`.
    pub fn patch(&self, path: impl AsRef<str>, body: Value) -> Call {
        self.call(Method::PATCH, path, Body::Json(body))
    }

    /// `DELETE`.
    pub fn delete(&self, path: impl AsRef<str>) -> Call {
        self.call(Method::DELETE, path, Body::None)
    }

    /// Any method, with a JSON body unless it is `GET` or `DELETE`.
    pub fn send(&self, method: &str, path: impl AsRef<str>, body: Value) -> Call {
        let has_body = !matches!(method, "GET" | "DELETE" | "HEAD");
        let body = if has_body { Body::Json(body) } else { Body::None };
        self.call(method.parse().expect("a method"), path, body)
    }

    /// `POST` of bytes that claim to be `kind`.
    pub fn post_raw(&self, path: impl AsRef<str>, kind: &str, bytes: impl Into<Vec<u8>>) -> Call {
        self.send_raw("POST", path, kind, bytes)
    }

    /// Any method, with bytes that claim to be `kind`.
    pub fn send_raw(
        &self,
        method: &str,
        path: impl AsRef<str>,
        kind: &str,
        bytes: impl Into<Vec<u8>>,
    ) -> Call {
        let body = Body::Raw { kind: kind.to_owned(), bytes: bytes.into() };
        self.call(method.parse().expect("a method"), path, body)
    }

    fn call(&self, method: Method, path: impl AsRef<str>, body: Body) -> Call {
        let path = path.as_ref().to_owned();
        let mut call = Call { client: self.clone(), method, path, body, headers: Vec::new() };
        call.set("x-vestibule", "1");
        call.set("x-forwarded-for", &self.network);
        if let Some(tenant) = &self.tenant {
            call.set("x-vestibule-tenant", tenant);
        }
        call
    }

    fn cookies(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE).iter().filter_map(|header| header.to_str().ok()) {
            let pair = header.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else { continue };
            if header.contains("Max-Age=0") {
                self.cookies().remove(name);
            } else {
                self.cookies().insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Call {
    /// With a header, in place of one of that name.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Without a header.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(found, _)| found != name);
        self
    }

    /// With this `Idempotency-Key`.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// If the thing is still at `version`.
    pub fn if_match(self, version: u64) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(found, _)| found != name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    async fn sent(self) -> Reply {
        let Self { client, method, path, body, headers } = self;
        let mut request = client.http.request(method, format!("{}{path}", client.base_url));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let cookies: Vec<String> =
            client.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        request = match body {
            Body::None => request,
            Body::Json(json) => request.json(&json),
            Body::Raw { kind, bytes } => request.header("content-type", kind).body(bytes),
        };
        let answer = request.send().await.expect("the server answers");
        client.keep(answer.headers());
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await.expect("the answer is text");
        let body = serde_json::from_str(&text).unwrap_or_default();
        Reply { status, headers, text, body }
    }
}

impl IntoFuture for Call {
    type Output = Reply;
    type IntoFuture = Pin<Box<dyn Future<Output = Reply> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.sent())
    }
}

impl Reply {
    /// The body of an answer that must have `status`.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }

    /// The problem's slug, of an answer that must be a problem with `status`.
    #[track_caller]
    pub fn problem(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{}", self.text);
        let kind = self.headers.get("content-type").and_then(|kind| kind.to_str().ok());
        assert_eq!(kind, Some("application/problem+json"), "{}", self.text);
        assert_eq!(self.body["status"], status);
        let kind = self.body["type"].as_str().expect("a problem has a type");
        kind.rsplit('/').next().unwrap_or_default()
    }

    /// The pointers of what is to be mended.
    #[must_use]
    pub fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array();
        errors.into_iter().flatten().filter_map(|mistake| mistake["pointer"].as_str()).collect()
    }

    /// A header's text; empty if it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The version that the `ETag` names.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.header("etag").trim_matches('"').parse().expect("an ETag with a version")
    }

    /// The problem for people to compare: without the request's own id.
    #[must_use]
    pub fn shown(&self) -> Value {
        let mut body = self.body.clone();
        if let Some(body) = body.as_object_mut() {
            body.remove("instance");
        }
        serde_json::json!({ "status": self.status, "body": body })
    }
}

/// The id in `body`.
#[must_use]
#[track_caller]
pub fn id_of(body: &Value) -> String {
    body["id"].as_str().unwrap_or_else(|| panic!("no id in {body}")).to_owned()
}
