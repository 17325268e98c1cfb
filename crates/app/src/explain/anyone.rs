//! What anybody may do who proved nothing.

use domain::document::{AccessLevel, Document};
use domain::tenant::Tenant;
use policy::Decision;
use policy::trust::{Action, Principal, is_done_by};

use crate::callers::outsider::{anyone_downloads, anyone_reads};
use crate::callers::staff::Staff;
use crate::exchange::cx::Cx;
use crate::explain::told::{Explanation, Fact, Stands};
use crate::explain::words::Words;
use crate::explain::{End, verdict};

/// How anybody is called in a sentence.
const ANYBODY: &str = "Anybody";

/// What the trust page hands out to anybody: nothing, where there is none.
pub(super) fn on_trust_page(tenant: &Tenant, document: &Document) -> Decision {
    let page = anyone_reads(tenant);
    if page.allowed { anyone_downloads(document) } else { page }
}

impl Cx<Staff> {
    pub(super) fn explain_anyone(&self, action: Action, end: &End) -> Explanation {
        let tenant = &self.who.tenant;
        let words = Words::new(tenant, Vec::new());
        let told = |decision: Decision, facts| {
            let sentence = verdict(ANYBODY, decision.allowed, action, end, None);
            Explanation::new(decision, sentence, facts)
        };
        match end {
            _ if !is_done_by(action, &Principal::Anyone) => {
                let decision = Decision { allowed: false, policies: Vec::new() };
                let says = "Nobody does this without signing in.".to_owned();
                told(decision, vec![Fact::new(end.id(), Stands::Shuts, says)])
            }
            End::Document(document) => {
                let decision = on_trust_page(tenant, document);
                let facts = vec![page(tenant), level(document), state(document, &words)];
                let mut told = told(decision, facts);
                if told.policies.is_empty() || document.published.is_none() {
                    return told;
                }
                told.ends = vec![format!(
                    "Give “{}” another access level, or delete it; anybody may download it until \
                     then.",
                    document.title
                )];
                told
            }
            End::Tenant(_)
            | End::Seat(_)
            | End::Account(_)
            | End::Contact(_)
            | End::Request(..) => told(anyone_reads(tenant), vec![page(tenant)]),
        }
    }
}

fn page(tenant: &Tenant) -> Fact {
    let has_page = tenant.portal_type.has_trust_center();
    let says = if has_page {
        format!("{} has a trust page.", tenant.name)
    } else {
        format!("{} has no trust page.", tenant.name)
    };
    Fact::new(tenant.id, Stands::if_so(has_page), says)
}

fn level(document: &Document) -> Fact {
    let title = &document.title;
    let says = match document.access_level {
        AccessLevel::Public => format!("“{title}” is public."),
        AccessLevel::Restricted | AccessLevel::Nda => {
            format!("“{title}” is not public: it opens to whoever it is shared with.")
        }
    };
    let is_public = document.access_level == AccessLevel::Public;
    Fact::new(document.id, Stands::if_so(is_public), says)
}

fn state(document: &Document, words: &Words) -> Fact {
    let is_there = document.deleted_at.is_none() && document.published.is_some();
    let says = if is_there {
        format!("“{}” has a published file.", document.title)
    } else {
        words.document(document)
    };
    Fact::new(document.id, Stands::if_so(is_there), says)
}

#[cfg(test)]
mod tests {
    use domain::member::Role;
    use domain::tenant::PortalType;

    use super::*;
    use crate::explain::told::Verdict;
    use crate::fixtures::{NOW, cx, document, staff, tenant};

    fn told(portal_type: PortalType, action: Action, document: Document) -> Explanation {
        let mut cx = cx(staff(Role::Administrator));
        cx.who.tenant.portal_type = portal_type;
        cx.explain_anyone(action, &End::Document(document))
    }

    #[test]
    fn what_is_public_and_on_a_page_is_open_until_that_changes() {
        let public = || document(AccessLevel::Public);
        let open = told(PortalType::Both, Action::DocumentDownload, public());
        assert_eq!((open.decision, open.ends.len()), (Verdict::Allow, 1));
        assert_eq!(open.verdict, "Anybody may download “SOC 2”.");
        let stands: Vec<Stands> = open.facts.iter().map(|fact| fact.stands).collect();
        assert_eq!(stands, [Stands::Opens; 3]);
        let says: Vec<&str> = open.facts.iter().map(|fact| fact.says.as_str()).collect();
        let page = "Acme has a trust page.";
        assert_eq!(says, [page, "“SOC 2” is public.", "“SOC 2” has a published file."]);
    }

    #[test]
    fn what_shuts_is_told_by_what_it_is() {
        let gone = Document { deleted_at: Some(NOW), ..document(AccessLevel::Public) };
        let empty = Document { published: None, ..document(AccessLevel::Public) };
        let (opens, shuts) = (Stands::Opens, Stands::Shuts);
        for (portal, document, expected) in [
            (PortalType::Vaults, document(AccessLevel::Public), [shuts, opens, opens]),
            (PortalType::Both, document(AccessLevel::Restricted), [opens, shuts, opens]),
            (PortalType::Both, document(AccessLevel::Nda), [opens, shuts, opens]),
            (PortalType::Both, gone, [opens, opens, shuts]),
            (PortalType::Both, empty, [opens, opens, shuts]),
        ] {
            let told = told(portal, Action::DocumentDownload, document);
            let stands: Vec<Stands> = told.facts.iter().map(|fact| fact.stands).collect();
            assert_eq!((told.decision, told.ends.len()), (Verdict::Deny, 0));
            assert_eq!(stands, expected);
        }
    }

    #[test]
    fn who_is_nobody_never_does_the_rest() {
        let never = told(PortalType::Both, Action::DocumentEdit, document(AccessLevel::Public));
        assert_eq!(never.reasons, ["Nobody does this without signing in."]);
        let cx = cx(staff(Role::Administrator));
        let page = cx.explain_anyone(Action::TrustRead, &End::Tenant(tenant()));
        assert_eq!(page.verdict, "Anybody may read the trust page of Acme.");
    }

    #[test]
    fn where_there_is_no_page_nothing_is_handed_out() {
        let public = document(AccessLevel::Public);
        let without = Tenant { portal_type: PortalType::Vaults, ..tenant() };
        assert!(on_trust_page(&tenant(), &public).allowed);
        assert!(!on_trust_page(&without, &public).allowed);
        assert!(!on_trust_page(&tenant(), &document(AccessLevel::Nda)).allowed);
    }
}
