use axum::http::HeaderMap;
use domain::session::Chosen;
use http_body_util::BodyExt;
use serde_json::json;

use super::*;
use crate::fixtures::id;

fn header(headers: &HeaderMap, name: axum::http::HeaderName) -> &str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

async fn text(response: Response) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn each_answer_has_its_status_and_tells_versions_and_places() {
    let thing = json!({ "a": 1 });
    let etag = ("etag", "\"3\"".to_owned());
    let first = ("etag", "\"1\"".to_owned());
    let location = ("location", "/v1/a/1".to_owned());
    let made = Created::new(&thing, "/v1/a/1".to_owned()).parts();
    for (parts, status, headers, body) in [
        (Found::new(&thing).parts(), 200, vec![], r#"{"a":1}"#),
        (Found::at(&thing, 3).parts(), 200, vec![etag], r#"{"a":1}"#),
        (made, 201, vec![location, first], r#"{"a":1}"#),
        (Accepted.parts(), 202, vec![], ""),
        (AcceptedWith { body: &thing }.parts(), 202, vec![], r#"{"a":1}"#),
        (Done.parts(), 204, vec![], ""),
        (Answer::parts(&&Done), 204, vec![], ""),
    ] {
        let expected =
            Parts { status, headers, body: body.to_owned(), cookies: vec![], reissue: None };
        assert_eq!(parts, expected);
    }
}

#[tokio::test]
async fn an_answer_is_sent_as_it_is_and_kept_by_nobody_on_the_way() {
    let seat = Chosen { tenant_id: id(1), member_id: id(10) };
    let cookies = ["a=1; Path=/", "b=2; Path=/"];
    let cookies = cookies.map(|header| Cookie { header: header.to_owned() }).to_vec();
    let answer = WithCookies { answer: Found::at(json!({}), 3), cookies, reissue: None };
    let response = answer.into_response();
    let headers = response.headers().clone();
    assert_eq!(response.status(), 200);
    assert_eq!(header(&headers, CONTENT_TYPE), "application/json");
    assert_eq!(header(&headers, CACHE_CONTROL), "no-store");
    assert_eq!(header(&headers, ETAG), "\"3\"");
    assert_eq!(headers.get_all(SET_COOKIE).iter().count(), 2);
    assert_eq!(text(response).await, "{}");
    let note = Reissue::Session { identity: id(9), seat, session: id(19) };
    let noted = WithCookies { answer: Done, cookies: vec![], reissue: Some(note.clone()) };
    assert_eq!(noted.parts().reissue, Some(note));
    let made = Created::new(json!({}), "/v1/a/1".to_owned()).into_response();
    assert_eq!(header(made.headers(), LOCATION), "/v1/a/1");
    let done = Done.into_response();
    assert_eq!((done.status().as_u16(), header(done.headers(), CONTENT_TYPE)), (204, ""));
}

#[test]
fn a_refusal_that_was_kept_is_sent_as_a_problem() {
    for (status, expected) in [
        (404, "application/problem+json"),
        (503, "application/problem+json"),
        (200, "application/json"),
    ] {
        let parts = Parts { status, body: "{}".to_owned(), ..Parts::default() };
        let response = parts.into_response();
        assert_eq!(header(response.headers(), CONTENT_TYPE), expected);
    }
    let broken = Parts { status: 1, ..Parts::default() }.into_response();
    assert_eq!(broken.status(), 500);
}

#[tokio::test]
async fn a_page_tells_where_the_next_one_begins_unless_it_is_the_last() {
    let page = |next| Page { items: vec![1], next }.into_response();
    assert_eq!(text(page(None)).await, r#"{"items":[1]}"#);
    let next = Some("here".to_owned());
    assert_eq!(text(page(next)).await, r#"{"items":[1],"next":"here"}"#);
}

#[tokio::test]
async fn a_spreadsheet_runs_nothing_that_a_guest_typed() {
    let mut table = Table::new("board.csv", &["Name", "Note"]);
    assert_eq!((table.len(), table.is_empty()), (0, true));
    for cell in ["=1+1", "+1", "-1", "@now", "\tx", "\rx", "1=1", "say \"hi\""] {
        table.push(&["Maya".to_owned(), cell.to_owned()]);
    }
    assert_eq!((table.len(), table.is_empty()), (8, false));
    let response = table.into_response();
    let headers = response.headers().clone();
    assert_eq!(header(&headers, CONTENT_TYPE), "text/csv; charset=utf-8");
    assert_eq!(header(&headers, CONTENT_DISPOSITION), "attachment; filename=\"board.csv\"");
    assert_eq!(header(&headers, CACHE_CONTROL), "private, no-store");
    let text = text(response).await;
    let rows: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(rows[0], r#""Name","Note""#);
    assert_eq!(rows[1], r#""Maya","'=1+1""#);
    assert!(rows[1..7].iter().all(|row| row.starts_with("\"Maya\",\"'")), "{rows:?}");
    assert_eq!(rows[7..], [r#""Maya","1=1""#, r#""Maya","say ""hi""""#]);
}

#[test]
fn a_picture_is_shown_and_runs_nothing() {
    let response = Painted { format: Format::Jpeg, bytes: vec![1] }.into_response();
    let headers = response.headers();
    assert_eq!(header(headers, CONTENT_TYPE), "image/jpeg");
    assert_eq!(header(headers, CONTENT_SECURITY_POLICY), "default-src 'none'; sandbox");
    assert_eq!(header(headers, CACHE_CONTROL), "private, no-store");
    assert_eq!(header(headers, CONTENT_DISPOSITION), "inline");
}
