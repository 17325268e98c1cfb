//! Who is signed in.

pub mod password;
pub mod read;
pub mod update;
