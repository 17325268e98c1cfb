//! The stream of a table in a database elsewhere, over the API of `DynamoDB` Streams.
//!
//! Its records have the shape that Lambda hands over, so they are passed on. Shards follow each
//! other in the order they are listed; a place is a shard and a number in it.

use serde_json::{Value, json};

use crate::dynamo::batch::{BATCH_RECORDS_MAX, Batch, Checkpoint, as_lambda};
use crate::dynamo::{DynamoError, Elsewhere};

/// Reads of one shard in search of records: a page of them may be empty and yet go on.
const READS_MAX: usize = 8;

/// The next records after the place `after`.
///
/// # Errors
/// [`DynamoError::Elsewhere`].
pub(crate) fn next_batch(
    place: &Elsewhere,
    table: &str,
    after: Option<String>,
) -> Result<Option<Batch>, DynamoError> {
    // Called from a thread that may block, as whatever reads a stream is.
    tokio::runtime::Handle::current().block_on(find(place, table, after))
}

async fn find(
    place: &Elsewhere,
    table: &str,
    after: Option<String>,
) -> Result<Option<Batch>, DynamoError> {
    let told =
        call(place, "DynamoDB_20120810.DescribeTable", json!({ "TableName": table })).await?;
    let arn = text(&told, "/Table/LatestStreamArn");
    let asked = json!({ "StreamArn": arn });
    let stream = call(place, "DynamoDBStreams_20120810.DescribeStream", asked).await?;
    let shards = stream.pointer("/StreamDescription/Shards").and_then(Value::as_array);
    let mut shards: Vec<&str> =
        shards.into_iter().flatten().map(|shard| text(shard, "/ShardId")).collect();
    let (shard, mut number) = match after.as_deref().and_then(|after| after.split_once(' ')) {
        Some((shard, number)) => (Some(shard), Some(number)),
        None => (None, None),
    };
    if let Some(at) = shards.iter().position(|each| Some(*each) == shard) {
        shards.drain(..at);
    }
    for shard in shards {
        let records = read(place, arn, shard, number.take()).await?;
        let Some(last) = records.last() else { continue };
        let number = text(last, "/dynamodb/SequenceNumber");
        let checkpoint = Checkpoint(format!("{shard} {number}"));
        let records = records.into_iter().map(|record| as_lambda(keys_only(record), arn)).collect();
        return Ok(Some(Batch { records, checkpoint }));
    }
    Ok(None)
}

/// The records of one shard after `number`, or from its beginning.
async fn read(
    place: &Elsewhere,
    arn: &str,
    shard: &str,
    number: Option<&str>,
) -> Result<Vec<Value>, DynamoError> {
    let asked = match number {
        Some(number) => json!({
            "StreamArn": arn,
            "ShardId": shard,
            "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
            "SequenceNumber": number,
        }),
        None => json!({
            "StreamArn": arn,
            "ShardId": shard,
            "ShardIteratorType": "TRIM_HORIZON",
        }),
    };
    let told = call(place, "DynamoDBStreams_20120810.GetShardIterator", asked).await?;
    let mut iterator = text(&told, "/ShardIterator").to_owned();
    for _ in 0..READS_MAX {
        let asked = json!({ "ShardIterator": iterator, "Limit": BATCH_RECORDS_MAX });
        let mut told = call(place, "DynamoDBStreams_20120810.GetRecords", asked).await?;
        let records = told.pointer_mut("/Records").and_then(Value::as_array_mut);
        let records = records.map(std::mem::take).unwrap_or_default();
        text(&told, "/NextShardIterator").clone_into(&mut iterator);
        if !records.is_empty() || iterator.is_empty() {
            return Ok(records);
        }
    }
    Ok(Vec::new())
}

/// A record without images: nobody reads them, and `DynamoDB` Local writes an empty text in them as
/// `{}`, which is no value.
fn keys_only(mut record: Value) -> Value {
    if let Some(change) = record.get_mut("dynamodb").and_then(Value::as_object_mut) {
        change.remove("NewImage");
        change.remove("OldImage");
    }
    record
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

async fn call(place: &Elsewhere, target: &str, asked: Value) -> Result<Value, DynamoError> {
    let failed = |reason: String| DynamoError::Elsewhere { url: place.url.clone(), reason };
    // It checks no signature, but wants to be told whose tables are meant.
    let credential = format!("{}/20260101/local/dynamodb/aws4_request", place.access_key);
    let signature = "SignedHeaders=host;x-amz-target, Signature=none";
    let answer = reqwest::Client::new()
        .post(&place.url)
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", target)
        .header("authorization", format!("AWS4-HMAC-SHA256 Credential={credential}, {signature}"))
        .body(asked.to_string())
        .send()
        .await
        .map_err(|error| failed(error.to_string()))?;
    let (status, text) = (answer.status(), answer.text().await);
    let text = text.map_err(|error| failed(error.to_string()))?;
    if !status.is_success() {
        return Err(failed(text));
    }
    serde_json::from_str(&text).map_err(|error| failed(error.to_string()))
}
