//! Who is signed in.

pub mod read;
pub mod update;
