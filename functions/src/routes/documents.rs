//! The library: what a company may open to others.

pub mod access;
pub mod create;
pub mod delete;
pub mod list;
pub mod read;
pub mod update;
