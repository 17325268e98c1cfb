use domain::account::Account;
use domain::activity::{Detail, Origin};
use domain::contact::ReviewStatus;
use domain::grant::State;
use domain::member::Role;

use super::*;
use crate::fixtures::{
    DAY, NOW, account, contact, cx, document, ends_in, grant, grant_to_view, id, staff, tenant,
    tenant_with_nda,
};

const VIEW: Action = Action::DocumentView;
const DOWNLOAD: Action = Action::DocumentDownload;

/// Everything that a case borrows, in order until a test says otherwise.
struct Facts {
    tenant: Tenant,
    contact: Contact,
    account: Account,
    document: Document,
    grant: Option<Grant>,
    lines: Vec<Activity>,
}

fn facts(level: AccessLevel) -> Facts {
    Facts {
        tenant: tenant_with_nda(),
        contact: contact(),
        account: account(),
        document: document(level),
        grant: Some(grant()),
        lines: Vec::new(),
    }
}

impl Facts {
    fn with<T>(&self, told: impl FnOnce(Case<'_>) -> T) -> T {
        let Self { tenant, contact, account, document, grant, lines } = self;
        let (words, account) = (Words::new(tenant, Vec::new()), Some(account));
        let outsider = Outsider { tenant, contact, account };
        let (grant, now) = (grant.as_ref(), NOW);
        told(Case { outsider, document, grant, lines, words: &words, now })
    }

    fn explained(&self, action: Action) -> Explanation {
        self.with(|case| case.explained(action, &End::Document(self.document.clone())))
    }

    /// What each fact on the path does: contact, account, share, agreement, document.
    fn stands(&self, action: Action) -> Vec<Stands> {
        self.with(|case| case.facts(action).into_iter().map(|fact| fact.stands).collect())
    }
}

#[test]
fn what_may_go_on_is_explained_with_what_decides_it_and_how_it_ends() {
    let told = facts(AccessLevel::Restricted).explained(DOWNLOAD);
    assert_eq!(told.verdict, "Maya Lindt may download “SOC 2”.");
    assert_eq!((told.grant_id, told.granted_by), (Some(id(5)), Some(id(10))));
    assert_eq!((told.also, told.until), (vec!["document.view"], None));
    assert!(told.lapsed.is_empty());
    assert_eq!(
        told.ends,
        [
            "Take “SOC 2” back from Maya Lindt: only that ends.",
            "Suspend Maya Lindt: the portal and everything that was shared shut at once."
        ]
    );
    let deciding: Vec<_> = told.facts.iter().filter(|fact| fact.deciding).collect();
    assert_eq!(deciding.len(), 1);
    assert_eq!(deciding[0].about, Some(Object::Grant(id(5))));
    let told = facts(AccessLevel::Restricted).explained(VIEW);
    assert_eq!(told.also, ["document.download"]);
}

#[test]
fn what_may_not_go_on_names_no_grant_and_no_end() {
    let ending = Grant { expiry: Some(ends_in(24)), ..grant() };
    let mut facts = facts(AccessLevel::Restricted);
    (facts.contact.status, facts.grant) = (ReviewStatus::ToReview, Some(ending));
    let told = facts.explained(VIEW);
    assert_eq!(told.verdict, "Maya Lindt may not view “SOC 2” now.");
    assert_eq!((told.grant_id, told.granted_by, told.until), (None, None, None));
    assert!(told.also.is_empty() && told.ends.is_empty());
    assert_eq!(told.reasons, ["Maya Lindt is still to be reviewed."]);
}

#[test]
fn what_is_public_needs_no_share_and_ends_with_its_level() {
    let mut facts = facts(AccessLevel::Public);
    facts.grant = None;
    let told = facts.explained(DOWNLOAD);
    assert_eq!(
        told.ends[0],
        "Give “SOC 2” another access level: it is public, and opens to anybody."
    );
    assert_eq!((told.grant_id, told.facts.len()), (None, 3));
    let (opens, shuts) = (Stands::Opens, Stands::Shuts);
    assert_eq!(facts.stands(DOWNLOAD), [opens, opens, opens]);
    assert_eq!(facts.stands(VIEW), [opens, opens, shuts, opens], "it was never shared");
    facts.grant = Some(grant().ended(State::Removed));
    assert_eq!(facts.stands(DOWNLOAD), [opens, opens, Stands::Beside, opens]);
}

#[test]
fn each_thing_on_the_path_opens_or_shuts_by_itself() {
    let (opens, shuts, beside) = (Stands::Opens, Stands::Shuts, Stands::Beside);
    let of = |level, changed: fn(&mut Facts)| {
        let mut facts = facts(level);
        changed(&mut facts);
        facts.stands(DOWNLOAD)
    };
    let (restricted, nda) = (AccessLevel::Restricted, AccessLevel::Nda);
    assert_eq!(of(restricted, |_| {}), [opens; 4]);
    let cancelled = |facts: &mut Facts| facts.account.status = ReviewStatus::Cancelled;
    assert_eq!(of(restricted, cancelled), [opens, shuts, opens, opens]);
    let suspended = |facts: &mut Facts| facts.contact.status = ReviewStatus::Cancelled;
    assert_eq!(of(restricted, suspended), [shuts, opens, opens, opens]);
    let to_view = |facts: &mut Facts| facts.grant = Some(grant_to_view());
    assert_eq!(of(restricted, to_view), [opens, opens, shuts, opens]);
    let over = |facts: &mut Facts| facts.grant = Some(grant().ended(State::Removed));
    assert_eq!(of(restricted, over), [opens, opens, shuts, opens]);
    let deleted = |facts: &mut Facts| facts.document.deleted_at = Some(NOW);
    assert_eq!(of(restricted, deleted), [opens, opens, opens, shuts]);
    let empty = |facts: &mut Facts| facts.document.published = None;
    assert_eq!(of(restricted, empty), [opens, opens, opens, shuts]);
    assert_eq!(of(nda, |_| {}), [opens, opens, opens, shuts, opens]);
    let accepted = |facts: &mut Facts| facts.contact.accepted_nda = Some(2);
    assert_eq!(of(nda, accepted), [opens; 5]);
    let none = |facts: &mut Facts| facts.tenant = tenant();
    assert_eq!(of(nda, none), [opens, opens, opens, beside, opens]);
    let alone = |facts: &mut Facts| facts.contact.account_id = None;
    assert_eq!(of(restricted, alone), [opens; 3], "nobody's account is no fact");
}

#[test]
fn access_ends_with_the_share_or_the_account_whichever_is_first() {
    let until = |level, share: Option<i64>, company: Option<i64>, action| {
        let mut facts = facts(level);
        facts.grant = Some(Grant { expiry: share.map(ends_in), ..grant() });
        facts.account.access_expiry = company.map(ends_in);
        facts.with(|case| case.until(action))
    };
    let (restricted, at) = (AccessLevel::Restricted, |hours| Some(ends_in(hours).at));
    assert_eq!(until(restricted, Some(24), Some(48), VIEW), at(24));
    assert_eq!(until(restricted, Some(48), Some(24), VIEW), at(24));
    assert_eq!(until(restricted, Some(24), None, VIEW), at(24));
    assert_eq!(until(restricted, None, None, VIEW), None);
    assert_eq!(until(AccessLevel::Public, Some(24), None, DOWNLOAD), None, "it is public");
    assert_eq!(until(AccessLevel::Public, Some(24), None, VIEW), at(24));
    let mut ending = facts(restricted);
    ending.grant = Some(Grant { expiry: Some(ends_in(24)), ..grant() });
    let told = ending.explained(VIEW);
    assert_eq!(told.until, at(24));
    assert!(told.verdict.ends_with(", until 15 September 2026, 02:40 (UTC)."), "{}", told.verdict);
}

fn line(object: impl Into<Object>, verb: &str, seq: u64, by: u128) -> Activity {
    Activity {
        id: id(18),
        actor: Actor::Member(id(by)),
        verb: verb.to_owned(),
        object: object.into(),
        seq,
        about: None,
        detail: Detail::None,
        at: NOW - DAY * i32::try_from(seq).unwrap(),
        origin: Origin::default(),
    }
}

#[test]
fn what_is_over_is_told_with_when_and_why() {
    let over = |changed: &dyn Fn(&mut Facts)| {
        let mut facts = facts(AccessLevel::Restricted);
        let removed = grant().id;
        facts.lines = vec![
            line(removed, "tests.other", 1, 99),
            line(contact().id, "tests.other", 2, 98),
            line(removed, "contacts.share", 2, 10),
            line(contact().id, "contacts.unsuspend", 3, 11),
        ];
        changed(&mut facts);
        facts.with(|case| case.lapsed().map(|lapsed| (lapsed.why, lapsed.at)))
    };
    assert_eq!(over(&|_| {}), None);
    let ended = |state| move |facts: &mut Facts| facts.grant = Some(grant().ended(state));
    assert_eq!(over(&ended(State::Removed)), Some((Lapse::Removed, Some(NOW - DAY * 2))));
    let unknown = |facts: &mut Facts| {
        (facts.grant, facts.lines) = (Some(grant().ended(State::Removed)), Vec::new());
    };
    assert_eq!(over(&unknown), Some((Lapse::Removed, None)));
    let expired = |facts: &mut Facts| {
        facts.grant = Some(Grant { expiry: Some(ends_in(-1)), ..grant() });
    };
    assert_eq!(over(&expired), Some((Lapse::Expired, Some(ends_in(-1).at))));
    let deleted = |facts: &mut Facts| {
        ended(State::DocumentDeleted)(facts);
        facts.document.deleted_at = Some(NOW);
    };
    assert_eq!(over(&deleted), Some((Lapse::DocumentDeleted, Some(NOW))));
    let dropped = |facts: &mut Facts| facts.contact.grant_epoch = 1;
    assert_eq!(over(&dropped), Some((Lapse::Dropped, Some(NOW - DAY * 3))));
    let gone = |facts: &mut Facts| facts.contact = contact().deleted(NOW);
    assert_eq!(over(&gone), Some((Lapse::Dropped, Some(NOW))));
}

#[test]
fn a_document_is_listed_with_the_most_that_it_opens_for() {
    let listed = |changed: &dyn Fn(&mut Facts)| {
        let mut facts = facts(AccessLevel::Restricted);
        changed(&mut facts);
        let listed = facts.with(|case| case.listed());
        (listed.actions, listed.grant_id.is_some(), listed.reason)
    };
    let (actions, has_grant, reason) = listed(&|_| {});
    assert_eq!((actions, has_grant), (vec!["document.view", "document.download"], true));
    assert!(reason.starts_with("Shared on "), "{reason}");
    let (actions, has_grant, _) = listed(&|facts| facts.grant = Some(grant_to_view()));
    assert_eq!((actions, has_grant), (vec!["document.view"], true));
    let (actions, has_grant, reason) = listed(&|facts| facts.grant = None);
    assert!(actions.is_empty() && !has_grant);
    assert_eq!(reason, "“SOC 2” was never shared with Maya Lindt.");
    let (actions, _, reason) = listed(&|facts| {
        (facts.grant, facts.document) = (None, document(AccessLevel::Public));
    });
    assert_eq!(actions, ["document.download"]);
    assert_eq!(reason, "Anyone downloads public documents.");
}

#[test]
fn only_members_are_named_as_whose_hand_ended_something() {
    assert_eq!(member(Actor::Member(id(10))), Some(id(10)));
    for actor in [Actor::Contact(id(3)), Actor::Anyone, Actor::System, Actor::Operator] {
        assert_eq!(member(actor), None);
    }
}

#[tokio::test]
async fn the_trail_is_read_only_where_it_alone_tells_when_a_grant_ended() {
    let cx = cx(staff(Role::Administrator));
    let expired = Grant { expiry: Some(ends_in(-1)), ..grant() };
    let gone = contact().deleted(NOW);
    for (contact, grant) in [
        (contact(), grant()),
        (contact(), expired),
        (contact(), grant().ended(State::DocumentDeleted)),
        (gone, grant()),
    ] {
        assert_eq!(cx.ends_of(&contact, &[grant]).await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_contacts_never_do_is_told_so_and_the_portal_is_told_by_the_gate() {
    let cx = cx(staff(Role::Administrator));
    let alone = Contact { account_id: None, ..contact() };
    let company = || End::Tenant(tenant());
    let never = cx.explain_contact(alone.clone(), Action::TenantEdit, company()).await.unwrap();
    assert_eq!(never.verdict, "Maya Lindt may not edit Acme now.");
    assert_eq!(never.reasons, ["Contacts never do this; members of the company do."]);
    let open = cx.explain_contact(alone.clone(), Action::PortalOpen, company()).await.unwrap();
    assert_eq!(open.verdict, "Maya Lindt may open the portal of Acme.");
    assert_eq!((open.ends.len(), open.until), (1, None));
    let shut = cx.explain_contact(alone.suspended(), Action::PortalOpen, company()).await.unwrap();
    assert_eq!(shut.reasons, ["Access of Maya Lindt is suspended."]);
    assert!(shut.ends.is_empty());
}

#[test]
fn in_a_list_a_document_tells_what_opens_it_until_when_and_by_whom() {
    let ending = Grant { expiry: Some(ends_in(24)), ..grant() };
    let facts = Facts { grant: Some(ending.clone()), ..facts(AccessLevel::Restricted) };
    let listed = facts.with(|case| case.listed());
    assert_eq!(listed.actions, ["document.view", "document.download"]);
    assert_eq!((listed.rights, listed.until), (Some(ending.rights.clone()), ending.ends_at()));
    assert_eq!((listed.grant_id, listed.granted_by), (Some(id(5)), ending.granted_by));
}

#[test]
fn what_was_shared_and_is_no_more_is_told_as_lapsed() {
    let taken = grant().ended(State::Removed);
    let facts = Facts { grant: Some(taken), ..facts(AccessLevel::Restricted) };
    let told = facts.explained(VIEW);
    assert_eq!(told.lapsed.len(), 1);
    assert_eq!(told.lapsed[0].grant_id, id(5));
}
