//! What mailboxes and senders are told, and what a notice lets its reader do.

use domain::link::Audience;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::client::{Call, Client, Reply};
use tests::world::token_in;

use super::{EMAIL, Scene};

const NEW_BROWSER: &str = "did not know";

impl Scene {
    /// What stands behind the `#` of the newest notice to Maya.
    async fn notice(&self) -> String {
        self.world.tick().await;
        token_in(&self.world.last_mail_with(EMAIL, NEW_BROWSER), "/not-me")
    }

    async fn ask_with(&self, browser: &Client, token: &str) -> Reply {
        browser.post(self.path("/code"), json!({ "token": token })).await
    }

    fn not_me(&self, browser: &Client, token: &str, code: &str) -> Call {
        browser.post(self.path("/not-me"), json!({ "token": token, "code": code }))
    }

    fn notices(&self, address: &str, text: &str) -> usize {
        let mails = self.world.mails_to(address);
        mails.iter().filter(|mail| mail.text.contains(text)).count()
    }
}

#[tokio::test]
async fn whoever_reads_the_mailbox_takes_a_browser_off_that_is_not_theirs() {
    let scene = Scene::for_maya().await;
    let (thief, maya) = (scene.world.visitor(), scene.world.visitor());
    scene.open(&thief, 'a').await.expect(200);
    let token = scene.notice().await;
    // Opening the notice's page, and even asking for the code, takes nothing off.
    scene.ask_with(&maya, &token).await.expect(202);
    let code = scene.mailed(EMAIL).await;
    scene.read(&thief).await.expect(200);
    assert_eq!(
        scene.not_me(&scene.world.visitor(), &token, &code).await.problem(403),
        "code-wrong"
    );
    // It takes off, and lets nobody in.
    assert_eq!(scene.verify(&maya, &code).await.problem(403), "code-wrong");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(scene.not_me(&maya, &token, wrong).await.problem(403), "code-wrong");
    let take_off = async || scene.not_me(&maya, &token, &code).key("off").await.expect(200);
    let off = take_off().await;
    assert_eq!(take_off().await, off, "a repeat is answered alike");
    assert_eq!((&off["title"], &off["revoked"]), (&json!("Report"), &json!(true)));
    assert_eq!(off["network"], thief.network());
    assert_eq!(scene.read(&thief).await.problem(409), "code-required");
    assert_eq!(scene.open(&thief, 'a').await.problem(409), "code-required", "nor by its nonce");
    assert_eq!(scene.not_me(&maya, &token, &code).await.problem(403), "code-wrong", "once");
    scene.world.tick().await;
    let admin = scene.world.acme.administrator.email.to_string();
    let told = scene.world.last_mail_with(&admin, "not them");
    assert!(told.subject.contains("did not open"), "{}", told.subject);
    assert_eq!(scene.notices(&admin, "not them"), 1, "and told once");
    // The reader goes on, and the notice finds nothing left to do.
    scene.world.advance(SignedDuration::from_mins(1));
    scene.prove(&maya, EMAIL).await.expect(200);
    scene.world.advance(SignedDuration::from_mins(1));
    scene.ask_with(&maya, &token).await.expect(202);
    let code = scene.mailed(EMAIL).await;
    let again = scene.not_me(&maya, &token, &code).await.expect(200);
    assert_eq!((&again["revoked"], &again["network"]), (&json!(false), &Value::Null));
    scene.read(&maya).await.expect(200);
}

#[tokio::test]
async fn whoever_holds_the_link_cannot_keep_the_mailbox_from_taking_them_off() {
    let scene = Scene::for_maya().await;
    let (thief, maya) = (scene.world.visitor(), scene.world.visitor());
    scene.open(&thief, 'a').await.expect(200);
    let token = scene.notice().await;
    for _ in 0..6 {
        scene.ask(&thief, EMAIL).await.expect(202);
        scene.world.advance(SignedDuration::from_mins(16));
    }
    scene
        .world
        .admin()
        .await
        .post(format!("/v1/links/{}/deactivate", scene.link.id), json!({}))
        .await
        .expect(200);
    scene.ask_with(&maya, &token).await.expect(202);
    let code = scene.mailed(EMAIL).await;
    assert_eq!(scene.not_me(&maya, &token, &code).await.expect(200)["revoked"], json!(true));
}

#[tokio::test]
async fn the_same_number_under_another_cookie_is_a_browser_of_its_own() {
    let scene = Scene::for_maya().await;
    let (first, second) = (scene.world.visitor(), scene.world.visitor());
    scene.open(&first, 'a').await.expect(200);
    second.keep_cookie("device", &"A".repeat(43));
    scene.world.advance(SignedDuration::from_secs(1));
    scene.open(&second, 'a').await.expect(200);
    let devices = scene.admin.get(format!("/v1/links/{}/devices", scene.link.id)).await.expect(200);
    let devices = devices["items"].as_array().unwrap();
    let ids: std::collections::BTreeSet<_> =
        devices.iter().map(|it| it["id"].to_string()).collect();
    assert_eq!((ids.len(), devices.len()), (2, 2));
    scene.world.tick().await;
    assert_eq!(scene.notices(EMAIL, NEW_BROWSER), 2, "each is told of");
}

#[tokio::test]
async fn a_notice_is_good_for_its_link_its_mailbox_and_a_week() {
    let scene = Scene::for_maya().await;
    let maya = scene.world.visitor();
    scene.open(&maya, 'a').await.expect(200);
    let token = scene.notice().await;
    let other = scene.world.link(&scene.world.acme, &scene.document, Audience::PublicSame, None);
    let elsewhere = format!("/v1/guest/{}/code", other.await.id);
    let reply = maya.post(elsewhere, json!({ "token": token })).await;
    assert_eq!(reply.problem(404), "not-found");
    assert_eq!(scene.ask_with(&maya, &token[1..]).await.problem(404), "not-found");
    let both = json!({ "token": token, "email": EMAIL });
    let reply = maya.post(scene.path("/code"), both).await;
    assert_eq!(reply.body["errors"][0]["pointer"], "/token", "{}", reply.text);
    scene.world.advance(SignedDuration::from_hours(7 * 24));
    assert_eq!(scene.ask_with(&maya, &token).await.problem(403), "link-over");
    assert_eq!(scene.not_me(&maya, &token, "123456").await.problem(403), "link-over");
}

#[tokio::test]
async fn a_notice_to_an_address_that_was_given_up_does_nothing() {
    let scene = Scene::for_maya().await;
    let maya = scene.world.visitor();
    scene.open(&maya, 'a').await.expect(200);
    let token = scene.notice().await;
    let path = format!("/v1/contacts/{}", scene.contact.as_ref().unwrap().id);
    let contact = scene.admin.get(&path).await.expect(200);
    let moved = json!({ "email": "maya@hooli.example" });
    let version = contact["version"].as_u64().unwrap();
    scene.admin.patch(&path, moved).if_match(version).await.expect(200);
    assert_eq!(scene.ask_with(&maya, &token).await.problem(403), "link-over");
}

#[tokio::test]
async fn only_news_is_told_to_a_mailbox() {
    let scene = Scene::of(Audience::PublicSame, None).await;
    let (first, second) = (scene.world.visitor(), scene.world.visitor());
    scene.prove(&first, EMAIL).await.expect(200);
    scene.world.tick().await;
    assert_eq!(scene.notices(EMAIL, NEW_BROWSER), 0, "they were asked for the code just now");
    scene.world.advance(SignedDuration::from_mins(1));
    scene.prove(&second, EMAIL).await.expect(200);
    scene.world.tick().await;
    assert_eq!(scene.notices(EMAIL, NEW_BROWSER), 1);
    scene.read(&second).await.expect(200);
    scene.open(&second, 'b').await.expect(200);
    scene.world.advance(SignedDuration::from_mins(16));
    scene.prove(&second, EMAIL).await.expect(200);
    scene.world.tick().await;
    assert_eq!(scene.notices(EMAIL, NEW_BROWSER), 1, "it is known by now");
}

#[tokio::test]
async fn who_holds_a_link_that_does_not_open_asks_for_it_once_a_day() {
    let scene = Scene::for_maya().await;
    let admin = scene.world.acme.administrator.email.to_string();
    let maya = scene.world.visitor();
    let ask = async |key: &str| {
        let secret = json!({ "secret": scene.secret() });
        maya.post(scene.path("/ask-again"), secret).key(key).await.expect(202);
        scene.world.tick().await;
        scene.notices(&admin, "Whoever holds the link")
    };
    assert_eq!(ask("early").await, 0, "it opens");
    scene.staff("deactivate").await;
    assert_eq!(ask("first").await, 1);
    assert_eq!(ask("second").await, 1, "once a day");
    scene.world.advance(SignedDuration::from_hours(23));
    assert_eq!(ask("first").await, 1, "a repeat asks for nothing new, whatever day it is");
    scene.world.advance(SignedDuration::from_hours(1));
    assert_eq!(ask("third").await, 2);
    let forged = json!({ "secret": "AA" });
    let reply = maya.post(scene.path("/ask-again"), forged).await;
    assert_eq!(reply.problem(404), "not-found");
    let mail = scene.world.last_mail_with(&admin, "Whoever holds the link");
    assert_eq!(mail.subject, "Ada Lovelace asks for “Report” again");
}
