//! The least that a function can be: one route that answers 200. What starting costs beyond it is
//! ours.

use axum::Router;
use axum::routing::get;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let router = Router::new().route("/v1/health", get(async || r#"{"status":"ok"}"#));
    lambda_http::run(router).await
}
