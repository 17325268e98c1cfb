use domain::document::AccessLevel;
use domain::member::Role::{self, AccountManager, Administrator, Representative};
use domain::session::IDLE;
use jiff::SignedDuration;

use super::*;
use crate::fixtures::{
    NOW, contact, cx, document, id, identity, member, refusal, session, staff, tenant, visit,
};

/// Everything that was read about the session of a member.
fn facts() -> SessionFacts {
    let (session, identity) = (Some(session()), Some(identity()));
    SessionFacts { session, identity, tenant: Some(tenant()), member: Some(member(Role::Member)) }
}

fn cookie() -> SessionCookie {
    let seat = Some(Chosen { tenant_id: id(1), member_id: id(10) });
    SessionCookie { identity: id(9), seat, secret: [7; 32] }
}

fn known(cookie: &SessionCookie, facts: SessionFacts, now: Timestamp) -> Option<SignedIn> {
    SignedIn::known(cookie, "sha".to_owned(), facts, now)
}

#[test]
fn a_cookie_signs_in_whose_session_stands_and_is_as_it_says() {
    let signed_in = known(&cookie(), facts(), NOW).unwrap();
    assert_eq!(signed_in.identity.id, id(9));
    assert_eq!(signed_in.sha, "sha");
    assert_eq!(signed_in.chosen(), cookie().seat);
    assert!(known(&cookie(), facts(), NOW + IDLE - SignedDuration::from_nanos(1)).is_some());
    let other_seat = Session { seat: None, ..session() };
    let others = Session { identity_id: id(90), ..session() };
    let ended = Identity { epoch: 1, ..identity() };
    for (why, facts, now) in [
        ("nobody used it for long", facts(), NOW + IDLE),
        ("no session", SessionFacts { session: None, ..facts() }, NOW),
        ("nobody", SessionFacts { identity: None, ..facts() }, NOW),
        ("another seat", SessionFacts { session: Some(other_seat), ..facts() }, NOW),
        ("somebody else's", SessionFacts { session: Some(others), ..facts() }, NOW),
        ("all were ended", SessionFacts { identity: Some(ended), ..facts() }, NOW),
    ] {
        assert!(known(&cookie(), facts, now).is_none(), "{why}");
    }
}

#[test]
fn a_seat_that_is_another_one_since_or_out_of_use_must_be_chosen_anew() {
    let seat = member(Role::Member);
    for (why, member) in [
        ("another's", Some(Member { identity_id: id(90), ..seat.clone() })),
        ("suspended", Some(Member { suspended: true, ..seat.clone() })),
        ("another role since", Some(Member { epoch: 1, ..seat.clone() })),
        ("removed", Some(seat.removed(None, NOW))),
        ("gone", None),
    ] {
        let signed_in = known(&cookie(), SessionFacts { member, ..facts() }, NOW).unwrap();
        assert!(signed_in.seat.is_none() && signed_in.chosen().is_none(), "{why}");
        assert_eq!((signed_in.actor(), signed_in.tenant()), (Actor::Anyone, None), "{why}");
    }
}

#[test]
fn who_is_signed_in_is_named_by_their_seat_and_repeats_in_their_own_name() {
    let signed_in = known(&cookie(), facts(), NOW).unwrap();
    assert_eq!((signed_in.actor(), signed_in.tenant()), (Actor::Member(id(10)), Some(id(1))));
    assert_eq!(signed_in.repeats_as(&visit()), identity().id.to_string());
    let staff = staff(Administrator);
    assert_eq!((staff.actor(), staff.tenant()), (Actor::Member(id(10)), Some(id(1))));
    assert_eq!(staff.repeats_as(&visit()), staff.member.id.to_string());
    assert_eq!(staff.eyes(), Some(principal_of(&staff.member)));
}

#[test]
fn policies_see_things_as_they_are() {
    let document = document(AccessLevel::Nda);
    let seen = policy::trust::Document {
        id: id(4),
        uploader: id(12),
        access_level: AccessLevel::Nda,
        published: true,
    };
    assert_eq!(document_resource(&document), Resource::Document(seen.clone()));
    let unpublished = document_resource(&Document { published: None, ..document });
    let seen = policy::trust::Document { published: false, ..seen };
    assert_eq!(unpublished, Resource::Document(seen));
    let owner = Some(id(11));
    assert_eq!(contact_resource(&contact()), Resource::Contact { id: id(3), owner });
    let member = Member { external_communications: true, ..member(Representative) };
    let seen =
        policy::trust::Member { id: id(10), role: Representative, external_communications: true };
    assert_eq!(principal_of(&member), Who::Member(seen));
}

#[test]
fn what_is_not_theirs_to_read_is_absent_and_what_is_may_still_be_forbidden() {
    let owned = Contact { owner_id: Some(id(10)), ..contact() };
    let open = |role, contact: Option<Contact>, action| {
        let opened = cx(staff(role)).open(contact, contact_resource, Action::ContactRead, action);
        opened.map(|allowed| (allowed.policies.clone(), allowed.into_inner().id))
    };
    let edit = Action::ContactEdit;
    assert_eq!(refusal(open(Administrator, None, edit)), Some(Kind::NotFound));
    assert_eq!(refusal(open(Role::Member, Some(contact()), edit)), Some(Kind::NotFound));
    let status = open(Role::Member, Some(owned.clone()), Action::ContactSetStatus);
    assert_eq!(refusal(status), Some(Kind::Forbidden));
    let opened = open(Role::Member, Some(owned), edit).unwrap();
    assert_eq!(opened, (vec!["owner.contacts"], id(3)));
    let opened = open(AccountManager, Some(contact()), edit).unwrap();
    assert_eq!(opened, (vec!["reviewers.contacts"], id(3)));
}

#[test]
fn a_role_is_enough_or_the_answer_is_forbidden() {
    let (administrator, member) = (cx(staff(Administrator)), cx(staff(Role::Member)));
    let company = Resource::Tenant(id(1));
    assert!(administrator.may(Action::TenantEdit, &company));
    assert!(!member.may(Action::TenantEdit, &company));
    assert_eq!(refusal(administrator.allow_here(Action::TenantEdit)), None);
    assert_eq!(refusal(member.allow_here(Action::TenantEdit)), Some(Kind::Forbidden));
    assert_eq!(refusal(member.allow(Action::TenantRead, &company)), None);
    assert_eq!(member.decided(Action::TenantRead, &company).unwrap(), ["members.tenant"]);
}

#[test]
fn owning_a_contact_is_enough_to_edit_them_and_not_to_approve_them() {
    let owned = Contact { owner_id: Some(id(10)), ..contact() };
    let member = cx(staff(Role::Member));
    assert_eq!(refusal(member.allow_contact(&owned, Action::ContactEdit)), None);
    let others = member.allow_contact(&contact(), Action::ContactEdit);
    assert_eq!(refusal(others), Some(Kind::Forbidden));
    assert!(!member.may_set_status(&owned));
    assert!(cx(staff(AccountManager)).may_set_status(&contact()));
}

#[tokio::test]
async fn a_contact_without_an_account_has_none() {
    let alone = Contact { account_id: None, ..contact() };
    assert!(cx(staff(Administrator)).account_of(&alone).await.unwrap().is_none());
    assert_eq!(cx(staff(Administrator)).store().tenant_id(), id(1));
}

#[tokio::test]
async fn without_a_cookie_of_ours_nobody_enters() {
    let house = Arc::new(crate::fixtures::house());
    let forged = crate::fixtures::visit_with(cookie::SESSION, "forged");
    for visit in [visit(), forged] {
        assert_eq!(refusal(SignedIn::enter(&house, &visit, NOW).await), Some(Kind::SignIn));
        assert_eq!(refusal(Staff::enter(&house, &visit, NOW).await), Some(Kind::SignIn));
    }
}
