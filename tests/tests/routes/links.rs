//! `/v1/documents/{id}/links` and `/v1/links`.

use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use domain::link::Audience;
use domain::link::guest::Proof;
use domain::tenant::Plan;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::{Client, id_of};
use tests::seed::address;
use tests::trail::{gap_free_trail, times};
use tests::world::{World, token_in};

const DAY: SignedDuration = SignedDuration::from_hours(24);

struct Sender {
    world: World,
    admin: Client,
    document: Document,
    contact: Contact,
}

async fn sender() -> Sender {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    let contact = world.contact(&world.acme, &address(), ReviewStatus::ToReview).await;
    Sender { world, admin, document, contact }
}

impl Sender {
    async fn make(&self, input: Value) -> Value {
        let path = format!("/v1/documents/{}/links", self.document.id);
        self.admin.post(path, input).await.expect(201)
    }

    async fn for_contact(&self) -> String {
        let input = json!({ "audience": "contact", "contact_id": self.contact.id });
        id_of(&self.make(input).await)
    }

    async fn url(&self, link: &str) -> String {
        let copied = self.admin.post(format!("/v1/links/{link}/copy"), json!({})).await.expect(200);
        copied["url"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_link_opens_the_document_to_its_contact_and_mails_nobody() {
    let sender = sender().await;
    let (world, contact) = (&sender.world, &sender.contact);
    let made = sender
        .make(json!({
            "audience": "contact",
            "contact_id": contact.id,
            "rights": ["sign", "download", "view"],
            "expires_at": "2090-06-30",
            "zone": "Asia/Tokyo",
        }))
        .await;
    assert_eq!(made["state"], "active");
    assert_eq!(made["rights"], json!(["view", "download", "sign"]));
    assert_eq!(made["expires_at"], "2090-06-30T15:00:00Z");
    assert_eq!(made["contact"]["id"], json!(contact.id));
    let store = world.store_of(&world.acme);
    let grant = store.grant(contact.id, sender.document.id).await.unwrap().unwrap();
    assert_eq!(json!(grant.rights), json!(["view", "download"]));
    assert_eq!(json!(grant.ends_at()), made["expires_at"]);
    let after = store.contact(contact.id).await.unwrap().unwrap();
    assert_eq!(after.status, ReviewStatus::ToReview, "a link approves nobody");
    world.tick().await;
    assert_eq!(world.mails_to(contact.email.as_ref().unwrap().as_str()).len(), 0);
    let read = sender.admin.get(format!("/v1/links/{}", id_of(&made))).await.expect(200);
    assert_eq!(read, made);
    let path = format!("/v1/documents/{}/links", sender.document.id);
    let listed = sender.admin.get(path).await.expect(200);
    assert_eq!(listed["items"], json!([made]));
}

#[tokio::test]
async fn what_opens_the_document_already_stays_and_comes_to_allow_what_the_link_does() {
    let sender = sender().await;
    let store = sender.world.store_of(&sender.world.acme);
    let acme = &sender.world.acme;
    let before = sender.world.grant(acme, sender.contact.id, sender.document.id).await;
    sender.for_contact().await;
    let after = store.grant(sender.contact.id, sender.document.id).await.unwrap().unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn an_audience_names_a_contact_or_does_not() {
    let sender = sender().await;
    let path = format!("/v1/documents/{}/links", sender.document.id);
    let absent = "con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9";
    for (input, pointer) in [
        (json!({ "audience": "contact" }), "/contact_id"),
        (json!({ "audience": "contact", "contact_id": absent }), "/contact_id"),
        (json!({ "audience": "undefined", "contact_id": sender.contact.id }), "/contact_id"),
        (json!({ "audience": "public_same", "contact_id": sender.contact.id }), "/contact_id"),
        (json!({ "audience": "public_child", "contact_id": sender.contact.id }), "/contact_id"),
        (json!({ "audience": "everybody" }), "/audience"),
        (json!({ "audience": "undefined", "rights": ["sign"] }), "/rights"),
        // What lies there can never be shown as pages.
        (json!({ "audience": "undefined", "rights": ["view"] }), "/rights"),
        (json!({ "audience": "undefined", "expires_at": "2001-01-01" }), "/expires_at"),
        (json!({ "audience": "undefined", "zone": "UTC" }), "/zone"),
        (json!({ "audience": "undefined", "colour": "red" }), "/colour"),
        (json!({}), "/audience"),
    ] {
        let reply = sender.admin.post(&path, input.clone()).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![pointer]), "{input}");
    }
    let listed = sender.admin.get(&path).await.expect(200);
    assert_eq!(listed["items"], json!([]));
}

#[tokio::test]
async fn copying_activates_gives_one_address_and_is_noted_each_time() {
    let sender = sender().await;
    let link = sender.for_contact().await;
    let first = sender.url(&link).await;
    assert!(first.contains(&format!("/g/{link}#")), "{first}");
    let path = format!("/v1/links/{link}");
    let off = sender.admin.post(format!("{path}/deactivate"), json!({})).await.expect(200);
    assert_eq!((&off["state"], &off["pause"]), (&json!("inactive"), &json!("deactivated")));
    let again = sender.admin.post(format!("{path}/deactivate"), json!({})).await.expect(200);
    assert_eq!(again["version"], off["version"], "the second click changes nothing");
    assert_eq!(sender.url(&link).await, first);
    let on = sender.admin.get(&path).await.expect(200);
    assert_eq!(on["state"], "active");
    let store = sender.world.store_of(&sender.world.acme);
    let lines = gap_free_trail(&store, Home::Document(sender.document.id)).await;
    assert_eq!(times(&lines, "links.copy"), 2);
    let trail = sender.admin.get(format!("/v1/activity?object={link}")).await.expect(200);
    let verbs: Vec<_> = trail["items"].as_array().unwrap().iter().map(|it| &it["verb"]).collect();
    assert_eq!(verbs, ["links.copy", "links.deactivate", "links.copy", "links.create"]);
}

#[tokio::test]
async fn a_kept_answer_holds_no_secret_and_a_repeat_gets_it_again() {
    let sender = sender().await;
    let link = sender.for_contact().await;
    let path = format!("/v1/links/{link}/copy");
    let first = sender.admin.post(&path, json!({})).key("k1").await.expect(200);
    let second = sender.admin.post(&path, json!({})).key("k1").await.expect(200);
    assert_eq!(first, second);
    let version =
        sender.admin.get(format!("/v1/links/{link}")).await.expect(200)["version"].clone();
    assert_eq!(version, 2, "copied once");
}

#[tokio::test]
async fn replacing_gives_another_address() {
    let sender = sender().await;
    let link = sender.for_contact().await;
    let before = sender.url(&link).await;
    sender.admin.post(format!("/v1/links/{link}/replace"), json!({})).await.expect(200);
    let after = sender.url(&link).await;
    assert_ne!(before, after);
    let secret = before.split_once('#').unwrap().1;
    let cover = json!({ "secret": secret });
    let guest = sender.world.visitor();
    let old = guest.post(format!("/v1/guest/{link}/cover"), cover).await;
    assert_eq!(old.problem(403), "link-inactive");
}

#[tokio::test]
async fn sending_mails_the_contact_a_link_of_its_own_kind() {
    let sender = sender().await;
    let link = sender.for_contact().await;
    let send = format!("/v1/links/{link}/send");
    sender.admin.post(&send, json!({})).await.expect(202);
    sender.world.tick().await;
    let email = sender.contact.email.as_ref().unwrap().as_str();
    let mail = sender.world.last_mail(email);
    assert_eq!(mail.subject, "acme AG shares “Report” with you");
    let secret = token_in(&mail, &format!("/g/{link}"));
    assert_ne!(
        Some(secret.as_str()),
        sender.url(&link).await.split('#').nth(1),
        "it says how it came"
    );
    sender.admin.post(&send, json!({})).await.expect(202);
    sender.world.tick().await;
    assert_eq!(sender.world.mails_to(email).len(), 2);
    let seen = sender.admin.get(format!("/v1/links/{link}")).await.expect(200);
    assert_eq!(seen["sendings"], 2);

    let public = id_of(&sender.make(json!({ "audience": "public_same" })).await);
    let reply = sender.admin.post(format!("/v1/links/{public}/send"), json!({})).await;
    assert_eq!(reply.problem(409), "wrong-state");
}

#[tokio::test]
async fn a_link_follows_its_contact_and_says_why_it_does_not_open() {
    let sender = sender().await;
    let (admin, contact) = (&sender.admin, &sender.contact);
    let link = sender.for_contact().await;
    let path = format!("/v1/links/{link}");
    let standing = async || {
        let seen = admin.get(&path).await.expect(200);
        (seen["state"].clone(), seen["pause"].clone())
    };
    let inactive = |pause: &str| (json!("inactive"), json!(pause));
    let who = format!("/v1/contacts/{}", contact.id);
    admin.post(format!("{who}/suspend"), json!({})).await.expect(200);
    assert_eq!(standing().await, inactive("suspended"));
    let copy = admin.post(format!("{path}/copy"), json!({})).await;
    assert_eq!(copy.problem(409), "wrong-state");
    let back = json!({ "status": "to_review", "keep_grants": true, "keep_links": false });
    admin.post(format!("{who}/unsuspend"), back).await.expect(200);
    assert_eq!(standing().await, inactive("not_restored"));
    sender.url(&link).await;
    assert_eq!(standing().await, (json!("active"), Value::Null));

    let documents = format!("{who}/documents");
    let document = json!([{ "document_id": sender.document.id }]);
    admin.patch(&documents, json!({ "remove": document })).await.expect(200);
    assert_eq!(standing().await, (json!("closed"), Value::Null));
    admin.patch(&documents, json!({ "add": document })).await.expect(200);
    assert_eq!(standing().await, (json!("closed"), Value::Null), "for good");
    for act in ["copy", "deactivate", "send", "replace"] {
        let reply = admin.post(format!("{path}/{act}"), json!({})).await;
        assert_eq!(reply.problem(409), "wrong-state", "{act}");
    }
    let another = sender.for_contact().await;
    assert_ne!(another, link);
}

#[tokio::test]
async fn the_end_of_what_it_opened_moves_with_the_links_own() {
    let sender = sender().await;
    let end = sender.world.now() + DAY * 3;
    let input =
        json!({ "audience": "contact", "contact_id": sender.contact.id, "expires_at": end });
    let made = sender.make(input).await;
    let path = format!("/v1/links/{}", id_of(&made));
    let later = json!({ "expires_at": end + DAY, "rights": ["view", "download"] });
    let stale = sender.admin.patch(&path, later.clone()).if_match(9).await;
    assert_eq!(stale.problem(412), "stale");
    let after = sender.admin.patch(&path, later).if_match(1).await.expect(200);
    assert_eq!(after["expires_at"], json!(end + DAY));
    let store = sender.world.store_of(&sender.world.acme);
    let grant = store.grant(sender.contact.id, sender.document.id).await.unwrap().unwrap();
    assert_eq!(grant.ends_at(), Some(end + DAY));
    sender.world.advance(DAY * 5);
    let admin = sender.world.admin().await;
    let over = admin.get(&path).await.expect(200);
    assert_eq!((&over["state"], &over["pause"]), (&json!("inactive"), &json!("grant_over")));
}

#[tokio::test]
async fn a_link_goes_on_along_with_what_it_opened() {
    let sender = sender().await;
    let end = sender.world.now() + DAY;
    let input =
        json!({ "audience": "contact", "contact_id": sender.contact.id, "expires_at": end });
    let path = format!("/v1/links/{}", id_of(&sender.make(input).await));
    sender.world.tick().await;
    sender.world.advance(DAY * 2);
    sender.world.tick().await;
    let admin = sender.world.admin().await;
    assert_eq!(admin.get(&path).await.expect(200)["state"], "inactive");
    let store = sender.world.store_of(&sender.world.acme);
    let grant = store.grant(sender.contact.id, sender.document.id).await.unwrap().unwrap();
    let extend = format!("/v1/grants/{}/extend", grant.id);
    let input = json!({ "contact_id": sender.contact.id, "version": grant.version });
    admin.post(extend, input).await.expect(200);
    let seen = admin.get(&path).await.expect(200);
    assert_eq!((&seen["state"], &seen["version"]), (&json!("active"), &json!(3)));
    let grant = store.grant(sender.contact.id, sender.document.id).await.unwrap().unwrap();
    assert_eq!(seen["expires_at"], json!(grant.ends_at()));
}

#[tokio::test]
async fn a_browser_is_taken_off() {
    let sender = sender().await;
    let (world, contact) = (&sender.world, &sender.contact);
    let link = world.link(&world.acme, &sender.document, Audience::Contact, Some(contact)).await;
    let guest = world.guest(&world.acme, &link, Some(contact), Proof::Code).await;
    let page = format!("/v1/guest/{}", link.id);
    guest.get(&page).await.expect(200);
    let path = format!("/v1/links/{}/devices", link.id);
    let devices = sender.admin.get(&path).await.expect(200);
    assert_eq!(devices["items"][0]["proof"], "code");
    assert_eq!(devices["items"][0]["open"], true);
    let device = id_of(&devices["items"][0]);
    sender.admin.delete(format!("{path}/{device}")).await.expect(204);
    assert_eq!(guest.get(&page).await.problem(409), "code-required");
    let gone = sender.admin.delete(format!("{path}/{device}")).await;
    assert_eq!(gone.problem(404), "not-found");
}

#[tokio::test]
async fn links_that_open_to_anybody_wait_for_the_plan() {
    let sender = sender().await;
    let made = sender.make(json!({ "audience": "public_same" })).await;
    let world = &sender.world;
    let plan = Plan { public_links: false };
    app::seating::planning::set_plan(&world.house, &world.acme.tenant.slug, plan).await.unwrap();
    let path = format!("/v1/links/{}", id_of(&made));
    let seen = sender.admin.get(&path).await.expect(200);
    assert_eq!((&seen["state"], &seen["pause"]), (&json!("inactive"), &json!("plan")));
    let copy = sender.admin.post(format!("{path}/copy"), json!({})).await;
    assert_eq!(copy.problem(403), "plan-lacks");
    let path = format!("/v1/documents/{}/links", sender.document.id);
    let more = sender.admin.post(path, json!({ "audience": "public_same" })).await;
    assert_eq!(more.problem(403), "plan-lacks");
}

#[tokio::test]
async fn a_preview_tells_what_becomes_of_links() {
    let sender = sender().await;
    let (admin, contact) = (&sender.admin, &sender.contact);
    let path = format!("/v1/documents/{}/links?preview=true", sender.document.id);
    let input = json!({ "audience": "contact", "contact_id": contact.id });
    let seen = admin.post(path, input).await.expect(200);
    let kinds = |preview: &Value| -> Vec<String> {
        let effects = preview["effects"].as_array().unwrap();
        effects.iter().map(|effect| effect["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&seen), ["shared", "link_made"]);
    let link = sender.for_contact().await;
    sender.world.tick().await;
    let ask = async |path: String| admin.post(path, json!({})).await.expect(200);
    let off = ask(format!("/v1/links/{link}/deactivate?preview=true")).await;
    assert_eq!(kinds(&off), ["link_stops"]);
    let send = ask(format!("/v1/links/{link}/send?preview=true")).await;
    assert_eq!(send["mails"][0]["purpose"], "guest_link");
    let suspended = ask(format!("/v1/contacts/{}/suspend?preview=true", contact.id)).await;
    assert!(kinds(&suspended).contains(&"link_stops".to_owned()), "{suspended}");
    let gone = admin.delete(format!("/v1/documents/{}?preview=true", sender.document.id)).await;
    let gone = gone.expect(200);
    assert!(kinds(&gone).contains(&"link_closes".to_owned()), "{gone}");
}
