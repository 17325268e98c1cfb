//! Callers who prove nothing, and how much their network may do.

use std::sync::Arc;

use domain::activity::Actor;
use domain::id::TenantId;
use jiff::Timestamp;

use crate::exchange::cx::{Cx, Principal, Visit};
use crate::exchange::problem::{Kind, Problem};
use crate::house::House;

/// Somebody who proved nothing.
#[derive(Clone, Copy, Debug)]
pub struct Anyone;

/// Public calls that change something, a network and minute.
const PUBLIC_POSTS_MAX: u64 = 60;

impl Principal for Anyone {
    const SECURITY: Option<&'static str> = None;

    async fn enter(house: &Arc<House>, visit: &Visit, now: Timestamp) -> Result<Self, Problem> {
        if visit.mutates {
            count_post(house, visit, now).await?;
        }
        Ok(Self)
    }

    fn actor(&self) -> Actor {
        Actor::Anyone
    }

    fn tenant(&self) -> Option<TenantId> {
        None
    }

    fn repeats_as(&self, visit: &Visit) -> String {
        visit.network_hash.clone()
    }
}

/// Counts a public call that changes something.
pub(crate) async fn count_post(
    house: &House,
    visit: &Visit,
    now: Timestamp,
) -> Result<(), Problem> {
    limit(house, visit, "post", jiff::SignedDuration::from_mins(1), PUBLIC_POSTS_MAX, now).await
}

/// Refuses the visitor's network after `most` of `what` in one `window`.
///
/// # Errors
/// [`Kind::TooMany`] with the seconds to wait.
pub(crate) async fn limit(
    house: &House,
    visit: &Visit,
    what: &'static str,
    window: jiff::SignedDuration,
    most: u64,
    now: Timestamp,
) -> Result<(), Problem> {
    let count = house.table.count_public(what, &visit.network_hash, window, now).await?;
    if count <= most {
        return Ok(());
    }
    let left = window.as_secs() - now.as_second().rem_euclid(window.as_secs().max(1));
    let detail = "This network did that too often. Wait a little, then try again.";
    Err(Problem::new(Kind::TooMany, detail).after(u64::try_from(left).unwrap_or(1)))
}

impl<P: Principal> Cx<P> {
    /// Refuses the caller's network after `most` of `what` in one `window`.
    ///
    /// # Errors
    /// [`Kind::TooMany`] with the seconds to wait.
    pub async fn limit(
        &self,
        what: &'static str,
        window: jiff::SignedDuration,
        most: u64,
    ) -> Result<(), Problem> {
        limit(&self.house, &self.visit, what, window, most, self.now).await
    }
}
