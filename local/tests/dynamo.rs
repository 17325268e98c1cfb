//! The embedded table: what survives a restart, how its stream is read, what it says when it
//! cannot.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy exempts test functions, not the fixtures they share"
)]

use std::fs;
use std::path::Path;

use aws_lambda_events::dynamodb::Event;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ScalarAttributeType, StreamSpecification, StreamViewType, TimeToLiveSpecification,
};
use local::dynamo::batch::BATCH_RECORDS_MAX;
use local::dynamo::stream::StreamReader;
use local::dynamo::{Dynamo, DynamoError, Place};
use serde_json::json;
use tempfile::TempDir;

const TABLE: &str = "things";

fn client(dynamo: &Dynamo) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("local"))
        .credentials_provider(Credentials::new("any", "any", None, None, "tests"))
        .endpoint_url(dynamo.endpoint_url())
        .build();
    Client::from_conf(config)
}

async fn start(folder: &Path) -> Dynamo {
    Dynamo::start(Place::File(folder.join("table.db"))).await.unwrap()
}

async fn make_table(client: &Client) {
    let key = |name, kind| {
        KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
    };
    let text = |name| {
        AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S)
            .build()
            .unwrap()
    };
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages)
        .build()
        .unwrap();
    client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(key("PK", KeyType::Hash))
        .key_schema(key("SK", KeyType::Range))
        .attribute_definitions(text("PK"))
        .attribute_definitions(text("SK"))
        .stream_specification(stream)
        .send()
        .await
        .unwrap();
}

async fn put(client: &Client, name: &str, size: u32) {
    client
        .put_item()
        .table_name(TABLE)
        .item("PK", AttributeValue::S(name.into()))
        .item("SK", AttributeValue::S("thing".into()))
        .item("size", AttributeValue::N(size.to_string()))
        .send()
        .await
        .unwrap();
}

/// Names of all records left, dealing with each batch.
fn drain(reader: &mut StreamReader) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(batch) = reader.next_batch().unwrap() {
        assert!(batch.records.len() <= BATCH_RECORDS_MAX);
        names.extend(
            batch
                .records
                .iter()
                .map(|record| record["dynamodb"]["Keys"]["PK"]["S"].as_str().unwrap().to_owned()),
        );
        reader.advance(&batch).unwrap();
    }
    names
}

#[tokio::test]
async fn items_and_the_place_in_the_stream_survive_a_restart() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("stream.place");

    let dynamo = start(folder.path()).await;
    let table = client(&dynamo);
    make_table(&table).await;
    put(&table, "one", 1).await;
    put(&table, "two", 2).await;
    let mut reader = dynamo.stream(TABLE, place.clone());
    assert_eq!(drain(&mut reader), ["one", "two"]);
    put(&table, "three", 3).await;
    drop(reader);
    dynamo.stop().await;

    let dynamo = start(folder.path()).await;
    let table = client(&dynamo);
    put(&table, "four", 4).await;
    assert_eq!(drain(&mut dynamo.stream(TABLE, place)), ["three", "four"]);
    let found = table.scan().table_name(TABLE).send().await.unwrap();
    assert_eq!(found.count, 4);
}

#[tokio::test]
async fn a_batch_comes_again_until_it_is_dealt_with() {
    let folder = TempDir::new().unwrap();
    let dynamo = start(folder.path()).await;
    let table = client(&dynamo);
    make_table(&table).await;
    let mut reader = dynamo.stream(TABLE, folder.path().join("place"));
    assert!(reader.next_batch().unwrap().is_none());

    put(&table, "one", 1).await;
    let first = reader.next_batch().unwrap().unwrap();
    put(&table, "two", 2).await;
    let again = reader.next_batch().unwrap().unwrap();
    assert_eq!(first.records[0], again.records[0]);
    assert_eq!(again.records.len(), 2);

    reader.advance(&first).unwrap();
    assert_eq!(drain(&mut reader), ["two"]);
    assert!(reader.next_batch().unwrap().is_none());
}

#[tokio::test]
async fn records_read_as_the_event_that_lambda_receives() {
    let folder = TempDir::new().unwrap();
    let dynamo = start(folder.path()).await;
    let table = client(&dynamo);
    make_table(&table).await;
    put(&table, "one", 1).await;
    put(&table, "one", 2).await;
    let key = |name: &str| AttributeValue::S(name.into());
    let delete =
        table.delete_item().table_name(TABLE).key("PK", key("one")).key("SK", key("thing"));
    delete.send().await.unwrap();

    let batch = dynamo.stream(TABLE, folder.path().join("place")).next_batch().unwrap().unwrap();
    let modify = &batch.records[1];
    assert_eq!(modify["eventSource"], "aws:dynamodb");
    assert_eq!(modify["eventName"], "MODIFY");
    assert_eq!(modify["dynamodb"]["Keys"], json!({"PK": {"S": "one"}, "SK": {"S": "thing"}}));
    assert_eq!(modify["dynamodb"]["OldImage"]["size"], json!({"N": "1"}));
    assert_eq!(modify["dynamodb"]["NewImage"]["size"], json!({"N": "2"}));
    assert_eq!(modify["dynamodb"]["StreamViewType"], "NEW_AND_OLD_IMAGES");
    assert!(modify["eventSourceARN"].as_str().unwrap().contains(":table/things/stream/"));

    let event: Event = serde_json::from_value(json!({"Records": batch.records})).unwrap();
    let names: Vec<_> = event.records.iter().map(|record| record.event_name.as_str()).collect();
    assert_eq!(names, ["INSERT", "MODIFY", "REMOVE"]);
    let ids: Vec<_> = event.records.iter().map(|record| record.event_id.as_str()).collect();
    assert!(ids[0] != ids[1] && ids[1] != ids[2]);
    assert!(event.records[2].change.new_image.is_empty());
}

#[tokio::test]
async fn what_is_read_is_dropped_and_nothing_after_it_is_missed() {
    let folder = TempDir::new().unwrap();
    let dynamo = start(folder.path()).await;
    let table = client(&dynamo);
    make_table(&table).await;
    let mut reader = dynamo.stream(TABLE, folder.path().join("place"));
    let names: Vec<String> = (0..620).map(|number| format!("thing {number}")).collect();
    for name in &names {
        put(&table, name, 0).await;
    }
    assert_eq!(drain(&mut reader), names);

    let file = rusqlite::Connection::open(folder.path().join("table.db")).unwrap();
    let count = || -> i64 {
        file.query_row("SELECT count(*) FROM _stream_records", [], |row| row.get(0)).unwrap()
    };
    assert!(count() <= 121, "{} records were kept", count());
    put(&table, "last", 0).await;
    assert_eq!(drain(&mut reader), ["last"]);
    assert!(count() > 0, "the record with the greatest number must stay");
}

#[tokio::test]
async fn writing_and_reading_look_at_no_record_but_their_own() {
    let folder = TempDir::new().unwrap();
    let dynamo = start(folder.path()).await;
    make_table(&client(&dynamo)).await;
    let file = rusqlite::Connection::open(folder.path().join("table.db")).unwrap();
    // dynoxide's own two statements, from its storage.rs.
    for statement in [
        "SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records \
         WHERE table_name = 'things'",
        "SELECT event_id FROM _stream_records WHERE table_name = 'things' AND shard_id = 's' \
         AND CAST(sequence_number AS INTEGER) > 5 \
         ORDER BY CAST(sequence_number AS INTEGER) ASC LIMIT 100",
    ] {
        let plan: String = file
            .query_row(&format!("EXPLAIN QUERY PLAN {statement}"), [], |row| row.get(3))
            .unwrap();
        assert!(plan.contains("INDEX local_stream_order (table_name=?"), "{plan}");
    }
}

#[tokio::test]
async fn a_sweep_deletes_what_is_over_and_tells_the_stream_who_did_it() {
    let folder = TempDir::new().unwrap();
    let dynamo = start(folder.path()).await;
    let table = client(&dynamo);
    make_table(&table).await;
    let ttl = TimeToLiveSpecification::builder().enabled(true).attribute_name("size");
    table
        .update_time_to_live()
        .table_name(TABLE)
        .time_to_live_specification(ttl.build().unwrap())
        .send()
        .await
        .unwrap();
    let now = u32::try_from(jiff::Timestamp::now().as_second()).unwrap();
    put(&table, "over", now - 60).await;
    put(&table, "alive", now + 3600).await;

    assert_eq!(dynamo.sweep_ttl().unwrap(), 1);
    let batch = dynamo.stream(TABLE, folder.path().join("place")).next_batch().unwrap().unwrap();
    let removed = batch.records.last().unwrap();
    assert_eq!(removed["eventName"], "REMOVE");
    assert_eq!(removed["userIdentity"]["principalId"], "dynamodb.amazonaws.com");
}

#[tokio::test]
async fn a_file_in_use_is_refused_until_it_is_free() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("table.db");
    let first = start(folder.path()).await;
    let refusal = Dynamo::start(Place::File(file.clone())).await.unwrap_err();
    assert!(matches!(refusal, DynamoError::InUse { .. }));
    assert!(refusal.to_string().ends_with(
        "table.db` is in use by another process; stop that one or set DATA_DIR to another folder"
    ));
    first.stop().await;

    let shell = rusqlite::Connection::open(&file).unwrap();
    shell.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refusal = Dynamo::start(Place::File(file)).await.unwrap_err();
    assert!(matches!(refusal, DynamoError::InUse { .. }));
    drop(shell);
    start(folder.path()).await;
}

#[tokio::test]
async fn a_damaged_file_is_named_and_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("table.db");
    let dynamo = start(folder.path()).await;
    let table = client(&dynamo);
    make_table(&table).await;
    for number in 0..200 {
        put(&table, &format!("thing {number}"), number).await;
    }
    dynamo.stop().await;
    // Folds the write-ahead log in, as the last connection to close does.
    drop(
        rusqlite::Connection::open(&file).unwrap().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"),
    );

    let whole = fs::read(&file).unwrap();
    let garbage = b"this was a database once".repeat(400);
    for damaged in [&whole[..whole.len() / 2], &garbage] {
        fs::write(&file, damaged).unwrap();
        let refusal = Dynamo::start(Place::File(file.clone())).await.unwrap_err();
        assert!(matches!(refusal, DynamoError::Damaged { .. }), "{refusal:?}");
        assert_eq!(fs::read(&file).unwrap(), damaged);
    }
    fs::write(&file, whole).unwrap();
    start(folder.path()).await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named_with_the_reason() {
    let folder = TempDir::new().unwrap();
    let obstacle = folder.path().join("obstacle");
    fs::write(&obstacle, "a file where a folder should be").unwrap();
    let refusal = Dynamo::start(Place::File(obstacle.join("table.db"))).await.unwrap_err();
    let path = obstacle.join("table.db");
    assert_eq!(
        refusal.to_string(),
        format!(
            "cannot write the data file `{}`: a file is where its folder should be",
            path.display(),
        ),
    );
}
