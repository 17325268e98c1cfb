//! What explains an access says of any state what the portal and the trust page answer in it.

use domain::account::Account;
use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use domain::expiry::Expiry;
use domain::grant::{Grant, Right, State};
use domain::id::TenantId;
use domain::tenant::{NdaInForce, PortalType, Tenant, Zone};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::chance::Chance;
use tests::client::Client;
use tests::seed::Company;
use tests::world::World;

/// States that are tried.
const STATES: u64 = 100;

/// One company, one contact, one document, in any state.
struct Case {
    company: Company,
    contact: Contact,
    document: Document,
    file: String,
}

#[tokio::test]
async fn what_is_explained_is_what_the_portal_and_the_trust_page_answer() {
    let world = World::start().await;
    let (mut open, mut shut) = (0, 0);
    for seed in 0..STATES {
        let chance = Chance::new(seed);
        let case = Case::lay(&world, &chance, seed).await;
        let admin = world.admin_of(&case.company).await;
        let portal = world.portal_of(&case.company, &case.contact).await;

        let why = case.why(&admin, &case.contact.id.to_string(), "document.download").await;
        let path = format!("/v1/portal/files/{}/download", case.file);
        let reply = portal.post(path, json!({})).await;
        agrees(&why, reply.status == 200, &format!("download, seed {seed}: {}", reply.text));

        let why = case.why(&admin, &case.contact.id.to_string(), "document.view").await;
        let page = portal.get("/v1/portal").await.body;
        let shown = page["documents"].as_array().into_iter().flatten();
        let shown = shown.filter(|shown| shown["needs_nda"] == false).count();
        agrees(&why, shown == 1, &format!("view, seed {seed}: {page}"));
        (open, shut) = if shown == 1 { (open + 1, shut) } else { (open, shut + 1) };

        let why = case.why(&admin, "anyone", "document.download").await;
        let slug = &case.company.tenant.slug;
        let path = format!("/v1/trust/{slug}/files/{}/download", case.file);
        let reply = world.visitor().post(path, json!({})).await;
        agrees(&why, reply.status == 200, &format!("trust, seed {seed}: {}", reply.text));

        case.lists_agree(&admin).await;
    }
    assert!(10 < open && 10 < shut, "{open} open, {shut} shut: hardly any state");
}

/// The decision is the answer's, its facts bear it out, and it says why.
#[track_caller]
fn agrees(why: &Value, answered: bool, context: &str) {
    let decision = if answered { "allow" } else { "deny" };
    assert_eq!(why["decision"], decision, "{context}\n{why:#}");
    let shuts = |fact: &Value| fact["stands"] == "shuts";
    let facts = why["facts"].as_array().unwrap();
    assert_eq!(!facts.iter().any(shuts), answered, "{context}\n{why:#}");
    assert_ne!(why["reasons"], json!([]), "{context}\n{why:#}");
    let said = why["verdict"].as_str().unwrap();
    assert_eq!(said.contains(" may not "), !answered, "{said}");
    assert_eq!(why["ends"] == json!([]), !answered, "{context}\n{why:#}");
}

impl Case {
    async fn why(&self, admin: &Client, principal: &str, action: &str) -> Value {
        let object = self.document.id;
        let query = format!("principal={principal}&action={action}&object={object}");
        admin.get(format!("/v1/explain?{query}")).await.expect(200)
    }

    /// The list of what is open holds the document exactly if one of its actions is allowed.
    async fn lists_agree(&self, admin: &Client) {
        let contact = self.contact.id.to_string();
        let list = admin.get(format!("/v1/explain/open?principal={contact}")).await.expect(200);
        let items = list["items"].as_array().unwrap();
        let mut allowed = Vec::new();
        for action in ["document.view", "document.download"] {
            let why = self.why(admin, &contact, action).await;
            if why["decision"] == "allow" {
                allowed.push(action);
            }
            let lapsed = why["lapsed"].as_array().unwrap();
            assert_eq!(json!(lapsed), list["lapsed"], "{why:#}\n{list:#}");
        }
        let listed = items.first().map_or(json!([]), |item| item["actions"].clone());
        assert_eq!(listed, json!(allowed), "{list:#}");
    }

    async fn lay(world: &World, chance: &Chance, seed: u64) -> Self {
        let mut company = world.company(&format!("state-{seed}")).await;
        company.tenant = tenant(&company.tenant, chance, world);
        let contact = contact(world, &company, chance).await;
        let level = chance.one(&[AccessLevel::Public, AccessLevel::Restricted, AccessLevel::Nda]);
        let made = world.document(&company, "Report", level).await;
        let file = made.published.as_ref().map(|file| file.id.to_string()).unwrap();
        let document = document(made, chance, world);
        let grant = grant(world, &company, &contact, &document, chance);

        let mut change = world.store_of(&company).change(world.house.dice.token());
        change.save_tenant(&company.tenant).unwrap();
        change.save_document(&document).unwrap();
        if let Some(grant) = &grant {
            change.save_grant(grant).unwrap();
        }
        change.commit().await.unwrap();
        Self { company, contact, document, file }
    }
}

fn tenant(tenant: &Tenant, chance: &Chance, world: &World) -> Tenant {
    let version = chance.below(3);
    let nda = (version != 0).then(|| NdaInForce {
        id: world.house.dice.id(world.now()),
        version: u32::try_from(version).unwrap(),
    });
    let portal_type = if chance.once_in(5) { PortalType::Vaults } else { PortalType::Both };
    Tenant { version: 2, nda, portal_type, ..tenant.clone() }
}

/// Mostly approved, or nothing would ever open.
fn status(chance: &Chance) -> ReviewStatus {
    if chance.once_in(6) { chance.one(&ReviewStatus::ALL) } else { ReviewStatus::Approved }
}

async fn contact(world: &World, company: &Company, chance: &Chance) -> Contact {
    let account = match chance.below(4) {
        0 => None,
        _ => Some(account(world, company, chance).await),
    };
    let email = format!("{}@outside.example", chance.below(1 << 30));
    let new = world.new_contact(company, &email, status(chance), account.as_ref());
    let accepted_nda = chance.one(&[None, Some(1), Some(2)]);
    let deleted_at = chance.once_in(16).then(|| world.now());
    let contact = Contact { accepted_nda, deleted_at, grant_epoch: 1, ..new };
    world.lay_contact(company, &contact).await;
    contact
}

/// An end at `at`, meant in UTC.
fn ends(world: &World, at: Timestamp) -> Expiry {
    Expiry { at, zone: Zone::default(), told: world.now() }
}

async fn account(world: &World, company: &Company, chance: &Chance) -> Account {
    let made = world.account(company, "outside.example", status(chance)).await;
    let hour = SignedDuration::from_hours(1);
    let access_expiry = match chance.below(8) {
        0 => Some(ends(world, world.now() - hour)),
        1 => Some(ends(world, world.now() + hour)),
        _ => None,
    };
    let deleted_at = chance.once_in(16).then(|| world.now());
    let account = Account { version: 2, access_expiry, deleted_at, ..made };
    let mut change = world.store_of(company).change(world.house.dice.token());
    change.save_account(&account).unwrap();
    change.commit().await.unwrap();
    account
}

fn document(made: Document, chance: &Chance, world: &World) -> Document {
    let published = made.published.clone().filter(|_| !chance.once_in(10));
    let deleted_at = chance.once_in(12).then(|| world.now());
    Document { version: 2, published, deleted_at, ..made }
}

fn grant(
    world: &World,
    company: &Company,
    contact: &Contact,
    document: &Document,
    chance: &Chance,
) -> Option<Grant> {
    if chance.once_in(8) {
        return None;
    }
    let hour = SignedDuration::from_hours(1);
    let ended = [State::Removed, State::Expired, State::DocumentDeleted];
    let rights = [vec![Right::View], vec![Right::View, Right::Download]];
    Some(Grant {
        id: world.house.dice.id(world.now()),
        version: 1,
        contact_id: contact.id,
        document_id: document.id,
        rights: chance.one(&rights).try_into().unwrap(),
        expiry: match chance.below(6) {
            0 => Some(ends(world, world.now() - hour)),
            1 => Some(ends(world, world.now() + hour)),
            _ => None,
        },
        granted_by: chance.one(&[None, Some(company.administrator.id)]),
        state: if chance.once_in(6) { chance.one(&ended) } else { State::Live },
        epoch: u32::from(!chance.once_in(10)),
        closings: 0,
        hidden: Vec::new(),
        created_at: world.now(),
    })
}

/// Ids of other companies are as absent as ids of nothing.
#[tokio::test]
async fn another_companys_ends_are_not_there() {
    let world = World::start().await;
    let admin = world.admin().await;
    let globex = world.company("globex").await;
    let contact = world.contact(&globex, "a@x.example", ReviewStatus::Approved).await.id;
    let document = world.document(&globex, "Report", AccessLevel::Public).await.id;
    let tenant: TenantId = globex.id();
    for query in [
        format!("principal={contact}&action=portal.open&object={}", world.acme.id()),
        format!("principal=anyone&action=document.download&object={document}"),
        format!("principal=anyone&action=trust.read&object={tenant}"),
        format!("principal={}&action=tenant.read&object={tenant}", world.acme.administrator.id),
    ] {
        let reply = admin.get(format!("/v1/explain?{query}")).await;
        assert_eq!(reply.problem(404), "not-found", "{query}");
    }
    let reply = admin.get(format!("/v1/explain/open?principal={contact}")).await;
    assert_eq!(reply.problem(404), "not-found");
}
