//! `/v1/trust`.

mod arrival;
mod requests;

use domain::document::{AccessLevel, Document};
use domain::tenant::{PortalType, Tenant};
use serde_json::{Value, json};
use store::activities::Home;
use tests::uploads::new_document;
use tests::world::World;

async fn page(world: &World) -> Value {
    world.visitor().get("/v1/trust/acme").await.expect(200)
}

fn file_of(document: &Document) -> String {
    document.published.as_ref().unwrap().id.to_string()
}

#[tokio::test]
async fn the_page_shows_published_documents_and_files_of_public_ones_only() {
    let world = World::start().await;
    let admin = world.admin().await;
    let open = world.document(&world.acme, "Certificate", AccessLevel::Public).await;
    let shut = world.document(&world.acme, "SOC 2", AccessLevel::Nda).await;
    let deleted = world.document(&world.acme, "Old", AccessLevel::Public).await;
    admin.delete(format!("/v1/documents/{}", deleted.id)).await.expect(204);
    new_document(&admin, "Draft").await;
    let globex = world.company("globex").await;
    world.document(&globex, "Theirs", AccessLevel::Public).await;

    let shown = page(&world).await;
    assert_eq!(shown["id"], world.acme.id().to_string());
    assert_eq!((&shown["name"], &shown["slug"]), (&json!("acme AG"), &json!("acme")));
    assert_eq!((&shown["accent"], &shown["nda_required"]), (&json!("#0b5d66"), &json!(false)));
    assert_eq!(shown.get("contact_email"), None);
    assert_eq!(
        shown["documents"],
        json!([
            { "id": shut.id, "title": "SOC 2", "category": "Security", "access_level": "nda" },
            {
                "id": open.id,
                "title": "Certificate",
                "category": "Security",
                "access_level": "public",
                "file": {
                    "id": file_of(&open),
                    "name": "Certificate.pdf",
                    "media_type": "application/pdf",
                    "size_bytes": open.published.as_ref().unwrap().size_bytes,
                },
            },
        ])
    );
}

#[tokio::test]
async fn a_company_without_a_trust_center_has_no_page() {
    let world = World::start().await;
    let open = world.document(&world.acme, "Certificate", AccessLevel::Public).await;
    let vaults =
        Tenant { version: 2, portal_type: PortalType::Vaults, ..world.acme.tenant.clone() };
    let mut change = world.store_of(&world.acme).change(world.house.dice.token());
    change.save_tenant(&vaults).unwrap();
    change.commit().await.unwrap();
    let visitor = world.visitor();
    let absent = visitor.get("/v1/trust/nobody").await.shown();
    assert_eq!(absent["status"], 404);
    for path in ["/v1/trust/acme", "/v1/trust/Acme", "/v1/trust/a", "/v1/trust/%2e%2e"] {
        assert_eq!(visitor.get(path).await.shown(), absent, "{path}");
    }
    let download = format!("/v1/trust/acme/files/{}/download", file_of(&open));
    assert_eq!(visitor.post(download, json!({})).await.shown(), absent);
    let ask = requests::maya(&[open.id.to_string()]);
    assert_eq!(visitor.post(requests::ASK, ask).await.shown(), absent);
}

#[tokio::test]
async fn anybody_downloads_a_public_document_and_it_is_recorded_first() {
    let world = World::start().await;
    let visitor = world.visitor();
    let open = world.document(&world.acme, "Certificate", AccessLevel::Public).await;
    let path = format!("/v1/trust/acme/files/{}/download", file_of(&open));
    let address = visitor.post(&path, json!({})).await.expect(200);
    assert!(address["expires_at"].is_string());
    let got = world.open_url(&address["url"]).await;
    assert_eq!(got.status(), 200);
    assert_eq!(got.bytes().await.unwrap(), tests::seed::pdf("Certificate"));
    visitor.post(&path, json!({})).await.expect(200);
    assert_eq!(visitor.post(&path, json!({ "page": 1 })).await.pointers(), ["/page"]);

    let store = world.store_of(&world.acme);
    let lines = store.activities_at(Home::Document(open.id), None, 10).await.unwrap();
    let told: Vec<_> = lines.iter().map(|line| (line.verb.as_str(), line.seq)).collect();
    assert_eq!(told, [("trust.download", 1), ("trust.download", 1)]);
    assert_ne!(lines[0].object, lines[1].object, "each view stands for itself");
    assert!(lines.iter().all(|line| line.about == Some(open.id.into())));
}

#[tokio::test]
async fn nothing_else_is_downloaded_from_the_trust_page() {
    let world = World::start().await;
    let (admin, visitor) = (world.admin().await, world.visitor());
    let globex = world.company("globex").await;
    let restricted = world.document(&world.acme, "SOC 2", AccessLevel::Restricted).await;
    let nda = world.document(&world.acme, "Test", AccessLevel::Nda).await;
    let theirs = world.document(&globex, "Theirs", AccessLevel::Public).await;
    let deleted = world.document(&world.acme, "Old", AccessLevel::Public).await;
    admin.delete(format!("/v1/documents/{}", deleted.id)).await.expect(204);
    let renewed = world.document(&world.acme, "Certificate", AccessLevel::Public).await;
    let before = file_of(&renewed);
    let bytes = tests::seed::pdf("newer");
    world.publish(&admin, &renewed.id.to_string(), &bytes).await;

    let download = async |file: &str| {
        let path = format!("/v1/trust/acme/files/{file}/download");
        visitor.post(path, json!({})).await.shown()
    };
    let absent = download("fil_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9").await;
    assert_eq!(absent["status"], 404);
    let files = [&restricted, &nda, &theirs, &deleted].map(file_of);
    for file in files.iter().chain([&before, &"fil_x".to_owned()]) {
        assert_eq!(download(file).await, absent, "{file}");
    }
    let store = world.store_of(&world.acme);
    let lines = store.activities_at(Home::Document(restricted.id), None, 10).await.unwrap();
    assert!(lines.is_empty(), "{lines:?}");
    let newest = page(&world).await["documents"][0]["file"]["id"].as_str().unwrap().to_owned();
    assert_ne!(newest, before);
    assert_eq!(download(&newest).await["status"], 200);
}
