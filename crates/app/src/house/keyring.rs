//! Root keys, and everything derived from them.
//!
//! Bearer secrets are derived, not stored: a copy of the table opens nothing, the mailer computes
//! what it mails, and a forged token is refused before anything is read. Each purpose has a key of
//! its own (HKDF-SHA256), so that a token for one thing is garbage to another.
//!
//! Roots are rotated while processes run: a token under a root that this process does not know yet
//! is noticed ([`noticing`]), and the reception reads the roots again, at most once a minute.

use std::cell::Cell;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Bytes of a token's authentication code: 128 bits, as no token can be tried offline.
const MAC_BYTES: usize = 16;

/// What a derived key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Session cookies of members.
    Session,
    /// Cookies of portal browsers.
    Portal,
    /// Secrets of portal browsers.
    Device,
    /// Magic links.
    Invitation,
    /// Links to answer a question.
    Answer,
    /// Invitations to a seat.
    Seat,
    /// Links that reset a password.
    Reset,
    /// Secrets of sessions that an accepted invitation began.
    Seated,
    /// Cookies that bind a code to the browser that asked.
    Challenge,
    /// Six-digit codes.
    Code,
    /// Hashes of addresses and networks in keys.
    Blind,
    /// Addresses of pages under a mark.
    Page,
    /// The pepper of passwords.
    Pepper,
    /// Keys of the audit trail's subjects, and of seeds of authenticator apps.
    Subject,
    /// Recovery codes.
    Recovery,
    /// Guest links.
    Link,
    /// Where a guest link was found to lie.
    Place,
    /// Links of last resort on a guest link.
    LastResort,
    /// Notices about a new browser on a guest link.
    NotMe,
}

impl Purpose {
    fn info(self) -> &'static [u8] {
        match self {
            Self::Session => b"vestibule session",
            Self::Portal => b"vestibule portal",
            Self::Device => b"vestibule device",
            Self::Invitation => b"vestibule invitation",
            Self::Answer => b"vestibule answer",
            Self::Seat => b"vestibule seat",
            Self::Reset => b"vestibule reset",
            Self::Seated => b"vestibule seated",
            Self::Challenge => b"vestibule challenge",
            Self::Code => b"vestibule code",
            Self::Blind => b"vestibule blind",
            Self::Page => b"vestibule page",
            Self::Pepper => b"vestibule pepper",
            Self::Subject => b"vestibule subject",
            Self::Recovery => b"vestibule recovery",
            Self::Link => b"vestibule link",
            Self::Place => b"vestibule place",
            Self::LastResort => b"vestibule last resort",
            Self::NotMe => b"vestibule not me",
        }
    }
}

/// One root key.
struct Root {
    id: u8,
    key: SecretBox<[u8; 32]>,
}

/// The root keys in force: the first signs, all verify. Clones are one keyring.
#[derive(Clone)]
pub struct Keyring(Arc<RwLock<Arc<Vec<Root>>>>);

tokio::task_local! {
    static UNKNOWN_ROOT: Cell<bool>;
}

/// Does `work` and tells whether it met a token under a root that the keyring does not hold.
pub async fn noticing<F: Future>(work: F) -> (F::Output, bool) {
    UNKNOWN_ROOT
        .scope(Cell::new(false), async {
            let done = work.await;
            (done, UNKNOWN_ROOT.with(Cell::get))
        })
        .await
}

/// Why there is no keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// The text is not lines of `id:64 hexadecimal digits`.
    #[error("expected lines of a key id from 0 to 255, a colon and 64 hexadecimal digits")]
    Format,
    /// Every id is in use.
    #[error("there are 255 root keys already")]
    Full,
}

/// A root key as [`Keyring::parse`] reads it.
fn line(id: u8, key: &[u8; 32]) -> String {
    format!("{id}:{}\n", data_encoding::HEXLOWER.encode(key))
}

impl Keyring {
    /// Reads root keys, one a line as `id:hex`, the one that signs first. A line without an id is
    /// root 1: Secrets Manager makes the first one and knows no form.
    ///
    /// # Errors
    /// [`KeyringError::Format`] if a line is no key, or there is none.
    pub fn parse(text: &str) -> Result<Self, KeyringError> {
        let mut roots = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (id, key) = line.split_once(':').unwrap_or(("1", line));
            let id = id.parse().map_err(|_| KeyringError::Format)?;
            let key = data_encoding::HEXLOWER_PERMISSIVE
                .decode(key.as_bytes())
                .ok()
                .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
                .ok_or(KeyringError::Format)?;
            roots.push(Root { id, key: SecretBox::new(Box::new(key)) });
        }
        if roots.is_empty() {
            return Err(KeyringError::Format);
        }
        Ok(Self(Arc::new(RwLock::new(Arc::new(roots)))))
    }

    /// Root key text for a new installation, in the form that [`Keyring::parse`] reads.
    #[must_use]
    pub fn generate(secret: [u8; 32]) -> String {
        line(1, &secret)
    }

    /// The root key text `before` with a new root that signs, and its id.
    ///
    /// # Errors
    /// [`KeyringError::Format`] if `before` is no keyring; [`KeyringError::Full`] if no id is free.
    pub fn rotated(before: &str, secret: [u8; 32]) -> Result<(String, u8), KeyringError> {
        let roots = Self::parse(before)?.roots();
        let is_free = |id: &u8| roots.iter().all(|root| root.id != *id);
        let id = (1..=u8::MAX).find(is_free).ok_or(KeyringError::Full)?;
        let lines = roots.iter().map(|root| line(root.id, root.key.expose_secret()));
        Ok((line(id, &secret) + &lines.collect::<String>(), id))
    }

    /// Takes over the roots of `other`, for all clones.
    pub fn replace(&self, other: &Self) {
        let roots = other.roots();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = roots;
    }

    fn roots(&self) -> Arc<Vec<Root>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Id of the root that signs.
    #[must_use]
    pub fn current(&self) -> u8 {
        self.roots().first().map_or(0, |root| root.id)
    }

    fn derive(&self, root: u8, purpose: Purpose) -> Option<[u8; 32]> {
        let roots = self.roots();
        let root = roots.iter().find(|candidate| candidate.id == root)?;
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, root.key.expose_secret().as_slice())
            .expand(purpose.info(), &mut key)
            .ok()?;
        Some(key)
    }

    /// Whether the root `id` is in force. One that is not is noticed, so that the roots are read
    /// again and the caller heard again.
    #[must_use]
    pub fn holds(&self, id: u8) -> bool {
        let holds = self.roots().iter().any(|root| root.id == id);
        if !holds {
            // Outside a request there is nobody to notice.
            let _ = UNKNOWN_ROOT.try_with(|unknown| unknown.set(true));
        }
        holds
    }

    /// Keyed hash of `message` under one root's key for `purpose`; `None` for an unknown root.
    #[must_use]
    pub fn mac(&self, root: u8, purpose: Purpose, message: &[u8]) -> Option<[u8; 32]> {
        let key = self.derive(root, purpose)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
        mac.update(message);
        Some(mac.finalize().into_bytes().into())
    }

    /// Signs `payload`: base64url of the root's id, the payload and a code over both.
    #[must_use]
    pub fn sign(&self, purpose: Purpose, payload: &[u8]) -> String {
        self.sign_beside(self.current(), purpose, payload, &[])
    }

    /// The payload of a token that [`Keyring::sign`] made for `purpose`; `None` for any other.
    #[must_use]
    pub fn verify(&self, purpose: Purpose, token: &str) -> Option<Vec<u8>> {
        self.verify_beside(purpose, token, &[])
    }

    /// Signs `payload` as [`Keyring::sign`] does, for use `beside` something only: what stands in
    /// the address anyway need not stand in the token. The `root` is one that was current when the
    /// thing was made, so that its token stays the same; the current one if that is gone.
    #[must_use]
    pub fn sign_beside(&self, root: u8, purpose: Purpose, payload: &[u8], beside: &[u8]) -> String {
        let is_kept = self.roots().iter().any(|kept| kept.id == root);
        let root = if is_kept { root } else { self.current() };
        let mut token = vec![root];
        token.extend_from_slice(payload);
        let mac = self.mac(root, purpose, &[&token, beside].concat()).unwrap_or_default();
        token.extend(mac.iter().take(MAC_BYTES));
        URL_SAFE_NO_PAD.encode(token)
    }

    /// The payload of a token that [`Keyring::sign_beside`] made for `purpose`, beside the same.
    #[must_use]
    pub fn verify_beside(&self, purpose: Purpose, token: &str, beside: &[u8]) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (signed, code) = bytes.split_at_checked(bytes.len().checked_sub(MAC_BYTES)?)?;
        let (root, payload) = signed.split_first()?;
        let Some(mac) = self.mac(*root, purpose, &[signed, beside].concat()) else {
            // Outside a request there is nobody to notice.
            let _ = UNKNOWN_ROOT.try_with(|unknown| unknown.set(true));
            return None;
        };
        let is_ours = bool::from(mac.get(..MAC_BYTES)?.ct_eq(code));
        is_ours.then(|| payload.to_vec())
    }

    /// A keyed hash for use in table keys, where the value itself has no business: 32 hexadecimal
    /// digits. It stays the same under rotation only while its root is kept.
    #[must_use]
    pub fn blind(&self, parts: &[&str]) -> String {
        let last = self.roots().last().map_or(0, |root| root.id);
        let mac = self.mac(last, Purpose::Blind, parts.join("\u{0}").as_bytes());
        let mac = mac.unwrap_or_default();
        data_encoding::HEXLOWER.encode(mac.get(..16).unwrap_or_default())
    }

    /// Encrypts personal values under the key that `seed` and the current root make.
    #[must_use]
    pub fn seal(&self, seed: &str, nonce: [u8; 24], plain: &[u8]) -> Option<(u8, String)> {
        let root = self.current();
        let cipher = self.subject(root, seed)?.encrypt(&XNonce::from(nonce), plain).ok()?;
        Some((root, URL_SAFE_NO_PAD.encode([nonce.as_slice(), &cipher].concat())))
    }

    /// Decrypts what [`Keyring::seal`] made; `None` once the seed is destroyed.
    #[must_use]
    pub fn unseal(&self, root: u8, seed: &str, sealed: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, cipher) = sealed.split_first_chunk::<24>()?;
        self.subject(root, seed)?.decrypt(&XNonce::from(*nonce), cipher).ok()
    }

    fn subject(&self, root: u8, seed: &str) -> Option<XChaCha20Poly1305> {
        if seed.is_empty() {
            return None;
        }
        let key = self.mac(root, Purpose::Subject, seed.as_bytes())?;
        Some(XChaCha20Poly1305::new(&Key::from(key)))
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<u8> = self.roots().iter().map(|root| root.id).collect();
        f.debug_tuple("Keyring").field(&ids).finish()
    }
}

/// SHA-256 in lower-case hexadecimal: how secrets and nonces lie in the table.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&sha256(bytes))
}

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests;
