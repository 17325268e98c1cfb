//! Files that guests send because staff asked for them.

use domain::document::FileState;
use domain::link::Audience;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::{Client, Reply, id_of};
use tests::seed::pdf;
use tests::trail::{gap_free_trail, times};
use tests::uploads::claim;

use super::{EMAIL, Scene};
use crate::routes::files::lies_in_bucket;

impl Scene {
    /// Asks `contacts`, else everybody on the link, for files; answers the entry of the thread.
    async fn ask_for_files(&self, contacts: &[Value]) -> String {
        let path = format!("/v1/documents/{}/events", self.document.id);
        let mut input = json!({ "kind": "file_request", "text": "Please send your annex." });
        if contacts.is_empty() {
            input["link_id"] = json!(self.link.id);
        } else {
            input["contact_ids"] = json!(contacts);
        }
        id_of(&self.admin.post(path, input).await.expect(201))
    }

    async fn announce(&self, browser: &Client, request: &str, bytes: &[u8]) -> Reply {
        let mut input = claim("annex.pdf", "application/pdf", bytes);
        input["event_id"] = json!(request);
        browser.post(self.path("/files"), input).await
    }

    async fn complete(&self, browser: &Client, file: &str) -> Reply {
        browser.post(self.path(&format!("/files/{file}/complete")), json!({})).await
    }

    /// Sends a file whole; answers its id.
    async fn send(&self, browser: &Client, request: &str, bytes: &[u8]) -> String {
        let new = self.announce(browser, request, bytes).await.expect(201);
        assert_eq!(self.world.put_upload(&new["upload"], bytes).await, 200);
        let file = id_of(&new["file"]);
        assert_eq!(self.complete(browser, &file).await.expect(200)["state"], "published");
        file
    }

    async fn entries(&self, browser: &Client) -> Vec<Value> {
        let events = browser.get(self.path("/events")).await.expect(200);
        events["items"].as_array().unwrap().clone()
    }
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_was_asked_for_is_sent_and_the_sender_is_told() {
    let scene = Scene::for_maya().await;
    let (browser, contact) = (scene.world.visitor(), scene.contact.as_ref().unwrap().id);
    scene.open(&browser, 'a').await.expect(200);
    let request = scene.ask_for_files(&[json!(contact)]).await;
    scene.world.tick().await;
    let mail = scene.world.last_mail_with(EMAIL, "annex");
    assert!(mail.subject.contains("asks you for files"), "{}", mail.subject);

    let bytes = pdf("annex");
    let newest = scene.read(&browser).await.expect(200)["file"].clone();
    let file = scene.send(&browser, &request, &bytes).await;
    scene.complete(&browser, &file).await.expect(200);
    let events = scene.entries(&browser).await;
    assert_eq!(kinds(&events), ["files", "file_request"], "completed twice, told once");
    assert_eq!(events[0]["files"][0]["name"], "annex.pdf");
    assert_eq!(
        scene.read(&browser).await.expect(200)["file"],
        newest,
        "no version of the document"
    );

    let document = scene.admin.get(format!("/v1/documents/{}", scene.document.id)).await;
    let document = document.expect(200);
    let files = document["files"].as_array().unwrap();
    let sent = files.iter().find(|each| each["id"] == *file).unwrap();
    assert_eq!((&sent["kind"], &sent["state"]), (&json!("sent"), &json!("published")));
    assert_eq!(sent["sent"]["contact_id"], json!(contact));
    assert_ne!(document["published"]["id"], json!(file));
    let download = scene.admin.post(format!("/v1/files/{file}/download"), json!({})).await;
    let url = download.expect(200)["url"].as_str().unwrap().to_owned();
    assert_eq!(scene.world.http.get(url).send().await.unwrap().bytes().await.unwrap(), bytes);

    scene.world.tick().await;
    let told = scene.world.last_mail(scene.world.acme.administrator.email.as_str());
    assert!(told.subject.contains("sent a file for “Report”"), "{}", told.subject);
    let store = scene.world.store_of(&scene.world.acme);
    let lines = gap_free_trail(&store, Home::Document(scene.document.id)).await;
    assert_eq!(
        times(&lines, "guest.complete_file"),
        2,
        "the file, and the thread that tells of it"
    );
}

#[tokio::test]
async fn only_who_is_asked_sends_and_only_they_see_what_they_sent() {
    let scene = Scene::of(Audience::PublicSame, None).await;
    let (one, other, bearer) =
        (scene.world.visitor(), scene.world.visitor(), scene.world.visitor());
    let contact = scene.prove(&one, "one@hooli.example").await.expect(200)["contact"].clone();
    scene.prove(&other, "other@hooli.example").await.expect(200);
    scene.open(&bearer, 'a').await.expect(200);
    let bytes = pdf("annex");
    let of_one = scene.ask_for_files(&[contact["id"].clone()]).await;
    assert_eq!(scene.announce(&other, &of_one, &bytes).await.problem(400), "bad-input");
    assert_eq!(scene.announce(&bearer, &of_one, &bytes).await.problem(409), "code-required");

    let of_all = scene.ask_for_files(&[]).await;
    let nowhere = "evt_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9";
    assert_eq!(scene.announce(&one, nowhere, &bytes).await.pointers(), ["/event_id"]);
    let new = scene.announce(&one, &of_all, &bytes).await.expect(201);
    let file = id_of(&new["file"]);
    assert_eq!(scene.complete(&other, &file).await.problem(404), "not-found");
    let staff = scene.admin.post(format!("/v1/files/{file}/complete"), json!({})).await;
    assert_eq!(staff.problem(404), "not-found", "theirs to complete");
    assert_eq!(scene.world.put_upload(&new["upload"], &bytes).await, 200);
    scene.complete(&one, &file).await.expect(200);

    assert!(kinds(&scene.entries(&one).await).contains(&"files"));
    assert!(!kinds(&scene.entries(&other).await).contains(&"files"));
    let page = format!("/files/{file}/pages/1");
    scene.world.tick().await;
    let take = async |browser: &Client| {
        browser.post(scene.path(&format!("/files/{file}/download")), json!({})).await
    };
    take(&one).await.expect(200);
    for stranger in [&other, &bearer] {
        assert_eq!(stranger.get(scene.path(&page)).await.problem(404), "not-found");
        assert_eq!(take(stranger).await.problem(404), "not-found");
    }
    let path = format!("/v1/documents/{}/events", scene.document.id);
    let carried = json!({ "text": "Look.", "link_id": scene.link.id, "file_ids": [file] });
    let passed_on = scene.admin.post(path, carried).await;
    assert_eq!(passed_on.pointers(), ["/file_ids/0"], "what one guest sent goes to no other");
}

#[tokio::test]
async fn what_is_not_as_announced_is_thrown_away_and_can_be_sent_again() {
    let scene = Scene::for_maya().await;
    let browser = scene.world.visitor();
    scene.open(&browser, 'a').await.expect(200);
    let request = scene.ask_for_files(&[json!(scene.contact.as_ref().unwrap().id)]).await;
    let nothing = scene.announce(&browser, &request, &[]).await;
    assert_eq!(nothing.pointers(), ["/size_bytes"]);
    let text = b"not a PDF".to_vec();
    let new = scene.announce(&browser, &request, &text).await.expect(201);
    let file = id_of(&new["file"]);
    assert_eq!(scene.complete(&browser, &file).await.problem(409), "upload-differs");
    assert_eq!(scene.world.put_upload(&new["upload"], &text).await, 200);
    let differs = scene.complete(&browser, &file).await;
    assert_eq!((differs.problem(409), differs.pointers()), ("upload-differs", vec!["/media_type"]));
    assert_eq!(scene.complete(&browser, &file).await.problem(404), "not-found");
    assert!(!kinds(&scene.entries(&browser).await).contains(&"files"));
    scene.send(&browser, &request, &pdf("annex")).await;
}

#[tokio::test]
async fn what_staff_delete_while_it_arrives_leaves_nothing_to_read() {
    let scene = Scene::for_maya().await;
    let (world, browser) = (&scene.world, scene.world.visitor());
    scene.open(&browser, 'a').await.expect(200);
    let request = scene.ask_for_files(&[json!(scene.contact.as_ref().unwrap().id)]).await;
    let bytes = pdf("annex");
    let new = scene.announce(&browser, &request, &bytes).await.expect(201);
    assert_eq!(world.put_upload(&new["upload"], &bytes).await, 200);
    let file = id_of(&new["file"]);
    let (completed, ()) = tokio::join!(
        scene.complete(&browser, &file),
        world.delete_before_copy(&scene.admin, &file),
    );
    assert_eq!(completed.problem(404), "not-found");
    let store = world.store_of(&world.acme);
    let (_, stored) = store.document_of_file(file.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(stored.state, FileState::Deleted);
    assert_eq!(lies_in_bucket(world, &stored).await, (true, false), "the copy is gone");
    assert_eq!(kinds(&scene.entries(&browser).await), ["file_request"]);
}

#[tokio::test]
async fn one_request_takes_twenty_files_and_leaves_room_for_versions() {
    let scene = Scene::for_maya().await;
    let browser = scene.world.visitor();
    scene.open(&browser, 'a').await.expect(200);
    let contact = json!(scene.contact.as_ref().unwrap().id);
    let request = scene.ask_for_files(std::slice::from_ref(&contact)).await;
    for number in 0..20 {
        scene.announce(&browser, &request, &pdf(&number.to_string())).await.expect(201);
    }
    let more = scene.announce(&browser, &request, &pdf("more")).await;
    assert_eq!(more.problem(409), "wrong-state");
    scene.world.advance(SignedDuration::from_hours(25));
    scene.world.tick().await;
    let store = scene.world.store_of(&scene.world.acme);
    let files = store.files(scene.document.id).await.unwrap();
    assert_eq!(files.iter().filter(|file| file.state == FileState::Uploading).count(), 0);
    let scene = Scene { admin: scene.world.admin().await, ..scene };
    let again = scene.ask_for_files(&[contact]).await;
    scene.announce(&browser, &again, &pdf("another request")).await.expect(201);
}

#[tokio::test]
async fn nobody_sends_where_the_link_does_not_open_or_does_not_let_them_write() {
    let scene = Scene::for_maya().await;
    let (browser, contact) = (scene.world.visitor(), scene.contact.as_ref().unwrap().id);
    scene.open(&browser, 'a').await.expect(200);
    let request = scene.ask_for_files(&[json!(contact)]).await;
    let new = scene.announce(&browser, &request, &pdf("annex")).await.expect(201);
    let path = format!("/v1/links/{}", scene.link.id);
    let version = scene.admin.get(&path).await.version();
    let reading = json!({ "rights": ["view", "download"] });
    scene.admin.patch(&path, reading).if_match(version).await.expect(200);
    let refused = scene.announce(&browser, &request, &pdf("annex")).await;
    assert_eq!(refused.problem(403), "forbidden");
    assert_eq!(scene.complete(&browser, &id_of(&new["file"])).await.problem(403), "forbidden");
    scene.staff("deactivate").await;
    let refused = scene.announce(&browser, &request, &pdf("annex")).await;
    assert_eq!(refused.problem(403), "link-inactive");
}

#[tokio::test]
async fn nobody_is_asked_for_files_who_could_send_none() {
    let scene = Scene::for_maya().await;
    let contact = scene.contact.as_ref().unwrap().id;
    let path = format!("/v1/links/{}", scene.link.id);
    let version = scene.admin.get(&path).await.version();
    let reading = json!({ "rights": ["view", "download"] });
    scene.admin.patch(&path, reading).if_match(version).await.expect(200);
    let events = format!("/v1/documents/{}/events", scene.document.id);
    let ask = |whom: Value| {
        let mut input = json!({ "kind": "file_request", "text": "Your annex, please." });
        input.as_object_mut().unwrap().extend(whom.as_object().unwrap().clone());
        scene.admin.post(&events, input)
    };
    let named = ask(json!({ "contact_ids": [contact] })).await;
    assert_eq!(named.pointers(), ["/contact_ids/0"]);
    assert_eq!(ask(json!({ "link_id": scene.link.id })).await.pointers(), ["/link_id"]);
}

#[tokio::test]
async fn what_was_sent_into_a_copy_of_ones_own_can_be_deleted() {
    let scene = Scene::of(Audience::PublicChild, None).await;
    let browser = scene.world.visitor();
    let proved = scene.prove(&browser, "one@hooli.example").await.expect(200);
    let board = scene.admin.get(format!("/v1/links/{}/children", scene.link.id)).await.expect(200);
    let child = board["items"][0]["document_id"].as_str().unwrap();
    let events = format!("/v1/documents/{child}/events");
    let ask = json!({ "kind": "file_request", "text": "Your annex, please." });
    let request = id_of(&scene.admin.post(events, ask).await.expect(201));
    let file = scene.send(&browser, &request, &pdf("annex")).await;
    scene.admin.delete(format!("/v1/files/{file}")).await.expect(204);
    let own = proved["file"]["id"].as_str().unwrap();
    let kept = scene.admin.delete(format!("/v1/files/{own}")).await;
    assert_eq!(kept.problem(409), "wrong-state", "what was made for them stays");
    assert_eq!(scene.read(&browser).await.expect(200)["file"]["id"], own);
}
