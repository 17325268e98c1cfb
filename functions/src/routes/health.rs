//! Whether the service is up.

pub mod read;
