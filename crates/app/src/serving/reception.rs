//! The reception: what happens to every request before its handler, and to every answer after.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, COOKIE, HOST, ORIGIN, REFERRER_POLICY, RETRY_AFTER, USER_AGENT,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use files::picture::PICTURE_BYTES_MAX;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::exchange::cx::{KEY_BYTES_MAX, Visit};
use crate::exchange::extract::{not_a_picture, picture_format};
use crate::exchange::network::Network;
use crate::exchange::problem::{Kind, Mistake, Problem, Replay};
use crate::house::keyring::noticing;
use crate::house::{Forwarded, House};
use crate::preview;
use crate::serving::route::{Route, Takes};

/// Longest JSON body.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// What the paths of guests begin with; the link follows.
const GUEST_PATH: &str = "/v1/guest/";
/// Longest name of a browser that is kept.
const AGENT_CHARS_MAX: usize = 200;

static IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
static OURS: HeaderName = HeaderName::from_static("x-vestibule");
static TENANT: HeaderName = HeaderName::from_static("x-vestibule-tenant");
static PLACE: HeaderName = HeaderName::from_static("x-vestibule-place");
static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// The visitor's address, as our own edge saw it.
static VISITOR: HeaderName = HeaderName::from_static("x-vestibule-visitor");
/// What our own edge adds to prove itself.
static ORIGIN_KEY: HeaderName = HeaderName::from_static("x-origin-key");

/// The network address that the server in front saw, where it is not the peer's own.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// What the reception knows before it hears a request.
struct Desk {
    house: Arc<House>,
    routes: &'static [Route],
}

impl Desk {
    /// What the body of `request` may be; JSON where nothing serves it.
    fn takes(&self, request: &Request) -> Takes {
        let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        let is_it = |route: &&Route| {
            Some(route.path) == path && route.method.as_str() == request.method().as_str()
        };
        self.routes.iter().find(is_it).map_or(Takes::Json, |route| route.takes)
    }
}

/// Puts the reception before all routes of `served`, which are some of `routes`.
pub fn receive(served: Router, house: Arc<House>, routes: &'static [Route]) -> Router {
    served
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || {
            Problem::new(Kind::NoSuchMethod, "The path exists, but not with this method.")
        })
        .layer(from_fn_with_state(Arc::new(Desk { house, routes }), at_the_door))
}

async fn at_the_door(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let house = &desk.house;
    let id = format!("urn:ulid:{}", ulid_of(house));
    let takes = desk.takes(&request);
    let mut response = match let_in(house, request, takes, id.clone()).await {
        Ok((parts, body)) => answered(house, &parts, &body, next).await,
        Err(problem) => problem.into_response(),
    };
    if let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() {
        response = match &problem.replay {
            Some(Replay::Rehearsed(rehearsal)) => {
                let told = Box::pin(preview::told(house, rehearsal)).await;
                told.unwrap_or_else(|problem| written_out(&problem, &id))
            }
            _ => written_out(&problem, &id),
        };
    }
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The answer of whoever serves the path. A caller refused for a token under a root key that is new
/// to this process is heard again once the keys were read again; a refusal has changed nothing.
async fn answered(house: &House, parts: &Parts, body: &Bytes, next: Next) -> Response {
    let request = || Request::from_parts(parts.clone(), Body::from(body.clone()));
    let (mut response, unknown_root) = noticing(next.clone().run(request())).await;
    let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND];
    if unknown_root && refused.contains(&response.status()) && house.read_roots_again().await {
        response = next.clone().run(request()).await;
    }
    let previews = parts.extensions.get::<Arc<Visit>>().is_some_and(|visit| visit.previews);
    // A handler that found nothing to do answered as it does then; nothing would happen.
    if previews && response.status().is_success() {
        return preview::nothing_would_happen();
    }
    response
}

fn ulid_of(house: &House) -> ulid::Ulid {
    use domain::id::{ActivityId, Id};

    house.dice.id::<ActivityId>(house.clock.now()).ulid()
}

async fn let_in(
    house: &Arc<House>,
    request: Request,
    takes: Takes,
    id: String,
) -> Result<(Parts, Bytes), Problem> {
    let (mut parts, body) = request.into_parts();
    require_edge(house, &parts.headers)?;
    let mutates = !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let body = whole(body, takes).await?;
    let previews = take_preview(&mut parts)?;
    if previews && !mutates {
        return Err(Problem::bad_input("preview", "only what changes something has a preview"));
    }
    let cookies = cookies(&parts.headers);
    if mutates {
        match takes {
            Takes::Json => require_json(&parts.headers, &body)?,
            Takes::Picture => drop(picture_format(&parts.headers).ok_or_else(not_a_picture)?),
        }
        require_same_site(house, &parts.headers, &cookies)?;
    }
    let mut asked = Sha256::new();
    for part in [parts.method.as_str(), parts.uri.path(), parts.uri.query().unwrap_or_default()] {
        asked.update(part);
        asked.update([0]);
    }
    asked.update(&body);
    // Keyed, since it is kept: of a body that holds a password nobody tries passwords on it.
    let asked = data_encoding::HEXLOWER.encode(&asked.finalize());
    let peer = parts.extensions.get::<Peer>().map(|Peer(address)| *address).or_else(|| {
        parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip())
    });
    let network = network(house, &parts.headers, peer);
    let visit = Visit {
        id,
        network_hash: house.keys.blind(&["network", network.as_str()]),
        network,
        agent: text(&parts.headers, &USER_AGENT)
            .map(|agent| agent.chars().take(AGENT_CHARS_MAX).collect()),
        asked: house.keys.blind(&["asked", &asked]),
        mutates,
        previews,
        idempotency_key: idempotency_key(&parts.headers)?,
        cookies,
        tenant: text(&parts.headers, &TENANT).and_then(|id| id.parse().ok()),
        link: parts.uri.path().strip_prefix(GUEST_PATH).and_then(|rest| {
            let id = rest.split('/').next()?;
            id.parse().ok()
        }),
        place: text(&parts.headers, &PLACE).map(str::to_owned),
    };
    parts.extensions.insert(house.clone());
    parts.extensions.insert(Arc::new(visit));
    Ok((parts, body))
}

/// Whether the caller asks for a preview; what says so is taken out of the query, which the routes
/// read for themselves.
fn take_preview(parts: &mut Parts) -> Result<bool, Problem> {
    let Some(query) = parts.uri.query() else { return Ok(false) };
    let (ours, others): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|pair| pair.split('=').next() == Some("preview"));
    let previews = match ours.as_slice() {
        [] => return Ok(false),
        ["preview=true"] => true,
        ["preview=false"] => false,
        _ => return Err(Problem::bad_input("preview", "expected `true` or `false`")),
    };
    let path = parts.uri.path();
    let rest =
        if others.is_empty() { path.to_owned() } else { format!("{path}?{}", others.join("&")) };
    let mut uri = parts.uri.clone().into_parts();
    // What was a path and a query stays one without a part of it.
    uri.path_and_query = rest.parse().ok();
    parts.uri = Uri::from_parts(uri).unwrap_or_else(|_| parts.uri.clone());
    Ok(previews)
}

async fn whole(body: Body, takes: Takes) -> Result<Bytes, Problem> {
    let most = match takes {
        Takes::Json => BODY_BYTES_MAX,
        Takes::Picture => PICTURE_BYTES_MAX,
    };
    match Limited::new(body, most).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Problem::new(Kind::TooLarge, format!("Send at most {most} bytes.")))
        }
        Err(_) => Err(Problem::bad_input("", "the body ended too early")),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn require_json(headers: &HeaderMap, body: &[u8]) -> Result<(), Problem> {
    let kind = text(headers, &CONTENT_TYPE).map(|kind| kind.split(';').next().unwrap_or(kind));
    match kind {
        Some(kind) if kind.trim().eq_ignore_ascii_case("application/json") => Ok(()),
        None if body.is_empty() => Ok(()),
        Some(_) | None => {
            Err(Problem::new(Kind::NotJson, "Send the body as `Content-Type: application/json`."))
        }
    }
}

/// A mutation with our cookies must come from our own pages: browsers name the origin, and no
/// other site can add our header. Where no origin is named, the header alone must do.
fn require_same_site(
    house: &House,
    headers: &HeaderMap,
    cookies: &[(String, String)],
) -> Result<(), Problem> {
    if let Some(origin) = text(headers, &ORIGIN) {
        let scheme = if house.is_secure() { "https" } else { "http" };
        let host = text(headers, &HOST).map(|host| format!("{scheme}://{host}"));
        if origin != house.base_url && host.as_deref() != Some(origin) {
            return Err(Problem::new(Kind::CrossSite, "The `Origin` is not this site's."));
        }
    }
    let is_ours = text(headers, &OURS) == Some("1");
    if !cookies.is_empty() && !is_ours {
        return Err(Problem::new(Kind::CrossSite, "Send the header `X-Vestibule: 1`."));
    }
    Ok(())
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get(&IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| {
        (1..=KEY_BYTES_MAX).contains(&key.len()) && key.bytes().all(|c| c.is_ascii_graphic())
    });
    let detail = format!("expected 1 to {KEY_BYTES_MAX} visible ASCII characters");
    key.map(|key| Some(key.to_owned())).ok_or_else(|| Problem::bad_input("Idempotency-Key", detail))
}

fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| {
            let name = name.strip_prefix("__Host-").unwrap_or(name);
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

fn network(house: &House, headers: &HeaderMap, peer: Option<IpAddr>) -> Network {
    let told = match &house.forwarded {
        Forwarded::Believed => text(headers, &FORWARDED_FOR)
            .and_then(|list| list.split(',').next()?.trim().parse::<IpAddr>().ok()),
        Forwarded::Edge(_) => text(headers, &VISITOR).and_then(|address| address.parse().ok()),
        Forwarded::Ignored => None,
    };
    told.or(peer).map_or_else(Network::unknown, Network::from)
}

/// Where an edge stands before us, whatever does not come through it is refused.
fn require_edge(house: &House, headers: &HeaderMap) -> Result<(), Problem> {
    let Forwarded::Edge(keys) = &house.forwarded else { return Ok(()) };
    let told = text(headers, &ORIGIN_KEY).unwrap_or_default().as_bytes();
    if keys.iter().any(|key| told.ct_eq(key.expose_secret().as_bytes()).into()) {
        return Ok(());
    }
    let detail = format!("Call this at `{}`, which is the only way in.", house.base_url);
    Err(Problem::new(Kind::Forbidden, detail))
}

fn written_out(problem: &Problem, id: &str) -> Response {
    let document = problem.document(id);
    let Mistake { pointer, .. } = problem
        .errors
        .first()
        .cloned()
        .unwrap_or(Mistake { pointer: String::new(), detail: String::new() });
    // Counted by whoever watches for guessing.
    let wrong_secret = matches!(problem.kind, Kind::CodeWrong | Kind::WrongSignIn);
    let (status, kind) = (document.status, problem.kind);
    tracing::info!(request.id = id, status, ?kind, wrong_secret, pointer, "problem");
    // A struct of strings and numbers always serialises.
    let body = serde_json::to_vec(&document).unwrap_or_default();
    let mut response = (problem.kind.status(), body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = problem.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests;
