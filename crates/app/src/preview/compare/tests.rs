use domain::account::Account;
use domain::document::Document;
use domain::member::Removal;
use domain::request::Request;
use domain::tenant::{NdaInForce, PortalType, Tenant};

use super::*;
use crate::fixtures::{
    NOW, ends_in, grant, grant_to_view, id, member, request, tenant, tenant_with_nda,
};

/// What is told once the sample is `changed`.
fn told(changed: impl FnOnce(&mut Scene)) -> Vec<(Change, String)> {
    told_from(&Scene::sample(), changed)
}

fn told_from(before: &Scene, changed: impl FnOnce(&mut Scene)) -> Vec<(Change, String)> {
    let mut after = before.clone();
    changed(&mut after);
    let effects = compare(before, &after, NOW);
    effects.into_iter().map(|effect| (effect.change, effect.says)).collect()
}

/// The same without sentences.
fn changes(changed: impl FnOnce(&mut Scene)) -> Vec<Change> {
    told(changed).into_iter().map(|(change, _)| change).collect()
}

fn account(scene: &mut Scene) -> &mut Account {
    scene.accounts.get_mut(&id(2)).unwrap()
}

fn document(scene: &mut Scene) -> &mut Document {
    scene.documents.get_mut(&id(4)).unwrap()
}

fn folder(scene: &mut Scene) -> &mut Folder {
    scene.folders.get_mut(&id(3)).unwrap()
}

fn seat(scene: &mut Scene) -> &mut Member {
    scene.members.get_mut(&id(10)).unwrap()
}

/// A company whose links stop nothing, so that people are told about alone.
fn without_links() -> Scene {
    Scene { links: [].into(), ..Scene::sample() }
}

#[test]
fn what_stays_is_not_told() {
    assert_eq!(told(|_| {}), []);
}

#[test]
fn an_accounts_review_and_end_are_told() {
    let account_id = id(2);
    let (from, to) = (ReviewStatus::Approved, ReviewStatus::InReview);
    let opened = told_from(&without_links(), |scene| account(scene).status = to);
    assert_eq!(
        opened[0],
        (
            Change::AccountStatus { account_id, from, to },
            "The account Initech goes from `approved` to `in_review`.".to_owned()
        )
    );
    let contact_id = id(3);
    assert_eq!(opened[1].0, Change::Closes { contact_id, document_id: id(4) });
    assert_eq!(opened.len(), 2);
    let ending = told(|scene| account(scene).access_expiry = Some(ends_in(24)));
    let expires_at = Some(ends_in(24).at);
    assert_eq!(ending.len(), 1);
    assert_eq!(ending[0].0, Change::AccountAccess { account_id, expires_at });
    assert!(ending[0].1.starts_with("The access of Initech ends "), "{}", ending[0].1);
    let mut ends = Scene::sample();
    account(&mut ends).access_expiry = Some(ends_in(24));
    let says = "The access of Initech no longer ends.".to_owned();
    assert_eq!(
        told_from(&ends, |scene| account(scene).access_expiry = None),
        [(Change::AccountAccess { account_id, expires_at: None }, says)]
    );
}

#[test]
fn an_account_or_document_that_is_new_is_no_change() {
    let bare = Scene { accounts: [].into(), documents: [].into(), ..without_links() };
    let mut before = bare.clone();
    folder(&mut before).grants.clear();
    let told = told_from(&before, |scene| {
        scene.accounts = Scene::sample().accounts;
        scene.documents = Scene::sample().documents;
    });
    assert_eq!(told, []);
}

#[test]
fn a_new_text_of_the_agreement_is_told_and_so_is_the_trust_page() {
    let text = |version| Tenant { nda: Some(NdaInForce { id: id(21), version }), ..tenant() };
    let told_of = |after: Tenant| changes(|scene| scene.tenant = Some(after));
    assert_eq!(told_of(text(1)), [Change::NdaPublished { version: 1 }]);
    let with = Scene { tenant: Some(tenant_with_nda()), ..Scene::sample() };
    assert_eq!(told_from(&with, |_| {}), []);
    let next = told_from(&with, |scene| scene.tenant = Some(text(3)));
    assert_eq!(next.len(), 1);
    assert!(next[0].1.starts_with("Text 3 of the agreement comes into force"), "{}", next[0].1);
    let shut = Tenant { portal_type: PortalType::Vaults, ..tenant() };
    let says = |says: &str| says.to_owned();
    assert_eq!(
        told(|scene| scene.tenant = Some(shut.clone())),
        [(Change::TrustPage { open: false }, says("The trust page shuts."))]
    );
    let closed = Scene { tenant: Some(shut), ..Scene::sample() };
    assert_eq!(
        told_from(&closed, |scene| scene.tenant = Some(tenant())),
        [(Change::TrustPage { open: true }, says("The trust page opens."))]
    );
}

#[test]
fn what_becomes_of_a_seat_is_told_once() {
    let (member_id, from, to) = (id(10), Role::Member, Role::AccountManager);
    let says = |says: &str| says.to_owned();
    let invited = Scene { members: [].into(), ..Scene::sample() };
    assert_eq!(
        told_from(&invited, |scene| {
            scene.members.insert(id(10), member(Role::AccountManager));
        }),
        [(
            Change::MemberInvited { member_id, role: to },
            says("Anna Keller is invited as account manager.")
        )]
    );
    assert_eq!(
        told(|scene| seat(scene).role = to),
        [(
            Change::MemberRole { member_id, from, to },
            says("Anna Keller becomes account manager and signs in anew.")
        )]
    );
    assert_eq!(
        told(|scene| seat(scene).suspended = true),
        [(
            Change::MemberSuspended { member_id, suspended: true },
            says("Anna Keller loses what the seat gives at once, until it is given back.")
        )]
    );
    let mut suspended = Scene::sample();
    seat(&mut suspended).suspended = true;
    assert_eq!(
        told_from(&suspended, |scene| seat(scene).suspended = false),
        [(
            Change::MemberSuspended { member_id, suspended: false },
            says("Anna Keller gets back what the seat gives.")
        )]
    );
    let remove = |scene: &mut Scene| {
        let removed = Removal { at: NOW, successor_id: None };
        (seat(scene).removal, seat(scene).role) = (Some(removed), to);
    };
    assert_eq!(
        told(remove),
        [(
            Change::MemberRemoved { member_id },
            says("Anna Keller loses the seat at once; it stays in the trail.")
        )]
    );
    let mut gone = Scene::sample();
    remove(&mut gone);
    assert_eq!(told_from(&gone, |_| {}), [], "that was told");
}

#[test]
fn what_becomes_of_a_document_is_told() {
    let (document_id, contact_id) = (id(4), id(3));
    let deleted = changes(|scene| document(scene).deleted_at = Some(NOW));
    let (link_id, closes) = (id(6), Change::Closes { contact_id, document_id });
    let link = Change::LinkCloses { link_id, document_id };
    assert_eq!(deleted, [Change::DocumentDeleted { document_id }, closes, link]);
    for (to, says) in [
        (AccessLevel::Public, "“SOC 2” opens to anyone."),
        (AccessLevel::Nda, "“SOC 2” opens to those it is shared with who accepted the agreement."),
    ] {
        let change = Change::AccessLevel { document_id, from: AccessLevel::Restricted, to };
        let told = told(|scene| document(scene).access_level = to);
        assert_eq!(told, [(change, says.to_owned())]);
    }
    let mut public = Scene::sample();
    document(&mut public).access_level = AccessLevel::Public;
    let told = told_from(&public, |scene| document(scene).access_level = AccessLevel::Restricted);
    assert_eq!(told[0].1, "“SOC 2” opens to those it is shared with.");
}

#[test]
fn what_becomes_of_a_contact_is_told() {
    let (contact_id, document_id) = (id(3), id(4));
    let (from, to) = (ReviewStatus::Approved, ReviewStatus::Cancelled);
    let told = told_from(&without_links(), |scene| {
        let folder = folder(scene);
        folder.contact = folder.contact.clone().suspended();
    });
    let says = |says: &str| says.to_owned();
    assert_eq!(
        told,
        [
            (
                Change::ContactStatus { contact_id, from, to },
                says("Maya Lindt goes from `approved` to `cancelled`.")
            ),
            (
                Change::SignedOut { contact_id },
                says("Maya Lindt is signed out everywhere; links and codes sent so far end.")
            ),
            (
                Change::Closes { contact_id, document_id },
                says("“SOC 2” no longer opens to Maya Lindt.")
            ),
        ]
    );
    let deleted = told_from(&without_links(), |scene| folder(scene).contact.deleted_at = Some(NOW));
    let deletion = says("Maya Lindt is deleted; evidence of them is kept.");
    assert_eq!(deleted[0], (Change::ContactDeleted { contact_id }, deletion));
    let mut gone = without_links();
    folder(&mut gone).contact.deleted_at = Some(NOW);
    assert_eq!(told_from(&gone, |_| {}), []);
}

#[test]
fn a_request_that_moves_is_told_with_what_moved_it() {
    let mut before = Scene::sample();
    before.lay_request(request());
    let moved = |status, automatic| {
        let told = told_from(&before, |scene| {
            scene.lay_request(Request { status, automatic, ..request() });
        });
        told.into_iter().map(|(_, says)| says).collect::<Vec<_>>()
    };
    assert_eq!(moved(Status::InReview, true), [""; 0]);
    let says = "The request of Maya Lindt becomes `approved`";
    assert_eq!(moved(Status::Approved, false), [format!("{says}.")]);
    let automatic = format!("{says}, because everything it asks for is shared.");
    assert_eq!(moved(Status::Approved, true), [automatic]);
    let new = changes(|scene| scene.lay_request(request()));
    assert_eq!(new, [], "one that is new has not moved");
}

/// What is told of shares alone, once the contact's grants are `after` instead of `before`.
fn shared(before: Option<Grant>, after: Grant) -> Vec<(Change, String)> {
    let mut was = without_links();
    folder(&mut was).grants = before.into_iter().collect();
    told_from(&was, |scene| folder(scene).grants = vec![after])
}

#[test]
fn sharing_opens_and_taking_back_closes() {
    let (contact_id, document_id, expires_at) = (id(3), id(4), None);
    let says = |says: &str| says.to_owned();
    let opens = [
        (
            Change::Shared { contact_id, document_id, expires_at },
            says("“SOC 2” is shared with Maya Lindt."),
        ),
        (Change::Opens { contact_id, document_id }, says("“SOC 2” opens to Maya Lindt.")),
    ];
    assert_eq!(shared(None, grant()), opens);
    assert_eq!(shared(Some(grant().ended(State::Removed)), grant()), opens);
    assert_eq!(
        shared(Some(grant()), grant().ended(State::Removed)),
        [
            (
                Change::Unshared { contact_id, document_id },
                says("“SOC 2” is no longer shared with Maya Lindt.")
            ),
            (
                Change::Closes { contact_id, document_id },
                says("“SOC 2” no longer opens to Maya Lindt.")
            ),
        ]
    );
    let ended = grant().ended(State::Removed);
    assert_eq!(shared(Some(ended.clone()), ended), []);
}

#[test]
fn a_share_that_goes_on_otherwise_says_how() {
    let (contact_id, document_id) = (id(3), id(4));
    let ending = Grant { expiry: Some(ends_in(24)), ..grant() };
    let changed = |before, after: Grant| {
        let expires_at = after.ends_at();
        let told = shared(Some(before), after);
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].0, Change::ShareChanged { contact_id, document_id, expires_at });
        told[0].1.clone()
    };
    let later = changed(grant(), ending.clone());
    assert!(later.starts_with("“SOC 2” stays shared with Maya Lindt until "), "{later}");
    assert_eq!(changed(ending.clone(), grant()), "“SOC 2” stays shared with Maya Lindt.");
    let other = "“SOC 2” is shared with other rights with Maya Lindt.";
    assert_eq!(changed(grant(), grant_to_view()), other);
    assert_eq!(shared(Some(ending.clone()), Grant { version: 2, ..ending }), [], "it is the same");
}

#[test]
fn for_somebody_new_what_opens_is_told_and_who_is_not_in_a_company_opens_nothing() {
    let before = Scene { folders: [].into(), ..without_links() };
    let told = told_from(&before, |scene| scene.folders = Scene::sample().folders);
    let kinds: Vec<_> = told.into_iter().map(|(change, _)| change).collect();
    let (contact_id, document_id, expires_at) = (id(3), id(4), None);
    let shared = Change::Shared { contact_id, document_id, expires_at };
    assert_eq!(kinds, [shared, Change::Opens { contact_id, document_id }]);
    let nowhere = Scene { tenant: None, ..Scene::sample() };
    assert_eq!(open_to(&nowhere, &nowhere.folders[&id(3)], NOW), BTreeSet::new());
    let sample = Scene::sample();
    assert_eq!(open_to(&sample, &sample.folders[&id(3)], NOW), BTreeSet::from([id(4)]));
}

#[test]
fn a_guest_link_that_changes_is_told_too() {
    let told = changes(|scene| {
        let link = scene.links.get_mut(&id(6)).unwrap();
        *link = link.clone().deactivated();
    });
    assert_eq!(told, [Change::LinkStops { link_id: id(6), document_id: id(4) }]);
}
