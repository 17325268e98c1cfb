//! Guest links, as staff make, hand out and end them.

pub mod children;
pub mod copy;
pub mod create;
pub mod deactivate;
pub mod devices;
pub mod export_children;
pub mod list;
pub mod read;
pub mod replace;
pub mod revoke;
pub mod send;
pub mod update;
