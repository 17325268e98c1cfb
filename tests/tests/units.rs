//! The cost of each route, against the table that is checked in.

use domain::contact::ReviewStatus;
use jiff::SignedDuration;
use serde_json::json;
use store::meter::Kind;
use tests::units::{missing, table, weigh_all};
use tests::world::World;

#[tokio::test]
async fn each_route_costs_what_the_table_says() {
    let world = World::start().await;
    let costs = weigh_all(&world).await;
    assert!(missing(&costs).is_empty(), "nobody weighed {:?}", missing(&costs));
    let (weighed, known) = (table(&costs), include_str!("../units.table"));
    let how = "`cargo run -p tests --example bench units` writes tests/units.table anew";
    assert_eq!(weighed, known, "weighed:\n{weighed}\n{how}");
}

#[tokio::test]
async fn an_expiry_costs_six_write_units_at_most() {
    let world = World::start().await;
    let admin = world.admin().await;
    let input = json!({ "first_name": "Ada", "last_name": "L", "status": "approved" });
    let contact = admin.post("/v1/contacts", input).await.expect(201);
    let path = format!("/v1/contacts/{}/documents", contact["id"].as_str().unwrap());
    let end = (world.now() + SignedDuration::from_hours(1)).to_string();
    let paper = world.paper(&world.acme, "Paper").await;
    let share = json!({ "add": [{ "document_id": paper, "expires_at": end }] });
    admin.patch(&path, share).await.expect(200);
    // Whoever has no access is told nothing, nor is anybody told of them: mails cost their own.
    let suspend = format!("/v1/contacts/{}/suspend", contact["id"].as_str().unwrap());
    admin.post(suspend, json!({})).await.expect(200);
    world.tick().await;

    world.advance(SignedDuration::from_hours(2));
    drop(world.meter.take());
    world.tick().await;
    let commits: Vec<f64> = world
        .meter
        .take()
        .iter()
        .filter(|call| call.kind == Kind::Write)
        .map(|call| call.units)
        .collect();
    // The first is the expiry itself; the contact's rows in lists follow.
    assert!(commits.first().is_some_and(|units| *units <= 6.0), "{commits:?}");
    assert!(world.mails().is_empty());
}

#[tokio::test]
async fn lists_are_flat_and_within_their_bounds() {
    let world = World::start().await;
    let mut costs = Vec::new();
    for size in [60, 180] {
        for number in costs.len() * 60..size {
            let status = ReviewStatus::ALL[number % 4];
            world.contact(&world.acme, &format!("p{number}@example.com"), status).await;
        }
        world.tick().await;
        let mut row = Vec::new();
        let queries = ["", "?status=approved", "?sort=-activity", "?q=lovelace", "?q=ada+zz"];
        for query in queries {
            let admin = world.admin().await;
            let (cost, reply) =
                world.weigh("contacts.list", admin.get(format!("/v1/contacts{query}"))).await;
            assert_eq!(reply.status, 200);
            row.push((cost.requests - 1, cost.rounds - 1, cost.read - 8.0));
        }
        costs.push(row);
    }
    let [small, large] = costs.as_slice() else { panic!("two sizes") };
    assert_eq!(large[0], small[0], "by creation");
    let (requests, _, units) = large[0];
    assert!(requests == 1 && units <= 2.0, "by creation: {:?}", large[0]);
    let (requests, _, units) = large[1];
    assert!(requests == 1 && units <= 2.0, "by one status: {:?}", large[1]);
    let (requests, rounds, units) = large[2];
    assert!(requests == 4 && rounds == 1 && units <= 8.0, "by activity: {:?}", large[2]);
    assert_eq!(large[3], small[3], "by a word");
    let (requests, _, units) = large[3];
    assert!(requests == 1 && units <= 4.0, "by a word: {:?}", large[3]);
    let (requests, _, units) = large[4];
    assert!(requests <= 4 && units <= 40.0, "by words that nobody has: {:?}", large[4]);
}
