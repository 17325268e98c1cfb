//! What one process holds: clients, keys, clock and dice, made once at start.

use std::sync::Arc;

use files::Files;
use store::Table;
use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::dice::Dice;
use crate::keyring::Keyring;

/// Password hashes computed at once; each takes 64 MiB.
const HASHES_AT_ONCE: usize = 4;

/// What one process holds. Shared by all requests.
#[derive(Debug)]
pub struct House {
    /// The table.
    pub table: Table,
    /// The bucket.
    pub files: Files,
    /// Root keys.
    pub keys: Keyring,
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub dice: Dice,
    /// Where the product is reached, without a slash at the end: `https://trust.example.com`.
    pub base_url: String,
    /// Whom to believe about where a request comes from.
    pub forwarded: Forwarded,
    pub(crate) hashing: Arc<Semaphore>,
}

/// Whether `X-Forwarded-For` is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forwarded {
    /// Never: anybody may send it.
    Ignored,
    /// In tests, so that one machine can be many networks.
    Believed,
}

impl House {
    /// A house with the usual clock and dice.
    #[must_use]
    pub fn new(table: Table, files: Files, keys: Keyring, base_url: &str) -> Self {
        Self {
            table,
            files,
            keys,
            clock: Clock::default(),
            dice: Dice::default(),
            base_url: base_url.trim_end_matches('/').to_owned(),
            forwarded: Forwarded::Ignored,
            hashing: Arc::new(Semaphore::new(HASHES_AT_ONCE)),
        }
    }

    /// Whether browsers reach us over TLS, so that cookies may say `Secure` and `__Host-`.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}
