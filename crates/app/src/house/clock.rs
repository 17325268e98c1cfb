//! The one place where time enters.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Tells the time to the rules; a laptop started for tests can move it ahead, and stop it.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_millis: Arc<AtomicI64>,
    /// What the wall clock showed when this one was stopped; 0 while it goes.
    stopped_at: Arc<AtomicI64>,
}

impl Clock {
    /// Now, to the millisecond: what keys and ids carry.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let wall = match self.stopped_at.load(Ordering::SeqCst) {
            0 => Timestamp::now().as_millisecond(),
            stopped => stopped,
        };
        let ahead = self.ahead_millis.load(Ordering::SeqCst);
        Timestamp::from_millisecond(wall.saturating_add(ahead)).unwrap_or(Timestamp::MAX)
    }

    /// Moves the rules' time ahead by another `step`, to the millisecond.
    pub fn advance(&self, step: SignedDuration) {
        let millis = i64::try_from(step.as_millis()).unwrap_or(i64::MAX);
        self.ahead_millis.fetch_add(millis, Ordering::SeqCst);
    }

    /// Lets the rules' time stand still, so that only [`Clock::advance`] moves it.
    pub fn stop(&self) {
        self.stopped_at.store(Timestamp::now().as_millisecond(), Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_clock_moves_by_exactly_what_it_is_moved() {
        let clock = Clock::default();
        clock.stop();
        let start = clock.now();
        let step = SignedDuration::from_millis(1_500);
        clock.advance(step);
        assert_eq!(clock.now(), start + step);
        clock.clone().advance(step);
        assert_eq!(clock.now(), start + step + step, "clones show the same time");
    }
}
