use std::collections::{BTreeSet, HashSet};
use std::fs::{read_dir, read_to_string};
use std::path::Path;

use super::*;

mod clauses;
mod table;

const MEMBER: &str = "mem_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9";
const CONTACT: &str = "con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9";
const DOCUMENT: &str = "doc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9";

fn rules() -> &'static Rules {
    RULES.as_ref().unwrap()
}

#[test]
fn the_policies_pass_strict_validation() {
    assert_eq!(rules().complaints(), Vec::<String>::new());
}

#[test]
fn the_schema_declares_exactly_our_actions() {
    let mut ours: Vec<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
    ours.sort_unstable();
    assert_eq!(rules().action_names(), ours);
}

#[test]
fn every_policy_has_an_id_of_its_own_and_says_what_it_does() {
    let all: Vec<_> = crate::policies().collect();
    let ids: HashSet<_> = all.iter().map(|policy| policy.id).collect();
    assert_eq!(ids.len(), all.len());
    assert_eq!(all.first().unwrap().id, "administrator.tenant", "the order of the file");
    for policy in all {
        assert!(policy.says.split_whitespace().count() > 3, "`{}` says too little", policy.id);
    }
    assert!(ids.contains(NDA_FIRST) && ids.contains(NDA_FIRST_GUEST));
}

#[test]
fn what_we_hand_over_is_what_the_schema_expects() {
    let member = MEMBER.parse().unwrap();
    let document = DOCUMENT.parse().unwrap();
    let principals = [
        Principal::Member(Member {
            id: member,
            role: Role::AccountManager,
            external_communications: true,
        }),
        Principal::Contact(Contact {
            id: CONTACT.parse().unwrap(),
            approved: true,
            nda_accepted: false,
            view: vec![document],
            download: Vec::new(),
        }),
        Principal::Guest(Guest {
            id: "dev_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap(),
            standing: Standing::Trusted,
            nda_accepted: true,
            document,
            rights: Rights::default(),
        }),
        Principal::Anyone,
    ];
    let resources = [
        Resource::Tenant("ten_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap()),
        Resource::Seat(member),
        Resource::Account("acc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap()),
        Resource::Contact { id: CONTACT.parse().unwrap(), owner: Some(member) },
        Resource::Contact { id: CONTACT.parse().unwrap(), owner: None },
        Resource::Document(Document {
            id: document,
            uploader: member,
            access_level: AccessLevel::Nda,
            published: true,
        }),
        Resource::Link(Link {
            id: "lnk_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap(),
            maker: member,
            uploader: member,
            owner: Some(member),
        }),
        Resource::Request("req_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap()),
    ];
    let principals = principals.iter().map(|principal| principal.entity(rules()).unwrap());
    let resources = resources.iter().map(|resource| resource.entity(rules()).unwrap());
    for entity in principals.chain(resources) {
        assert_eq!(rules().complaint(entity), None);
    }
}

#[test]
fn a_policy_without_its_annotations_does_not_parse() {
    let schema = include_str!("../../policies/trust.schema.json");
    let nameless = Rules::parse(schema, "permit (principal, action, resource);").unwrap_err();
    assert!(matches!(nameless, RulesError::FindAnnotation { annotation: "says", .. }));
    let twice = r#"@id("x") @says("y") permit (principal, action, resource);"#.repeat(2);
    let twice = Rules::parse(schema, &twice).unwrap_err();
    assert!(matches!(twice, RulesError::NamePolicies(_)));
}

#[test]
fn a_policy_that_cannot_be_evaluated_denies() {
    let schema = include_str!("../../policies/trust.schema.json");
    let broken = r#"
        @id("all") @says("everybody everything") permit (principal, action, resource);
        @id("not") @says("not the unknown") forbid (principal, action, resource)
            when { principal.unknown };
    "#;
    let rules: &'static Rules = Box::leak(Box::new(Rules::parse(schema, broken).unwrap()));
    let tenant = Resource::Tenant("ten_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap());
    let principal = Principal::Anyone.entity(rules).unwrap();
    let resource = tenant.entity(rules).unwrap();
    let decided = rules.decide(principal, Action::TrustRead.as_str(), resource);
    assert!(matches!(decided, Err(RulesError::Evaluate(_))));
}

#[test]
fn the_schema_in_json_is_the_one_that_people_read() {
    let json = include_str!("../../policies/trust.schema.json");
    let json = SchemaFragment::from_json_str(json).unwrap();
    assert_eq!(json.to_json_string().unwrap(), schema_as_json().unwrap());
}

#[test]
fn what_can_permit_is_found_by_who_asks_and_for_what() {
    let contact = Principal::Contact(Contact {
        id: CONTACT.parse().unwrap(),
        approved: false,
        nda_accepted: false,
        view: Vec::new(),
        download: Vec::new(),
    });
    let member = Principal::Member(Member {
        id: MEMBER.parse().unwrap(),
        role: Role::Member,
        external_communications: false,
    });
    let document = Resource::Document(Document {
        id: DOCUMENT.parse().unwrap(),
        uploader: MEMBER.parse().unwrap(),
        access_level: AccessLevel::Nda,
        published: false,
    });
    let seat = Resource::Seat(MEMBER.parse().unwrap());
    let ids = |who: &Principal, action, what: &Resource| -> Vec<&str> {
        permitting(who, action, what).map(|policy| policy.id).collect()
    };
    assert_eq!(ids(&contact, Action::DocumentView, &document), ["contact.view"]);
    let both = ["reviewers.documents", "uploader.documents"];
    assert_eq!(ids(&member, Action::DocumentDownload, &document), both);
    assert_eq!(ids(&member, Action::ActivityRead, &seat), ["reviewers.activity"]);
    let tenant = Resource::Tenant("ten_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap());
    assert_eq!(ids(&member, Action::TenantEdit, &tenant), ["administrator.tenant"]);
    assert_eq!(ids(&contact, Action::DocumentEdit, &document), [""; 0]);
    assert_eq!(ids(&Principal::Anyone, Action::TrustRead, &document), [""; 0]);
    assert!(
        is_done_by(Action::DocumentView, &contact) && !is_done_by(Action::DocumentView, &member)
    );
    assert!(is_done_to(Action::ActivityRead, &seat) && !is_done_to(Action::MemberRead, &document));
}

#[test]
fn what_can_permit_is_found_however_its_scope_is_written() {
    let schema = include_str!("../../policies/trust.schema.json");
    let policies = r#"
        @id("any") @says("-") permit (principal, action, resource);
        @id("one") @says("-") permit (
            principal == Trust::Anyone::"anyone",
            action == Trust::Action::"trust.read",
            resource == Trust::Tenant::"acme"
        );
        @id("in") @says("-") permit (
            principal in Trust::Role::"member",
            action in [Trust::Action::"tenant.read", Trust::Action::"member.read"],
            resource in Trust::Tenant::"acme"
        );
        @id("is-in") @says("-") permit (
            principal is Trust::Member in Trust::Role::"member",
            action,
            resource is Trust::Tenant in Trust::Tenant::"acme"
        );
    "#;
    let rules: &'static Rules = Box::leak(Box::new(Rules::parse(schema, policies).unwrap()));
    let ids = |who, action, what| -> Vec<&str> {
        rules.permitting(who, action, what).map(|policy| policy.id).collect()
    };
    assert_eq!(ids("Anyone", "trust.read", "Tenant"), ["any", "one"]);
    assert_eq!(ids("Member", "tenant.read", "Tenant"), ["any", "in", "is-in"]);
    assert_eq!(ids("Member", "member.read", "Seat"), ["any"]);
    assert_eq!(ids("Contact", "portal.open", "Tenant"), ["any"]);
}

#[test]
fn every_action_is_known_by_its_name() {
    for action in Action::ALL {
        assert_eq!(Action::named(action.as_str()), Some(*action));
    }
    assert_eq!(Action::named("document.fly"), None);
}

#[test]
fn every_action_is_asked_for_on_the_floors_above() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders = vec![root.join("crates/app/src"), root.join("functions/src")];
    let mut words = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for path in read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = read_to_string(path).unwrap();
                words.extend(text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
            }
        }
    }
    let is_idle = |action: &&Action| !words.contains(&format!("{action:?}"));
    assert_eq!(Action::ALL.iter().filter(is_idle).collect::<Vec<_>>(), [&Action::TenantRead; 0]);
}
