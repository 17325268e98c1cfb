//! The calls whose time is taken: for each route as many as are asked for, each prepared so that it
//! does its whole work.

use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use reqwest::Client as Http;
use serde_json::json;
use tests::client::{Call, Client};
use tests::world::World;

/// Contacts that the lists are read from.
const CONTACTS: usize = 200;
/// Documents of the library, and of the portal that is read.
const DOCUMENTS: usize = 10;

/// A route, and calls of it.
pub(crate) struct Prepared {
    pub(crate) name: &'static str,
    pub(crate) calls: Vec<Call>,
}

/// Who calls: staff, a contact in their portal, a stranger.
struct People {
    admin: Client,
    reader: Client,
    stranger: Client,
}

/// Prepares `count` calls of each route that are sent over `http`.
pub(crate) async fn prepare(world: &World, http: &Http, count: usize) -> Vec<Prepared> {
    let acme = &world.acme;
    crate::growth::fill(world, 0..CONTACTS).await;
    let mut documents = Vec::new();
    for number in 0..DOCUMENTS {
        let title = format!("Document {number}");
        documents.push(world.document(acme, &title, AccessLevel::Restricted).await);
    }
    let public = world.document(acme, "Certificate", AccessLevel::Public).await;
    let ada = world.contact(acme, "ada@example.org", ReviewStatus::Approved).await;
    for document in &documents {
        world.grant(acme, ada.id, document.id).await;
    }
    let people = People {
        admin: world.admin().await.over(http.clone()),
        reader: world.portal_of(acme, &ada).await.over(http.clone()),
        stranger: world.visitor().over(http.clone()),
    };
    let mut all = reads(&people, &ada, count);
    all.extend(downloads(world, &people, &documents, &public, count));
    all.extend(writes(world, &people, http, &documents, count).await);
    all
}

fn reads(people: &People, ada: &Contact, count: usize) -> Vec<Prepared> {
    let People { admin, reader, stranger } = people;
    let contact = format!("/v1/contacts/{}", ada.id);
    let shared = format!("{contact}/documents");
    let each = [
        ("health.read", stranger, "/v1/health"),
        ("me.read", admin, "/v1/me"),
        ("contacts.list", admin, "/v1/contacts"),
        ("contacts.read", admin, contact.as_str()),
        ("contacts.documents", admin, shared.as_str()),
        ("documents.list", admin, "/v1/documents"),
        ("trust.read", stranger, "/v1/trust/acme"),
        ("portal.read", reader, "/v1/portal"),
    ];
    let prepared = each.map(|(name, client, path)| Prepared {
        name,
        calls: (0..count).map(|_| client.get(path)).collect(),
    });
    prepared.into()
}

fn downloads(
    world: &World,
    people: &People,
    documents: &[Document],
    public: &Document,
    count: usize,
) -> Vec<Prepared> {
    let file = |document: &Document| {
        document.published.as_ref().map(|file| file.id.to_string()).unwrap_or_default()
    };
    let (own, anybodys) = (documents.first().map(file).unwrap_or_default(), file(public));
    let take = |client: &Client, path: &str| client.post(path, json!({}));
    // Strangers of one network may not ask that often; theirs are many.
    let stranger = || people.stranger.from_network(world.visitor().network());
    let staff = (0..count).map(|_| take(&people.admin, &format!("/v1/files/{own}/download")));
    let guest =
        (0..count).map(|_| take(&stranger(), &format!("/v1/trust/acme/files/{anybodys}/download")));
    let reader =
        (0..count).map(|_| take(&people.reader, &format!("/v1/portal/files/{own}/download")));
    vec![
        Prepared { name: "files.download", calls: staff.collect() },
        Prepared { name: "trust.download", calls: guest.collect() },
        Prepared { name: "portal.download", calls: reader.collect() },
    ]
}

async fn writes(
    world: &World,
    people: &People,
    http: &Http,
    documents: &[Document],
    count: usize,
) -> Vec<Prepared> {
    let admin = &people.admin;
    let (mut create, mut share, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..count {
        let email = format!("new-{number}@example.org");
        let input = json!({ "email": email, "first_name": "Ada", "last_name": "Lovelace" });
        create.push(admin.post("/v1/contacts", input));
        let email = format!("guest-{number}@example.org");
        let contact = world.contact(&world.acme, &email, ReviewStatus::Approved).await;
        let add: Vec<_> =
            documents.iter().take(1).map(|it| json!({ "document_id": it.id })).collect();
        let path = format!("/v1/contacts/{}/documents", contact.id);
        share.push(admin.patch(path, json!({ "add": add })));
        let token = world.magic_link(&world.acme, &contact).await;
        let input = json!({ "token": token, "device_nonce": "A".repeat(43) });
        open.push(world.visitor().over(http.clone()).post("/v1/portal/open", input));
    }
    let each = [("contacts.create", create), ("contacts.share", share), ("portal.open", open)];
    each.map(|(name, calls)| Prepared { name, calls }).into()
}
