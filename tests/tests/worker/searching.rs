//! Search against a model that keeps everything in memory.

use std::collections::{BTreeMap, BTreeSet};

use domain::contact::ReviewStatus;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;
use tests::client::{Client, id_of};
use tests::world::World;

/// Names that begin alike in many ways.
const NAMES: [&str; 8] = ["Ada", "Adam", "Adamant", "Bo", "Bob", "Bobby", "Cy", "Cyd"];
/// Steps of one history.
const STEPS: usize = 40;
/// Histories.
const HISTORIES: usize = 6;

#[derive(Clone, Debug)]
enum Step {
    Make { first: usize, last: usize, mailbox: usize },
    Rename { whom: prop::sample::Index, last: usize },
    Move { whom: prop::sample::Index, away: bool },
    Suspend { whom: prop::sample::Index },
    Archive { whom: prop::sample::Index, away: bool },
    Delete { whom: prop::sample::Index },
    Tick,
}

fn step() -> impl Strategy<Value = Step> {
    let name = || 0..NAMES.len();
    let whom = any::<prop::sample::Index>;
    prop_oneof![
        4 => (name(), name(), name())
            .prop_map(|(first, last, mailbox)| Step::Make { first, last, mailbox }),
        2 => (whom(), name()).prop_map(|(whom, last)| Step::Rename { whom, last }),
        1 => (whom(), any::<bool>()).prop_map(|(whom, away)| Step::Move { whom, away }),
        1 => whom().prop_map(|whom| Step::Suspend { whom }),
        1 => (whom(), any::<bool>()).prop_map(|(whom, away)| Step::Archive { whom, away }),
        1 => whom().prop_map(|whom| Step::Delete { whom }),
        2 => Just(Step::Tick),
    ]
}

/// What the model knows of a contact.
#[derive(Clone, Debug)]
struct Known {
    version: u64,
    first: &'static str,
    last: &'static str,
    email: String,
    is_hooli: bool,
    is_suspended: bool,
    is_archived: bool,
}

impl Known {
    /// Whether some word of the contact begins with each of `words`.
    fn is_found_by(&self, words: &str) -> bool {
        let mut own = vec![self.first.to_lowercase(), self.last.to_lowercase()];
        own.push(self.email.clone());
        let (local, domain) = self.email.split_once('@').unwrap();
        own.extend(local.split('.').map(str::to_owned));
        own.push(domain.to_owned());
        if self.is_hooli {
            own.extend(["hooli.example".to_owned(), "ltd".to_owned()]);
        }
        words.split(' ').all(|word| own.iter().any(|own| own.starts_with(word)))
    }
}

#[tokio::test]
async fn search_finds_what_a_look_at_everything_finds() {
    let mut runner = TestRunner::deterministic();
    let world = World::start().await;
    for history in 0..HISTORIES {
        let steps = prop::collection::vec(step(), STEPS).new_tree(&mut runner).unwrap().current();
        // Each history in a company of its own.
        let company = world.company(&format!("company-{history}")).await;
        let admin = world.admin_of(&company).await;
        let account = world.account(&company, "hooli.example", ReviewStatus::Approved).await;
        let mut known: BTreeMap<String, Known> = BTreeMap::new();
        for (number, step) in steps.iter().enumerate() {
            act(&world, &admin, &account.id.to_string(), number, step, &mut known).await;
        }
        world.tick().await;
        compare(&admin, &known, &steps).await;
    }
}

async fn act(
    world: &World,
    admin: &Client,
    account: &str,
    number: usize,
    step: &Step,
    known: &mut BTreeMap<String, Known>,
) {
    let ids: Vec<String> = known.keys().cloned().collect();
    let of = |whom: &prop::sample::Index| (!ids.is_empty()).then(|| whom.get(&ids).clone());
    match step {
        Step::Make { first, last, mailbox } => {
            let email = format!("{}.{number}@cyd.example", NAMES[*mailbox].to_lowercase());
            let (id, contact) = make(admin, NAMES[*first], NAMES[*last], email).await;
            known.insert(id, contact);
        }
        Step::Rename { whom, last } => {
            let Some(id) = of(whom) else { return };
            let contact = known.get_mut(&id).unwrap();
            contact.last = NAMES[*last];
            save(admin, &id, contact, json!({ "last_name": contact.last })).await;
        }
        Step::Move { whom, away } => {
            let Some(id) = of(whom) else { return };
            let contact = known.get_mut(&id).unwrap();
            contact.is_hooli = !away;
            let account = if *away { json!(null) } else { json!(account) };
            save(admin, &id, contact, json!({ "account_id": account })).await;
        }
        Step::Suspend { whom } => {
            let Some(id) = of(whom) else { return };
            let contact = known.get_mut(&id).unwrap();
            let reply = admin.post(format!("/v1/contacts/{id}/suspend"), json!({})).await;
            (contact.version, contact.is_suspended) = (reply.version(), true);
        }
        Step::Archive { whom, away } => {
            let Some(id) = of(whom) else { return };
            let contact = known.get_mut(&id).unwrap();
            let verb = if *away { "archive" } else { "unarchive" };
            let reply = admin.post(format!("/v1/contacts/{id}/{verb}"), json!({})).await;
            (contact.version, contact.is_archived) = (reply.version(), *away);
        }
        Step::Delete { whom } => {
            let Some(id) = of(whom) else { return };
            admin.delete(format!("/v1/contacts/{id}")).await.expect(204);
            known.remove(&id);
        }
        Step::Tick => world.tick().await,
    }
}

async fn make(
    admin: &Client,
    first: &'static str,
    last: &'static str,
    email: String,
) -> (String, Known) {
    let input = json!({ "email": email, "first_name": first, "last_name": last });
    let id = id_of(&admin.post("/v1/contacts", input).await.expect(201));
    let (is_hooli, is_suspended, is_archived) = (false, false, false);
    (id, Known { version: 1, first, last, email, is_hooli, is_suspended, is_archived })
}

async fn save(admin: &Client, id: &str, contact: &mut Known, change: serde_json::Value) {
    let reply = admin.patch(format!("/v1/contacts/{id}"), change).if_match(contact.version).await;
    contact.version = reply.version();
    reply.expect(200);
}

async fn compare(admin: &Client, known: &BTreeMap<String, Known>, steps: &[Step]) {
    let words = ["ad", "ada", "adam", "bo", "bobb", "cy", "cyd", "cyd.ex", "hooli", "lt", "ada bo"];
    let more = ["adamant cyd", "ltd ad bob", "bobby cyd ada", "ada.1", "zz"];
    for q in words.into_iter().chain(more) {
        for status in ["", "&status=cancelled", "&archived=true"] {
            let expected: BTreeSet<String> = known
                .iter()
                .filter(|(_, contact)| contact.is_found_by(q))
                .filter(|(_, contact)| status != "&status=cancelled" || contact.is_suspended)
                .filter(|(_, contact)| contact.is_archived == status.ends_with("true"))
                .map(|(id, _)| id.clone())
                .collect();
            let q = q.replace(' ', "+");
            let mut path = format!("/v1/contacts?q={q}{status}&limit=3");
            let mut found = Vec::new();
            for _ in 0..=known.len() {
                let page = admin.get(&path).await.expect(200);
                found.extend(page["items"].as_array().unwrap().iter().map(id_of));
                let Some(next) = page["next"].as_str() else { break };
                path = format!("/v1/contacts?q={q}{status}&limit=3&cursor={next}");
            }
            let count = found.len();
            let found: BTreeSet<String> = found.into_iter().collect();
            assert_eq!((found.len(), &found), (count, &expected), "{q}{status} after {steps:#?}");
        }
    }
}
