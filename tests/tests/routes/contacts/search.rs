//! `GET /v1/contacts?q=`.

use std::collections::BTreeSet;

use domain::contact::ReviewStatus;
use domain::member::Role;
use serde_json::{Value, json};
use tests::client::{Client, id_of};
use tests::world::World;

/// Makes a contact and lets search follow.
async fn made(world: &World, client: &Client, first: &str, last: &str, email: &str) -> String {
    let input = json!({ "email": email, "first_name": first, "last_name": last });
    let contact = client.post("/v1/contacts", input).await.expect(201);
    world.tick().await;
    id_of(&contact)
}

fn query(pairs: &[(&str, &str)]) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    format!("/v1/contacts?{}", text.extend_pairs(pairs).finish())
}

async fn found(client: &Client, q: &str) -> Vec<String> {
    let page = client.get(query(&[("q", q)])).await.expect(200);
    page["items"].as_array().unwrap().iter().map(id_of).collect()
}

#[tokio::test]
async fn words_narrow_fold_and_begin() {
    let world = World::start().await;
    let admin = world.admin().await;
    let account = world.account(&world.acme, "initech.example", ReviewStatus::Approved).await;
    let lukasz = made(&world, &admin, "Łukasz", "Großmann-Żak", "lukasz.g@bücher.example").await;
    let lucas = made(&world, &admin, "Lucas", "O'Neil", "ln+vpn@initech.example").await;
    let ada = made(&world, &admin, "Ada", "Lovelace", "ada@initech.example").await;
    let moved = json!({ "account_id": account.id });
    admin.patch(format!("/v1/contacts/{ada}"), moved).if_match(1).await.expect(200);
    world.tick().await;

    for (q, expected) in [
        ("lukasz", vec![&lukasz]),
        ("ŁUKASZ zak", vec![&lukasz]),
        ("grossm", vec![&lukasz]),
        ("grossmann-z", vec![&lukasz]),
        ("bücher.ex", vec![&lukasz]),
        ("lukasz.g@", vec![&lukasz]),
        ("lu", vec![&lucas, &lukasz]),
        ("oneil", vec![&lucas]),
        ("o’neil lu", vec![&lucas]),
        ("vpn", vec![&lucas]),
        ("initech", vec![&ada, &lucas]),
        // The account is called `initech.example Ltd`.
        ("ltd initech", vec![&ada]),
        ("ada initech love", vec![&ada]),
        ("ada oneil", vec![]),
        ("ukasz", vec![]),
        ("velace", vec![]),
        ("αδα", vec![]),
    ] {
        let (found, expected): (BTreeSet<_>, BTreeSet<_>) =
            (found(&admin, q).await.into_iter().collect(), expected.into_iter().cloned().collect());
        assert_eq!(found, expected, "{q}");
    }
    let row = admin.get(query(&[("q", "ada")])).await.expect(200)["items"][0].clone();
    let list = admin.get("/v1/contacts?sort=created").await.expect(200);
    let listed = list["items"].as_array().unwrap().iter().find(|row| id_of(row) == ada);
    assert_eq!(Some(&row), listed, "a search shows what the list shows");
}

#[tokio::test]
async fn pages_go_on_in_word_order_until_everything_was_shown_once() {
    let world = World::start().await;
    let mut expected = BTreeSet::new();
    for number in 0..120 {
        let email = format!("ada.{number}@love.example");
        let status = ReviewStatus::ALL[number % 4];
        expected.insert(world.contact(&world.acme, &email, status).await.id.to_string());
    }
    world.tick().await;
    let admin = world.admin().await;
    // Both words of each contact begin with `love`.
    for (q, status, limit, most) in
        [("love", "", "50", 5), ("lov ada", "", "7", 20), ("ada", "approved", "10", 5)]
    {
        let (mut seen, mut cursor, mut pages) = (Vec::new(), None, 0);
        loop {
            let mut pairs = vec![("q", q), ("limit", limit)];
            pairs.extend((!status.is_empty()).then_some(("status", status)));
            pairs.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page = admin.get(query(&pairs)).await.expect(200);
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= limit.parse().unwrap());
            seen.extend(items.iter().map(id_of));
            pages += 1;
            cursor = page["next"].as_str().map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
        let expected_count = if status.is_empty() { 120 } else { 30 };
        assert_eq!(seen.len(), expected_count, "{q}: shown once");
        let seen: BTreeSet<_> = seen.into_iter().collect();
        assert!(seen.is_subset(&expected) && seen.len() == expected_count, "{q}");
        assert!(pages <= most, "{q}: {pages} pages");
    }
}

#[tokio::test]
async fn filters_narrow_and_owners_find_only_their_own() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (first, second) =
        (world.member(Role::Member).await, world.member(Role::Representative).await);
    let own = made(&world, &first, "Ada", "Lovelace", "ada@one.example").await;
    let theirs = made(&world, &second, "Ada", "Byron", "ada@two.example").await;
    let account = world.account(&world.acme, "hooli.example", ReviewStatus::Approved).await;
    let approved = ReviewStatus::Approved;
    let hooli = world.contact_of(&world.acme, "ada@hooli.example", approved, Some(&account)).await;
    let hooli = hooli.id.to_string();
    world.tick().await;

    assert_eq!(found(&first, "ada").await, std::slice::from_ref(&own));
    assert_eq!(found(&second, "ada").await, std::slice::from_ref(&theirs));
    assert_eq!(found(&admin, "ada").await, [hooli.clone(), own, theirs.clone()]);
    let account = account.id.to_string();
    for (name, value, expected) in [
        ("status", "approved", vec![hooli.clone()]),
        ("status", "cancelled", vec![]),
        ("account_id", account.as_str(), vec![hooli]),
    ] {
        let page = admin.get(query(&[("q", "ada"), (name, value)])).await.expect(200);
        let ids: Vec<String> = page["items"].as_array().unwrap().iter().map(id_of).collect();
        assert_eq!((ids, &page["next"]), (expected, &Value::Null), "{name}={value}");
    }
    let page = first.get(query(&[("q", "ada"), ("account_id", &account)])).await.expect(200);
    assert_eq!(page["items"], json!([]));

    let hooli = world.company("hooli").await;
    let stranger = world.admin_of(&hooli).await;
    assert_eq!(found(&stranger, "ada").await, Vec::<String>::new(), "another company's");
}

#[tokio::test]
async fn what_changed_is_found_as_it_is_and_not_as_it_was() {
    let world = World::start().await;
    let admin = world.admin().await;
    let account = world.account(&world.acme, "initech.example", ReviewStatus::Approved).await;
    let input = json!({
        "email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace",
        "account_id": account.id,
    });
    let id = id_of(&admin.post("/v1/contacts", input).await.expect(201));
    world.tick().await;
    let path = format!("/v1/contacts/{id}");
    let change = json!({ "last_name": "Byron", "email": "countess@example.com" });
    admin.patch(&path, change).if_match(1).await.expect(200);
    let rename = json!({ "name": "Analytical Engines" });
    let account = format!("/v1/accounts/{}", account.id);
    admin.patch(&account, rename).if_match(1).await.expect(200);
    world.tick().await;
    for gone in ["lovelace", "ada@example.com", "initech"] {
        assert!(found(&admin, gone).await.is_empty(), "{gone}");
    }
    for present in ["ada byron", "countess@example.com", "analytical"] {
        assert_eq!(found(&admin, present).await, std::slice::from_ref(&id), "{present}");
    }

    admin.delete(&path).await.expect(204);
    world.tick().await;
    for gone in ["ada byron", "countess", "analytical"] {
        assert!(found(&admin, gone).await.is_empty(), "{gone}");
    }
}

#[tokio::test]
async fn what_cannot_be_searched_is_a_problem_and_never_a_fault() {
    let world = World::start().await;
    let admin = world.admin().await;
    made(&world, &admin, "Ada", "Lovelace", "ada@example.com").await;
    let (long, many) = ("x".repeat(5000), "ab ".repeat(60) + "cd ef gh ij kl mn op qr");
    let bad = ["", "%", "a", "ada b", "😀", "\u{0}", "-", "'", &long, &many];
    for q in bad {
        let reply = admin.get(query(&[("q", q)])).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["q"]), "{q:?}");
    }
    for q in ["ada%", "zz😀", "\u{10FFFF}ada", "ada\u{0}", "王小明", "#ada#", "ad\u{301}a"] {
        admin.get(query(&[("q", q)])).await.expect(200);
    }
    let sorted = admin.get(query(&[("q", "ada"), ("sort", "created")])).await;
    assert_eq!((sorted.problem(400), sorted.pointers()), ("bad-input", vec!["sort"]));
    let encoded = |place: &str| base64_url(place.as_bytes());
    for place in [
        "ada",
        "#",
        "ada#",
        "bob#01J9ZC0ZJ8Q4W3T9V5N6M7K8P9",
        "ada\u{10FFFF}#01J9ZC0ZJ8Q4W3T9V5N6M7K8P9",
    ] {
        let reply = admin.get(query(&[("q", "ada"), ("cursor", &encoded(place))])).await;
        assert_eq!(
            (reply.problem(400), reply.pointers()),
            ("bad-input", vec!["cursor"]),
            "{place}"
        );
    }
}

fn base64_url(bytes: &[u8]) -> String {
    use base64::Engine;

    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
