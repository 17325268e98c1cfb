//! Guest links, as staff make, hand out and end them.

pub mod children;
pub mod copy;
pub mod create;
pub mod deactivate;
pub mod devices;
pub mod export_children;
pub mod list;
pub mod read;
pub mod replace;
pub mod revoke;
pub mod send;
pub mod update;

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use domain::activity::Detail;
use domain::link::Link;
use serde_json::Value;
use store::StoreError;
use store::change::Change;
use store::links::Linked;

use crate::views::links::LinkView;

/// The link as its page shows it.
fn answer(cx: &Cx<Staff>, seen: &Linked) -> Found<LinkView> {
    Found::at(LinkView::new(seen, cx.now), seen.link.version)
}

/// Adds to `change` that `after` takes the place of the link that was seen, with `detail` in its
/// trail. The answer shows it.
fn exchange(
    cx: &Cx<Staff>,
    change: &mut Change,
    seen: Linked,
    after: Link,
    detail: Value,
) -> Result<Found<LinkView>, StoreError> {
    cx.save_link(change, &after, Detail::Plain(detail))?;
    Ok(answer(cx, &Linked { link: after, ..seen }))
}
