//! Events in the shapes that AWS documents.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What calls the API.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// Such as `GET`.
    pub method: &'a str,
    /// Such as `/v1/health`.
    pub path: &'a str,
    /// What follows `?`.
    pub query: &'a str,
    /// By name, in lower case.
    pub headers: BTreeMap<String, String>,
    /// Pairs as `name=value`.
    pub cookies: Vec<String>,
    /// If there is one.
    pub body: Option<String>,
}

/// Payload format 2.0 of an HTTP API ("Create AWS Lambda proxy integrations for HTTP APIs in API
/// Gateway"), on the `$default` stage.
#[must_use]
pub fn api_gateway(request: &Request<'_>) -> Value {
    let Request { method, path, query, headers, cookies, body } = request;
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "r3pmxmplak",
            "domainName": "trust.acme.example",
            "domainPrefix": "trust",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "198.51.100.1",
                "userAgent": "Mozilla/5.0",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "$default",
            "stage": "$default",
            "time": "22/Nov/2026:06:00:00 +0000",
            "timeEpoch": 1_795_327_200_000_u64,
        },
        "isBase64Encoded": false,
    });
    // Absent where there is none, not empty.
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let pairs: BTreeMap<&str, &str> = pairs.collect();
    if !pairs.is_empty() {
        event["queryStringParameters"] = json!(pairs);
    }
    if let Some(body) = body {
        event["body"] = json!(body);
    }
    event
}

/// An event of a schedule ("Amazon `EventBridge` scheduled events").
#[must_use]
pub fn schedule() -> Value {
    json!({
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-11-22T06:00:00Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:events:eu-central-1:123456789012:rule/vestibule-minute"],
        "detail": {},
    })
}

/// One record of a table's stream ("Using AWS Lambda with Amazon DynamoDB"), told only which item
/// changed: the stream rings, and the worker reads the table.
#[must_use]
pub fn stream_record(number: usize, keys: &Value, kind: &str) -> Value {
    json!({
        "eventID": format!("{number:032x}"),
        "eventName": kind,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-central-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_795_327_200,
            "Keys": keys,
            "SequenceNumber": format!("{:021}", 100_000_000_000_000_000_000_u128 + number as u128),
            "SizeBytes": 26,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": "arn:aws:dynamodb:eu-central-1:123456789012:table/vestibule/stream/2026",
    })
}
