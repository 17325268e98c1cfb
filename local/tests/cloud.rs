//! The whole cloud: what a first start lays out, who is let in, what only tests may do.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy exempts test functions, not the fixtures they share"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::Client as DynamoClient;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::tenant::{Plan, Slug};
use local::cloud::{Cloud, CloudError, Data, Demo, Options, Pace, TickError, Time};
use local::orders::carry_out;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use ulid::Ulid;
use worker::orders::{Admin, NewPlan, Order};

const PASSWORD: &str = "correct horse battery staple";

fn options(folder: &Path) -> Options {
    Options { data: Data::Folder(folder.to_owned()), ..Options::for_tests() }
}

fn with_demo(folder: &Path, password: Option<&str>) -> Options {
    Options { demo: Demo::Acme { password: password.map(str::to_owned) }, ..options(folder) }
}

/// Signs in and reads; `None` if the password is refused.
async fn contacts(cloud: &Cloud, email: &str, password: &str) -> Option<Vec<Value>> {
    let client = Client::new();
    let session = client
        .post(format!("{}/v1/sessions", cloud.base_url))
        .header("x-vestibule", "1")
        .json(&json!({ "email": email, "password": password }))
        .send()
        .await
        .unwrap();
    let cookie = session.headers().get("set-cookie")?.to_str().unwrap().split(';').next();
    let list = client
        .get(format!("{}/v1/contacts?limit=100", cloud.base_url))
        .header("cookie", cookie.unwrap())
        .send()
        .await
        .unwrap();
    let list: Value = list.json().await.unwrap();
    Some(list["items"].as_array().unwrap().clone())
}

#[tokio::test]
async fn the_demo_is_laid_out_once_and_stays_as_it_was_left() {
    let folder = TempDir::new().unwrap();
    let cloud = Cloud::start(with_demo(folder.path(), Some(PASSWORD))).await.unwrap();
    assert_eq!(cloud.made_password, None);
    cloud.tick().await.unwrap();
    let first = contacts(&cloud, local::demo::ADMINISTRATOR, PASSWORD).await.unwrap();
    assert_eq!(first.len(), 12);
    let shared: u64 = first.iter().map(|row| row["shared_documents"].as_u64().unwrap()).sum();
    assert_eq!(shared, 7);
    let mails = cloud.mailbox.newest_first().len();
    assert_eq!(mails, 8);
    let trust: Value = reqwest::get(format!("{}/v1/trust/acme", cloud.base_url))
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(trust["documents"].as_array().unwrap().len(), 6);
    cloud.stop().await;

    let cloud = Cloud::start(with_demo(folder.path(), None)).await.unwrap();
    assert_eq!(cloud.made_password, None, "it was told already");
    cloud.tick().await.unwrap();
    let second = contacts(&cloud, local::demo::ADMINISTRATOR, PASSWORD).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(cloud.mailbox.newest_first().len(), mails);
}

#[tokio::test]
async fn a_made_password_lets_everybody_in_and_another_one_replaces_it() {
    let folder = TempDir::new().unwrap();
    let cloud = Cloud::start(with_demo(folder.path(), None)).await.unwrap();
    let made = cloud.made_password.clone().unwrap();
    for email in ["admin@acme.example", "manager@acme.example", "member@acme.example"] {
        assert!(contacts(&cloud, email, &made).await.is_some(), "{email}");
    }
    cloud.stop().await;
    let cloud = Cloud::start(with_demo(folder.path(), Some("short"))).await.unwrap();
    assert!(contacts(&cloud, local::demo::ADMINISTRATOR, &made).await.is_none());
    assert!(contacts(&cloud, local::demo::ADMINISTRATOR, "short").await.is_some());
}

#[tokio::test]
async fn an_administrator_is_let_in_whether_the_cloud_runs_or_not() {
    let folder = TempDir::new().unwrap();
    let (slug, email) = ("hooli".parse().unwrap(), "gavin@hooli.example".parse().unwrap());
    let order = Order::Admin(Admin { slug, email });
    let stopped = carry_out(order.clone(), folder.path()).await.unwrap();
    assert!(stopped.deed.contains("is made"), "{}", stopped.deed);

    let cloud = Cloud::start(options(folder.path())).await.unwrap();
    let (first, email) = (stopped.password.unwrap(), "gavin@hooli.example");
    assert!(contacts(&cloud, email, &first).await.is_some());
    let running = carry_out(order.clone(), folder.path()).await.unwrap();
    assert!(running.deed.contains("was there"), "{}", running.deed);
    assert!(contacts(&cloud, email, &first).await.is_none());
    assert!(contacts(&cloud, email, &running.password.unwrap()).await.is_some());
    cloud.stop().await;
}

#[tokio::test]
async fn the_operator_sets_a_plan_whether_the_cloud_runs_or_not() {
    let folder = TempDir::new().unwrap();
    let slug: Slug = "acme".parse().unwrap();
    let order =
        |public_links| Order::Plan(NewPlan { slug: slug.clone(), plan: Plan { public_links } });
    let absent = carry_out(order(false), folder.path()).await.unwrap_err();
    assert_eq!(absent.to_string(), "There is no company at `acme`.");

    let cloud = Cloud::start(with_demo(folder.path(), None)).await.unwrap();
    let id = cloud.house.table.tenant_at(&slug).await.unwrap().unwrap();
    let holds = async |cloud: &Cloud| {
        let tenant = cloud.house.table.tenant(id).own_tenant().await.unwrap().unwrap();
        tenant.plan.public_links
    };
    let done = carry_out(order(false), folder.path()).await.unwrap();
    assert_eq!(done.deed, "the plan of `acme` holds no links that open to anybody, from now on");
    assert!(!holds(&cloud).await);
    cloud.stop().await;
    let done = carry_out(order(true), folder.path()).await.unwrap();
    assert_eq!(done.deed, "the plan of `acme` holds links that open to anybody, from now on");
    let again = carry_out(order(true), folder.path()).await.unwrap();
    assert_eq!(again.deed, "the plan of `acme` holds links that open to anybody, as before");
    let cloud = Cloud::start(options(folder.path())).await.unwrap();
    assert!(holds(&cloud).await);
    cloud.stop().await;
}

#[tokio::test]
async fn the_clock_moves_only_where_it_was_started_for_tests() {
    let folder = TempDir::new().unwrap();
    let client = Client::new();
    for (time, wanted) in [(Time::Wall, StatusCode::NOT_FOUND), (Time::Movable, StatusCode::OK)] {
        let pace = Pace::WhenTicked;
        let cloud = Cloud::start(Options { time, pace, ..options(folder.path()) }).await.unwrap();
        let before = cloud.house.clock.now();
        let moved = client
            .post(format!("{}/_local/clock", cloud.base_url))
            .json(&json!({ "advance_seconds": 3600 }))
            .send()
            .await
            .unwrap();
        assert_eq!(moved.status(), wanted);
        let seconds = cloud.house.clock.now().duration_since(before).as_secs();
        assert_eq!(3600 <= seconds, time == Time::Movable);
        let tick = client.post(format!("{}/_local/tick", cloud.base_url)).send().await.unwrap();
        assert_eq!(tick.status(), StatusCode::OK);
        cloud.stop().await;
    }
}

#[tokio::test]
async fn what_keeps_a_cloud_from_starting_is_one_sentence() {
    let folder = TempDir::new().unwrap();
    let said = async |options: Options| Cloud::start(options).await.unwrap_err().to_string();
    let cloud = Cloud::start(options(folder.path())).await.unwrap();
    let port = cloud.base_url.rsplit(':').next().unwrap().parse().unwrap();
    let taken = said(Options { port, ..Options::for_tests() }).await;
    assert!(taken.contains("is in use; stop what listens there"), "{taken}");
    let locked = said(options(folder.path())).await;
    assert!(locked.contains("is in use by another process"), "{locked}");
    cloud.stop().await;

    let keys = folder.path().join("root.keys");
    let text = std::fs::read_to_string(&keys).unwrap();
    std::fs::write(&keys, "no keys").unwrap();
    let damaged = said(options(folder.path())).await;
    assert!(damaged.contains("is damaged; restore a copy"), "{damaged}");
    std::fs::remove_file(&keys).unwrap();
    let missing = Cloud::start(options(folder.path())).await.unwrap_err();
    assert!(matches!(missing, CloudError::Roots(_)), "{missing}");
    std::fs::write(&keys, text).unwrap();
    Cloud::start(options(folder.path())).await.unwrap().stop().await;
}

/// Puts things where contacts should be, each of which fails again and again.
async fn poison(cloud: &Cloud, count: usize) {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("local"))
        .credentials_provider(Credentials::new("any", "any", None, None, "tests"))
        .endpoint_url(&cloud.table_url)
        .build();
    let client = DynamoClient::from_conf(config);
    for _ in 0..count {
        let contact = format!("{}#con#{}", Ulid::generate(), Ulid::generate());
        let put = client.put_item().table_name("vestibule");
        let put = put.item("PK", AttributeValue::S(contact));
        put.item("SK", AttributeValue::S("-".to_owned())).send().await.unwrap();
    }
}

#[tokio::test]
async fn a_stop_does_not_wait_for_records_that_keep_failing() {
    let folder = TempDir::new().unwrap();
    let steady = Options { pace: Pace::Steady, ..options(folder.path()) };
    let cloud = Cloud::start(steady).await.unwrap();
    poison(&cloud, 10).await;
    let set_aside = folder.path().join("set-aside.jsonl");
    let begun = async {
        while !set_aside.exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), begun).await.unwrap();
    let ordered_at = Instant::now();
    cloud.stop().await;
    // Trying the others as often as the first would take 25 seconds.
    assert!(ordered_at.elapsed() < Duration::from_secs(5), "{:?}", ordered_at.elapsed());

    let cloud = Cloud::start(options(folder.path())).await.unwrap();
    let told = cloud.tick().await;
    assert!(matches!(told, Err(TickError::Record { .. })), "what was left stays: {told:?}");
}
