//! `/v1/tenant` and `/v1/nda-versions`.

use domain::member::Role;
use serde_json::{Value, json};
use tests::seed::sha256;
use tests::world::World;

const ABSENT: Option<domain::id::TenantId> = None;

#[tokio::test]
async fn settings_are_read_by_all_and_changed_by_administrators() {
    let world = World::start().await;
    let (admin, manager) = (world.admin().await, world.member(Role::AccountManager).await);
    let before = admin.get("/v1/tenant").await;
    assert_eq!((before.version(), &before.body["zone"]), (1, &json!("UTC")));
    assert_eq!(manager.get("/v1/tenant").await.expect(200), before.body);
    let blue = json!({ "accent": "#0000FF" });
    assert_eq!(manager.patch("/v1/tenant", blue).if_match(1).await.problem(403), "forbidden");

    let input = json!({
        "name": "Acme Holding AG",
        "accent": "#0000FF",
        "contact_email": "Help@acme.example",
        "portal_type": "trust_center",
        "first_click": "never",
        "device_days": 30,
        "zone": "europe/zurich",
        "retention_days": 365,
    });
    let saved = admin.patch("/v1/tenant", input).if_match(1).await;
    assert_eq!(saved.version(), 2);
    let saved = saved.expect(200);
    assert_eq!((&saved["accent"], &saved["zone"]), (&json!("#0000ff"), &json!("Europe/Zurich")));
    assert_eq!(admin.get("/v1/tenant").await.expect(200), saved);
    let cleared = admin.patch("/v1/tenant", json!({ "contact_email": null })).if_match(2).await;
    assert_eq!(cleared.expect(200)["contact_email"], Value::Null);

    let trail = admin.get(format!("/v1/activity?object={}", world.acme.id())).await.expect(200);
    let changed = json!({ "contact_email": ["help@acme.example", null] });
    assert_eq!((&trail["items"][0]["detail"], &trail["items"][0]["seq"]), (&changed, &json!(3)));
    assert_eq!(trail["items"][1]["detail"]["device_days"], json!([90, 30]));
}

#[tokio::test]
async fn a_slug_is_taken_by_one_company_and_the_one_before_is_free_at_once() {
    let world = World::start().await;
    let globex = world.company("globex").await;
    let (acme, other) = (world.admin().await, world.admin_of(&globex).await);
    let slug = |slug: &str| json!({ "slug": slug });
    let taken = acme.patch("/v1/tenant", slug("globex")).if_match(1).await;
    assert_eq!((taken.problem(409), taken.pointers()), ("slug-taken", vec!["/slug"]));
    acme.patch("/v1/tenant", slug("acme-group")).if_match(1).await.expect(200);
    other.patch("/v1/tenant", slug("acme")).if_match(1).await.expect(200);

    let at = async |slug: &str| world.house.table.tenant_at(&slug.parse().unwrap()).await.unwrap();
    assert_eq!(at("acme-group").await, Some(world.acme.id()));
    assert_eq!((at("acme").await, at("globex").await), (Some(globex.id()), ABSENT));
}

#[tokio::test]
async fn settings_out_of_bounds_are_refused_where_they_stand() {
    let world = World::start().await;
    let admin = world.admin().await;
    for (input, pointer) in [
        (json!({ "device_days": 0 }), "/device_days"),
        (json!({ "device_days": 91 }), "/device_days"),
        (json!({ "retention_days": 29 }), "/retention_days"),
        (json!({ "slug": "Acme" }), "/slug"),
        (json!({ "accent": "red" }), "/accent"),
        (json!({ "zone": "Mars/Olympus" }), "/zone"),
        (json!({ "quota_bytes": 1 }), "/quota_bytes"),
    ] {
        let reply = admin.patch("/v1/tenant", input).if_match(1).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![pointer]));
    }
    assert_eq!(admin.patch("/v1/tenant", json!({})).await.problem(428), "if-match-missing");
    assert_eq!(admin.patch("/v1/tenant", json!({})).if_match(7).await.problem(412), "stale");
    assert_eq!(admin.get("/v1/tenant").await.version(), 1);
}

#[tokio::test]
async fn a_published_agreement_is_in_force_and_never_changes() {
    let world = World::start().await;
    let (admin, member) = (world.admin().await, world.member(Role::Member).await);
    let text = |text: &str| json!({ "title": "NDA", "text": text });
    let refused = member.post("/v1/nda-versions", text("Keep it.")).await;
    assert_eq!(refused.problem(403), "forbidden");
    let first = admin.post("/v1/nda-versions", text("Keep it.")).key("k").await.expect(201);
    let again = admin.post("/v1/nda-versions", text("Keep it.")).key("k").await.expect(201);
    assert_eq!((&first, &first["version"]), (&again, &json!(1)));
    assert_eq!(first["sha256"], sha256(b"Keep it."));
    let second = admin.post("/v1/nda-versions", text("Keep it well.")).await.expect(201);
    assert_eq!(second["version"], 2);

    let listed = member.get("/v1/nda-versions").await.expect(200);
    assert_eq!(listed["items"], json!([second, first]));
    let newest = member.get("/v1/nda-versions?limit=1").await.expect(200);
    let next = newest["next"].as_str().unwrap();
    let rest = member.get(format!("/v1/nda-versions?limit=1&cursor={next}")).await.expect(200);
    assert_eq!((&rest["items"], &rest["next"]), (&json!([first]), &Value::Null));
    let tenant = admin.get("/v1/tenant").await;
    assert_eq!((tenant.version(), &tenant.body["nda_version"]), (3, &json!(2)));

    let trail = admin.get(format!("/v1/activity?object={}", world.acme.id())).await.expect(200);
    assert_eq!(trail["items"][0]["detail"]["nda"], json!([1, 2]));
    assert_eq!(trail["items"][0]["about"], second["id"]);
}

#[tokio::test]
async fn agreements_published_at_once_get_numbers_of_their_own() {
    let world = World::start().await;
    let admin = world.admin().await;
    let publish = |text: &str| {
        admin.post("/v1/nda-versions", json!({ "title": "NDA", "text": text })).into_future()
    };
    let (one, two) = tokio::join!(publish("One."), publish("Two."));
    let mut versions = [one.expect(201), two.expect(201)].map(|nda| nda["version"].as_u64());
    versions.sort_unstable();
    assert_eq!(versions, [Some(1), Some(2)]);
}
