//! Preview and act agree: in any state, what the preview said is what happened.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::Account;
use domain::contact::{Contact, ReviewStatus};
use domain::document::AccessLevel;
use domain::expiry::When;
use domain::grant::Grant;
use domain::id::{ContactId, DocumentId};
use domain::tenant::Zone;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::contacts::Folder;
use tests::chance::Chance;
use tests::client::{Call, Client};
use tests::world::World;

/// States that are tried, each in a company of its own with one action.
const STATES: u64 = 60;

/// A company's people and documents, in any state.
struct Case {
    world: World,
    account: Account,
    contacts: Vec<Contact>,
    /// Who was deleted on the way; what they asked for is asked for still.
    gone: Vec<Contact>,
    documents: Vec<DocumentId>,
}

/// What can be seen from outside: what opens to whom, where everything stands, who was mailed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    open: BTreeSet<(ContactId, DocumentId)>,
    live: BTreeSet<(ContactId, DocumentId)>,
    standing: BTreeMap<String, String>,
    mails: usize,
}

#[tokio::test]
async fn what_the_preview_said_is_what_happened() {
    let mut told_something = 0;
    let world = World::start().await;
    // Nothing of what differs is the work of time.
    world.house.clock.stop();
    let mut case = lay_out(world).await;
    for seed in 0..STATES {
        let chance = Chance::new(seed);
        case.shuffle(&chance).await;
        let before = case.seen().await;
        let Some((name, action)) = case.action(&chance).await else { continue };
        let admin = case.world.admin().await;
        let told = action(&admin, "?preview=true").await;
        assert_eq!(case.seen().await, before, "the preview of {name} did something ({seed})");
        let mailed = case.world.mails().len();
        let done = action(&admin, "").await;
        assert_eq!(told.status < 300, done.status < 300, "{name} ({seed}): {}", told.text);
        case.world.tick().await;
        let after = case.seen().await;
        if 300 <= told.status {
            assert_eq!(told.shown(), done.shown(), "{name} ({seed})");
            continue;
        }
        judge(&case, (&before, &after), &told.body, mailed, &format!("{name} ({seed})"));
        told_something += usize::from(told.body["effects"] != json!([]));
    }
    assert!(20 < told_something, "only {told_something} previews told anything");
}

/// Whether `told` is the difference between before and after, and the mails are the ones told.
fn judge(case: &Case, (before, after): (&Seen, &Seen), told: &Value, mailed: usize, what: &str) {
    assert_eq!(told["complete"], true, "{what}");
    let effects = told["effects"].as_array().unwrap();
    let pairs = |kind: &str| -> BTreeSet<(ContactId, DocumentId)> {
        let of = |effect: &&Value| effect["kind"] == kind;
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        effects
            .iter()
            .filter(of)
            .map(|effect| {
                let contact = id(&effect["contact_id"]).parse().unwrap();
                (contact, id(&effect["document_id"]).parse().unwrap())
            })
            .collect()
    };
    let gone = |one: &BTreeSet<_>, two: &BTreeSet<_>| -> BTreeSet<(ContactId, DocumentId)> {
        one.difference(two).copied().collect()
    };
    assert_eq!(pairs("opens"), gone(&after.open, &before.open), "{what} opens: {told:#}");
    assert_eq!(pairs("closes"), gone(&before.open, &after.open), "{what} closes: {told:#}");
    assert_eq!(pairs("shared"), gone(&after.live, &before.live), "{what} shares: {told:#}");
    assert_eq!(pairs("unshared"), gone(&before.live, &after.live), "{what} unshares: {told:#}");

    let moved: BTreeMap<&String, &String> = after
        .standing
        .iter()
        .filter(|(id, standing)| before.standing.get(*id) != Some(*standing))
        .collect();
    let said: BTreeMap<String, String> = effects
        .iter()
        .filter_map(|effect| {
            let id = ["contact_id", "account_id", "request_id"].iter().find_map(|field| {
                effect["to"].as_str().and(effect[field].as_str()).map(str::to_owned)
            })?;
            Some((id, effect["to"].as_str()?.to_owned()))
        })
        .collect();
    assert_eq!(said.iter().collect::<BTreeMap<_, _>>(), moved, "{what} moves: {told:#}");

    let mut wanted: Vec<&str> =
        told["mails"].as_array().unwrap().iter().map(|mail| mail["to"].as_str().unwrap()).collect();
    wanted.sort_unstable();
    let mails = case.world.mails().split_off(mailed);
    let mut left: Vec<String> = mails
        .iter()
        .map(|mail| {
            let is_to = |contact: &&Contact| {
                contact.email.as_ref().is_some_and(|email| mail.to == [email.as_str()])
            };
            case.contacts.iter().find(is_to).map_or_else(|| mail.to.concat(), |c| c.id.to_string())
        })
        .collect();
    left.sort_unstable();
    assert_eq!(wanted, left, "{what} mails: {told:#}");
}

async fn lay_out(world: World) -> Case {
    let acme = &world.acme;
    let account = world.account(acme, "globex.example", ReviewStatus::Approved).await;
    let mut contacts = Vec::new();
    for number in 0..4 {
        let of = (number < 2).then_some(&account);
        let email = format!("person-{number}@globex.example");
        contacts.push(world.contact_of(acme, &email, ReviewStatus::Approved, of).await);
    }
    let levels = [AccessLevel::Restricted, AccessLevel::Nda, AccessLevel::Restricted];
    let mut documents = Vec::new();
    for (number, level) in levels.into_iter().enumerate() {
        documents.push(world.document(acme, &format!("Paper {number}"), level).await.id);
    }
    Case { world, account, contacts, gone: Vec::new(), documents }
}

impl Case {
    /// Puts everything into a state that depends on `chance` alone.
    async fn shuffle(&mut self, chance: &Chance) {
        let acme = self.world.acme.clone();
        let store = self.world.store_of(&acme);
        let replaced = chance.once_in(3).then(|| chance.below(3));
        for place in 0..self.documents.len() {
            let document = store.document(self.documents[place]).await.unwrap().unwrap();
            if replaced == Some(place) || document.deleted_at.is_some() {
                let title = format!("Paper {}", chance.below(1000));
                let level = chance.one(&[AccessLevel::Restricted, AccessLevel::Public]);
                self.documents[place] = self.world.document(&acme, &title, level).await.id;
            }
        }
        let statuses = ReviewStatus::ALL;
        let account = store.account(self.account.id).await.unwrap().unwrap();
        let status = if chance.once_in(3) { chance.one(&statuses) } else { ReviewStatus::Approved };
        let account = Account { version: account.version + 1, status, ..account };
        let mut change = store.change(self.world.house.dice.token());
        change.save_account(&account).unwrap();
        change.commit().await.unwrap();
        for place in 0..self.contacts.len() {
            let contact = store.contact(self.contacts[place].id).await.unwrap().unwrap();
            if contact.deleted_at.is_some() {
                let email = format!("person-{}@globex.example", chance.below(1 << 40));
                let of = (place < 2).then_some(&account);
                let status = ReviewStatus::Approved;
                let next = self.world.contact_of(&acme, &email, status, of).await;
                self.gone.push(std::mem::replace(&mut self.contacts[place], next));
                continue;
            }
            let status = if chance.once_in(2) { chance.one(&statuses) } else { contact.status };
            // Everybody proved their address, so that no budget of mails is spent.
            let proved_at = Some(self.world.now());
            let version = contact.version + 1;
            let contact = Contact { version, status, proved_at, ..contact };
            let mut change = store.change(self.world.house.dice.token());
            change.save_contact(&contact).unwrap();
            change.commit().await.unwrap();
            self.contacts[place] = contact;
        }
        self.ask_and_share(chance).await;
        self.world.tick().await;
    }

    async fn ask_and_share(&self, chance: &Chance) {
        let (acme, store) = (&self.world.acme, self.world.store_of(&self.world.acme));
        for contact in &self.contacts {
            if chance.once_in(2) {
                let some = self.some_documents(chance);
                self.world.request(acme, contact, &some).await;
            }
            if chance.once_in(2) {
                let document = chance.one(&self.documents);
                let before = store.grant(contact.id, document).await.unwrap();
                let end = When::Instant(self.world.now() + SignedDuration::from_hours(240));
                let expiry = end.ends(&Zone::default(), self.world.now()).ok();
                let (now, dice) = (self.world.now(), &self.world.house.dice);
                let grant = Grant {
                    expiry: expiry.filter(|_| chance.once_in(2)),
                    granted_by: Some(acme.administrator.id),
                    ..Grant::new(contact, document, before.as_ref(), || dice.id(now), now)
                };
                let mut change = store.change(self.world.house.dice.token());
                change.save_grant(&grant).unwrap();
                change.commit().await.unwrap();
            }
        }
    }

    fn some_documents(&self, chance: &Chance) -> Vec<DocumentId> {
        let mut some: Vec<DocumentId> =
            self.documents.iter().copied().filter(|_| chance.once_in(2)).collect();
        if some.is_empty() {
            some.push(chance.one(&self.documents));
        }
        some
    }

    fn sharing(&self, chance: &Chance, notify: bool) -> Value {
        if chance.once_in(3) {
            return json!({ "remove": [{ "document_id": chance.one(&self.documents) }] });
        }
        let some = self.some_documents(chance);
        let add: Vec<Value> = some.iter().map(|id| json!({ "document_id": id })).collect();
        json!({ "add": add, "notify": notify })
    }

    /// One action on something, with the query to be put behind its path.
    async fn action(
        &self,
        chance: &Chance,
    ) -> Option<(&'static str, impl Fn(&Client, &str) -> Call)> {
        let contact = chance.one(&self.contacts);
        let store = self.world.store_of(&self.world.acme);
        let folder: Folder = store.folder(contact.id).await.unwrap()?;
        let request = folder.requests.iter().rfind(|request| request.status.is_pending());
        let at = format!("/v1/contacts/{}", contact.id);
        let version = folder.contact.version;
        let account = store.account(self.account.id).await.unwrap()?;
        let notify = chance.once_in(2);
        let statuses = ReviewStatus::ALL.map(ReviewStatus::as_str);
        let (name, method, path, body, version) = match chance.below(11) {
            0..=2 => {
                let body = self.sharing(chance, notify);
                ("contacts.share", "PATCH", format!("{at}/documents"), body, 0)
            }
            3 => ("contacts.suspend", "POST", format!("{at}/suspend"), json!({}), 0),
            4 => {
                let body = json!({ "status": "approved", "keep_grants": notify });
                ("contacts.unsuspend", "POST", format!("{at}/unsuspend"), body, 0)
            }
            5 => {
                let body = json!({ "status": chance.one(&statuses) });
                ("contacts.update", "PATCH", at, body, version)
            }
            6 => ("contacts.magic_link", "POST", format!("{at}/magic-link"), json!({}), 0),
            7 => {
                let body = json!({ "status": chance.one(&statuses) });
                let path = format!("/v1/accounts/{}", account.id);
                ("accounts.update", "PATCH", path, body, account.version)
            }
            8 => {
                let request = request?;
                let path = format!("/v1/requests/{}", request.id);
                if chance.once_in(2) {
                    ("requests.approve", "POST", format!("{path}/approve"), json!({}), 0)
                } else {
                    let body = json!({ "notify": notify });
                    ("requests.reject", "POST", format!("{path}/reject"), body, 0)
                }
            }
            9 => {
                let path = format!("/v1/documents/{}", chance.one(&self.documents));
                ("documents.delete", "DELETE", path, json!({}), 0)
            }
            _ => ("contacts.delete", "DELETE", at, json!({}), 0),
        };
        let act = move |client: &Client, query: &str| {
            let call = client.send(method, format!("{path}{query}"), body.clone());
            if 0 < version { call.if_match(version) } else { call }
        };
        Some((name, act))
    }

    /// What opens to whom is asked of the portal itself.
    async fn seen(&self) -> Seen {
        let (acme, store) = (&self.world.acme, self.world.store_of(&self.world.acme));
        let mut seen = Seen {
            open: BTreeSet::new(),
            live: BTreeSet::new(),
            standing: BTreeMap::new(),
            mails: self.world.mails().len(),
        };
        let account = store.account(self.account.id).await.unwrap().unwrap();
        seen.standing.insert(account.id.to_string(), account.status.as_str().to_owned());
        for contact in &self.gone {
            let folder = store.folder(contact.id).await.unwrap().unwrap();
            seen.standing.extend(standing_of(&folder));
        }
        for contact in &self.contacts {
            let folder = store.folder(contact.id).await.unwrap().unwrap();
            let live = folder
                .grants
                .iter()
                .filter(|grant| grant.live(&folder.contact, self.world.now()).is_some());
            seen.live.extend(live.map(|grant| (contact.id, grant.document_id)));
            let status = folder.contact.status.as_str().to_owned();
            seen.standing.insert(contact.id.to_string(), status);
            seen.standing.extend(standing_of(&folder));
            let portal = self.world.portal_of(acme, &folder.contact).await;
            let page = portal.get("/v1/portal").await;
            for document in page.body["documents"].as_array().into_iter().flatten() {
                let id = document["id"].as_str().unwrap().parse().unwrap();
                seen.open.insert((contact.id, id));
            }
        }
        seen
    }
}

/// How far each request of a contact is.
fn standing_of(folder: &Folder) -> impl Iterator<Item = (String, String)> {
    let requests = folder.requests.iter();
    requests.map(|request| (request.id.to_string(), request.status.as_str().to_owned()))
}
