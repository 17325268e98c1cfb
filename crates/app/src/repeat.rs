//! Answers kept for a repeat: without what opens something, and with what that is made from again.

use std::collections::BTreeMap;

use domain::document::File;
use domain::id::{AccountId, ChallengeId, ContactId, IdentityId, LinkId, SessionId, TenantId};
use domain::link::Link;
use domain::session::Chosen;
use files::{Address, Upload};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::idempotency::Answer as KeptAnswer;

use crate::answer::{Answer, Parts};
use crate::house::House;
use crate::problem::{Kind, Problem, ProblemDocument};

/// From what the secrets of a kept answer are made again. It is kept with the answer and holds
/// what names a secret, never one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reissue {
    /// The cookie that signs a browser in to a portal.
    Portal {
        /// Whose portal.
        tenant: TenantId,
        /// Whose browser.
        contact: ContactId,
        /// The contact's account when it was signed in.
        account: Option<AccountId>,
        /// The invitation or challenge that signed it in.
        cause: String,
        /// SHA-256 of the nonce that the browser chose.
        nonce_sha: String,
    },
    /// The cookie that a browser has for all guest links.
    Guest {
        /// The link that let it in.
        link: LinkId,
        /// SHA-256 of the nonce that the browser chose; the challenge's id for a code.
        nonce_sha: String,
        /// Seconds that the cookie lives.
        life: i64,
    },
    /// The cookie that binds a code to the browser that asked for it.
    Challenge {
        /// Whose portal.
        tenant: TenantId,
        /// Which code.
        challenge: ChallengeId,
        /// Keyed hash under which its misses count.
        standing: String,
        /// On which guest link, if on one.
        link: Option<LinkId>,
    },
    /// The cookie of the session that an accepted invitation began.
    Session {
        /// Who accepted.
        identity: IdentityId,
        /// The seat they took.
        seat: Chosen,
        /// Which session.
        session: SessionId,
    },
    /// The body's `upload`, signed anew: uploading takes its time, and a repeat may come late.
    Upload {
        /// Whose file.
        tenant: TenantId,
        /// The file as it was announced.
        file: Box<File>,
    },
    /// The body's `url`, the address of a guest link.
    Link {
        /// Whose link.
        tenant: TenantId,
        /// The link as it was when its address was given.
        link: Box<Link>,
    },
    /// The body's `url` and `expires_at`, signed for the same minute: a repeat gets no more than
    /// what was recorded, decided and given.
    Download {
        /// Whose file.
        tenant: TenantId,
        /// The file as it was when the view was recorded.
        file: Box<File>,
        /// When the address was signed, by the wall clock.
        signed_at: Timestamp,
    },
}

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
            let secret = crate::portal::secret_of(house, &cause, nonce_sha.as_bytes());
            let cookie = secret.map(|secret| {
                let cookie = crate::token::PortalCookie { tenant, contact, account, secret };
                crate::portal::portal_cookie(house, &cookie)
            });
            Ok(Parts { cookies: cookie.into_iter().collect(), ..parts })
        }
        Reissue::Guest { link, nonce_sha, life } => {
            let secret = crate::token::device_secret(&house.keys, link, nonce_sha.as_bytes());
            let life = jiff::SignedDuration::from_secs(life);
            let cookie = crate::guest::device_cookie(house, &secret, life);
            Ok(Parts { cookies: vec![cookie], ..parts })
        }
        Reissue::Challenge { tenant, challenge, standing, link } => {
            let cookie = crate::codes::challenge_of(tenant, challenge, &standing);
            let cookie = crate::portal::challenge_cookie(house, &cookie, link);
            Ok(Parts { cookies: vec![cookie], ..parts })
        }
        Reissue::Session { identity, seat, session } => {
            let secret = crate::token::seated_secret(&house.keys, session);
            let life = domain::session::LIFE.as_secs();
            let cookie = house.session_cookie(identity, Some(seat), secret, life);
            Ok(Parts { cookies: vec![cookie], ..parts })
        }
        Reissue::Upload { tenant, file } => {
            let upload = UploadView::from(house.files.upload(tenant, &file).await?);
            with_fields(parts, json!({ "upload": upload }))
        }
        Reissue::Link { tenant, link } => {
            let url = crate::linking::copied_url(house, tenant, &link);
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

fn broken(error: &serde_json::Error) -> Problem {
    tracing::error!(error = %error, "a kept answer cannot be read");
    Problem::new(Kind::Internal, "It was logged. Quote `instance` when you ask about it.")
}
