//! The bucket: what presigned URLs may and may not do, checked with the AWS SDK and plain HTTP.
#![expect(
    clippy::unwrap_used,
    reason = "clippy exempts test functions, not the fixtures they share"
)]

use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region, RequestChecksumCalculation};
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumMode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::document::File;
use domain::id::{DocumentId, FileId, Id, MemberId, TenantId};
use domain::media::MediaType;
use domain::pages::Width;
use domain::picture::{Format, Picture};
use files::pages::PageOf;
use files::{Files, PathStyle, wall_clock};
use jiff::SignedDuration;
use local::s3::{ACCESS_KEY, BUCKET, Bucket, SECRET_KEY};
use reqwest::{Method, StatusCode};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use ulid::Ulid;

const KEY: &str = "quarantine/ten_01J9Z/01J9ZW3V";
const LIFE: Duration = Duration::from_mins(1);

struct Fixture {
    folder: TempDir,
    endpoint: String,
    client: Client,
    browser: reqwest::Client,
}

async fn fixture() -> Fixture {
    let folder = TempDir::new().unwrap();
    let bucket = Bucket::open(folder.path()).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move { axum::serve(listener, bucket.router()).await.unwrap() });
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "tests"))
        .endpoint_url(&endpoint)
        .force_path_style(true)
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .build();
    let client = Client::from_conf(config);
    Fixture { folder, endpoint, client, browser: reqwest::Client::new() }
}

/// 5 MiB that differ everywhere.
fn big() -> Vec<u8> {
    (0..5 * 1024 * 1024_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

fn digest(bytes: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(bytes))
}

impl Fixture {
    async fn upload_url(&self, bytes: &[u8]) -> PresignedRequest {
        self.client
            .put_object()
            .bucket(BUCKET)
            .key(KEY)
            .content_length(bytes.len().try_into().unwrap())
            .checksum_sha256(digest(bytes))
            .presigned(PresigningConfig::expires_in(LIFE).unwrap())
            .await
            .unwrap()
    }

    async fn send(&self, signed: &PresignedRequest, body: Vec<u8>) -> StatusCode {
        let mut request = self.browser.put(signed.uri());
        for (name, value) in signed.headers().filter(|(name, _)| *name != "content-length") {
            request = request.header(name, value);
        }
        request.body(body).send().await.unwrap().status()
    }

    async fn store(&self, bytes: &[u8]) {
        let signed = self.upload_url(bytes).await;
        assert_eq!(self.send(&signed, bytes.to_vec()).await, StatusCode::OK);
    }

    async fn exists(&self) -> bool {
        self.client.head_object().bucket(BUCKET).key(KEY).send().await.is_ok()
    }

    async fn read_url(&self) -> String {
        self.read_url_signed_ago(Duration::ZERO).await
    }

    /// Valid for an hour by its own word.
    async fn read_url_signed_ago(&self, age: Duration) -> String {
        let presigning = PresigningConfig::builder()
            .start_time(SystemTime::now() - age)
            .expires_in(Duration::from_hours(1))
            .build()
            .unwrap();
        let get = self.client.get_object().bucket(BUCKET).key(KEY);
        get.presigned(presigning).await.unwrap().uri().to_owned()
    }
}

#[tokio::test]
async fn an_upload_of_exactly_the_signed_bytes_is_stored_with_its_checksum() {
    let fixture = fixture().await;
    let bytes = big();
    fixture.store(&bytes).await;

    let head = fixture.client.head_object().bucket(BUCKET).key(KEY);
    let head = head.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(head.content_length(), Some(bytes.len().try_into().unwrap()));
    assert_eq!(head.checksum_sha256(), Some(digest(&bytes).as_str()));
    let read = fixture.client.get_object().bucket(BUCKET).key(KEY).send().await.unwrap();
    assert!(read.body.collect().await.unwrap().into_bytes() == bytes);
}

#[tokio::test]
async fn an_upload_of_other_bytes_is_refused_and_leaves_nothing() {
    let fixture = fixture().await;
    let bytes = big();
    let signed = fixture.upload_url(&bytes).await;
    let mut other = bytes.clone();
    other[2_000_000] ^= 1;
    assert_eq!(fixture.send(&signed, other.clone()).await, StatusCode::BAD_REQUEST);
    assert!(!fixture.exists().await);

    fixture.store(&bytes).await;
    assert_eq!(fixture.send(&signed, other).await, StatusCode::BAD_REQUEST);
    let read = fixture.client.get_object().bucket(BUCKET).key(KEY).send().await.unwrap();
    assert!(read.body.collect().await.unwrap().into_bytes() == bytes);
}

#[tokio::test]
async fn an_upload_of_another_length_is_refused() {
    let fixture = fixture().await;
    let signed = fixture.upload_url(b"exactly these").await;
    for body in [&b"exactly these and more"[..], b"exactly", b""] {
        let status = fixture.send(&signed, body.to_vec()).await;
        assert!(status.is_client_error(), "{status} for {} bytes", body.len());
    }
    assert!(!fixture.exists().await);
}

#[tokio::test]
async fn an_upload_whose_signed_headers_were_changed_is_refused() {
    let fixture = fixture().await;
    let signed = fixture.upload_url(b"right").await;
    let upload = fixture.browser.put(signed.uri()).body("wrong");
    let answer = upload.header("x-amz-checksum-sha256", digest(b"wrong")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let answer = fixture.browser.put(signed.uri()).body("right").send().await.unwrap();
    assert!(answer.status().is_client_error(), "{}", answer.status());
    assert!(!fixture.exists().await);
}

#[tokio::test]
async fn a_download_carries_the_name_and_type_it_was_signed_with() {
    let fixture = fixture().await;
    fixture.store(b"%PDF-1.7").await;
    let name = "attachment; filename=\"report.pdf\"; filename*=UTF-8''r%C3%A9port.pdf";
    let signed = fixture
        .client
        .get_object()
        .bucket(BUCKET)
        .key(KEY)
        .response_content_type("application/pdf")
        .response_content_disposition(name)
        .presigned(PresigningConfig::expires_in(LIFE).unwrap())
        .await
        .unwrap();
    let answer = fixture.browser.get(signed.uri()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    assert_eq!(answer.headers()["content-disposition"], name);
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");

    let forged = signed.uri().replace("application%2Fpdf", "text%2Fhtml");
    assert_ne!(forged, signed.uri());
    let answer = fixture.browser.get(forged).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_reader_may_ask_for_a_range_and_is_not_sent_what_it_has() {
    let fixture = fixture().await;
    let bytes = big();
    fixture.store(&bytes).await;
    let url = fixture.read_url().await;

    let whole = fixture.browser.get(&url).send().await.unwrap();
    assert_eq!(whole.headers()["accept-ranges"], "bytes");
    assert_eq!(whole.headers()["content-length"], bytes.len().to_string());
    let tag = whole.headers()["etag"].clone();

    let part = fixture.browser.get(&url).header("range", "bytes=1000000-1000999");
    let part = part.send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()["content-range"], "bytes 1000000-1000999/5242880");
    assert!(part.bytes().await.unwrap() == bytes[1_000_000..1_001_000]);

    let beyond = fixture.browser.get(&url).header("range", "bytes=9000000-").send().await.unwrap();
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);

    let same = fixture.browser.get(&url).header("if-none-match", &tag).send().await.unwrap();
    assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(same.headers()["etag"], tag);
    assert!(same.bytes().await.unwrap().is_empty());
    let other = fixture.browser.get(&url).header("if-none-match", "\"other\"");
    assert_eq!(other.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_read_signed_over_a_minute_ago_is_refused_whatever_it_was_promised() {
    let fixture = fixture().await;
    fixture.store(b"text").await;
    let status = async |age| {
        let url = fixture.read_url_signed_ago(Duration::from_secs(age)).await;
        fixture.browser.get(url).send().await.unwrap().status()
    };
    assert_eq!(status(50).await, StatusCode::OK);
    assert_eq!(status(62).await, StatusCode::FORBIDDEN);
    assert_eq!(status(4000).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_upload_url_works_until_its_own_expiry() {
    let fixture = fixture().await;
    let signed_ago = async |age| {
        let presigning = PresigningConfig::builder()
            .start_time(SystemTime::now() - Duration::from_secs(age))
            .expires_in(Duration::from_mins(15))
            .build()
            .unwrap();
        let put = fixture.client.put_object().bucket(BUCKET).key(KEY).content_length(4);
        let signed = put.presigned(presigning).await.unwrap();
        fixture.send(&signed, b"text".to_vec()).await
    };
    assert_eq!(signed_ago(800).await, StatusCode::OK);
    assert_eq!(signed_ago(902).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn nobody_reads_without_a_signature_or_with_one_for_another_key() {
    let fixture = fixture().await;
    fixture.store(b"text").await;
    let plain = format!("{}/{BUCKET}/{KEY}", fixture.endpoint);
    let other = fixture.read_url().await.replace("01J9ZW3V", "01J9ZW3W");
    let root = format!("{}/{BUCKET}", fixture.endpoint);
    for url in [plain, other, root] {
        let answer = fixture.browser.get(&url).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{url}");
    }
}

#[tokio::test]
async fn a_copy_keeps_bytes_and_checksum_and_a_deleted_object_leaves_no_trace() {
    let fixture = fixture().await;
    let bytes = big();
    fixture.store(&bytes).await;
    let (client, copy) = (&fixture.client, "files/ten_01J9Z/01J9ZW4A");
    let order = client.copy_object().bucket(BUCKET).key(copy);
    order.copy_source(format!("{BUCKET}/{KEY}")).send().await.unwrap();
    let head = client.head_object().bucket(BUCKET).key(copy);
    let head = head.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(head.checksum_sha256(), Some(digest(&bytes).as_str()));

    for key in [KEY, copy, "never/there"] {
        client.delete_object().bucket(BUCKET).key(key).send().await.unwrap();
        let head = client.head_object().bucket(BUCKET).key(key).send().await;
        assert!(head.unwrap_err().into_service_error().is_not_found());
    }
    let left = std::fs::read_dir(fixture.folder.path()).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [BUCKET]);
}

#[tokio::test]
async fn the_sdk_stores_and_reads_with_its_own_checksums() {
    let fixture = fixture().await;
    let config = fixture.client.config().to_builder();
    let config = config.request_checksum_calculation(RequestChecksumCalculation::WhenSupported);
    let client = Client::from_conf(config.build());
    let put = client.put_object().bucket(BUCKET).key(KEY).content_type("image/png");
    put.body(ByteStream::from_static(b"picture")).send().await.unwrap();
    let read = client.get_object().bucket(BUCKET).key(KEY).send().await.unwrap();
    assert_eq!(read.content_type(), Some("image/png"));
    assert_eq!(read.body.collect().await.unwrap().into_bytes(), "picture");
}

#[tokio::test]
async fn pages_of_this_machine_may_use_it_across_ports_and_others_may_not() {
    let fixture = fixture().await;
    let signed = fixture.upload_url(b"text").await;
    for (origin, allowed) in [
        ("http://localhost:8080", true),
        ("http://127.0.0.1:5173", true),
        ("http://localhost.evil.example", false),
        ("https://evil.example", false),
        ("null", false),
    ] {
        let asked = fixture.browser.request(Method::OPTIONS, signed.uri()).header("origin", origin);
        let asked = asked.header("access-control-request-method", "PUT");
        let asked = asked.header("access-control-request-headers", "x-amz-checksum-sha256");
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        let granted = answer.headers().get("access-control-allow-origin");
        assert_eq!(granted.map(|granted| granted == origin), allowed.then_some(true), "{origin}");
        assert_eq!(answer.headers()["access-control-allow-headers"], "x-amz-checksum-sha256");
    }
    fixture.store(b"text").await;
    let get = fixture.browser.get(fixture.read_url().await).header("origin", "http://localhost:1");
    let answer = get.send().await.unwrap();
    assert_eq!(answer.headers()["access-control-allow-origin"], "http://localhost:1");
    assert!(answer.headers()["access-control-expose-headers"].to_str().unwrap().contains("ETag"));
}

#[tokio::test]
async fn what_a_signed_address_opens_is_typed_named_and_kept_by_nobody() {
    let fixture = fixture().await;
    let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "tests");
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(&fixture.endpoint)
        .build();
    let files = Files::connect(&sdk, BUCKET, PathStyle::Path);
    let (tenant, ulid, at) =
        (TenantId::from_ulid(Ulid::generate()), Ulid::generate(), wall_clock());
    let file: File = serde_json::from_value(json!({
        "id": FileId::from_ulid(ulid),
        "version": 1,
        "document_id": DocumentId::from_ulid(ulid),
        "name": "Plan.pdf",
        "media_type": MediaType::Pdf,
        "size_bytes": 4,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "state": "published",
        "uploader_id": MemberId::from_ulid(ulid),
        "created_at": at,
        "published_at": at,
    }))
    .unwrap();
    let picture = Picture { id: FileId::from_ulid(Ulid::generate()), format: Format::Png };
    let page = PageOf { file: file.id, number: 1, width: Width::Wide };
    files.put_file(tenant, &file, b"file".to_vec()).await.unwrap();
    files.put_picture(tenant, &picture, b"face".to_vec()).await.unwrap();
    files.put_page(tenant, page, Format::Webp, b"page".to_vec()).await.unwrap();

    let saved = "attachment; filename=\"Plan.pdf\"; filename*=UTF-8''Plan.pdf";
    for (address, body, kind, shown) in [
        (files.download(tenant, &file, at).await.unwrap(), "file", "application/pdf", saved),
        (files.show(tenant, &picture).await.unwrap(), "face", "image/png", "inline"),
        (files.show_page(tenant, page, at).await.unwrap(), "page", "image/webp", "inline"),
    ] {
        assert!(at + SignedDuration::from_secs(60) <= address.expires_at);
        let answer = fixture.browser.get(&address.url).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], kind);
        assert_eq!(answer.headers()["content-disposition"], shown);
        assert_eq!(answer.headers()["cache-control"], "private, no-store");
        assert_eq!(answer.text().await.unwrap(), body);
    }
}
