//! The company and its agreement as its members see them.

use app::exchange::repeat::AddressView;
use domain::document::Sha256;
use domain::email::Email;
use domain::id::{NdaVersionId, TenantId};
use domain::nda::NdaVersion;
use domain::tenant::{Accent, FirstClick, PortalType, Slug, Tenant, Zone};
use domain::text::{Agreement, Title};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// A company.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Tenant")]
pub struct TenantView {
    /// Which company.
    pub id: TenantId,
    /// Audited changes so far; also the `ETag`.
    pub version: u64,
    /// How it is called.
    pub name: Title,
    /// Its place in addresses: `/t/{slug}`.
    pub slug: Slug,
    /// Its colour.
    pub accent: Accent,
    /// Where its logo is shown from, for a minute. Absent if there is none, and from answers to
    /// changes, which are kept for a repeat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<AddressView>,
    /// Where questions go; shown on its pages and mails.
    pub contact_email: Option<Email>,
    /// Which halves of the product its people see.
    pub portal_type: PortalType,
    /// Which first click claims a guest link.
    pub first_click: FirstClick,
    /// Days a guest's browser stays trusted.
    pub device_days: u8,
    /// Where its days end and its mails tell the time.
    pub zone: Zone,
    /// Days that evidence is kept.
    pub retention_days: u16,
    /// Bytes it may keep.
    pub quota_bytes: u64,
    /// The number of the agreement's text in force, if it has one.
    pub nda_version: Option<u32>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One published text of the agreement.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "NdaVersion")]
pub struct NdaVersionView {
    /// Which text.
    pub id: NdaVersionId,
    /// 1 for the first, rising by one.
    pub version: u32,
    /// What it is called.
    pub title: Title,
    /// What is agreed.
    pub text: Agreement,
    /// SHA-256 of the text's bytes.
    pub sha256: Sha256,
    /// When it came into force.
    pub created_at: Timestamp,
}

impl From<&Tenant> for TenantView {
    fn from(tenant: &Tenant) -> Self {
        Self {
            id: tenant.id,
            version: tenant.version,
            name: tenant.name.clone(),
            slug: tenant.slug.clone(),
            accent: tenant.accent.clone(),
            logo: None,
            contact_email: tenant.contact_email.clone(),
            portal_type: tenant.portal_type,
            first_click: tenant.first_click,
            device_days: tenant.device_days,
            zone: tenant.zone.clone(),
            retention_days: tenant.retention_days,
            quota_bytes: tenant.quota_bytes,
            nda_version: tenant.nda.as_ref().map(|nda| nda.version),
            created_at: tenant.created_at,
        }
    }
}

impl From<NdaVersion> for NdaVersionView {
    fn from(nda: NdaVersion) -> Self {
        let NdaVersion { id, version, title, text, sha256, created_at } = nda;
        Self { id, version, title, text, sha256, created_at }
    }
}
