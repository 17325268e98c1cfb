//! The one place where time enters.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Tells the time to the rules; a laptop started for tests can move it ahead.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_seconds: Arc<AtomicI64>,
}

impl Clock {
    /// Now, to the millisecond: what keys and ids carry.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let wall = Timestamp::now().as_millisecond();
        let ahead = self.ahead_seconds.load(Ordering::SeqCst).saturating_mul(1000);
        Timestamp::from_millisecond(wall.saturating_add(ahead)).unwrap_or(Timestamp::MAX)
    }

    /// Moves the rules' time ahead of the wall clock by another `step`.
    pub fn advance(&self, step: SignedDuration) {
        self.ahead_seconds.fetch_add(step.as_secs(), Ordering::SeqCst);
    }
}
