//! What one process holds: clients, keys, clock and dice, made once at start.

pub mod addresses;
pub mod audit;
pub mod clock;
pub mod cookie;
pub mod dice;
pub mod keyring;
pub mod made_password;
pub mod roots;
pub mod start;
pub mod token;
pub mod totp;

use std::sync::{Arc, Mutex, PoisonError};

use aws_config::SdkConfig;
use files::Files;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use store::Table;
use tokio::sync::Semaphore;

use crate::house::clock::Clock;
use crate::house::dice::Dice;
use crate::house::keyring::Keyring;
use crate::house::roots::Roots;

/// Password hashes computed at once; each takes 64 MiB.
const HASHES_AT_ONCE: usize = 4;

/// How long root keys are believed to be all there are.
const ROOTS_KEPT: SignedDuration = SignedDuration::from_mins(1);

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
    /// Where the root keys are read again when a token names one that is not known.
    pub roots: Option<RootSource>,
    roots_read_at: Mutex<Option<Timestamp>>,
    pub(crate) hashing: Arc<Semaphore>,
}

/// Where root keys are read from, and by which means.
#[derive(Clone, Debug)]
pub struct RootSource {
    /// Where they are.
    pub roots: Roots,
    /// How AWS is reached.
    pub sdk: SdkConfig,
}

/// Whether a header is believed about where a request comes from.
#[derive(Clone, Debug)]
pub enum Forwarded {
    /// Never: anybody may send one.
    Ignored,
    /// `X-Forwarded-For`, in tests, so that one machine can be many networks.
    Believed,
    /// `X-Vestibule-Visitor` of whoever knows one of these keys, which is our own edge; nobody else
    /// is heard at all, so that no way leads around the edge's rules. There are two while the edge
    /// is given another.
    Edge(Vec<SecretString>),
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
            roots: None,
            roots_read_at: Mutex::new(None),
            hashing: Arc::new(Semaphore::new(HASHES_AT_ONCE)),
        }
    }

    /// Reads the root keys again, unless that was done less than [`ROOTS_KEPT`] ago: anybody can
    /// send a token that names an unknown root. Tells whether they were read.
    pub async fn read_roots_again(&self) -> bool {
        let Some(source) = &self.roots else { return false };
        let now = self.clock.now();
        {
            let mut read_at = self.roots_read_at.lock().unwrap_or_else(PoisonError::into_inner);
            if read_at.is_some_and(|at| now < at + ROOTS_KEPT) {
                return false;
            }
            *read_at = Some(now);
        }
        match source.roots.read(&source.sdk).await {
            Ok(keys) => {
                self.keys.replace(&keys);
                true
            }
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "the root keys could not be read again");
                false
            }
        }
    }

    /// Whether browsers reach us over TLS, so that cookies may say `Secure` and `__Host-`.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::house;

    #[test]
    fn an_address_is_kept_without_a_slash_and_tells_whether_it_is_secure() {
        let at = |base_url: &str| {
            let House { table, files, keys, .. } = house();
            let house = House::new(table, files, keys, base_url);
            (house.base_url.clone(), house.is_secure())
        };
        assert_eq!(at("https://acme.example/"), ("https://acme.example".to_owned(), true));
        assert_eq!(at("http://localhost:8080"), ("http://localhost:8080".to_owned(), false));
    }

    #[tokio::test]
    async fn root_keys_that_come_from_nowhere_are_not_read_again() {
        assert!(!house().read_roots_again().await);
    }
}
