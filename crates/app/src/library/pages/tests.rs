use domain::document::AccessLevel;
use domain::member::Role;
use serde_json::json;

use super::*;
use crate::fixtures::{NOW, cx, document, file, house, id, refusal, staff};

fn wanted(number: u32) -> Wanted {
    Wanted { number: PageNumber(number), width: Width::Wide }
}

fn with(pages: Pages) -> File {
    File { pages, ..file() }
}

#[test]
fn a_page_number_is_written_in_one_way_only() {
    assert_eq!("1".parse::<PageNumber>(), Ok(PageNumber(1)));
    for text in ["", "0", "01", "+1", "-1", "1.0", "4294967296", "one"] {
        assert_eq!(text.parse::<PageNumber>(), Err(PageNumberError), "{text}");
    }
    assert_eq!(PageNumber(12).to_string(), "12");
    let read = serde_json::from_value::<PageNumber>;
    assert_eq!(read(json!("12")).unwrap(), PageNumber(12));
    assert!(read(json!("01")).is_err());
}

#[test]
fn a_mark_names_anybody_in_ascii_and_in_bounds() {
    assert_eq!(Who::new("zoë@example.com\n"), Who("zo?@example.com?".to_owned()));
    assert_eq!(Who::new("a b"), Who("a b".to_owned()));
    assert_eq!(Who::new(&"é".repeat(500)).0.len(), WHO_CHARS_MAX);
}

#[test]
fn pages_are_as_wide_as_one_of_ours_and_wide_unless_told() {
    let width =
        |query: serde_json::Value| serde_json::from_value::<PageQuery>(query).map(PageQuery::width);
    assert_eq!(width(json!({})).unwrap(), Width::Wide);
    for one in Width::ALL {
        assert_eq!(width(json!({ "width": one.pixels().to_string() })).unwrap(), one);
    }
    for wrong in ["", "1", "wide"] {
        assert!(width(json!({ "width": wrong })).is_err(), "{wrong}");
    }
    assert!(width(json!({ "height": "1" })).is_err());
}

#[test]
fn a_page_is_seen_that_was_drawn_and_no_other() {
    let ready = Pages::Ready { count: 3, total: 5 };
    for (file, number, expected) in [
        (with(ready), 1, None),
        (with(ready), 3, None),
        (with(ready), 4, Some((Kind::NotFound, None))),
        (with(Pages::Pending), 1, Some((Kind::PageNotReady, Some(1)))),
        (with(Pages::Impossible), 1, Some((Kind::PageNotReady, None))),
        (File { state: FileState::Deleted, ..with(ready) }, 1, Some((Kind::NotFound, None))),
        (File { state: FileState::Uploading, ..with(ready) }, 1, Some((Kind::NotFound, None))),
    ] {
        let refused = require_page(&file, number).err();
        let told = refused.map(|problem| (problem.kind, problem.retry_after));
        assert_eq!(told, expected, "{:?} {number}", file.pages);
    }
}

#[test]
fn the_trail_names_the_page_that_was_looked_at() {
    let view = page_view(&file(), wanted(2)).unwrap();
    assert_eq!(view, json!({ "file_id": file().id, "name": "soc2.pdf", "page": 2 }));
    assert_eq!(refusal(page_view(&file(), wanted(4))), Some(Kind::NotFound));
}

#[test]
fn nothing_is_opened_for_reading_only_that_can_never_be_read_as_pages() {
    let with = |pages: Option<Pages>| {
        let document = document(AccessLevel::Restricted);
        let published = document.published.clone().zip(pages);
        let published =
            published.map(|(published, pages)| domain::document::Published { pages, ..published });
        require_pages(&Document { published, ..document }, "/rights")
    };
    for fine in [Some(Pages::Pending), Some(Pages::Ready { count: 1, total: 1 }), None] {
        assert!(with(fine).is_ok(), "{fine:?}");
    }
    let refused = with(Some(Pages::Impossible)).unwrap_err();
    assert_eq!((refused.kind, refused.errors[0].pointer.as_str()), (Kind::BadInput, "/rights"));
}

#[test]
fn pages_are_drawn_once_for_what_is_published_and_can_have_any() {
    let house = house();
    let task = draw_task(&house, &with(Pages::Pending), NOW).unwrap();
    assert_eq!((task.due_at, task.passes), (NOW, 0));
    assert!(matches!(task.work, Work::Pages(file) if file == id(7)));
    for file in [
        with(Pages::Impossible),
        file(),
        File { state: FileState::Uploading, ..with(Pages::Pending) },
    ] {
        assert!(draw_task(&house, &file, NOW).is_none());
    }
}

#[tokio::test]
async fn who_is_marked_gets_an_address_of_ours_that_names_them() {
    let cx = cx(staff(Role::Member));
    let (store, who) = (cx.store(), Who::new("maya@initech.example"));
    let copy = File { id: id(70), stored_as: Some(id(7)), ..file() };
    let shown = cx.shown_page(&store, &copy, wanted(2), Form::Marked(who)).await.unwrap();
    let body = crate::exchange::answer::Answer::parts(&shown).body;
    let body: Value = serde_json::from_str(&body).unwrap();
    let token = body["url"].as_str().unwrap();
    let token = token.strip_prefix("https://trust.acme.example/v1/pages/").unwrap();
    let token = PageToken::verify(&cx.house.keys, token).unwrap();
    assert_eq!((token.tenant, token.who.as_str()), (id(1), "maya@initech.example"));
    let page = PageOf { file: id(7), number: 2, width: Width::Wide };
    assert_eq!(token.page, page, "a copy has the pages of what it was made from");
}

#[tokio::test]
async fn an_address_that_is_forged_or_over_shows_nothing() {
    let cx = cx(Anyone);
    assert_eq!(refusal(cx.marked_page("forged").await), Some(Kind::NotFound));
    let page = PageOf { file: id(7), number: 2, width: Width::Wide };
    let (shown_at, who) = (Timestamp::UNIX_EPOCH, "maya".to_owned());
    let over = PageToken { tenant: id(1), page, shown_at, who }.sign(&cx.house.keys);
    assert_eq!(refusal(cx.marked_page(&over).await), Some(Kind::LinkOver));
}
