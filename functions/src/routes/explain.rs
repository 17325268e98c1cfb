//! Who may do what, and why.

pub mod open;
pub mod read;
