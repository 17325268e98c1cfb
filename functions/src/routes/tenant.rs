//! The company itself.

pub mod read;
pub mod update;
