//! The one port: who answers what, with which headers, and what it says when it cannot open.
#![expect(
    clippy::unwrap_used,
    reason = "clippy exempts test functions, not the fixtures they share"
)]

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use http::StatusCode;
use local::front::{Front, FrontError, Parts};
use local::mailbox::Mailbox;
use local::s3::{BUCKET, Bucket};
use tempfile::TempDir;
use tokio::sync::{Notify, oneshot};

struct Fixture {
    _folder: TempDir,
    url: String,
    stop: oneshot::Sender<()>,
    entered: Arc<Notify>,
    served: tokio::task::JoinHandle<Result<(), FrontError>>,
    browser: reqwest::Client,
}

async fn fixture() -> Fixture {
    let folder = TempDir::new().unwrap();
    let entered = Arc::new(Notify::new());
    let never_ends = {
        let entered = Arc::clone(&entered);
        async move || {
            entered.notify_one();
            std::future::pending::<()>().await;
        }
    };
    let peer = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string();
    let api = Router::new()
        .route("/v1/health", get(peer))
        .route("/v1/never_ends", get(never_ends))
        .fallback(async || (StatusCode::NOT_FOUND, "a problem"));
    let parts = Parts {
        api,
        bucket: Bucket::open(&folder.path().join("files")).unwrap(),
        mailbox: Mailbox::open(&folder.path().join("mails.jsonl")).unwrap(),
        trust_slug: Some("acme".into()),
    };
    let front = Front::bind(0).await.unwrap();
    let url = front.base_url();
    let (stop, stopped) = oneshot::channel();
    let router = parts.into_router();
    let served = tokio::spawn(front.serve(router, async {
        stopped.await.unwrap();
    }));
    Fixture { _folder: folder, url, stop, entered, served, browser: reqwest::Client::new() }
}

impl Fixture {
    async fn get(&self, path: &str) -> reqwest::Response {
        let request = self.browser.get(format!("{}{path}", self.url));
        request.header("accept", "text/html").send().await.unwrap()
    }
}

#[tokio::test]
async fn every_page_is_served_with_headers_that_keep_it_to_itself() {
    let fixture = fixture().await;
    for page in [
        "/",
        "/t/acme",
        "/t/acme/answer",
        "/p/acme",
        "/g/lnk_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9",
        "/g/lnk_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9/confirm",
        "/extend",
        "/invitation",
        "/password-reset",
        "/_local/mail",
    ] {
        let answer = fixture.get(page).await;
        assert_eq!(answer.status(), StatusCode::OK, "{page}");
        let headers = answer.headers();
        assert_eq!(
            headers["content-security-policy"],
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
             frame-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
        );
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cache-control"], "no-store");

        let text = answer.text().await.unwrap();
        assert!(!text.contains("style=") && !text.contains("<script>"), "{page}");
        for link in text.split('"').filter(|text| text.starts_with("/assets/")) {
            let asset = fixture.get(link).await;
            assert_eq!(asset.status(), StatusCode::OK, "{link} of {page}");
        }
    }
    assert!(fixture.get("/").await.text().await.unwrap().contains("href=\"/t/acme\""));
}

#[tokio::test]
async fn an_asset_is_typed_and_not_sent_twice() {
    let fixture = fixture().await;
    let answer = fixture.get("/assets/vestibule.css").await;
    assert_eq!(answer.headers()["content-type"], "text/css; charset=utf-8");
    let tag = answer.headers()["etag"].clone();
    let again = fixture.browser.get(format!("{}/assets/vestibule.css", fixture.url));
    let again = again.header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(fixture.get("/assets/none.css").await.text().await.unwrap(), "a problem");
}

#[tokio::test]
async fn the_api_knows_its_peer_and_answers_what_nobody_else_does() {
    let fixture = fixture().await;
    assert_eq!(fixture.get("/v1/health").await.text().await.unwrap(), "127.0.0.1");
    assert_eq!(fixture.get("/nowhere").await.text().await.unwrap(), "a problem");
    let bucket = fixture.get(&format!("/{BUCKET}/some/key")).await;
    assert_eq!(bucket.status(), StatusCode::FORBIDDEN);
    assert!(bucket.text().await.unwrap().contains("<Code>AccessDenied</Code>"));
}

#[tokio::test]
async fn a_stop_does_not_wait_for_a_request_that_never_ends() {
    let fixture = fixture().await;
    let waiting = fixture.browser.get(format!("{}/v1/never_ends", fixture.url)).send();
    let waiting = tokio::spawn(waiting);
    fixture.entered.notified().await;
    fixture.stop.send(()).unwrap();
    fixture.served.await.unwrap().unwrap();
    waiting.abort();
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let front = Front::bind(0).await.unwrap();
    let port: u16 = front.base_url().rsplit_once(':').unwrap().1.parse().unwrap();
    let refusal = Front::bind(port).await.unwrap_err();
    assert_eq!(
        refusal.to_string(),
        format!("port {port} is in use; stop what listens there or set PORT to another number")
    );
}
