use domain::account::Account;
use domain::contact::ReviewStatus;
use domain::grant::{Grant, State};
use domain::member::Role;
use domain::request::Item;
use store::contacts::Folder;
use store::saved::Saved;

use super::*;
use crate::fixtures::{
    NOW, account, contact, cx, ends_in, folder, grant, grant_to_view, id, refusal, request,
    saved_by, staff,
};

fn terms() -> Terms {
    Terms::default()
}

fn to_view() -> Terms {
    Terms { rights: Some(grant_to_view().rights), expiry: None }
}

fn named<T>(pointer: &str, document: u128, how: T) -> (String, DocumentId, T) {
    (pointer.to_owned(), id(document), how)
}

fn deciding(share: Picked<Terms>, decline: Picked<()>) -> Decision {
    Decision { share, decline, notice: Notice::None }
}

/// The request as it is reviewed, with the document shared by `grant`.
fn seen(status: Status, [first, second]: [ItemState; 2], grant: Option<Grant>) -> Reviewed {
    let of = |number, state| Item { document_id: id(number), state };
    let request = Request { items: vec![of(4, first), of(40, second)], status, ..request() };
    let folder = Folder { grants: grant.into_iter().collect(), ..folder() };
    Reviewed { request, folder, account: Some(account()), documents: Vec::new() }
}

#[test]
fn pages_alone_cannot_be_given_in_answer_to_a_request() {
    let refused = to_view().check("/share/0").unwrap_err();
    assert_eq!(refused.kind, Kind::BadInput);
    assert_eq!(refused.errors[0].pointer, "/share/0/rights");
    let full = Terms { rights: Some(Rights::default()), expiry: None };
    assert!(full.check("").is_ok() && terms().check("").is_ok());
    let none = || Picked::These(Vec::new());
    assert_eq!(refusal(deciding(Picked::All(to_view()), none()).check()), Some(Kind::BadInput));
    let one = Picked::These(vec![named("/share/0", 4, to_view())]);
    assert_eq!(refusal(deciding(one, none()).check()), Some(Kind::BadInput));
    assert!(deciding(Picked::All(terms()), none()).check().is_ok());
}

#[test]
fn each_document_is_named_once_on_either_side() {
    let points = |decision: Decision| {
        decision.check().err().map(|problem| problem.errors[0].pointer.clone())
    };
    let none = Picked::These(Vec::new());
    let twice = Picked::These(vec![named("/share/0", 4, terms()), named("/share/1", 4, terms())]);
    assert_eq!(points(deciding(twice, none)), Some("/share/1".to_owned()));
    let both = || Picked::These(vec![named("/decline/0", 4, ()), named("/decline/1", 4, ())]);
    let none = || Picked::These(Vec::new());
    assert_eq!(points(deciding(none(), both())), Some("/decline/1".to_owned()));
    let two = Picked::These(vec![named("/share/0", 4, terms()), named("/share/1", 40, terms())]);
    assert_eq!(points(deciding(two, Picked::All(()))), None);
}

#[test]
fn all_means_what_is_open_and_once_it_ended_what_was_shared() {
    use ItemState::{Declined, Open, Shared};

    let of = |status, states| {
        let request = seen(status, states, None).request;
        let all = Picked::All(()).of(&request).into_iter();
        all.map(|(pointer, document, ())| {
            assert_eq!(pointer, "");
            document
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(of(Status::InReview, [Open, Shared]), [id(4)]);
    assert_eq!(of(Status::InReview, [Declined, Open]), [id(40)]);
    assert_eq!(of(Status::Approved, [Declined, Shared]), [id(40)]);
    assert_eq!(of(Status::Rejected, [Declined, Declined]), []);
    let these = Picked::These(vec![named("/share/0", 4, ())]);
    assert_eq!(these.of(&request()), [named("/share/0", 4, ())]);
}

#[test]
fn a_decision_moves_the_request_or_points_at_what_cannot_be_decided() {
    let cx = cx(staff(Role::Administrator));
    let decide = |share: &[u128], decline: &[u128]| {
        let share = share.iter().map(|number| named("/share/0", *number, terms())).collect();
        let decline = decline.iter().map(|number| named("/decline/0", *number, ())).collect();
        Meant { share, decline }.decide(&cx, &request())
    };
    let decided = decide(&[4], &[40]).unwrap();
    assert_eq!(decided.status, Status::Approved);
    assert_eq!(decided.items[0].state, ItemState::Shared);
    assert_eq!(decided.items[1].state, ItemState::Declined);
    for (share, decline, pointer) in [
        (&[41][..], &[][..], "/share/0"),
        (&[][..], &[41][..], "/decline/0"),
        (&[4][..], &[4][..], "/decline/0"),
        (&[][..], &[][..], ""),
    ] {
        let refused = decide(share, decline).unwrap_err();
        assert_eq!((refused.kind, refused.errors[0].pointer.as_str()), (Kind::BadInput, pointer));
    }
}

#[test]
fn what_was_wanted_is_so_once_others_shared_it_and_the_request_was_approved() {
    use ItemState::{Open, Shared};
    use Status::{Approved, InReview};

    let meant = |terms: Terms| Meant { share: vec![named("", 4, terms)], decline: Vec::new() };
    let full = Terms { rights: Some(Rights::default()), expiry: None };
    let ending = Terms { rights: None, expiry: Some(ends_in(24)) };
    let is_so = |meant: &Meant, status, state, grant| {
        meant.is_so(&seen(status, [state, Shared], grant), NOW)
    };
    let ends = Some(Grant { expiry: Some(ends_in(24)), ..grant() });
    assert!(is_so(&meant(terms()), Approved, Shared, Some(grant())));
    assert!(is_so(&meant(full.clone()), Approved, Shared, Some(grant())));
    assert!(is_so(&meant(ending.clone()), Approved, Shared, ends));
    for (why, meant, status, state, grant) in [
        ("it waits", meant(terms()), InReview, Shared, Some(grant())),
        ("it was not shared", meant(terms()), Approved, Open, Some(grant())),
        ("nothing opens it", meant(terms()), Approved, Shared, None),
        ("it is over", meant(terms()), Approved, Shared, Some(grant().ended(State::Removed))),
        ("with other rights", meant(full), Approved, Shared, Some(grant_to_view())),
        ("without an end", meant(ending), Approved, Shared, Some(grant())),
    ] {
        assert!(!is_so(&meant, status, state, grant), "{why}");
    }
    let declining = Meant { decline: vec![named("", 40, ())], ..meant(terms()) };
    assert!(!is_so(&declining, Approved, Shared, Some(grant())));
    let nothing = Meant { share: Vec::new(), decline: Vec::new() };
    assert!(!is_so(&nothing, Approved, Shared, Some(grant())));
    let another = Meant { share: vec![named("", 40, terms())], decline: Vec::new() };
    assert!(!is_so(&another, Approved, Shared, Some(grant())), "another document's grant");
}

#[test]
fn what_is_shared_already_stays_as_it_is_unless_something_else_is_said() {
    let shares = |terms: Terms, grant: Option<Grant>| {
        let meant = Meant { share: vec![named("", 4, terms)], decline: Vec::new() };
        let states = [ItemState::Open, ItemState::Open];
        let shares = meant.shares(&seen(Status::InReview, states, grant), NOW);
        let [share] = <[Share; 1]>::try_from(shares).unwrap();
        assert_eq!(share.document_id, id(4));
        (share.rights, share.expiry)
    };
    let before = Grant { expiry: Some(ends_in(24)), ..grant_to_view() };
    let kept = (before.rights.clone(), before.expiry.clone());
    let usual = (Rights::default(), None);
    assert_eq!(shares(terms(), Some(before.clone())), kept);
    let full = Terms { rights: Some(Rights::default()), expiry: None };
    assert_eq!(shares(full, Some(before.clone())), usual);
    assert_eq!(shares(terms(), None), usual);
    assert_eq!(shares(terms(), Some(before.ended(State::Removed))), usual);
    let ending = Terms { rights: None, expiry: Some(ends_in(72)) };
    assert_eq!(shares(ending, None), (Rights::default(), Some(ends_in(72))));
}

/// The mail that a request owes that ended as `status`.
fn owed(status: Status, notice: Notice, changed: impl FnOnce(&mut Reviewed)) -> Option<Purpose> {
    let mut after = seen(status, [ItemState::Shared, ItemState::Declined], Some(grant()));
    changed(&mut after);
    let saved = saved_by(|change| {
        cx(staff(Role::Administrator)).owe_outcome(change, &after, notice).unwrap();
    });
    match saved.as_slice() {
        [] => None,
        [Saved::Mail(mail)] => Some(mail.purpose.clone()),
        _ => panic!("{saved:?}"),
    }
}

#[test]
fn an_approval_is_mailed_and_a_rejection_only_if_it_is_wanted() {
    use Notice::{Mailed, None as Silent};
    use Status::{Approved, InReview, Rejected, Withdrawn};

    for notice in [Silent, Mailed] {
        assert!(matches!(owed(Approved, notice, |_| {}), Some(Purpose::MagicLink { .. })));
        for status in [InReview, Withdrawn] {
            assert_eq!(owed(status, notice, |_| {}), None);
        }
    }
    let rejected = Purpose::Rejected { contact_id: id(3), request_id: id(15) };
    assert_eq!(owed(Rejected, Mailed, |_| {}), Some(rejected));
    assert_eq!(owed(Rejected, Silent, |_| {}), None);
    let silence = |seen: &mut Reviewed| seen.folder.contact.email = None;
    assert_eq!(owed(Rejected, Mailed, silence), None);
    let cancelled = Account { status: ReviewStatus::Cancelled, ..account() };
    let suspended = Contact { status: ReviewStatus::Cancelled, ..contact() };
    for status in [Approved, Rejected] {
        let suspend = |seen: &mut Reviewed| seen.folder.contact = suspended.clone();
        assert_eq!(owed(status, Mailed, suspend), None, "nobody who is shut out is mailed");
        let cancel = |seen: &mut Reviewed| seen.account = Some(cancelled.clone());
        assert_eq!(owed(status, Mailed, cancel), None);
    }
}
