//! The functions: one binary, which serves the routes that `_HANDLER` names.

use std::net::IpAddr;

use anyhow::Context;
use app::house::start;
use app::serving::reception::Peer;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use lambda_http::request::RequestContext;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    start::log();
    let handler = std::env::var("_HANDLER").context("`_HANDLER` names the routes to serve")?;
    let house = start::start(functions::routes::warmth(&handler)).await?.house;
    let router = functions::routes::mount(&handler, house).layer(from_fn(name_the_peer));
    lambda_http::run(router).await.map_err(anyhow::Error::from_boxed)
}

/// Tells the reception the client's address as API Gateway saw it.
async fn name_the_peer(mut request: Request, next: Next) -> Response {
    let context = request.extensions().get::<RequestContext>();
    let address: Option<IpAddr> = match context {
        Some(RequestContext::ApiGatewayV2(context)) => {
            context.http.source_ip.as_ref().and_then(|address| address.parse().ok())
        }
        _ => None,
    };
    if let Some(address) = address {
        request.extensions_mut().insert(Peer(address));
    }
    next.run(request).await
}
