//! Questions, and what the link in their mail lets its reader do.

use std::future::IntoFuture;

use app::house::token::AnswerToken;
use domain::request::ANSWER_LIFE;
use serde_json::{Value, json};
use tests::client::Client;
use tests::world::{World, token_in};

use super::{MAYA, asked, papers};

const ANSWER: &str = "/v1/trust/acme/requests/answer";
const WITHDRAW: &str = "/v1/trust/acme/requests/withdraw";

/// Staff ask, and the mail arrives; answers the token in its link.
async fn question(world: &World, admin: &Client, path: &str, text: &str) -> String {
    let asked = admin.post(format!("{path}/ask"), json!({ "question": text })).await.expect(200);
    assert_eq!(asked["status"], "info_needed");
    world.tick().await;
    let mail = world.last_mail(MAYA);
    assert!(mail.text.contains(text), "{}", mail.text);
    token_in(&mail, "/t/acme/answer")
}

fn answer(token: &str, text: &str) -> Value {
    json!({ "token": token, "answer": text })
}

#[tokio::test]
async fn a_mailed_question_is_answered_once_and_proves_the_address() {
    let world = World::start().await;
    let (admin, maya) = (world.admin().await, world.visitor());
    let papers = papers(&world, 1).await;
    let path = asked(&world, &admin, &papers).await;
    let token = question(&world, &admin, &path, "Who will read it?").await;
    assert!(!world.last_mail(MAYA).text.contains("Maya"), "nobody has proved the address");

    let sent = maya.post(ANSWER, answer(&token, "Our auditors.")).key("k").await;
    assert_eq!((sent.status, sent.text.as_str()), (202, ""));
    let seen = admin.get(&path).await.expect(200);
    assert_eq!(
        (&seen["status"], &seen["questions"][0]["answer"]),
        (&json!("in_review"), &json!("Our auditors."))
    );
    assert_eq!(seen["contact"]["email_proved"], true);
    // A lost reply is survived; the link is spent for everything else.
    assert_eq!(maya.post(ANSWER, answer(&token, "Our auditors.")).key("k").await.status, 202);
    assert_eq!(maya.post(ANSWER, answer(&token, "Everybody!")).await.problem(403), "link-over");
    assert_eq!(maya.post(WITHDRAW, json!({ "token": token })).await.problem(403), "link-over");
    let after = admin.get(&path).await.expect(200);
    assert_eq!(after, seen);
    // From now on the mails greet by name.
    let token = question(&world, &admin, &path, "And for how long?").await;
    assert!(world.last_mail(MAYA).text.contains("Maya"), "{}", world.last_mail(MAYA).text);
    // What is known is not proved again.
    maya.post(ANSWER, answer(&token, "A year.")).await.expect(202);
    let token = question(&world, &admin, &path, "Why so long?").await;
    let before = admin.get(&path).await.expect(200)["contact"].clone();
    maya.post(WITHDRAW, json!({ "token": token })).await.expect(202);
    assert_eq!(admin.get(&path).await.expect(200)["contact"], before);
}

#[tokio::test]
async fn only_the_last_question_is_answered() {
    let world = World::start().await;
    let (admin, maya) = (world.admin().await, world.visitor());
    let papers = papers(&world, 1).await;
    let path = asked(&world, &admin, &papers).await;
    let first = question(&world, &admin, &path, "Who?").await;
    let second = question(&world, &admin, &path, "Why?").await;
    assert_ne!(first, second);
    assert_eq!(maya.post(ANSWER, answer(&first, "Me.")).await.problem(403), "link-over");
    assert_eq!(maya.post(ANSWER, answer(&second, "Audit.")).await.status, 202);
    let seen = admin.get(&path).await.expect(200);
    assert_eq!(
        (&seen["questions"][0]["answer"], &seen["questions"][1]["answer"]),
        (&Value::Null, &json!("Audit."))
    );
}

#[tokio::test]
async fn a_forged_or_strange_token_finds_nothing() {
    let world = World::start().await;
    let (admin, maya) = (world.admin().await, world.visitor());
    let globex = world.company("globex").await;
    let papers = papers(&world, 1).await;
    let path = asked(&world, &admin, &papers).await;
    let token = question(&world, &admin, &path, "Who?").await;
    let mut forged = token.clone();
    forged.replace_range(8..9, if token.as_bytes()[8] == b'A' { "B" } else { "A" });

    world.faults.count();
    let refused = maya.post(ANSWER, answer(&forged, "Me.")).await.shown();
    let reads = world.faults.disarm();
    assert!(!reads.iter().any(|call| call.operation == "dynamodb.GetItem"), "{reads:?}");
    assert_eq!(refused["status"], 404);
    for (place, token) in
        [(ANSWER, "x"), (&*format!("/v1/trust/{}/requests/answer", globex.tenant.slug), &token)]
    {
        assert_eq!(maya.post(place, answer(token, "Me.")).await.shown(), refused);
    }
    assert_eq!(maya.post(WITHDRAW, json!({ "token": forged })).await.shown(), refused);
    assert_eq!(maya.post(ANSWER, answer(&token, "")).await.pointers(), ["/answer"]);
    assert_eq!(maya.post(ANSWER, json!({ "token": token })).await.pointers(), ["/answer"]);
    assert_eq!(admin.get(&path).await.expect(200)["status"], "info_needed");
    assert_eq!(maya.post(ANSWER, answer(&token, "Me.")).await.status, 202);
}

#[tokio::test]
async fn a_request_is_taken_back_by_the_mailed_link() {
    let world = World::start().await;
    let (admin, maya) = (world.admin().await, world.visitor());
    let papers = papers(&world, 1).await;
    let path = asked(&world, &admin, &papers).await;
    let token = question(&world, &admin, &path, "Who?").await;
    let gone = maya.post(WITHDRAW, json!({ "token": token })).await;
    assert_eq!((gone.status, gone.text.as_str()), (202, ""));
    assert_eq!(admin.get(&path).await.expect(200)["status"], "withdrawn");
    assert_eq!(maya.post(WITHDRAW, json!({ "token": token })).await.problem(403), "link-over");
    assert_eq!(admin.post(format!("{path}/approve"), json!({})).await.problem(409), "wrong-state");
    let mails = world.mails_to(MAYA).len();
    world.tick().await;
    assert_eq!(world.mails_to(MAYA).len(), mails);
}

#[tokio::test]
async fn a_link_ends_with_its_time_a_suspension_and_a_new_address() {
    let world = World::start().await;
    let maya = world.visitor();
    let papers = papers(&world, 1).await;
    let contact_of = async |path: &str| -> String {
        let seen = world.admin().await.get(path).await.expect(200);
        seen["contact"]["id"].as_str().unwrap().to_owned()
    };

    let path = asked(&world, &world.admin().await, &papers).await;
    let token = question(&world, &world.admin().await, &path, "Who?").await;
    let contact = contact_of(&path).await;
    let suspend = format!("/v1/contacts/{contact}/suspend");
    world.admin().await.post(suspend, json!({})).await.expect(200);
    assert_eq!(maya.post(ANSWER, answer(&token, "Me.")).await.problem(403), "link-over");
    let back = json!({ "status": "to_review", "keep_grants": true });
    let unsuspend = format!("/v1/contacts/{contact}/unsuspend");
    world.admin().await.post(unsuspend, back).await.expect(200);
    assert_eq!(maya.post(ANSWER, answer(&token, "Me.")).await.problem(403), "link-over");

    // Whoever reads mail at the old address neither answers nor proves the new one.
    let token = question(&world, &world.admin().await, &path, "Who else?").await;
    let seen = world.admin().await.get(format!("/v1/contacts/{contact}")).await;
    let moved = json!({ "email": "maya@initech.example" });
    let changed = world.admin().await.patch(format!("/v1/contacts/{contact}"), moved);
    changed.if_match(seen.version()).await.expect(200);
    assert_eq!(maya.post(ANSWER, answer(&token, "Me.")).await.problem(403), "link-over");
    let seen = world.admin().await.get(&path).await.expect(200);
    assert_eq!(
        (&seen["contact"]["email_proved"], &seen["status"]),
        (&json!(false), &json!("info_needed"))
    );

    let path = asked(&world, &world.admin().await, &papers).await;
    let token = question(&world, &world.admin().await, &path, "Who?").await;
    world.advance(ANSWER_LIFE);
    assert_eq!(maya.post(ANSWER, answer(&token, "Me.")).await.problem(403), "link-over");
}

#[tokio::test]
async fn of_many_answers_at_once_one_lands() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 1).await;
    let path = asked(&world, &admin, &papers).await;
    let token = question(&world, &admin, &path, "Who?").await;
    let send = |text: &str| world.visitor().post(ANSWER, answer(&token, text)).into_future();
    let (a, b, c) = tokio::join!(send("a"), send("b"), send("c"));
    let mut statuses = [a.status, b.status, c.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [202, 403, 403]);
    let seen = admin.get(&path).await.expect(200);
    assert_eq!(
        (&seen["version"], &seen["questions"][0]["asked_at"]),
        (&json!(3), &seen["timeline"][1]["at"])
    );
}

#[tokio::test]
async fn a_token_for_a_question_never_asked_is_over() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 1).await;
    let path = asked(&world, &admin, &papers).await;
    let seen = admin.get(&path).await.expect(200);
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    let token = AnswerToken {
        tenant: world.acme.id(),
        contact: id(&seen["contact"]["id"]).parse().unwrap(),
        request: id(&seen["id"]).parse().unwrap(),
        round: 0,
    };
    let token = token.sign(&world.house.keys);
    assert_eq!(world.visitor().post(ANSWER, answer(&token, "Me.")).await.problem(403), "link-over");
    assert_eq!(admin.get(&path).await.expect(200), seen);
}
