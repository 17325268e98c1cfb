use domain::grant::Right;
use domain::member::Role;
use jiff::civil::date;
use store::saved::Saved;

use super::*;
use crate::fixtures::{
    NOW, account, contact, cx, ends_in, grant, grant_to_view, id, refusal, saved_by, staff,
};

fn colleague(role: Role) -> Cx<Staff> {
    cx(staff(role))
}

fn share() -> Share {
    Share { document_id: id(4), rights: Rights::default(), expiry: None }
}

fn empty() -> Plan {
    Plan { grants: Vec::new(), contact: None, account: None }
}

#[test]
fn ends_are_the_same_if_both_are_or_neither_is() {
    let (day, two) = (ends_in(24), ends_in(48));
    let told = Expiry { told: two.at, ..day.clone() };
    let elsewhere = Expiry { zone: "Europe/Zurich".parse().unwrap(), ..day.clone() };
    assert!(is_same_end(None, None) && is_same_end(Some(&day), Some(&told)));
    assert!(!is_same_end(Some(&day), Some(&two)) && !is_same_end(Some(&day), Some(&elsewhere)));
    assert!(!is_same_end(Some(&day), None) && !is_same_end(None, Some(&day)));
}

#[test]
fn what_is_shared_in_the_same_way_already_is_no_change() {
    let cx = colleague(Role::Administrator);
    let shared = |share: &Share, before: Option<Grant>| {
        let grant = cx.shared(&contact(), share, before.as_ref());
        grant.map(|grant| (grant.version, grant.state, grant.rights, grant.expiry))
    };
    let to_view = grant_to_view().rights;
    assert_eq!(shared(&share(), Some(grant())), None);
    let new = (1, State::Live, Rights::default(), None);
    assert_eq!(shared(&share(), None), Some(new.clone()));
    let again = (2, State::Live, Rights::default(), None);
    assert_eq!(shared(&share(), Some(grant_to_view())), Some(again.clone()));
    let ending = Share { expiry: Some(ends_in(24)), ..share() };
    let ends = (2, State::Live, Rights::default(), Some(ends_in(24)));
    assert_eq!(shared(&ending, Some(grant())), Some(ends));
    let narrow = Share { rights: to_view.clone(), ..share() };
    assert_eq!(shared(&narrow, Some(grant())), Some((2, State::Live, to_view, None)));
    let ended = grant().ended(State::Removed);
    assert_eq!(shared(&share(), Some(ended)), Some((3, State::Live, Rights::default(), None)));
    let granted = cx.shared(&contact(), &share(), None).unwrap();
    assert_eq!(granted.granted_by, Some(id(10)), "whoever shares it answers for it");
}

#[test]
fn what_is_shared_is_taken_back_unless_somebody_changed_it_since() {
    let back = |version, before: Option<Grant>| {
        let removal = Removal { document_id: id(4), version };
        taken_back(&removal, before.as_ref()).map(|grant| (grant.state, grant.version))
    };
    let removed = Some((State::Removed, 2));
    assert_eq!(back(None, Some(grant())), removed);
    assert_eq!(back(Some(1), Some(grant())), removed);
    assert_eq!(back(Some(2), Some(grant())), None);
    assert_eq!(back(None, None), None);
    for state in [State::Removed, State::Expired, State::DocumentDeleted] {
        assert_eq!(back(None, Some(grant().ended(state))), None, "{state:?}");
    }
}

/// The contact's and the account's review after sharing as `role`, if that moves them.
fn approved(
    role: Role,
    contact: &Contact,
    account: Option<&Account>,
) -> Result<(Option<ReviewStatus>, Option<ReviewStatus>), Problem> {
    let mut plan = empty();
    colleague(role).plan_approval(&mut plan, contact, account)?;
    let contact = plan.contact.map(|(contact, line)| {
        assert_eq!((contact.version, line.seq), (2, 2));
        contact.status
    });
    let account = plan.account.map(|(account, line)| {
        assert_eq!((account.version, line.seq), (2, 2));
        account.status
    });
    Ok((contact, account))
}

#[test]
fn sharing_approves_whom_it_is_shared_with_if_the_actor_may() {
    let now = Some(ReviewStatus::Approved);
    for status in [ReviewStatus::ToReview, ReviewStatus::InReview] {
        let (waiting, company) = (Contact { status, ..contact() }, Account { status, ..account() });
        let by = |role, contact: &Contact, account: Option<&Account>| {
            approved(role, contact, account).unwrap()
        };
        let reviewer = Role::AccountManager;
        assert_eq!(by(reviewer, &waiting, Some(&company)), (now, now));
        assert_eq!(by(reviewer, &waiting, None), (now, None));
        assert_eq!(by(reviewer, &contact(), Some(&company)), (None, now));
        assert_eq!(by(reviewer, &waiting, Some(&account())), (now, None));
        assert_eq!(by(Role::Member, &waiting, Some(&company)), (None, None));
    }
}

#[test]
fn sharing_revives_nobody() {
    let status = ReviewStatus::Cancelled;
    for (contact, account, word) in [
        (Contact { status, ..contact() }, Some(account()), "Unsuspend"),
        (contact(), Some(Account { status, ..account() }), "Reopen"),
    ] {
        for role in [Role::Administrator, Role::Member] {
            let refused = approved(role, &contact, account.as_ref()).unwrap_err();
            assert_eq!(refused.kind, Kind::WrongState);
            assert!(refused.detail.contains(word), "{}", refused.detail);
        }
    }
}

#[test]
fn a_plan_is_empty_if_nobody_and_nothing_changes_and_is_written_whole() {
    let cx = colleague(Role::Administrator);
    let line = || cx.line(contact().id, 2, Detail::None);
    let of_grant = || Plan { grants: vec![cx.with_line(grant(), "share")], ..empty() };
    let of_contact = || Plan { contact: Some((contact(), line())), ..empty() };
    let of_account = || Plan { account: Some((account(), line())), ..empty() };
    assert!(empty().is_empty());
    for (plan, saved) in [
        (of_grant(), Saved::Grant(Box::new(grant()))),
        (of_contact(), Saved::Contact(Box::new(contact()))),
        (of_account(), Saved::Account(Box::new(account()))),
    ] {
        assert!(!plan.is_empty());
        assert_eq!(saved_by(|change| plan.write(change).unwrap()), [saved]);
    }
}

#[tokio::test]
async fn what_fits_one_transaction_is_not_written_ahead_and_a_preview_writes_nothing() {
    let mut cx = colleague(Role::Administrator);
    let mut plan = empty();
    plan.grants = (0..GRANTS_AT_ONCE).map(|_| cx.with_line(grant(), "share")).collect();
    plan.write_ahead(&cx).await.unwrap();
    assert_eq!(plan.grants.len(), GRANTS_AT_ONCE);
    plan.grants.push(cx.with_line(grant(), "share"));
    let visit = crate::exchange::cx::Visit { previews: true, ..crate::fixtures::visit() };
    cx.visit = std::sync::Arc::new(visit);
    plan.write_ahead(&cx).await.unwrap();
    assert_eq!(plan.grants.len(), GRANTS_AT_ONCE + 1);
}

#[test]
fn a_line_tells_what_became_of_a_grant_and_on_which_document() {
    let ending = Grant { expiry: Some(ends_in(24)), version: 5, ..grant() };
    let (_, line) = colleague(Role::Administrator).with_line(ending, "share");
    assert_eq!((line.object, line.seq), (Object::Grant(id(5)), 5));
    assert_eq!(line.about, Some(Object::Document(id(4))));
    let Detail::Plain(detail) = line.detail else { panic!("nothing personal") };
    assert_eq!(detail["deed"], "share");
    assert_eq!(detail["rights"], json!([Right::View, Right::Download]));
    assert_eq!(detail["zone"], "UTC");
    assert_eq!(detail["expires_at"], json!(ends_in(24).at));
}

#[test]
fn an_end_is_meant_in_the_named_zone_or_else_in_the_companys() {
    let mut cx = colleague(Role::Administrator);
    cx.who.tenant.zone = "Europe/Zurich".parse().unwrap();
    let sydney: Zone = "Australia/Sydney".parse().unwrap();
    let day = Some(When::Day(date(2027, 3, 31)));
    let end = |when, zone| cx.expiry("/shares/0/expires_at", when, zone);
    assert_eq!(end(None, None).unwrap(), None);
    let here = end(day, None).unwrap().unwrap();
    let there = end(day, Some(&sydney)).unwrap().unwrap();
    assert_eq!((here.zone.as_str(), there.zone.as_str()), ("Europe/Zurich", "Australia/Sydney"));
    assert!(there.at < here.at);
    for (when, zone, pointer) in [
        (Some(When::Instant(NOW)), None, "/shares/0/expires_at"),
        (None, Some(&sydney), "/shares/0/zone"),
    ] {
        let refused = end(when, zone).unwrap_err();
        assert_eq!((refused.kind, refused.errors[0].pointer.as_str()), (Kind::BadInput, pointer));
    }
    let bare = cx.expiry("zone", None, Some(&sydney)).unwrap_err();
    assert_eq!(bare.errors[0].pointer, "/zone");
    assert_eq!(refusal(end(None, None)), None);
}
