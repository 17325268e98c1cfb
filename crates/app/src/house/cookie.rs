//! Every cookie there is: its name, what it carries, how long it lives.
//!
//! | name | whose browser | carries | lives |
//! |---|---|---|---|
//! | `session` | a member's | [`SessionCookie`] | as long as the session may |
//! | `portal_{company}` | a contact's, one for each company | [`PortalCookie`] | [`DEVICE_LIFE`] |
//! | `challenge`, `challenge_{link}` | whoever asked for a code, on a portal or a guest link | [`ChallengeCookie`] | [`CODE_LIFE`] |
//! | `device` | a guest's, one for all links | a secret | as long as the company trusts a browser |
//!
//! A company or link is named by its ULID. Behind TLS, names begin with `__Host-`. No script reads
//! a cookie, and none is sent along by another site but when somebody follows a link.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::challenge::CODE_LIFE;
use domain::id::{Id, IdentityId, LinkId, TenantId};
use domain::invitation::DEVICE_LIFE;
use domain::session::Chosen;
use jiff::SignedDuration;

use crate::house::House;
use crate::house::token::{ChallengeCookie, PortalCookie, SessionCookie};

/// Name of a member's cookie.
pub const SESSION: &str = "session";
/// Name of a guest's cookie.
pub const DEVICE: &str = "device";
/// What the names of portal cookies begin with.
pub(crate) const PORTAL_PREFIX: &str = "portal_";

/// A cookie to set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// The whole `Set-Cookie` header.
    pub header: String,
}

impl House {
    /// A cookie for this browser alone, for `seconds`.
    fn cookie(&self, name: &str, value: &str, seconds: i64) -> Cookie {
        let (prefix, secure) = if self.is_secure() { ("__Host-", "; Secure") } else { ("", "") };
        let header = format!(
            "{prefix}{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"
        );
        Cookie { header }
    }

    /// Takes a cookie back.
    #[must_use]
    pub fn drop_cookie(&self, name: &str) -> Cookie {
        self.cookie(name, "", 0)
    }

    /// The cookie of a session with `secret`, for `seconds`.
    #[must_use]
    pub fn session_cookie(
        &self,
        identity: IdentityId,
        seat: Option<Chosen>,
        secret: [u8; 32],
        seconds: i64,
    ) -> Cookie {
        let value = SessionCookie { identity, seat, secret }.sign(&self.keys);
        self.cookie(SESSION, &value, seconds)
    }

    /// The cookie that signs a browser in to a portal.
    #[must_use]
    pub fn portal_cookie(&self, cookie: &PortalCookie) -> Cookie {
        let value = cookie.sign(&self.keys);
        self.cookie(&portal_name(cookie.tenant), &value, DEVICE_LIFE.as_secs())
    }

    /// The cookie that binds a code to the browser that asked for it.
    pub(crate) fn challenge_cookie(
        &self,
        cookie: &ChallengeCookie,
        link: Option<LinkId>,
    ) -> Cookie {
        self.cookie(&challenge_name(link), &cookie.sign(&self.keys), CODE_LIFE.as_secs())
    }

    /// The cookie of a guest's browser, for as long as the company trusts one.
    pub(crate) fn device_cookie(&self, secret: &[u8; 32], life: SignedDuration) -> Cookie {
        self.cookie(DEVICE, &URL_SAFE_NO_PAD.encode(secret), life.as_secs())
    }
}

/// The name of the cookie of one company's portal.
pub(crate) fn portal_name(tenant: TenantId) -> String {
    format!("{PORTAL_PREFIX}{}", tenant.ulid())
}

/// The name of the cookie of whoever asked for a code.
pub(crate) fn challenge_name(link: Option<LinkId>) -> String {
    match link {
        Some(link) => format!("challenge_{}", link.ulid()),
        None => "challenge".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{house, id};

    #[test]
    fn a_cookie_is_for_this_host_alone_and_no_script_reads_it() {
        let mut house = house();
        let set = |house: &House| house.cookie("session", "value", 60).header;
        let rest = "session=value; Path=/; HttpOnly; SameSite=Lax; Max-Age=60";
        assert_eq!(set(&house), format!("__Host-{rest}; Secure"));
        "http://localhost:8080".clone_into(&mut house.base_url);
        assert_eq!(set(&house), rest, "a laptop has no TLS");
        assert!(house.drop_cookie("session").header.starts_with("session=; Path=/;"));
        assert!(house.drop_cookie("session").header.ends_with("Max-Age=0"));
    }

    #[test]
    fn each_cookie_lives_as_long_as_what_it_carries() {
        let house = house();
        let (secret, tenant) = ([7; 32], id::<TenantId>(1));
        let lives = |cookie: &Cookie, name: &str, value: &str, seconds: i64| {
            let begins = format!("__Host-{name}={value}; Path=/;");
            assert!(cookie.header.starts_with(&begins), "{}", cookie.header);
            let ends = format!("Max-Age={seconds}; Secure");
            assert!(cookie.header.ends_with(&ends), "{}", cookie.header);
        };
        let session = SessionCookie { identity: id(9), seat: None, secret };
        let set = house.session_cookie(id(9), None, secret, 77);
        lives(&set, "session", &session.sign(&house.keys), 77);
        let portal = PortalCookie { tenant, contact: id(3), account: None, secret };
        let name = format!("portal_{}", tenant.ulid());
        lives(&house.portal_cookie(&portal), &name, &portal.sign(&house.keys), 30 * 24 * 3600);
        let challenge = ChallengeCookie::new(tenant, id(16), "");
        let link: LinkId = id(6);
        let value = challenge.sign(&house.keys);
        lives(&house.challenge_cookie(&challenge, None), "challenge", &value, CODE_LIFE.as_secs());
        let name = format!("challenge_{}", link.ulid());
        let set = house.challenge_cookie(&challenge, Some(link));
        lives(&set, &name, &value, CODE_LIFE.as_secs());
        let set = house.device_cookie(&secret, SignedDuration::from_secs(99));
        lives(&set, "device", &URL_SAFE_NO_PAD.encode(secret), 99);
    }
}
