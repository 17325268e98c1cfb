//! `/v1/activity`.

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::member::Role;
use serde_json::{Value, json};
use tests::client::{Client, id_of};
use tests::world::World;

async fn verbs(client: &Client, object: impl ToString) -> Vec<String> {
    let trail = client.get(format!("/v1/activity?object={}", object.to_string())).await.expect(200);
    let lines = trail["items"].as_array().unwrap();
    lines.iter().map(|line| line["verb"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_contacts_trail_tells_who_did_what_and_reveals_its_values() {
    let world = World::start().await;
    let seat = world.seat(world.acme.id(), Role::Member).await;
    let member = world.client_of(world.acme.id(), &seat).await;
    let input = json!({ "email": "ada@x.example", "first_name": "Ada", "last_name": "Lovelace" });
    let contact = id_of(&member.post("/v1/contacts", input).await.expect(201));
    let rename = json!({ "first_name": "Augusta" });
    member.patch(format!("/v1/contacts/{contact}"), rename).if_match(1).await.expect(200);

    let trail = member.get(format!("/v1/activity?object={contact}")).await.expect(200);
    let line = &trail["items"][0];
    assert_eq!((&line["verb"], &line["seq"]), (&json!("contacts.update"), &json!(2)));
    assert_eq!(line["detail"], json!({ "first_name": ["Ada", "Augusta"] }));
    assert_eq!(line["actor"], json!({ "kind": "member", "id": seat.id, "name": seat.name }));
    assert_eq!((&line["object"], line["network"].is_string()), (&json!(contact), true));
    assert_eq!(trail["items"][1]["detail"]["email"], "ada@x.example");
    assert_eq!(verbs(&member, &contact).await, ["contacts.update", "contacts.create"]);
}

#[tokio::test]
async fn a_documents_trail_joins_what_happened_to_it_and_what_was_shared_of_it() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await;
    let path = format!("/v1/documents/{}", document.id);
    admin.patch(&path, json!({ "title": "Report 2" })).if_match(1).await.expect(200);
    let share = json!({ "add": [{ "document_id": document.id }] });
    admin.patch(format!("/v1/contacts/{}/documents", contact.id), share).await.expect(200);
    admin.patch(&path, json!({ "title": "Report 3" })).if_match(2).await.expect(200);

    let all = ["documents.update", "contacts.share", "documents.update"];
    assert_eq!(verbs(&admin, document.id).await, all);
    let first = admin.get(format!("/v1/activity?object={}&limit=2", document.id)).await.expect(200);
    let next = first["next"].as_str().unwrap();
    let path = format!("/v1/activity?object={}&limit=2&cursor={next}", document.id);
    let second = admin.get(path).await.expect(200);
    assert_eq!((first["items"].as_array().unwrap().len(), &second["next"]), (2, &Value::Null));
    assert_eq!(second["items"][0]["detail"]["title"], json!(["Report", "Report 2"]));
}

#[tokio::test]
async fn a_requests_trail_tells_what_became_of_it_to_reviewers() {
    let world = World::start().await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await;
    let paper = world.paper(&world.acme, "Report").await;
    let request = world.request(&world.acme, &contact, &[paper]).await.id;
    let admin = world.admin().await;
    admin.post(format!("/v1/requests/{request}/reject"), json!({})).await.expect(200);
    assert_eq!(verbs(&admin, request).await, ["requests.reject"]);
    let member = world.member(Role::Member).await;
    let absent = "req_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".to_owned();
    for (client, object) in [(&member, request.to_string()), (&admin, absent)] {
        let reply = client.get(format!("/v1/activity?object={object}")).await;
        assert_eq!(reply.problem(404), "not-found", "{object}");
    }
}

#[tokio::test]
async fn each_reads_the_trail_of_what_they_reach() {
    let world = World::start().await;
    let seat = world.seat(world.acme.id(), Role::Representative).await;
    let member = world.client_of(world.acme.id(), &seat).await;
    let (acme, level) = (&world.acme, AccessLevel::Restricted);
    let own = world.document_by(acme, &seat, "Own", level).await.id.to_string();
    let others = world.document(acme, "Others'", level).await.id.to_string();
    let contact = world.contact(acme, "ada@x.example", ReviewStatus::Approved).await.id.to_string();
    let account = world.account(acme, "x.example", ReviewStatus::Approved).await.id.to_string();
    let tenant = acme.id().to_string();
    let manager = world.member(Role::AccountManager).await;
    for object in [&own, &others, &contact, &account, &tenant] {
        verbs(&manager, object).await;
    }
    verbs(&member, &own).await;
    for hidden in [&others, &contact, &account] {
        let reply = member.get(format!("/v1/activity?object={hidden}")).await;
        assert_eq!(reply.problem(404), "not-found", "{hidden}");
    }
    for seen in [&tenant, &seat.id.to_string()] {
        let reply = member.get(format!("/v1/activity?object={seen}")).await;
        assert_eq!(reply.problem(403), "forbidden", "{seen}");
    }
    let stranger = world.company("globex").await;
    let stranger = world.admin_of(&stranger).await;
    for object in [&own, &others, &contact, &account, &tenant, &seat.id.to_string()] {
        let reply = stranger.get(format!("/v1/activity?object={object}")).await;
        assert_eq!(reply.problem(404), "not-found", "{object}");
    }
}

#[tokio::test]
async fn what_has_no_trail_of_its_own_is_not_there() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await.id;
    let paper = world.paper(&world.acme, "Paper").await;
    let grant = world.grant(&world.acme, contact, paper).await.id;
    let reply = admin.get(format!("/v1/activity?object={grant}")).await;
    assert_eq!(reply.problem(404), "not-found");
    for (query, named) in [
        ("", vec!["object", "actor"]),
        ("?verb=contacts.create", vec!["object", "actor"]),
        ("?object=x", vec!["object"]),
        ("?actor=x", vec!["actor"]),
        (&format!("?actor={paper}"), vec!["actor"]),
        (&format!("?object={contact}&verb=contacts"), vec!["verb"]),
        (&format!("?object={contact}&verb=*"), vec!["verb"]),
        (&format!("?object={contact}&from=yesterday"), vec!["from"]),
        (&format!("?object={contact}&to=2030-02-30T00:00:00Z"), vec!["to"]),
        (&format!("?object={contact}&cursor=enp6"), vec!["cursor"]),
        (&format!("?object={contact}&limit=101"), vec!["limit"]),
    ] {
        let reply = admin.get(format!("/v1/activity{query}")).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", named), "{query}");
    }
    let nobody = "mem_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9";
    let reply = admin.get(format!("/v1/activity?actor={nobody}")).await;
    assert_eq!(reply.problem(404), "not-found");
}

#[tokio::test]
async fn a_deleted_contacts_trail_stays_for_reviewers() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await.id;
    let path = format!("/v1/contacts/{contact}");
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(admin.get(&path).await.problem(404), "not-found");
    assert_eq!(verbs(&admin, contact).await, ["contacts.delete"]);
}

/// Verbs and objects of all pages of a trail, newest first, and how many pages there were.
async fn pages(client: &Client, query: &str) -> (Vec<(String, String)>, usize) {
    let (mut lines, mut cursor) = (Vec::new(), String::new());
    for page in 1..=40 {
        let path = format!("/v1/activity?{query}{cursor}");
        let body = client.get(path).await.expect(200);
        for line in body["items"].as_array().unwrap() {
            let text = |field: &str| line[field].as_str().unwrap().to_owned();
            lines.push((text("verb"), text("object")));
        }
        match body["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (lines, page),
        }
    }
    panic!("no last page of {query}");
}

#[tokio::test]
async fn what_somebody_did_is_found_in_every_home_newest_first() {
    let world = World::start().await;
    let seat = world.seat(world.acme.id(), Role::AccountManager).await;
    let manager = world.client_of(world.acme.id(), &seat).await;
    let mut done = Vec::new();
    for round in 0..3 {
        let contact = json!({ "first_name": "Ada", "last_name": format!("No {round}") });
        let contact = id_of(&manager.post("/v1/contacts", contact).await.expect(201));
        done.push(("contacts.create".to_owned(), contact));
        world.advance(jiff::SignedDuration::from_secs(1));
        let account = json!({
            "name": "Initech", "domains": [], "status": "to_review", "auto_approval": false,
        });
        let account = id_of(&manager.post("/v1/accounts", account).await.expect(201));
        done.push(("accounts.create".to_owned(), account));
        world.advance(jiff::SignedDuration::from_secs(1));
        let paper = json!({ "title": "T", "category": "C", "access_level": "restricted" });
        let paper = id_of(&manager.post("/v1/documents", paper).await.expect(201));
        done.push(("documents.create".to_owned(), paper));
        world.advance(jiff::SignedDuration::from_secs(1));
    }
    // What others did to the same things is not among it.
    let admin = world.admin().await;
    let rename = json!({ "first_name": "Augusta" });
    admin.patch(format!("/v1/contacts/{}", done[0].1), rename).if_match(1).await.expect(200);
    done.reverse();
    let actor = format!("actor={}", seat.id);
    assert_eq!(pages(&admin, &actor).await, (done.clone(), 1));
    assert_eq!(pages(&manager, &format!("{actor}&limit=2")).await, (done.clone(), 5));

    let verbs = format!("{actor}&verb=contacts.*&limit=2");
    let contacts: Vec<_> =
        done.iter().filter(|line| line.0 == "contacts.create").cloned().collect();
    assert_eq!(pages(&admin, &verbs).await, (contacts, 2));
    let (none, _) = pages(&admin, &format!("{actor}&verb=contacts.delete")).await;
    assert_eq!(none, []);
    let both = format!("object={}&{actor}", done[8].1);
    assert_eq!(pages(&admin, &both).await.0, [done[8].clone()]);
    let hers = format!("object={}&actor={}", done[8].1, world.acme.administrator.id);
    assert_eq!(pages(&admin, &hers).await.0[0].0, "contacts.update");
}

#[tokio::test]
async fn a_time_narrows_from_its_first_instant_to_before_its_last() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await.id;
    let mut times = Vec::new();
    for version in 1..=4 {
        let rename = json!({ "first_name": format!("Ada {version}") });
        let path = format!("/v1/contacts/{contact}");
        admin.patch(path, rename).if_match(version).await.expect(200);
        let line = admin.get(format!("/v1/activity?object={contact}&limit=1")).await.expect(200);
        times.push(line["items"][0]["at"].as_str().unwrap().to_owned());
        world.advance(jiff::SignedDuration::from_secs(10));
    }
    let object = format!("object={contact}");
    let count = async |query: String| pages(&admin, &query).await.0.len();
    assert_eq!(count(format!("{object}&from={}", times[1])).await, 3);
    assert_eq!(count(format!("{object}&to={}", times[1])).await, 1);
    assert_eq!(count(format!("{object}&from={}&to={}", times[1], times[3])).await, 2);
    assert_eq!(count(format!("{object}&from={}&to={}&limit=1", times[1], times[3])).await, 2);
    assert_eq!(count(format!("{object}&from={}&to={}", times[3], times[1])).await, 0);
    let actor = format!("actor={}", world.acme.administrator.id);
    assert_eq!(count(format!("{actor}&from={}&to={}", times[1], times[3])).await, 2);
}

#[tokio::test]
async fn deeds_reveal_a_persons_values_only_to_who_sees_the_person() {
    let world = World::start().await;
    let seat = world.seat(world.acme.id(), Role::Member).await;
    let member = world.client_of(world.acme.id(), &seat).await;
    let input = json!({ "email": "ada@x.example", "first_name": "Ada", "last_name": "Lovelace" });
    let contact = id_of(&member.post("/v1/contacts", input).await.expect(201));
    let path = format!("/v1/activity?actor={}", seat.id);
    let mine = member.get(&path).await.expect(200);
    assert_eq!(mine["items"][0]["detail"]["email"], "ada@x.example");
    // Once somebody else looks after the person, the deed is still theirs and the values are not.
    let store = world.store_of(&world.acme);
    let found = store.contact(contact.parse().unwrap()).await.unwrap().unwrap();
    let owner_id = Some(world.acme.administrator.id);
    let mut change = store.change(world.house.dice.token());
    let version = found.version + 1;
    change.save_contact(&domain::contact::Contact { owner_id, version, ..found }).unwrap();
    change.commit().await.unwrap();
    let mine = member.get(&path).await.expect(200);
    assert_eq!(mine["items"][0]["object"], json!(contact));
    assert_eq!(mine["items"][0]["detail"], Value::Null);
    let reviewed = world.admin().await.get(&path).await.expect(200);
    assert_eq!(reviewed["items"][0]["detail"]["email"], "ada@x.example");
}

#[tokio::test]
async fn a_contacts_deeds_are_read_by_who_looks_after_them() {
    let world = World::start().await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await;
    let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    world.grant(&world.acme, contact.id, document.id).await;
    let file = document.published.unwrap().id;
    let portal = world.portal_of(&world.acme, &contact).await;
    portal.post(format!("/v1/portal/files/{file}/download"), json!({})).await.expect(200);
    let admin = world.admin().await;
    let query = format!("actor={}", contact.id);
    let (deeds, _) = pages(&admin, &query).await;
    assert_eq!(deeds.len(), 1);
    assert_eq!(deeds[0].0, "portal.download");
    let stranger = world.member(Role::Member).await;
    let reply = stranger.get(format!("/v1/activity?{query}")).await;
    assert_eq!(reply.problem(404), "not-found");
}

#[tokio::test]
async fn a_search_looks_at_a_bounded_run_and_goes_on_where_it_stopped() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await.id;
    let path = format!("/v1/contacts/{contact}");
    admin.patch(&path, json!({ "first_name": "Ada 2" })).if_match(1).await.expect(200);
    let store = world.store_of(&world.acme);
    let found = store.contact(contact).await.unwrap().unwrap();
    // More lines than one page looks at, none of them sought.
    for some in 0..24 {
        let mut change = store.change(world.house.dice.token());
        for number in 0..50 {
            let seq = found.version + 1 + some * 50 + number;
            let line =
                app::house::audit::by_rule(&world.house, "a.rule", contact, seq, world.now());
            change.audit(store::activities::Home::Contact(contact), &line).unwrap();
        }
        change.commit().await.unwrap();
    }
    let (lines, pages) = pages(&admin, &format!("object={contact}&verb=contacts.update")).await;
    assert_eq!((lines.len(), pages), (1, 2));
}

#[tokio::test]
async fn a_table_of_an_older_version_gets_the_index_of_deeds() {
    let world = World::start().await;
    let call = async |operation: &str, body: Value| {
        let request = world.http.post(&world.cloud.table_url).body(body.to_string());
        let scope = "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/dynamodb/aws4_request";
        let request = request
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            .header("x-amz-date", "20260101T000000Z")
            .header("authorization", format!("{scope}, SignedHeaders=host, Signature=none"));
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let drop = json!({
        "TableName": "vestibule",
        "GlobalSecondaryIndexUpdates": [{ "Delete": { "IndexName": "actor" } }],
    });
    let (status, answer) = call("UpdateTable", drop).await;
    assert_eq!(status, 200, "{answer}");
    let admin = world.admin().await;
    let path = format!("/v1/activity?actor={}", world.acme.administrator.id);
    assert_eq!(admin.get(&path).await.status, 503, "there is no such index");

    for _ in 0..2 {
        world.house.table.create().await.unwrap();
    }
    admin.post("/v1/contacts", json!({ "first_name": "A", "last_name": "B" })).await.expect(201);
    assert_eq!(admin.get(&path).await.expect(200)["items"][0]["verb"], "contacts.create");
}
