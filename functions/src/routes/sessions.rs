//! Signing in and out.

pub mod choose;
pub mod create;
pub mod end;
pub mod end_current;
pub mod list;
pub mod prove;
