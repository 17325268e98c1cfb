//! `PUT` and `DELETE` of `/v1/contacts/{id}/picture` and `/v1/tenant/logo`.

use domain::contact::ReviewStatus;
use domain::member::Role;
use files::picture::PICTURE_BYTES_MAX;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::{Client, Reply};
use tests::seed::address;
use tests::seed::pictures::{jpeg_with_exif, png};
use tests::trail::{gap_free_trail, times};
use tests::world::World;

async fn put(client: &Client, path: &str, kind: &str, bytes: Vec<u8>) -> Reply {
    client.send_raw("PUT", path, kind, bytes).await
}

async fn contact_path(world: &World) -> String {
    let contact = world.contact(&world.acme, &address(), ReviewStatus::Approved).await;
    format!("/v1/contacts/{}", contact.id)
}

/// The picture at an address that a view gave, and how it came.
async fn shown(world: &World, address: &Value) -> (u32, u32, String, Vec<u8>) {
    let answer = world.http.get(address["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert_eq!(answer.headers()["content-disposition"], "inline");
    let bytes = answer.bytes().await.unwrap().to_vec();
    let seen = image::load_from_memory(&bytes).unwrap();
    (seen.width(), seen.height(), kind, bytes)
}

#[tokio::test]
async fn a_contacts_picture_is_shown_replaced_and_taken_away() {
    let world = World::start().await;
    let admin = world.admin().await;
    let path = contact_path(&world).await;
    let picture = format!("{path}/picture");
    assert!(admin.get(&path).await.expect(200).get("picture").is_none());

    let sent = jpeg_with_exif(900, 600, "SECRET PLACE");
    assert!(sent.windows(6).any(|bytes| bytes == b"SECRET"));
    let saved = put(&admin, &picture, "image/jpeg", sent).await;
    assert_eq!((saved.status, saved.version()), (200, 2), "{}", saved.text);
    assert!(saved.body.get("picture").is_none(), "an answer that is kept opens nothing");
    let first = admin.get(&path).await.expect(200)["picture"].clone();
    let (width, height, kind, bytes) = shown(&world, &first).await;
    assert_eq!((width, height, kind.as_str()), (512, 512, "image/jpeg"));
    for gone in [&b"SECRET"[..], b"Exif"] {
        assert!(!bytes.windows(gone.len()).any(|bytes| bytes == gone), "{gone:?}");
    }
    let lives = first["expires_at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(lives <= jiff::Timestamp::now() + SignedDuration::from_secs(60));

    let saved = put(&admin, &picture, "image/png; charset=x", png(1, 1)).await;
    assert_eq!((saved.status, saved.version()), (200, 3), "{}", saved.text);
    let second = admin.get(&path).await.expect(200)["picture"].clone();
    let (width, height, kind, _) = shown(&world, &second).await;
    assert_eq!((width, height, kind.as_str()), (1, 1, "image/png"));
    world.tick().await;
    let (status, _) = world.fetch(first["url"].as_str().unwrap()).await;
    assert_eq!(status, 404, "the one before is dropped");
    shown(&world, &second).await;

    assert_eq!(admin.delete(&picture).await.status, 204);
    assert_eq!(admin.delete(&picture).await.status, 204, "the second click changes nothing");
    world.tick().await;
    assert_eq!(world.fetch(second["url"].as_str().unwrap()).await.0, 404);
    let seen = admin.get(&path).await;
    assert!(seen.body.get("picture").is_none() && seen.version() == 4);
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    let lines = gap_free_trail(&world.store_of(&world.acme), Home::Contact(id)).await;
    assert_eq!((times(&lines, "contacts.set_picture"), lines.len()), (2, 3));
}

#[tokio::test]
async fn a_logo_is_on_the_trust_page_in_the_portal_and_on_an_invitation() {
    let world = World::start().await;
    let admin = world.admin().await;
    let saved = put(&admin, "/v1/tenant/logo", "image/png", png(1280, 320)).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let version = saved.version();
    let contact = world.contact(&world.acme, &address(), ReviewStatus::Approved).await;
    let paper = world.paper(&world.acme, "Report").await;
    world.grant(&world.acme, contact.id, paper).await;
    let portal = world.portal_of(&world.acme, &contact).await;

    let tenant = admin.get("/v1/tenant").await.expect(200);
    let trust = world.visitor().get("/v1/trust/acme").await.expect(200);
    let room = portal.get("/v1/portal").await.expect(200);
    let (_, token) = world.offer(&world.acme, Role::Member).await;
    let offer = world.visitor().post("/v1/invitations/cover", json!({ "token": token })).await;
    let offer = offer.expect(200);
    let places = [&tenant["logo"], &trust["logo"], &room["tenant"]["logo"]];
    for logo in places.into_iter().chain([&offer["tenant"]["logo"]]) {
        let (width, height, kind, _) = shown(&world, logo).await;
        assert_eq!((width, height, kind.as_str()), (640, 160, "image/png"));
    }
    let rename = admin.patch("/v1/tenant", json!({ "name": "Acme AG" })).if_match(version);
    rename.await.expect(200);
    assert!(admin.get("/v1/tenant").await.body.get("logo").is_some(), "a rename keeps it");

    admin.delete("/v1/tenant/logo").await.expect(204);
    world.tick().await;
    assert!(world.visitor().get("/v1/trust/acme").await.expect(200).get("logo").is_none());
    assert_eq!(world.fetch(tenant["logo"]["url"].as_str().unwrap()).await.0, 404);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_leaves_nothing() {
    let world = World::start().await;
    let admin = world.admin().await;
    let path = contact_path(&world).await;
    let picture = format!("{path}/picture");
    let whole = png(300, 300);
    let mut bomb = png(1, 1);
    bomb[16..24].copy_from_slice(&[0, 0, 0x27, 0x0F, 0, 0, 0x27, 0x0F]);
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    let html = [&b"\x89PNG\r\n\x1a\n"[..], b"<!doctype html><script>alert(1)</script>"].concat();
    let large = vec![0; PICTURE_BYTES_MAX + 1];
    for place in [picture.as_str(), "/v1/tenant/logo"] {
        for (kind, bytes, status, problem) in [
            ("image/svg+xml", svg.clone(), 415, "not-a-picture"),
            ("application/json", b"{}".to_vec(), 415, "not-a-picture"),
            ("text/html", whole.clone(), 415, "not-a-picture"),
            ("image/png", large.clone(), 413, "too-large"),
            ("image/png", Vec::new(), 400, "bad-input"),
            ("image/png", svg.clone(), 400, "bad-input"),
            ("image/png", html.clone(), 400, "bad-input"),
            ("image/jpeg", whole.clone(), 400, "bad-input"),
            ("image/png", whole[..whole.len() / 2].to_vec(), 400, "bad-input"),
            ("image/png", bomb.clone(), 400, "bad-input"),
            ("image/webp", b"RIFF\xff\xff\xff\xffWEBPVP8 ".to_vec(), 400, "bad-input"),
        ] {
            let reply = put(&admin, place, kind, bytes).await;
            assert_eq!(reply.problem(status), problem, "{kind}: {}", reply.text);
        }
    }
    let kept = world.admin().await.get(&path).await;
    assert!(kept.version() == 1 && kept.body.get("picture").is_none());
    // JSON routes take no picture, however it is dressed.
    let odd = admin.send_raw("POST", "/v1/contacts", "image/png", whole).await;
    assert_eq!(odd.problem(415), "not-json");
}

#[tokio::test]
async fn cross_site_and_foreign_pictures_are_refused() {
    let world = World::start().await;
    let path = format!("{}/picture", contact_path(&world).await);
    let admin = world.admin().await;
    let send = || admin.send_raw("PUT", &path, "image/png", png(9, 9));
    assert_eq!(send().without("x-vestibule").await.problem(403), "cross-site");
    let elsewhere = send().header("origin", "https://evil.example").await;
    assert_eq!(elsewhere.problem(403), "cross-site");
    let member = world.member(Role::Member).await;
    assert_eq!(put(&member, &path, "image/png", png(9, 9)).await.problem(404), "not-found");
    assert_eq!(
        put(&member, "/v1/tenant/logo", "image/png", png(9, 9)).await.problem(403),
        "forbidden"
    );
    let nobody = world.visitor();
    assert_eq!(put(&nobody, &path, "image/png", png(9, 9)).await.problem(401), "sign-in");

    let first = send().key("k").await;
    let again = send().key("k").await;
    assert_eq!((first.version(), again.version()), (2, 2));
    let other = admin.send_raw("PUT", &path, "image/png", png(8, 8)).key("k").await;
    assert_eq!(other.problem(422), "idempotency-key-reused");
}

#[tokio::test]
async fn the_picture_of_an_erased_contact_is_gone() {
    let world = World::start().await;
    let admin = world.admin().await;
    let path = contact_path(&world).await;
    put(&admin, &format!("{path}/picture"), "image/png", png(9, 9)).await.expect(200);
    let url = admin.get(&path).await.expect(200)["picture"]["url"].as_str().unwrap().to_owned();
    admin.delete(&path).await.expect(204);
    world.tick().await;
    assert_eq!(world.fetch(&url).await.0, 200, "kept until it is erased");
    world.advance(SignedDuration::from_hours(30 * 24));
    world.tick().await;
    world.tick().await;
    assert_eq!(world.fetch(&url).await.0, 404);
}
