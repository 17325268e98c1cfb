//! Counting requests and capacity units, for benchmarks and for the tests that hold their number.

use std::sync::Mutex;

use aws_sdk_dynamodb::types::ConsumedCapacity;

/// One counted call.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What was done, such as `read a contact`.
    pub doing: &'static str,
    /// Capacity units as DynamoDB told them.
    pub units: f64,
    /// Whether they were read or write units.
    pub kind: Kind,
}

/// Which units a call consumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Read units.
    Read,
    /// Write units.
    Write,
}

/// Calls since it was last emptied.
#[derive(Debug, Default)]
pub struct Meter(Mutex<Vec<Call>>);

impl Meter {
    /// Takes what was counted so far.
    #[must_use]
    pub fn take(&self) -> Vec<Call> {
        self.0.lock().map(|mut calls| std::mem::take(&mut *calls)).unwrap_or_default()
    }

    pub(crate) fn count(&self, doing: &'static str, kind: Kind, capacity: &[ConsumedCapacity]) {
        let units = capacity.iter().filter_map(ConsumedCapacity::capacity_units).sum();
        if let Ok(mut calls) = self.0.lock() {
            calls.push(Call { doing, units, kind });
        }
    }
}
