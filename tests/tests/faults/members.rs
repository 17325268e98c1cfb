//! Seats and passwords, with every AWS call failing in turn.

use domain::contact::{Contact, ReviewStatus};
use domain::member::{Identity, Member, Role};
use serde_json::json;
use store::activities::Home;
use store::lists::{ContactRow, List, Page};
use store::read::Order;
use tests::client::Client;
use tests::faults::operations;
use tests::rehearsal::rehearse;
use tests::seed::address;
use tests::trail::{gap_free_trail, times, trail};
use tests::world::World;

const PASSWORD: &str = "four grey geese at noon";
/// AWS calls of one hand-over at the most.
const CALLS_MAX: usize = 200;

/// Lines of the company's trail about one seat that say `verb`.
async fn told(world: &World, member: &Member, verb: &str) -> usize {
    let lines = gap_free_trail(&world.store_of(&world.acme), Home::Tenant).await;
    let own: Vec<_> = lines.into_iter().filter(|line| line.object == member.id.into()).collect();
    times(&own, verb)
}

#[tokio::test]
async fn a_seat_is_offered_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || (world.admin().await, address()),
        async |(admin, email)| {
            let input = json!({
                "email": email,
                "role": "member",
                "external_communications": false,
                "manager_access": false,
            });
            admin.post("/v1/members", input).key(email).await
        },
        async |(_, email), reply| {
            world.tick().await;
            assert_eq!(world.mails_to(email).len(), 1);
            let store = world.store_of(&world.acme);
            let identity = world.house.table.identity_at(&email.parse().unwrap()).await.unwrap();
            let seats = world.house.table.seats(identity.unwrap().id).await.unwrap();
            let [seat] = seats.as_slice() else { panic!("{seats:?}") };
            assert_eq!(json!(seat.member_id), reply.body["id"]);
            let member = store.member(seat.member_id).await.unwrap().unwrap();
            assert_eq!(told(&world, &member, "members.create").await, 1);
        },
    )
    .await;
}

#[tokio::test]
async fn an_invitation_is_mailed_again_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || (world.admin().await, world.offer(&world.acme, Role::Member).await.0),
        async |(admin, seat)| {
            let path = format!("/v1/members/{}/invite", seat.id);
            admin.post(path, json!({})).key(&seat.id.to_string()).await
        },
        async |(_, seat), _| {
            world.tick().await;
            assert_eq!(world.mails_to(seat.email.as_str()).len(), 1);
            assert_eq!(told(&world, seat, "members.invite").await, 1);
        },
    )
    .await;
}

#[tokio::test]
async fn a_seat_is_changed_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        // An administrator, so that somebody must stay.
        async || (world.admin().await, world.seat(world.acme.id(), Role::Administrator).await),
        async |(admin, seat)| {
            let path = format!("/v1/members/{}", seat.id);
            let key = seat.id.to_string();
            admin.patch(path, json!({ "role": "member" })).if_match(1).key(&key).await
        },
        async |(_, seat), _| {
            let after = world.store_of(&world.acme).member(seat.id).await.unwrap().unwrap();
            assert_eq!((after.role, after.version, after.epoch), (Role::Member, 2, 1));
            assert_eq!(told(&world, seat, "members.update").await, 1);
        },
    )
    .await;
}

/// A member who leaves, who takes over, and what there is to take.
struct Leaving {
    admin: Client,
    seat: Member,
    heir: Member,
    contacts: Vec<Contact>,
}

async fn leaving(world: &World) -> Leaving {
    let seat = world.seat(world.acme.id(), Role::Member).await;
    let heir = world.seat(world.acme.id(), Role::Member).await;
    let contact = || Contact {
        owner_id: Some(seat.id),
        ..world.new_contact(&world.acme, &address(), ReviewStatus::Approved, None)
    };
    let contacts = vec![contact(), contact()];
    world.lay_contacts(&world.acme, &contacts).await;
    Leaving { admin: world.admin().await, seat, heir, contacts }
}

async fn remove(leaving: &Leaving) -> tests::client::Reply {
    let path = format!("/v1/members/{}?successor={}", leaving.seat.id, leaving.heir.id);
    leaving.admin.delete(path).key(&leaving.seat.id.to_string()).await
}

/// The seat is gone, and each contact was handed over once.
async fn is_handed_over(world: &World, leaving: &Leaving) {
    let store = world.store_of(&world.acme);
    assert_eq!(told(world, &leaving.seat, "members.delete").await, 1);
    assert!(world.house.table.seats(leaving.seat.identity_id).await.unwrap().is_empty());
    for contact in &leaving.contacts {
        let moved = store.contact(contact.id).await.unwrap().unwrap();
        assert_eq!((moved.owner_id, moved.version), (Some(leaving.heir.id), 2));
        let lines = trail(&store, Home::Contact(contact.id)).await;
        assert_eq!(times(&lines, "contacts.hand_over"), 1);
    }
    for (owner, count) in [(&leaving.seat, 0), (&leaving.heir, leaving.contacts.len())] {
        let page = Page { order: Order::Ascending, cursor: None, limit: 10 };
        let list = List::ContactsOfOwner(owner.id);
        let rows: Vec<ContactRow> = store.list_by_creation(list, None, &page).await.unwrap();
        assert_eq!(rows.len(), count);
    }
}

#[tokio::test]
async fn a_member_is_removed_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || leaving(&world).await,
        async |leaving| remove(leaving).await,
        async |leaving, _| {
            world.tick().await;
            is_handed_over(&world, leaving).await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_worker_that_dies_hands_everything_over_once() {
    let world = World::start().await;
    for dies_after in [false, true] {
        for place in 0..CALLS_MAX {
            let leaving = leaving(&world).await;
            remove(&leaving).await.expect(204);
            if dies_after {
                world.faults.die_after(place);
            } else {
                world.faults.die_before(place);
            }
            let first = world.try_tick().await;
            let calls = world.faults.disarm();
            world.tick().await;
            is_handed_over(&world, &leaving).await;
            if operations(&calls) <= place {
                assert!(first.is_ok(), "{first:?}");
                break;
            }
            assert!(place + 1 < CALLS_MAX, "a hand-over of more than {CALLS_MAX} calls");
        }
    }
}

#[tokio::test]
async fn a_seat_is_taken_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || {
            let (seat, token) = world.offer(&world.acme, Role::Member).await;
            (seat, token, world.visitor())
        },
        async |(_, token, browser)| {
            let taking = json!({ "token": token, "name": "Grace", "password": PASSWORD });
            browser.post("/v1/invitations/accept", taking).key("take").await
        },
        async |(seat, _, browser), reply| {
            let me = browser.get("/v1/me").await.expect(200);
            assert_eq!(me["seat"]["member_id"], json!(seat.id));
            assert_eq!(reply.body["identity"]["name"], "Grace");
            assert_eq!(told(&world, seat, "invitations.accept").await, 1);
            let sessions = browser.get("/v1/sessions").await.expect(200);
            assert_eq!(sessions["items"].as_array().map(Vec::len), Some(1));
        },
    )
    .await;
}

#[tokio::test]
async fn a_reset_is_mailed_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || (world.seat(world.acme.id(), Role::Member).await, world.visitor()),
        async |(seat, browser)| {
            let ask = json!({ "email": seat.email });
            browser.post("/v1/password-resets", ask).key("ask").await
        },
        async |(seat, _), _| {
            world.tick().await;
            assert_eq!(world.mails_to(seat.email.as_str()).len(), 1);
        },
    )
    .await;
}

#[tokio::test]
async fn a_password_is_set_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || {
            let seat = world.seat(world.acme.id(), Role::Member).await;
            let token = world.reset_token(&seat);
            (seat, token, world.visitor())
        },
        async |(_, token, browser)| {
            let set = json!({ "token": token, "password": PASSWORD });
            browser.post("/v1/password-resets/complete", set).key("set").await
        },
        async |(seat, ..), _| {
            let identity = world.house.table.identity(seat.identity_id).await.unwrap().unwrap();
            assert_eq!((identity.version, identity.epoch), (2, 1));
            assert_eq!(told(&world, seat, "password_resets.complete").await, 1);
        },
    )
    .await;
}

#[tokio::test]
async fn ones_own_password_is_changed_once() {
    let world = World::start().await;
    // Hashing takes longer than everything else here.
    let hash = world.house.hash_password(PASSWORD).await.unwrap();
    rehearse(
        &world.faults,
        async || {
            let seat = world.seat(world.acme.id(), Role::Member).await;
            let identity = world.house.table.identity(seat.identity_id).await.unwrap().unwrap();
            let identity = Identity { version: 2, password: Some(hash.clone()), ..identity };
            let mut change = world.house.table.change(world.house.dice.token());
            change.save_identity(&identity).unwrap();
            change.commit().await.unwrap();
            let browser = world.client_of(world.acme.id(), &seat).await;
            (seat, browser)
        },
        async |(_, browser)| {
            let another = "five green geese at dusk";
            let input = json!({ "current_password": PASSWORD, "password": another });
            browser.post("/v1/me/password", input).key("change").await
        },
        async |(seat, browser), _| {
            browser.get("/v1/tenant").await.expect(200);
            assert_eq!(told(&world, seat, "me.password").await, 1);
        },
    )
    .await;
}
