//! The page of a guest link: what its guests see and do, without an account.

pub mod code;
pub mod confirm;
pub mod cover;
pub mod download;
pub mod open;
pub mod page;
pub mod read;
pub mod verify;
pub mod verify_with_account;
