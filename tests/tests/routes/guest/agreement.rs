//! The agreement that comes before some documents.

use domain::document::{AccessLevel, Document};
use domain::link::Audience;
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::{Client, Reply};
use tests::trail::{gap_free_trail, times};

use super::{EMAIL, Scene};

impl Scene {
    /// The same with the document under an agreement that is in force.
    async fn under_nda(self) -> Self {
        let text = json!({ "title": "Our NDA", "text": "Tell nobody." });
        self.admin.post("/v1/nda-versions", text).await.expect(201);
        let (store, before) = (self.world.store_of(&self.world.acme), &self.document);
        let access_level = AccessLevel::Nda;
        let document = Document { version: before.version + 1, access_level, ..before.clone() };
        let mut change = store.change(self.world.house.dice.token());
        change.save_document(&document).unwrap();
        change.commit().await.unwrap();
        Self { document, ..self }
    }

    async fn nda(&self, browser: &Client) -> Value {
        browser.get(self.path("/nda")).await.expect(200)
    }

    async fn accept(&self, browser: &Client, version: u32) -> Reply {
        browser.post(self.path("/nda/accept"), json!({ "version": version })).await
    }
}

#[tokio::test]
async fn a_document_under_the_agreement_opens_once_it_is_accepted_with_a_proved_address() {
    let scene = Scene::for_maya().await.under_nda().await;
    let (trusted, verified) = (scene.world.visitor(), scene.world.visitor());
    let opened = scene.open(&trusted, 'a').await.expect(200);
    assert_eq!(opened["rights"], json!([]));
    assert_eq!(scene.read(&trusted).await.problem(403), "nda-required");
    let nda = scene.nda(&trusted).await;
    assert_eq!((&nda["version"], &nda["text"]), (&json!(1), &json!("Tell nobody.")));
    assert_eq!((&nda["is_accepted"], &nda["document"]), (&json!(false), &json!("Report")));
    assert_eq!(nda["contact"]["email"], EMAIL);
    assert_eq!(scene.accept(&trusted, 1).await.problem(409), "code-required");

    scene.prove(&verified, EMAIL).await.expect(200);
    assert_eq!(scene.read(&verified).await.problem(403), "nda-required");
    assert_eq!(scene.accept(&verified, 2).await.problem(412), "stale");
    for _ in 0..2 {
        scene.accept(&verified, 1).await.expect(204);
    }
    for browser in [&verified, &trusted] {
        scene.read(browser).await.expect(200);
        scene.download(browser).await.expect(200);
        assert_eq!(scene.nda(browser).await["is_accepted"], true);
    }
    let contact = scene.contact.as_ref().unwrap().id;
    let store = scene.world.store_of(&scene.world.acme);
    let folder = store.folder(contact).await.unwrap().unwrap();
    assert_eq!(folder.acceptances.len(), 1);
    let trail = gap_free_trail(&store, Home::Contact(contact)).await;
    assert_eq!(times(&trail, "guest.accept_nda"), 1);

    let newer = json!({ "title": "Our NDA", "text": "Tell nobody, ever." });
    scene.admin.post("/v1/nda-versions", newer).await.expect(201);
    assert_eq!(scene.read(&verified).await.problem(403), "nda-required");
}

#[tokio::test]
async fn who_only_bears_a_link_reads_the_agreement_and_accepts_nothing() {
    let scene = Scene::of(Audience::PublicSame, None).await.under_nda().await;
    let bearer = scene.world.visitor();
    scene.open(&bearer, 'a').await.expect(200);
    assert_eq!(scene.read(&bearer).await.problem(403), "nda-required");
    assert_eq!(scene.nda(&bearer).await["contact"], Value::Null);
    assert_eq!(scene.accept(&bearer, 1).await.problem(409), "code-required");

    scene.prove(&bearer, "new@hooli.example").await.expect(200);
    scene.accept(&bearer, 1).await.expect(204);
    scene.read(&bearer).await.expect(200);
    let other = scene.world.visitor();
    scene.open(&other, 'b').await.expect(200);
    assert_eq!(scene.read(&other).await.problem(403), "nda-required", "it was not them");
}

#[tokio::test]
async fn the_agreement_is_told_to_nobody_whom_the_link_does_not_open_to() {
    let scene = Scene::for_maya().await.under_nda().await;
    let stranger = scene.world.visitor();
    assert_eq!(stranger.get(scene.path("/nda")).await.problem(409), "code-required");
    assert_eq!(scene.accept(&stranger, 1).await.problem(409), "code-required");
    let reader = scene.world.visitor();
    scene.prove(&reader, EMAIL).await.expect(200);
    scene.staff("deactivate").await;
    assert_eq!(reader.get(scene.path("/nda")).await.problem(403), "link-inactive");
    assert_eq!(scene.accept(&reader, 1).await.problem(403), "link-inactive");
    let without = Scene::for_maya().await;
    let reader = without.world.visitor();
    without.open(&reader, 'a').await.expect(200);
    assert_eq!(reader.get(without.path("/nda")).await.problem(404), "not-found");
}
