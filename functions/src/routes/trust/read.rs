//! `GET /v1/trust/{slug}`: what a company shows to anybody.

use app::callers::anyone::Anyone;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::Problem;
use app::serving::route::{Needs, Route, endpoint};
use domain::id::Id;
use domain::tenant::Slug;
use store::lists::{DocumentRow, List, Page as Run};
use store::read::Order;
use store::{Store, StoreError};

use crate::views::trust::TrustView;

/// Documents read at once.
const ROWS_AT_ONCE: usize = 500;
/// Runs of documents that one page holds at the most: 5,000 documents.
const RUNS_MAX: usize = 10;

pub const ROUTE: Route = Route::get("trust.read", "/v1/trust/{slug}")
    .says("Reads what a company shows to anybody: its name and its documents.")
    .needs(Needs::table_read().files_read())
    .served_by(|| endpoint(read_trust_page));

async fn read_trust_page(
    cx: Cx<Anyone>,
    Path(slug): Path<Slug>,
) -> Result<Found<TrustView>, Problem> {
    let tenant = cx.trust_center(&slug).await?;
    let rows = library(&cx.store_of(tenant.id)).await?;
    let logo = cx.house.show(tenant.id, tenant.logo.as_ref()).await?;
    Ok(Found::new(TrustView::new(&tenant, logo, rows)))
}

/// The whole library, newest first.
async fn library(store: &Store) -> Result<Vec<DocumentRow>, StoreError> {
    let mut all: Vec<DocumentRow> = Vec::new();
    for _ in 0..RUNS_MAX {
        let cursor = all.last().map(|row| row.id.ulid().to_string());
        let run = Run { order: Order::Descending, cursor, limit: ROWS_AT_ONCE };
        let rows = store.list_by_creation(List::Documents, None, &run).await?;
        if rows.is_empty() {
            break;
        }
        all.extend(rows);
    }
    Ok(all)
}
