//! Sends a paper to the bucket as a browser does: by the signed request, and nothing else.

use std::time::Duration;

use axum::body::{Body, Bytes};
use files::Upload;
use http::Uri;
use http::header::{CONTENT_LENGTH, HOST};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// How long one paper may take; they are small and the bucket is here.
const PATIENCE: Duration = Duration::from_secs(30);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Sends `bytes` as `upload` says.
pub(super) async fn send(upload: &Upload, bytes: Vec<u8>) -> Result<(), Failure> {
    tokio::time::timeout(PATIENCE, put(upload, bytes)).await?
}

async fn put(upload: &Upload, bytes: Vec<u8>) -> Result<(), Failure> {
    let uri: Uri = upload.url.parse()?;
    let authority = uri.authority().ok_or("the address has no host")?.as_str().to_owned();
    let (mut sender, connection) =
        handshake(TokioIo::new(TcpStream::connect(&authority).await?)).await?;
    let driving = tokio::spawn(connection);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request = http::Request::builder()
        .method(upload.method.as_str())
        .uri(path)
        .header(HOST, &authority)
        .header(CONTENT_LENGTH, bytes.len());
    for (name, value) in &upload.headers {
        request = request.header(name, value);
    }
    let sent = sender.send_request(request.body(Body::from(Bytes::from(bytes)))?).await;
    driving.abort();
    let status = sent?.status();
    if status.is_success() { Ok(()) } else { Err(format!("the bucket answered {status}").into()) }
}
