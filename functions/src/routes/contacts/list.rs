//! `GET /v1/contacts`: the contacts a member sees, a page at a time, or those that words find.

mod search;

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::Query;
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};
use domain::contact::ReviewStatus;
use domain::id::{AccountId, Id};
use domain::member::{Member, Role};
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use store::lists::{ContactRow, List, Listed, Page as Run};
use store::read::Order;
use store::{Store, StoreError};

use crate::views::contacts::ContactRowView;
use crate::views::paging;

pub const ROUTE: Route = Route::get("contacts.list", "/v1/contacts")
    .says("Lists the contacts that the member sees, a page at a time.")
    .served_by(|| endpoint(list_contacts));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Words of which each must begin a word of the name, the address or the account; at least two
    /// letters each. Answers in the order of the words found, and takes no `sort`. A page may hold
    /// fewer items than `limit` and still have a `next`.
    q: Option<String>,
    /// Only contacts whose review stands here.
    status: Option<ReviewStatus>,
    /// Only contacts of this account.
    account_id: Option<AccountId>,
    /// Archived contacts instead of those in sight.
    #[serde(default)]
    archived: bool,
    /// By creation or by day of last activity; `-` for newest first, which is the default.
    sort: Option<Sort>,
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

impl Sort {
    fn order(self) -> Order {
        match self {
            Self::Created | Self::Activity => Order::Ascending,
            Self::CreatedLatestFirst | Self::ActivityLatestFirst => Order::Descending,
        }
    }

    fn is_by_creation(self) -> bool {
        matches!(self, Self::Created | Self::CreatedLatestFirst)
    }
}

impl Input {
    /// The list itself, or its twin in the archive.
    fn shelf(&self, list: List) -> List {
        if self.archived { list.archived() } else { list }
    }
}

async fn list_contacts(
    cx: Cx<Staff>,
    Query(input): Query<Input>,
) -> Result<Page<ContactRowView>, Problem> {
    cx.allow_here(Action::ContactsList)?;
    if let Some(q) = &input.q {
        return search::search(&cx, q, &input).await;
    }
    let limit = paging::limit(input.limit)?;
    let sort = input.sort.unwrap_or_default();
    let cursor = paging::place(input.cursor.as_deref())?;
    let run = Run { order: sort.order(), cursor, limit: limit + 1 };
    let list = match (list_of(&cx.who.member), input.account_id) {
        (List::Contacts, Some(account_id)) => List::ContactsOfAccount(account_id),
        (list, _) => list,
    };
    let rows = sorted(&cx.store(), input.shelf(list), input.status, sort, &run).await?;
    let key = |row: &ContactRow| {
        if sort.is_by_creation() { row.id.ulid().to_string() } else { row.activity() }
    };
    let mut page = paging::page(rows, limit, key, ContactRowView::from);
    // Where a list of its own did not narrow to the account; there may be more on later pages.
    page.items.retain(|row| input.account_id.is_none_or(|id| row.account_id == Some(id)));
    Ok(page)
}

async fn sorted(
    store: &Store,
    list: List,
    status: Option<ReviewStatus>,
    sort: Sort,
    run: &Run,
) -> Result<Vec<ContactRow>, StoreError> {
    let group = status.map(ReviewStatus::as_str);
    if sort.is_by_creation() {
        return store.list_by_creation(list, group, run).await;
    }
    let all = ReviewStatus::ALL.map(ReviewStatus::as_str);
    let one = group.map(|group| [group]);
    let groups = one.as_ref().map_or(all.as_slice(), |one| one.as_slice());
    store.list_by_activity(list, groups, run).await
}

/// Reviewers see every contact, others those they own.
fn list_of(member: &Member) -> List {
    match member.role {
        Role::Administrator | Role::AccountManager => List::Contacts,
        Role::Representative | Role::Member => List::ContactsOfOwner(member.id),
    }
}
