//! Tenants: a company's name, face and switches.

use std::str::FromStr;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::as_text::{debug_as_display, display_as_str, inline_schema, serde_as_text};
use crate::email::Email;
use crate::id::{NdaVersionId, TenantId};
use crate::picture::Picture;
use crate::text::Title;

/// Bytes a tenant may keep unless its plan says otherwise: 50 GiB.
pub const QUOTA_BYTES: u64 = 50 * 1024 * 1024 * 1024;
/// Days that evidence is kept unless the tenant says otherwise: seven years.
pub const RETENTION_DAYS: u16 = 2557;
/// Days that a guest's browser stays trusted at the most.
pub const DEVICE_DAYS_MAX: u8 = 90;

/// Which halves of the product a tenant's people see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PortalType {
    /// Trust page and requests; no vaults.
    TrustCenter,
    /// Vaults; no trust page and no requests.
    Vaults,
    /// Everything.
    Both,
}

impl PortalType {
    /// Whether there is a trust page.
    #[must_use]
    pub fn has_trust_center(self) -> bool {
        matches!(self, Self::TrustCenter | Self::Both)
    }
}

/// Which first click may claim a guest link without a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FirstClick {
    /// Any link.
    AnyLink,
    /// Only the mailed one; a copied link needs a code.
    MailedLink,
    /// None: every browser needs a code.
    Never,
}

/// A company, as its own item in the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Which company.
    pub id: TenantId,
    /// Audited changes so far, at least 1.
    pub version: u64,
    /// How it is called.
    pub name: Title,
    /// Its place in addresses: `/t/{slug}`.
    pub slug: Slug,
    /// Its colour.
    pub accent: Accent,
    /// Its logo, if it has one; shown on its pages.
    pub logo: Option<Picture>,
    /// Where questions go; shown on its pages and mails.
    pub contact_email: Option<Email>,
    /// Which halves of the product its people see.
    pub portal_type: PortalType,
    /// Which first click claims a guest link.
    pub first_click: FirstClick,
    /// Days a guest's browser stays trusted, at most [`DEVICE_DAYS_MAX`].
    pub device_days: u8,
    /// Where its days end and its mails tell the time.
    pub zone: Zone,
    /// Days that evidence is kept.
    pub retention_days: u16,
    /// Bytes it may keep.
    pub quota_bytes: u64,
    /// What it pays for.
    #[serde(default)]
    pub plan: Plan,
    /// The agreement in force, if it has one.
    pub nda: Option<NdaInForce>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a company pays for. The operator alone sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Whether its guest links may open to anybody. Those that do go inactive when this lapses, and
    /// open again with it.
    pub public_links: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self { public_links: true }
    }
}

/// Which text of the agreement must be accepted now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NdaInForce {
    /// Which text.
    pub id: NdaVersionId,
    /// 1 for the first, rising by one.
    pub version: u32,
}

impl Tenant {
    /// A new company with the usual switches.
    #[must_use]
    pub fn new(id: TenantId, name: Title, slug: Slug, now: Timestamp) -> Self {
        Self {
            id,
            version: 1,
            name,
            slug,
            accent: Accent::default(),
            logo: None,
            contact_email: None,
            portal_type: PortalType::Both,
            first_click: FirstClick::AnyLink,
            device_days: DEVICE_DAYS_MAX,
            zone: Zone::default(),
            retention_days: RETENTION_DAYS,
            quota_bytes: QUOTA_BYTES,
            plan: Plan::default(),
            nda: None,
            created_at: now,
        }
    }
}

/// Why a slug, a colour or a zone is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TenantError {
    /// Slugs are 2 to 40 of `a-z`, `0-9` and inner hyphens.
    #[error("expected 2 to 40 lower-case letters, digits and inner hyphens")]
    Slug,
    /// Colours are `#rrggbb`.
    #[error("expected a colour such as `#0b5d66`")]
    Accent,
    /// No such zone in the IANA database.
    #[error("expected an IANA time zone such as `Europe/Zurich`")]
    Zone,
}

/// A tenant's place in addresses: 2 to 40 lower-case letters, digits and inner hyphens.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Slug(String);

impl FromStr for Slug {
    type Err = TenantError;

    fn from_str(text: &str) -> Result<Self, TenantError> {
        let is_slug = (2..=40).contains(&text.len())
            && text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        if is_slug { Ok(Self(text.to_owned())) } else { Err(TenantError::Slug) }
    }
}

/// A colour as `#rrggbb`.
#[derive(Clone, PartialEq, Eq)]
pub struct Accent(String);

impl Default for Accent {
    fn default() -> Self {
        Self("#0b5d66".to_owned())
    }
}

impl FromStr for Accent {
    type Err = TenantError;

    fn from_str(text: &str) -> Result<Self, TenantError> {
        let digits = text.strip_prefix('#').ok_or(TenantError::Accent)?;
        if digits.len() == 6 && digits.bytes().all(|c| c.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(TenantError::Accent)
        }
    }
}

/// A time zone of the IANA database, by name.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(String);

impl Default for Zone {
    fn default() -> Self {
        Self("UTC".to_owned())
    }
}

impl Zone {
    /// The zone's rules.
    #[must_use]
    pub fn rules(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.0).unwrap_or(jiff::tz::TimeZone::UTC)
    }
}

impl FromStr for Zone {
    type Err = TenantError;

    fn from_str(text: &str) -> Result<Self, TenantError> {
        let zone = jiff::tz::TimeZone::get(text).map_err(|_| TenantError::Zone)?;
        zone.iana_name().map(|name| Self(name.to_owned())).ok_or(TenantError::Zone)
    }
}

macro_rules! text {
    ($name:ident, $called:literal, $schema:tt) => {
        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        display_as_str!($name);
        debug_as_display!($name);
        serde_as_text!($name);
        inline_schema!($name, $called, $schema);
    };
}

text!(Slug, "Slug", { "type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$" });
text!(Accent, "Accent", { "type": "string", "pattern": "^#[0-9a-fA-F]{6}$" });
text!(Zone, "Zone", { "type": "string", "examples": ["Europe/Zurich"] });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_words() {
        assert!("acme-2".parse::<Slug>().is_ok());
        for text in ["a", "Acme", "-acme", "acme-", "ac/me", "acme\n", ""] {
            assert_eq!(text.parse::<Slug>(), Err(TenantError::Slug), "{text:?}");
        }
    }

    #[test]
    fn zones_come_from_the_database() {
        assert_eq!(
            "europe/zurich".parse::<Zone>().map(|z| z.to_string()).as_deref(),
            Ok("Europe/Zurich")
        );
        assert_eq!("Europe/Atlantis".parse::<Zone>(), Err(TenantError::Zone));
    }

    #[test]
    fn a_slug_has_2_to_40_characters() {
        let parsed = |length| "a".repeat(length).parse::<Slug>().is_ok();
        assert_eq!([1, 2, 40, 41].map(parsed), [false, true, true, false]);
    }

    #[test]
    fn a_colour_is_six_digits_in_one_spelling() {
        assert_eq!("#0B5D66".parse::<Accent>(), Ok(Accent::default()));
        for text in ["0b5d66", "#0b5d6", "#0b5d666", "#0b5d6g", "#", ""] {
            assert_eq!(text.parse::<Accent>(), Err(TenantError::Accent), "{text:?}");
        }
    }

    #[test]
    fn a_zone_has_its_own_rules_and_is_utc_unless_said() {
        let noon = jiff::civil::date(2026, 7, 1).at(12, 0, 0, 0);
        let instant = |zone: &Zone| noon.to_zoned(zone.rules()).unwrap().timestamp().to_string();
        assert_eq!(instant(&"Europe/Zurich".parse().unwrap()), "2026-07-01T10:00:00Z");
        assert_eq!(instant(&Zone::default()), "2026-07-01T12:00:00Z");
    }

    #[test]
    fn a_new_company_has_both_halves_and_links_that_open_to_anybody() {
        let id = crate::id::Id::from_ulid(ulid::Ulid::from_parts(1, 1));
        let now = Timestamp::UNIX_EPOCH;
        let new = Tenant::new(id, "Acme".parse().unwrap(), "acme".parse().unwrap(), now);
        assert!(new.portal_type.has_trust_center() && new.plan.public_links);
        assert!(PortalType::TrustCenter.has_trust_center());
        assert!(!PortalType::Vaults.has_trust_center());
    }
}
