//! What is wrong with a request is said, and where; nothing is kept of it, and nothing breaks.

use domain::contact::ReviewStatus;
use serde_json::{Value, json};
use tests::client::{Client, Reply};
use tests::world::World;

/// Ids of the right form that name nothing.
const ULID: &str = "01J9ZC0ZJ8Q4W3T9V5N6M7K8P9";

/// A contact as it should be, with one field as it should not.
fn contact_with(field: &str, value: Value) -> Value {
    let mut contact = json!({ "first_name": "Ada", "last_name": "Lovelace" });
    contact[field] = value;
    contact
}

/// What every problem must be: named, told in words, with the request's id; and no fault of ours.
fn is_told(reply: &Reply) {
    assert!((400..500).contains(&reply.status), "{} {}", reply.status, reply.text);
    let problem = &reply.body;
    assert!(problem["type"].as_str().unwrap().starts_with("https://vestibule.dev/problems/"));
    assert_eq!(problem["status"], reply.status);
    for field in ["title", "detail", "instance"] {
        assert!(!problem[field].as_str().unwrap().is_empty(), "{}", reply.text);
    }
}

async fn no_contacts(admin: &Client) {
    let list = admin.get("/v1/contacts").await.expect(200);
    assert_eq!(list["items"], json!([]));
}

#[tokio::test]
async fn a_bad_field_is_named_and_nothing_is_made() {
    let world = World::start().await;
    let admin = world.admin().await;
    let cases = [
        ("nickname", json!("Ada"), "/nickname"),
        ("first_name", json!(7), "/first_name"),
        ("first_name", json!(null), "/first_name"),
        ("first_name", json!(""), "/first_name"),
        ("first_name", json!("a".repeat(101)), "/first_name"),
        ("first_name", json!("é".repeat(500)), "/first_name"),
        ("first_name", json!("Ada\u{0}"), "/first_name"),
        ("first_name", json!("Ada\nBcc: eve@example.com"), "/first_name"),
        ("last_name", json!("Love\u{202e}lace"), "/last_name"),
        ("email", json!("ada"), "/email"),
        ("email", json!("ada@example.com\r\nBcc: eve@example.com"), "/email"),
        ("email", json!("ada@example.com, eve@example.com"), "/email"),
        ("email", json!(format!("{}@example.com", "a".repeat(300))), "/email"),
        ("account_id", json!(format!("con_{ULID}")), "/account_id"),
        ("account_id", json!(format!("acc_{}", ULID.to_lowercase())), "/account_id"),
        ("account_id", json!(format!("acc_{ULID}")), "/account_id"),
        ("status", json!("approved!"), "/status"),
    ];
    for (field, value, pointer) in cases {
        let reply = admin.post("/v1/contacts", contact_with(field, value.clone())).await;
        is_told(&reply);
        assert_eq!(reply.problem(400), "bad-input", "{field}: {value}");
        assert_eq!(reply.pointers(), [pointer], "{field}: {value}: {}", reply.text);
    }
    no_contacts(&admin).await;
}

#[tokio::test]
async fn a_body_that_is_no_object_of_json_is_refused_whole() {
    let world = World::start().await;
    let admin = world.admin().await;
    let send = async |kind: &str, bytes: &[u8]| {
        let reply = admin.post_raw("/v1/contacts", kind, bytes.to_vec()).await;
        is_told(&reply);
        reply
    };
    for text in ["{", "[]", "null", "7", "\"x\"", "{} {}", "{\"a\":1,}", "{\"first_name\":\"a\"}"] {
        assert_eq!(send("application/json", text.as_bytes()).await.problem(400), "bad-input");
    }
    assert_eq!(send("application/json", b"{\"first_name\":\"\xff\"}").await.status, 400);
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(send("application/json", nested.as_bytes()).await.problem(400), "bad-input");
    let twice = br#"{"first_name":"A","first_name":"B","last_name":"C"}"#;
    assert_eq!(send("application/json", twice).await.problem(400), "bad-input");
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        assert_eq!(send(kind, b"{}").await.problem(415), "not-json");
    }
    let long = contact_with("first_name", json!("a".repeat(300 * 1024)));
    let reply = admin.post("/v1/contacts", long).await;
    is_told(&reply);
    assert_eq!(reply.problem(413), "too-large");
    no_contacts(&admin).await;
}

#[tokio::test]
async fn a_save_over_another_is_refused_and_the_other_stays() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await;
    let path = format!("/v1/contacts/{}", contact.id);
    let named = |name: &str| json!({ "first_name": name });
    assert_eq!(admin.patch(&path, named("Eve")).await.problem(428), "if-match-missing");
    admin.patch(&path, named("Grace")).if_match(1).await.expect(200);
    assert_eq!(admin.patch(&path, named("Eve")).if_match(1).await.problem(412), "stale");
    assert_eq!(admin.patch(&path, named("Eve")).if_match(7).await.problem(412), "stale");
    for tag in ["*", "W/\"2\"", "2x", "\"-2\"", ""] {
        let reply = admin.patch(&path, named("Eve")).header("if-match", tag).await;
        is_told(&reply);
    }
    assert_eq!(admin.get(&path).await.expect(200)["first_name"], "Grace");
}

#[tokio::test]
async fn a_key_says_one_thing_and_says_it_again() {
    let world = World::start().await;
    let admin = world.admin().await;
    let first = admin.post("/v1/contacts", contact_with("job_title", json!("One"))).key("k").await;
    let again = admin.post("/v1/contacts", contact_with("job_title", json!("One"))).key("k").await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(
        (first.text, first.headers["etag"].clone()),
        (again.text, again.headers["etag"].clone())
    );
    let other = admin.post("/v1/contacts", contact_with("job_title", json!("Two"))).key("k").await;
    is_told(&other);
    assert_eq!(other.problem(422), "idempotency-key-reused");
    for key in ["", " ", "a b", &"k".repeat(65), "schlüssel"] {
        let reply =
            admin.post("/v1/contacts", contact_with("job_title", json!("Two"))).key(key).await;
        is_told(&reply);
        assert_eq!(reply.problem(400), "bad-input", "`{key}`");
        assert_eq!(reply.pointers(), ["Idempotency-Key"]);
    }
    // Another member's key is another key.
    let other = world.member(domain::member::Role::Administrator).await;
    let theirs = contact_with("job_title", json!("Two"));
    other.post("/v1/contacts", theirs).key("k").await.expect(201);
    let list = admin.get("/v1/contacts").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_path_that_is_none_and_a_method_that_is_none_are_problems_too() {
    let world = World::start().await;
    let admin = world.admin().await;
    for path in [
        "/v1/nothing".to_owned(),
        "/v1/contacts/".to_owned(),
        "/v1/contacts/7".to_owned(),
        format!("/v1/contacts/doc_{ULID}"),
        format!("/v1/contacts/con_{ULID}"),
        format!("/v1/contacts/con_{ULID}%00"),
        "/v1/contacts/..%2f..%2ftenant".to_owned(),
        "/v1/contacts/%ff".to_owned(),
    ] {
        let reply = admin.get(&path).await;
        is_told(&reply);
        assert_eq!(reply.problem(404), "not-found", "{path}");
    }
    let reply = admin.put("/v1/contacts", json!({})).await;
    is_told(&reply);
    assert_eq!(reply.problem(405), "method-not-allowed");
}

#[tokio::test]
async fn a_call_from_another_site_is_refused() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = || admin.post("/v1/contacts", contact_with("job_title", json!("One")));
    assert_eq!(contact().header("origin", "https://evil.example").await.problem(403), "cross-site");
    assert_eq!(contact().header("origin", "null").await.problem(403), "cross-site");
    assert_eq!(contact().without("x-vestibule").await.problem(403), "cross-site");
    assert_eq!(contact().header("x-vestibule", "0").await.problem(403), "cross-site");
    no_contacts(&admin).await;
    contact().header("origin", &world.base_url).await.expect(201);
}

#[tokio::test]
async fn a_flood_is_stopped_and_others_go_on() {
    let world = World::start().await;
    let flooder = world.visitor();
    let path = format!("/v1/trust/acme/files/fil_{ULID}/download");
    let post = async |client: &Client| client.post(&path, json!({})).await;
    // Sixty fit a minute; a flood that runs into the next has that one's sixty besides.
    let mut heard = 0;
    while heard <= 120 && post(&flooder).await.status == 404 {
        heard += 1;
    }
    assert!((60..=120).contains(&heard), "{heard}");
    let refused = post(&flooder).await;
    is_told(&refused);
    assert_eq!(refused.problem(429), "too-many-requests");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(post(&world.visitor()).await.problem(404), "not-found");
    // Signed-in people on the flooder's network are not visitors.
    let staff = world.admin().await;
    staff.from_network("198.18.0.0").get("/v1/contacts").await.expect(200);
    world.advance(jiff::SignedDuration::from_mins(1));
    assert_eq!(post(&flooder).await.problem(404), "not-found");
}
