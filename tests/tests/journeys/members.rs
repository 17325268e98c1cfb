//! From being invited to being gone.

use domain::contact::ReviewStatus;
use domain::member::Role;
use serde_json::json;
use store::activities::Home;
use tests::client::id_of;
use tests::trail::gap_free_trail;
use tests::world::{World, token_in};

const EMAIL: &str = "grace@navy.example";
const PASSWORD: &str = "four grey geese at noon";
const ANOTHER: &str = "five green geese at dusk";

#[tokio::test]
async fn somebody_joins_works_forgets_their_password_and_leaves_their_contacts_behind() {
    let world = World::start().await;
    let admin = world.admin().await;
    let input = json!({
        "email": EMAIL,
        "role": "representative",
        "external_communications": false,
        "manager_access": false,
    });
    let seat = id_of(&admin.post("/v1/members", input).await.expect(201));
    world.tick().await;
    let token = token_in(&world.last_mail(EMAIL), "/invitation");
    let office = world.visitor();
    let taking = json!({ "token": token, "name": "Grace Hopper", "password": PASSWORD });
    office.post("/v1/invitations/accept", taking).await.expect(201);
    let contact = json!({ "email": "ada@example.com", "first_name": "Ada", "last_name": "L" });
    let contact = id_of(&office.post("/v1/contacts", contact).await.expect(201));

    // At home she has forgotten what she chose.
    world.visitor().post("/v1/password-resets", json!({ "email": EMAIL })).await.expect(202);
    world.tick().await;
    let token = token_in(&world.last_mail(EMAIL), "/password-reset");
    let set = json!({ "token": token, "password": ANOTHER });
    world.visitor().post("/v1/password-resets/complete", set).await.expect(204);
    assert_eq!(office.get("/v1/contacts").await.problem(401), "sign-in");
    let home = world.visitor();
    let input = json!({ "email": EMAIL, "password": ANOTHER });
    home.post("/v1/sessions", input.clone()).await.expect(201);
    home.get(format!("/v1/contacts/{contact}")).await.expect(200);

    let heir = world.seat(world.acme.id(), Role::Representative).await;
    let path = format!("/v1/members/{seat}");
    admin.delete(&path).await.problem(409);
    admin.delete(format!("{path}?successor={}", heir.id)).await.expect(204);
    assert_eq!(home.get("/v1/contacts").await.problem(403), "choose-tenant");
    let out = world.visitor().post("/v1/sessions", input).await.expect(201);
    assert_eq!(out["seats"], json!([]));
    world.tick().await;
    let theirs = world.client_of(world.acme.id(), &heir).await;
    let found = theirs.get(format!("/v1/contacts/{contact}")).await.expect(200);
    assert_eq!(found["owner_id"], json!(heir.id));

    let store = world.store_of(&world.acme);
    let verbs: Vec<String> = gap_free_trail(&store, Home::Tenant)
        .await
        .into_iter()
        .filter(|line| line.object.to_string() == seat)
        .map(|line| line.verb)
        .collect();
    let wanted =
        ["members.create", "invitations.accept", "password_resets.complete", "members.delete"];
    assert_eq!(verbs, wanted);
    let ada = store.contact(contact.parse().unwrap()).await.unwrap().unwrap();
    assert_ne!(ada.status, ReviewStatus::Cancelled, "nobody outside lost anything");
}
