//! The main journey, with every route a function of its own.

use app::house::token::page::PageToken;
use app::seating::founding::found;
use domain::pages::Width;
use files::pages::PageOf;
use serde_json::{Value, json};
use tests::client::id_of;
use tests::events::schedule;
use tests::seed::pages::drawable_pdf;
use tests::seed::{pdf, sha256};
use tests::world::token_in;

use crate::lambda::site::{
    BASE_URL, Browser, ORIGIN_KEY, ORIGIN_KEY_BEFORE, Site, VISITOR_ADDRESS,
};

const PASSWORD: &str = "correct horse battery staple";
const STAFF: &str = "admin@acme.example";
const VISITOR: &str = "ada@analytical.example";
const NONCE: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";

/// Uploads a PDF and publishes it; answers the document.
async fn publish(site: &mut Site, staff: &mut Browser, title: &str, bytes: Vec<u8>) -> String {
    let input = json!({ "title": title, "category": "Security", "access_level": "restricted" });
    let document = site.call(staff, "documents.create", &[], Some(input)).await.expect(201);
    let document = id_of(&document);
    let claim = json!({
        "name": "report.pdf",
        "media_type": "application/pdf",
        "size_bytes": bytes.len(),
        "sha256": sha256(&bytes),
    });
    let announced = site.call(staff, "files.create", &[&document], Some(claim)).await.expect(201);
    let upload = &announced["upload"];
    let mut put = site.http.put(upload["url"].as_str().unwrap()).body(bytes);
    for (name, value) in upload["headers"].as_object().unwrap() {
        put = put.header(name, value.as_str().unwrap());
    }
    assert_eq!(put.send().await.unwrap().status(), 200);
    let file = id_of(&announced["file"]);
    let done = site.call(staff, "files.complete", &[&file], Some(json!({}))).await.expect(200);
    assert_eq!(done["state"], "published");
    document
}

/// Signs staff in, who mistype first.
async fn sign_in(site: &mut Site) -> Browser {
    let mut staff = Browser::default();
    let wrong = json!({ "email": STAFF, "password": "not this one, surely" });
    let refused = site.call(&mut staff, "sessions.create", &[], Some(wrong)).await;
    assert_eq!(refused.headers["content-type"], "application/problem+json");
    assert_eq!(refused.status, 401);
    let input = json!({ "email": STAFF, "password": PASSWORD });
    let signed_in = site.call(&mut staff, "sessions.create", &[], Some(input)).await;
    let cookie = signed_in.cookies.first().expect("a session cookie");
    assert!(cookie.starts_with("__Host-session=") && cookie.ends_with("; Secure"), "{cookie}");
    signed_in.expect(201);
    staff
}

fn mails_to<'a>(site: &'a Site, address: &'a str) -> Vec<std::sync::Arc<local::mailbox::Mail>> {
    let mails = site.mailbox.newest_first().into_iter();
    mails.filter(|mail| mail.to.iter().any(|to| to == address)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_asks_staff_share_and_the_link_opens_through_the_deployed_programs() {
    let mut site = Site::deploy().await;
    let (email, name) = (STAFF.parse().unwrap(), "Admin".parse().unwrap());
    found(&site.house, "acme".parse().unwrap(), None, email, name, PASSWORD).await.unwrap();

    // Staff sign in and publish.
    let mut staff = sign_in(&mut site).await;
    let document = publish(&mut site, &mut staff, "Audit report", pdf("Audit report")).await;

    // A visitor asks.
    let asked = json!({
        "email": VISITOR,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "company": "Analytical Engines",
        "job_title": "Countess",
        "reason": "We want to buy.",
        "document_ids": [document],
    });
    let mut visitor = Browser::default();
    site.call(&mut visitor, "trust.request", &["acme"], Some(asked)).await.expect(202);
    site.ring().await;
    let list = site.call(&mut staff, "requests.list", &[], None).await.expect(200);
    let contact = list["items"][0]["contact_id"].as_str().unwrap().to_owned();
    let request = id_of(&list["items"][0]);

    // Staff share; the request is covered, and the worker mails the link.
    let add = json!({ "add": [{ "document_id": document }] });
    site.call(&mut staff, "contacts.share", &[&contact], Some(add)).await.expect(200);
    site.ring().await;
    let seen = site.call(&mut staff, "requests.read", &[&request], None).await.expect(200);
    assert_eq!((&seen["status"], &seen["automatic"]), (&json!("approved"), &json!(true)));
    let link = mails_to(&site, VISITOR).into_iter().find(|mail| mail.text.contains("/p/acme#"));
    let link = link.expect("a mail with the link");
    assert!(link.text.contains(&format!("{BASE_URL}/p/acme#")), "{}", link.text);

    // The link opens the portal, and the portal the file.
    let token = token_in(&link, "/p/acme");
    let opening = json!({ "token": token, "device_nonce": NONCE });
    site.call(&mut visitor, "portal.open", &[], Some(opening)).await.expect(200);
    let portal = site.call(&mut visitor, "portal.read", &[], None).await.expect(200);
    let file = id_of(&portal["documents"][0]["files"][0]);
    let url = site.call(&mut visitor, "portal.download", &[&file], Some(json!({}))).await;
    let url: Value = url.expect(200);
    let found = site.http.get(url["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(found.bytes().await.unwrap(), pdf("Audit report"));

    // The schedule finds nothing left to do; what is no event of ours is refused, not swallowed.
    let swept = site.minute().await;
    assert_eq!(swept["failed"], 0);
    let refused = site.misfire(json!({ "hello": "world" })).await;
    assert!(refused["errorMessage"].as_str().is_some_and(|said| !said.is_empty()), "{refused}");
    assert_eq!(mails_to(&site, VISITOR).iter().filter(|mail| mail.text.contains("/p/")).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_deployed_worker_draws_pages_and_a_function_answers_them_as_bytes() {
    let mut site = Site::deploy().await;
    let (email, name) = (STAFF.parse().unwrap(), "Admin".parse().unwrap());
    found(&site.house, "acme".parse().unwrap(), None, email, name, PASSWORD).await.unwrap();
    let mut staff = sign_in(&mut site).await;
    let document = publish(&mut site, &mut staff, "Audit report", drawable_pdf(2)).await;
    site.ring().await;
    let seen = site.call(&mut staff, "documents.read", &[&document], None).await.expect(200);
    let pages = json!({ "state": "ready", "count": 2, "total": 2 });
    assert_eq!(seen["published"]["pages"], pages);
    let file = id_of(&seen["published"]);

    // Staff get the page from the bucket, whoever may not download it under a mark.
    let clean = site.call(&mut staff, "files.page", &[&file, "2"], None).await.expect(200);
    let clean = site.http.get(clean["url"].as_str().unwrap()).send().await.unwrap();
    let clean = clean.bytes().await.unwrap();
    let tenant = site.call(&mut staff, "tenant.read", &[], None).await.expect(200);
    let token = PageToken {
        tenant: id_of(&tenant).parse().unwrap(),
        page: PageOf { file: file.parse().unwrap(), number: 2, width: Width::Wide },
        shown_at: files::wall_clock(),
        who: VISITOR.to_owned(),
    };
    let token = token.sign(&site.house.keys);
    let marked = site.call(&mut Browser::default(), "pages.read", &[&token], None).await;
    assert_eq!((marked.status, &marked.headers["content-type"]), (200, &json!("image/jpeg")));
    let marked = image::load_from_memory(&marked.bytes.expect("bytes")).unwrap().to_rgb8();
    let clean = image::load_from_memory(&clean).unwrap().to_rgb8();
    assert_eq!(marked.dimensions(), clean.dimensions());
    let dark = |page: &image::RgbImage| page.pixels().filter(|spot| spot.0[2] < 225).count();
    assert!(dark(&clean) + 10_000 < dark(&marked), "{} {}", dark(&clean), dark(&marked));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_serves_its_own_route_and_no_other() {
    let mut site = Site::deploy().await;
    let mut visitor = Browser::default();
    let health = site.call(&mut visitor, "health.read", &[], None).await;
    assert_eq!(health.status, 200);
    let answer = site.misroute("health.read", "/v1/contacts").await;
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert_eq!(answer.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_goes_around_the_edge_is_refused() {
    let mut site = Site::deploy().await;
    site.call(&mut Browser::default(), "health.read", &[], None).await.expect(200);
    for key in ["", "a key that only the edge know", "another"] {
        let answer = site.send("health.read", "/v1/health", key).await;
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert_eq!(answer.status, 403, "with `{key}`");
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains(BASE_URL), "it says where to go: {detail}");
    }
    for key in [ORIGIN_KEY, ORIGIN_KEY_BEFORE] {
        site.send("health.read", "/v1/health", key).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_visitor_is_who_the_edge_saw_and_not_the_edge() {
    let mut site = Site::deploy().await;
    let (email, name) = (STAFF.parse().unwrap(), "Admin".parse().unwrap());
    found(&site.house, "acme".parse().unwrap(), None, email, name, PASSWORD).await.unwrap();
    let mut staff = sign_in(&mut site).await;
    let sessions = site.call(&mut staff, "sessions.list", &[], None).await.expect(200);
    assert_eq!(sessions["items"][0]["network"], VISITOR_ADDRESS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operators_function_lets_an_administrator_in_and_does_nothing_else() {
    let mut site = Site::deploy().await;
    let order = json!({ "order": { "admin": { "slug": "acme", "email": STAFF } } });
    let done = site.order(order.clone()).await.unwrap();
    assert!(done["deed"].as_str().unwrap().contains("is made"), "{done}");
    let input = json!({ "email": STAFF, "password": done["password"] });
    site.call(&mut Browser::default(), "sessions.create", &[], Some(input)).await.expect(201);

    let refused = site.order(json!({ "order": { "admin": { "slug": "acme" } } })).await.unwrap();
    assert!(refused["refused"].as_str().unwrap().contains("email"), "{refused}");
    assert!(site.order(schedule()).await.is_err(), "a schedule is no order");
    let refused = site.misfire(order).await;
    assert!(refused["errorMessage"].as_str().unwrap().contains("neither"), "{refused}");
}
