//! Answers kept for a repeat: without what opens something, and with what that is made from again.

use std::collections::BTreeMap;

use domain::email::Email;
use domain::id::IdentityId;
use domain::second_factor::{Recovery, RecoveryCode};
use files::{Address, Upload};
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use store::idempotency::Answer as KeptAnswer;

use crate::exchange::answer::{Answer, Parts};
use crate::exchange::problem::{Kind, Problem, ProblemDocument};
use crate::exchange::reissue::Reissue;
use crate::house::House;
use crate::house::addresses::copied_link;
use crate::house::token::{
    ChallengeCookie, PortalCookie, device_secret, portal_secret, seated_secret,
};
use crate::house::totp::Seed;

/// How to send the bytes of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Upload")]
pub struct UploadView {
    /// Where to.
    pub url: String,
    /// How.
    pub method: String,
    /// With which headers, all of them and with these very values.
    pub headers: BTreeMap<String, String>,
}

/// An address that opens one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Address")]
pub struct AddressView {
    /// The address.
    pub url: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// What an authenticator app is enrolled by, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Seed")]
pub struct SeedView {
    /// What is typed into the app where its camera does not help.
    pub secret: String,
    /// The address that opens the app on the same device.
    pub uri: String,
    /// The same address as a QR code: a picture in SVG.
    pub qr: String,
}

/// Recovery codes, shown once: each signs in once in place of an app's code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RecoveryCodes")]
pub struct RecoveryCodesView {
    /// The codes.
    pub recovery_codes: Vec<String>,
}

impl SeedView {
    /// How `seed` is shown to whoever signs in with `email`.
    #[must_use]
    pub fn new(seed: &Seed, email: &Email) -> Self {
        Self { secret: seed.text(), uri: seed.uri(email), qr: seed.qr(email) }
    }
}

impl RecoveryCodesView {
    /// The unused codes of a set of `person`'s.
    #[must_use]
    pub fn new(house: &House, person: IdentityId, of: &Recovery) -> Self {
        let codes = house.recovery_codes(person, of);
        Self { recovery_codes: codes.iter().map(RecoveryCode::grouped).collect() }
    }
}

/// An answer as it is kept: all of it but the secrets, and from what those are made again.
#[derive(Clone, Debug)]
pub struct Kept<A> {
    /// The answer without its secrets.
    pub answer: A,
    /// From what they are made again.
    pub reissue: Reissue,
}

/// A refusal that comes with a change and is kept with it.
#[derive(Clone, Debug)]
pub struct Refused(pub(crate) ProblemDocument);

impl From<Upload> for UploadView {
    fn from(upload: Upload) -> Self {
        let Upload { url, method, headers } = upload;
        Self { url, method, headers: headers.into_iter().collect() }
    }
}

impl From<Address> for AddressView {
    fn from(address: Address) -> Self {
        let Address { url, expires_at } = address;
        Self { url, expires_at }
    }
}

impl<A: Answer> Answer for Kept<A> {
    fn parts(&self) -> Parts {
        Parts { reissue: Some(self.reissue.clone()), ..self.answer.parts() }
    }
}

impl Answer for Refused {
    fn parts(&self) -> Parts {
        // A struct of strings and numbers always serialises.
        let body = serde_json::to_string(&self.0).unwrap_or_default();
        Parts { status: self.0.status, body, ..Parts::default() }
    }
}

/// What is kept of an answer to the request `asked`.
pub(crate) fn keep(asked: &str, parts: &Parts, at: Timestamp) -> KeptAnswer {
    let headers = parts.headers.iter();
    KeptAnswer {
        asked: asked.to_owned(),
        status: parts.status,
        headers: headers.map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        body: parts.body.clone(),
        // Our own enum of ids, texts and instants always serialises.
        reissue: parts.reissue.as_ref().and_then(|note| serde_json::to_string(note).ok()),
        at,
    }
}

/// The answer that was kept, with its secrets.
pub(crate) async fn answer_again(house: &House, kept: KeptAnswer) -> Result<Parts, Problem> {
    let headers = kept.headers.into_iter().filter_map(|(name, value)| match name.as_str() {
        "etag" => Some(("etag", value)),
        "location" => Some(("location", value)),
        _ => None,
    });
    let parts = Parts {
        status: kept.status,
        headers: headers.collect(),
        body: kept.body,
        ..Parts::default()
    };
    let Some(note) = kept.reissue else { return Ok(parts) };
    let note: Reissue = serde_json::from_str(&note).map_err(|error| broken(&error))?;
    match note {
        Reissue::Portal { tenant, contact, account, cause, nonce_sha } => {
            let secret = portal_secret(&house.keys, &cause, nonce_sha.as_bytes());
            let cookie = secret.map(|secret| {
                house.portal_cookie(&PortalCookie { tenant, contact, account, secret })
            });
            Ok(Parts { cookies: cookie.into_iter().collect(), ..parts })
        }
        Reissue::Guest { link, nonce_sha, life } => {
            let secret = device_secret(&house.keys, link, nonce_sha.as_bytes());
            let cookie = house.device_cookie(&secret, SignedDuration::from_secs(life));
            Ok(Parts { cookies: vec![cookie], ..parts })
        }
        Reissue::Challenge { tenant, challenge, standing, link } => {
            let cookie = ChallengeCookie::new(tenant, challenge, &standing);
            let cookie = house.challenge_cookie(&cookie, link);
            Ok(Parts { cookies: vec![cookie], ..parts })
        }
        Reissue::Session { identity, seat, session } => {
            let secret = seated_secret(&house.keys, session);
            let life = domain::session::LIFE.as_secs();
            let cookie = house.session_cookie(identity, Some(seat), secret, life);
            Ok(Parts { cookies: vec![cookie], ..parts })
        }
        Reissue::Seed { identity, email, seed } => {
            let seed = house.seed(identity, &seed).ok_or_else(lost_root)?;
            with_fields(parts, json!(SeedView::new(&seed, &email)))
        }
        Reissue::RecoveryCodes { identity, recovery } => {
            with_fields(parts, json!(RecoveryCodesView::new(house, identity, &recovery)))
        }
        Reissue::Upload { tenant, file } => {
            let upload = UploadView::from(house.files.upload(tenant, &file).await?);
            with_fields(parts, json!({ "upload": upload }))
        }
        Reissue::Link { tenant, link } => {
            let url = copied_link(house, tenant, &link);
            with_fields(parts, json!({ "url": url }))
        }
        Reissue::Download { tenant, file, signed_at } => {
            let address = house.files.download(tenant, &file, signed_at).await?;
            with_fields(parts, json!(AddressView::from(address)))
        }
    }
}

fn with_fields(parts: Parts, secrets: Value) -> Result<Parts, Problem> {
    let mut body: Value = serde_json::from_str(&parts.body).map_err(|error| broken(&error))?;
    if let (Some(body), Value::Object(secrets)) = (body.as_object_mut(), secrets) {
        body.extend(secrets);
    }
    Ok(Parts { body: body.to_string(), ..parts })
}

fn lost_root() -> Problem {
    Problem::new(Kind::Internal, "The key of this seed is gone. Enrol again.")
}

fn broken(error: &serde_json::Error) -> Problem {
    tracing::error!(error = %error, "a kept answer cannot be read");
    Problem::new(Kind::Internal, "It was logged. Quote `instance` when you ask about it.")
}

#[cfg(test)]
mod tests {
    use domain::session::Chosen;

    use super::*;
    use crate::exchange::answer::Done;
    use crate::fixtures::{NOW, house, id, link, refusal};
    use crate::house::cookie::Cookie;
    use crate::house::token::SessionCookie;

    fn kept(body: &str, reissue: Option<Reissue>) -> KeptAnswer {
        let headers = vec![("etag", "\"3\"".to_owned()), ("location", "/v1/links/1".to_owned())];
        let parts =
            Parts { status: 201, headers, body: body.to_owned(), cookies: Vec::new(), reissue };
        keep("asked", &parts, NOW)
    }

    /// The body and cookies that are made again.
    async fn again(house: &House, body: &str, note: Reissue) -> (Value, Vec<Cookie>) {
        let parts = answer_again(house, kept(body, Some(note))).await.unwrap();
        assert_eq!(parts.reissue, None, "what is given again is not kept again");
        (serde_json::from_str(&parts.body).unwrap(), parts.cookies)
    }

    #[tokio::test]
    async fn an_answer_without_secrets_is_given_again_as_it_was() {
        let mut before = kept("{}", None);
        assert_eq!((before.asked.as_str(), before.at, &before.reissue), ("asked", NOW, &None));
        before.headers.push(("x-other".to_owned(), "1".to_owned()));
        let parts = answer_again(&house(), before).await.unwrap();
        let headers = vec![("etag", "\"3\"".to_owned()), ("location", "/v1/links/1".to_owned())];
        let expected = Parts { status: 201, headers, body: "{}".to_owned(), ..Parts::default() };
        assert_eq!(parts, expected);
    }

    #[tokio::test]
    async fn cookies_are_made_again_from_what_names_them() {
        let house = house();
        let (tenant, contact, nonce_sha) = (id(1), id(3), "nonce".to_owned());
        let invitation: domain::id::InvitationId = id(17);
        let secret = device_secret(&house.keys, invitation, b"nonce");
        let portal = PortalCookie { tenant, contact, account: None, secret };
        let cause = invitation.to_string();
        let note =
            Reissue::Portal { tenant, contact, account: None, cause, nonce_sha: nonce_sha.clone() };
        let (_, cookies) = again(&house, "{}", note).await;
        assert_eq!(cookies, [house.portal_cookie(&portal)]);

        let link = id(6);
        let secret = device_secret(&house.keys, link, b"nonce");
        let note = Reissue::Guest { link, nonce_sha, life: 99 };
        let (_, cookies) = again(&house, "{}", note).await;
        assert_eq!(cookies, [house.device_cookie(&secret, SignedDuration::from_secs(99))]);

        let (challenge, standing) = (id(16), "ab".repeat(16));
        let cookie = ChallengeCookie::new(tenant, challenge, &standing);
        let note = Reissue::Challenge { tenant, challenge, standing, link: Some(link) };
        let (_, cookies) = again(&house, "{}", note).await;
        assert_eq!(cookies, [house.challenge_cookie(&cookie, Some(link))]);

        let seat = Chosen { tenant_id: tenant, member_id: id(10) };
        let secret = seated_secret(&house.keys, id(19));
        let note = Reissue::Session { identity: id(9), seat, session: id(19) };
        let (_, cookies) = again(&house, "{}", note).await;
        let value = SessionCookie { identity: id(9), seat: Some(seat), secret }.sign(&house.keys);
        let begins = format!("__Host-session={value};");
        assert!(cookies[0].header.starts_with(&begins), "{}", cookies[0].header);
        assert!(cookies[0].header.contains("Max-Age=86400;"), "{}", cookies[0].header);
    }

    #[tokio::test]
    async fn the_address_of_a_link_is_put_back_into_the_body() {
        let house = house();
        let note = Reissue::Link { tenant: id(1), link: Box::new(link()) };
        let (body, cookies) = again(&house, r#"{"id":1}"#, note).await;
        assert_eq!(body, json!({ "id": 1, "url": copied_link(&house, id(1), &link()) }));
        assert_eq!(cookies, []);
    }

    #[tokio::test]
    async fn a_seed_and_recovery_codes_are_put_back_into_the_body() {
        let house = house();
        let email: Email = "maya@acme.example".parse().unwrap();
        let (seed, sealed) = house.new_seed(id(9)).unwrap();
        let note = Reissue::Seed { identity: id(9), email: email.clone(), seed: sealed };
        let (body, _) = again(&house, "{}", note.clone()).await;
        assert_eq!(body, json!(SeedView::new(&seed, &email)));
        assert!(!serde_json::to_string(&note).unwrap().contains(&seed.text()));

        let recovery = Recovery { root: 1, round: 3, unused: (1..=8).collect() };
        let note = Reissue::RecoveryCodes { identity: id(9), recovery: recovery.clone() };
        let (body, _) = again(&house, "{}", note).await;
        assert_eq!(body, json!(RecoveryCodesView::new(&house, id(9), &recovery)));
        assert_eq!(body["recovery_codes"].as_array().map(Vec::len), Some(8));
    }

    #[tokio::test]
    async fn what_cannot_be_read_again_is_an_error_of_ours() {
        let broken = KeptAnswer { reissue: Some("{}".to_owned()), ..kept("{}", None) };
        assert_eq!(refusal(answer_again(&house(), broken).await), Some(Kind::Internal));
        let note = Reissue::Link { tenant: id(1), link: Box::new(link()) };
        let bodiless = answer_again(&house(), kept("", Some(note))).await;
        assert_eq!(refusal(bodiless), Some(Kind::Internal));
    }

    #[test]
    fn an_answer_is_kept_with_its_note_and_a_refusal_in_its_words() {
        let reissue = Reissue::Link { tenant: id(1), link: Box::new(link()) };
        let parts = Kept { answer: Done, reissue: reissue.clone() }.parts();
        assert_eq!((parts.status, parts.reissue), (204, Some(reissue)));
        let problem = Problem::bad_input("/name", "too long");
        let parts = Refused(problem.document("urn:ulid:1")).parts();
        let body: Value = serde_json::from_str(&parts.body).unwrap();
        assert_eq!((parts.status, &body["detail"]), (400, &json!("/name: too long")));
    }

    #[test]
    fn where_bytes_go_and_come_from_is_told_as_it_was_signed() {
        let headers = vec![("a".to_owned(), "b".to_owned())];
        let (url, method) = ("https://bucket".to_owned(), "PUT".to_owned());
        let view = UploadView::from(Upload { url: url.clone(), method, headers });
        assert_eq!((view.url.as_str(), view.method.as_str()), ("https://bucket", "PUT"));
        assert_eq!(view.headers, BTreeMap::from([("a".to_owned(), "b".to_owned())]));
        let view = AddressView::from(Address { url: url.clone(), expires_at: NOW });
        assert_eq!(view, AddressView { url, expires_at: NOW });
    }
}
