//! How long at least one of several things was under way: what overlaps counts once.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A watch that runs while anything is under way.
#[derive(Debug, Default)]
pub struct Busy(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    under_way: usize,
    since: Option<Instant>,
    sum: Duration,
    begun: usize,
}

impl Busy {
    /// One more thing is under way.
    pub fn begin(&self) {
        let mut state = self.state();
        state.under_way += 1;
        state.begun += 1;
        state.since.get_or_insert_with(Instant::now);
    }

    /// One of them has ended.
    pub fn end(&self) {
        let mut state = self.state();
        state.under_way = state.under_way.saturating_sub(1);
        if state.under_way == 0
            && let Some(since) = state.since.take()
        {
            state.sum += since.elapsed();
        }
    }

    /// How long anything was under way so far.
    pub fn so_far(&self) -> Duration {
        let state = self.state();
        state.sum + state.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// How many things began so far.
    pub fn begun(&self) -> usize {
        self.state().begun
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overlaps_counts_once_and_idle_time_not_at_all() {
        let busy = Busy::default();
        let start = Instant::now();
        busy.begin();
        busy.begin();
        busy.end();
        busy.end();
        let (sum, whole) = (busy.so_far(), start.elapsed());
        assert!(sum <= whole, "{sum:?} of {whole:?}");
        assert_eq!(busy.so_far(), sum, "nothing is under way any more");
        assert_eq!(busy.begun(), 2);
    }
}
