//! `/v1/docs`: every example on the page is understood by the route it is for.

use app::serving::route::Method;
use domain::contact::ReviewStatus;
use functions::routes::{ROUTES, openapi};
use local::docs::example::Examples;
use serde_json::{Value, json};
use tests::world::World;

#[tokio::test]
async fn the_page_is_served_as_strictly_as_every_other() {
    let world = World::start().await;
    let page = world.visitor().get("/v1/docs").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    assert!(!page.text.contains("style=") && !page.text.contains("<script>"));
    for asset in ["/assets/docs.css", "/assets/docs.js", "/assets/vestibule.css"] {
        assert!(page.text.contains(asset), "{asset}");
        assert_eq!(world.visitor().get(asset).await.status, 200, "{asset}");
    }
}

/// Nothing of the story exists, so that the best answer is that it is not there; but no route may
/// find a mistake in the request itself.
#[tokio::test]
async fn every_example_request_is_understood_by_its_route() {
    let world = World::start().await;
    let contact = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await;
    let (api, mut misunderstood) = (openapi(), Vec::new());
    let examples = Examples(&api);
    for route in ROUTES {
        let method = route.method.as_str();
        let path = route.path.replace('/', "~1");
        let pointer = format!("/paths/{path}/{}", method.to_lowercase());
        let operation = api.pointer(&pointer).expect("every route is described");
        let content = operation.pointer("/requestBody/content");
        if content.is_some_and(|content| content.get("application/json").is_none()) {
            // A picture, which no example can show.
            continue;
        }
        let client = match operation["security"][0].as_object().and_then(|it| it.keys().next()) {
            Some(scheme) if scheme == "portal" => world.portal_of(&world.acme, &contact).await,
            Some(_) => world.admin().await,
            None => world.visitor(),
        };
        let body = examples.body(operation).unwrap_or(Value::Null);
        let body = if body.is_null() { json!({}) } else { body };
        let mut call = client.send(method, examples.target(route.path, operation), body.clone());
        if route.method != Method::Get {
            call = call.key(route.name);
        }
        let wants_version = |it: &Value| it["name"] == "If-Match";
        if operation["parameters"].as_array().is_some_and(|all| all.iter().any(wants_version)) {
            call = call.if_match(3);
        }
        let reply = call.await;
        let refused = [400, 405, 413, 415, 422, 428].contains(&reply.status);
        if 500 <= reply.status || (refused && !is_about_ids(&body, &reply.body["errors"])) {
            misunderstood.push((route.name, reply.text));
        }
    }
    assert!(
        misunderstood.is_empty(),
        "give the body `#[schemars(example = …)]`: {misunderstood:#?}"
    );
}

/// Whether all that is wrong is that things of the story do not exist, nor its password.
fn is_about_ids(body: &Value, errors: &Value) -> bool {
    let errors = errors.as_array().map(Vec::as_slice).unwrap_or_default();
    let is_id = |error: &Value| {
        let there = error["pointer"].as_str().and_then(|pointer| body.pointer(pointer));
        let is_id = there.and_then(Value::as_str).is_some_and(|text| text.contains("_01J9ZC"));
        is_id || error["detail"] == "this is not your password"
    };
    !errors.is_empty() && errors.iter().all(is_id)
}
