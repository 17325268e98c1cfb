//! Trying again what others' writes cancel.

use std::time::Duration;

/// Tries of a call that others' writes cancel.
pub(crate) const CONFLICTS_MAX: u32 = 8;
/// Longest first pause between such tries; the bound doubles with each.
const PAUSE_MS: u64 = 20;

/// Waits before try `attempt`: not at all before the first, then a random part of a bound that
/// doubles. `seed` spreads callers that failed together.
pub(crate) async fn pause(attempt: u32, seed: &str) {
    if attempt == 0 {
        return;
    }
    let bound = PAUSE_MS << attempt.min(6);
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ u64::from(attempt);
    for byte in seed.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    tokio::time::sleep(Duration::from_millis(hash % bound + 1)).await;
}
