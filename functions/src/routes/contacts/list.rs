//! `GET /v1/contacts`: the contacts a member sees, a page at a time.

use app::answer::Page;
use app::cx::Cx;
use app::extract::Query;
use app::problem::Problem;
use app::route::{Route, endpoint};
use domain::contact::ReviewStatus;
use domain::id::{AccountId, Id};
use domain::member::Role;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use store::lists::{ContactRow, List, Listed, Page as Run};
use store::read::Order;

use crate::views::contacts::ContactRowView;
use crate::views::paging;

pub const ROUTE: Route =
    Route::get("contacts.list", "/v1/contacts").served_by(|| endpoint(list_contacts));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Only contacts whose review stands here.
    status: Option<ReviewStatus>,
    /// Only contacts of this account.
    account_id: Option<AccountId>,
    /// By creation or by day of last activity; `-` for newest first, which is the default.
    #[serde(default)]
    sort: Sort,
    /// Items of a page, 1 to 100; 50 unless given.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
enum Sort {
    #[serde(rename = "created")]
    Created,
    #[default]
    #[serde(rename = "-created")]
    CreatedLatestFirst,
    #[serde(rename = "activity")]
    Activity,
    #[serde(rename = "-activity")]
    ActivityLatestFirst,
}

async fn list_contacts(
    cx: Cx,
    Query(input): Query<Input>,
) -> Result<Page<ContactRowView>, Problem> {
    cx.allow_here(Action::ContactsList)?;
    let limit = paging::limit(input.limit)?;
    let order = match input.sort {
        Sort::Created | Sort::Activity => Order::Ascending,
        Sort::CreatedLatestFirst | Sort::ActivityLatestFirst => Order::Descending,
    };
    let run = Run { order, cursor: paging::place(input.cursor.as_deref())?, limit: limit + 1 };

    // Reviewers see every contact, others those they own; an account narrows either.
    let sees_all = matches!(cx.who.member.role, Role::Administrator | Role::AccountManager);
    let list = match input.account_id {
        Some(account_id) if sees_all => List::ContactsOfAccount(account_id),
        _ if sees_all => List::Contacts,
        _ => List::ContactsOfOwner(cx.who.member.id),
    };
    let store = cx.store();
    let group = input.status.map(ReviewStatus::as_str);
    let by_creation = matches!(input.sort, Sort::Created | Sort::CreatedLatestFirst);
    let mut rows: Vec<ContactRow> = if by_creation {
        store.list_by_creation(list, group, &run).await?
    } else {
        let all = ReviewStatus::ALL.map(ReviewStatus::as_str);
        let one = group.map(|group| [group]);
        let groups = one.as_ref().map_or(all.as_slice(), |one| one.as_slice());
        store.list_by_activity(list, groups, &run).await?
    };
    if !sees_all && let Some(account_id) = input.account_id {
        rows.retain(|row| row.account_id == Some(account_id));
    }
    let key = |row: &ContactRow| {
        if by_creation { row.id.ulid().to_string() } else { row.activity() }
    };
    Ok(paging::page(rows, limit, key, ContactRowView::from))
}
