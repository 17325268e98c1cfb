//! The thread of a document, between the company and its guests.

use domain::link::Audience;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::client::Client;

use super::{EMAIL, Scene};

impl Scene {
    fn thread(&self) -> String {
        format!("/v1/documents/{}/events", self.document.id)
    }

    async fn write(&self, browser: &Client, text: &str) -> tests::client::Reply {
        browser.post(self.path("/messages"), json!({ "text": text })).await
    }

    /// What a browser sees of the thread, newest first: kind, whether it is its own, and text.
    async fn heard(&self, browser: &Client) -> Vec<Value> {
        let events = browser.get(self.path("/events")).await.expect(200);
        let items = events["items"].as_array().unwrap();
        items.iter().map(|item| json!([item["kind"], item["is_own"], item["text"]])).collect()
    }
}

#[tokio::test]
async fn guest_and_company_write_to_each_other_and_are_told_by_mail() {
    let scene = Scene::for_maya().await;
    let maya = scene.world.visitor();
    scene.open(&maya, 'a').await.expect(200);
    let question = scene.write(&maya, "Which annex?\nThe second one?").await.expect(201);
    assert_eq!(question["kind"], "message");
    scene.world.tick().await;
    let admin = scene.world.acme.administrator.email.to_string();
    let mail = scene.world.last_mail_with(&admin, "wrote about");
    assert!(mail.text.contains("> Which annex?\n> The second one?"), "{}", mail.text);

    let file = scene.document.published.as_ref().unwrap().id;
    let answer = json!({ "text": "The third.", "link_id": scene.link.id, "file_ids": [file] });
    let answer = scene.admin.post(scene.thread(), answer).await.expect(201);
    assert_eq!(answer["files"][0]["id"], json!(file));
    scene.world.tick().await;
    let mail = scene.world.last_mail_with(EMAIL, "writes to you about");
    assert!(mail.text.contains("> The third.") && mail.text.contains("/g/lnk_"), "{}", mail.text);

    let heard = scene.heard(&maya).await;
    let expected = [
        json!(["message", false, "The third."]),
        json!(["message", true, "Which annex?\nThe second one?"]),
    ];
    assert_eq!(heard, expected);
    let all = scene.admin.get(scene.thread()).await.expect(200);
    let names: Vec<_> =
        all["items"].as_array().unwrap().iter().map(|item| &item["author"]).collect();
    assert_eq!(names[0]["name"], json!(scene.world.acme.administrator.name));
    assert_eq!((&names[1]["kind"], &names[1]["name"]), (&json!("contact"), &json!("Ada Lovelace")));
}

#[tokio::test]
async fn guests_of_one_link_do_not_hear_each_other() {
    let scene = Scene::of(Audience::PublicSame, None).await;
    let (ada, bob, bearer) = (scene.world.visitor(), scene.world.visitor(), scene.world.visitor());
    scene.prove(&ada, "ada@hooli.example").await.expect(200);
    scene.prove(&bob, "bob@hooli.example").await.expect(200);
    scene.open(&bearer, 'c').await.expect(200);
    scene.write(&ada, "From Ada.").await.expect(201);
    let all = json!({ "text": "To all.", "link_id": scene.link.id });
    scene.admin.post(scene.thread(), all).await.expect(201);
    let to_all = json!(["message", false, "To all."]);
    assert_eq!(scene.heard(&ada).await, [to_all.clone(), json!(["message", true, "From Ada."])]);
    assert_eq!(scene.heard(&bob).await, std::slice::from_ref(&to_all));
    assert_eq!(scene.heard(&bearer).await, [to_all]);
    assert_eq!(scene.write(&bearer, "Me too.").await.problem(409), "code-required");

    let readers = scene.admin.get(format!("/v1/documents/{}/access", scene.document.id)).await;
    let readers = readers.expect(200);
    let bob_id =
        readers["items"].as_array().unwrap().iter().find(|of| of["email"] == "bob@hooli.example");
    let to_bob = json!({ "text": "To Bob.", "contact_ids": [bob_id.unwrap()["contact_id"]] });
    scene.admin.post(scene.thread(), to_bob).await.expect(201);
    assert_eq!(scene.heard(&bob).await[0], json!(["message", false, "To Bob."]));
    assert_eq!(scene.heard(&ada).await.len(), 2);
    scene.world.tick().await;
    let mail = scene.world.last_mail_with("bob@hooli.example", "writes to you about");
    let way = format!("/g/{}#", scene.link.id);
    assert!(mail.text.contains(&way), "nobody reviewed him, and he came by it: {}", mail.text);
}

#[tokio::test]
async fn what_is_hidden_of_the_thread_is_not_there() {
    let scene = Scene::for_maya().await;
    let maya = scene.world.visitor();
    scene.open(&maya, 'a').await.expect(200);
    let hello = json!({ "text": "Hello.", "link_id": scene.link.id });
    let hello = scene.admin.post(scene.thread(), hello).await.expect(201);
    let contact = scene.contact.as_ref().unwrap().id;
    let close = format!("/v1/documents/{}/close-access", scene.document.id);
    let input = json!({ "contact_id": contact, "event_id": hello["id"] });
    scene.admin.post(close, input).await.expect(200);
    assert_eq!(scene.heard(&maya).await, Vec::<Value>::new());
    scene.read(&maya).await.expect(200);
}

#[tokio::test]
async fn who_may_not_write_is_told_so_and_too_much_is_too_much() {
    let scene = Scene::for_maya().await;
    let maya = scene.world.visitor();
    scene.open(&maya, 'a').await.expect(200);
    for (text, pointer) in
        [(json!(""), "/text"), (json!("a\u{7}b"), "/text"), (Value::Null, "/text")]
    {
        let reply = maya.post(scene.path("/messages"), json!({ "text": text })).await;
        assert_eq!(reply.problem(400), "bad-input");
        assert_eq!(reply.body["errors"][0]["pointer"], pointer);
    }
    for _ in 0..30 {
        scene.write(&maya, "Again.").await.expect(201);
    }
    let over = scene.write(&maya, "Once more.").await;
    assert_eq!(over.problem(429), "too-many-requests");
    scene.world.advance(SignedDuration::from_hours(1));
    scene.write(&maya, "Once more.").await.expect(201);
    let (path, admin) = (format!("/v1/links/{}", scene.link.id), scene.world.admin().await);
    let version = admin.get(&path).await.expect(200)["version"].as_u64().unwrap();
    let rights = json!({ "rights": ["view", "download"] });
    admin.patch(&path, rights).if_match(version).await.expect(200);
    assert_eq!(scene.write(&maya, "Please.").await.problem(403), "forbidden");
    assert_eq!(scene.write(&admin, "Please.").await.problem(403), "forbidden");
}

#[tokio::test]
async fn staff_write_only_to_whom_the_document_is_open() {
    let scene = Scene::for_maya().await;
    let world = &scene.world;
    let other = world.contact(&world.acme, "other@initech.example", super::ReviewStatus::Approved);
    let other = other.await.id;
    let elsewhere = world.document(&world.acme, "Other", super::AccessLevel::Restricted).await;
    let theirs = world.link(&world.acme, &elsewhere, Audience::PublicSame, None).await.id;
    let draft = scene.document.published.as_ref().unwrap().id;
    let maya = scene.contact.as_ref().unwrap().id;
    let nobody = "con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9";
    let link = scene.link.id;
    for (input, pointer) in [
        (json!({ "text": "Hello." }), "/contact_ids"),
        (json!({ "text": "Hello.", "contact_ids": [maya, other] }), "/contact_ids/1"),
        (json!({ "text": "Hello.", "contact_ids": [nobody] }), "/contact_ids/0"),
        (json!({ "text": "Hello.", "contact_ids": [maya], "link_id": link }), "/contact_ids"),
        (json!({ "text": "Hello.", "link_id": theirs }), "/link_id"),
        (json!({ "text": "Hello.", "link_id": "lnk_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9" }), "/link_id"),
        (
            json!({ "text": "Hello.", "link_id": link, "file_ids": [draft, elsewhere.published.as_ref().unwrap().id] }),
            "/file_ids/1",
        ),
    ] {
        let reply = scene.admin.post(scene.thread(), input).await;
        assert_eq!(reply.problem(400), "bad-input");
        assert_eq!(reply.body["errors"][0]["pointer"], pointer, "{}", reply.text);
    }
    let close = format!("/v1/documents/{}/close-access", scene.document.id);
    let preview = format!("{}?preview=true", scene.thread());
    let input = json!({ "text": "Hello.", "contact_ids": [maya] });
    let preview = scene.admin.post(preview, input).await.expect(200);
    assert_eq!(preview["mails"][0]["purpose"], "thread_message");
    assert_eq!(scene.admin.get(scene.thread()).await.expect(200)["items"], json!([]));
    scene.admin.post(close, json!({ "contact_id": maya })).await.expect(200);
    let reply =
        scene.admin.post(scene.thread(), json!({ "text": "Hello.", "link_id": link })).await;
    assert_eq!(reply.body["errors"][0]["pointer"], "/link_id", "nothing is open to her any more");
}
