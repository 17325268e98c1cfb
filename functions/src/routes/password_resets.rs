//! Forgotten passwords.

pub mod complete;
pub mod create;
