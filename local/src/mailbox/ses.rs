//! The one SES call the product makes, `SendEmail` with simple content, in the JSON of the SES API v2.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use crate::mailbox::{Fault, Mail};

/// `SendEmailRequest`, as far as it is used; other fields are passed over.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Outbound {
    from_email_address: String,
    destination: Destination,
    content: Content,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    #[serde(default)]
    email_tags: Vec<Tag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    to_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Simple,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Data,
    body: Body,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    #[serde(default)]
    text: Data,
    #[serde(default)]
    html: Data,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Data {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    name: String,
    value: String,
}

impl Outbound {
    pub(crate) fn into_mail(self, id: String, sent_at: Timestamp) -> Mail {
        let simple = self.content.simple;
        Mail {
            id,
            from: self.from_email_address,
            to: self.destination.to_addresses,
            reply_to: self.reply_to_addresses,
            subject: simple.subject.data,
            text: simple.body.text.data,
            html: simple.body.html.data,
            tags: self.email_tags.into_iter().map(|tag| (tag.name, tag.value)).collect(),
            sent_at,
        }
    }
}

pub(crate) fn sent(id: &str) -> Response {
    Json(json!({ "MessageId": id })).into_response()
}

pub(crate) fn bad_request(reason: &str) -> Response {
    error(StatusCode::BAD_REQUEST, "BadRequestException", reason)
}

pub(crate) fn fault(fault: Fault) -> Response {
    match fault {
        Fault::Throttled | Fault::ThrottledAfterSending => {
            error(StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException", "slow down")
        }
        Fault::FailedBeforeSending | Fault::FailedAfterSending => {
            error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceErrorException", "try again")
        }
    }
}

fn error(status: StatusCode, name: &'static str, message: &str) -> Response {
    (status, [("x-amzn-errortype", name)], Json(json!({ "message": message }))).into_response()
}
