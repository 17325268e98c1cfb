//! The people of the company.

pub mod list;
pub mod read;
