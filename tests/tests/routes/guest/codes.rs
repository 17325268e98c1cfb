//! Codes on guest links.

use domain::link::Audience;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::client::{Client, Reply};

use super::{EMAIL, Scene, details};

/// Everything that a browser sees of an answer, but what time and chance make of it.
fn seen(reply: &Reply) -> Value {
    let mut answer = reply.shown();
    if let Some(body) = answer["body"].as_object_mut() {
        body.remove("expires_at");
    }
    answer
}

#[tokio::test]
async fn other_browsers_prove_themselves_by_code() {
    let scene = Scene::for_maya().await;
    let (first, second) = (scene.world.visitor(), scene.world.visitor());
    scene.open(&first, 'a').await.expect(200);
    let asked = second.post(scene.path("/code"), json!({ "secret": scene.secret() })).await;
    asked.expect(202);
    let code = scene.mailed(EMAIL).await;
    let mail = scene.world.last_mail(EMAIL);
    assert!(mail.text.contains("Report") && !mail.text.contains("http"), "{}", mail.text);
    let stranger = scene.world.visitor();
    assert_eq!(scene.verify(&stranger, &code).await.problem(403), "code-wrong");
    let let_in = scene.verify(&second, &code).await.expect(200);
    assert_eq!(let_in["standing"], "verified");
    assert_eq!(let_in["rights"], json!(["view", "download", "write", "sign"]));
    assert_eq!(let_in["contact"]["email"], EMAIL);
    scene.read(&second).await.expect(200);
    scene.read(&first).await.expect(200);
    assert_eq!(scene.verify(&second, &code).await.problem(403), "code-wrong", "once");
}

#[tokio::test]
async fn without_the_secret_a_code_goes_only_where_the_link_is_bound() {
    let scene = Scene::for_maya().await;
    let browser = scene.world.visitor();
    let input = json!({ "email": EMAIL });
    let ask = async || browser.post(scene.path("/code"), input.clone()).key("once").await;
    let (first, again) = (ask().await, ask().await);
    assert_eq!((first.status, again.status), (202, 202));
    assert_eq!(again.header("set-cookie"), first.header("set-cookie"));
    let code = scene.mailed(EMAIL).await;
    assert_eq!(scene.world.mails_to(EMAIL).len(), 1, "a repeat mails none");
    scene.verify(&browser, &code).await.expect(200);

    let undefined = Scene::of(Audience::Undefined, None).await;
    let browser = undefined.world.visitor();
    let input = json!({ "email": "somebody@hooli.example" });
    browser.post(undefined.path("/code"), input).await.expect(202);
    undefined.world.tick().await;
    assert_eq!(undefined.world.mails_outside().len(), 0);
}

#[tokio::test]
async fn asking_looks_and_costs_the_same_whoever_the_address_is() {
    let scene = Scene::for_maya().await;
    scene
        .world
        .contact(&scene.world.acme, "other@initech.example", super::ReviewStatus::Approved)
        .await;
    let addresses = [EMAIL, "other@initech.example", "nobody@initech.example"];
    let browsers: Vec<Client> = addresses.iter().map(|_| scene.world.visitor()).collect();
    for (step, status) in [(0, 202), (30, 429), (31, 202)] {
        scene.world.advance(SignedDuration::from_secs(step));
        let mut all = Vec::new();
        for (browser, address) in browsers.iter().zip(addresses) {
            drop(scene.world.meter.take());
            let reply = scene.ask(browser, address).await;
            assert_eq!(reply.status, status, "{address}: {}", reply.text);
            let calls = scene.world.meter.take();
            let cost = |call: &store::meter::Call| (call.doing, call.units.to_bits());
            let cost: Vec<_> = calls.iter().map(cost).collect();
            all.push((cost, seen(&reply)));
        }
        for other in &all {
            assert_eq!(*other, all[0]);
        }
        scene.world.tick().await;
    }
    assert_eq!(scene.world.mails_to(EMAIL).len(), 2);
    assert_eq!(scene.world.mails_to("other@initech.example").len(), 0);
    assert_eq!(scene.world.mails_to("nobody@initech.example").len(), 0);
}

#[tokio::test]
async fn five_guesses_and_a_code_is_dead() {
    let scene = Scene::for_maya().await;
    let browser = scene.world.visitor();
    scene.ask(&browser, EMAIL).await.expect(202);
    let code = scene.mailed(EMAIL).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(scene.verify(&browser, wrong).await.problem(403), "code-wrong");
    }
    assert_eq!(scene.verify(&browser, &code).await.problem(403), "code-wrong");
}

#[tokio::test]
async fn after_twenty_five_misses_a_link_proves_the_browser_that_opens_it() {
    let scene = Scene::for_maya().await;
    let thief = scene.world.visitor();
    let token = scene.last_resort(&thief, EMAIL).await;
    let browser = scene.world.visitor();
    let confirm = async |browser: &Client| {
        browser.post(scene.path("/confirm"), json!({ "token": token })).await
    };
    assert_eq!(confirm(&browser).await.expect(200)["standing"], "verified");
    assert_eq!(confirm(&scene.world.visitor()).await.problem(403), "link-over");
    assert_eq!(scene.read(&thief).await.problem(409), "code-required");
    scene.read(&browser).await.expect(200);
}

#[tokio::test]
async fn a_suspended_contact_is_refused_in_the_words_for_a_stranger() {
    let scene = Scene::of(Audience::PublicSame, None).await;
    let acme = &scene.world.acme;
    let status = super::ReviewStatus::Cancelled;
    scene.world.contact(acme, "shut@initech.example", status).await;
    let browser = scene.world.visitor();
    let shut = scene.ask(&browser, "shut@initech.example").await;
    scene.world.tick().await;
    assert_eq!(scene.world.mails_outside().len(), 0);
    let other = scene.ask(&scene.world.visitor(), "free@initech.example").await;
    assert_eq!(seen(&shut), seen(&other));
}

#[tokio::test]
async fn a_right_code_without_details_is_no_miss_and_works_with_them() {
    let scene = Scene::of(Audience::Undefined, None).await;
    let browser = scene.world.visitor();
    scene.ask(&browser, "new@hooli.example").await.expect(202);
    let code = scene.mailed("new@hooli.example").await;
    for _ in 0..7 {
        let reply = scene.verify(&browser, &code).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/details"]));
    }
    let let_in = scene.verify_as(&browser, &code, details()).await.expect(200);
    assert_eq!(let_in["contact"]["first_name"], "Tomasz");
}

#[tokio::test]
async fn an_account_whose_address_fits_needs_no_code() {
    let scene = Scene::of(Audience::Undefined, None).await;
    let world = &scene.world;
    let hooli = world.company("hooli").await;
    let browser = world.admin_of(&hooli).await;
    let path = scene.path("/verify-with-account");
    let bare = browser.post(&path, json!({})).await;
    assert_eq!(bare.problem(403), "forbidden", "the link knows nobody yet");
    let input = json!({ "secret": scene.secret(), "details": details() });
    let let_in = browser.post(&path, input.clone()).await.expect(200);
    assert_eq!(let_in["standing"], "verified");
    scene.read(&browser).await.expect(200);
    // The link knows them from now on, in whatever browser.
    let second = world.admin_of(&hooli).await;
    let come = async |browser: &Client| browser.post(&path, json!({})).key("come").await;
    let (first, again) = (come(&second).await, come(&second).await);
    assert_eq!(again.header("set-cookie"), first.header("set-cookie"));
    let first = first.expect(200);
    assert_eq!((&again.body, &first["contact"]), (&first, &let_in["contact"]));
    let devices = scene.admin.get(format!("/v1/links/{}/devices", scene.link.id)).await.expect(200);
    assert_eq!(devices["items"].as_array().unwrap().len(), 2, "a repeat lets in no third one");
    assert_eq!(come(&world.visitor()).await.problem(401), "sign-in", "the key alone opens nothing");
    let colleague = scene.admin.post(&path, input.clone()).await;
    assert_eq!(colleague.problem(403), "forbidden");
    assert_eq!(world.visitor().post(&path, input).await.problem(401), "sign-in");
}
