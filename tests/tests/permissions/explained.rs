//! What explains a right says of every row what the row's own route answers.

use std::fmt::Write;

use tests::world::World;

use crate::permissions::asks::{Sent, prepare, send};
use crate::permissions::stage::{Stage, Standing};
use crate::permissions::table::{Who, rows};

/// Who asks in the table and has a seat that can be asked about.
const MEMBERS: [Who; 4] =
    [Who::Administrator, Who::AccountManager, Who::Representative, Who::Member];

/// The action that a row's route decides, where it is one on the thing that its path names, or on
/// the company.
fn action(route: &str, variant: &str) -> Option<&'static str> {
    Some(match (route, variant) {
        ("tenant.read", _) => "tenant.read",
        ("tenant.update", _) => "tenant.edit",
        ("nda_versions.list", _) => "nda.read",
        ("nda_versions.create", _) => "nda.publish",
        ("members.list", _) => "members.list",
        ("members.read", _) => "member.read",
        ("accounts.list", _) => "accounts.list",
        ("accounts.create", _) => "account.create",
        ("accounts.read", _) => "account.read",
        ("accounts.update", _) => "account.edit",
        ("accounts.delete", _) => "account.delete",
        ("activity.list", "me" | "them") => "member.deeds",
        ("activity.list", _) => "activity.read",
        ("contacts.list", _) => "contacts.list",
        ("contacts.create", "-") => "contact.create",
        ("contacts.read" | "contacts.documents" | "contacts.requests", _) => "contact.read",
        ("contacts.update", "status") | ("contacts.suspend" | "contacts.unsuspend", _) => {
            "contact.set_status"
        }
        ("contacts.update", _) | ("contacts.share", "own" | "other") => "contact.edit",
        ("contacts.delete", _) => "contact.delete",
        ("contacts.activity", _) => "contact.activity",
        ("contacts.magic_link", _) => "contact.invite",
        ("documents.list", _) => "documents.list",
        ("documents.create", _) => "document.create",
        ("documents.read", _) => "document.read",
        ("documents.update", _) => "document.edit",
        ("documents.delete", _) => "document.delete",
        ("documents.access" | "documents.events" | "documents.signatures", _) => "document.access",
        ("documents.write", _) => "document.share",
        ("files.create", _) => "document.upload",
        ("requests.list", _) => "requests.list",
        ("requests.read", _) => "request.read",
        ("requests.ask", _) => "request.ask",
        (
            "requests.start_review" | "requests.approve" | "requests.reject" | "requests.decide",
            _,
        ) => "request.decide",
        _ => return None,
    })
}

/// What a row is about: the thing that its path or its query names, else the company.
fn object(stage: &Stage<'_>, sent: &Sent) -> String {
    let query = sent.query.as_str();
    let named = query.strip_prefix("?object=").or_else(|| query.strip_prefix("?actor="));
    let named = named.map(str::to_owned);
    named.or_else(|| sent.parts.first().cloned()).unwrap_or_else(|| stage.company.id().to_string())
}

#[tokio::test]
async fn what_is_explained_of_a_row_is_what_its_route_answers() {
    let world = World::start().await;
    let (mut wrong, mut compared) = (String::new(), 0);
    for row in rows() {
        let Some(action) = action(row.route, row.variant) else { continue };
        for who in MEMBERS {
            let stage = Stage::set(&world, who, Standing::New).await;
            let sent = prepare(&stage, row.route, row.variant).await;
            let (principal, object) = (stage.owner.id, object(&stage, &sent));
            let admin = world.admin_of(&stage.company).await;
            let why = format!("/v1/explain?principal={principal}&action={action}&object={object}");
            let why = admin.get(why).await.expect(200);
            let reply = send(&stage, row.route, sent).await;
            let answered = if reply.status < 400 { "allow" } else { "deny" };
            compared += 1;
            if why["decision"] != answered {
                let (route, variant) = (row.route, row.variant);
                writeln!(wrong, "{route} {variant} {who:?}: {answered}, but {why}").unwrap();
            }
            let reasons = why["reasons"].as_array().map_or(0, Vec::len);
            assert!(reasons != 0, "no reason in {why}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(100 < compared, "only {compared} rows were compared");
}
