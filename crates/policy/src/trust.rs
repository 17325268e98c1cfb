//! The trust center: accounts, contacts, requests, the library, the portal and the trust page.
//!
//! Policies: `policies/trust.cedar` and, of guest links, `policies/links.cedar`. Schema:
//! `policies/trust.cedarschema`, of which `policies/trust.schema.json` is written.

use std::error::Error;
use std::sync::LazyLock;

use cedar_policy::SchemaFragment;
use domain::document::AccessLevel;
use domain::id::{
    AccountId, ContactId, DeviceId, DocumentId, LinkId, MemberId, RequestId, TenantId,
};
use domain::link::Rights;
use domain::link::guest::Standing;
use domain::member::Role;

use crate::rules::{Rules, RulesError};
use crate::{Decision, Policy};

mod entities;
#[cfg(test)]
mod tests;

/// The policy that stops a contact until they accept the non-disclosure agreement.
///
/// Where it [alone stops](Decision::stopped_only_by) them, accepting opens the document.
pub const NDA_FIRST: &str = "nda.first";

/// The same for a guest.
pub const NDA_FIRST_GUEST: &str = "nda.first-guest";

static RULES: LazyLock<Result<Rules, RulesError>> = LazyLock::new(|| {
    Rules::parse(
        include_str!("../policies/trust.schema.json"),
        concat!(
            include_str!("../policies/trust.cedar"),
            "\n",
            include_str!("../policies/links.cedar")
        ),
    )
});

/// The schema as JSON, which is read in half the time.
///
/// # Errors
/// Says where the schema is wrong.
pub fn schema_as_json() -> Result<String, Box<dyn Error + Send + Sync>> {
    let schema = include_str!("../policies/trust.cedarschema");
    let (schema, _) = SchemaFragment::from_cedarschema_str(schema)?;
    Ok(schema.to_json_string()?)
}

/// Parses the policies, so that the first decision need not.
pub fn prepare() {
    // Whether they are broken is the first decision's to tell.
    let _ = LazyLock::force(&RULES);
}

/// Decides whether `principal` may do `action` to `resource`.
///
/// An action that does not go with this principal or this resource is denied, and logged as
/// the caller's mistake.
pub fn decide(principal: &Principal, action: Action, resource: &Resource) -> Decision {
    let rules = match &*RULES {
        Ok(rules) => rules,
        Err(err) => return deny(action, err),
    };
    let facts = principal.entity(rules).and_then(|who| Ok((who, resource.entity(rules)?)));
    let decided = facts.and_then(|(who, what)| rules.decide(who, action.as_str(), what));
    decided.unwrap_or_else(|err| deny(action, &err))
}

fn deny(action: Action, err: &RulesError) -> Decision {
    let action = action.as_str();
    // Written out, because a JSON log keeps only an error's first line.
    let mut reason = err.to_string();
    let mut cause = err.source();
    while let Some(err) = cause {
        reason = format!("{reason}: {err}");
        cause = err.source();
    }
    if matches!(err, RulesError::ExpressRequest(_)) {
        tracing::warn!(action, reason, "denied: nobody may ask this");
    } else {
        tracing::error!(action, reason, "denied: the policies are broken");
    }
    Decision { allowed: false, policies: Vec::new() }
}

/// Whether `action` is ever done by somebody like `principal`.
#[must_use]
pub fn is_done_by(action: Action, principal: &Principal) -> bool {
    RULES.as_ref().is_ok_and(|rules| rules.is_done_by(action.as_str(), principal.kind()))
}

/// Whether `action` is ever done to something like `resource`.
#[must_use]
pub fn is_done_to(action: Action, resource: &Resource) -> bool {
    RULES.as_ref().is_ok_and(|rules| rules.is_done_to(action.as_str(), resource.kind()))
}

/// The policies that permit `action` on something like `resource` to some like `principal`, in
/// the order of the file: what would have to be true of them.
pub fn permitting(
    principal: &Principal,
    action: Action,
    resource: &Resource,
) -> impl Iterator<Item = Policy> {
    let (who, what) = (principal.kind(), resource.kind());
    let rules = RULES.as_ref().ok().into_iter();
    rules.flat_map(move |rules| rules.permitting(who, action.as_str(), what))
}

/// Every policy of the trust center, in the order of the file.
pub(crate) fn policies() -> impl Iterator<Item = Policy> {
    RULES.as_ref().ok().into_iter().flat_map(Rules::policies)
}

/// Who asks, with what was read about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Staff, signed in.
    Member(Member),
    /// An outside person in their portal.
    Contact(Contact),
    /// A browser on a guest link.
    Guest(Guest),
    /// Somebody who proved nothing.
    Anyone,
}

/// A member who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their seat.
    pub id: MemberId,
    /// What the seat makes of them.
    pub role: Role,
    /// Their switch of that name.
    pub external_communications: bool,
}

/// A contact who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Who.
    pub id: ContactId,
    /// Whether `domain` found the gate open: the contact approved, and its account, if it has one,
    /// approved and not over.
    pub approved: bool,
    /// Whether they accepted the tenant's current non-disclosure agreement, or it has none.
    pub nda_accepted: bool,
    /// Documents that a live grant lets them view. Those the question is about are enough.
    pub view: Vec<DocumentId>,
    /// Documents that a live grant lets them download.
    pub download: Vec<DocumentId>,
}

/// A browser on a guest link that asks. `domain` found that the link opens, and to this browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Which browser.
    pub id: DeviceId,
    /// What it is on the link.
    pub standing: Standing,
    /// Whether the contact it speaks for accepted the tenant's current non-disclosure agreement, or
    /// it has none.
    pub nda_accepted: bool,
    /// The document that the link opens.
    pub document: DocumentId,
    /// What the link allows, as far as the grant of its contact does.
    pub rights: Rights,
}

/// What is asked for, with what was read about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The company: its settings, its lists, what is made new in it.
    Tenant(TenantId),
    /// A member's seat.
    Seat(MemberId),
    /// An outside company.
    Account(AccountId),
    /// An outside person; absent `owner`: nobody owns the contact.
    Contact { id: ContactId, owner: Option<MemberId> },
    /// A document of the library.
    Document(Document),
    /// A guest link.
    Link(Link),
    /// An access request.
    Request(RequestId),
}

/// A guest link that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Which.
    pub id: LinkId,
    /// Who made it.
    pub maker: MemberId,
    /// Who made its document.
    pub uploader: MemberId,
    /// Who looks after the contact it is for, if it is for one and anybody does.
    pub owner: Option<MemberId>,
}

/// A document that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Which.
    pub id: DocumentId,
    /// Who made it.
    pub uploader: MemberId,
    /// What it takes to open it from outside.
    pub access_level: AccessLevel,
    /// Whether there is a published file in it.
    pub published: bool,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident $name:literal;)*) => {
        /// One thing to do. The doc comment names the [`Resource`] it is done to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$doc])* $variant,)*
        }

        impl Action {
            /// Every action, in the order of the schema.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name policies, the audit trail and the explaining route know it by.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The action of that name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|action| action.as_str() == name)
            }
        }
    };
}

actions! {
    /// Tenant: see its settings.
    TenantRead "tenant.read";
    /// Tenant: change its settings and switches.
    TenantEdit "tenant.edit";
    /// Tenant: see its non-disclosure agreement.
    NdaRead "nda.read";
    /// Tenant: publish a new text of its non-disclosure agreement.
    NdaPublish "nda.publish";

    /// Tenant: list the members.
    MembersList "members.list";
    /// Seat: see one member.
    MemberRead "member.read";
    /// Tenant: make a seat and invite somebody to it.
    MemberInvite "member.invite";
    /// Seat: change its role and switches, suspend it, mail its invitation again.
    MemberEdit "member.edit";
    /// Seat: remove the member; one's own, to leave.
    MemberRemove "member.remove";

    /// Tenant: list the accounts.
    AccountsList "accounts.list";
    /// Tenant: make an account.
    AccountCreate "account.create";
    /// Account: see it.
    AccountRead "account.read";
    /// Account: change it, its status included.
    AccountEdit "account.edit";
    /// Account: delete it.
    AccountDelete "account.delete";
    /// Account: name it as a contact's, when making or editing the contact.
    AccountAttach "account.attach";

    /// Tenant: list the access requests.
    RequestsList "requests.list";
    /// Request: see it.
    RequestRead "request.read";
    /// Request: start its review, share or decline what it asks for.
    RequestDecide "request.decide";
    /// Request: ask the contact for more.
    RequestAsk "request.ask";

    /// Tenant: list contacts; the list holds those the member may read.
    ContactsList "contacts.list";
    /// Tenant: make a contact with the status `to_review`.
    ContactCreate "contact.create";
    /// Contact: see it.
    ContactRead "contact.read";
    /// Contact: change it, or what is shared with it; its status is [`Action::ContactSetStatus`].
    ContactEdit "contact.edit";
    /// Contact: approve, suspend, unsuspend, or make it with a status other than `to_review`.
    ContactSetStatus "contact.set_status";
    /// Contact: hide it from lists, or show it there again.
    ContactArchive "contact.archive";
    /// Contact: delete it.
    ContactDelete "contact.delete";
    /// Contact: send it a magic link.
    ContactInvite "contact.invite";
    /// Contact: see its history on its own page.
    ContactActivity "contact.activity";

    /// Tenant: list documents; the list holds those the member may read.
    DocumentsList "documents.list";
    /// Tenant: make a document.
    DocumentCreate "document.create";
    /// Document: see it, published or not.
    DocumentRead "document.read";
    /// Document: change its title, category or access level.
    DocumentEdit "document.edit";
    /// Document: delete it.
    DocumentDelete "document.delete";
    /// Document: add a file to it.
    DocumentUpload "document.upload";
    /// Document: see who may open it.
    DocumentAccess "document.access";
    /// Document: give it to a contact, or take it back; needs [`Action::ContactEdit`] on the
    /// contact besides, as a decision of its own.
    DocumentShare "document.share";

    /// Link: see it, and the browsers on it.
    LinkRead "link.read";
    /// Link: change, deactivate, send or replace it, or take a browser off it.
    LinkEdit "link.edit";
    /// Link: receive its address, which activates it.
    LinkCopy "link.copy";

    /// Any resource: see the audit lines about it; on the tenant, all of them.
    ActivityRead "activity.read";
    /// Seat: see what its member did, whatever they did it to.
    MemberDeeds "member.deeds";
    /// Any resource: learn who may do what to it, and why; for a seat or a contact also what they
    /// may do. Needs both ends of the question.
    AccessExplain "access.explain";

    /// Tenant: a contact opens their portal.
    PortalOpen "portal.open";
    /// Document: a contact or guest sees its pages.
    DocumentView "document.view";
    /// Document: a member, a contact, a guest or anyone receives a file of it.
    DocumentDownload "document.download";
    /// Document: a guest writes in its thread.
    DocumentWrite "document.write";
    /// Document: a guest signs it.
    DocumentSign "document.sign";

    /// Tenant: anyone reads its trust page.
    TrustRead "trust.read";
}
