//! What a call to AWS asks for, in the words of IAM.
//!
//! A call can take several permissions: a transaction takes one for each of its steps ("`DynamoDB`
//! API permissions" and "Actions, resources, and condition keys for Amazon S3", Service
//! Authorization Reference). Keys are told as patterns, with `{ulid}` for an id.

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::{Map, Value};
use ulid::Ulid;

/// One permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Such as `dynamodb:GetItem`, or `dynamodb:Query/inverse` on an index.
    pub(crate) action: String,
    /// The leading key or the object, as a pattern.
    pub(crate) on: String,
}

impl Asked {
    fn new(action: &str, on: &str) -> Self {
        Self { action: action.to_owned(), on: on.to_owned() }
    }
}

/// What `operation` of `service` asks for with `request`.
pub(crate) fn asked(service: &str, operation: &str, request: &HttpRequest) -> Vec<Asked> {
    match service {
        "DynamoDB" => of_table(operation, request),
        "S3" => of_bucket(operation, request),
        "SESv2" => vec![Asked::new(&format!("ses:{operation}"), "-")],
        _ => vec![Asked::new(&format!("{service}:{operation}"), "-")],
    }
}

fn of_table(operation: &str, request: &HttpRequest) -> Vec<Asked> {
    let body = request.body().bytes().unwrap_or_default();
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let one = |action: &str, keys: &Value| {
        let key = keys["PK"]["S"].as_str().map_or_else(|| "*".to_owned(), leading_key);
        Asked::new(&format!("dynamodb:{action}"), &key)
    };
    match operation {
        "PutItem" => vec![one(operation, &body["Item"])],
        "Query" => vec![query(&body)],
        "TransactGetItems" | "TransactWriteItems" => {
            let steps = list(&body["TransactItems"]).filter_map(Value::as_object);
            steps.flat_map(Map::iter).map(|(kind, step)| step_asks(kind, step, one)).collect()
        }
        "BatchGetItem" => {
            let tables = body["RequestItems"].as_object().into_iter().flat_map(Map::values);
            tables.flat_map(|table| list(&table["Keys"])).map(|keys| one(operation, keys)).collect()
        }
        _ => vec![one(operation, &body["Key"])],
    }
}

fn step_asks(kind: &str, step: &Value, one: impl Fn(&str, &Value) -> Asked) -> Asked {
    match kind {
        "Get" => one("GetItem", &step["Key"]),
        "Put" => one("PutItem", &step["Item"]),
        "Update" => one("UpdateItem", &step["Key"]),
        "Delete" => one("DeleteItem", &step["Key"]),
        _ => one("ConditionCheckItem", &step["Key"]),
    }
}

/// A query names its partition as `:p`.
fn query(body: &Value) -> Asked {
    let key = body["ExpressionAttributeValues"][":p"]["S"].as_str().unwrap_or("*");
    let action = match body["IndexName"].as_str() {
        Some(index) => format!("dynamodb:Query/{index}"),
        None => "dynamodb:Query".to_owned(),
    };
    Asked { action, on: leading_key(key) }
}

fn of_bucket(operation: &str, request: &HttpRequest) -> Vec<Asked> {
    // Path style: `http://host/bucket/key?…`.
    let uri = request.uri().split('?').next().unwrap_or_default();
    let key = object(uri.splitn(5, '/').nth(4).unwrap_or_default());
    match operation {
        "HeadObject" => vec![Asked::new("s3:GetObject", &key)],
        "CopyObject" => {
            let source = request.headers().get("x-amz-copy-source").unwrap_or_default();
            let source = source.trim_start_matches('/').split_once('/').map_or("", |(_, key)| key);
            vec![Asked::new("s3:GetObject", &object(source)), Asked::new("s3:PutObject", &key)]
        }
        "ListObjectsV2" => vec![Asked::new("s3:ListBucket", "-")],
        "DeleteObjects" => {
            let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default());
            let keys = body.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
            keys.map(|key| Asked::new("s3:DeleteObject", &object(key))).collect()
        }
        _ => vec![Asked::new(&format!("s3:{operation}"), &key)],
    }
}

/// `{ulid}#con#*` for `01J…#con#01J…`: whose it is and of which kind.
fn leading_key(key: &str) -> String {
    let mut words: Vec<&str> = key.splitn(3, '#').collect();
    if is_ulid(words[0]) {
        words[0] = "{ulid}";
    } else {
        words.truncate(1);
        return format!("{}#*", words[0]);
    }
    if let Some(id) = words.get_mut(2) {
        *id = "*";
    }
    words.join("#")
}

/// `pages/{ulid}/{ulid}/*` for `pages/01J…/01J…/1-800`.
fn object(key: &str) -> String {
    let key = key.replace("%2F", "/");
    let word = |word: &str| {
        let is_folder = word.bytes().all(|byte| byte.is_ascii_lowercase());
        if is_ulid(word) {
            "{ulid}".to_owned()
        } else if is_folder {
            word.to_owned()
        } else {
            "*".to_owned()
        }
    };
    key.split('/').map(word).collect::<Vec<_>>().join("/")
}

fn is_ulid(word: &str) -> bool {
    word.len() == 26 && Ulid::from_string(word).is_ok()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::body::SdkBody;
    use serde_json::json;

    use super::*;

    const ID: &str = "01JDPZQ4K2V9S6M3W8N5XB7RTA";

    fn request(uri: &str, body: &str) -> HttpRequest {
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_uri(uri.to_owned()).unwrap();
        request
    }

    fn told(service: &str, operation: &str, uri: &str, body: &str) -> Vec<String> {
        let all = asked(service, operation, &request(uri, body));
        all.into_iter().map(|Asked { action, on }| format!("{action} {on}")).collect()
    }

    #[test]
    fn a_transaction_asks_for_each_of_its_steps() {
        let key = |pk: &str| json!({ "PK": { "S": pk }, "SK": { "S": "-" } });
        let body = json!({ "TransactItems": [
            { "Put": { "Item": key(&format!("{ID}#con#{ID}")) } },
            { "Update": { "Key": key(&format!("{ID}#mem")) } },
            { "Delete": { "Key": key("ses#abc") } },
            { "ConditionCheck": { "Key": key(ID) } },
        ] });
        let told = told("DynamoDB", "TransactWriteItems", "http://x/", &body.to_string());
        assert_eq!(
            told,
            [
                "dynamodb:PutItem {ulid}#con#*",
                "dynamodb:UpdateItem {ulid}#mem",
                "dynamodb:DeleteItem ses#*",
                "dynamodb:ConditionCheckItem {ulid}",
            ]
        );
    }

    #[test]
    fn a_query_asks_for_its_index() {
        let body = json!({
            "IndexName": "due",
            "ExpressionAttributeValues": { ":p": { "S": "due#3" } },
        });
        let told = told("DynamoDB", "Query", "http://x/", &body.to_string());
        assert_eq!(told, ["dynamodb:Query/due due#*"]);
    }

    #[test]
    fn objects_are_told_by_their_folders() {
        let uri = format!("http://x/bucket/pages/{ID}/{ID}/2-1600?x-id=GetObject");
        assert_eq!(told("S3", "GetObject", &uri, ""), ["s3:GetObject pages/{ulid}/{ulid}/*"]);
        let uri = format!("http://x/bucket/{ID}/{ID}");
        assert_eq!(told("S3", "HeadObject", &uri, ""), ["s3:GetObject {ulid}/{ulid}"]);
        let body = format!("<Delete><Object><Key>quarantine/{ID}/{ID}</Key></Object></Delete>");
        let told = told("S3", "DeleteObjects", "http://x/bucket?delete", &body);
        assert_eq!(told, ["s3:DeleteObject quarantine/{ulid}/{ulid}"]);
    }
}
