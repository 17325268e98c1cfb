//! An authenticator app, as RFC 6238 tells one to be: nothing of ours is in it.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha1::Sha1;

use crate::client::Client;
use crate::world::World;

/// An app that was enrolled by typing its secret.
#[derive(Clone, Debug)]
pub struct Authenticator {
    seed: Vec<u8>,
}

impl Authenticator {
    /// An app with the `secret` of an enrolment's answer.
    #[must_use]
    pub fn enrolled(answer: &Value) -> Self {
        let secret = answer["secret"].as_str().expect("an enrolment tells the secret");
        Self { seed: BASE32_NOPAD.decode(secret.as_bytes()).expect("a secret is base32") }
    }

    /// What it shows at `now`.
    #[must_use]
    pub fn shows(&self, now: Timestamp) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.seed).expect("any length is a key");
        mac.update(&(now.as_second() / 30).to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let offset = usize::from(digest[19] & 0xf);
        let word =
            [digest[offset] & 0x7f, digest[offset + 1], digest[offset + 2], digest[offset + 3]];
        format!("{:06}", u32::from_be_bytes(word) % 1_000_000)
    }
}

impl World {
    /// Turns on a second factor for whoever is signed in as `client`; their app, and the recovery
    /// codes.
    pub async fn turn_on_second_factor(&self, client: &Client) -> (Authenticator, Vec<String>) {
        let app = Authenticator::enrolled(&client.post("/v1/me/totp", json!({})).await.expect(200));
        let code = json!({ "code": app.shows(self.now()) });
        let codes = client.post("/v1/me/totp/confirm", code).await.expect(200);
        let codes = codes["recovery_codes"].as_array().expect("recovery codes").iter();
        (app, codes.map(|code| code.as_str().expect("a code").to_owned()).collect())
    }
}
