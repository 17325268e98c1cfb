//! Every cell of `policies/trust.table` is decided, and so is every cell that it leaves out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use domain::document::AccessLevel;
use domain::id::{ContactId, DocumentId, MemberId};
use domain::link::guest::Standing;
use domain::link::{Right, Rights};
use domain::member::Role;

use crate::Decision;
use crate::trust::{
    Action, Contact, Document, Guest, Link, Member, NDA_FIRST, Principal, Resource, decide,
};

const TABLE: &str = include_str!("../../../policies/trust.table");

/// Who asks, in the order of the table's columns.
pub(super) const COLUMNS: [&str; 16] = [
    "admin",
    "manager",
    "rep",
    "member",
    "free",
    "given",
    "viewer",
    "unsigned",
    "stranger",
    "shut",
    "bearer",
    "trusted",
    "verified",
    "pending",
    "elsewhere",
    "anyone",
];

/// What is asked for, and the plain thing it is treated as if it has no row of its own.
pub(super) const RESOURCES: [(&str, &str); 20] = [
    ("tenant", "tenant"),
    ("own-seat", "own-seat"),
    ("others-seat", "others-seat"),
    ("account", "account"),
    ("request", "request"),
    ("own-contact", "own-contact"),
    ("others-contact", "others-contact"),
    ("ownerless-contact", "others-contact"),
    ("own-document", "own-document"),
    ("others-document", "others-document"),
    ("public-document", "others-document"),
    ("nda-document", "others-document"),
    ("own-draft", "own-document"),
    ("others-draft", "others-document"),
    ("public-draft", "others-document"),
    ("own-link", "own-link"),
    ("others-link", "others-link"),
    ("ownerless-link", "others-link"),
    ("lent-link", "lent-link"),
    ("kept-link", "kept-link"),
];

fn me() -> MemberId {
    "mem_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap()
}

fn somebody_else() -> MemberId {
    "mem_01J9ZC0ZJ8Q4W3T9V5N6M7K8PA".parse().unwrap()
}

fn contact_id() -> ContactId {
    "con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap()
}

fn document_id() -> DocumentId {
    "doc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap()
}

fn other_document_id() -> DocumentId {
    "doc_01J9ZC0ZJ8Q4W3T9V5N6M7K8PA".parse().unwrap()
}

fn member(role: Role) -> Principal {
    Principal::Member(Member { id: me(), role, external_communications: false })
}

fn given() -> Contact {
    Contact {
        id: contact_id(),
        approved: true,
        nda_accepted: true,
        view: vec![document_id()],
        download: vec![document_id()],
    }
}

fn guest(standing: Standing) -> Guest {
    let rights = vec![Right::View, Right::Download, Right::Write, Right::Sign];
    Guest {
        id: "dev_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap(),
        standing,
        nda_accepted: standing != Standing::Bearer,
        document: document_id(),
        rights: rights.try_into().unwrap(),
    }
}

pub(super) fn principal(column: &str) -> Principal {
    match column {
        "admin" => member(Role::Administrator),
        "manager" => member(Role::AccountManager),
        "rep" => member(Role::Representative),
        "member" => member(Role::Member),
        "free" => Principal::Member(Member {
            id: me(),
            role: Role::Representative,
            external_communications: true,
        }),
        "given" => Principal::Contact(given()),
        "viewer" => Principal::Contact(Contact { download: vec![], ..given() }),
        "unsigned" => Principal::Contact(Contact { nda_accepted: false, ..given() }),
        "stranger" => Principal::Contact(Contact {
            nda_accepted: false,
            view: vec![],
            download: vec![],
            ..given()
        }),
        "shut" => Principal::Contact(Contact { approved: false, ..given() }),
        "bearer" => Principal::Guest(guest(Standing::Bearer)),
        "trusted" => Principal::Guest(guest(Standing::Trusted)),
        "verified" => Principal::Guest(guest(Standing::Verified)),
        "pending" => Principal::Guest(Guest { nda_accepted: false, ..guest(Standing::Verified) }),
        "elsewhere" => {
            Principal::Guest(Guest { document: other_document_id(), ..guest(Standing::Verified) })
        }
        "anyone" => Principal::Anyone,
        unknown => panic!("no column is called `{unknown}`"),
    }
}

pub(super) fn resource(name: &str) -> Resource {
    use AccessLevel::{Nda, Public, Restricted};

    let document = |uploader, access_level, published| {
        Resource::Document(Document { id: document_id(), uploader, access_level, published })
    };
    let link = |maker, uploader, owner| {
        let id = "lnk_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap();
        Resource::Link(Link { id, maker, uploader, owner })
    };
    match name {
        "own-link" => link(me(), somebody_else(), None),
        "others-link" => link(somebody_else(), somebody_else(), Some(somebody_else())),
        "ownerless-link" => link(somebody_else(), somebody_else(), None),
        "lent-link" => link(somebody_else(), me(), None),
        "kept-link" => link(somebody_else(), somebody_else(), Some(me())),
        "tenant" => Resource::Tenant("ten_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap()),
        "own-seat" => Resource::Seat(me()),
        "others-seat" => Resource::Seat(somebody_else()),
        "account" => Resource::Account("acc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap()),
        "request" => Resource::Request("req_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap()),
        "own-contact" => Resource::Contact { id: contact_id(), owner: Some(me()) },
        "others-contact" => Resource::Contact { id: contact_id(), owner: Some(somebody_else()) },
        "ownerless-contact" => Resource::Contact { id: contact_id(), owner: None },
        "own-document" => document(me(), Restricted, true),
        "others-document" => document(somebody_else(), Restricted, true),
        "public-document" => document(somebody_else(), Public, true),
        "nda-document" => document(somebody_else(), Nda, true),
        "own-draft" => document(me(), Restricted, false),
        "others-draft" => document(somebody_else(), Restricted, false),
        "public-draft" => document(somebody_else(), Public, false),
        unknown => panic!("no resource is called `{unknown}`"),
    }
}

/// The table's cells by action and resource, each row in the order of [`COLUMNS`].
fn rows() -> BTreeMap<(&'static str, &'static str), Vec<&'static str>> {
    let mut rows = BTreeMap::new();
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        let mut words = line.split_whitespace().filter(|word| *word != "|");
        let (action, resource) = (words.next().unwrap(), words.next().unwrap());
        let cells: Vec<_> = words.collect();
        assert_eq!(cells.len(), COLUMNS.len(), "cells in `{line}`");
        assert!(Action::ALL.iter().any(|known| known.as_str() == action), "action in `{line}`");
        assert!(RESOURCES.iter().any(|(known, _)| *known == resource), "resource in `{line}`");
        assert!(rows.insert((action, resource), cells).is_none(), "`{line}` stands twice");
    }
    rows
}

fn cell(column: &str, action: Action, name: &str) -> &'static str {
    let decision = decide(&principal(column), action, &resource(name));
    match (decision.allowed, decision.policies.is_empty()) {
        (true, false) => "yes",
        (false, true) => "-",
        (false, false) => "stop",
        (true, true) => "allowed by nothing",
    }
}

#[test]
fn every_cell_is_decided_as_the_table_says() {
    let rows = rows();
    let nobody = vec!["-"; COLUMNS.len()];
    let mut wrong = String::new();
    for action in Action::ALL {
        for (name, plain) in RESOURCES {
            let action_name = action.as_str();
            let row = rows.get(&(action_name, name)).or_else(|| rows.get(&(action_name, plain)));
            for (column, told) in COLUMNS.iter().zip(row.unwrap_or(&nobody)) {
                let decided = cell(column, *action, name);
                if decided != *told {
                    writeln!(wrong, "{action_name} {name} {column}: {decided}, not {told}")
                        .unwrap();
                }
            }
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn every_action_has_a_row() {
    let named: BTreeSet<_> = rows().into_keys().map(|(action, _)| action).collect();
    let all: BTreeSet<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
    assert_eq!(named, all);
}

#[test]
fn a_decision_names_the_policies_that_made_it() {
    let named = |column, action, name| decide(&principal(column), action, &resource(name)).policies;
    let both = ["owner.contacts", "reviewers.contacts"];
    assert_eq!(named("admin", Action::ContactRead, "own-contact"), both);
    assert_eq!(named("member", Action::ContactRead, "own-contact"), ["owner.contacts"]);
    assert_eq!(named("anyone", Action::DocumentDownload, "public-draft"), ["never.unpublished"]);
    assert_eq!(named("unsigned", Action::DocumentView, "nda-document"), [NDA_FIRST]);
}

#[test]
fn the_agreement_is_not_asked_for_where_accepting_it_would_open_nothing() {
    let view_only = Contact { nda_accepted: false, download: vec![], ..given() };
    let decided = |contact: &Contact, action, document: &Resource| {
        decide(&Principal::Contact(contact.clone()), action, document)
    };
    let document = resource("nda-document");
    assert!(decided(&view_only, Action::DocumentView, &document).stopped_only_by(NDA_FIRST));
    let download = decided(&view_only, Action::DocumentDownload, &document);
    assert_eq!(download, Decision { allowed: false, policies: vec![] });

    let Resource::Document(published) = document else { panic!("a document is a document") };
    let draft = Resource::Document(Document { published: false, ..published });
    let view = decided(&view_only, Action::DocumentView, &draft);
    assert_eq!(view.policies, [NDA_FIRST, "never.unpublished"]);
    assert!(!view.stopped_only_by(NDA_FIRST));
}

#[test]
fn a_grant_on_one_document_opens_no_other() {
    let other = other_document_id();
    let principal =
        Principal::Contact(Contact { view: vec![other], download: vec![other], ..given() });
    for action in [Action::DocumentView, Action::DocumentDownload] {
        assert!(!decide(&principal, action, &resource("nda-document")).allowed);
    }
}

#[test]
fn a_right_of_a_link_opens_its_own_act_and_no_other() {
    let acts = [
        (Right::View, Action::DocumentView),
        (Right::Download, Action::DocumentDownload),
        (Right::Write, Action::DocumentWrite),
        (Right::Sign, Action::DocumentSign),
    ];
    for (right, _) in acts {
        let held = vec![Right::View, right];
        let rights: Rights = held.clone().try_into().unwrap();
        let guest = Principal::Guest(Guest { rights, ..guest(Standing::Verified) });
        for (asked, action) in acts {
            let decided = decide(&guest, action, &resource("others-document"));
            assert_eq!(decided.allowed, held.contains(&asked), "{held:?}, asked for {asked:?}");
        }
    }
}
