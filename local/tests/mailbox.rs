//! The mailbox: takes mails from the SES client, keeps them, shows them, and fails when told to.
#![expect(
    clippy::unwrap_used,
    reason = "clippy exempts test functions, not the fixtures they share"
)]

use std::fs;
use std::io::Write as _;
use std::path::Path;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sesv2::error::SdkError;
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageTag};
use local::mailbox::{Fault, MAILS_MAX, Mailbox};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

struct Fixture {
    url: String,
    mailbox: Mailbox,
    client: Client,
    browser: reqwest::Client,
}

async fn fixture(folder: &Path) -> Fixture {
    let mailbox = Mailbox::open(&folder.join("mails.jsonl")).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = mailbox.router();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let config = aws_sdk_sesv2::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("local"))
        .credentials_provider(Credentials::new("any", "any", None, None, "tests"))
        .retry_config(RetryConfig::disabled())
        .endpoint_url(&url)
        .build();
    Fixture { url, mailbox, client: Client::from_conf(config), browser: reqwest::Client::new() }
}

impl Fixture {
    async fn send(&self, subject: &str) -> Result<String, SendEmailError> {
        let content = |text: &str| Content::builder().data(text).build().unwrap();
        let body = Body::builder()
            .text(content("Open it: http://localhost:8080/p/acme#secret"))
            .html(content("<p>Open <a href=\"http://localhost:8080/\">it</a>"))
            .build();
        let message = Message::builder().subject(content(subject)).body(body).build();
        let tag = MessageTag::builder().name("purpose").value("magic_link").build().unwrap();
        let sent = self
            .client
            .send_email()
            .from_email_address("Acme <trust@acme.example>")
            .destination(Destination::builder().to_addresses("maya@client.example").build())
            .reply_to_addresses("security@acme.example")
            .email_tags(tag)
            .content(EmailContent::builder().simple(message).build())
            .send()
            .await;
        sent.map(|sent| sent.message_id.unwrap()).map_err(SdkError::into_service_error)
    }

    async fn get(&self, path: &str, accept: &str) -> reqwest::Response {
        let request = self.browser.get(format!("{}{path}", self.url));
        request.header("accept", accept).send().await.unwrap()
    }

    fn subjects(&self) -> Vec<String> {
        self.mailbox.newest_first().iter().map(|mail| mail.subject.clone()).collect()
    }
}

#[tokio::test]
async fn a_sent_mail_is_listed_newest_first_with_all_its_parts() {
    let folder = TempDir::new().unwrap();
    let fixture = fixture(folder.path()).await;
    let first = fixture.send("First").await.unwrap();
    let second = fixture.send("Zweite – grüße").await.unwrap();

    for accept in ["application/json", "*/*"] {
        let listing: Value = fixture.get("/_local/mail", accept).await.json().await.unwrap();
        let items = listing["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!(items[1]["id"], first);
        let mut newest = items[0].clone();
        let sent_at = newest["sent_at"].take();
        sent_at.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert_eq!(
            newest,
            json!({
                "id": second,
                "from": "Acme <trust@acme.example>",
                "to": ["maya@client.example"],
                "reply_to": ["security@acme.example"],
                "subject": "Zweite – grüße",
                "text": "Open it: http://localhost:8080/p/acme#secret",
                "html": "<p>Open <a href=\"http://localhost:8080/\">it</a>",
                "tags": [["purpose", "magic_link"]],
                "sent_at": null,
            }),
        );
    }
}

#[tokio::test]
async fn an_unchanged_listing_is_not_sent_again() {
    let folder = TempDir::new().unwrap();
    let fixture = fixture(folder.path()).await;
    let mut tags = Vec::new();
    for subject in ["First", "Second"] {
        let tag = fixture.get("/_local/mail", "*/*").await.headers()["etag"].clone();
        let again = fixture.browser.get(format!("{}/_local/mail", fixture.url));
        let again = again.header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        tags.push(tag);
        fixture.send(subject).await.unwrap();
    }
    assert_ne!(tags[0], tags[1]);
}

#[tokio::test]
async fn a_browser_gets_a_page_and_each_mail_in_a_cage() {
    let folder = TempDir::new().unwrap();
    let fixture = fixture(folder.path()).await;
    let id = fixture.send("First").await.unwrap();
    let page = fixture.get("/_local/mail", "text/html,application/xhtml+xml,*/*;q=0.8").await;
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src"));

    let mail = fixture.get(&format!("/_local/mail/{id}/html"), "text/html").await;
    let policy = mail.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'"));
    assert!(policy.contains("sandbox") && !policy.contains("allow-scripts"));
    assert_eq!(mail.headers()["referrer-policy"], "no-referrer");
    assert!(mail.text().await.unwrap().starts_with("<base target=\"_blank\"><p>Open"));
    let absent = fixture.get("/_local/mail/none/html", "text/html").await;
    assert_eq!(absent.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn ordered_faults_come_once_each_before_or_after_the_mail_is_kept() {
    let folder = TempDir::new().unwrap();
    let fixture = fixture(folder.path()).await;
    fixture.mailbox.fail_next(2, Fault::Throttled);
    fixture.mailbox.fail_next(1, Fault::FailedBeforeSending);
    fixture.mailbox.fail_next(1, Fault::ThrottledAfterSending);
    fixture.mailbox.fail_next(1, Fault::FailedAfterSending);

    for subject in ["a", "b"] {
        let failure = fixture.send(subject).await.unwrap_err();
        assert!(failure.is_too_many_requests_exception(), "{failure:?}");
    }
    assert!(fixture.send("c").await.is_err());
    assert!(fixture.subjects().is_empty());
    assert!(fixture.send("d").await.unwrap_err().is_too_many_requests_exception());
    assert!(fixture.send("e").await.is_err());
    fixture.send("f").await.unwrap();
    assert_eq!(fixture.subjects(), ["f", "e", "d"]);
}

#[tokio::test]
async fn what_is_no_mail_is_refused_and_so_is_a_foreign_pages_plain_post() {
    let folder = TempDir::new().unwrap();
    let fixture = fixture(folder.path()).await;
    let url = format!("{}/v2/email/outbound-emails", fixture.url);
    for (media_type, body) in [
        ("application/json", "{}".to_owned()),
        ("application/json", "no json".to_owned()),
        (
            "text/plain",
            json!({
                "FromEmailAddress": "a@b.example",
                "Destination": {"ToAddresses": ["c@d.example"]},
                "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {}}},
            })
            .to_string(),
        ),
    ] {
        let post = fixture.browser.post(&url).header("content-type", media_type).body(body);
        let answer = post.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        assert_eq!(answer.headers()["x-amzn-errortype"], "BadRequestException");
    }
    assert!(fixture.subjects().is_empty());
}

#[tokio::test]
async fn mails_survive_a_restart_and_a_line_cut_short() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("mails.jsonl");
    let before = fixture(folder.path()).await;
    before.send("First").await.unwrap();
    before.send("Second").await.unwrap();
    let kept = before.mailbox.newest_first();
    drop(before);
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"{\"id\":\"half a ma").unwrap();

    let after = fixture(folder.path()).await;
    assert_eq!(after.mailbox.newest_first(), kept);
    after.send("Third").await.unwrap();
    let after = Mailbox::open(&path).unwrap();
    assert_eq!(after.newest_first().len(), 3);
}

#[tokio::test]
async fn only_the_newest_mails_are_listed_and_an_old_file_is_cut() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("mails.jsonl");
    let mut lines = String::new();
    for number in 0..3000 {
        let mail = json!({
            "id": number.to_string(), "from": "", "to": [], "subject": "", "text": "", "html": "",
            "sent_at": "2026-11-22T09:14:00Z",
        });
        lines.push_str(&mail.to_string());
        lines.push('\n');
    }
    fs::write(&path, lines).unwrap();
    let fixture = fixture(folder.path()).await;
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), MAILS_MAX);
    fixture.send("newest").await.unwrap();
    let mails = fixture.mailbox.newest_first();
    assert_eq!(mails.len(), MAILS_MAX);
    assert_eq!((mails[0].subject.as_str(), mails[MAILS_MAX - 1].id.as_str()), ("newest", "2501"));
}
