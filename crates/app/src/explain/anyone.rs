//! What anybody may do who proved nothing.

use domain::document::{AccessLevel, Document};
use domain::tenant::Tenant;
use policy::Decision;
use policy::trust::{Action, Principal, is_done_by};

use crate::cx::Cx;
use crate::explain::told::{Explanation, Fact, Stands};
use crate::explain::words::Words;
use crate::explain::{End, verdict};
use crate::outsider::{anyone_downloads, anyone_reads};
use crate::staff::Staff;

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
