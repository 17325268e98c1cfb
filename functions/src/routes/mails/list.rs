//! `GET /v1/mails`: the mails to a contact or member, or about a request, and how far each came.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::Query;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::activity::Object;
use domain::outbox::Mail;
use schemars::JsonSchema;
use serde::Deserialize;
use store::outbox::mail_cursor;

use crate::views::mails::MailView;
use crate::views::paging;

pub const ROUTE: Route = Route::get("mails.list", "/v1/mails")
    .says("Lists the mails to a contact or member, or about a request, and how far each one came.")
    .problems(&[Kind::Forbidden, Kind::NotFound])
    .served_by(|| endpoint(list_mails));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// A contact or member, for the mails to them; or a request, for the mails about it to whoever
    /// asked. Codes are not listed: whether there was anybody to mail one to is nobody's business.
    object: Object,
    /// Items of a page at the most, 1 to 100; 50 unless given. A request's page may hold fewer.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

async fn list_mails(cx: Cx<Staff>, Query(input): Query<Input>) -> Result<Page<MailView>, Problem> {
    let limit = paging::limit(input.limit)?;
    let cursor = paging::place(input.cursor.as_deref())?;
    let about = cx.mails_about(input.object).await?;
    let store = cx.store();
    let mails = store.mails_to(about.addressee, cursor.as_deref(), limit + 1).await?;
    let mut page = paging::page(mails, limit, mail_cursor, |mail: Mail| mail);
    page.items.retain(|mail| about.request.is_none() || mail.purpose.request() == about.request);
    Ok(Page { items: page.items.iter().map(MailView::from).collect(), next: page.next })
}
