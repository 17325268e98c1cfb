//! What is asked for about seats and passwords.

use domain::member::Role;
use serde_json::json;
use tests::seed::address;

use crate::permissions::asks::{Sent, at, body};
use crate::permissions::stage::Stage;

/// A password that nobody tries first.
const PASSWORD: &str = "four grey geese at noon";

pub(super) async fn seats(stage: &Stage<'_>, name: &str, variant: &str) -> Sent {
    let (world, company) = (stage.world, &stage.company);
    let whose = stage.whose(variant);
    match name {
        "members.create" => body(json!({
            "email": address(),
            "role": "member",
            "external_communications": false,
            "manager_access": false,
        })),
        "members.update" => at(whose.id).with(json!({ "manager_access": true })).if_match(1),
        "members.delete" if variant == "own" => {
            let query = format!("?successor={}", company.administrator.id);
            Sent { query, ..at(whose.id) }
        }
        "members.read" | "members.delete" => at(whose.id),
        "members.reset_mfa" => {
            // Turning it on ends a person's other sessions, also the one that asks.
            let own =
                stage.session.as_ref().filter(|session| session.identity_id == whose.identity_id);
            if own.is_some() {
                world.turn_on_second_factor(&stage.client).await;
            } else {
                let (theirs, _) = world.session_of(company.id(), whose).await;
                world.turn_on_second_factor(&theirs).await;
            }
            at(whose.id)
        }
        "members.invite" => at(world.offer(company, Role::Member).await.0.id),
        "invitations.cover" => body(json!({ "token": world.offer(company, Role::Member).await.1 })),
        "invitations.accept" => {
            let (_, token) = world.offer(company, Role::Member).await;
            body(json!({ "token": token, "name": "Somebody", "password": PASSWORD }))
        }
        "password_resets.create" => body(json!({ "email": stage.owner.email })),
        "password_resets.complete" => {
            body(json!({ "token": world.reset_token(&stage.owner), "password": PASSWORD }))
        }
        _ => Sent::default(),
    }
}
