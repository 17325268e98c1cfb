//! Signing on a guest link, from the request to the certificate.

use domain::link::Audience;
use serde_json::{Value, json};
use tests::client::{Client, Reply};
use tests::seed::pages::drawable_pdf;

use super::{EMAIL, Scene};

impl Scene {
    fn block(&self) -> String {
        format!("/v1/documents/{}/signatures", self.document.id)
    }

    /// Asks Maya to sign or approve.
    async fn ask_maya_to(&self, act: &str) -> Value {
        let signers = json!([{ "contact_id": self.contact.as_ref().unwrap().id, "act": act }]);
        let input = json!({ "whom": "named", "signers": signers, "message": "By Friday." });
        self.admin.put(self.block(), input).if_match(0).await.expect(200)
    }

    async fn act(&self, browser: &Client, act: &str, sha256: &str) -> Reply {
        browser.post(self.path(&format!("/{act}")), json!({ "sha256": sha256 })).await
    }

    async fn signing(&self, browser: &Client) -> Value {
        browser.get(self.path("/signatures")).await.expect(200)
    }
}

#[tokio::test]
async fn a_signature_names_exactly_what_was_signed() {
    let scene = Scene::for_maya().await;
    let asked = scene.ask_maya_to("sign").await;
    assert_eq!(
        (&asked["version"], &asked["signers"][0]["progress"]),
        (&json!(1), &json!("waiting"))
    );
    scene.world.tick().await;
    let mail = scene.world.last_mail_with(EMAIL, "asks you to sign");
    assert!(mail.text.contains("> By Friday.") && mail.text.contains("/g/lnk_"), "{}", mail.text);

    let maya = scene.world.visitor();
    scene.open(&maya, 'a').await.expect(200);
    let sha256 = scene.sha256().await;
    let signing = scene.signing(&maya).await;
    assert_eq!(signing["newest"]["sha256"], sha256);
    assert_eq!(
        (&signing["asked"]["act"], &signing["asked"]["message"]),
        (&json!("sign"), &json!("By Friday."))
    );
    assert_eq!(scene.act(&maya, "sign", &sha256).await.problem(409), "code-required");
    scene.prove(&maya, EMAIL).await.expect(200);
    assert_eq!(scene.act(&maya, "approve", &sha256).await.problem(409), "wrong-state");
    let other = "0".repeat(64);
    assert_eq!(scene.act(&maya, "sign", &other).await.problem(409), "wrong-state");
    let signed = scene.act(&maya, "sign", &sha256).await.expect(200);
    assert_eq!(signed["asked"]["signature"]["file"]["sha256"], sha256);
    assert_eq!(signed["asked"]["signature"]["email"], EMAIL);
    let again = scene.act(&maya, "sign", &sha256).await.expect(200);
    assert_eq!(again["asked"]["signature"], signed["asked"]["signature"], "once");
}

#[tokio::test]
async fn once_everybody_has_signed_a_certificate_lies_with_the_document() {
    let scene = Scene::for_maya().await;
    scene.ask_maya_to("sign").await;
    let maya = scene.world.visitor();
    scene.prove(&maya, EMAIL).await.expect(200);
    scene.act(&maya, "sign", &scene.sha256().await).await.expect(200);
    scene.world.tick().await;
    let done = scene.signing(&maya).await;
    let certificate = done["certificate_id"].as_str().unwrap().to_owned();
    let page = maya.get(scene.path(&format!("/files/{certificate}/pages/1"))).await.expect(200);
    assert!(page["url"].is_string());
    let download =
        maya.post(scene.path(&format!("/files/{certificate}/download")), json!({})).await;
    let url = download.expect(200)["url"].as_str().unwrap().to_owned();
    let (_, bytes) = scene.world.fetch(&url).await;
    assert!(bytes.starts_with(b"%PDF-"));
    let document =
        scene.admin.get(format!("/v1/documents/{}", scene.document.id)).await.expect(200);
    assert_eq!(document["published"]["id"], json!(scene.document.published.as_ref().unwrap().id));
    let file = document["files"]
        .as_array()
        .unwrap()
        .iter()
        .find(|file| file["id"] == certificate.as_str());
    assert_eq!(file.unwrap()["kind"], "certificate");
    let admin = scene.world.acme.administrator.email.to_string();
    for (to, text) in [
        (EMAIL, "who was asked has signed"),
        (&admin, "who was asked has signed"),
        (&admin, "signed “Report”"),
    ] {
        assert!(scene.world.last_mail_with(to, text).text.contains("Report"));
    }
    let thread = scene.admin.get(format!("/v1/documents/{}/events", scene.document.id)).await;
    let thread = thread.expect(200);
    let kinds: Vec<_> =
        thread["items"].as_array().unwrap().iter().map(|item| &item["kind"]).collect();
    assert_eq!(kinds, ["certificate", "signed", "signature_request"]);
}

#[tokio::test]
async fn a_certificate_is_read_by_who_signed_and_by_nobody_else_on_a_link() {
    let scene = Scene::for_maya().await;
    scene.ask_maya_to("sign").await;
    let maya = scene.world.visitor();
    scene.prove(&maya, EMAIL).await.expect(200);
    scene.act(&maya, "sign", &scene.sha256().await).await.expect(200);
    scene.world.tick().await;
    let certificate = scene.signing(&maya).await["certificate_id"].as_str().unwrap().to_owned();
    let (world, acme) = (&scene.world, &scene.world.acme);
    let public = world.link(acme, &scene.document, Audience::PublicSame, None).await;
    let (page, bearer) = (format!("/v1/guest/{}", public.id), world.visitor());
    let open = json!({
        "secret": world.link_secret(acme, &public), "device_nonce": "b".repeat(42) + "A",
    });
    bearer.post(format!("{page}/open"), open).await.expect(200);
    let seen = bearer.get(format!("{page}/signatures")).await.expect(200);
    assert_eq!((&seen["certificate_id"], seen["completed_at"].is_string()), (&Value::Null, true));
    let first = bearer.get(format!("{page}/files/{certificate}/pages/1")).await;
    assert_eq!(first.problem(404), "not-found");
    maya.get(scene.path(&format!("/files/{certificate}/pages/1"))).await.expect(200);
}

#[tokio::test]
async fn what_is_closed_to_a_signer_is_nothing_to_sign() {
    let scene = Scene::for_maya().await;
    scene.ask_maya_to("sign").await;
    let maya = scene.world.visitor();
    scene.prove(&maya, EMAIL).await.expect(200);
    let sha256 = scene.sha256().await;
    let file = scene.document.published.as_ref().unwrap().id;
    let close = format!("/v1/documents/{}/close-access", scene.document.id);
    let whose = json!({ "contact_id": scene.contact.as_ref().unwrap().id, "file_id": file });
    scene.admin.post(close, whose).await.expect(200);
    assert_eq!(scene.signing(&maya).await["newest"], Value::Null);
    assert_eq!(scene.act(&maya, "sign", &sha256).await.problem(409), "wrong-state");
}

#[tokio::test]
async fn what_was_signed_stays() {
    let scene = Scene::for_maya().await;
    scene.ask_maya_to("approve").await;
    let maya = scene.world.visitor();
    scene.prove(&maya, EMAIL).await.expect(200);
    scene.act(&maya, "approve", &scene.sha256().await).await.expect(200);
    scene.world.tick().await;
    let signed = scene.document.published.as_ref().unwrap().id;
    let certificate = scene.signing(&maya).await["certificate_id"].clone();
    for file in [json!(signed), certificate] {
        let path = format!("/v1/files/{}", file.as_str().unwrap());
        let reply = scene.admin.delete(path).await;
        assert_eq!(reply.problem(409), "wrong-state");
        assert!(reply.body["detail"].as_str().unwrap().contains("kept until"), "{}", reply.text);
    }
    let input = json!({ "whom": "open", "act": "sign" });
    let reply = scene.admin.put(scene.block(), input).if_match(2).await;
    assert_eq!(reply.problem(412), "stale", "the certificate was a change too");
    let input = json!({ "whom": "open", "act": "sign" });
    assert_eq!(scene.admin.put(scene.block(), input).if_match(3).await.problem(409), "wrong-state");
}

#[tokio::test]
async fn a_decline_is_told_and_may_be_changed() {
    let scene = Scene::for_maya().await;
    scene.ask_maya_to("sign").await;
    let maya = scene.world.visitor();
    scene.open(&maya, 'a').await.expect(200);
    let no = json!({ "reason": "Only with the cap." });
    let declined = maya.post(scene.path("/decline"), no.clone()).await.expect(200);
    assert_eq!(declined["asked"]["progress"], "declined");
    maya.post(scene.path("/decline"), no).await.expect(200);
    scene.world.tick().await;
    let admin = scene.world.acme.administrator.email.to_string();
    let mail = scene.world.last_mail_with(&admin, "declined");
    assert!(mail.text.contains("> Only with the cap."), "{}", mail.text);
    let told = scene.world.mails().into_iter().filter(|mail| mail.subject.contains("declined"));
    assert_eq!(told.count(), 1, "a second press tells nobody again");

    let document = scene.document.id.to_string();
    let file = scene.world.publish(&scene.admin, &document, &drawable_pdf(1)).await;
    assert_eq!(scene.signing(&maya).await["asked"]["progress"], "waiting", "of a newer version");
    scene.prove(&maya, EMAIL).await.expect(200);
    let signed = scene.act(&maya, "sign", &scene.sha256().await).await.expect(200);
    assert_eq!(signed["asked"]["signature"]["file"]["id"], file);
    assert_eq!(signed["asked"]["signature"]["file"]["version"], 2);
    let late = json!({ "reason": "No." });
    assert_eq!(maya.post(scene.path("/decline"), late).await.problem(409), "wrong-state");
}

#[tokio::test]
async fn whoever_is_asked_for_nothing_declines_the_document_itself() {
    let scene = Scene::for_maya().await;
    let maya = scene.world.visitor();
    scene.open(&maya, 'a').await.expect(200);
    assert_eq!(scene.signing(&maya).await["asked"], Value::Null);
    maya.post(scene.path("/decline"), json!({ "reason": "Not for us." })).await.expect(200);
    scene.prove(&maya, EMAIL).await.expect(200);
    assert_eq!(scene.act(&maya, "sign", &scene.sha256().await).await.problem(409), "wrong-state");
    let read = scene.admin.get(scene.block()).await.expect(200);
    assert_eq!((&read["version"], &read["whom"]), (&json!(0), &Value::Null));
}

#[tokio::test]
async fn whoever_verifies_signs_where_the_block_is_open() {
    let scene = Scene::of(Audience::PublicSame, None).await;
    let input = json!({ "whom": "open", "act": "sign" });
    scene.admin.put(scene.block(), input).if_match(0).await.expect(200);
    let sha256 = scene.sha256().await;
    let (ada, bob) = (scene.world.visitor(), scene.world.visitor());
    scene.open(&ada, 'a').await.expect(200);
    assert_eq!(scene.act(&ada, "sign", &sha256).await.problem(409), "code-required");
    scene.prove(&ada, "ada@hooli.example").await.expect(200);
    scene.act(&ada, "sign", &sha256).await.expect(200);
    scene.prove(&bob, "bob@hooli.example").await.expect(200);
    scene.act(&bob, "sign", &sha256).await.expect(200);
    let signers = scene.admin.get(scene.block()).await.expect(200);
    let emails = signers["signers"].as_array().unwrap().iter();
    let emails: Vec<_> = emails.map(|signer| &signer["signature"]["email"]).collect();
    assert_eq!(emails, ["ada@hooli.example", "bob@hooli.example"]);
    // Staff leave it to those who signed: everybody has.
    let named = signers["signers"].as_array().unwrap().iter();
    let named: Vec<_> = named
        .map(|signer| json!({ "contact_id": signer["contact_id"], "act": signer["act"] }))
        .collect();
    let version = signers["version"].as_u64().unwrap();
    let input = json!({ "whom": "named", "signers": named });
    let closed = scene.admin.put(scene.block(), input).if_match(version).await.expect(200);
    assert!(closed["completed_at"].is_string());
    scene.world.tick().await;
    assert!(scene.admin.get(scene.block()).await.expect(200)["certificate_id"].is_string());
}

#[tokio::test]
async fn nobody_is_asked_who_could_not_sign() {
    let scene = Scene::for_maya().await;
    let world = &scene.world;
    let other = world.contact(&world.acme, "other@initech.example", super::ReviewStatus::Approved);
    let (maya, other) = (scene.contact.as_ref().unwrap().id, other.await.id);
    let sign = |id| json!({ "contact_id": id, "act": "sign" });
    for (input, pointer) in [
        (json!({ "whom": "named" }), "/signers"),
        (json!({ "whom": "named", "act": "sign", "signers": [sign(maya)] }), "/act"),
        (json!({ "whom": "open" }), "/act"),
        (json!({ "whom": "named", "signers": [sign(maya), sign(maya)] }), "/signers/1/contact_id"),
        (json!({ "whom": "named", "signers": [sign(maya), sign(other)] }), "/signers/1/contact_id"),
        (json!({ "whom": "somebody" }), "/whom"),
    ] {
        let reply = scene.admin.put(scene.block(), input).if_match(0).await;
        assert_eq!(reply.problem(400), "bad-input", "{}", reply.text);
        assert_eq!(reply.body["errors"][0]["pointer"], pointer, "{}", reply.text);
    }
    let input = json!({ "whom": "named", "signers": [sign(maya)] });
    assert_eq!(
        scene.admin.put(scene.block(), input.clone()).await.problem(428),
        "if-match-missing"
    );
    scene.staff("deactivate").await;
    let reply = scene.admin.put(scene.block(), input).if_match(0).await;
    assert_eq!(reply.body["errors"][0]["pointer"], "/signers/0/contact_id");
    let paper = world.paper(&world.acme, "Empty").await;
    let input = json!({ "whom": "open", "act": "sign" });
    let path = format!("/v1/documents/{paper}/signatures");
    assert_eq!(scene.admin.put(path, input).if_match(0).await.problem(409), "wrong-state");
}
