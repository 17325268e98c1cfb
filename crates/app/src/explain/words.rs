//! The sentences that explain.

use domain::access::{Gate, Shut, gate};
use domain::account::Account;
use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use domain::grant::{Grant, Lapse, Right};
use domain::id::MemberId;
use domain::member::{Member, Role};
use domain::tenant::Tenant;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use policy::trust::Action;

use crate::exchange::problem::sentence;
use crate::explain::End;

/// Tells times by the company's clock and people by their names.
#[derive(Debug)]
pub(crate) struct Words {
    zone: TimeZone,
    members: Vec<Member>,
}

impl Words {
    pub(crate) fn new(tenant: &Tenant, members: Vec<Member>) -> Self {
        let zone = TimeZone::get(tenant.zone.as_str()).unwrap_or(TimeZone::UTC);
        Self { zone, members }
    }

    /// "29 November 2026, 10:20 (Zurich)".
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        mail::time::moment(at, &self.zone)
    }

    /// " by Anna Keller", or nothing for who is not known.
    fn by(&self, id: Option<MemberId>) -> String {
        let member = id.and_then(|id| self.members.iter().find(|member| member.id == id));
        member.map_or_else(String::new, |member| format!(" by {}", member.name))
    }

    fn on(&self, at: Option<Timestamp>) -> String {
        at.map_or_else(String::new, |at| format!(" on {}", self.moment(at)))
    }

    pub(crate) fn contact(&self, contact: &Contact) -> String {
        let name = contact.full_name();
        if contact.deleted_at.is_some() {
            return format!("{name} was deleted{}.", self.on(contact.deleted_at));
        }
        match contact.status {
            ReviewStatus::Approved => format!("{name} is approved."),
            ReviewStatus::ToReview => format!("{name} is still to be reviewed."),
            ReviewStatus::InReview => format!("{name} is in review and not approved yet."),
            ReviewStatus::Cancelled => format!("Access of {name} is suspended."),
        }
    }

    /// What the gate has to say about the account alone, and whether that shuts it.
    pub(crate) fn account(
        &self,
        contact: &Contact,
        account: Option<&Account>,
        now: Timestamp,
    ) -> (bool, String) {
        let alone = Contact { status: ReviewStatus::Approved, deleted_at: None, ..contact.clone() };
        let name = account.map_or_else(String::new, |account| account.name.to_string());
        let end = account.and_then(Account::access_ends_at);
        match gate(&alone, account, now) {
            Gate::Open | Gate::Shut(Shut::ContactDeleted | Shut::Contact(_)) => {
                let until = end.map(|end| format!(", with access until {}", self.moment(end)));
                (true, format!("{name} is approved{}.", until.unwrap_or_default()))
            }
            Gate::Shut(Shut::AccountMissing) => {
                (false, format!("The account of {} was deleted.", contact.full_name()))
            }
            Gate::Shut(Shut::AccountOver) => {
                (false, format!("Access of everybody at {name} ended{}.", self.on(end)))
            }
            Gate::Shut(Shut::Account(status)) => {
                let state = match status {
                    ReviewStatus::ToReview => "is still to be reviewed",
                    ReviewStatus::InReview => "is in review and not approved yet",
                    ReviewStatus::Cancelled => "is cancelled",
                    ReviewStatus::Approved => "is approved",
                };
                (false, format!("{name} {state}."))
            }
        }
    }

    pub(crate) fn document(&self, document: &Document) -> String {
        let title = &document.title;
        if document.deleted_at.is_some() {
            return format!("“{title}” was deleted{}.", self.on(document.deleted_at));
        }
        if document.published.is_none() {
            return format!("“{title}” has no published file.");
        }
        match document.access_level {
            AccessLevel::Public => format!("“{title}” is published, and public."),
            AccessLevel::Restricted => {
                format!("“{title}” is published, and opens to whoever it is shared with.")
            }
            AccessLevel::Nda => format!(
                "“{title}” is published, and opens to whoever it is shared with and accepted the \
                 agreement."
            ),
        }
    }

    /// A grant that is live.
    pub(crate) fn share(&self, grant: &Grant) -> String {
        let how = match grant.granted_by {
            Some(_) => format!("Shared{}", self.by(grant.granted_by)),
            None => "Shared by the account's automatic approval".to_owned(),
        };
        let rights = if grant.rights.allows(Right::Download) {
            "to view and download"
        } else {
            "to view, not to download"
        };
        let until = match grant.ends_at() {
            Some(end) => format!("until {}", self.moment(end)),
            None => "for good".to_owned(),
        };
        format!("{how} on {} {rights}, {until}.", self.moment(grant.created_at))
    }

    /// A grant that is over since `at`, by the hand of `by`.
    pub(crate) fn lapse(
        &self,
        contact: &Contact,
        title: &str,
        why: Lapse,
        (at, by): (Option<Timestamp>, Option<MemberId>),
    ) -> String {
        let on = self.on(at);
        match why {
            Lapse::Removed => format!("The share of “{title}” was taken back{on}{}.", self.by(by)),
            Lapse::Expired => format!("The share of “{title}” expired{on}."),
            Lapse::DocumentDeleted => {
                format!("The share of “{title}” ended when the document was deleted{on}.")
            }
            Lapse::Dropped if contact.deleted_at.is_some() => format!(
                "The share of “{title}” ended when {} was deleted{on}.",
                contact.full_name()
            ),
            Lapse::Dropped => format!(
                "The share of “{title}” was dropped when {} came back from a suspension{on}{}.",
                contact.full_name(),
                self.by(by)
            ),
        }
    }

    /// Where a contact stands with the agreement in force.
    pub(crate) fn agreement(contact: &Contact, tenant: &Tenant) -> String {
        let Some(nda) = &tenant.nda else {
            return "No non-disclosure agreement is in force, so none is asked for.".to_owned();
        };
        let (name, in_force) = (contact.full_name(), nda.version);
        match contact.accepted_nda {
            Some(version) if version == in_force => format!(
                "{name} accepted text {in_force} of the non-disclosure agreement, which is in \
                 force."
            ),
            Some(version) => format!(
                "{name} accepted text {version} of the non-disclosure agreement, but not text \
                 {in_force}, which is in force."
            ),
            None => format!(
                "{name} has not accepted text {in_force} of the non-disclosure agreement, which \
                 is in force."
            ),
        }
    }
}

/// The rules that policies say, as sentences.
pub(crate) fn rules(ids: &[&'static str]) -> Vec<String> {
    let rule = |id: &&str| policy::policies().find(|policy| policy.id == *id);
    ids.iter().filter_map(rule).map(|policy| sentence(policy.says)).collect()
}

/// "an account manager".
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Administrator => "an administrator",
        Role::AccountManager => "an account manager",
        Role::Representative => "a representative",
        Role::Member => "a member without a role of their own",
    }
}

/// What an action does to a thing, as a verb with its object: "download “SOC 2”".
pub(crate) fn deed(action: Action, end: &End) -> String {
    match action {
        Action::ActivityRead => return format!("read the activity of {end}"),
        Action::AccessExplain => return format!("ask who may do what to {end}"),
        Action::PortalOpen => return format!("open the portal of {end}"),
        Action::TrustRead => return format!("read the trust page of {end}"),
        _ => {}
    }
    let (area, verb) = action.as_str().split_once('.').unwrap_or(("", action.as_str()));
    let verb = match verb {
        "access" => "see who may open",
        "activity" => "see the history of",
        "ask" => "question",
        "attach" => "name",
        "set_status" => "set the status of",
        "upload" => "add files to",
        verb => verb,
    };
    if area == end.kind() {
        return format!("{verb} {end}");
    }
    let thing = match (verb, area) {
        ("publish" | "read", "nda") => "the non-disclosure agreement".to_owned(),
        ("create", area) => format!("a new {area}"),
        (_, area) => area.to_owned(),
    };
    format!("{verb} {thing} at {end}")
}

#[cfg(test)]
mod tests;
