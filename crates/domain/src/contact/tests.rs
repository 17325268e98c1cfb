//! The rules of contacts, one by one.

use proptest::prelude::*;

use super::*;

const ALL: Restored = Restored { grants: Back::Kept, links: Back::Kept };
const NO_GRANTS: Restored = Restored { grants: Back::Dropped, links: Back::Kept };

fn contact(status: ReviewStatus) -> Contact {
    Contact {
        email: "maya@initech.example".parse().ok(),
        status,
        reviewed: false,
        proved_at: Some(Timestamp::UNIX_EPOCH),
        epoch: 3,
        grant_epoch: 5,
        subject_seed: "seed".to_owned(),
        ..Contact::sample()
    }
}

#[test]
fn the_transitions_are_these_and_no_others() {
    use ReviewStatus::{Approved, Cancelled, InReview, ToReview};
    let allowed = [
        (ToReview, InReview),
        (ToReview, Approved),
        (InReview, Approved),
        (ToReview, Cancelled),
        (InReview, Cancelled),
        (Approved, Cancelled),
    ];
    for from in ReviewStatus::ALL {
        for to in ReviewStatus::ALL {
            let may = contact(from).with_status(to).is_ok();
            assert_eq!(may, from == to || allowed.contains(&(from, to)), "{from} to {to}");
        }
        let back: Vec<_> = ReviewStatus::ALL
            .into_iter()
            .filter(|to| contact(from).unsuspended(*to, ALL).is_ok())
            .collect();
        let expected = if from == Cancelled { vec![ToReview, Approved] } else { vec![] };
        assert_eq!(back, expected, "{from}");
    }
}

#[test]
fn suspending_ends_sessions_and_keeps_grants_until_told_otherwise() {
    let suspended = contact(ReviewStatus::Approved).suspended();
    assert_eq!((suspended.epoch, suspended.grant_epoch), (4, 5));
    let kept = suspended.clone().unsuspended(ReviewStatus::Approved, ALL).unwrap();
    assert_eq!((kept.epoch, kept.grant_epoch), (5, 5));
    let dropped = suspended.unsuspended(ReviewStatus::Approved, NO_GRANTS).unwrap();
    assert_eq!((dropped.epoch, dropped.grant_epoch), (5, 6));
}

#[test]
fn a_new_address_must_be_proved_again_and_the_same_one_need_not() {
    let same = contact(ReviewStatus::Approved).with_email("maya@initech.example".parse().ok());
    assert_eq!(same, contact(ReviewStatus::Approved));
    let moved = contact(ReviewStatus::Approved).with_email("m@hooli.example".parse().ok());
    assert_eq!((moved.epoch, moved.proved_at), (4, None));
}

proptest! {
    #[test]
    fn epochs_never_fall(steps in proptest::collection::vec(0_u8..5, 0..20)) {
        let mut now = contact(ReviewStatus::ToReview);
        for step in steps {
            let before = now.clone();
            now = match step {
                0 => now.with_status(ReviewStatus::Approved).unwrap_or(before.clone()),
                1 => now.suspended(),
                2 => now.unsuspended(ReviewStatus::Approved, NO_GRANTS).unwrap_or(before.clone()),
                3 => now.with_email(None),
                _ => now.deleted(Timestamp::UNIX_EPOCH),
            };
            prop_assert!(before.epoch <= now.epoch && before.grant_epoch <= now.grant_epoch);
            let left = before.status == ReviewStatus::Cancelled
                && now.status != ReviewStatus::Cancelled;
            prop_assert!(!left || before.epoch < now.epoch, "came back into an old session");
        }
    }
}

#[test]
fn a_status_is_stored_as_it_prints() {
    for status in ReviewStatus::ALL {
        assert_eq!(serde_json::to_string(&status).unwrap(), format!("\"{status}\""));
    }
}

#[test]
fn a_status_that_staff_set_counts_as_a_review() {
    let status = |to| contact(ReviewStatus::ToReview).with_status(to).unwrap();
    let same = status(ReviewStatus::ToReview);
    assert_eq!(same, Contact { reviewed: true, ..contact(ReviewStatus::ToReview) });
    let approved = status(ReviewStatus::Approved);
    assert_eq!(approved, Contact { reviewed: true, ..contact(ReviewStatus::Approved) });
    let cancelled = status(ReviewStatus::Cancelled);
    let expected = Contact { reviewed: true, epoch: 4, ..contact(ReviewStatus::Cancelled) };
    assert_eq!(cancelled, expected, "and ends sessions");
}

#[test]
fn what_does_not_come_back_stays_shut_by_an_epoch_of_its_own() {
    let back = |grants, links| {
        let restored = Restored { grants: Back::from(grants), links: Back::from(links) };
        let suspended = contact(ReviewStatus::Cancelled);
        let contact = suspended.unsuspended(ReviewStatus::Approved, restored).unwrap();
        (contact.epoch, contact.grant_epoch, contact.link_epoch)
    };
    assert_eq!(back(true, true), (4, 5, 0));
    assert_eq!(back(false, true), (4, 6, 0));
    assert_eq!(back(true, false), (4, 5, 1));
}

#[test]
fn an_archived_contact_is_only_out_of_sight() {
    let archived = contact(ReviewStatus::Approved).archived(Timestamp::UNIX_EPOCH);
    let at = Some(Timestamp::UNIX_EPOCH);
    assert_eq!(archived, Contact { archived_at: at, ..contact(ReviewStatus::Approved) });
    assert_eq!(archived.unarchived(), contact(ReviewStatus::Approved));
}

#[test]
fn a_deleted_contact_is_out_at_once_and_erased_a_month_later_and_once() {
    let now = Timestamp::UNIX_EPOCH;
    let deleted = contact(ReviewStatus::Approved).deleted(now);
    assert_eq!((deleted.epoch, deleted.grant_epoch, deleted.deleted_at), (4, 6, Some(now)));
    let end = now + ERASED_AFTER;
    assert_eq!(deleted.erased_at(), Some(end));
    assert!(!deleted.is_to_erase(end - SignedDuration::from_nanos(1)) && deleted.is_to_erase(end));
    assert!(!contact(ReviewStatus::Approved).is_to_erase(end), "it is there");
    let erased = deleted.erased();
    assert_eq!((erased.version, erased.email.as_ref(), erased.erased_at()), (2, None, None));
    assert_eq!((erased.first_name.as_str(), erased.last_name.as_str()), ("Erased", "Erased"));
}

#[test]
fn an_erased_contact_has_one_name_and_all_others_two() {
    let named = |first: &str, subject_seed: &str| Contact {
        first_name: first.parse().unwrap(),
        subject_seed: subject_seed.to_owned(),
        ..Contact::sample()
    };
    assert_eq!(named("Maya", "seed").full_name(), "Maya Lindt");
    assert_eq!(named("Maya", "").full_name(), "Maya Lindt");
    assert_eq!(named("Erased", "seed").full_name(), "Erased Lindt");
    assert_eq!(named("Erased", "").full_name(), "Erased");
}
