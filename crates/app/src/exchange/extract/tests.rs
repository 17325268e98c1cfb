use axum::body::Body;
use axum::http::Request as HttpRequest;
use axum::http::header::HeaderName;

use super::*;
use crate::fixtures::refusal;

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, null and set are three things")]
struct Input {
    name: String,
    #[serde(default)]
    items: Vec<Inner>,
    #[serde(default, deserialize_with = "maybe")]
    owner: Option<Option<u8>>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inner {
    count: u8,
}

/// What is wrong with a body, and where.
async fn wrong(body: &str) -> (String, String) {
    let request = HttpRequest::new(Body::from(body.to_owned()));
    let read = Json::<Input>::from_request(request, &()).await;
    let problem = read.unwrap_err();
    assert_eq!(problem.kind, Kind::BadInput);
    let mistake = problem.errors[0].clone();
    (mistake.pointer, mistake.detail)
}

async fn read(body: &str) -> Input {
    let request = HttpRequest::new(Body::from(body.to_owned()));
    Json::<Input>::from_request(request, &()).await.unwrap().0
}

#[tokio::test]
async fn what_is_wrong_with_a_body_is_pointed_at() {
    for (body, pointer, detail) in [
        (r#"{"name":1}"#, "/name", "invalid type: integer `1`, expected a string"),
        (r#"{"items":[{"count":1},{"count":"x"}],"name":"a"}"#, "/items/1/count", ""),
        (r#"{"items":[{}],"name":"a"}"#, "/items/0/count", "missing field `count`"),
        (r#"{"items":[{"count":1,"more":1}],"name":"a"}"#, "/items/0/more", ""),
        (r#"{"name":"a","a/b~c":1}"#, "/a~1b~0c", ""),
        ("", "/name", "missing field `name`"),
        (r#"{"name":"a"} x"#, "", "trailing characters"),
        ("{", "", ""),
    ] {
        let (place, said) = wrong(body).await;
        assert_eq!(place, pointer, "{body}");
        assert!(said.starts_with(detail) && !said.contains(" at line "), "{said}");
    }
}

#[tokio::test]
async fn a_field_is_absent_or_null_or_set() {
    let owner = async |body: &str| read(body).await.owner;
    assert_eq!(owner(r#"{"name":"a"}"#).await, None);
    assert_eq!(owner(r#"{"name":"a","owner":null}"#).await, Some(None));
    assert_eq!(owner(r#"{"name":"a","owner":3}"#).await, Some(Some(3)));
}

#[tokio::test]
async fn an_action_without_fields_may_be_sent_without_a_body() {
    for (body, expected) in [("", None), ("{}", None), (r#"{"a":1}"#, Some(Kind::BadInput))] {
        let request = HttpRequest::new(Body::from(body));
        assert_eq!(refusal(Json::<Nothing>::from_request(request, &()).await), expected, "{body}");
    }
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    q: Option<String>,
    limit: Option<u8>,
}

async fn asked(query: &str) -> Result<Search, Problem> {
    let uri = format!("/v1/contacts{query}");
    let (mut parts, ()) = HttpRequest::get(uri).body(()).unwrap().into_parts();
    Query::from_request_parts(&mut parts, &()).await.map(|Query(search)| search)
}

#[tokio::test]
async fn a_query_is_read_with_each_parameter_once() {
    let search = Search { q: Some("ma ya".to_owned()), limit: Some(3) };
    assert_eq!(asked("?q=ma%20ya&limit=3").await.unwrap(), search);
    assert_eq!(asked("").await.unwrap(), Search { q: None, limit: None });
    for (query, pointer) in [("?q=a&q=b", "q"), ("?limit=many", "limit"), ("?other=1", "other")] {
        let refused = asked(query).await.unwrap_err();
        assert_eq!(refused.kind, Kind::BadInput, "{query}");
        assert_eq!(refused.errors[0].pointer, pointer, "{query}");
    }
}

fn with(name: HeaderName, value: &str) -> Parts {
    HttpRequest::get("/").header(name, value).body(()).unwrap().into_parts().0
}

#[tokio::test]
async fn a_version_is_named_as_it_was_read() {
    let mut parts = with(IF_MATCH, " \"3\" ");
    let tag = IfMatch::from_request_parts(&mut parts, &()).await.unwrap();
    assert_eq!(tag, IfMatch(3));
    assert_eq!(refusal(tag.require(3)), None);
    assert_eq!(refusal(tag.require(4)), Some(Kind::Stale));
    for value in ["3", "\"3", "\"x\"", "*"] {
        let read = IfMatch::from_request_parts(&mut with(IF_MATCH, value), &()).await;
        assert_eq!(refusal(read), Some(Kind::BadInput), "{value}");
    }
    let mut without = with(CONTENT_TYPE, "x");
    let read = IfMatch::from_request_parts(&mut without, &()).await;
    assert_eq!(refusal(read), Some(Kind::IfMatchMissing));
}

#[tokio::test]
async fn a_picture_is_one_of_the_formats_that_we_draw() {
    let format = |kind: &str| picture_format(&with(CONTENT_TYPE, kind).headers);
    assert_eq!(format("image/jpeg"), Some(Format::Jpeg));
    assert_eq!(format("IMAGE/PNG ; q=1"), Some(Format::Png));
    assert_eq!(format("text/html"), None);
    assert_eq!(picture_format(&HeaderMap::new()), None);
    assert_eq!(not_a_picture().kind, Kind::NotPicture);
    assert!(not_a_picture().detail.contains("`image/jpeg`"), "{}", not_a_picture().detail);
    let sent = HttpRequest::builder().header(CONTENT_TYPE, "image/png").body(Body::from("x"));
    let image = Image::from_request(sent.unwrap(), &()).await.unwrap();
    assert_eq!((image.format, &*image.bytes), (Format::Png, b"x".as_slice()));
}
