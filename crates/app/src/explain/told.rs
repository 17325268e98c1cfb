//! What whoever asks is told.

use domain::activity::Object;
use domain::document::{AccessLevel, Document};
use domain::grant::{Lapse, Rights};
use domain::id::{DocumentId, GrantId, MemberId};
use domain::text::Title;
use jiff::Timestamp;
use policy::Decision;
use schemars::JsonSchema;
use serde::Serialize;

use crate::explain::ways::LinkWay;
use crate::explain::words::rules;

/// Why somebody may or may not do something.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Explanation {
    /// Whether it may go on.
    pub decision: Verdict,
    /// The same in one sentence.
    pub verdict: String,
    /// The policies that decided: those that permit, or those that forbid what would be permitted
    /// otherwise. Empty where nothing permits.
    pub policies: Vec<&'static str>,
    /// Why, in sentences: the rules that decided and, for a refusal, what stands in the way.
    pub reasons: Vec<String>,
    /// The path from the person to the thing.
    pub facts: Vec<Fact>,
    /// What else they may do to the same thing.
    pub also: Vec<&'static str>,
    /// When the access ends by itself; never if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The grant that decides, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<GrantId>,
    /// Who granted it; absent if the account approves on arrival.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_by: Option<MemberId>,
    /// How to end it, in sentences; empty for a refusal.
    pub ends: Vec<String>,
    /// What would have opened it and is over.
    pub lapsed: Vec<Lapsed>,
    /// Guest links that lead to the same document, to them or to anybody, whatever is decided above:
    /// those open without the portal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkWay>,
}

/// Whether something may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It may.
    Allow,
    /// It may not.
    Deny,
}

/// One thing on the path from the person to what they want.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Fact {
    /// What it is about; absent for what is nobody's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Object>,
    /// What is so, in one sentence.
    pub says: String,
    /// What that does.
    pub stands: Stands,
    /// Whether this is the grant that decides.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deciding: bool,
}

/// What a fact does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    /// It lets them through.
    Opens,
    /// It stops them.
    Shuts,
    /// It makes no difference here.
    Beside,
}

/// A grant that is over.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lapsed {
    /// Which grant.
    pub grant_id: GrantId,
    /// What it opened.
    pub document_id: DocumentId,
    /// How that is called.
    pub title: Title,
    /// How it could be read.
    pub rights: Rights,
    /// Who granted it; absent if the account approved on arrival.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_by: Option<MemberId>,
    /// Why it is over.
    pub why: Lapse,
    /// Since when; absent if that is further back in the trail than is looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The same in one sentence.
    pub says: String,
}

/// A document that opens, or would.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OpenDocument {
    /// Which document.
    pub document_id: DocumentId,
    /// What it is called.
    pub title: Title,
    /// Who may read it at all.
    pub access_level: AccessLevel,
    /// What may be done to it now.
    pub actions: Vec<&'static str>,
    /// How it was shared, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rights: Option<Rights>,
    /// When the access ends by itself; never if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The grant that decides, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<GrantId>,
    /// Who granted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_by: Option<MemberId>,
    /// The policies that decided.
    pub policies: Vec<&'static str>,
    /// Why it opens, or what stands in the way, in one sentence.
    pub reason: String,
}

/// What is open to somebody: a page of it.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct OpenPage {
    /// What stands in the way of everything, in sentences; empty if nothing does.
    pub reasons: Vec<String>,
    /// What opens now.
    pub items: Vec<OpenDocument>,
    /// What was shared and is not over, but does not open now.
    pub held: Vec<OpenDocument>,
    /// What opened once and is over.
    pub lapsed: Vec<Lapsed>,
    /// The contact's guest links, newest first, with the first page: they open without the portal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkWay>,
    /// How many more of this page's documents there are that whoever asks does not see.
    pub hidden: usize,
    /// Where the next page begins; absent on the last. A page may be short, or empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Fact {
    pub(crate) fn new(about: impl Into<Object>, stands: Stands, says: String) -> Self {
        Self { about: Some(about.into()), says, stands, deciding: false }
    }
}

impl Stands {
    /// Opens if `is_so`, else shuts.
    pub(crate) fn if_so(is_so: bool) -> Self {
        if is_so { Self::Opens } else { Self::Shuts }
    }
}

impl Explanation {
    /// What was decided, with the rules that decided and the facts that stand in the way.
    pub(crate) fn new(decision: Decision, verdict: String, facts: Vec<Fact>) -> Self {
        let mut reasons = rules(&decision.policies);
        if !decision.allowed {
            let shut = facts.iter().filter(|fact| fact.stands == Stands::Shuts);
            reasons.extend(shut.map(|fact| fact.says.clone()));
        }
        Self {
            decision: if decision.allowed { Verdict::Allow } else { Verdict::Deny },
            verdict,
            policies: decision.policies,
            reasons,
            facts,
            also: Vec::new(),
            until: None,
            grant_id: None,
            granted_by: None,
            ends: Vec::new(),
            lapsed: Vec::new(),
            links: Vec::new(),
        }
    }
}

impl OpenDocument {
    pub(crate) fn new(document: &Document, decision: Decision, reason: String) -> Self {
        Self {
            document_id: document.id,
            title: document.title.clone(),
            access_level: document.access_level,
            actions: Vec::new(),
            rights: None,
            until: None,
            grant_id: None,
            granted_by: None,
            policies: decision.policies,
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{contact, document, id};

    fn fact(stands: Stands, says: &str) -> Fact {
        Fact::new(contact().id, stands, says.to_owned())
    }

    #[test]
    fn a_refusal_tells_what_stands_in_the_way_and_a_permission_does_not() {
        let facts = || {
            let shut = fact(Stands::Shuts, "It is shut.");
            let beside = fact(Stands::Beside, "It is beside the point.");
            vec![fact(Stands::Opens, "It is open."), shut, beside]
        };
        let told = |allowed, policies| {
            let decision = Decision { allowed, policies };
            Explanation::new(decision, "So it is.".to_owned(), facts())
        };
        let denied = told(false, Vec::new());
        assert_eq!(
            (denied.decision, denied.reasons),
            (Verdict::Deny, vec!["It is shut.".to_owned()])
        );
        let rule = "A contact opens their portal while they and their account are approved.";
        let allowed = told(true, vec!["contact.portal"]);
        assert_eq!((allowed.decision, allowed.reasons), (Verdict::Allow, vec![rule.to_owned()]));
        assert_eq!((allowed.policies, allowed.facts.len()), (vec!["contact.portal"], 3));
        assert_eq!(allowed.verdict, "So it is.");
    }

    #[test]
    fn a_fact_opens_or_shuts_by_what_is_so() {
        assert_eq!([Stands::if_so(true), Stands::if_so(false)], [Stands::Opens, Stands::Shuts]);
        let fact = fact(Stands::Opens, "It is open.");
        assert_eq!((fact.about, fact.deciding), (Some(Object::Contact(id(3))), false));
    }

    #[test]
    fn a_document_is_listed_by_what_it_is() {
        let decision = Decision { allowed: true, policies: vec!["contact.view"] };
        let document = document(AccessLevel::Nda);
        let open = OpenDocument::new(&document, decision, "So it is.".to_owned());
        assert_eq!((open.document_id, open.access_level), (id(4), AccessLevel::Nda));
        assert_eq!((open.title, open.policies), (document.title, vec!["contact.view"]));
        assert!(open.actions.is_empty() && open.reason == "So it is.");
    }
}
