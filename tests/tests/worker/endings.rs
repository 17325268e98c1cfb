//! Ends of access: both sides are warned, told once, and what ends together is told together.

use domain::account::Account;
use domain::contact::{Contact, ReviewStatus};
use domain::document::AccessLevel;
use domain::expiry::When;
use domain::grant::State;
use domain::id::DocumentId;
use domain::member::Role;
use domain::tenant::{Tenant, Zone};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::activities::Home;
use tests::client::{Client, id_of};
use tests::mailbox::subjects;
use tests::seed::address;
use tests::trail::{gap_free_trail, times};
use tests::world::World;

/// The end of 31 March 2031 in Sydney.
const END: &str = "2031-03-31T13:00:00Z";

/// A world in which it is `now`, with a contact and two documents.
struct Story {
    world: World,
    contact: Contact,
    documents: [DocumentId; 2],
}

impl Story {
    async fn at(now: &str) -> Self {
        let world = World::start().await;
        world.house.clock.stop();
        let now: Timestamp = now.parse().unwrap();
        world.advance(now.duration_since(world.now()));
        let acme = &world.acme;
        let contact = world.contact(acme, &address(), ReviewStatus::Approved).await;
        let documents = [
            world.document(acme, "Report", AccessLevel::Restricted).await.id,
            world.document(acme, "Plan", AccessLevel::Restricted).await.id,
        ];
        Self { world, contact, documents }
    }

    /// Shares both documents until `when`, meant in Sydney.
    async fn share(&self, when: &str) {
        let add: Vec<_> = self
            .documents
            .iter()
            .map(|id| json!({ "document_id": id, "expires_at": when, "zone": "Australia/Sydney" }))
            .collect();
        let path = format!("/v1/contacts/{}/documents", self.contact.id);
        self.admin().await.patch(path, json!({ "add": add })).await.expect(200);
        self.world.tick().await;
    }

    async fn admin(&self) -> Client {
        self.world.admin().await
    }

    /// Lets the worker work at `now`.
    async fn go_to(&self, now: &str) {
        let now: Timestamp = now.parse().unwrap();
        self.world.advance(now.duration_since(self.world.now()));
        self.world.tick().await;
    }

    fn to_contact(&self) -> Vec<String> {
        subjects(&self.world.mails_to(self.contact.email.as_ref().unwrap().as_str()))
    }

    fn to_staff(&self) -> Vec<String> {
        subjects(&self.world.mails_to(self.world.acme.administrator.email.as_str()))
    }

    async fn opens(&self) -> bool {
        let portal = self.world.portal_of(&self.world.acme, &self.contact).await;
        let seen = portal.get("/v1/portal").await.expect(200);
        !seen["documents"].as_array().unwrap().is_empty()
    }
}

#[tokio::test]
async fn both_sides_are_warned_fourteen_and_three_days_before_and_on_the_day_and_told_at_the_end() {
    let story = Story::at("2031-03-01T00:00:00Z").await;
    story.share("2031-03-31").await;
    // Clocks in Sydney stand eleven hours ahead all March.
    story.go_to("2031-03-17T12:59:59Z").await;
    assert_eq!(story.to_contact(), [""; 0]);
    story.go_to("2031-03-17T13:00:00Z").await;
    story.go_to("2031-03-28T13:00:00Z").await;
    story.go_to("2031-03-30T13:00:00Z").await;
    story.go_to("2031-03-31T12:59:59Z").await;
    assert!(story.opens().await, "until the last instant");
    story.go_to(END).await;
    assert!(!story.opens().await);
    story.go_to("2031-04-02T00:00:00Z").await;
    assert_eq!(
        story.to_contact(),
        [
            "Your access to 2 documents from acme AG ends in 14 days",
            "Your access to 2 documents from acme AG ends in 3 days",
            "Your access to 2 documents from acme AG ends today",
            "Your access to 2 documents from acme AG has ended",
        ]
    );
    assert_eq!(
        story.to_staff(),
        [
            "The access of Ada Lovelace to 2 documents ends in 14 days",
            "The access of Ada Lovelace to 2 documents ends in 3 days",
            "The access of Ada Lovelace to 2 documents ends today",
            "Ada Lovelace can no longer open 2 documents",
        ]
    );
    let mail = story.world.last_mail(story.contact.email.as_ref().unwrap().as_str());
    assert!(mail.text.contains("at the end of 31 March 2031 (Sydney)"), "{}", mail.text);
    let store = story.world.store_of(&story.world.acme);
    let trail = gap_free_trail(&store, Home::Contact(story.contact.id)).await;
    assert_eq!((times(&trail, "grants.warn"), times(&trail, "grants.expire")), (6, 2));
}

#[tokio::test]
async fn a_warning_whose_instant_had_passed_is_not_sent() {
    let story = Story::at("2031-03-28T13:00:00Z").await;
    story.share("2031-03-31").await;
    story.go_to("2031-03-30T12:59:59Z").await;
    assert_eq!(story.to_contact(), [""; 0]);
    story.go_to("2031-03-30T13:00:00Z").await;
    assert_eq!(story.to_contact(), ["Your access to 2 documents from acme AG ends today"]);
}

#[tokio::test]
async fn a_worker_that_slept_tells_only_what_is_true_now() {
    let story = Story::at("2031-03-01T00:00:00Z").await;
    story.share("2031-03-31").await;
    story.go_to("2031-03-29T00:00:00Z").await;
    assert_eq!(story.to_contact(), ["Your access to 2 documents from acme AG ends in 3 days"]);

    let story = Story::at("2031-03-01T00:00:00Z").await;
    story.share("2031-03-31").await;
    story.go_to("2031-03-22T00:00:00Z").await;
    assert_eq!(story.to_contact(), ["Your access to 2 documents from acme AG ends in 10 days"]);
}

#[tokio::test]
async fn an_extension_from_the_mail_moves_the_end_and_the_warnings() {
    let story = Story::at("2031-03-01T00:00:00Z").await;
    story.share("2031-03-31").await;
    story.go_to("2031-03-28T13:00:00Z").await;
    let staff = story.world.acme.administrator.email.as_str();
    let mail = story.world.last_mail(staff);
    let place = format!("/extend#{}.{}.", story.world.acme.id(), story.contact.id);
    assert!(mail.text.contains(&place), "{}", mail.text);

    let (admin, contact) = (story.admin().await, story.contact.id);
    let path = format!("/v1/contacts/{contact}/documents");
    let seen = admin.get(&path).await.expect(200);
    let grant = &seen["items"][0]["shared"];
    let extend = format!("/v1/grants/{}/extend", grant["grant_id"].as_str().unwrap());
    let input = json!({ "contact_id": contact, "version": grant["version"], "same_end": true });
    let after = admin.post(&extend, input.clone()).await.expect(200);
    assert_eq!(after["extended"].as_array().unwrap().len(), 2);
    for extended in after["extended"].as_array().unwrap() {
        // Thirty days on the calendar of Sydney, where clocks go back on 6 April.
        assert_eq!(extended["shared"]["expires_at"], "2031-04-30T14:00:00Z");
    }
    // The second click extends nothing twice.
    assert_eq!(admin.post(&extend, input).await.problem(412), "stale");
    story.go_to("2031-04-15T00:00:00Z").await;
    assert_eq!(story.to_contact().len(), 1, "{:?}", story.to_contact());
    story.go_to("2031-04-16T14:00:00Z").await;
    assert_eq!(story.to_contact().len(), 2);
    assert!(story.opens().await);
}

#[tokio::test]
async fn what_was_taken_back_or_belongs_to_the_suspended_is_not_warned_of() {
    let story = Story::at("2031-03-01T00:00:00Z").await;
    story.share("2031-03-31").await;
    let (admin, contact) = (story.admin().await, story.contact.id);
    let remove = json!({ "remove": [{ "document_id": story.documents[0] }] });
    admin.patch(format!("/v1/contacts/{contact}/documents"), remove).await.expect(200);
    story.go_to("2031-03-17T13:00:00Z").await;
    assert_eq!(story.to_contact(), ["Your access to 1 document from acme AG ends in 14 days"]);
    let suspend = format!("/v1/contacts/{contact}/suspend");
    story.admin().await.post(suspend, json!({})).await.expect(200);
    story.go_to(END).await;
    assert_eq!((story.to_contact().len(), story.to_staff().len()), (1, 1));
    let store = story.world.store_of(&story.world.acme);
    let grant = store.grant(contact, story.documents[1]).await.unwrap().unwrap();
    assert_eq!(grant.state, State::Expired, "recorded all the same");
}

#[tokio::test]
async fn the_end_of_an_account_is_told_to_its_contacts_and_to_reviewers() {
    let story = Story::at("2031-03-01T00:00:00Z").await;
    let (world, acme) = (&story.world, &story.world.acme);
    let account = world.account(acme, "globex.example", ReviewStatus::Approved).await;
    let email = address();
    let contact = world.contact_of(acme, &email, ReviewStatus::Approved, Some(&account)).await;
    world.grant(acme, contact.id, story.documents[0]).await;
    // Out of sight, and open all the same.
    let archived = address();
    let hidden = world.contact_of(acme, &archived, ReviewStatus::Approved, Some(&account)).await;
    world.grant(acme, hidden.id, story.documents[0]).await;
    let archive = format!("/v1/contacts/{}/archive", hidden.id);
    story.admin().await.post(archive, json!({})).await.expect(200);
    let stranger = address();
    world.contact_of(acme, &stranger, ReviewStatus::Approved, Some(&account)).await;
    let path = format!("/v1/accounts/{}", account.id);
    let until = json!({ "access_expires_at": "2031-03-31", "zone": "Australia/Sydney" });
    let saved = story.admin().await.patch(&path, until).if_match(1).await.expect(200);
    assert_eq!(
        (&saved["access_expires_at"], &saved["zone"]),
        (&json!(END), &json!("Australia/Sydney"))
    );

    story.go_to("2031-03-28T13:00:00Z").await;
    let to = |address: &str| subjects(&world.mails_to(address));
    let warned = "Your access to 1 document from acme AG ends in 3 days";
    assert_eq!((to(&email), to(&archived)), (vec![warned.to_owned()], vec![warned.to_owned()]));
    assert_eq!(story.to_staff(), ["The access of globex.example Ltd ends in 3 days"]);
    let portal = world.portal_of(acme, &contact).await;
    story.go_to("2031-03-31T12:59:59Z").await;
    portal.get("/v1/portal").await.expect(200);
    story.go_to(END).await;
    assert_eq!(portal.get("/v1/portal").await.problem(403), "access-ended");
    assert_eq!(to(&email).last().unwrap(), "Your access to 1 document from acme AG has ended");
    assert_eq!(story.to_staff().last().unwrap(), "The access of globex.example Ltd has ended");
    assert_eq!(to(&stranger), [""; 0], "nothing was open to them");
    let store = world.store_of(acme);
    let trail = gap_free_trail(&store, Home::Account(account.id)).await;
    assert_eq!((times(&trail, "accounts.warn"), times(&trail, "accounts.expire")), (2, 1));
    let after: Account = store.account(account.id).await.unwrap().unwrap();
    assert_eq!(after.status, ReviewStatus::Approved);
}

#[tokio::test]
async fn a_day_ends_where_the_company_says_unless_another_zone_is_named() {
    let story = Story::at("2031-03-01T00:00:00Z").await;
    let store = story.world.store_of(&story.world.acme);
    let tenant = store.own_tenant().await.unwrap().unwrap();
    let zone: Zone = "Pacific/Kiritimati".parse().unwrap();
    let tenant = Tenant { version: tenant.version + 1, zone: zone.clone(), ..tenant };
    let mut change = store.change(story.world.house.dice.token());
    change.save_tenant(&tenant).unwrap();
    change.commit().await.unwrap();
    let add = json!([{ "document_id": story.documents[0], "expires_at": "2031-03-31" }]);
    let path = format!("/v1/contacts/{}/documents", story.contact.id);
    story.admin().await.patch(path, json!({ "add": add })).await.expect(200);
    let grant = store.grant(story.contact.id, story.documents[0]).await.unwrap().unwrap();
    let day: When = "2031-03-31".parse().unwrap();
    let meant = day.ends(&zone, story.world.now()).unwrap();
    assert!(grant.expiry.unwrap().is_same_end(&meant));
    assert_eq!(meant.at, "2031-03-31T10:00:00Z".parse::<Timestamp>().unwrap());
    let milli = SignedDuration::from_millis(1);
    story.go_to("2031-03-31T09:59:59.999Z").await;
    assert!(story.opens().await, "a millisecond before");
    story.world.advance(milli);
    assert!(!story.opens().await, "at the very instant, whatever the worker does");
    story.world.advance(milli);
    assert!(!story.opens().await, "a millisecond after");
}

#[tokio::test]
async fn whoever_gave_access_and_left_is_stood_in_for() {
    let story = Story::at("2031-03-01T00:00:00Z").await;
    let acme = &story.world.acme;
    let manager = story.world.seat(acme.id(), Role::AccountManager).await;
    let [document, _] = story.documents;
    let share = json!({ "add": [{ "document_id": document, "expires_at": END }] });
    let path = format!("/v1/contacts/{}/documents", story.contact.id);
    story.world.client_of(acme.id(), &manager).await.patch(path, share).await.expect(200);
    // They look after nobody, so that nobody needs to take over.
    story.admin().await.delete(format!("/v1/members/{}", manager.id)).await.expect(204);
    story.go_to("2031-03-17T13:00:00Z").await;
    assert_eq!(story.to_staff(), ["The access of Ada Lovelace to 1 document ends in 14 days"]);
    assert_eq!(story.world.mails_to(manager.email.as_str()).len(), 0);
}

#[tokio::test]
async fn a_warning_sent_again_after_the_end_says_nothing() {
    let story = Story::at("2031-03-01T00:00:00Z").await;
    story.share("2031-03-31").await;
    story.go_to("2031-03-17T13:00:00Z").await;
    story.go_to("2031-04-02T00:00:00Z").await;
    let told = story.to_contact();
    let admin = story.admin().await;
    let mails = admin.get(format!("/v1/mails?object={}", story.contact.id)).await.expect(200);
    let mut warnings = mails["items"].as_array().unwrap().iter();
    let warning = warnings.rfind(|mail| mail["resendable"] == true).unwrap();
    assert_eq!(warning["purpose"], "expiry_warning");
    let resend = format!("/v1/mails/{}/resend", id_of(warning));
    admin.post(resend, json!({})).await.expect(201);
    story.world.tick().await;
    assert_eq!(story.to_contact(), told);
}
