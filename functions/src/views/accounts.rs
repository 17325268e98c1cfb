//! Accounts as clients see them.

use domain::account::Account;
use domain::contact::ReviewStatus;
use domain::email::Domain;
use domain::id::AccountId;
use domain::tenant::Zone;
use domain::text::Title;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use store::lists::AccountRow;

/// An outside company.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Account")]
pub struct AccountView {
    /// Which account.
    pub id: AccountId,
    /// Audited changes so far; also the `ETag`.
    pub version: u64,
    /// How it is called.
    pub name: Title,
    /// Whose visitors are its people; subdomains count only if listed.
    pub domains: Vec<Domain>,
    /// Where its review stands.
    pub status: ReviewStatus,
    /// Whether new people of its domains are approved on arrival.
    pub auto_approval: bool,
    /// When its people's access ends, whatever the status says.
    pub access_expires_at: Option<Timestamp>,
    /// Where that day was meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An account in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AccountListItem")]
pub struct AccountRowView {
    /// Which account.
    pub id: AccountId,
    /// How it is called.
    pub name: Title,
    /// Where its review stands.
    pub status: ReviewStatus,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<&Account> for AccountView {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id,
            version: account.version,
            name: account.name.clone(),
            domains: account.domains.clone(),
            status: account.status,
            auto_approval: account.auto_approval,
            access_expires_at: account.access_ends_at(),
            zone: account.access_expiry.as_ref().map(|expiry| expiry.zone.clone()),
            created_at: account.created_at,
        }
    }
}

impl From<AccountRow> for AccountRowView {
    fn from(row: AccountRow) -> Self {
        let AccountRow { id, name, status, created_at, source_version: _ } = row;
        Self { id, name, status, created_at }
    }
}
