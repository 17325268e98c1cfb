use domain::document::{AccessLevel, FileKind, FileState};
use domain::email::Email;
use domain::grant::{Grant, State};
use domain::id::ContactId;
use domain::invitation::Proof;
use domain::tenant::PortalType;

use super::*;
use crate::fixtures::{
    DAY, NANO, NOW, account, contact, cx, document, file, grant, grant_to_view, house, id, refusal,
    tenant, tenant_with_nda, visit,
};
use crate::house::cookie::portal_name;

fn device() -> Device {
    Device {
        id: id(8),
        contact_id: id(3),
        epoch: 0,
        proof: Proof::Code,
        expires_at: NOW + DAY,
        network: String::new(),
        agent: None,
        created_at: NOW,
    }
}

fn facts() -> PortalFacts {
    let (tenant, contact) = (Some(tenant()), Some(contact()));
    PortalFacts { tenant, contact, device: Some(device()), account: Some(account()) }
}

fn portal() -> Portal {
    let (sha, account) = ("sha".to_owned(), Some(account()));
    Portal { tenant: tenant(), contact: contact(), account, device: device(), sha }
}

fn wanted(level: AccessLevel, grant: Option<Grant>) -> WantedFile {
    WantedFile { document: document(level), file: file(), grant }
}

/// A visit with the cookies of these companies' portals.
fn with_portals(house: &House, tenants: &[u128]) -> Visit {
    let cookie = |number: &u128| {
        let (tenant, contact): (TenantId, ContactId) = (id(*number), id(3));
        let cookie = PortalCookie { tenant, contact, account: None, secret: [7; 32] };
        (portal_name(tenant), cookie.sign(&house.keys))
    };
    Visit { cookies: tenants.iter().map(cookie).collect(), ..visit() }
}

#[test]
fn the_portal_that_is_meant_is_the_only_one_or_the_one_that_is_named() {
    let house = house();
    let chosen = |visit: &Visit| chosen_cookie(&house, visit).map(|cookie| cookie.tenant);
    assert_eq!(chosen(&with_portals(&house, &[1])).unwrap(), id(1));
    let several = with_portals(&house, &[1, 100]);
    assert_eq!(refusal(chosen(&several)), Some(Kind::BadInput));
    for number in [1, 100] {
        let named = Visit { tenant: Some(id(number)), ..several.clone() };
        assert_eq!(chosen(&named).unwrap(), id(number));
    }
    let unknown = Visit { tenant: Some(id(101)), ..several };
    for visit in [unknown, visit()] {
        assert_eq!(refusal(chosen(&visit)), Some(Kind::SignIn));
    }
}

#[test]
fn a_cookie_that_is_no_portals_or_not_ours_lets_nobody_in() {
    let house = house();
    let mut misnamed = with_portals(&house, &[1]);
    misnamed.cookies[0].0 = "session".to_owned();
    let mut forged = with_portals(&house, &[1]);
    forged.cookies[0].1 = "forged".to_owned();
    for visit in [misnamed, forged] {
        assert_eq!(refusal(chosen_cookie(&house, &visit)), Some(Kind::SignIn));
    }
}

#[tokio::test]
async fn a_known_browser_of_whom_the_gate_lets_in_comes_in() {
    let store = house().table.tenant(id(1));
    let admitted = async |facts, now| admit(&store, facts, "sha".to_owned(), now).await;
    let portal = admitted(facts(), NOW).await.unwrap();
    assert_eq!((portal.actor(), portal.tenant()), (Actor::Contact(id(3)), Some(id(1))));
    assert_eq!((portal.device(), portal.sha.as_str()), (Some(id(8)), "sha"));
    assert_eq!(portal.repeats_as(&visit()), portal.contact.id.to_string());
    assert_eq!(portal.account.map(|account| account.id), Some(id(2)));
    assert!(admitted(facts(), NOW + DAY - NANO).await.is_ok());
}

#[tokio::test]
async fn every_refusal_of_a_portal_sounds_the_same() {
    let store = house().table.tenant(id(1));
    let moved_on = Contact { epoch: 1, ..contact() };
    for (why, facts, now) in [
        ("no company", PortalFacts { tenant: None, ..facts() }, NOW),
        ("no contact", PortalFacts { contact: None, ..facts() }, NOW),
        ("no browser", PortalFacts { device: None, ..facts() }, NOW),
        ("signed out", PortalFacts { contact: Some(moved_on), ..facts() }, NOW),
        ("suspended", PortalFacts { contact: Some(suspended()), ..facts() }, NOW),
        ("too late", facts(), NOW + DAY),
    ] {
        let refused = admit(&store, facts, "sha".to_owned(), now).await.unwrap_err();
        assert_eq!(refused.kind, Kind::AccessEnded, "{why}");
        assert_eq!(refused.detail, access_ended().detail, "{why}");
    }
}

/// A contact whose review is over without approval, in whose epoch the browser signed in.
fn suspended() -> Contact {
    Contact { status: domain::contact::ReviewStatus::Cancelled, ..contact() }
}

#[tokio::test]
async fn an_account_is_believed_while_it_is_the_contacts_own() {
    let store = house().table.tenant(id(1));
    let current = async |contact: Contact, remembered| {
        current_account(&store, &contact, remembered).await.unwrap()
    };
    assert_eq!(current(contact(), Some(account())).await, Some(account()));
    let alone = Contact { account_id: None, ..contact() };
    assert_eq!(current(alone.clone(), Some(account())).await, None, "they left the company");
    assert_eq!(current(alone, None).await, None);
}

#[test]
fn a_file_is_downloaded_by_whom_a_grant_lets() {
    use AccessLevel::{Nda, Public, Restricted};

    let by = |portal: &Portal, level, grant| refusal(portal.downloads(wanted(level, grant), NOW));
    assert_eq!(by(&portal(), Restricted, Some(grant())), None);
    assert_eq!(by(&portal(), Public, None), None);
    assert_eq!(by(&portal(), Restricted, Some(grant_to_view())), Some(Kind::Forbidden));
    assert_eq!(by(&portal(), Restricted, None), Some(Kind::NotFound));
    assert_eq!(
        by(&portal(), Restricted, Some(grant().ended(State::Removed))),
        Some(Kind::NotFound)
    );
    let first = Portal { tenant: tenant_with_nda(), ..portal() };
    assert_eq!(by(&first, Nda, Some(grant())), Some(Kind::NdaRequired));
    let allowed = portal().downloads(wanted(Restricted, Some(grant())), NOW).unwrap();
    assert_eq!(allowed.policies, ["contact.download"]);
}

#[test]
fn who_may_not_download_sees_pages_under_a_mark_that_names_them() {
    use AccessLevel::{Nda, Restricted};

    let by = |portal: &Portal, level, grant| {
        portal.views(wanted(level, grant), NOW).map(|(allowed, form)| (allowed.policies, form))
    };
    let (policies, form) = by(&portal(), Restricted, Some(grant())).unwrap();
    assert_eq!((policies, form), (vec!["contact.download"], Form::Clean));
    let (policies, form) = by(&portal(), Restricted, Some(grant_to_view())).unwrap();
    let marked = |name: &str| Form::Marked(Who::new(name));
    assert_eq!((policies, form), (vec!["contact.view"], marked("maya@initech.example")));
    let mut without = portal();
    without.contact.email = None::<Email>;
    let (_, form) = by(&without, Restricted, Some(grant_to_view())).unwrap();
    assert_eq!(form, marked(&without.contact.id.to_string()));
    assert_eq!(refusal(by(&portal(), Restricted, None)), Some(Kind::NotFound));
    let first = Portal { tenant: tenant_with_nda(), ..portal() };
    for grant in [grant(), grant_to_view()] {
        assert_eq!(refusal(by(&first, Nda, Some(grant))), Some(Kind::NdaRequired));
    }
}

#[test]
fn a_published_version_that_is_not_kept_from_them_is_shown() {
    let with = |file: File, grant: Option<Grant>| {
        is_shown(&WantedFile { document: document(AccessLevel::Restricted), file, grant })
    };
    assert!(with(file(), Some(grant())) && with(file(), None));
    let hidden = grant().hiding(domain::activity::Object::File(id(7))).unwrap();
    assert!(!with(file(), hidden));
    for file in [
        File { kind: FileKind::Certificate, ..file() },
        File { kind: FileKind::Sent, ..file() },
        File { state: FileState::Uploading, ..file() },
        File { state: FileState::Deleted, ..file() },
    ] {
        assert!(!is_readable(&file) && !with(file, Some(grant())));
    }
}

#[test]
fn what_opens_to_anyone_is_what_is_public_on_a_page_that_is_there() {
    assert!(is_open_to_anyone(&document(AccessLevel::Public)));
    assert!(!is_open_to_anyone(&document(AccessLevel::Restricted)));
    assert!(has_trust_page(&tenant()));
    assert!(!has_trust_page(&Tenant { portal_type: PortalType::Vaults, ..tenant() }));
}

#[test]
fn the_caller_is_asked_about_as_they_are() {
    let cx = cx(portal());
    assert!(cx.nda_accepted());
    assert_eq!(cx.store().tenant_id(), id(1));
    let bearer = cx.bearer();
    assert_eq!((bearer.contact, bearer.sha, bearer.account), (id(3), "sha", Some(id(2))));
    let without = Portal { tenant: tenant_with_nda(), ..portal() };
    assert!(!crate::fixtures::cx(without).nda_accepted());
}

#[test]
fn a_portal_cookie_is_made_again_from_what_names_it() {
    let (contact, account) = (id(3), Some(id(2)));
    let cookie = PortalCookie { tenant: id(1), contact, account, secret: [7; 32] };
    let (cause, nonce_sha) = ("inv_1".to_owned(), "nonce".to_owned());
    let expected = Reissue::Portal { tenant: id(1), contact, account, cause, nonce_sha };
    assert_eq!(reissue_note(&cookie, "inv_1", "nonce"), expected);
}
