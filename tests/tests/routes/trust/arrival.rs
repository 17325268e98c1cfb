//! Accounts that approve their own people on arrival.

use app::sharing::arrival::settle;
use domain::account::Account;
use domain::contact::ReviewStatus;
use domain::expiry::Expiry;
use domain::tenant::Zone;
use serde_json::json;
use store::contacts::Folder;
use tests::faults::Fault;
use tests::world::{World, token_in};

use super::requests::{ASK, MAYA, asker, folder, maya, papers, trusting};

#[tokio::test]
async fn a_trusting_account_approves_its_new_people_and_what_they_ask_for() {
    let world = World::start().await;
    let papers = papers(&world, 3).await;
    let account = trusting(&world, "globex.example").await;
    world.visitor().post(ASK, maya(&papers)).await.expect(202);
    world.tick().await;
    let Folder { contact, requests, grants, .. } = folder(&world, MAYA).await;
    assert_eq!(contact.account_id, Some(account.id));
    assert_eq!((contact.status, contact.reviewed), (ReviewStatus::Approved, false));
    assert_eq!(requests[0].status.as_str(), "approved");
    assert!(requests[0].automatic && requests[0].on_arrival);
    assert!(grants.len() == 3 && grants.iter().all(|grant| grant.granted_by.is_none()));
    assert_eq!(world.mails_to(MAYA).len(), 1, "the link says it all");
    let _ = token_in(&world.last_mail(MAYA), "/p/acme");

    // Whoever settles it again finds it settled.
    let store = world.store_of(&world.acme);
    for _ in 0..2 {
        settle(&world.house, &store, contact.id, requests[0].id, world.now()).await.unwrap();
        world.tick().await;
    }
    let after = folder(&world, MAYA).await;
    assert_eq!((after.contact, after.requests, after.grants), (contact, requests, grants));
    assert_eq!(world.mails_to(MAYA).len(), 1);
}

/// Maya asks, and the process dies when her request is recorded and nothing else is done.
async fn ask_and_die(world: &World, documents: &[String]) {
    let mut recorded = false;
    world.faults.arm(move |call| {
        let died = recorded.then_some(Fault::Unsent);
        recorded |= call.operation == "dynamodb.TransactWriteItems";
        died
    });
    world.visitor().post(ASK, maya(documents)).await.expect(202);
    world.faults.disarm();
}

#[tokio::test]
async fn an_approval_on_arrival_survives_the_death_of_its_process() {
    let world = World::start().await;
    let papers = papers(&world, 2).await;
    trusting(&world, "globex.example").await;
    ask_and_die(&world, &papers).await;
    let before = folder(&world, MAYA).await;
    assert_eq!((before.contact.status, before.grants.len()), (ReviewStatus::Approved, 0));
    assert_eq!(before.requests[0].status.as_str(), "to_review");
    for _ in 0..2 {
        world.tick().await;
    }
    let after = folder(&world, MAYA).await;
    assert_eq!((after.requests[0].status.as_str(), after.grants.len()), ("approved", 2));
    assert_eq!(world.mails_to(MAYA).len(), 1);
}

#[tokio::test]
async fn what_staff_took_back_meanwhile_stays_taken_back() {
    let world = World::start().await;
    let (admin, papers) = (world.admin().await, papers(&world, 2).await);
    trusting(&world, "globex.example").await;
    ask_and_die(&world, &papers).await;
    let contact = folder(&world, MAYA).await.contact;
    let documents = format!("/v1/contacts/{}/documents", contact.id);
    let paper = json!([{ "document_id": papers[0] }]);
    admin.patch(&documents, json!({ "add": paper })).await.expect(200);
    admin.patch(&documents, json!({ "remove": paper })).await.expect(200);
    world.tick().await;
    let after = folder(&world, MAYA).await;
    let live = after.grants.iter().filter(|grant| grant.live(&contact, world.now()).is_some());
    let live: Vec<_> = live.map(|grant| grant.document_id.to_string()).collect();
    assert_eq!(live, papers[1..]);
    assert_eq!(after.requests[0].status.as_str(), "to_review");
    assert!(world.mails_to(MAYA).is_empty());
}

#[tokio::test]
async fn only_people_nobody_has_reviewed_are_approved_on_arrival() {
    let world = World::start().await;
    let papers = papers(&world, 1).await;
    let account = trusting(&world, "globex.example").await;
    let over = trusting(&world, "over.example").await;
    let now = world.now();
    let ended = Expiry { at: now, zone: Zone::default(), told: now };
    let over = Account { version: 3, access_expiry: Some(ended), ..over };
    let mut change = world.store_of(&world.acme).change(world.house.dice.token());
    change.save_account(&over).unwrap();
    change.commit().await.unwrap();
    let lay = async |email: &str, status: ReviewStatus, of: Option<&Account>| {
        world.contact_of(&world.acme, email, status, of).await
    };
    lay("fresh@globex.example", ReviewStatus::ToReview, Some(&account)).await;
    lay("seen@globex.example", ReviewStatus::InReview, Some(&account)).await;
    lay("loner@globex.example", ReviewStatus::ToReview, None).await;
    lay("guest@elsewhere.example", ReviewStatus::ToReview, Some(&account)).await;
    let expected = [
        ("fresh@globex.example", "approved"),
        ("seen@globex.example", "in_review"),
        ("loner@globex.example", "to_review"),
        ("guest@elsewhere.example", "to_review"),
        ("new@over.example", "to_review"),
    ];
    for (email, status) in expected {
        world.visitor().post(ASK, asker(email, &papers)).await.expect(202);
        world.tick().await;
        let folder = folder(&world, email).await;
        assert_eq!(folder.contact.status.as_str(), status, "{email}");
        let is_approved = status == "approved";
        assert_eq!(folder.requests[0].automatic, is_approved, "{email}");
        assert_eq!(folder.grants.len(), usize::from(is_approved), "{email}");
    }
    assert_eq!(folder(&world, "loner@globex.example").await.contact.account_id, None);
}

#[tokio::test]
async fn asking_again_for_what_is_shared_floods_nobody() {
    let world = World::start().await;
    let papers = papers(&world, 1).await;
    trusting(&world, "globex.example").await;
    for _ in 0..8 {
        world.visitor().post(ASK, maya(&papers)).await.expect(202);
        world.tick().await;
    }
    let all = folder(&world, MAYA).await.requests;
    assert!(all.iter().all(|request| request.status.as_str() == "approved"), "{all:?}");
    // One for the arrival, then no more than the day's budget of an unproved address.
    assert!(world.mails_to(MAYA).len() <= 4, "{:?}", world.mails());
}
