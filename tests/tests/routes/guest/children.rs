//! Links that give each guest a document of their own.

use domain::contact::ReviewStatus;
use domain::link::Audience;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::client::Client;
use tests::seed::STAFF_DOMAIN;
use tests::seed::pages::drawable_pdf;

use super::{Scene, details};

const ADA: &str = "ada@hooli.example";
const BOB: &str = "bob@hooli.example";

impl Scene {
    /// A link that gives each guest a document of their own, to be signed.
    async fn of_group() -> Self {
        let scene = Self::of(Audience::PublicChild, None).await;
        let input = json!({ "whom": "group", "act": "sign", "message": "Yours to sign." });
        let block = format!("/v1/documents/{}/signatures", scene.document.id);
        scene.admin.put(block, input).if_match(0).await.expect(200);
        scene
    }

    async fn board(&self) -> Vec<Value> {
        let path = format!("/v1/links/{}/children", self.link.id);
        let board = self.admin.get(path).await.expect(200);
        board["items"].as_array().unwrap().clone()
    }

    /// What a browser signs, to the byte.
    async fn newest(&self, browser: &Client) -> String {
        let signing = browser.get(self.path("/signatures")).await.expect(200);
        signing["newest"]["sha256"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn each_guest_signs_a_document_of_their_own_which_no_other_guest_sees() {
    let scene = Scene::of_group().await;
    let (ada, bob) = (scene.world.visitor(), scene.world.visitor());
    let bearer = scene.open(&ada, 'a').await.expect(200);
    assert_eq!((&bearer["standing"], &bearer["is_own_copy"]), (&json!("bearer"), &json!(false)));
    let hers = scene.prove(&ada, ADA).await.expect(200);
    assert_eq!(hers["is_own_copy"], json!(true));
    let his = scene.prove(&bob, BOB).await.expect(200);
    assert_ne!(hers["file"]["id"], his["file"]["id"]);
    for (browser, file, status) in
        [(&ada, &hers, 200), (&ada, &his, 404), (&bob, &hers, 404), (&bob, &his, 200)]
    {
        let file = file["file"]["id"].as_str().unwrap();
        let path = scene.path(&format!("/files/{file}/download"));
        assert_eq!(browser.post(path, json!({})).await.status, status);
    }
    ada.post(scene.path("/messages"), json!({ "text": "Mine." })).await.expect(201);
    let sha256 = scene.newest(&ada).await;
    let signed = ada.post(scene.path("/sign"), json!({ "sha256": sha256 })).await.expect(200);
    assert_eq!(signed["asked"]["message"], "Yours to sign.");
    assert!(signed["completed_at"].is_string(), "she is all who is asked there");
    scene.world.tick().await;

    let seen = ada.get(scene.path("/events")).await.expect(200);
    let kinds = seen["items"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap());
    let kinds: Vec<&str> = kinds.collect();
    assert_eq!(kinds[..3], ["certificate", "signed", "message"]);
    // Both were made in one instant.
    assert!(kinds[3..].contains(&"signature_request") && kinds[3..].contains(&"share"));
    let seen = bob.get(scene.path("/events")).await.expect(200);
    assert_eq!(seen["items"].as_array().unwrap().len(), 2);

    let board = scene.board().await;
    assert_eq!(board.len(), 2);
    let of = |email: &str| board.iter().find(|guest| guest["email"] == email).unwrap();
    assert_eq!((&of(ADA)["progress"], &of(BOB)["progress"]), (&json!("signed"), &json!("waiting")));
    assert!(of(ADA)["certificate_id"].is_string() && of(ADA)["answered_at"].is_string());
    // The sender reads it as any document, and finds it nowhere else.
    let child = of(ADA)["document_id"].as_str().unwrap();
    let child = scene.admin.get(format!("/v1/documents/{child}")).await.expect(200);
    assert_eq!(child["child_of"]["document_id"], json!(scene.document.id));
    let gone = scene.admin.delete(format!("/v1/documents/{}", child["id"].as_str().unwrap())).await;
    assert_eq!(gone.problem(409), "wrong-state");
    let library = scene.admin.get("/v1/documents").await.expect(200);
    assert_eq!(library["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn one_address_has_one_document_in_whatever_browser() {
    let scene = Scene::of_group().await;
    let mut files = Vec::new();
    for _ in 0..3 {
        let browser = scene.world.visitor();
        files.push(scene.prove(&browser, ADA).await.expect(200)["file"]["id"].clone());
        scene.world.advance(SignedDuration::from_mins(16));
    }
    assert!(files.iter().all(|file| *file == files[0]), "{files:?}");
    assert_eq!(scene.board().await.len(), 1);
}

#[tokio::test]
async fn two_browsers_that_prove_one_address_at_once_get_one_document() {
    let scene = Scene::of_group().await;
    let browsers = [scene.world.visitor(), scene.world.visitor()];
    let mut codes = Vec::new();
    for browser in &browsers {
        scene.ask(browser, ADA).await.expect(202);
        codes.push(scene.mailed(ADA).await);
        scene.world.advance(SignedDuration::from_secs(61));
    }
    let (first, second) = tokio::join!(
        scene.verify_as(&browsers[0], &codes[0], details()),
        scene.verify_as(&browsers[1], &codes[1], details()),
    );
    assert_eq!(first.expect(200)["file"]["id"], second.expect(200)["file"]["id"]);
    assert_eq!(scene.board().await.len(), 1);
}

#[tokio::test]
async fn a_child_keeps_the_version_it_was_made_from() {
    let scene = Scene::of_group().await;
    let ada = scene.world.visitor();
    let before = scene.prove(&ada, ADA).await.expect(200)["file"].clone();
    let parent = scene.document.id.to_string();
    scene.world.publish(&scene.admin, &parent, &drawable_pdf(1)).await;
    let old = scene.document.published.as_ref().unwrap().id;
    scene.admin.delete(format!("/v1/files/{old}")).await.expect(204);
    scene.world.tick().await;
    assert_eq!(scene.read(&ada).await.expect(200)["file"], before);
    let path = scene.path(&format!("/files/{}/download", before["id"].as_str().unwrap()));
    let address = ada.post(path, json!({})).await.expect(200);
    let (status, _) = scene.world.fetch(address["url"].as_str().unwrap()).await;
    assert_eq!(status, 200, "its bytes stay, though the file they came from is gone");
    let bob = scene.world.visitor();
    assert_ne!(
        scene.prove(&bob, BOB).await.expect(200)["file"]["size_bytes"],
        before["size_bytes"]
    );
}

#[tokio::test]
async fn who_comes_before_the_pages_are_drawn_gets_a_copy_that_is_drawn_however_they_came() {
    let scene = Scene::of(Audience::PublicChild, None).await;
    let world = &scene.world;
    let account = world.account(&world.acme, STAFF_DOMAIN, ReviewStatus::Approved).await;
    let (ada, bob) = (format!("ada@{STAFF_DOMAIN}"), format!("bob@{STAFF_DOMAIN}"));
    let token = scene.last_resort(&world.visitor(), &bob).await;
    let signed_in = world.admin_of(&world.company("hooli").await).await;
    let browsers = [world.visitor(), world.visitor(), signed_in];
    scene.ask(&browsers[0], &ada).await.expect(202);
    let code = scene.mailed(&ada).await;
    let parent = scene.document.id.to_string();
    world.publish(&world.admin().await, &parent, &drawable_pdf(1)).await;

    let confirm = json!({ "token": token, "details": details() });
    let claim = json!({ "secret": scene.secret(), "details": details() });
    let came = [
        scene.verify_as(&browsers[0], &code, details()).await,
        browsers[1].post(scene.path("/confirm"), confirm).await,
        browsers[2].post(scene.path("/verify-with-account"), claim).await,
    ];
    let store = world.store_of(&world.acme);
    let mut pages = Vec::new();
    for (browser, reply) in browsers.iter().zip(came) {
        let let_in = reply.expect(200);
        assert_eq!(let_in["is_own_copy"], json!(true));
        let contact = let_in["contact"]["id"].as_str().unwrap().parse().unwrap();
        let contact = store.contact(contact).await.unwrap().unwrap();
        assert_eq!(contact.account_id, Some(account.id), "whose domain it lists");
        let file = let_in["file"]["id"].as_str().unwrap();
        let page = scene.path(&format!("/files/{file}/pages/1"));
        assert_eq!(browser.get(&page).await.problem(409), "page-not-ready");
        pages.push(page);
    }
    world.tick().await;
    for (browser, page) in browsers.iter().zip(&pages) {
        browser.get(page).await.expect(200);
    }
}

#[tokio::test]
async fn a_child_ends_with_the_access_of_its_guest_and_is_opened_to_nobody_else() {
    let scene = Scene::of_group().await;
    let (ada, bob) = (scene.world.visitor(), scene.world.visitor());
    scene.prove(&ada, ADA).await.expect(200);
    scene.prove(&bob, BOB).await.expect(200);
    let board = scene.board().await;
    let hers = board.iter().find(|guest| guest["email"] == ADA).unwrap().clone();
    let child = hers["document_id"].as_str().unwrap();
    // What it consists of stays, and nobody is let in to it besides.
    let links = format!("/v1/documents/{child}/links");
    let link = scene.admin.post(links, json!({ "audience": "undefined" })).await;
    assert_eq!(link.problem(409), "wrong-state");
    let file = scene.admin.get(format!("/v1/documents/{child}")).await.expect(200);
    let file = file["published"]["id"].as_str().unwrap().to_owned();
    assert_eq!(scene.admin.delete(format!("/v1/files/{file}")).await.problem(409), "wrong-state");
    let other = board.iter().find(|guest| guest["email"] == BOB).unwrap()["contact_id"].clone();
    let share = format!("/v1/contacts/{}/documents", other.as_str().unwrap());
    let share = scene.admin.patch(share, json!({ "add": [{ "document_id": child }] })).await;
    assert_eq!(share.problem(409), "wrong-state");
    let write = format!("/v1/documents/{child}/events");
    let wrong = json!({ "text": "Hello.", "contact_ids": [other] });
    let wrong = scene.admin.post(&write, wrong).await;
    assert_eq!(wrong.body["errors"][0]["pointer"], "/contact_ids");
    scene.admin.post(&write, json!({ "text": "Hello, Ada." })).await.expect(201);
    scene.world.tick().await;
    let mail = scene.world.last_mail_with(ADA, "writes to you about");
    assert!(mail.text.contains(&format!("/g/{}#", scene.link.id)), "{}", mail.text);

    let close = format!("/v1/documents/{}/close-access", scene.document.id);
    let whose = json!({ "contact_id": hers["contact_id"] });
    scene.admin.post(close, whose).await.expect(200);
    assert_eq!(scene.read(&ada).await.problem(409), "code-required");
    // Opened again by a press, she is nobody in particular.
    let again = scene.open(&ada, 'a').await.expect(200);
    assert_eq!((&again["standing"], &again["is_own_copy"]), (&json!("bearer"), &json!(false)));
    assert_eq!(scene.read(&ada).await.expect(200)["is_own_copy"], json!(false));
    scene.read(&bob).await.expect(200);
}

#[tokio::test]
async fn a_public_link_to_a_group_signature_gives_each_guest_a_document_by_itself() {
    let scene = Scene::of_group().await;
    let links = format!("/v1/documents/{}/links", scene.document.id);
    let link = scene.admin.post(links, json!({ "audience": "public_same" })).await.expect(201);
    assert_eq!(link["audience"], "public_child");
    let shared = Scene::of(Audience::PublicSame, None).await;
    let input = json!({ "whom": "group", "act": "sign" });
    let block = format!("/v1/documents/{}/signatures", shared.document.id);
    let reply = shared.admin.put(&block, input.clone()).if_match(0).await;
    assert_eq!(reply.problem(409), "wrong-state", "its guests would find none of their own");
    shared.staff("deactivate").await;
    shared.admin.put(&block, input).if_match(0).await.expect(200);
    let all = json!({ "text": "Hello.", "link_id": scene.link.id });
    let all = scene.admin.post(format!("/v1/documents/{}/events", scene.document.id), all).await;
    assert_eq!(all.body["errors"][0]["pointer"], "/link_id", "each reads a thread of their own");
}

#[tokio::test]
async fn a_board_is_exported_without_formulas() {
    let scene = Scene::of_group().await;
    let ada = scene.world.visitor();
    scene.ask(&ada, ADA).await.expect(202);
    let code = scene.mailed(ADA).await;
    let mut named = details();
    named["first_name"] = json!("=HYPERLINK(\"x\")");
    scene.verify_as(&ada, &code, named).await.expect(200);
    let path = format!("/v1/links/{}/children/export", scene.link.id);
    let reply = scene.admin.get(path).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.headers["content-type"], "text/csv; charset=utf-8");
    let lines: Vec<&str> = reply.text.lines().collect();
    assert!(lines[0].starts_with("\"Name\",\"E-mail\","), "{}", lines[0]);
    assert!(
        lines[1].starts_with("\"'=HYPERLINK(\"\"x\"\") Nowak\",\"ada@hooli.example\""),
        "{}",
        lines[1]
    );
    assert_eq!(lines.len(), 2);
}
