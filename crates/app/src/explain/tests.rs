use domain::document::AccessLevel;
use domain::member::Role;
use serde_json::json;

use super::*;
use crate::fixtures::{NOW, account, contact, document, id, member, request, tenant};

#[test]
fn whom_and_what_are_read_from_texts() {
    let (whose, seat): (ContactId, MemberId) = (id(3), id(10));
    assert_eq!("anyone".parse(), Ok(Whom::Anyone));
    assert_eq!(whose.to_string().parse(), Ok(Whom::Contact(whose)));
    assert_eq!(seat.to_string().parse(), Ok(Whom::Member(seat)));
    for text in ["", "Anyone", "con_1", "doc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9"] {
        assert_eq!(text.parse::<Whom>(), Err(WhomError), "{text}");
    }
    assert_eq!("document.download".parse(), Ok(Deed(Action::DocumentDownload)));
    assert_eq!("document.eat".parse::<Deed>(), Err(DeedError));
    assert_eq!(serde_json::from_value::<Whom>(json!("anyone")).unwrap(), Whom::Anyone);
    assert!(serde_json::from_value::<Deed>(json!("eat")).is_err());
}

#[test]
fn each_end_is_what_it_is_to_policies_and_in_sentences() {
    let document = document(AccessLevel::Restricted);
    for (end, resource, object, kind, called) in [
        (End::Tenant(tenant()), Resource::Tenant(id(1)), Object::Tenant(id(1)), "tenant", "Acme"),
        (
            End::Seat(member(Role::Member)),
            Resource::Seat(id(10)),
            Object::Member(id(10)),
            "member",
            "the seat of Anna Keller",
        ),
        (
            End::Account(account()),
            Resource::Account(id(2)),
            Object::Account(id(2)),
            "account",
            "Initech",
        ),
        (
            End::Contact(contact()),
            contact_resource(&contact()),
            Object::Contact(id(3)),
            "contact",
            "Maya Lindt",
        ),
        (
            End::Document(document.clone()),
            document_resource(&document),
            Object::Document(id(4)),
            "document",
            "“SOC 2”",
        ),
        (
            End::Request(request(), contact()),
            Resource::Request(id(15)),
            Object::Request(id(15)),
            "request",
            "a request of Maya Lindt",
        ),
    ] {
        assert_eq!((end.resource(), end.id(), end.kind()), (resource, object, kind));
        assert_eq!((end.to_string().as_str(), end.deleted_at()), (called, None));
    }
}

#[test]
fn what_was_deleted_is_an_end_that_says_so() {
    let deleted_at = Some(NOW);
    let document = Document { deleted_at, ..document(AccessLevel::Restricted) };
    for end in [
        End::Account(Account { deleted_at, ..account() }),
        End::Contact(Contact { deleted_at, ..contact() }),
        End::Document(document),
    ] {
        assert_eq!(end.deleted_at(), deleted_at);
    }
}

#[test]
fn a_verdict_is_one_sentence() {
    let end = End::Document(document(AccessLevel::Restricted));
    let told = |allowed, until: Option<&str>| {
        verdict("Maya", allowed, Action::DocumentView, &end, until.map(str::to_owned))
    };
    assert_eq!(told(true, None), "Maya may view “SOC 2”.");
    assert_eq!(told(true, Some("noon")), "Maya may view “SOC 2”, until noon.");
    for until in [None, Some("noon")] {
        assert_eq!(told(false, until), "Maya may not view “SOC 2” now.");
    }
}
