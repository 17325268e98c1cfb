use super::*;
use crate::fixtures::{
    NOW, account, contact, document, ends_in, grant, grant_to_view, id, member, request, tenant,
    tenant_with_nda,
};

/// [`NOW`], as a clock in UTC tells it.
const NOW_IN_WORDS: &str = "14 September 2026, 02:40 (UTC)";

fn words() -> Words {
    Words::new(&tenant(), vec![member(Role::Administrator)])
}

#[test]
fn times_are_told_by_the_companys_clock() {
    assert_eq!(words().moment(NOW), NOW_IN_WORDS);
    let zurich = Tenant { zone: "Europe/Zurich".parse().unwrap(), ..tenant() };
    let zurich = Words::new(&zurich, Vec::new());
    assert_eq!(zurich.moment(NOW), "14 September 2026, 04:40 (Zurich)");
}

#[test]
fn a_contact_is_told_by_where_their_review_stands() {
    for (status, expected) in [
        (ReviewStatus::Approved, "Maya Lindt is approved."),
        (ReviewStatus::ToReview, "Maya Lindt is still to be reviewed."),
        (ReviewStatus::InReview, "Maya Lindt is in review and not approved yet."),
        (ReviewStatus::Cancelled, "Access of Maya Lindt is suspended."),
    ] {
        assert_eq!(words().contact(&Contact { status, ..contact() }), expected);
    }
    let deleted = Contact { deleted_at: Some(NOW), ..contact() };
    let expected = format!("Maya Lindt was deleted on {NOW_IN_WORDS}.");
    assert_eq!(words().contact(&deleted), expected);
}

#[test]
fn an_account_is_told_apart_from_the_contact() {
    let told = |account: Option<&Account>| words().account(&contact(), account, NOW);
    let with = |status| Account { status, ..account() };
    for (account, expected) in [
        (Some(account()), (true, "Initech is approved.".to_owned())),
        (
            Some(Account { access_expiry: Some(ends_in(24)), ..account() }),
            (
                true,
                "Initech is approved, with access until 15 September 2026, 02:40 (UTC).".to_owned(),
            ),
        ),
        (
            Some(Account { access_expiry: Some(ends_in(0)), ..account() }),
            (false, format!("Access of everybody at Initech ended on {NOW_IN_WORDS}.")),
        ),
        (None, (false, "The account of Maya Lindt was deleted.".to_owned())),
        (
            Some(with(ReviewStatus::ToReview)),
            (false, "Initech is still to be reviewed.".to_owned()),
        ),
        (
            Some(with(ReviewStatus::InReview)),
            (false, "Initech is in review and not approved yet.".to_owned()),
        ),
        (Some(with(ReviewStatus::Cancelled)), (false, "Initech is cancelled.".to_owned())),
    ] {
        assert_eq!(told(account.as_ref()), expected);
    }
    let gone = Contact { deleted_at: Some(NOW), status: ReviewStatus::Cancelled, ..contact() };
    assert!(words().account(&gone, Some(&account()), NOW).0, "the contact is another fact");
}

#[test]
fn a_document_is_told_by_what_it_takes_to_open_it() {
    let published = |level| words().document(&document(level));
    assert_eq!(published(AccessLevel::Public), "“SOC 2” is published, and public.");
    let shared = "“SOC 2” is published, and opens to whoever it is shared with";
    assert_eq!(published(AccessLevel::Restricted), format!("{shared}."));
    let accepted = format!("{shared} and accepted the agreement.");
    assert_eq!(published(AccessLevel::Nda), accepted);
    let empty = Document { published: None, ..document(AccessLevel::Public) };
    assert_eq!(words().document(&empty), "“SOC 2” has no published file.");
    let deleted = Document { deleted_at: Some(NOW), ..empty };
    assert_eq!(words().document(&deleted), format!("“SOC 2” was deleted on {NOW_IN_WORDS}."));
}

#[test]
fn a_share_is_told_with_who_gave_it_for_what_and_until_when() {
    let told = |grant: Grant| words().share(&Grant { created_at: NOW, ..grant });
    assert_eq!(
        told(grant()),
        format!("Shared by Anna Keller on {NOW_IN_WORDS} to view and download, for good.")
    );
    let ending = Grant { granted_by: None, expiry: Some(ends_in(24)), ..grant_to_view() };
    assert_eq!(
        told(ending),
        format!(
            "Shared by the account's automatic approval on {NOW_IN_WORDS} to view, not to \
             download, until 15 September 2026, 02:40 (UTC)."
        )
    );
    let unknown = Grant { granted_by: Some(id(99)), ..grant() };
    assert!(told(unknown).starts_with(&format!("Shared on {NOW_IN_WORDS}")));
}

#[test]
fn what_is_over_is_told_with_how_it_ended() {
    let by = (Some(NOW), Some(id(10)));
    let told = |contact: &Contact, why| words().lapse(contact, "SOC 2", why, by);
    let (on, maya) = (format!("on {NOW_IN_WORDS}"), contact());
    let deleted = Contact { deleted_at: Some(NOW), ..contact() };
    for (contact, why, expected) in [
        (&maya, Lapse::Removed, format!("was taken back {on} by Anna Keller.")),
        (&maya, Lapse::Expired, format!("expired {on}.")),
        (&maya, Lapse::DocumentDeleted, format!("ended when the document was deleted {on}.")),
        (&deleted, Lapse::Dropped, format!("ended when Maya Lindt was deleted {on}.")),
        (
            &maya,
            Lapse::Dropped,
            format!("was dropped when Maya Lindt came back from a suspension {on} by Anna Keller."),
        ),
    ] {
        assert_eq!(told(contact, why), format!("The share of “SOC 2” {expected}"));
    }
    let unknown = words().lapse(&maya, "SOC 2", Lapse::Removed, (None, None));
    assert_eq!(unknown, "The share of “SOC 2” was taken back.");
}

#[test]
fn where_somebody_stands_with_the_agreement_is_told_by_text() {
    let told = |tenant: &Tenant, accepted_nda| {
        Words::agreement(&Contact { accepted_nda, ..contact() }, tenant)
    };
    let with = tenant_with_nda();
    assert_eq!(
        told(&tenant(), Some(1)),
        "No non-disclosure agreement is in force, so none is asked for."
    );
    let of = "of the non-disclosure agreement";
    let in_force = "which is in force.";
    let accepted = format!("Maya Lindt accepted text 2 {of}, {in_force}");
    assert_eq!(told(&with, Some(2)), accepted);
    let older = format!("Maya Lindt accepted text 1 {of}, but not text 2, {in_force}");
    assert_eq!(told(&with, Some(1)), older);
    let none = format!("Maya Lindt has not accepted text 2 {of}, {in_force}");
    assert_eq!(told(&with, None), none);
}

#[test]
fn rules_are_sentences_and_roles_have_their_words() {
    assert_eq!(rules(&["anyone.trust-page", "nothing"]), ["Anyone reads the trust page."]);
    assert_eq!(rules(&[]), [""; 0]);
    assert_eq!(role(Role::Administrator), "an administrator");
    assert_eq!(role(Role::AccountManager), "an account manager");
    assert_eq!(role(Role::Representative), "a representative");
    assert_eq!(role(Role::Member), "a member without a role of their own");
}

#[test]
fn a_deed_is_told_as_a_verb_with_its_object() {
    let document = End::Document(document(AccessLevel::Public));
    let (company, person) = (End::Tenant(tenant()), End::Contact(contact()));
    let request = End::Request(request(), contact());
    for (action, end, expected) in [
        (Action::DocumentDownload, &document, "download “SOC 2”"),
        (Action::DocumentAccess, &document, "see who may open “SOC 2”"),
        (Action::DocumentUpload, &document, "add files to “SOC 2”"),
        (Action::ActivityRead, &document, "read the activity of “SOC 2”"),
        (Action::AccessExplain, &document, "ask who may do what to “SOC 2”"),
        (Action::PortalOpen, &company, "open the portal of Acme"),
        (Action::TrustRead, &company, "read the trust page of Acme"),
        (Action::NdaRead, &company, "read the non-disclosure agreement at Acme"),
        (Action::NdaPublish, &company, "publish the non-disclosure agreement at Acme"),
        (Action::ContactCreate, &company, "create a new contact at Acme"),
        (Action::ContactsList, &company, "list contacts at Acme"),
        (Action::ContactSetStatus, &person, "set the status of Maya Lindt"),
        (Action::ContactActivity, &person, "see the history of Maya Lindt"),
        (Action::RequestAsk, &request, "question a request of Maya Lindt"),
        (Action::AccountAttach, &End::Account(account()), "name Initech"),
        (Action::MemberEdit, &End::Seat(member(Role::Member)), "edit the seat of Anna Keller"),
    ] {
        assert_eq!(deed(action, end), expected);
    }
}
