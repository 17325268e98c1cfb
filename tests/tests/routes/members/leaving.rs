//! `DELETE /v1/members/{id}`.

use domain::contact::{Contact, ReviewStatus};
use domain::document::AccessLevel;
use domain::id::{Id, MemberId};
use domain::member::{Member, Role};
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::activities::Home;
use store::lists::{ContactRow, List, Page};
use store::read::Order;
use tests::seed::address;
use tests::trail::{gap_free_trail, times};
use tests::world::World;

fn path(member: &Member) -> String {
    format!("/v1/members/{}", member.id)
}

/// A contact of acme that `owner` looks after.
async fn owned(world: &World, owner: MemberId) -> Contact {
    let contact = world.new_contact(&world.acme, &address(), ReviewStatus::Approved, None);
    let contact = Contact { owner_id: Some(owner), ..contact };
    world.lay_contact(&world.acme, &contact).await;
    contact
}

async fn owned_by(world: &World, owner: MemberId) -> Vec<ContactRow> {
    let page = Page { order: Order::Ascending, cursor: None, limit: 1000 };
    let list = List::ContactsOfOwner(owner);
    world.store_of(&world.acme).list_by_creation(list, None, &page).await.unwrap()
}

#[tokio::test]
async fn contacts_need_a_successor_and_go_to_them() {
    let world = World::start().await;
    let admin = world.admin().await;
    let leaving = world.seat(world.acme.id(), Role::Representative).await;
    let heir = world.seat(world.acme.id(), Role::Representative).await;
    let member = world.client_of(world.acme.id(), &leaving).await;
    let contacts = [owned(&world, leaving.id).await, owned(&world, leaving.id).await];

    let refused = admin.delete(path(&leaving)).await;
    assert_eq!(refused.problem(409), "wrong-state");
    let told = "2 contacts belong to this member. Name who takes over: `?successor=mem_…`.";
    assert_eq!(refused.body["detail"], told);
    member.get("/v1/contacts").await.expect(200);

    let removed = admin.delete(format!("{}?successor={}", path(&leaving), heir.id)).await;
    assert_eq!((removed.status, removed.text.as_str()), (204, ""));
    // Out at once, gone from the list, and known to the trail.
    assert_eq!(member.get("/v1/contacts").await.problem(403), "choose-tenant");
    assert_eq!(member.get("/v1/me").await.expect(200)["seats"], json!([]));
    assert_eq!(admin.get(path(&leaving)).await.problem(404), "not-found");
    assert_eq!(admin.delete(path(&leaving)).await.problem(404), "not-found");
    let list = admin.get("/v1/members").await.expect(200);
    assert!(!list.to_string().contains(&leaving.id.to_string()));
    let trail = admin.get(format!("/v1/activity?object={}", leaving.id)).await.expect(200);
    assert_eq!(trail["items"][0]["verb"], "members.delete");
    assert_eq!(trail["items"][0]["detail"]["successor_id"], json!(heir.id));

    world.tick().await;
    let store = world.store_of(&world.acme);
    for contact in contacts {
        let moved = store.contact(contact.id).await.unwrap().unwrap();
        assert_eq!((moved.owner_id, moved.version), (Some(heir.id), 2));
        let lines = gap_free_trail(&store, Home::Contact(contact.id)).await;
        assert_eq!(times(&lines, "contacts.hand_over"), 1);
        let row: ContactRow =
            store.list_row(List::Contacts, contact.id.ulid()).await.unwrap().unwrap();
        assert_eq!(row.owner_id, Some(heir.id), "every list follows");
    }
    assert!(owned_by(&world, leaving.id).await.is_empty());
    assert_eq!(owned_by(&world, heir.id).await.len(), 2);
    // The successor works with them as with their own.
    let theirs = world.client_of(world.acme.id(), &heir).await;
    let list = theirs.get("/v1/contacts").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_successor_is_another_member_whose_seat_is_in_use() {
    let world = World::start().await;
    let admin = world.admin().await;
    let leaving = world.seat(world.acme.id(), Role::Member).await;
    let suspended = world.seat(world.acme.id(), Role::Member).await;
    admin.patch(path(&suspended), json!({ "suspended": true })).if_match(1).await.expect(200);
    let gone = world.seat(world.acme.id(), Role::Member).await;
    admin.delete(path(&gone)).await.expect(204);
    let (invited, _) = world.offer(&world.acme, Role::Member).await;
    let globex = world.company("globex").await;
    let unknown = "mem_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".to_owned();
    let named = [&leaving, &suspended, &gone, &invited, &globex.administrator];
    for successor in named.map(|member| member.id.to_string()).into_iter().chain([unknown]) {
        let reply = admin.delete(format!("{}?successor={successor}", path(&leaving))).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["successor"]));
    }
    let twice = format!("{0}?successor={1}&successor={1}", path(&leaving), globex.administrator.id);
    for query in ["?successor=con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9", "?successor=", "?heir=x"] {
        admin.delete(format!("{}{query}", path(&leaving))).await.problem(400);
    }
    admin.delete(twice).await.problem(400);
    let store = world.store_of(&world.acme);
    assert_eq!(store.member(leaving.id).await.unwrap(), Some(leaving));
}

#[tokio::test]
async fn many_contacts_are_handed_over_and_so_is_one_made_in_that_very_instant() {
    let world = World::start().await;
    let leaving = world.seat(world.acme.id(), Role::Member).await;
    let heir = world.seat(world.acme.id(), Role::Member).await;
    for _ in 0..8 {
        let contacts: Vec<Contact> = (0..16)
            .map(|_| Contact {
                owner_id: Some(leaving.id),
                ..world.new_contact(&world.acme, &address(), ReviewStatus::ToReview, None)
            })
            .collect();
        world.lay_contacts(&world.acme, &contacts).await;
    }
    let query = format!("{}?successor={}", path(&leaving), heir.id);
    let refused = world.admin().await.delete(path(&leaving)).await;
    assert!(refused.text.contains("At least 100 contacts"), "{}", refused.text);
    world.admin().await.delete(query).await.expect(204);
    world.tick().await;
    assert_eq!(owned_by(&world, heir.id).await.len(), 128);
    // Its maker was let in before, and wrote after the walk had passed.
    let late = owned(&world, leaving.id).await;
    world.advance(SignedDuration::from_mins(1));
    world.tick().await;
    let late = world.store_of(&world.acme).contact(late.id).await.unwrap().unwrap();
    assert_eq!(late.owner_id, Some(heir.id));
    assert!(owned_by(&world, leaving.id).await.is_empty());
}

#[tokio::test]
async fn a_successor_who_is_removed_in_turn_passes_on_what_they_never_held() {
    let world = World::start().await;
    let admin = world.admin().await;
    let [first, second, third] = [
        world.seat(world.acme.id(), Role::Member).await,
        world.seat(world.acme.id(), Role::Member).await,
        world.seat(world.acme.id(), Role::Member).await,
    ];
    let contact = owned(&world, first.id).await;
    admin.delete(format!("{}?successor={}", path(&first), second.id)).await.expect(204);
    admin.delete(format!("{}?successor={}", path(&second), third.id)).await.expect(204);
    world.tick().await;
    let moved = world.store_of(&world.acme).contact(contact.id).await.unwrap().unwrap();
    assert_eq!(moved.owner_id, Some(third.id));
}

#[tokio::test]
async fn one_may_leave_and_is_invited_again_to_another_seat() {
    let world = World::start().await;
    let seat = world.seat(world.acme.id(), Role::Member).await;
    let member = world.client_of(world.acme.id(), &seat).await;
    member.delete(path(&seat)).await.expect(204);
    assert_eq!(member.get("/v1/tenant").await.problem(403), "choose-tenant");

    let admin = world.admin().await;
    let invite = json!({
        "email": seat.email,
        "role": "representative",
        "external_communications": false,
        "manager_access": false,
    });
    let again = admin.post("/v1/members", invite).await.expect(201);
    assert_ne!(again["id"], json!(seat.id));
    let store = world.store_of(&world.acme);
    let kept = store.member(seat.id).await.unwrap().unwrap();
    assert!(kept.removal.is_some(), "the tombstone stays");
}

#[tokio::test]
async fn an_invitation_is_taken_back_by_removing_the_seat() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (seat, token) = world.offer(&world.acme, Role::Member).await;
    admin.delete(path(&seat)).await.expect(204);
    let accept = json!({ "token": token, "name": "Eve", "password": "four grey geese at noon" });
    let refused = world.visitor().post("/v1/invitations/accept", accept).await;
    assert_eq!(refused.problem(403), "link-over");
    let identity = world.house.table.identity(seat.identity_id).await.unwrap().unwrap();
    assert_eq!((identity.password, Value::Null), (None, Value::Null));
}

#[tokio::test]
async fn archived_contacts_need_a_successor_too_and_stay_in_the_archive() {
    let world = World::start().await;
    let admin = world.admin().await;
    let leaving = world.seat(world.acme.id(), Role::Representative).await;
    let heir = world.seat(world.acme.id(), Role::Representative).await;
    let contact = owned(&world, leaving.id).await;
    let paper = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    world.grant(&world.acme, contact.id, paper.id).await;
    let archive = format!("/v1/contacts/{}/archive", contact.id);
    admin.post(archive, json!({})).await.expect(200);
    world.tick().await;

    assert_eq!(admin.delete(path(&leaving)).await.problem(409), "wrong-state");
    admin.delete(format!("{}?successor={}", path(&leaving), heir.id)).await.expect(204);
    world.tick().await;
    let store = world.store_of(&world.acme);
    assert_eq!(store.contact(contact.id).await.unwrap().unwrap().owner_id, Some(heir.id));
    let list = List::Contacts.archived();
    let row: ContactRow = store.list_row(list, contact.id.ulid()).await.unwrap().unwrap();
    assert_eq!((row.owner_id, row.shared), (Some(heir.id), 1));
    assert!(owned_by(&world, heir.id).await.is_empty(), "it is out of sight");
    let theirs = world.client_of(world.acme.id(), &heir).await;
    let list = theirs.get("/v1/contacts?archived=true").await.expect(200);
    assert_eq!(list["items"][0]["shared_documents"], 1);
}
