//! What people do about themselves and their seats.

use serde_json::json;

use super::{PASSWORD, Scale};
use crate::authenticator::Authenticator;
use crate::client::{Client, id_of};
use crate::world::token_in;

impl Scale<'_> {
    pub(super) async fn me(&mut self, boss: &Client) {
        let me = self.weigh("me.read", boss.get("/v1/me")).await;
        let rename = boss.patch("/v1/me", json!({ "name": "G. Belson" }));
        self.weigh("me.update", rename.if_match(me.version())).await;
        let another =
            json!({ "current_password": PASSWORD, "password": "nineteen lilac lobsters" });
        self.weigh("me.password", boss.post("/v1/me/password", another)).await;
        let proof = json!({ "password": "nineteen lilac lobsters" });
        self.weigh("sessions.prove", boss.post("/v1/sessions/current/proof", proof)).await;
        let seed = self.weigh("me.enrol_totp", boss.post("/v1/me/totp", json!({}))).await;
        let code = json!({ "code": Authenticator::enrolled(&seed.body).shows(self.world.now()) });
        self.weigh("me.confirm_totp", boss.post("/v1/me/totp/confirm", code)).await;
        let renewed = boss.post("/v1/me/recovery-codes", json!({}));
        self.weigh("me.renew_recovery_codes", renewed).await;
        self.weigh("me.remove_totp", boss.delete("/v1/me/totp")).await;
    }

    pub(super) async fn seats(&mut self, admin: &Client) {
        let (world, email) = (self.world, "richard@piedpiper.example");
        let input = json!({ "email": email, "role": "member", "external_communications": false, "manager_access": false });
        let seat = self.weigh("members.create", admin.post("/v1/members", input)).await;
        let path = format!("/v1/members/{}", id_of(&seat.body));
        let again = admin.post(format!("{path}/invite"), json!({}));
        self.weigh("members.invite", again).await;
        world.tick().await;
        let token = json!({ "token": token_in(&world.last_mail(email), "/invitation") });
        let browser = world.visitor();
        let cover = browser.post("/v1/invitations/cover", token.clone());
        self.weigh("invitations.cover", cover).await;
        let accept = json!({ "token": token["token"], "name": "Richard", "password": PASSWORD });
        self.weigh("invitations.accept", browser.post("/v1/invitations/accept", accept)).await;

        let forgotten = browser.post("/v1/password-resets", json!({ "email": email }));
        self.weigh("password_resets.create", forgotten).await;
        world.tick().await;
        let token = token_in(&world.last_mail(email), "/password-reset");
        let set = json!({ "token": token, "password": "nineteen lilac lobsters" });
        let set = browser.post("/v1/password-resets/complete", set);
        self.weigh("password_resets.complete", set).await;

        let input = json!({ "email": email, "password": "nineteen lilac lobsters" });
        browser.post("/v1/sessions", input).await.expect(201);
        world.turn_on_second_factor(&browser).await;
        let lost = admin.post(format!("{path}/reset-mfa"), json!({}));
        self.weigh("members.reset_mfa", lost).await;
        let version = admin.get(&path).await.version();
        let suspend = admin.patch(&path, json!({ "suspended": true })).if_match(version);
        self.weigh("members.update", suspend).await;
        self.weigh("members.delete", admin.delete(&path)).await;
        world.tick().await;
    }
}
