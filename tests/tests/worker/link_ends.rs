//! Ends of guest links, and plans that hold them no more: whoever made a link is told, once.

use domain::contact::ReviewStatus;
use domain::document::{AccessLevel, Document};
use domain::tenant::Plan;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::{Client, id_of};
use tests::mailbox::subjects;
use tests::seed::{Company, address};
use tests::trail::{gap_free_trail, times};
use tests::world::World;

struct Story {
    world: World,
    document: Document,
}

impl Story {
    async fn begin() -> Self {
        let world = World::start().await;
        world.house.clock.stop();
        let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
        Self { world, document }
    }

    /// A session that is not over yet, whatever time it is.
    async fn admin(&self) -> Client {
        self.world.admin().await
    }

    async fn make(&self, facts: Value) -> Value {
        let path = format!("/v1/documents/{}/links", self.document.id);
        self.admin().await.post(path, facts).await.expect(201)
    }

    /// An instant so many hours from now.
    fn within(&self, hours: i64) -> Timestamp {
        self.world.now() + SignedDuration::from_hours(hours)
    }

    /// Lets the worker work after `hours`.
    async fn after(&self, hours: i64) {
        self.world.advance(SignedDuration::from_hours(hours));
        self.world.tick().await;
    }

    /// What the administrator was told of links.
    fn told(&self) -> Vec<String> {
        let email = self.world.acme.administrator.email.as_str();
        let subjects = subjects(&self.world.mails_to(email));
        subjects.into_iter().filter(|subject| subject.contains("link")).collect()
    }

    async fn trail(&self) -> Vec<domain::activity::Activity> {
        let store = self.world.store_of(&self.world.acme);
        gap_free_trail(&store, Home::Document(self.document.id)).await
    }

    async fn set_plan(&self, company: &Company, public_links: bool) {
        let slug = &company.tenant.slug;
        let plan = Plan { public_links };
        app::seating::planning::set_plan(&self.world.house, slug, plan)
            .await
            .expect("the plan is set");
        self.world.tick().await;
    }
}

#[tokio::test]
async fn the_end_of_a_public_link_is_told_to_who_made_it() {
    let story = Story::begin().await;
    let end = story.within(30 * 24);
    let link = id_of(&story.make(json!({ "audience": "public_same", "expires_at": end })).await);
    story.after(15 * 24).await;
    assert_eq!(story.told(), [""; 0], "fifteen days are left");
    story.after(24).await;
    story.after(11 * 24).await;
    story.after(3 * 24 - 1).await;
    story.after(2).await;
    story.after(24).await;
    let told = [
        "Your link to “Report” ends in 14 days",
        "Your link to “Report” ends in 3 days",
        "Your link to “Report” ends today",
        "Your link to “Report” has ended",
    ];
    assert_eq!(story.told(), told);
    let lines = story.trail().await;
    assert_eq!((times(&lines, "links.warn"), times(&lines, "links.expire")), (3, 1));

    let path = format!("/v1/links/{link}");
    let seen = story.admin().await.get(&path).await.expect(200);
    assert_eq!((&seen["state"], &seen["pause"]), (&json!("inactive"), &json!("over")));
    let later = json!({ "expires_at": story.within(24 * 60) });
    let version = seen["version"].as_u64().unwrap();
    story.admin().await.patch(&path, later).if_match(version).await.expect(200);
    story.after(24 * 61).await;
    assert_eq!(
        story.told().len(),
        5,
        "and of a later end again: only the newest of what was missed"
    );
}

#[tokio::test]
async fn what_is_inactive_or_told_with_access_is_not_told_again() {
    let story = Story::begin().await;
    let (world, end) = (&story.world, story.within(30 * 24));
    let off = id_of(&story.make(json!({ "audience": "public_same", "expires_at": end })).await);
    story.admin().await.post(format!("/v1/links/{off}/deactivate"), json!({})).await.expect(200);
    let contact = world.contact(&world.acme, &address(), ReviewStatus::Approved).await;
    let facts = json!({ "audience": "contact", "contact_id": contact.id, "expires_at": end });
    story.make(facts).await;
    story.after(31 * 24).await;
    let told = story.told();
    assert_eq!(told, [""; 0], "the contact's access ended with the link, which is told by itself");
    let lines = story.trail().await;
    assert_eq!(times(&lines, "links.expire"), 1);
}

#[tokio::test]
async fn the_end_of_a_link_for_a_contact_nobody_reviewed_is_told_all_the_same() {
    let story = Story::begin().await;
    let (world, end) = (&story.world, story.within(30 * 24));
    let contact = world.contact(&world.acme, &address(), ReviewStatus::ToReview).await;
    let facts = json!({ "audience": "contact", "contact_id": contact.id, "expires_at": end });
    story.make(facts).await;
    story.after(29 * 24 + 23).await;
    story.after(24).await;
    let told = ["Your link to “Report” ends today", "Your link to “Report” has ended"];
    assert_eq!(story.told(), told, "the portal is shut to them, and the link was not");
}

#[tokio::test]
async fn when_the_plan_lapses_public_links_rest_and_their_makers_hear_of_it_once() {
    let story = Story::begin().await;
    let (world, acme) = (&story.world, &story.world.acme);
    let public = id_of(&story.make(json!({ "audience": "public_same" })).await);
    story.make(json!({ "audience": "public_child" })).await;
    let contact = world.contact(acme, &address(), ReviewStatus::Approved).await;
    let named =
        id_of(&story.make(json!({ "audience": "contact", "contact_id": contact.id })).await);
    let state = async |link: &str| {
        let seen = story.admin().await.get(format!("/v1/links/{link}")).await.expect(200);
        (seen["state"].clone(), seen["pause"].clone())
    };

    story.set_plan(acme, false).await;
    assert_eq!(state(&public).await, (json!("inactive"), json!("plan")));
    assert_eq!(state(&named).await, (json!("active"), Value::Null));
    story.set_plan(acme, false).await;
    story.after(1).await;
    assert_eq!(
        story.told(),
        ["Your public links open nothing now"],
        "once, however many there are"
    );

    story.set_plan(acme, true).await;
    assert_eq!(
        state(&public).await,
        (json!("active"), Value::Null),
        "the same address opens again"
    );
    story.set_plan(acme, false).await;
    assert_eq!(story.told().len(), 2, "another lapse");
    let store = world.store_of(acme);
    let lines = gap_free_trail(&store, Home::Tenant).await;
    assert_eq!(times(&lines, "operator.plan"), 3);
}
