//! The agreement that readers accept before documents of level `nda` open.

pub mod create;
pub mod list;
