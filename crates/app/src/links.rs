//! Addresses of pages that mails lead to. A token stands behind the `#`, where no server, log or
//! referrer sees it; the host is the configured one, never what a request says.

use domain::tenant::Slug;

use crate::house::House;

/// The portal, opened by a magic link's `token`.
#[must_use]
pub fn portal(house: &House, slug: &Slug, token: &str) -> String {
    format!("{}/p/{slug}#{token}", house.base_url)
}

/// The page that answers a question, opened by the question's `token`.
#[must_use]
pub fn answer(house: &House, slug: &Slug, token: &str) -> String {
    format!("{}/t/{slug}/answer#{token}", house.base_url)
}
