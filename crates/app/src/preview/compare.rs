//! Two pictures compared: what would change, in the words of the product.

use std::collections::BTreeSet;

use domain::contact::{Contact, ReviewStatus};
use domain::document::AccessLevel;
use domain::grant::{Grant, State};
use domain::id::{AccountId, ContactId, DocumentId, LinkId, MemberId, RequestId};
use domain::member::{Member, Role};
use domain::request::Status;
use jiff::Timestamp;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Serialize;
use store::contacts::Folder;

use crate::callers::outsider::Outsider;
use crate::preview::links::links;
use crate::preview::scene::Scene;

/// One thing that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Effect {
    /// What.
    #[serde(flatten)]
    pub change: Change,
    /// The same as a sentence.
    pub says: String,
}

/// What would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schemars(rename = "EffectKind")]
pub enum Change {
    /// A document comes to be shared.
    Shared { contact_id: ContactId, document_id: DocumentId, expires_at: Option<Timestamp> },
    /// A share ends.
    Unshared { contact_id: ContactId, document_id: DocumentId },
    /// A share gets other rights or another end.
    ShareChanged { contact_id: ContactId, document_id: DocumentId, expires_at: Option<Timestamp> },
    /// A document opens to a contact that it did not open to.
    Opens { contact_id: ContactId, document_id: DocumentId },
    /// A document no longer opens to a contact.
    Closes { contact_id: ContactId, document_id: DocumentId },
    /// A contact's review moves.
    ContactStatus { contact_id: ContactId, from: ReviewStatus, to: ReviewStatus },
    /// A contact's browsers, links and codes end.
    SignedOut { contact_id: ContactId },
    /// A contact is deleted.
    ContactDeleted { contact_id: ContactId },
    /// An account's review moves.
    AccountStatus { account_id: AccountId, from: ReviewStatus, to: ReviewStatus },
    /// An account's access gets another end.
    AccountAccess { account_id: AccountId, expires_at: Option<Timestamp> },
    /// A request moves.
    RequestStatus { request_id: RequestId, from: Status, to: Status, automatic: bool },
    /// A document is deleted.
    DocumentDeleted { document_id: DocumentId },
    /// A document asks more or less of its readers.
    AccessLevel { document_id: DocumentId, from: AccessLevel, to: AccessLevel },
    /// A new text of the agreement must be accepted before `nda` documents open again.
    NdaPublished { version: u32 },
    /// A guest link is made.
    LinkMade { link_id: LinkId, document_id: DocumentId },
    /// A guest link opens that did not.
    LinkOpens { link_id: LinkId, document_id: DocumentId },
    /// A guest link stops opening, until it is activated or what stops it ends.
    LinkStops { link_id: LinkId, document_id: DocumentId },
    /// A guest link never opens again.
    LinkCloses { link_id: LinkId, document_id: DocumentId },
    /// A guest link gets another address.
    LinkReplaced { link_id: LinkId, document_id: DocumentId },
    /// The trust page opens to everybody, or shuts.
    TrustPage { open: bool },
    /// A member's role changes, at their next request.
    MemberRole { member_id: MemberId, from: Role, to: Role },
    /// A member's seat is taken out of use, or put back.
    MemberSuspended { member_id: MemberId, suspended: bool },
    /// Somebody is offered a seat.
    MemberInvited { member_id: MemberId, role: Role },
    /// A member's seat ends.
    MemberRemoved { member_id: MemberId },
}

/// What differs between `before` and `after` at `now`.
pub(crate) fn compare(before: &Scene, after: &Scene, now: Timestamp) -> Vec<Effect> {
    let mut effects = Vec::new();
    company(before, after, &mut effects);
    documents(before, after, &mut effects);
    for (id, account) in &after.accounts {
        let Some(old) = before.accounts.get(id) else { continue };
        let name = &account.name;
        if old.status != account.status {
            let (account_id, from, to) = (*id, old.status, account.status);
            let says = format!("The account {name} goes from `{from}` to `{to}`.");
            effects.push(Effect { change: Change::AccountStatus { account_id, from, to }, says });
        }
        let end = |account: &domain::account::Account| {
            account.access_expiry.as_ref().map(|expiry| expiry.at)
        };
        if end(old) != end(account) {
            let (account_id, expires_at) = (*id, end(account));
            let says = match &account.access_expiry {
                Some(expiry) => {
                    let end = mail::time::end(expiry.at, &expiry.zone.rules());
                    format!("The access of {name} ends {end}.")
                }
                None => format!("The access of {name} no longer ends."),
            };
            effects.push(Effect { change: Change::AccountAccess { account_id, expires_at }, says });
        }
    }
    for (id, folder) in &after.folders {
        person((before, before.folders.get(id)), (after, folder), now, &mut effects);
    }
    links(before, after, now, &mut effects);
    effects
}

fn company(before: &Scene, after: &Scene, effects: &mut Vec<Effect>) {
    if let Some((old, new)) = before.tenant.as_ref().zip(after.tenant.as_ref()) {
        let version = new.nda.as_ref().map(|nda| nda.version);
        if let Some(version) = version.filter(|_| old.nda != new.nda) {
            let says = format!(
                "Text {version} of the agreement comes into force: documents under it open to \
                 nobody until they accept it."
            );
            effects.push(Effect { change: Change::NdaPublished { version }, says });
        }
        let open = new.portal_type.has_trust_center();
        if old.portal_type.has_trust_center() != open {
            let says = format!("The trust page {}.", if open { "opens" } else { "shuts" });
            effects.push(Effect { change: Change::TrustPage { open }, says });
        }
    }
    for (id, member) in &after.members {
        seat((*id, before.members.get(id)), member, effects);
    }
}

/// What changes about one member's seat.
fn seat(
    (member_id, before): (MemberId, Option<&Member>),
    after: &Member,
    effects: &mut Vec<Effect>,
) {
    let name = &after.name;
    let Some(before) = before else {
        let role = after.role;
        let says = format!("{name} is invited as {}.", role.as_str().replace('_', " "));
        effects.push(Effect { change: Change::MemberInvited { member_id, role }, says });
        return;
    };
    if before.removal.is_none() && after.removal.is_some() {
        let says = format!("{name} loses the seat at once; it stays in the trail.");
        effects.push(Effect { change: Change::MemberRemoved { member_id }, says });
        return;
    }
    if before.role != after.role {
        let (from, to) = (before.role, after.role);
        let words = to.as_str().replace('_', " ");
        let says = format!("{name} becomes {words} and signs in anew.");
        effects.push(Effect { change: Change::MemberRole { member_id, from, to }, says });
    }
    if before.suspended != after.suspended {
        let suspended = after.suspended;
        let says = if suspended {
            format!("{name} loses what the seat gives at once, until it is given back.")
        } else {
            format!("{name} gets back what the seat gives.")
        };
        effects.push(Effect { change: Change::MemberSuspended { member_id, suspended }, says });
    }
}

fn documents(before: &Scene, after: &Scene, effects: &mut Vec<Effect>) {
    for (id, document) in &after.documents {
        let Some(old) = before.documents.get(id) else { continue };
        let (document_id, title) = (*id, &document.title);
        if old.deleted_at.is_none() && document.deleted_at.is_some() {
            let says = format!("“{title}” is deleted and opens to nobody.");
            effects.push(Effect { change: Change::DocumentDeleted { document_id }, says });
        }
        if old.access_level != document.access_level {
            let (from, to) = (old.access_level, document.access_level);
            let says = match to {
                AccessLevel::Public => format!("“{title}” opens to anyone."),
                AccessLevel::Restricted => format!("“{title}” opens to those it is shared with."),
                AccessLevel::Nda => format!(
                    "“{title}” opens to those it is shared with who accepted the agreement."
                ),
            };
            effects.push(Effect { change: Change::AccessLevel { document_id, from, to }, says });
        }
    }
}

/// What changes for one contact.
fn person(
    (scene_before, before): (&Scene, Option<&Folder>),
    (scene_after, after): (&Scene, &Folder),
    now: Timestamp,
    effects: &mut Vec<Effect>,
) {
    let (contact_id, name) = (after.contact.id, after.contact.full_name());
    if let Some(before) = before {
        standing(&before.contact, &after.contact, effects);
        for request in &after.requests {
            let old = before.requests.iter().find(|old| old.id == request.id);
            let Some(old) = old.filter(|old| old.status != request.status) else { continue };
            let (from, to, automatic) = (old.status, request.status, request.automatic);
            let how = if automatic { ", because everything it asks for is shared" } else { "" };
            let says = format!("The request of {name} becomes `{}`{how}.", to.as_str());
            let request_id = request.id;
            let change = Change::RequestStatus { request_id, from, to, automatic };
            effects.push(Effect { change, says });
        }
    }
    shares(before, (scene_after, after), now, effects);
    let opened = before.map_or_else(BTreeSet::new, |before| open_to(scene_before, before, now));
    let opens = open_to(scene_after, after, now);
    let title = |id: &DocumentId| {
        let document = scene_after.documents.get(id).or_else(|| scene_before.documents.get(id));
        document.map_or_else(|| id.to_string(), |document| document.title.to_string())
    };
    for id in opens.difference(&opened) {
        let says = format!("“{}” opens to {name}.", title(id));
        let change = Change::Opens { contact_id, document_id: *id };
        effects.push(Effect { change, says });
    }
    for id in opened.difference(&opens) {
        let says = format!("“{}” no longer opens to {name}.", title(id));
        let change = Change::Closes { contact_id, document_id: *id };
        effects.push(Effect { change, says });
    }
}

fn standing(before: &Contact, after: &Contact, effects: &mut Vec<Effect>) {
    let (contact_id, name) = (after.id, after.full_name());
    if before.deleted_at.is_none() && after.deleted_at.is_some() {
        let says = format!("{name} is deleted; evidence of them is kept.");
        effects.push(Effect { change: Change::ContactDeleted { contact_id }, says });
    }
    if before.status != after.status {
        let (from, to) = (before.status, after.status);
        let says = format!("{name} goes from `{from}` to `{to}`.");
        effects.push(Effect { change: Change::ContactStatus { contact_id, from, to }, says });
    }
    if before.epoch < after.epoch {
        let says = format!("{name} is signed out everywhere; links and codes sent so far end.");
        effects.push(Effect { change: Change::SignedOut { contact_id }, says });
    }
}

fn shares(
    before: Option<&Folder>,
    (scene, after): (&Scene, &Folder),
    now: Timestamp,
    effects: &mut Vec<Effect>,
) {
    let (contact_id, name) = (after.contact.id, after.contact.full_name());
    for grant in &after.grants {
        let document_id = grant.document_id;
        let old = before.and_then(|before| {
            let old = before.grants.iter().find(|old| old.document_id == document_id)?;
            Some((old, old.live(&before.contact, now).is_some()))
        });
        let was_live = old.is_some_and(|(_, live)| live);
        let is_live = grant.live(&after.contact, now).is_some();
        let title = scene
            .documents
            .get(&document_id)
            .map_or_else(|| document_id.to_string(), |document| document.title.to_string());
        let expires_at = grant.expiry.as_ref().map(|expiry| expiry.at);
        let until = grant.expiry.as_ref().map_or_else(String::new, |expiry| {
            format!(" until {}", mail::time::until(expiry.at, &expiry.zone.rules()))
        });
        let (change, says) = match (was_live, is_live) {
            (false, true) => (
                Change::Shared { contact_id, document_id, expires_at },
                format!("“{title}” is shared with {name}{until}."),
            ),
            (true, false) => (
                Change::Unshared { contact_id, document_id },
                format!("“{title}” is no longer shared with {name}."),
            ),
            (true, true) if old.is_some_and(|(old, _)| differs(old, grant)) => {
                let how = match old {
                    Some((old, _)) if old.rights == grant.rights => "stays shared with",
                    _ => "is shared with other rights with",
                };
                let says = format!("“{title}” {how} {name}{until}.");
                (Change::ShareChanged { contact_id, document_id, expires_at }, says)
            }
            _ => continue,
        };
        effects.push(Effect { change, says });
    }
}

fn differs(old: &Grant, new: &Grant) -> bool {
    let end = |grant: &Grant| grant.expiry.as_ref().map(|expiry| expiry.at);
    old.state != State::Live || old.rights != new.rights || end(old) != end(new)
}

/// The documents that open to a contact in a scene.
fn open_to(scene: &Scene, folder: &Folder, now: Timestamp) -> BTreeSet<DocumentId> {
    let Some(tenant) = &scene.tenant else { return BTreeSet::new() };
    let account = scene.account_of(&folder.contact);
    let outsider = Outsider { tenant, contact: &folder.contact, account };
    let opens = |grant: &&Grant| {
        let document = scene.documents.get(&grant.document_id);
        document.is_some_and(|document| {
            outsider.opens(Action::DocumentView, document, Some(grant), now).allowed
        })
    };
    folder.grants.iter().filter(opens).map(|grant| grant.document_id).collect()
}

#[cfg(test)]
mod tests;
