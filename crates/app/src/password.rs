//! Hashing of passwords: Argon2id, peppered, a few at a time.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash as Phc, Version};
use domain::member::PasswordHash;

use crate::house::House;
use crate::keyring::Purpose;
use crate::problem::{Kind, Problem};

/// Memory of one hash in KiB: 64 MiB.
const MEMORY_KIB: u32 = 64 * 1024;
/// Passes over the memory.
const PASSES: u32 = 3;
/// Lanes.
const LANES: u32 = 1;
/// What unknown people's passwords are compared with, so that they take as long as known ones'.
const NOBODY: &str = "$argon2id$v=19$m=65536,t=3,p=1$dmVzdGlidWxlIG5vYm9keQ$7lH0sC9yQWmTzZ6V2nXbKqJrEoUuPdGfAiSxLwMkB3Y";

impl House {
    /// Hashes a new password.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] while too many are hashed at once, [`Kind::Internal`] if hashing
    /// fails.
    pub async fn hash_password(&self, password: &str) -> Result<PasswordHash, Problem> {
        let root = self.keys.current();
        let peppered = self.peppered(root, password)?;
        let salt = self.dice.salt();
        let phc = self
            .hashing(move || {
                let hash = hasher()?.hash_password_with_salt(&peppered, &salt).ok()?;
                Some(hash.to_string())
            })
            .await?
            .ok_or_else(failed)?;
        Ok(PasswordHash { phc, root })
    }

    /// Whether `password` is the one that was hashed. Without a hash the work is done all the
    /// same, and the answer is no.
    ///
    /// # Errors
    /// As [`House::hash_password`].
    pub async fn is_password(
        &self,
        hash: Option<&PasswordHash>,
        password: &str,
    ) -> Result<bool, Problem> {
        let root = hash.map_or(self.keys.current(), |hash| hash.root);
        let peppered = self.peppered(root, password)?;
        let phc = hash.map_or_else(|| NOBODY.to_owned(), |hash| hash.phc.clone());
        let fits = self
            .hashing(move || {
                let phc = Phc::new(&phc).ok()?;
                Some(hasher()?.verify_password(&peppered, &phc).is_ok())
            })
            .await?
            .ok_or_else(failed)?;
        Ok(fits && hash.is_some())
    }

    fn peppered(&self, root: u8, password: &str) -> Result<[u8; 32], Problem> {
        self.keys.mac(root, Purpose::Pepper, password.as_bytes()).ok_or_else(failed)
    }

    async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let Ok(permit) = self.hashing.clone().try_acquire_owned() else {
            let detail = "Too many people are signing in at once. Try again in a moment.";
            return Err(Problem::new(Kind::Unavailable, detail).after(1));
        };
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.map_err(|_| failed())
    }
}

fn hasher() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed() -> Problem {
    Problem::new(Kind::Internal, "The password could not be checked. Try again.")
}
