//! What reaches SES, and what its answers come to.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use aws_sdk_sesv2::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_types::SdkConfig;
use mail::error::MailError;
use mail::mailer::{Mailer, connect};
use mail::message::{Opens, Rendered};
use serde_json::{Value, json};

use crate::samples::{acme, code};

#[tokio::test]
async fn one_mail_is_one_request_with_all_that_ses_needs() {
    let (mailer, requests) = ses(200, r#"{"MessageId":"0100-a"}"#);
    let mail = rendered();
    let sent = mailer.send(
        "maya@northwind.example",
        "Zürich AG",
        Some("security@acme.example"),
        &mail,
        "out_1",
    );
    assert_eq!(sent.await.unwrap(), "0100-a");
    let request: Value = serde_json::from_str(&requests.recv().unwrap()).unwrap();
    let utf8 = |data: &str| json!({ "Data": data, "Charset": "UTF-8" });
    assert_eq!(
        request,
        json!({
            "FromEmailAddress": "=?UTF-8?B?WsO8cmljaCBBRw==?= <mail@vestibule.example>",
            "Destination": { "ToAddresses": ["maya@northwind.example"] },
            "ReplyToAddresses": ["security@acme.example"],
            "Content": { "Simple": {
                "Subject": utf8(&mail.subject),
                "Body": { "Text": utf8(&mail.text), "Html": utf8(&mail.html) },
                "Headers": [{ "Name": "Auto-Submitted", "Value": "auto-generated" }],
            } },
            "EmailTags": [{ "Name": "outbox", "Value": "out_1" }],
            "ConfigurationSetName": "vestibule",
        })
    );
    assert!(requests.try_recv().is_err());
}

#[tokio::test]
async fn each_answer_says_what_may_be_done_next() {
    use MailError::{Blocked, InDoubt, Refused, Throttled};

    type Expected = fn(&MailError) -> bool;
    let cases: [(u16, &str, Expected); 13] = [
        (400, "MessageRejected", |err| matches!(err, Refused { .. })),
        (400, "BadRequestException", |err| matches!(err, Refused { .. })),
        (429, "TooManyRequestsException", |err| matches!(err, Throttled { .. })),
        (400, "LimitExceededException", |err| matches!(err, Throttled { .. })),
        (400, "ThrottlingException", |err| matches!(err, Throttled { .. })),
        (429, "SomethingNew", |err| matches!(err, Throttled { .. })),
        (400, "SomethingNew", |err| matches!(err, Blocked { .. })),
        (400, "SendingPausedException", |err| matches!(err, Blocked { .. })),
        (400, "MailFromDomainNotVerifiedException", |err| matches!(err, Blocked { .. })),
        (404, "NotFoundException", |err| matches!(err, Blocked { .. })),
        (403, "AccessDeniedException", |err| matches!(err, Blocked { .. })),
        (500, "InternalServiceErrorException", |err| matches!(err, InDoubt { .. })),
        (503, "MessageRejected", |err| matches!(err, InDoubt { .. })),
    ];
    for (status, kind, is_expected) in cases {
        let body = json!({ "__type": kind, "message": "no: maya@northwind.example, sorry" });
        let (err, tries) = failure(status, &body.to_string()).await;
        assert!(is_expected(&err), "{status} {kind} came to {err:?}");
        assert_eq!(tries, 1, "{status} {kind} was sent again");
        let source = err.source().unwrap().to_string();
        assert!(source.contains(kind) && source.contains(&status.to_string()), "{source}");
        assert!(!source.contains("northwind"), "{source} names the reader");
    }
}

#[tokio::test]
async fn what_waits_for_a_domain_to_be_verified_is_not_given_up() {
    let message = "Email address is not verified. The following identities failed the check in \
                   region EU-CENTRAL-1: Acme <no-reply@mail.acme.example>";
    let body = json!({ "__type": "MessageRejected", "message": message });
    let (err, _) = failure(400, &body.to_string()).await;
    assert!(matches!(err, MailError::Blocked { .. }), "{err:?}");
    let source = err.source().unwrap().to_string();
    assert!(source.contains("not verified") && !source.contains("acme"), "{source}");
}

#[tokio::test]
async fn a_lost_or_broken_answer_leaves_the_mail_in_doubt() {
    for (status, body) in [(0, ""), (200, "{"), (200, "{}")] {
        let (err, tries) = failure(status, body).await;
        assert!(matches!(err, MailError::InDoubt { .. }), "{status} {body} came to {err:?}");
        assert_eq!(tries, 1);
        assert!(err.source().is_some());
    }
}

#[tokio::test]
async fn a_tag_that_ses_would_drop_sends_nothing() {
    let (mailer, requests) = ses(200, r#"{"MessageId":"0100-a"}"#);
    for tag in ["", "approve#req_1", "é", &"a".repeat(257)] {
        let sent = mailer.send("maya@northwind.example", "Acme", None, &rendered(), tag).await;
        assert!(matches!(sent, Err(MailError::BadTag { .. })), "{tag}");
    }
    assert!(requests.try_recv().is_err());
    let longest = "aZ-9_".repeat(51) + "a";
    mailer.send("maya@northwind.example", "Acme", None, &rendered(), &longest).await.unwrap();
    assert!(requests.recv().unwrap().contains(&longest));
}

fn rendered() -> Rendered {
    code(Opens::Portal).render(&acme()).unwrap()
}

/// Sends one mail to an SES that answers so, and counts what arrived.
async fn failure(status: u16, body: &str) -> (MailError, usize) {
    let (mailer, requests) = ses(status, body);
    let sent = mailer.send("maya@northwind.example", "Acme", None, &rendered(), "out_1").await;
    (sent.unwrap_err(), requests.try_iter().count())
}

/// An SES that gives every request the same answer; status 0 hangs up instead. The bodies of
/// requests come out of the receiver.
fn ses(status: u16, body: &str) -> (Mailer, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (arrived, requests) = channel();
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let request = body_of(&mut stream);
            if arrived.send(request).is_err() {
                return;
            }
            if status != 0 {
                stream.write_all(answer.as_bytes()).unwrap();
            }
        }
    });
    let credentials = Credentials::new("key", "secret", None, None, "test");
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(url)
        .build();
    let from = "mail@vestibule.example".to_owned();
    (connect(&sdk, from, Some("vestibule".to_owned())), requests)
}

fn body_of(stream: &mut TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    String::from_utf8(body).unwrap()
}
