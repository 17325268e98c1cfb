//! The trust page as anybody sees it.

use app::exchange::repeat::AddressView;
use domain::document::{AccessLevel, Published};
use domain::id::{DocumentId, FileId};
use domain::media::MediaType;
use domain::tenant::Tenant;
use domain::text::{Category, Title};
use schemars::JsonSchema;
use serde::Serialize;
use store::lists::DocumentRow;

use crate::views::portal::PortalTenantView;

/// A company's trust page.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "TrustPage")]
pub struct TrustView {
    /// The company.
    #[serde(flatten)]
    pub tenant: PortalTenantView,
    /// Whether it has an agreement that some documents need.
    pub nda_required: bool,
    /// Its published documents, newest first.
    pub documents: Vec<TrustDocumentView>,
}

/// A document on a trust page.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "TrustDocument")]
pub struct TrustDocumentView {
    /// Which document.
    pub id: DocumentId,
    /// What it is called.
    pub title: Title,
    /// What it is filed under.
    pub category: Category,
    /// Whether it is open to anyone, or must be asked for.
    pub access_level: AccessLevel,
    /// The newest file; only of a document that is open to anyone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<TrustFileView>,
}

/// A file that anyone may download.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "TrustFile")]
pub struct TrustFileView {
    /// Which file.
    pub id: FileId,
    /// What it is called.
    pub name: Title,
    /// What it is.
    pub media_type: MediaType,
    /// How long it is.
    pub size_bytes: u64,
}

impl TrustView {
    /// The page of `tenant` with those of its documents in `rows` that are published.
    #[must_use]
    pub fn new(tenant: &Tenant, logo: Option<AddressView>, rows: Vec<DocumentRow>) -> Self {
        Self {
            tenant: PortalTenantView::new(tenant, logo),
            nda_required: tenant.nda.is_some(),
            documents: rows.into_iter().filter_map(TrustDocumentView::shown).collect(),
        }
    }
}

impl TrustDocumentView {
    /// The document as the page shows it; `None` until something of it is published.
    fn shown(row: DocumentRow) -> Option<Self> {
        let published = row.published?;
        let file = match row.access_level {
            AccessLevel::Public => Some(TrustFileView::from(published)),
            AccessLevel::Restricted | AccessLevel::Nda => None,
        };
        Some(Self {
            id: row.id,
            title: row.title,
            category: row.category,
            access_level: row.access_level,
            file,
        })
    }
}

impl From<Published> for TrustFileView {
    fn from(file: Published) -> Self {
        Self {
            id: file.id,
            name: file.name,
            media_type: file.media_type,
            size_bytes: file.size_bytes,
        }
    }
}
