//! What one reading of a stream hands over.

use serde_json::Value;

/// Most records in a batch; Lambda's own default for `DynamoDB` streams is 100.
pub const BATCH_RECORDS_MAX: usize = 100;

/// Records of one table, in the order they were written.
#[derive(Debug)]
pub struct Batch {
    /// At least 1, at most [`BATCH_RECORDS_MAX`]; each shaped as an entry of `Records` in the event
    /// that Lambda receives from `DynamoDB`.
    pub records: Vec<Value>,
    /// The place after the last of them.
    pub checkpoint: Checkpoint,
}

/// A place in a stream, opaque.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint(pub(crate) String);

/// A record as Lambda hands it over: with the stream that it comes from.
pub(crate) fn as_lambda(mut record: Value, arn: &str) -> Value {
    if let Value::Object(fields) = &mut record {
        fields.insert("eventSourceARN".into(), Value::String(arn.to_owned()));
    }
    record
}
