//! Arguments of handlers. Each tells exactly what is wrong with what was sent, and where.

use std::collections::HashSet;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use domain::picture::Format;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use crate::exchange::problem::{Kind, Mistake, Problem};

/// A JSON body.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

/// A picture as the whole body, in the format that its `Content-Type` names.
#[derive(Clone, Debug)]
pub struct Image {
    /// What it says it is.
    pub format: Format,
    /// The bytes, not looked at yet.
    pub bytes: Bytes,
}

/// A body without fields, for actions that need none.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Query parameters.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

/// One id, or several as a tuple, from the path. A malformed one is absent like an unknown one.
#[derive(Clone, Debug)]
pub struct Path<T>(pub T);

/// The version that the caller read, from `If-Match`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub u64);

/// A body field that may be absent, null or set: `None`, `Some(None)`, `Some(Some(_))`.
///
/// # Errors
/// As the field's own type.
pub fn maybe<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| Problem::new(Kind::TooLarge, "The body could not be read whole."))?;
        // An action without fields may be sent without a body.
        let text: &[u8] = if body.is_empty() { b"{}" } else { &body };
        let mut json = serde_json::Deserializer::from_slice(text);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let place = pointer(error.path());
            let detail = error.into_inner().to_string();
            // The path of an unknown field ends with it, that of a missing one with its parent.
            let pointer = match named_field(&detail).map(|field| format!("/{field}")) {
                Some(field) if !place.ends_with(&field) => format!("{place}{field}"),
                Some(_) | None => place,
            };
            Problem::bad_input(pointer, without_place(&detail))
        })?;
        json.end().map_err(|error| Problem::bad_input("", without_place(&error.to_string())))?;
        Ok(Self(value))
    }
}

impl<S: Send + Sync> FromRequest<S> for Image {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let format = picture_format(request.headers()).ok_or_else(not_a_picture)?;
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| Problem::new(Kind::TooLarge, "The body could not be read whole."))?;
        Ok(Self { format, bytes })
    }
}

/// The format that a `Content-Type` names, if it is one of ours.
pub(crate) fn picture_format(headers: &HeaderMap) -> Option<Format> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let kind = kind.split(';').next().unwrap_or(kind).trim();
    Format::ALL.into_iter().find(|format| kind.eq_ignore_ascii_case(format.as_str()))
}

/// What is sent where a picture is expected.
pub(crate) fn not_a_picture() -> Problem {
    let names = Format::ALL.map(Format::as_str).join("`, `");
    Problem::new(Kind::NotPicture, format!("Send the picture as `Content-Type: {names}`."))
}

/// The field that serde names as unknown or missing, to point at it rather than at its parent.
fn named_field(message: &str) -> Option<String> {
    let rest = message
        .strip_prefix("unknown field `")
        .or_else(|| message.strip_prefix("missing field `"))?;
    let field = rest.split('`').next()?;
    Some(field.replace('~', "~0").replace('/', "~1"))
}

/// `serde_json` adds a line and column, which a pointer already says better.
fn without_place(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(said, _)| said).to_owned()
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
            .map_err(|error| Problem::bad_input("", error.to_string()))?;
        let mut seen = HashSet::new();
        if let Some((twice, _)) = pairs.iter().find(|(name, _)| !seen.insert(name.as_str())) {
            return Err(Problem::bad_input(twice.clone(), "give it once"));
        }
        let deserializer = serde_urlencoded::Deserializer::new(form_pairs(query));
        serde_path_to_error::deserialize(deserializer).map(Self).map_err(|error| {
            let place = error.path().to_string();
            let said = error.into_inner().to_string();
            let place = named_field(&said).unwrap_or(place);
            let pointer = if place == "." { String::new() } else { place };
            Problem {
                errors: vec![Mistake { pointer: pointer.clone(), detail: said.clone() }],
                ..Problem::new(Kind::BadInput, format!("query parameter `{pointer}`: {said}"))
            }
        })
    }
}

fn form_pairs(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found())?;
        let values: Vec<serde_json::Value> =
            params.iter().map(|(_, value)| serde_json::Value::from(value)).collect();
        let whole = match <[serde_json::Value; 1]>::try_from(values) {
            Ok([one]) => one,
            Err(several) => serde_json::Value::Array(several),
        };
        serde_json::from_value(whole).map(Self).map_err(|_| Problem::not_found())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let missing = || {
            Problem::new(
                Kind::IfMatchMissing,
                "Send the `ETag` you read as `If-Match`, so that nobody's change is lost.",
            )
        };
        let tag = parts.headers.get(IF_MATCH).ok_or_else(missing)?;
        tag.to_str()
            .ok()
            .and_then(|tag| tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok())
            .map(Self)
            .ok_or_else(|| Problem::bad_input("If-Match", "expected an `ETag` such as `\"3\"`"))
    }
}

impl IfMatch {
    /// Refuses unless the thing is still at the version that the caller read.
    ///
    /// # Errors
    /// [`Kind::Stale`].
    pub fn require(self, version: u64) -> Result<(), Problem> {
        if self.0 == version {
            Ok(())
        } else {
            Err(Problem::new(
                Kind::Stale,
                format!("It is at version {version} now. Read it again, then save again."),
            ))
        }
    }
}

#[cfg(test)]
mod tests;
