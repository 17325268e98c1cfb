use axum::http::request::Builder;

use super::*;
use crate::fixtures::{house, id, refusal};

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let build = |builder: Builder, (name, value): &(&str, &str)| builder.header(*name, *value);
    let builder = pairs.iter().fold(Request::builder(), build);
    builder.body(()).unwrap().into_parts().0.headers
}

#[test]
fn a_preview_is_taken_out_of_the_query_and_the_rest_stays() {
    let taken = |uri: &str| {
        let mut parts = Request::builder().uri(uri).body(()).unwrap().into_parts().0;
        take_preview(&mut parts).map(|previews| (previews, parts.uri.to_string()))
    };
    for (uri, previews, rest) in [
        ("/v1/a", false, "/v1/a"),
        ("/v1/a?b=1", false, "/v1/a?b=1"),
        ("/v1/a?preview=true", true, "/v1/a"),
        ("/v1/a?preview=false", false, "/v1/a"),
        ("/v1/a?b=1&preview=true&c=2", true, "/v1/a?b=1&c=2"),
        ("/v1/a?previews=true", false, "/v1/a?previews=true"),
    ] {
        assert_eq!(taken(uri).unwrap(), (previews, rest.to_owned()), "{uri}");
    }
    for uri in ["/v1/a?preview", "/v1/a?preview=yes", "/v1/a?preview=true&preview=true"] {
        assert_eq!(refusal(taken(uri)), Some(Kind::BadInput), "{uri}");
    }
}

#[tokio::test]
async fn a_body_is_as_long_as_its_route_takes() {
    let read = async |bytes: usize, takes| {
        let read = whole(Body::from(vec![b' '; bytes]), takes).await;
        read.map(|body| body.len()).map_err(|problem| problem.kind)
    };
    assert_eq!(read(BODY_BYTES_MAX, Takes::Json).await, Ok(BODY_BYTES_MAX));
    assert_eq!(read(BODY_BYTES_MAX + 1, Takes::Json).await, Err(Kind::TooLarge));
    assert_eq!(read(BODY_BYTES_MAX + 1, Takes::Picture).await, Ok(BODY_BYTES_MAX + 1));
    assert_eq!(read(PICTURE_BYTES_MAX + 1, Takes::Picture).await, Err(Kind::TooLarge));
}

#[test]
fn a_body_is_json_and_says_so() {
    let read = |kind: Option<&str>, body: &[u8]| {
        let pairs: Vec<_> = kind.into_iter().map(|kind| ("content-type", kind)).collect();
        refusal(require_json(&headers(&pairs), body))
    };
    for kind in ["application/json", "Application/JSON; charset=utf-8"] {
        assert_eq!(read(Some(kind), b"{}"), None, "{kind}");
    }
    assert_eq!(read(None, b""), None);
    assert_eq!(read(None, b"{}"), Some(Kind::NotJson));
    for kind in ["text/plain", ""] {
        assert_eq!(read(Some(kind), b""), Some(Kind::NotJson), "{kind}");
    }
}

#[test]
fn a_change_with_our_cookies_comes_from_our_own_pages() {
    let house = house();
    let cookie = [("session".to_owned(), "value".to_owned())];
    let came = |pairs: &[(&str, &str)], cookies: &[(String, String)]| {
        refusal(require_same_site(&house, &headers(pairs), cookies))
    };
    let (ours, base) = (("x-vestibule", "1"), ("origin", "https://trust.acme.example"));
    let (host, own) = (("host", "acme.example"), ("origin", "https://acme.example"));
    let other = ("origin", "https://evil.example");
    let cross = Some(Kind::CrossSite);
    for (pairs, with_cookie, without) in [
        (&[base, ours][..], None, None),
        (&[host, own, ours][..], None, None),
        (&[ours][..], None, None),
        (&[base][..], cross, None),
        (&[][..], cross, None),
        (&[other, ours][..], cross, cross),
        (&[host, other, ours][..], cross, cross),
        (&[own, ours][..], cross, cross),
        (&[base, ("x-vestibule", "2")][..], cross, None),
    ] {
        assert_eq!(came(pairs, &cookie), with_cookie, "{pairs:?}");
        assert_eq!(came(pairs, &[]), without, "{pairs:?}");
    }
    let plain = [host, ("origin", "http://acme.example"), ours];
    assert_eq!(came(&plain, &cookie), cross, "behind TLS there is no plain origin");
}

#[test]
fn a_key_is_short_and_visible() {
    let read = |value: &str| {
        let key = idempotency_key(&headers(&[("idempotency-key", value)]));
        key.map_err(|problem| problem.kind)
    };
    let longest = "k".repeat(KEY_BYTES_MAX);
    for key in ["k", "a-b_c.1~", &longest] {
        assert_eq!(read(key), Ok(Some(key.to_owned())));
    }
    for key in ["", "a b", &format!("{longest}k")] {
        assert_eq!(read(key), Err(Kind::BadInput), "{key}");
    }
    assert_eq!(idempotency_key(&HeaderMap::new()).unwrap(), None);
}

#[test]
fn cookies_are_read_by_their_names_without_prefix() {
    let read = cookies(&headers(&[
        ("cookie", "__Host-session=a=b; device=c"),
        ("cookie", "broken; portal_1="),
    ]));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(read, [pair("session", "a=b"), pair("device", "c"), pair("portal_1", "")]);
    assert_eq!(cookies(&HeaderMap::new()), []);
}

#[test]
fn where_a_request_comes_from_is_believed_of_whom_we_know() {
    let told =
        [("x-forwarded-for", "198.51.100.1, 10.0.0.1"), ("x-vestibule-visitor", "198.51.100.2")];
    let peer: IpAddr = "192.0.2.7".parse().unwrap();
    let from = |forwarded, pairs: &[(&str, &str)], peer| {
        let mut house = house();
        house.forwarded = forwarded;
        network(&house, &headers(pairs), peer).as_str().to_owned()
    };
    assert_eq!(from(Forwarded::Ignored, &told, Some(peer)), "192.0.2.7");
    assert_eq!(from(Forwarded::Believed, &told, Some(peer)), "198.51.100.1");
    assert_eq!(from(Forwarded::Edge(Vec::new()), &told, Some(peer)), "198.51.100.2");
    assert_eq!(from(Forwarded::Believed, &[], Some(peer)), "192.0.2.7");
    assert_eq!(from(Forwarded::Ignored, &told, None), "unknown");
}

#[test]
fn behind_an_edge_nobody_else_is_heard() {
    let mut house = house();
    let came =
        |house: &House, pairs: &[(&str, &str)]| refusal(require_edge(house, &headers(pairs)));
    assert_eq!(came(&house, &[]), None);
    house.forwarded = Forwarded::Edge(vec!["new".into(), "old".into()]);
    for key in ["new", "old"] {
        assert_eq!(came(&house, &[("x-origin-key", key)]), None);
    }
    for pairs in [&[][..], &[("x-origin-key", "ne")][..], &[("x-origin-key", "other")][..]] {
        assert_eq!(came(&house, pairs), Some(Kind::Forbidden), "{pairs:?}");
    }
}

/// How a request comes to its handler.
async fn heard(request: axum::http::request::Builder, body: &str) -> Result<Visit, Problem> {
    let house = Arc::new(house());
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let (parts, whole) = let_in(&house, request, Takes::Json, "urn:ulid:1".to_owned()).await?;
    assert_eq!(whole, body);
    Ok(parts.extensions.get::<Arc<Visit>>().unwrap().as_ref().clone())
}

fn post(uri: &str) -> Builder {
    Request::post(uri).header("content-type", "application/json")
}

#[tokio::test]
async fn a_visit_tells_how_a_request_came() {
    let link: domain::id::LinkId = id(6);
    let agent = "a".repeat(300);
    let request = post(&format!("/v1/guest/{link}/open?preview=true"))
        .header("user-agent", &agent)
        .header("x-vestibule-place", "place")
        .header("x-vestibule-tenant", id::<domain::id::TenantId>(1).to_string());
    let visit = heard(request, "{}").await.unwrap();
    assert_eq!((visit.link, visit.tenant), (Some(link), Some(id(1))));
    assert_eq!((visit.mutates, visit.previews, visit.id.as_str()), (true, true, "urn:ulid:1"));
    assert_eq!(visit.agent.map(|agent| agent.len()), Some(AGENT_CHARS_MAX));
    assert_eq!((visit.place.as_deref(), visit.network.as_str()), (Some("place"), "unknown"));
    for uri in ["/v1/guest/nothing", "/v1/contacts/1"] {
        assert_eq!(heard(post(uri), "").await.unwrap().link, None);
    }
    let read = heard(Request::get("/v1/contacts"), "").await.unwrap();
    assert!(!read.mutates && !read.previews);
}

#[tokio::test]
async fn what_is_asked_differs_by_method_path_query_and_body() {
    let asked = async |request, body| heard(request, body).await.unwrap().asked;
    let first = asked(post("/v1/a?b=1"), "{}").await;
    assert_eq!(asked(post("/v1/a?b=1"), "{}").await, first);
    let delete = Request::delete("/v1/a?b=1").header("content-type", "application/json");
    for other in [
        asked(post("/v1/c?b=1"), "{}").await,
        asked(post("/v1/a?b=2"), "{}").await,
        asked(post("/v1/a?b=1"), "{ }").await,
        asked(delete, "{}").await,
    ] {
        assert_ne!(other, first);
    }
}

#[tokio::test]
async fn only_what_changes_something_has_a_preview_and_must_be_ours() {
    let get = |uri: &str| Request::get(uri);
    let refused = heard(get("/v1/a?preview=true"), "").await;
    assert_eq!(refusal(refused), Some(Kind::BadInput));
    let read = get("/v1/a").header("cookie", "session=1").header("content-type", "text/plain");
    assert_eq!(refusal(heard(read, "").await), None, "reading needs no header of ours");
    let written = post("/v1/a").header("cookie", "session=1");
    assert_eq!(refusal(heard(written, "{}").await), Some(Kind::CrossSite));
    let text = Request::post("/v1/a").header("content-type", "text/plain");
    assert_eq!(refusal(heard(text, "{}").await), Some(Kind::NotJson));
}

#[tokio::test]
async fn a_problem_is_written_out_with_the_request_it_answers_and_when_to_try_again() {
    let response = written_out(&Problem::not_found().after(7), "urn:ulid:1");
    assert_eq!(response.status(), 404);
    assert_eq!(response.headers()[RETRY_AFTER], "7");
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["instance"], "urn:ulid:1");
    assert_eq!(body["status"], 404);
    let response = written_out(&Problem::not_found(), "urn:ulid:1");
    assert!(response.headers().get(RETRY_AFTER).is_none());
}
