//! Whom each kind of link opens to, before and after somebody proved an address.

use domain::contact::ReviewStatus;
use domain::link::Audience;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{EMAIL, Scene};

#[tokio::test]
async fn a_contact_without_an_address_takes_on_the_first_one_proved() {
    let scene = Scene::of(Audience::Contact, None).await;
    let (holder, maya) = (scene.world.visitor(), scene.world.visitor());
    let opened = scene.open(&holder, 'a').await.expect(200);
    assert_eq!((&opened["standing"], &opened["rights"]), (&json!("bearer"), &json!(["view"])));
    assert_eq!(scene.download(&holder).await.problem(409), "code-required");
    scene.read(&holder).await.expect(200);
    let proved = scene.prove(&maya, EMAIL).await.expect(200);
    assert_eq!(proved["contact"]["email"], EMAIL);
    assert_eq!(proved["contact"]["first_name"], "Ada", "nothing is overwritten");
    assert_eq!(scene.read(&holder).await.problem(409), "code-required", "open reading has ended");
    assert_eq!(scene.open(&holder, 'a').await.problem(409), "code-required");
    scene.read(&maya).await.expect(200);
    let thief = scene.world.visitor();
    scene.ask(&thief, "thief@else.example").await.expect(202);
    scene.world.tick().await;
    assert_eq!(scene.world.mails_to("thief@else.example").len(), 0);
}

#[tokio::test]
async fn a_link_without_details_becomes_whose_address_is_proved_first() {
    let scene = Scene::of(Audience::Undefined, None).await;
    let (tomasz, bearer) = (scene.world.visitor(), scene.world.visitor());
    scene.open(&bearer, 'a').await.expect(200);
    let proved = scene.prove(&tomasz, "tomasz@hooli.example").await.expect(200);
    let store = scene.world.store_of(&scene.world.acme);
    let id = store.contact_at(&"tomasz@hooli.example".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(proved["contact"]["id"], json!(id));
    let contact = store.contact(id).await.unwrap().unwrap();
    assert_eq!(contact.status, ReviewStatus::ToReview);
    assert!(contact.account_id.is_some() && contact.owner_id.is_none());
    let grant = store.grant(id, scene.document.id).await.unwrap().unwrap();
    assert!(grant.live(&contact, scene.world.now()).is_some());
    assert_eq!(scene.read(&bearer).await.problem(409), "code-required");
    let second = scene.world.visitor();
    scene.ask(&second, "other@hooli.example").await.expect(202);
    scene.world.tick().await;
    assert_eq!(scene.world.mails_to("other@hooli.example").len(), 0, "the link is somebody's");
    let seen = scene.admin.get(format!("/v1/links/{}", scene.link.id)).await.expect(200);
    assert_eq!(seen["contact"]["id"], json!(id));
}

#[tokio::test]
async fn a_known_address_is_bound_and_what_is_typed_overwrites_nothing() {
    let scene = Scene::of(Audience::Undefined, None).await;
    let known = scene.world.contact(&scene.world.acme, EMAIL, ReviewStatus::Approved).await;
    let browser = scene.world.visitor();
    let proved = scene.prove(&browser, EMAIL).await.expect(200);
    assert_eq!(proved["contact"]["id"], json!(known.id));
    assert_eq!(proved["contact"]["first_name"], "Ada");
}

#[tokio::test]
async fn a_public_link_goes_on_whoever_proves_themselves() {
    let scene = Scene::of(Audience::PublicSame, None).await;
    let bearer = scene.world.visitor();
    let opened = scene.open(&bearer, 'a').await.expect(200);
    assert_eq!(opened["standing"], "bearer");
    let (one, two) = (scene.world.visitor(), scene.world.visitor());
    let first = scene.prove(&one, "one@hooli.example").await.expect(200);
    let second = scene.prove(&two, "two@hooli.example").await.expect(200);
    assert_ne!(first["contact"]["id"], second["contact"]["id"]);
    for browser in [&bearer, &one, &two] {
        scene.read(browser).await.expect(200);
    }
    let store = scene.world.store_of(&scene.world.acme);
    let account = store.account_at(&"hooli.example".parse().unwrap()).await.unwrap();
    assert_eq!(account.unwrap().name.to_string(), "Hooli", "one account for both");

    let path = format!("/v1/contacts/{}/documents", first["contact"]["id"].as_str().unwrap());
    let remove = json!({ "remove": [{ "document_id": scene.document.id }] });
    scene.admin.patch(path, remove).await.expect(200);
    assert_eq!(scene.read(&one).await.problem(409), "code-required");
    scene.read(&two).await.expect(200);
    scene.read(&bearer).await.expect(200);
    scene.world.advance(SignedDuration::from_mins(2));
    let shut = scene.ask(&scene.world.visitor(), "one@hooli.example").await;
    shut.expect(202);
    let mails = scene.world.mails_to("one@hooli.example").len();
    scene.world.tick().await;
    assert_eq!(scene.world.mails_to("one@hooli.example").len(), mails, "closed to them");
    scene.staff("deactivate").await;
    for browser in [&bearer, &two] {
        assert_eq!(scene.read(browser).await.problem(403), "link-inactive");
    }
}

#[tokio::test]
async fn a_document_under_the_agreement_opens_to_nobody_who_only_holds_the_link() {
    let scene = Scene::of(Audience::PublicSame, None).await;
    let nda = json!({ "title": "NDA", "text": "Tell nobody." });
    scene.admin.post("/v1/nda-versions", nda).await.expect(201);
    let document = scene.admin.get(format!("/v1/documents/{}", scene.document.id)).await;
    let level = json!({ "access_level": "nda" });
    let path = format!("/v1/documents/{}", scene.document.id);
    scene.admin.patch(path, level).if_match(document.version()).await.expect(200);
    let bearer = scene.world.visitor();
    let opened = scene.open(&bearer, 'a').await.expect(200);
    assert_eq!(opened["rights"], json!([]));
    assert_eq!(scene.download(&bearer).await.problem(403), "nda-required");
}

#[tokio::test]
async fn deleting_the_contact_ends_their_link_for_good() {
    let scene = Scene::for_maya().await;
    let browser = scene.world.visitor();
    scene.open(&browser, 'a').await.expect(200);
    let path = format!("/v1/contacts/{}", scene.contact.as_ref().unwrap().id);
    let version = scene.admin.get(&path).await.version();
    scene.admin.delete(&path).if_match(version).await.expect(204);
    assert_eq!(scene.read(&browser).await.problem(404), "not-found");
    let seen = scene.admin.get(format!("/v1/links/{}", scene.link.id)).await.expect(200);
    assert_eq!((&seen["state"], &seen["pause"]), (&json!("closed"), &Value::Null));
}
