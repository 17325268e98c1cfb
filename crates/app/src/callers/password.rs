//! Hashing of passwords: Argon2id, peppered, a few at a time.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash as Phc, Version};
use domain::member::PasswordHash;
use domain::password::{Strength, check};
use unicode_normalization::UnicodeNormalization;

use tokio::sync::OwnedSemaphorePermit;

use crate::exchange::problem::{Kind, Problem};
use crate::house::House;
use crate::house::keyring::Purpose;

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
            .hashing(self.hashing_place()?, move || {
                let hash = hasher()?.hash_password_with_salt(&peppered, &salt).ok()?;
                Some(hash.to_string())
            })
            .await?
            .ok_or_else(failed)?;
        let stands_alone = check(password, Strength::Alone, &[]).is_ok();
        Ok(PasswordHash { phc, root, stands_alone })
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
        self.is_password_at(self.hashing_place()?, hash, password).await
    }

    /// As [`House::is_password`], at a place taken before.
    pub(crate) async fn is_password_at(
        &self,
        place: OwnedSemaphorePermit,
        hash: Option<&PasswordHash>,
        password: &str,
    ) -> Result<bool, Problem> {
        let root = hash.map_or(self.keys.current(), |hash| hash.root);
        let peppered = self.peppered(root, password)?;
        let phc = hash.map_or_else(|| NOBODY.to_owned(), |hash| hash.phc.clone());
        let fits = self
            .hashing(place, move || {
                let phc = Phc::new(&phc).ok()?;
                Some(hasher()?.verify_password(&peppered, &phc).is_ok())
            })
            .await?
            .ok_or_else(failed)?;
        Ok(fits && hash.is_some())
    }

    fn peppered(&self, root: u8, password: &str) -> Result<[u8; 32], Problem> {
        // Keyboards differ in how they compose a letter; the person means the same password.
        let password: String = password.nfc().collect();
        self.keys.mac(root, Purpose::Pepper, password.as_bytes()).ok_or_else(failed)
    }

    /// A place among those who may hash now.
    pub(crate) fn hashing_place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        self.hashing.clone().try_acquire_owned().map_err(|_| {
            let detail = "Too many people are signing in at once. Try again in a moment.";
            Problem::new(Kind::Unavailable, detail).after(1)
        })
    }

    async fn hashing<T: Send + 'static>(
        &self,
        place: OwnedSemaphorePermit,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{house, keyring, refusal};

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_by_no_other() {
        let house = house();
        let hash = house.hash_password("Zoë's horse").await.unwrap();
        assert_eq!((hash.root, hash.stands_alone), (house.keys.current(), false));
        assert!(hash.phc.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{}", hash.phc);
        assert!(house.is_password(Some(&hash), "Zoë's horse").await.unwrap());
        assert!(!house.is_password(Some(&hash), "Zoe's horse").await.unwrap());
        assert!(!house.is_password(None, "Zoë's horse").await.unwrap());
    }

    #[test]
    fn however_a_keyboard_composes_a_letter_the_password_is_the_same() {
        let house = house();
        let pepper = |password| house.peppered(1, password).unwrap();
        assert_eq!(pepper("Zo\u{eb}"), pepper("Zoe\u{308}"));
        assert_ne!(pepper("Zo\u{eb}"), pepper("Zoe"));
        assert_eq!(refusal(house.peppered(2, "Zoe")), Some(Kind::Internal), "an unknown root");
        let mut other = crate::fixtures::house();
        other.keys = keyring(2);
        assert_ne!(pepper("Zoe"), other.peppered(other.keys.current(), "Zoe").unwrap());
    }

    #[test]
    fn beyond_the_places_for_hashing_nobody_waits() {
        let house = house();
        let places: Vec<_> = (0..4).map(|_| house.hashing_place().unwrap()).collect();
        let refused = house.hashing_place().unwrap_err();
        assert_eq!((refused.kind, refused.retry_after), (Kind::Unavailable, Some(1)));
        drop(places);
        assert!(house.hashing_place().is_ok());
    }
}
