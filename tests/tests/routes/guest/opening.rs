//! The cover, and the press on *open*.

use domain::link::Audience;
use domain::member::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::activities::Home;
use tests::faults::operations;
use tests::trail::{gap_free_trail, times};

use super::Scene;

#[tokio::test]
async fn the_cover_tells_who_sends_what_and_changes_nothing() {
    let scene = Scene::for_maya().await;
    let browser = scene.world.visitor();
    let cover = browser.post(scene.path("/cover"), json!({ "secret": scene.secret() })).await;
    let cover = cover.expect(200);
    assert_eq!(cover["title"], "Report");
    assert_eq!(cover["sender"], json!(scene.world.acme.administrator.name));
    assert_eq!(cover["rights"], json!(["view", "download", "write", "sign"]));
    assert_eq!((&cover["opens"], &cover["knows_address"]), (&json!("press"), &json!(true)));
    assert_eq!(browser.cookie_names(), [""; 0]);
    let store = scene.world.store_of(&scene.world.acme);
    let link = store.link(scene.document.id, scene.link.id).await.unwrap().unwrap();
    assert_eq!(link, scene.link);
}

#[tokio::test]
async fn a_forged_or_mangled_secret_costs_no_call_at_all() {
    let scene = Scene::for_maya().await;
    let browser = scene.world.visitor();
    let secret = scene.secret();
    let mut mangled = secret.clone();
    mangled.replace_range(10..11, if &secret[10..11] == "A" { "B" } else { "A" });
    for forged in ["", "x", &secret[1..], &mangled, &format!("{secret}A"), "🔑"] {
        for verb in ["cover", "open", "code"] {
            let mut input = json!({ "secret": forged });
            if verb == "open" {
                input["device_nonce"] = json!("A".repeat(43));
            }
            scene.world.faults.count();
            let reply = browser.post(scene.path(&format!("/{verb}")), input).await;
            assert_eq!(operations(&scene.world.faults.disarm()), 0, "{verb} {forged}");
            assert_eq!(reply.problem(404), "not-found", "{verb} {forged}");
        }
    }
    let other = Scene::for_maya().await;
    let input = json!({ "secret": other.secret() });
    let elsewhere = browser.post(scene.path("/cover"), input).await;
    assert_eq!(elsewhere.problem(404), "not-found");
}

#[tokio::test]
async fn the_first_press_is_believed_and_no_other() {
    let scene = Scene::for_maya().await;
    let (first, second) = (scene.world.visitor(), scene.world.visitor());
    let reply = scene.open(&first, 'a').await;
    let cookie = reply.header("set-cookie").to_owned();
    assert!(
        cookie.starts_with("device=") && cookie.contains("; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let opened = reply.expect(200);
    assert_eq!(opened["standing"], "trusted");
    assert_eq!(opened["rights"], json!(["view", "download", "write"]));
    assert_eq!(opened["once_proved"], json!(["view", "download", "write", "sign"]));
    assert_eq!(opened["file"]["name"], "Report.pdf");
    assert_eq!(scene.open(&second, 'b').await.problem(409), "code-required");
    assert_eq!(scene.read(&second).await.problem(409), "code-required");
    assert_eq!(second.cookie_names(), [""; 0]);
    scene.read(&first).await.expect(200);
    scene.download(&first).await.expect(200);
    scene.world.tick().await;
    let told = scene.world.last_mail(scene.world.acme.administrator.email.as_str());
    assert_eq!(told.subject, "Ada Lovelace opened “Report”");
    let store = scene.world.store_of(&scene.world.acme);
    let contact = scene.contact.as_ref().unwrap().id;
    let lines = gap_free_trail(&store, Home::Contact(contact)).await;
    for verb in ["guest.open", "guest.read", "guest.download"] {
        assert_eq!(times(&lines, verb), 1, "{verb}");
    }
}

#[tokio::test]
async fn a_lost_reply_is_survived_for_ten_minutes_and_by_the_same_browser_only() {
    let scene = Scene::for_maya().await;
    let browser = scene.world.visitor();
    let first = scene.open(&browser, 'a').await;
    let cookie = browser.cookie("device");
    browser.forget_cookies();
    let again = scene.open(&browser, 'a').await;
    assert_eq!(browser.cookie("device"), cookie);
    assert_eq!(again.expect(200), first.expect(200));
    let other = scene.world.visitor();
    other.keep_cookie("device", &"C".repeat(43));
    scene.open(&other, 'a').await.expect(200);
    scene.read(&other).await.expect(200);
    let devices = scene.admin.get(format!("/v1/links/{}/devices", scene.link.id)).await.expect(200);
    let ids: Vec<&Value> =
        devices["items"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "one browser under two cookies");
    scene.world.advance(SignedDuration::from_mins(10));
    let late = scene.world.visitor();
    assert_eq!(scene.open(&late, 'a').await.problem(409), "code-required");
}

#[tokio::test]
async fn one_cookie_serves_all_links_and_tells_none_of_another() {
    let scene = Scene::for_maya().await;
    let acme = &scene.world.acme;
    let second = scene.world.link(acme, &scene.document, Audience::Undefined, None).await;
    let browser = scene.world.visitor();
    scene.open(&browser, 'a').await.expect(200);
    let cookie = browser.cookie("device");
    let input = json!({
        "secret": scene.world.link_secret(acme, &second),
        "device_nonce": "b".repeat(42) + "A",
    });
    browser.post(format!("/v1/guest/{}/open", second.id), input).await.expect(200);
    assert_eq!(browser.cookie("device"), cookie);
    scene.read(&browser).await.expect(200);
    browser.get(format!("/v1/guest/{}", second.id)).await.expect(200);
    let store = scene.world.store_of(acme);
    let shas = async |link| store.guests_of(link, None, 9).await.unwrap();
    assert_ne!(shas(scene.link.id).await[0].0, shas(second.id).await[0].0);
}

#[tokio::test]
async fn what_stops_the_link_stops_everybody_in_the_same_words() {
    let scene = Scene::for_maya().await;
    let (known, other) = (scene.world.visitor(), scene.world.visitor());
    scene.open(&known, 'a').await.expect(200);
    let contact = scene.contact.as_ref().unwrap().id;
    let suspend = async || {
        let path = format!("/v1/contacts/{contact}/suspend");
        scene.admin.post(path, json!({})).await.expect(200);
    };
    let mut said = Vec::new();
    for step in ["deactivate", "suspend"] {
        if step == "deactivate" {
            scene.staff("deactivate").await;
        } else {
            scene.staff("copy").await;
            suspend().await;
        }
        for browser in [&known, &other] {
            let cover = json!({ "secret": scene.secret() });
            for reply in [
                scene.read(browser).await,
                scene.open(browser, 'z').await,
                browser.post(scene.path("/cover"), cover).await,
                scene.ask(browser, super::EMAIL).await,
                scene.download(browser).await,
            ] {
                assert_eq!(reply.problem(403), "link-inactive", "{step}: {}", reply.text);
                let mut body = reply.body.clone();
                body.as_object_mut().unwrap().remove("instance");
                said.push(body);
            }
        }
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
}

#[tokio::test]
async fn activating_again_needs_no_new_proof() {
    let scene = Scene::for_maya().await;
    let browser = scene.world.visitor();
    scene.open(&browser, 'a').await.expect(200);
    scene.staff("deactivate").await;
    assert_eq!(scene.read(&browser).await.problem(403), "link-inactive");
    scene.staff("copy").await;
    scene.read(&browser).await.expect(200);
}

#[tokio::test]
async fn closed_access_is_not_there_any_more_and_stays_so() {
    let scene = Scene::for_maya().await;
    let browser = scene.world.visitor();
    scene.open(&browser, 'a').await.expect(200);
    let contact = scene.contact.as_ref().unwrap().id;
    let path = format!("/v1/contacts/{contact}/documents");
    let document = json!([{ "document_id": scene.document.id }]);
    for change in ["remove", "add"] {
        scene.admin.patch(&path, json!({ change: document })).await.expect(200);
        assert_eq!(scene.read(&browser).await.problem(404), "not-found", "{change}");
        assert_eq!(scene.open(&browser, 'a').await.problem(404), "not-found", "{change}");
    }
}

#[tokio::test]
async fn access_is_closed_and_opened_again_with_another_link() {
    let scene = Scene::for_maya().await;
    let browser = scene.world.visitor();
    scene.open(&browser, 'a').await.expect(200);
    let contact = scene.contact.as_ref().unwrap().id;
    let path = format!("/v1/documents/{}", scene.document.id);
    let whose = json!({ "contact_id": contact });
    let close = format!("{path}/close-access");
    let told = scene.admin.post(format!("{close}?preview=true"), whose.clone()).await.expect(200);
    let kinds: Vec<&Value> =
        told["effects"].as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["unshared", "link_closes"]);
    let closed = scene.admin.post(&close, whose.clone()).await.expect(200);
    assert_eq!(closed["open"], false);
    scene.admin.post(&close, whose.clone()).await.expect(200);
    assert_eq!(scene.read(&browser).await.problem(404), "not-found");
    let reopened = scene.admin.post(format!("{path}/reopen-access"), whose).await.expect(200);
    assert_eq!(reopened["link"]["state"], "active");
    assert_ne!(reopened["link"]["id"], json!(scene.link.id));
    assert_eq!(reopened["link"]["rights"], json!(["view", "download", "write", "sign"]));
    assert_eq!(scene.read(&browser).await.problem(404), "not-found", "the old one stays closed");
}

#[tokio::test]
async fn one_file_is_hidden_and_shown_again() {
    let scene = Scene::for_maya().await;
    let browser = scene.world.visitor();
    scene.open(&browser, 'a').await.expect(200);
    let file = scene.document.published.as_ref().unwrap().id;
    let path = format!("/v1/documents/{}", scene.document.id);
    let whose = json!({ "contact_id": scene.contact.as_ref().unwrap().id, "file_id": file });
    scene.admin.post(format!("{path}/close-access"), whose.clone()).await.expect(200);
    assert_eq!(scene.read(&browser).await.expect(200)["file"], Value::Null);
    assert_eq!(scene.download(&browser).await.problem(404), "not-found");
    scene.admin.post(format!("{path}/reopen-access"), whose).await.expect(200);
    scene.download(&browser).await.expect(200);
}

#[tokio::test]
async fn who_may_not_download_gets_marked_pages_and_who_may_gets_clean_ones() {
    let scene = Scene::of(Audience::PublicSame, None).await;
    let document = scene.world.lay_page(&scene.world.acme, &scene.document).await;
    let file = document.published.as_ref().unwrap().id;
    let (bearer, known) = (scene.world.visitor(), scene.world.visitor());
    scene.open(&bearer, 'a').await.expect(200);
    scene.prove(&known, super::EMAIL).await.expect(200);
    let page = scene.path(&format!("/files/{file}/pages/1"));
    let marked = bearer.get(&page).await.expect(200)["url"].as_str().unwrap().to_owned();
    assert!(marked.contains("/v1/pages/"), "{marked}");
    let shown = scene.world.http.get(&marked).send().await.unwrap();
    assert_eq!(shown.headers()["content-type"], "image/jpeg");
    let clean = known.get(&page).await.expect(200)["url"].as_str().unwrap().to_owned();
    assert!(!clean.contains("/v1/pages/"), "{clean}");
    let beyond = bearer.get(scene.path(&format!("/files/{file}/pages/2"))).await;
    assert_eq!(beyond.problem(404), "not-found");
    scene.staff("deactivate").await;
    assert_eq!(bearer.get(&page).await.problem(403), "link-inactive");
}

#[tokio::test]
async fn a_device_is_trusted_as_long_as_the_company_says() {
    let scene = Scene::for_maya().await;
    let tenant = scene.admin.get("/v1/tenant").await;
    let days = scene.admin.patch("/v1/tenant", json!({ "device_days": 7 }));
    days.if_match(tenant.version()).await.expect(200);
    let browser = scene.world.visitor();
    scene.open(&browser, 'a').await.expect(200);
    scene.world.advance(SignedDuration::from_hours(7 * 24) - SignedDuration::from_secs(1));
    scene.read(&browser).await.expect(200);
    scene.world.advance(SignedDuration::from_secs(1));
    assert_eq!(scene.read(&browser).await.problem(409), "code-required");
}

#[tokio::test]
async fn the_companys_policy_says_which_press_is_believed() {
    let scene = Scene::for_maya().await;
    let tenant = scene.admin.get("/v1/tenant").await;
    let policy = scene.admin.patch("/v1/tenant", json!({ "first_click": "mailed_link" }));
    policy.if_match(tenant.version()).await.expect(200);
    let browser = scene.world.visitor();
    assert_eq!(scene.open(&browser, 'a').await.problem(409), "code-required");
    scene.admin.post(format!("/v1/links/{}/send", scene.link.id), json!({})).await.expect(202);
    scene.world.tick().await;
    let mail = scene.world.last_mail(super::EMAIL);
    let secret = tests::world::token_in(&mail, &format!("/g/{}", scene.link.id));
    let input = json!({ "secret": secret, "device_nonce": "a".repeat(42) + "A" });
    browser.post(scene.path("/open"), input).await.expect(200);
}

#[tokio::test]
async fn a_colleague_only_looks() {
    let scene = Scene::for_maya().await;
    let colleague = scene.world.member(Role::Member).await;
    let opened = scene.open(&colleague, 'a').await.expect(200);
    assert_eq!((&opened["standing"], &opened["contact"]), (&json!("preview"), &Value::Null));
    assert!(colleague.cookie("device").is_none());
    let place = opened["place"].as_str().unwrap();
    let looks = || colleague.get(scene.path("")).header("X-Vestibule-Place", place);
    looks().await.expect(200);
    scene.read(&scene.admin).await.expect(200);
    assert_eq!(scene.download(&scene.admin).await.problem(403), "forbidden");
    let maya = scene.world.visitor();
    assert_eq!(
        scene.open(&maya, 'b').await.expect(200)["standing"],
        "trusted",
        "nothing was claimed"
    );
    scene.staff("deactivate").await;
    let inactive =
        [scene.open(&colleague, 'a').await, looks().await, scene.read(&scene.admin).await];
    for reply in &inactive {
        assert_eq!(reply.problem(403), "link-inactive");
    }
}

#[tokio::test]
async fn a_colleague_without_the_secret_reads_only_links_that_are_theirs_to_read() {
    let scene = Scene::for_maya().await;
    let colleague = scene.world.member(Role::Member).await;
    assert_eq!(scene.read(&colleague).await.problem(404), "not-found");
    let file = scene.document.published.as_ref().unwrap().id;
    let page = colleague.get(scene.path(&format!("/files/{file}/pages/1"))).await;
    assert_eq!(page.problem(404), "not-found");
    scene.read(&scene.admin).await.expect(200);
}

#[tokio::test]
async fn a_known_device_costs_two_round_trips() {
    // Who works for an account is let in by it too, which is one item more.
    for (domain, units) in [(None, 14.0), (Some(super::DOMAIN), 15.0)] {
        let scene = Scene::laid(Audience::Contact, Some(super::EMAIL), domain).await;
        let browser = scene.world.visitor();
        let opened = scene.open(&browser, 'a').await.expect(200);
        let place = opened["place"].as_str().unwrap();
        let read = browser.get(scene.path("")).header("X-Vestibule-Place", place);
        let (cost, reply) = scene.world.weigh("guest.read", read).await;
        reply.expect(200);
        assert!(cost.rounds <= 3 && cost.read <= units, "{cost:?} for {domain:?}");
        let forged = browser.get(scene.path("")).header("X-Vestibule-Place", "AQ");
        forged.await.expect(200);
    }
}
