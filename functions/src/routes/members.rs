//! The people of the company.

pub mod create;
pub mod delete;
pub mod invite;
pub mod list;
pub mod read;
pub mod reset_mfa;
pub mod update;
