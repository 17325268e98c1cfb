//! Access requests, as staff review them.

pub mod approve;
pub mod ask;
pub mod decide;
pub mod list;
pub mod read;
pub mod reject;
pub mod start_review;

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::requests::Reviewed;
use app::requests::deciding::{Notice, Picked};
use domain::id::DocumentId;

use crate::views::requests::RequestView;

/// The request as its page shows it.
fn answer(cx: &Cx<Staff>, reviewed: &Reviewed) -> Found<RequestView> {
    Found::at(RequestView::new(reviewed, cx.now), reviewed.request.version)
}

/// The documents in `list` of a body, each in the same way; every open one, if it names none.
fn picked<T: Clone>(list: &str, documents: Option<&[DocumentId]>, how: T) -> Picked<T> {
    let Some(documents) = documents else { return Picked::All(how) };
    let place = |(index, id): (usize, &DocumentId)| (format!("/{list}/{index}"), *id, how.clone());
    Picked::These(documents.iter().enumerate().map(place).collect())
}

fn notice(notify: bool) -> Notice {
    if notify { Notice::Mailed } else { Notice::None }
}
