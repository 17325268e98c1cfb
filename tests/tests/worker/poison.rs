//! An item that nobody can read stops nobody else.

use domain::contact::ReviewStatus;
use domain::id::{ContactId, Id};
use local::cloud::{Cloud, Data, Options, Pace, TickError};
use serde_json::json;
use store::lists::{ContactRow, List};
use tests::seed::{self, address};
use tests::world::World;

/// Puts something where a contact should be.
async fn poison(http: &reqwest::Client, cloud: &Cloud, tenant: impl Id) {
    let now = cloud.house.clock.now();
    let contact: ContactId = cloud.house.dice.id(now);
    let item = json!({
        "PK": { "S": format!("{}#con#{}", tenant.ulid(), contact.ulid()) },
        "SK": { "S": "-" },
        "version": { "S": "not a number" },
    });
    let put = http
        .post(&cloud.table_url)
        .header("x-amz-target", "DynamoDB_20120810.PutItem")
        .header("content-type", "application/x-amz-json-1.0")
        .header("authorization", "AWS4-HMAC-SHA256 Credential=any/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=00")
        .header("x-amz-date", "20260101T000000Z")
        .body(json!({ "TableName": "vestibule", "Item": item }).to_string())
        .send()
        .await
        .unwrap();
    let status = put.status();
    assert!(status.is_success(), "{status}: {}", put.text().await.unwrap());
}

#[tokio::test]
async fn a_poisoned_record_is_reported_and_the_others_are_dealt_with() {
    let world = World::start().await;
    let acme = &world.acme;
    let contact = world.contact(acme, &address(), ReviewStatus::Approved).await;
    let document = world.paper(acme, "Report").await;
    world.tick().await;
    poison(&world.http, &world.cloud, acme.id()).await;
    world.grant(acme, contact.id, document).await;

    let told = world.try_tick().await;
    assert!(matches!(told, Err(TickError::Record { .. })), "{told:?}");
    let store = world.store_of(acme);
    let row: ContactRow = store.list_row(List::Contacts, contact.id.ulid()).await.unwrap().unwrap();
    assert_eq!(row.shared, 1);
}

#[tokio::test]
async fn a_steady_worker_sets_a_poisoned_record_aside_and_goes_on() {
    let folder = tempfile::TempDir::new().unwrap();
    let options = Options {
        data: Data::Folder(folder.path().to_owned()),
        pace: Pace::Steady,
        ..Options::for_tests()
    };
    let cloud = Cloud::start(options).await.unwrap();
    let acme = seed::company(&cloud.house, "acme").await;
    poison(&reqwest::Client::new(), &cloud, acme.id()).await;
    let set_aside = folder.path().join("set-aside.jsonl");
    let waiting = async {
        while !set_aside.exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), waiting).await.unwrap();
    assert_eq!(cloud.tick().await.unwrap().records, 0, "the worker went on");
    let kept = std::fs::read_to_string(&set_aside).unwrap();
    assert_eq!(kept.lines().count(), 1);
    assert!(kept.contains("not a number"), "{kept}");
    cloud.stop().await;
}
