//! What an answer must be, whatever was sent.

use app::exchange::problem::{Kind, TYPE_BASE};
use app::serving::route::Route;
use serde_json::Value;
use tests::client::Reply;

use super::written::{Sent, operation};

/// Whether the answer is one, or a problem as it should be; else what is wrong with it.
pub(super) fn is_told(
    api: &Value,
    route: &Route,
    sent: &Sent,
    reply: &Reply,
) -> Result<(), String> {
    match reply.status {
        200..=299 => Ok(()),
        400..=499 => is_problem(api, route, sent, reply),
        _ => Err("neither an answer nor a problem of the caller's".to_owned()),
    }
}

fn is_problem(api: &Value, route: &Route, sent: &Sent, reply: &Reply) -> Result<(), String> {
    let problem = &reply.body;
    let text = |field: &str| problem[field].as_str().unwrap_or_default();
    let all = |wrong: &str, is_so: bool| if is_so { Ok(()) } else { Err(wrong.to_owned()) };
    all("no problem+json", reply.header("content-type") == "application/problem+json")?;
    let slug = text("type").strip_prefix(TYPE_BASE).unwrap_or_default();
    let kind = Kind::ALL.iter().find(|kind| kind.row().1 == slug).ok_or("no known type")?;
    let (status, _, title) = kind.row();
    all("a status that is not the kind's", status == reply.status)?;
    all("a status in the body that is not the answer's", problem["status"] == status)?;
    all("a title that is not the kind's", text("title") == title)?;
    all("no detail", !text("detail").is_empty())?;
    all("no instance", text("instance").starts_with("urn:ulid:"))?;
    let known = ["type", "title", "status", "detail", "instance", "errors"];
    let fields = problem.as_object().ok_or("no object")?;
    all("an unknown field", fields.keys().all(|field| known.contains(&field.as_str())))?;
    let none = Vec::new();
    for mistake in problem["errors"].as_array().unwrap_or(&none) {
        all("a mistake without a detail", mistake["detail"].as_str() != Some(""))?;
        let pointer = mistake["pointer"].as_str().ok_or("a mistake without a pointer")?;
        points(api, route, sent, pointer)?;
    }
    Ok(())
}

/// Whether a pointer points at something that was sent, or that is missing from it.
fn points(api: &Value, route: &Route, sent: &Sent, pointer: &str) -> Result<(), String> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        let declared = operation(api, route)["parameters"].as_array().cloned().unwrap_or_default();
        let mut names = declared.iter().filter_map(|parameter| parameter["name"].as_str());
        let is_known = names.any(|name| name == pointer)
            || sent.names.iter().any(|name| name == pointer)
            || ["Idempotency-Key", "X-Vestibule-Tenant"].contains(&pointer);
        return if is_known { Ok(()) } else { Err(format!("`{pointer}` was not sent")) };
    }
    // A body that is no JSON has no places; one that is absent is an empty object.
    let text = sent.body.as_deref().filter(|body| !body.is_empty()).unwrap_or(b"{}");
    let Ok(body) = serde_json::from_slice::<Value>(text) else { return Ok(()) };
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    let is_there = body.pointer(pointer).is_some();
    let is_missing = body.pointer(parent).is_some_and(Value::is_object);
    if is_there || is_missing { Ok(()) } else { Err(format!("`{pointer}` points at nothing sent")) }
}

#[test]
fn what_is_not_as_it_should_be_is_found() {
    let api = functions::routes::openapi();
    let route = functions::routes::ROUTES.iter().find(|route| route.name == "contacts.create");
    let route = route.expect("a route of that name");
    let sent = Sent::json(serde_json::json!({ "email": "a", "names": [1] }));
    let told = |status: u16, body: &Value| {
        let kind = http::HeaderValue::from_static("application/problem+json");
        let headers = http::HeaderMap::from_iter([(http::header::CONTENT_TYPE, kind)]);
        let reply = Reply { status, headers, text: body.to_string(), body: body.clone() };
        is_told(&api, route, &sent, &reply)
    };
    let problem = |pointer: &str| {
        serde_json::json!({
            "type": format!("{TYPE_BASE}bad-input"),
            "title": "The request has a mistake",
            "status": 400,
            "detail": "x",
            "instance": "urn:ulid:x",
            "errors": [{ "pointer": pointer, "detail": "x" }],
        })
    };
    for pointer in ["", "/email", "/names/0", "/absent", "If-Match", "Idempotency-Key"] {
        let is_known = pointer != "If-Match";
        assert_eq!(told(400, &problem(pointer)).is_ok(), is_known, "{pointer}");
    }
    for pointer in ["/email/0", "/names/1", "/absent/0", "limit"] {
        assert!(told(400, &problem(pointer)).is_err(), "{pointer}");
    }
    assert!(told(500, &problem("")).is_err() && told(404, &problem("")).is_err());
    for field in ["type", "title", "status", "detail", "instance"] {
        let mut broken = problem("");
        broken[field] = Value::Null;
        assert!(told(400, &broken).is_err(), "{field}");
    }
}
