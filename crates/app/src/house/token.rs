//! Tokens and cookies: what each carries, as bytes under [`Keyring::sign`].

pub mod page;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use data_encoding::HEXLOWER;
use domain::challenge::code::{Code, six_digits};
use domain::id::{
    AccountId, ChallengeId, ContactId, Id, IdentityId, InvitationId, MemberId, RequestId,
    SessionId, TenantId,
};
use domain::session::Chosen;
use jiff::Timestamp;
use subtle::ConstantTimeEq;
use ulid::Ulid;

use crate::house::keyring::{Keyring, Purpose};

pub mod guest;

/// A magic link's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvitationToken {
    /// Whose portal.
    pub tenant: TenantId,
    /// Whom it signs in.
    pub contact: ContactId,
    /// The contact's account when it was mailed, so that one read fetches all.
    pub account: Option<AccountId>,
    /// Which link.
    pub invitation: InvitationId,
}

/// The secret of a link that answers a question or withdraws a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerToken {
    /// Whose trust center.
    pub tenant: TenantId,
    /// Who was asked.
    pub contact: ContactId,
    /// About which request.
    pub request: RequestId,
    /// Which question, from 0.
    pub round: u8,
}

/// The secret of an invitation to a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatToken {
    /// In which company.
    pub tenant: TenantId,
    /// Which seat.
    pub member: MemberId,
    /// Which invitation to it, from 1.
    pub round: u32,
}

/// The secret of a link that resets a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResetToken {
    /// Whose.
    pub identity: IdentityId,
    /// The identity's epoch when it was asked for; a new password ends the link.
    pub epoch: u32,
    /// When it stops.
    pub expires_at: Timestamp,
}

/// What a member's session cookie carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionCookie {
    /// Who signed in.
    pub identity: IdentityId,
    /// The seat chosen, if any.
    pub seat: Option<Chosen>,
    /// The session's secret.
    pub secret: [u8; 32],
}

/// What a portal browser's cookie carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortalCookie {
    /// Whose portal.
    pub tenant: TenantId,
    /// Whose browser.
    pub contact: ContactId,
    /// The contact's account when it was signed in.
    pub account: Option<AccountId>,
    /// The browser's secret.
    pub secret: [u8; 32],
}

/// What the cookie of a browser that asked for a code carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChallengeCookie {
    /// Whose portal.
    pub tenant: TenantId,
    /// Which code.
    pub challenge: ChallengeId,
    /// Where its misses count, so that one read fetches both.
    pub standing: [u8; 16],
}

/// Lays ids and secrets behind one another.
#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn id(mut self, id: impl Id) -> Self {
        self.0.extend(id.ulid().to_bytes());
        self
    }

    fn maybe(mut self, id: Option<impl Id>) -> Self {
        self.0.extend(id.map_or([0; 16], |id| id.ulid().to_bytes()));
        self
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }
}

/// Reads them back in the same order.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn chunk<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (chunk, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*chunk)
    }

    fn id<I: Id>(&mut self) -> Option<I> {
        self.chunk().map(|bytes| I::from_ulid(Ulid::from_bytes(bytes)))
    }

    #[expect(
        clippy::option_option,
        reason = "a token cut short, no id, and an id are three things"
    )]
    fn maybe<I: Id>(&mut self) -> Option<Option<I>> {
        let ulid = Ulid::from_bytes(self.chunk()?);
        Some((!ulid.is_nil()).then(|| I::from_ulid(ulid)))
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

impl InvitationToken {
    /// The token as it stands in a link.
    #[must_use]
    pub fn sign(&self, keys: &Keyring) -> String {
        let Self { tenant, contact, account, invitation } = *self;
        let payload = Writer::default().id(tenant).id(contact).maybe(account).id(invitation);
        keys.sign(Purpose::Invitation, &payload.0)
    }

    /// Reads a token that we signed.
    #[must_use]
    pub fn verify(keys: &Keyring, text: &str) -> Option<Self> {
        let payload = keys.verify(Purpose::Invitation, text)?;
        let mut reader = Reader(&payload);
        let token = Self {
            tenant: reader.id()?,
            contact: reader.id()?,
            account: reader.maybe()?,
            invitation: reader.id()?,
        };
        reader.end().map(|()| token)
    }
}

impl AnswerToken {
    /// The token as it stands in a link.
    #[must_use]
    pub fn sign(&self, keys: &Keyring) -> String {
        let Self { tenant, contact, request, round } = *self;
        let payload = Writer::default().id(tenant).id(contact).id(request).bytes(&[round]);
        keys.sign(Purpose::Answer, &payload.0)
    }

    /// Reads a token that we signed.
    #[must_use]
    pub fn verify(keys: &Keyring, text: &str) -> Option<Self> {
        let payload = keys.verify(Purpose::Answer, text)?;
        let mut reader = Reader(&payload);
        let (tenant, contact, request) = (reader.id()?, reader.id()?, reader.id()?);
        let [round] = reader.chunk()?;
        reader.end().map(|()| Self { tenant, contact, request, round })
    }
}

impl SeatToken {
    /// The token as it stands in a link.
    #[must_use]
    pub fn sign(&self, keys: &Keyring) -> String {
        let Self { tenant, member, round } = *self;
        let payload = Writer::default().id(tenant).id(member).bytes(&round.to_be_bytes());
        keys.sign(Purpose::Seat, &payload.0)
    }

    /// Reads a token that we signed.
    #[must_use]
    pub fn verify(keys: &Keyring, text: &str) -> Option<Self> {
        let payload = keys.verify(Purpose::Seat, text)?;
        let mut reader = Reader(&payload);
        let (tenant, member) = (reader.id()?, reader.id()?);
        let round = u32::from_be_bytes(reader.chunk()?);
        reader.end().map(|()| Self { tenant, member, round })
    }
}

impl ResetToken {
    /// The token as it stands in a link.
    #[must_use]
    pub fn sign(&self, keys: &Keyring) -> String {
        let Self { identity, epoch, expires_at } = *self;
        let end = expires_at.as_millisecond().to_be_bytes();
        let payload = Writer::default().id(identity).bytes(&epoch.to_be_bytes()).bytes(&end);
        keys.sign(Purpose::Reset, &payload.0)
    }

    /// Reads a token that we signed.
    #[must_use]
    pub fn verify(keys: &Keyring, text: &str) -> Option<Self> {
        let payload = keys.verify(Purpose::Reset, text)?;
        let mut reader = Reader(&payload);
        let identity = reader.id()?;
        let epoch = u32::from_be_bytes(reader.chunk()?);
        let end = i64::from_be_bytes(reader.chunk()?);
        let expires_at = Timestamp::from_millisecond(end).ok()?;
        reader.end().map(|()| Self { identity, epoch, expires_at })
    }
}

impl SessionCookie {
    /// The cookie's value.
    #[must_use]
    pub fn sign(&self, keys: &Keyring) -> String {
        let tenant = self.seat.map(|seat| seat.tenant_id);
        let member = self.seat.map(|seat| seat.member_id);
        let payload =
            Writer::default().id(self.identity).maybe(tenant).maybe(member).bytes(&self.secret);
        keys.sign(Purpose::Session, &payload.0)
    }

    /// Reads a cookie that we signed.
    #[must_use]
    pub fn verify(keys: &Keyring, text: &str) -> Option<Self> {
        let payload = keys.verify(Purpose::Session, text)?;
        let mut reader = Reader(&payload);
        let identity = reader.id()?;
        let (tenant, member): (Option<TenantId>, Option<MemberId>) =
            (reader.maybe()?, reader.maybe()?);
        let secret = reader.chunk()?;
        let seat = tenant.zip(member).map(|(tenant_id, member_id)| Chosen { tenant_id, member_id });
        reader.end().map(|()| Self { identity, seat, secret })
    }
}

impl PortalCookie {
    /// The cookie's value.
    #[must_use]
    pub fn sign(&self, keys: &Keyring) -> String {
        let Self { tenant, contact, account, secret } = *self;
        let payload = Writer::default().id(tenant).id(contact).maybe(account).bytes(&secret);
        keys.sign(Purpose::Portal, &payload.0)
    }

    /// Reads a cookie that we signed.
    #[must_use]
    pub fn verify(keys: &Keyring, text: &str) -> Option<Self> {
        let payload = keys.verify(Purpose::Portal, text)?;
        let mut reader = Reader(&payload);
        let cookie = Self {
            tenant: reader.id()?,
            contact: reader.id()?,
            account: reader.maybe()?,
            secret: reader.chunk()?,
        };
        reader.end().map(|()| cookie)
    }
}

impl ChallengeCookie {
    /// What the cookie of a browser that asked for `challenge` carries; its misses count under
    /// `standing`, a keyed hash.
    pub(crate) fn new(tenant: TenantId, challenge: ChallengeId, standing: &str) -> Self {
        let bytes = HEXLOWER.decode(standing.as_bytes()).unwrap_or_default();
        Self { tenant, challenge, standing: bytes.try_into().unwrap_or_default() }
    }

    /// Keyed hash under which the code's misses count.
    pub(crate) fn standing_hash(&self) -> String {
        HEXLOWER.encode(&self.standing)
    }

    /// The cookie's value.
    #[must_use]
    pub fn sign(&self, keys: &Keyring) -> String {
        let payload = Writer::default().id(self.tenant).id(self.challenge).bytes(&self.standing);
        keys.sign(Purpose::Challenge, &payload.0)
    }

    /// Reads a cookie that we signed.
    #[must_use]
    pub fn verify(keys: &Keyring, text: &str) -> Option<Self> {
        let payload = keys.verify(Purpose::Challenge, text)?;
        let mut reader = Reader(&payload);
        let (tenant, challenge) = (reader.id()?, reader.id()?);
        let cookie = Self { tenant, challenge, standing: reader.chunk()? };
        reader.end().map(|()| cookie)
    }
}

/// Digests tried before a code is given up; each word of one fails with a chance of 1 in 4,295.
const CODE_DIGESTS_MAX: u8 = 4;

/// The six digits of a challenge, the same whenever they are computed.
#[must_use]
pub fn code_of(keys: &Keyring, tenant: TenantId, challenge: ChallengeId) -> Option<Code> {
    let message = Writer::default().id(tenant).id(challenge).0;
    let root = keys.current();
    let words = (0..CODE_DIGESTS_MAX).flat_map(|round| {
        let message = [message.as_slice(), &[round]].concat();
        let digest = keys.mac(root, Purpose::Code, &message).unwrap_or_default();
        digest.as_chunks::<4>().0.iter().map(|word| u32::from_be_bytes(*word)).collect::<Vec<_>>()
    });
    six_digits(words)
}

/// Whether `code` is that of the challenge. It takes the same time for every answer.
#[must_use]
pub fn is_code_of(keys: &Keyring, tenant: TenantId, challenge: ChallengeId, code: Code) -> bool {
    let right = code_of(keys, tenant, challenge);
    right.is_some_and(|right| right.value().ct_eq(&code.value()).into())
}

/// The secret of a browser that a link or code signed in, the same whenever it is computed: a
/// browser that never got the reply gets the same cookie again.
#[must_use]
pub fn device_secret(keys: &Keyring, cause: impl Id, nonce: &[u8]) -> [u8; 32] {
    let message = Writer::default().id(cause).bytes(nonce).0;
    keys.mac(keys.current(), Purpose::Device, &message).unwrap_or_default()
}

/// The secret of the portal's browser that `cause`, an invitation's or challenge's id, signed in.
pub(crate) fn portal_secret(keys: &Keyring, cause: &str, nonce_sha: &[u8]) -> Option<[u8; 32]> {
    if let Ok(invitation) = cause.parse::<InvitationId>() {
        return Some(device_secret(keys, invitation, nonce_sha));
    }
    let challenge = cause.parse::<ChallengeId>().ok()?;
    Some(device_secret(keys, challenge, nonce_sha))
}

/// The secret of a session that an accepted invitation began, the same whenever it is computed.
#[must_use]
pub fn seated_secret(keys: &Keyring, session: SessionId) -> [u8; 32] {
    let message = Writer::default().id(session).0;
    keys.mac(keys.current(), Purpose::Seated, &message).unwrap_or_default()
}

/// A nonce that a browser chose: 32 bytes in base64url.
#[must_use]
pub fn nonce_bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == 32)
}

#[cfg(test)]
mod tests;
