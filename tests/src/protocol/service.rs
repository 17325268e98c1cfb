//! The service itself, over HTTP, with one link at a time.

use crate::client::Client;
use crate::world::World;
use app::house::token::{ChallengeCookie, code_of};
use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use domain::expiry::When;
use domain::id::{ContactId, Id};
use domain::link::{Audience, Link};
use domain::tenant::Zone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::act::{Act, BROWSERS, END, Kind, Look, PEOPLE};

/// A link, who comes to it, and what each of its people was given.
struct Scene {
    document: Document,
    link: Link,
    browsers: Vec<Client>,
    emails: [String; PEOPLE],
    /// The one without an address, until they prove one.
    own: Option<ContactId>,
    /// The file that each person was shown as their own.
    files: [Option<Value>; PEOPLE],
}

/// The service, and the link that is played on.
pub(crate) struct Service {
    world: World,
    scene: Option<Scene>,
}

impl Service {
    pub(crate) async fn start() -> Self {
        Self { world: World::start().await, scene: None }
    }

    fn scene(&self) -> &Scene {
        self.scene.as_ref().expect("a link was set")
    }

    /// Lays another link, and tells when it was made.
    pub(crate) async fn set(&mut self, kind: Kind, seed: u64) -> Timestamp {
        let (world, acme) = (&self.world, &self.world.acme);
        let emails = [0, 1].map(|person| format!("person{person}-{seed}@initech.example"));
        let document = world.document(acme, "Report", AccessLevel::Restricted).await;
        let own = world.new_contact(acme, &emails[0], ReviewStatus::ToReview, None);
        let (audience, own) = match kind {
            Kind::WithAddress => (Audience::Contact, Some(own)),
            Kind::WithoutAddress => (Audience::Contact, Some(Contact { email: None, ..own })),
            Kind::Undefined => (Audience::Undefined, None),
            Kind::PublicSame => (Audience::PublicSame, None),
            Kind::PublicChild => (Audience::PublicChild, None),
        };
        if let Some(own) = &own {
            world.lay_contact(acme, own).await;
        }
        world.contact(acme, &emails[1], ReviewStatus::ToReview).await;
        let start = world.now();
        let link = world.link(acme, &document, audience, own.as_ref()).await;
        let expiry = When::Instant(start + END).ends(&Zone::default(), start).ok();
        let link = Link { version: link.version + 1, expiry, ..link };
        let mut change = world.store_of(acme).change(world.house.dice.token());
        change.save_link(&link).expect("a link item");
        change.commit().await.expect("the link gets an end");
        self.scene = Some(Scene {
            document,
            link,
            browsers: (0..BROWSERS).map(|_| self.world.visitor()).collect(),
            emails,
            own: own.map(|own| own.id),
            files: [None, None],
        });
        start
    }

    /// Lets time pass, and tells what time it is.
    pub(crate) fn sleep(&self, step: SignedDuration) -> Timestamp {
        self.world.advance(step);
        self.world.now()
    }

    fn path(&self, rest: &str) -> String {
        format!("/v1/guest/{}{rest}", self.scene().link.id)
    }

    /// The secret as whoever copies the link now gets it.
    async fn secret(&self) -> String {
        let (store, link) = (self.world.store_of(&self.world.acme), &self.scene().link);
        let link = store.link(link.document_id, link.id).await.expect("the table answers");
        self.world.link_secret(&self.world.acme, &link.expect("a link"))
    }

    /// Who a person is to the company, if they are anybody yet.
    async fn contact(&self, person: usize) -> Option<ContactId> {
        let store = self.world.store_of(&self.world.acme);
        let email = self.scene().emails[person].parse().expect("an address");
        let found = store.contact_at(&email).await.expect("the table answers");
        found.or(self.scene().own.filter(|_| person == 0))
    }

    /// Staff do something, or are told why not.
    async fn staff(&self, path: String, body: Value) {
        let reply = self.world.admin().await.post(&path, body).await;
        assert!(reply.status < 500, "{path}: {}", reply.text);
    }

    /// Does `act`, and tells whether a code let somebody in by it.
    pub(crate) async fn act(&mut self, act: Act) -> bool {
        match act {
            Act::Type { browser } => self.type_code(browser, true).await,
            Act::Guess { browser, times } => {
                let mut is_in = false;
                for _ in 0..times {
                    is_in |= self.type_code(browser, false).await;
                }
                is_in
            }
            _ => {
                self.act_otherwise(act).await;
                false
            }
        }
    }

    async fn act_otherwise(&mut self, act: Act) {
        let scene = self.scene();
        let (link, document) = (scene.link.id, scene.document.id);
        match act {
            Act::Press { browser } => self.press(browser).await,
            Act::Scan => {
                let scanner = self.world.visitor();
                let body = json!({ "secret": self.secret().await });
                let reply = scanner.post(self.path("/cover"), body).await;
                assert!(reply.status < 500, "{}", reply.text);
                scanner.get(self.path("")).await;
            }
            Act::Ask { browser, person } => {
                let email = &scene.emails[person];
                let body = json!({ "secret": self.secret().await, "email": email });
                let reply = scene.browsers[browser].post(self.path("/code"), body).await;
                assert!([202, 403, 404].contains(&reply.status), "{}", reply.text);
            }
            Act::Deactivate => self.staff(format!("/v1/links/{link}/deactivate"), json!({})).await,
            Act::Activate => self.staff(format!("/v1/links/{link}/copy"), json!({})).await,
            Act::Replace => self.staff(format!("/v1/links/{link}/replace"), json!({})).await,
            Act::CloseAccess { person } | Act::ReopenAccess { person } => {
                let Some(contact) = self.contact(person).await else { return };
                let is_close = matches!(act, Act::CloseAccess { .. });
                let verb = if is_close { "close-access" } else { "reopen-access" };
                let path = format!("/v1/documents/{document}/{verb}");
                self.staff(path, json!({ "contact_id": contact })).await;
            }
            Act::Suspend { person } => {
                let Some(contact) = self.contact(person).await else { return };
                self.staff(format!("/v1/contacts/{contact}/suspend"), json!({})).await;
            }
            Act::Unsuspend { person, keeps_links } => {
                let Some(contact) = self.contact(person).await else { return };
                let back = json!({
                    "status": "to_review", "keep_grants": true, "keep_links": keeps_links,
                });
                self.staff(format!("/v1/contacts/{contact}/unsuspend"), back).await;
            }
            Act::Type { .. } | Act::Guess { .. } | Act::Sleep { .. } => {}
        }
    }

    async fn press(&self, browser: usize) {
        let nonce = ["a", "b", "c", "d"][browser].repeat(42) + "A";
        let body = json!({ "secret": self.secret().await, "device_nonce": nonce });
        let reply = self.scene().browsers[browser].post(self.path("/open"), body).await;
        assert!([200, 403, 404, 409].contains(&reply.status), "{}", reply.text);
    }

    async fn type_code(&self, browser: usize, is_right: bool) -> bool {
        let (scene, house) = (self.scene(), &self.world.house);
        let name = format!("challenge_{}", scene.link.id.ulid());
        let Some(cookie) = scene.browsers[browser].cookie(&name) else { return false };
        let cookie = ChallengeCookie::verify(&house.keys, &cookie).expect("a cookie of ours");
        let code = code_of(&house.keys, cookie.tenant, cookie.challenge).expect("a code");
        let (right, other) = (code.digits(), (code.value() + 1) % 1_000_000);
        let typed = if is_right { right } else { format!("{other:06}") };
        let details = json!({
            "first_name": "T", "last_name": "N", "job_title": "B", "company": "Hooli",
        });
        let body = json!({ "code": typed, "details": details });
        let reply = scene.browsers[browser].post(self.path("/verify"), body).await;
        assert!([200, 403, 404].contains(&reply.status), "{}", reply.text);
        reply.status == 200
    }

    /// What a browser is told.
    pub(crate) async fn look(&mut self, browser: usize) -> Look {
        let reply = self.scene().browsers[browser].get(self.path("")).await;
        match reply.status {
            200 => self.seen(&reply.body),
            403 if reply.problem(403) == "link-inactive" => Look::Inactive,
            404 => Look::Gone,
            409 if reply.problem(409) == "code-required" => Look::CodeRequired,
            _ => panic!("{}: {}", reply.status, reply.text),
        }
    }

    /// What a document's view says of who reads it. A document of one's own is nobody else's, and
    /// always the same.
    fn seen(&mut self, view: &Value) -> Look {
        let scene = self.scene.as_mut().expect("a link was set");
        let email = &view["contact"]["email"];
        let person = scene.emails.iter().position(|known| email == known).unwrap_or(PEOPLE);
        if view["is_own_copy"] == true {
            let file = view["file"]["id"].clone();
            assert_eq!(*scene.files[person].get_or_insert(file.clone()), file);
            assert_ne!(scene.files[0], scene.files[1], "two share a document of their own");
        }
        let is_child = scene.link.audience == Audience::PublicChild;
        let standing = view["standing"].as_str().unwrap_or_default();
        assert_eq!(view["is_own_copy"] == true, is_child && standing == "verified");
        match standing {
            "bearer" => Look::Bearer,
            "trusted" => Look::Trusted(person),
            "verified" => Look::Verified(person),
            other => panic!("standing {other}"),
        }
    }
}
