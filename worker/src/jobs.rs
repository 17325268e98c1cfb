//! The jobs, one file each.

pub mod changes;
mod compose;
mod expiries;
pub mod outbox;
mod rows;
pub mod sweep;
mod uploads;
mod walks;
