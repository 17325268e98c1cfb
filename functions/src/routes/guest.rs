//! The page of a guest link: what its guests see and do, without an account.

pub mod accept_nda;
pub mod agreement;
pub mod approve;
pub mod ask_again;
pub mod code;
pub mod complete_file;
pub mod confirm;
pub mod cover;
pub mod decline;
pub mod download;
pub mod events;
pub mod not_me;
pub mod open;
pub mod page;
pub mod read;
pub mod send_file;
pub mod sign;
pub mod signatures;
pub mod verify;
pub mod verify_with_account;
pub mod write;

use std::sync::Arc;

use app::exchange::answer::Found;
use app::guest::{Guest, Signing};
use app::house::House;
use domain::document::Sha256;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::guest::GuestView;
use crate::views::signatures::SigningView;

/// What somebody signs or approves.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GuestSigns")]
struct Signed {
    /// SHA-256 of exactly what they read, in hexadecimal.
    sha256: Sha256,
}

/// What a guest who was let in is answered.
fn let_in(house: Arc<House>) -> impl Fn(&Guest) -> Found<GuestView> {
    move |guest| Found::new(GuestView::new(&house, guest))
}

/// What a guest who signs, approves or declines is answered.
fn signing(signing: &Signing) -> Found<SigningView> {
    Found::new(SigningView::new(signing))
}
