//! The jobs, one file each.

mod arrivals;
mod certifying;
pub mod changes;
mod compose;
mod deleted_documents;
mod endings;
mod expiries;
mod handing_over;
mod link_ends;
pub mod mail_events;
pub mod outbox;
mod rendering;
mod rows;
mod slices;
pub mod sweep;
mod uploads;
mod walks;
