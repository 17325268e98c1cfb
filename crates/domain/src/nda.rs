//! The agreement a reader accepts before documents of level `nda` open.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::document::Sha256;
use crate::id::{DeviceId, NdaVersionId};
use crate::text::{Agreement, Title};

/// One published text. Never changed; a new text is a new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NdaVersion {
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

/// That a contact accepted a text; kept as evidence, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NdaAcceptance {
    /// Which version.
    pub version: u32,
    /// What exactly was accepted.
    pub sha256: Sha256,
    /// When.
    pub accepted_at: Timestamp,
    /// In which browser.
    pub device_id: DeviceId,
    /// From where.
    pub network: String,
}
