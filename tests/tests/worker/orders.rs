//! The operator's orders: what a company has is handed out whole, and erased without a trace, while
//! its neighbour goes on.

use app::exchange::problem::{Kind, Problem};
use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::id::Id;
use domain::tenant::Plan;
use serde_json::{Value, json};
use tests::faults::operations;
use tests::footprint::Footprint;
use tests::mailbox::subjects;
use tests::roles::{OPERATOR, as_function};
use tests::seed::{Company, address};
use tests::uploads::announce;
use tests::world::World;
use worker::orders::{Admin, Done, Estate, NewPlan, Order};

/// Parts of one order at the most.
const PARTS_MAX: usize = 100;
/// AWS calls of one erasure at the most.
const CALLS_MAX: usize = 400;
/// Of its calls each seventh is the last one, so that every part of it is cut short somewhere.
const STEP: usize = 7;

/// Gives an order, and again for as long as there is more to do.
async fn give(world: &World, mut order: Order) -> Result<Done, Problem> {
    for _ in 0..PARTS_MAX {
        let done = as_function(OPERATOR, Box::pin(order.carry_out(&world.house))).await?;
        let Some(cursor) = done.cursor else { return Ok(done) };
        order = order.going_on(cursor);
    }
    panic!("the order does not end");
}

fn estate(slug: &str) -> Estate {
    Estate { slug: slug.parse().unwrap(), cursor: None }
}

/// A company with people, papers, a share, a request and a link, and what followed from them.
async fn settled(world: &World, slug: &str) -> Company {
    let company = world.company(slug).await;
    let contact = world.contact(&company, &address(), ReviewStatus::Approved).await;
    let document = world.document(&company, "Report", AccessLevel::Restricted).await;
    let document = world.lay_page(&company, &document).await;
    let admin = world.admin_of(&company).await;
    let waiting = announce(&admin, &document.id.to_string(), b"in quarantine").await;
    world.put_upload(&waiting["upload"], b"in quarantine").await;
    let add = json!({ "add": [{ "document_id": document.id }] });
    admin.patch(format!("/v1/contacts/{}/documents", contact.id), add).await.expect(200);
    let link = json!({ "audience": "contact", "contact_id": contact.id });
    admin.post(format!("/v1/documents/{}/links", document.id), link).await.expect(201);
    world.tick().await;
    company
}

/// Everything that lies under keys of the company, and its objects.
async fn left_of(world: &World, company: &Company) -> (Footprint, Vec<Value>) {
    let ulid = company.id().ulid().to_string();
    let part = world.house.table.part_of(company.id(), None).await.unwrap();
    let lines = part.items.iter().map(|item| item.line().unwrap());
    let items: Vec<Value> = lines.map(|line| serde_json::from_str(&line).unwrap()).collect();
    assert!(items.iter().all(|item| item["PK"].as_str().unwrap().starts_with(&ulid)));
    (world.footprint(company.id()).await, items)
}

#[tokio::test]
async fn an_export_holds_every_item_and_changes_nothing() {
    let world = World::start().await;
    let company = settled(&world, "globex").await;
    let (before, items) = left_of(&world, &company).await;
    let done = give(&world, Order::Export(estate("globex"))).await.unwrap();
    let count = format!("{} items of `globex`", items.len());
    assert!(done.deed.starts_with(&count), "{}", done.deed);
    let folder = done.deed.split_whitespace().find(|word| word.starts_with("exports/")).unwrap();
    let part = String::from_utf8(world.object(&format!("{folder}00001.jsonl"))).unwrap();
    let lines = part.lines().map(|line| serde_json::from_str(line).unwrap());
    assert_eq!(lines.collect::<Vec<Value>>(), items);
    assert_eq!(left_of(&world, &company).await, (before, items));
}

#[tokio::test]
async fn erasing_leaves_nothing_of_a_company_and_all_of_its_neighbour() {
    let world = World::start().await;
    let (erased, neighbour) = (settled(&world, "globex").await, settled(&world, "hooli").await);
    let admin = world.admin_of(&erased).await;
    let kept = left_of(&world, &neighbour).await;
    // Part of what a company has; it goes too.
    give(&world, Order::Export(estate("globex"))).await.unwrap();
    give(&world, Order::Erase(estate("globex"))).await.unwrap();
    assert_eq!(left_of(&world, &erased).await, (Footprint::new(), Vec::new()));
    assert_eq!(left_of(&world, &neighbour).await, kept);

    // Whoever still holds a session of it is nobody, and its trust page is gone.
    admin.get("/v1/me").await.expect(401);
    world.visitor().get("/v1/trust/globex").await.expect(404);
    let identity = world.house.table.identity(erased.administrator.identity_id).await.unwrap();
    assert_eq!(identity, None, "who has no seat left is gone too");

    // What follows off the stream brings nothing back and mails nobody.
    let mails = world.mails().len();
    world.tick().await;
    assert_eq!(left_of(&world, &erased).await, (Footprint::new(), Vec::new()));
    assert_eq!(world.mails().len(), mails, "{:?}", subjects(&world.mails()));

    let again = give(&world, Order::Erase(estate("globex"))).await.unwrap_err();
    assert!(again.detail.contains("no company at `globex`"), "{}", again.detail);
    let admin = world.admin_of(&neighbour).await;
    admin.get("/v1/contacts").await.expect(200);
}

#[tokio::test]
async fn an_erasure_that_dies_after_any_call_is_finished_by_the_next() {
    let world = World::start().await;
    for place in (0..CALLS_MAX).step_by(STEP) {
        let company = settled(&world, "globex").await;
        world.faults.die_after(place);
        let died = give(&world, Order::Erase(estate("globex"))).await;
        let calls = operations(&world.faults.disarm());
        if calls <= place {
            died.unwrap();
            return;
        }
        // Whatever had happened, the order is given again, unless nothing but its answer was lost.
        let again = give(&world, Order::Erase(estate("globex"))).await;
        let is_gone = |problem: &Problem| problem.kind == Kind::NotFound;
        assert!(again.as_ref().err().is_none_or(is_gone), "after {place}: {again:?}");
        let left = left_of(&world, &company).await;
        assert_eq!(left, (Footprint::new(), Vec::new()), "after {place}");
        let person = company.administrator.identity_id;
        assert_eq!(world.house.table.identity(person).await.unwrap(), None, "after {place}");
    }
    panic!("an erasure takes ever more calls");
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused() {
    let world = World::start().await;
    settled(&world, "globex").await;
    for cursor in ["", "{}", r#"{"next":1}"#] {
        let going_on = Order::Erase(estate("globex")).going_on(cursor.to_owned());
        let refused = give(&world, going_on).await.unwrap_err();
        assert_eq!(refused.kind, Kind::BadInput, "{cursor}");
    }
    world.visitor().get("/v1/trust/globex").await.expect(200);
}

#[tokio::test]
async fn a_rotated_root_signs_and_nobody_is_signed_out() {
    let world = World::start().await;
    let admin = world.admin().await;
    let done = give(&world, Order::Rotate {}).await.unwrap();
    assert!(done.deed.starts_with("root key 2 signs"), "{}", done.deed);
    admin.get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn an_administrator_is_let_in_and_a_plan_is_set() {
    let world = World::start().await;
    let (slug, email) = ("initech".parse().unwrap(), "peter@initech.example".parse().unwrap());
    let admin = Admin { slug, email };
    let mut passwords = Vec::new();
    // The second time the company and its administrator are there already, and he is let in again.
    for _ in 0..2 {
        let done = give(&world, Order::Admin(admin.clone())).await.unwrap();
        let input = json!({ "email": "peter@initech.example", "password": done.password });
        let sign_in = async |input| world.visitor().post("/v1/sessions", input).await;
        sign_in(input.clone()).await.expect(201);
        for before in passwords.drain(..) {
            assert_eq!(sign_in(before).await.problem(401), "wrong-sign-in");
        }
        passwords.push(input);
    }
    for public_links in [false, true, true] {
        let plan = Plan { public_links };
        let order = Order::Plan(NewPlan { slug: "initech".parse().unwrap(), plan });
        give(&world, order).await.unwrap();
    }
}
